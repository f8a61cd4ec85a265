"""An edited Word file as edits of clause files: planned here, purely; nothing is guessed and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from policytrail.errors import SourceError
from policytrail.model.policy import Snapshot
from policytrail.render.documents.docx_package.blocks import INSIDE, Block, blocks, markdown, marks_of
from policytrail.render.documents.docx_package.layout import short, words_of
from policytrail.text.alignment import steps
from policytrail.word.reading.blocks import Comment, Document

from .assign import Part, Sorted, assigned
from .merge_variables import cells, literal, merged
from .structure import Structure, structure

Fill = Callable[[str, str], str]  # a clause's id and clause text with variables -> the Markdown that is shown


@dataclass(frozen=True)
class Edit:
    """New text and, where it changed, a new title for one clause."""

    clause: str
    body: str
    title: str | None = None


@dataclass(frozen=True)
class Remark:
    """A comment from the margin, with the clause it stands at (None: outside all clauses)."""

    clause: str | None
    comment: Comment


@dataclass
class Plan:
    """What an edited document asks for. `titles`: new titles by section id, "" for the policy's own.

    `warnings` are about edits that are made; `open` lists what wasn't taken over, each with its words. `structure`: clauses
    that came, went or moved.
    """

    edits: list[Edit] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    structure: Structure = field(default_factory=Structure)


def _written(made: list[Block], fill: Callable[[str], str]) -> str | None:
    """Blocks as the text of a new clause; None where Markdown can't say what the document says."""
    text = literal(markdown(made, INSIDE))
    return text if _says(fill, text, made, looks=False) else None


def planned(document: Document, draft: Snapshot, bodies: Mapping[str, str], fill: Fill) -> Plan:
    """In: what the Word file says, the draft, each clause's text as it is written, what fills a text in.

    Out: the plan. A clause that changed in the draft since the file was written, and in the file too, isn't touched:
    its wording is listed for a person. Raises SourceError for a document that has no clause of this policy.
    """
    found = assigned(document, draft)
    if not found.parts:
        raise SourceError("This document holds no clause of this policy. Edit a copy that 'policytrail export' wrote.")
    plan = Plan(open=[f"In the document, {leftover}." for leftover in document.leftovers])
    plan.structure = structure(found, draft, lambda made: _written(made, partial(fill, "a new clause")))
    edited = [part for part in found.parts.values() if _is_edited(part, draft, plan)]
    moved = _moved(edited, draft, bodies, fill, plan)
    for part in edited:
        _edit(part, draft, bodies[part.clause], partial(fill, part.clause), moved, plan)
    _titles(found, draft, plan)
    plan.warnings += plan.structure.warnings
    plan.open += plan.structure.open
    places = found.places
    plan.remarks = [
        Remark(places[comment.place] if comment.place < len(places) else None, comment) for comment in document.comments
    ]
    return plan


def _is_edited(part: Part, draft: Snapshot, plan: Plan) -> bool:
    """Whether a clause is to be changed: it differs from the draft, and from what was written into the file."""
    clause = draft.clauses[part.clause]
    here = words_of(part.title or clause.title, part.blocks)
    there = words_of(clause.title, blocks(clause.text, INSIDE))
    if here == there or short(here) == part.words:
        return False
    if part.words and short(there) != part.words:
        plan.open.append(
            f"{part.clause}: both the document and the draft changed this clause since the document was written; "
            f"the draft was left as it is. The document says:\n{here}"
        )
        return False
    if not part.blocks and clause.text.strip():
        plan.open.append(
            f"{part.clause}: all its text is deleted in the document; the clause was left as it is. To take it out, "
            "delete its file, its entry in policy.yaml and the practices that only it states."
        )
        return False
    if part.words is None:
        plan.warnings.append(f"{part.clause}: its bookmark is gone; it was found by its heading. Check the edit.")
    return True


