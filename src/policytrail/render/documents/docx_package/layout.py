"""Where everything stands in the Word file of a policy, and the bookmarks by which it is found again.

A bookmark's name holds what is needed to take an edited copy back: which clause it is, and a digest of the words that
were written, so that what a lawyer changed is told apart from what changed in the draft since. Word allows 40 characters.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from policytrail.model.policy import Clause, Section, Snapshot

from .blocks import CLAUSE, INSIDE, SECTION, Block, Span, blocks, markdown, tidy

Thing = Literal["title", "lines", "section", "clause"]
_LETTERS: dict[Thing, str] = {"title": "t", "lines": "l", "section": "s", "clause": "c"}
_MARK = re.compile(r"pt_([tlsc])_[a-z0-9_]*_([0-9a-f]{8})_([0-9a-f]{8})", re.IGNORECASE)
_WRITTEN = re.compile(r"pt_w_([0-9]{4})_([0-9a-f]{8})_([0-9a-f]{8})_([0-9a-f]{8})", re.IGNORECASE)


@dataclass(frozen=True)
class Placed:
    """A block with the bookmarks that begin at it; `handed` are those of deleted paragraphs right before it."""

    block: Block
    marks: tuple[str, ...] = ()
    handed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A bookmark of ours, read back: what it marks, the digests of its id and of the words that were written."""

    thing: Thing
    key: str
    words: str

    @classmethod
    def of(cls, name: str) -> Mark | None:
        """The mark that a bookmark's name spells, None for somebody else's bookmark."""
        found = _MARK.fullmatch(name)
        if not found:
            return None
        thing = next(each for each, letter in _LETTERS.items() if letter == found[1].lower())
        return cls(thing, found[2].lower(), found[3].lower())


@dataclass(frozen=True, order=True)
class Written:
    """One clause that was written into a file, as a bookmark at its title tells: its place, digests of section, id, words.

    So that a clause which a lawyer took out, or moved, is told apart from one that the draft got, or moved, since.
    """

    place: int
    section: str
    key: str
    words: str

    @property
    def name(self) -> str:
        """The bookmark's name."""
        return f"pt_w_{self.place:04d}_{self.section}_{self.key}_{self.words}"

    @classmethod
    def of(cls, name: str) -> Written | None:
        """What a bookmark's name tells, None for any other bookmark."""
        found = _WRITTEN.fullmatch(name)
        return cls(int(found[1]), *(group.lower() for group in found.groups()[1:])) if found else None


def short(text: str) -> str:
    """The first eight hex digits of a text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def name_of(thing: Thing, identity: str, words: str) -> str:
    """The bookmark's name for a thing with that id and those words; at most 40 characters."""
    slug = re.sub(r"[^a-z0-9]+", "_", identity.lower())[:16].strip("_")
    return f"pt_{_LETTERS[thing]}_{slug}_{short(identity)}_{short(words)}"


def words_of(title: str, made: Iterable[Block]) -> str:
    """A clause's title and text in one spelling: what its digest is taken of."""
    return f"{title}\n\n{markdown(list(made), INSIDE)}"


def heading(title: str, level: int) -> Block:
    """A heading's block; titles are plain words."""
    return Block("heading", tidy([Span(title)]), level)


def laid_out(snapshot: Snapshot, lines: Sequence[str] = ()) -> tuple[Placed, ...]:
    """In: a snapshot, and sentences to stand below its title. Out: the whole policy as a Word file holds it."""
    title = snapshot.policy.title
    every = [(section.id, snapshot.clauses[each]) for section in snapshot.policy.sections for each in section.clauses]
    told = [
        Written(
            place, short(section), short(clause.id), short(words_of(clause.title, blocks(clause.text, INSIDE)))
        ).name
        for place, (section, clause) in enumerate(every)
    ]
    made = [Placed(Block("title", tidy([Span(title)])), (name_of("title", "policy", title), *told))]
    made += [Placed(Block("lines", tidy([Span(line)])), (name_of("lines", "lines", line),)) for line in lines]
    for section in snapshot.policy.sections:
        made += _section(section, [snapshot.clauses[each] for each in section.clauses])
    return tuple(made)


def _section(section: Section, clauses: list[Clause]) -> list[Placed]:
    mark = name_of("section", section.id, section.title)
    bodies = [blocks(each.text, INSIDE) for each in clauses]
    marks = [name_of("clause", each.id, words_of(each.title, body)) for each, body in zip(clauses, bodies, strict=True)]
    if len(clauses) == 1:  # a clause that is a section of its own has no heading but the section's
        return [Placed(heading(section.title, SECTION), (mark, marks[0])), *map(Placed, bodies[0])]
    made = [Placed(heading(section.title, SECTION), (mark,))]
    for clause, body, its in zip(clauses, bodies, marks, strict=True):
        made += [Placed(heading(clause.title, CLAUSE), (its,)), *map(Placed, body)]
    return made


def plain_layout(text: str) -> tuple[Placed, ...]:
    """A policy that nobody structured: its Markdown as blocks, without bookmarks."""
    return tuple(map(Placed, blocks(text)))
