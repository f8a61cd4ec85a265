"""A policy as readers of one translation get it: every passage in their language, else the source's, marked. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace

from policytrail.languages import Catalogue
from policytrail.model.change import canonical
from policytrail.model.policy import Clause, Section, Snapshot
from policytrail.model.translations.translation import direction


@dataclass(frozen=True)
class Words:
    """Some words with the language that they are in, where it isn't the page's."""

    text: str
    language: str | None = None

    @property
    def direction(self) -> str:
        """In which direction the words run, for `dir`; only asked where the language is another one."""
        return direction(self.language or "")


@dataclass(frozen=True)
class Passage:
    """One clause: its title and Markdown, in which language, and whether that is of an older text than the source's."""

    id: str
    title: Words
    text: str
    behind: bool
    titled: bool

    @property
    def language(self) -> str | None:
        """The language of the text, where it isn't the page's."""
        return self.title.language


@dataclass(frozen=True)
class Reading:
    """The whole policy in one language, in reading order."""

    language: str
    title: Words
    sections: tuple[tuple[str, Words, tuple[Passage, ...]], ...]
    disclaimer: Words | None

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All clauses."""
        return tuple(passage for _, _, passages in self.sections for passage in passages)

    @property
    def behind(self) -> int:
        """How many clauses are of an older text than the source's."""
        return sum(passage.behind for passage in self.passages)

    @property
    def missing(self) -> int:
        """How many clauses stand in the source's language."""
        return sum(passage.language is not None for passage in self.passages)

    @property
    def digest(self) -> str:
        """Names everything that a page shows of it."""
        return hashlib.sha256(canonical(asdict(self))).hexdigest()


def reading(snapshot: Snapshot, language: str) -> Reading:
    """In: a snapshot and one of its languages. Out: the policy in it."""
    made, source = snapshot.translations[language], snapshot.policy.language
    behind = frozenset(snapshot.behind(language))

    def said(word: str) -> Words:
        return Words(made.words[word]) if word in made.words else Words(word, source)

    def passage(section: Section, clause: Clause) -> Passage:
        own = made.clauses.get(clause.id)
        titled = len(section.clauses) > 1 and clause.id != section.id
        title = Words(own.title) if own else Words(clause.title, source)
        return Passage(clause.id, title, own.text if own else clause.text, clause.id in behind, titled)

    policy = snapshot.policy
    sections = tuple(
        (each.id, said(each.title), tuple(passage(each, snapshot.clauses[clause]) for clause in each.clauses))
        for each in policy.sections
    )
    return Reading(language, said(policy.title), sections, said(policy.disclaimer) if policy.disclaimer else None)


def in_language(snapshot: Snapshot, language: str, words: Catalogue) -> Snapshot:
    """The snapshot with the words of one translation, for plain documents: what is the source's or behind says so."""
    read = reading(snapshot, language)
    note = _notes(snapshot, words)
    titles = {identity: title.text for identity, title, _ in read.sections}
    policy = snapshot.policy.model_copy(
        update={
            "title": read.title.text,
            "language": language,
            "disclaimer": read.disclaimer.text if read.disclaimer else None,
            "sections": tuple(
                section.model_copy(update={"title": titles[section.id]}) for section in snapshot.policy.sections
            ),
        }
    )
    clauses: Mapping[str, Clause] = {
        passage.id: snapshot.clauses[passage.id].model_copy(
            update={"title": passage.title.text, "text": note(passage) + passage.text}
        )
        for passage in read.passages
    }
    return replace(snapshot, policy=policy, clauses=clauses)


def _notes(snapshot: Snapshot, words: Catalogue) -> Callable[[Passage], str]:
    source = words.language_name(snapshot.policy.language)
    missing = words.say("This passage isn't translated yet; here is the text in {language}.", language=source)
    behind = words.say("This passage is a translation of an older text.")

    def note(passage: Passage) -> str:
        return f"[{missing}]\n\n" if passage.language else f"[{behind}]\n\n" if passage.behind else ""

    return note