def _edit(
    part: Part, draft: Snapshot, body: str, fill: Callable[[str], str], moved: Mapping[str, str], plan: Plan
) -> None:
    clause = draft.clauses[part.clause]
    source = body.strip()
    marks = marks_of(source)
    before, after = (markdown(made, INSIDE, marks) for made in (blocks(clause.text, INSIDE), part.blocks))
    title = part.title if part.title and part.title != clause.title else None
    if before == after:
        plan.edits.append(Edit(part.clause, source, title))
        return
    made = merged(cells(source, fill, before), before, after, moved)
    text, replaced = made.source, made.replaced
    if not _says(fill, text, part.blocks, looks=False):
        text, replaced = literal(after), tuple(c.source for c in cells(source, fill, before) if c.variable)
    if not _says(fill, text, part.blocks, looks=False):
        plan.open.append(f"{part.clause}: its new wording can't be written as Markdown. The document says:\n{after}")
        return
    if not _says(fill, text, part.blocks, looks=True):
        plan.warnings.append(f"{part.clause}: some bold, italic or link of the document can't be kept; check the text.")
    plan.warnings += [
        f"{part.clause}: {each} gave way to plain words, because the words it shows were edited; "
        "change the practice too, or put the variable back."
        for each in replaced
        if not any(each in source for source in moved.values())
    ]
    plan.edits.append(Edit(part.clause, text, title))


def _says(fill: Callable[[str], str], text: str, wanted: list[Block], looks: bool) -> bool:
    """Whether a clause text, filled in, says what the document says; one that can't be filled in says nothing."""
    try:
        made = list(blocks(fill(text), INSIDE))
    except SourceError:
        return False
    return made == wanted if looks else list(map(_said, made)) == list(map(_said, wanted))


def _said(block: Block) -> tuple[object, ...]:
    return block.shape, block.number, block.text


def _moved(edited: list[Part], draft: Snapshot, bodies: Mapping[str, str], fill: Fill, plan: Plan) -> dict[str, str]:
    """Paragraphs that left one place and stand in another, with their sources where those use variables."""
    came: dict[str, list[str]] = {}
    gone: list[tuple[str, str]] = []
    for part in edited:
        old = [markdown([block], INSIDE) for block in blocks(draft.clauses[part.clause].text, INSIDE)]
        new = [markdown([block], INSIDE) for block in part.blocks]
        for step in steps(old, new):
            gone += [] if step.same else [(text, part.clause) for text in old[step.i1 : step.i2]]
            for text in [] if step.same else new[step.j1 : step.j2]:
                came.setdefault(text, []).append(part.clause)
    found: dict[str, str] = {}
    for text, clause in gone:
        if text not in came:
            continue
        if came[text][0] != clause:
            plan.warnings.append(f"A paragraph moved from {clause} to {came[text][0]}; check what both of them state.")
        source = _source_of(text, draft.clauses[clause].text, bodies[clause].strip(), partial(fill, clause))
        if source and source != text:
            found[text] = source
    return found


def _source_of(text: str, whole: str, source: str, fill: Callable[[str], str]) -> str | None:
    """The source of one paragraph, where it begins and ends with cells of its own."""
    shown_text = markdown(blocks(whole, INSIDE), INSIDE)
    start = shown_text.find(text)
    made, at = "", 0
    for cell in cells(source, fill, shown_text):
        stop = at + len(cell.shown)
        if at >= start and stop <= start + len(text) and cell.shown:
            made += cell.source
        elif at < start + len(text) and stop > start:
            return None
        at = stop
    return made if start >= 0 else None


def _titles(found: Sorted, draft: Snapshot, plan: Plan) -> None:
    known = {"": draft.policy.title} | {each.id: each.title for each in draft.policy.sections}
    plan.titles = {name: text for name, text in found.titles.items() if text != known[name]}
    for name, title in known.items():
        if name not in found.titles and name not in plan.structure.gone:
            what = f"the section {name!r}" if name else "the policy"
            plan.open.append(f"The title of {what} ({title}) isn't in the document any more; it was left as it is.")
    for clause, part in found.parts.items():
        section = draft.policy.section_of(clause)
        if part.title is None and len(section.clauses) > 1:
            plan.open.append(f"{clause}: its title is deleted in the document; it was left as it is.")
    plan.open += [
        f"The line below the title can't be edited here. The document says: {line}" for line in found.changed_lines
    ]
