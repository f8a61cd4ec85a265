"""An edited document sorted by clause: by bookmark, by heading where a bookmark was lost, and what fits nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from policytrail.model.policy import Section, Snapshot
from policytrail.render.documents.docx_package.blocks import CLAUSE, SECTION, Block
from policytrail.render.documents.docx_package.layout import Mark, Placed, Thing, Written, short
from policytrail.word.reading.blocks import Document


@dataclass
class Part:
    """One clause as the document has it. `words` is the digest it was written with, None where its bookmark was lost."""

    clause: str
    words: str | None
    title: str | None = None
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Stray:
    """Blocks that fit no clause: in which section (None: in none that exists), behind which clause, what they say."""

    section: str | None
    after: str | None
    blocks: list[Block]


@dataclass
class Sorted:
    """The whole document by clause, in its order; titles of policy and sections; which clause each block belongs to.

    `homes`: the section that each clause stands in, None below a heading that is no section's. `written`: what was
    written into the file, in order; empty where the file doesn't tell.
    """

    parts: dict[str, Part] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)  # "" is the policy, else a section's id
    nowhere: list[Stray] = field(default_factory=list)
    changed_lines: list[str] = field(default_factory=list)
    places: list[str | None] = field(default_factory=list)
    homes: dict[str, str | None] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)

    def lost(self, section: str | None, after: str | None, block: Block) -> None:
        """A block that fits no clause; what stands below one heading stays together."""
        last = self.nowhere[-1] if self.nowhere else None
        begins = block.kind == "heading" and block.level <= CLAUSE
        if last and not begins and (last.section, last.after) == (section, after):
            last.blocks.append(block)
        else:
            self.nowhere.append(Stray(section, after, [block]))


@dataclass
class _Sorter:
    snapshot: Snapshot
    clauses: Mapping[str, str]
    sections: Mapping[str, Section]
    made: Sorted = field(default_factory=Sorted)
    now: Part | None = None
    section: Section | None = None
    last: str | None = None

    def take(self, placed: Placed) -> None:
        """One block into its place."""
        block, marks = placed.block, _by_thing(placed.marks)
        self.made.written += filter(None, map(Written.of, (*placed.marks, *placed.handed)))
        if block.kind == "title" or "title" in marks:
            self.made.titles[""] = block.text
        elif block.kind == "lines" or "lines" in marks:
            if "lines" not in marks or marks["lines"].words != short(block.text):
                self.made.changed_lines.append(block.text)
        elif "section" in marks or (block.kind == "heading" and block.level == SECTION):
            self._section(block, marks.get("section"), marks.get("clause"))
        elif "clause" in marks or (block.kind == "heading" and block.level == CLAUSE):
            self._clause(block, marks.get("clause"))
        else:
            self._content(block, _by_thing(placed.handed).get("clause"))
        self.made.places.append(self.now.clause if self.now else self.last)

    def _section(self, block: Block, mark: Mark | None, clause: Mark | None) -> None:
        by_title = next((section for section in self.snapshot.policy.sections if section.title == block.text), None)
        self.now, self.section = None, self.sections.get(mark.key) if mark else by_title
        if self.section is None or self.section.id in self.made.titles:
            self.section = None
            self.made.lost(None, self.last, block)
            return
        marked = self.clauses.get(clause.key) if clause else None
        if clause and marked in self.section.clauses:  # it was alone in its section when the file was written
            self._start(marked, clause.words)
        elif len(self.section.clauses) == 1:
            self._start(self.section.clauses[0], None)
        if _is_title(block, self.section.title):
            self.made.titles[self.section.id] = block.text
        else:
            self._content(block, None)

    def _clause(self, block: Block, mark: Mark | None) -> None:
        marked = self.clauses.get(mark.key) if mark else None
        if mark and marked:
            if _is_title(block, self.snapshot.clauses[marked].title):
                self._start(marked, mark.words, block.text)
            else:
                self._content(block, mark)
            return
        inside = self.section.clauses if self.section else tuple(self.snapshot.clauses)
        named = [each for each in inside if self.snapshot.clauses[each].title == block.text]
        free = [each for each in named if each not in self.made.parts]
        if free:
            self._start(free[0], None, block.text)
        else:
            self.now = None
            self.made.lost(self.section.id if self.section else None, self.last, block)

    def _content(self, block: Block, mark: Mark | None) -> None:
        marked = self.clauses.get(mark.key) if mark else None
        if mark and marked:
            self._start(marked, mark.words)
        if self.now:
            self.now.blocks.append(block)
        else:
            self.made.lost(self.section.id if self.section else None, self.last, block)

    def _start(self, clause: str, words: str | None, title: str | None = None) -> None:
        self.made.parts.setdefault(clause, Part(clause, words, title))
        self.made.homes.setdefault(clause, self.section.id if self.section else None)
        self.now, self.last = self.made.parts[clause], clause


def _is_title(block: Block, title: str) -> bool:
    """Whether a block with a heading's bookmark is one: by its style, or, where that was lost on the way, by its words.

    Else the heading's end was deleted, and it ran together with the text below.
    """
    return block.kind == "heading" or block.text == title


def _by_thing(names: tuple[str, ...]) -> dict[Thing, Mark]:
    return {mark.thing: mark for mark in map(Mark.of, names) if mark}


def assigned(document: Document, snapshot: Snapshot) -> Sorted:
    """In: what a Word file says, and the draft. Out: its blocks by clause; nothing is left out."""
    sections = {short(section.id): section for section in snapshot.policy.sections}
    sorter = _Sorter(snapshot, {short(clause): clause for clause in snapshot.clauses}, sections)
    for placed in document.placed:
        sorter.take(placed)
    sorter.made.written.sort()
    return sorter.made
