"""An entry of the lexicon: a key, its plain words, and the words of a policy that point to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from policytrail.model.terms.vocabulary import is_parent


@dataclass(frozen=True)
class Entry:
    """One key, the plain words that people read for it, and the words that point to it."""

    key: str
    label: str
    words: re.Pattern[str]


def entries(*rows: tuple[str, str, str]) -> tuple[Entry, ...]:
    return tuple(Entry(key, label, re.compile(rf"\b(?:{words})\b")) for key, label, words in rows)


def found(entries: tuple[Entry, ...], text: str) -> list[Entry]:
    """The entries that a lower-case text points to, in the lexicon's order; a key goes where one below it was found."""
    hits = [entry for entry in entries if entry.words.search(text)]
    return [hit for hit in hits if not any(is_parent(hit.key, other.key) for other in hits)]
