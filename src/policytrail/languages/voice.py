"""Who speaks to the readers of one language: the product's sentences and the policy's own words, in that language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policytrail.model.policy import Policy, Snapshot

from . import ENGLISH, Catalogue, MissingTranslation, catalogue


@dataclass(frozen=True)
class Voice:
    """`words` says the product's sentences; `known` has the policy's own words by the source's (None: as they are)."""

    language: str
    words: Catalogue
    known: Mapping[str, str] | None = None

    @property
    def retells(self) -> bool:
        """Whether it says sentences about changes anew: they are recorded in English."""
        return self.known is not None or self.words.language != "en"

    def own(self, word: str) -> str:
        """A title, heading or label of the policy. Raises MissingTranslation where the language doesn't have it."""
        if self.known is None:
            return word
        if word not in self.known:
            raise MissingTranslation(word)
        return self.known[word]

    def plain(self, word: str) -> str:
        """A key as words (`web beacon`), or a value without words, as it is. Raises MissingTranslation as `own` does."""
        wordless = not any(each.isalpha() for each in word) or "/" in word or "@" in word
        return word if wordless or not self.retells else self.words.say(word)

    def shown(self, word: str) -> str:
        """The same, or the source's own word where there is no other: for names, which are readable anywhere."""
        return word if self.known is None else self.known.get(word, word)


SOURCE = Voice("en", ENGLISH)


def source_voice(policy: Policy) -> Voice:
    """The voice for the source's own readers: in its language where the product speaks that, else in English."""
    words = catalogue(policy.language)
    return Voice(policy.language, words) if words else SOURCE


def voice_of(snapshot: Snapshot, language: str) -> Voice | None:
    """The voice for a translation of the snapshot; None where the product doesn't speak that language."""
    words, made = catalogue(language), snapshot.translations[language]
    titles = {snapshot.clauses[each].title: clause.title for each, clause in made.clauses.items()}
    return Voice(language, words, titles | dict(made.words)) if words else None


def spoken(snapshot: Snapshot) -> dict[str, Voice]:
    """The voices of all translations whose language the product speaks, by language."""
    found = {language: voice_of(snapshot, language) for language in snapshot.translations}
    return {language: voice for language, voice in found.items() if voice}
