"""The product's own words in other languages: one file a language, `LANG.json`; English stands in the code itself.

A file has the language's name for itself, its months and how it writes a date, which numbers take the singular, and each
sentence by its English one, with the same {names} in it. A language without a file is spoken to in English, marked so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from policytrail.model.dates import MONTHS
from policytrail.model.translations.translation import closest


class MissingTranslation(LookupError):
    """A sentence or word that a language doesn't have; whoever asked falls back to the source, marked."""


@dataclass(frozen=True)
class Catalogue:
    """One language. `texts`: its sentences by the English ones; `one`: the numbers that take the singular."""

    language: str
    name: str
    months: tuple[str, ...]
    pattern: str
    first: str
    one: frozenset[int]
    texts: Mapping[str, str] = field(default_factory=dict)

    def say(self, text: str, **values: object) -> str:
        """The sentence in this language with its values filled in. Raises MissingTranslation where it has none."""
        said = text if self.language == "en" else self.texts.get(text)
        if said is None:
            raise MissingTranslation(text)
        return said.format_map(values) if values else said

    def knows(self, text: str) -> bool:
        """Whether the language has the sentence."""
        return self.language == "en" or text in self.texts

    def many(self, number: int, one: str, more: str, **values: object) -> str:
        """`say` of the singular or the plural; both have {n} for the number."""
        return self.say(one if number in self.one else more, n=number, **values)

    def day(self, day: date) -> str:
        """A date in words, such as `1er janvier 2014`."""
        number = self.first if day.day == 1 else str(day.day)
        return self.pattern.format(day=number, month=self.months[day.month - 1], year=day.year)

    def language_name(self, tag: str) -> str:
        """What this language calls another one; the tag where it has no word for it."""
        named = f"language:{tag.partition('-')[0]}"
        known = self.texts.get(named) if self.language != "en" else _ENGLISH_NAMES.get(tag.partition("-")[0])
        return known or tag

    def and_list(self, words: Sequence[str]) -> str:
        """`a`, `a and b`, `a, b and c`."""
        return self._list(words, "{a} and {b}")

    def or_list(self, words: Sequence[str]) -> str:
        """`a`, `a or b`, `a, b or c`."""
        return self._list(words, "{a} or {b}")

    def _list(self, words: Sequence[str], joined: str) -> str:
        *most, last = [str(word) for word in words] or [""]
        return self.say(joined, a=", ".join(most), b=last) if most else last


_ENGLISH_NAMES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "he": "Hebrew",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
    "zh": "Chinese",
}
ENGLISH = Catalogue("en", "English", MONTHS, "{day} {month} {year}", "1", frozenset({1}))


@cache
def catalogues() -> Mapping[str, Catalogue]:
    """Every language that the product speaks, by its tag."""
    found = {"en": ENGLISH}
    for path in sorted(Path(__file__).parent.glob("*.json")):
        found[path.stem] = _read(path.stem, path.read_text(encoding="utf-8"))
    return found


def _read(tag: str, text: str) -> Catalogue:
    given = json.loads(text)
    return Catalogue(
        tag,
        given["name"],
        tuple(given["months"]),
        given["date"],
        given["first"],
        frozenset(given["one"]),
        given["texts"],
    )


def catalogue(language: str) -> Catalogue | None:
    """The words for readers of a language: its own file, or that of the language without its region; else None."""
    tag = closest(language, catalogues())
    return catalogues()[tag] if tag else None
