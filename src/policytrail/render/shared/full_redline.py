"""The whole text of two versions as one redline: passages that changed, those that moved, and those that stayed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from markupsafe import Markup

from policytrail.compare.moves import moves
from policytrail.model.change import Piece
from policytrail.model.policy import Clause, Section, Snapshot
from policytrail.text.alignment import steps
from policytrail.text.redline import redline

from .redline_html import marked, plain, visible

Op = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True)
class Run:
    """A run of words of one clause: as in a piece of a redline, or moved from or to another place."""

    op: Literal["keep", "insert", "delete", "came", "left"]
    text: str


@dataclass(frozen=True)
class Passage:
    """A clause that differs. `runs` have all its words; `stood` says where it stood before, if it moved; `was` is its
    old title, if it had another one."""

    clause: str
    title: str
    op: Op
    runs: tuple[Run, ...]
    stood: str = ""
    was: str = ""


@dataclass(frozen=True)
class Block:
    """A section of the redline: passages in the order of the new text; a tuple of clauses is a run that stayed."""

    id: str
    title: str
    parts: tuple[Passage | tuple[Clause, ...], ...]


def passages(old: Snapshot | None, new: Snapshot) -> tuple[Passage, ...]:
    """Every clause that differs, in the order of the new text; those that went come last."""
    return tuple(each for block in whole(old, new) for each in block.parts if isinstance(each, Passage))


def differing(old: Snapshot, new: Snapshot) -> frozenset[str]:
    """The ids of all clauses that differ or stand elsewhere, of both sides; found without comparing their words."""
    sides = (old.clauses, new.clauses)
    words = ({key: (each.title, each.text) for key, each in side.items()}.items() for side in sides)
    one, two = map(set, words)
    return frozenset(key for key, _ in one ^ two) | frozenset(_stood(old, new))


def words_of(snapshot: Snapshot) -> str:
    """Everything that a page shows of the text: equal for two snapshots exactly where their texts read the same."""
    sections = [(section.id, section.title, section.clauses) for section in snapshot.policy.sections]
    return repr((sections, [(clause.id, clause.title, clause.text) for clause in snapshot.clauses.values()]))


def whole(old: Snapshot | None, new: Snapshot) -> tuple[Block, ...]:
    """The new text from the first section to the last; clauses that went stand in a last section of their own."""
    before = {} if old is None else old.clauses
    runs, stood = _runs(before, new.clauses), _stood(old, new)

    def passage(clause: Clause) -> Passage | None:
        return _passage(clause, before.get(clause.id), new.clauses.get(clause.id), runs, stood.get(clause.id, ""))

    def block(section: Section) -> Block:
        clauses = [new.clauses[each] for each in section.clauses]
        return Block(section.id, section.title, tuple(_folded([(each, passage(each)) for each in clauses])))

    blocks = [block(each) for each in new.policy.sections]
    gone = tuple(filter(None, (passage(clause) for key, clause in before.items() if key not in new.clauses)))
    return (*blocks, Block("page:gone", "Taken out", gone)) if gone else tuple(blocks)


def _folded(listed: Sequence[tuple[Clause, Passage | None]]) -> Iterator[Passage | tuple[Clause, ...]]:
    """Passages one by one; clauses that stayed, in a row, as one part."""
    stayed: list[Clause] = []
    for clause, passage in listed:
        if passage is None:
            stayed.append(clause)
            continue
        if stayed:
            yield tuple(stayed)
            stayed = []
        yield passage
    if stayed:
        yield tuple(stayed)


def _passage(
    clause: Clause, old: Clause | None, new: Clause | None, runs: Mapping[str, tuple[Run, ...]], stood: str
) -> Passage | None:
    if old and new and old.text == new.text and old.title == new.title:
        return Passage(clause.id, clause.title, "moved", (Run("keep", new.text),), stood) if stood else None
    op: Op = "changed" if old and new else "added" if new else "removed"
    was = old.title if old and new and old.title != new.title else ""
    return Passage(clause.id, clause.title, op, runs.get(clause.id, (Run("keep", clause.text),)), stood, was)


def _stood(old: Snapshot | None, new: Snapshot) -> dict[str, str]:
    """Where a clause of both texts stood before, if its section or its place among the others is another one now."""
    if old is None:
        return {}
    one, two = (
        [clause for clause in old.clauses if clause in new.clauses],
        [clause for clause in new.clauses if clause in old.clauses],
    )
    moved = {each for step in steps(one, two) if not step.same for each in one[step.i1 : step.i2]}
    moved |= {each for each in one if old.policy.section_of(each).id != new.policy.section_of(each).id}
    return {each: _place(old, each) for each in moved}


def _place(snapshot: Snapshot, clause: str) -> str:
    section = snapshot.policy.section_of(clause)
    place = section.clauses.index(clause)
    after = f"after “{snapshot.clauses[section.clauses[place - 1]].title}”" if place else "at its beginning"
    return f"in “{section.title}”, {after}"


Spans = tuple[tuple[int, int], ...]  # where moved passages begin and end in a text


def _runs(before: Mapping[str, Clause], after: Mapping[str, Clause]) -> dict[str, tuple[Run, ...]]:
    """The words of every clause whose text differs, with sentences that went from one clause to another marked."""
    keys = [each for each in {**after, **before} if _text(before, each) != _text(after, each)]
    old, new = [[_text(side, each) for each in keys] for side in (before, after)]
    left, came = _moved(old, new)
    return {
        key: _redlined(old[place], new[place], left.get(place, ()), came.get(place, ()))
        for place, key in enumerate(keys)
    }


def _text(side: Mapping[str, Clause], key: str) -> str:
    return side[key].text if key in side else ""


def _moved(old: Sequence[str], new: Sequence[str]) -> tuple[dict[int, Spans], dict[int, Spans]]:
    """For each text where the passages stand that left it, and those that came into it."""
    before, after, found = moves(old, new, {place: place for place in range(len(old)) if old[place] and new[place]})
    left: dict[int, Spans] = {}
    came: dict[int, Spans] = {}
    for each in found:
        gone, here = _span(before.texts[each.old], each.old_span), _span(after.texts[each.new], each.new_span)
        if old[each.old][slice(*gone)].strip() == new[each.new][slice(*here)].strip():
            left[each.old] = (*left.get(each.old, ()), gone)
            came[each.new] = (*came.get(each.new, ()), here)
    return left, came


def _span(sentences: Sequence[str], span: tuple[int, int]) -> tuple[int, int]:
    """From sentences to characters."""
    begin = sum(map(len, sentences[: span[0]]))
    return begin, begin + sum(map(len, sentences[slice(*span)]))


# A passage that moved is compared as one sign of its own that the other side never has, so that it stays whole.
_LEFT, _CAME, _MOST = 0xE000, 0xE800, 0x800
_SIGN = re.compile("([\ue000-\uefff])")


@lru_cache(maxsize=4096)  # pages that compare with one text ask for the same pairs
def _redlined(old: str, new: str, left: Spans, came: Spans) -> tuple[Run, ...]:
    """The redline of two texts, with what moved as runs of their own."""
    if _SIGN.search(old + new) or max(len(left), len(came)) > _MOST:
        left = came = ()
    moved: dict[str, Run] = {}
    old, new = _signed(old, left, "left", _LEFT, moved), _signed(new, came, "came", _CAME, moved)
    parts = ((piece.op, part) for piece in redline(old, new) for part in _SIGN.split(piece.text) if part)
    return tuple(moved.get(part) or Run(op, part) for op, part in parts)


def _signed(text: str, spans: Spans, op: Literal["left", "came"], first: int, moved: dict[str, Run]) -> str:
    """The text with a sign in the place of every span; `moved` gets what each sign stands for."""
    for number, (begin, end) in sorted(enumerate(spans), key=lambda each: each[1], reverse=True):
        sign = chr(first + number)
        moved[sign] = Run(op, text[begin:end])
        text = text[:begin] + sign + text[end:]
    return text


_MOVED = {"came": "moved here", "left": "moved away"}


@lru_cache(maxsize=16384)  # the same change stands on the pages of all versions before it
def inline(runs: tuple[Run, ...]) -> Markup:
    """Both texts in one, as HTML: what went, what came, and what only changed its place."""
    return Markup("".join(map(_html, _trimmed(runs))))


def sides(runs: tuple[Run, ...]) -> tuple[Markup, Markup]:
    """The old text with what went marked, and the new text with what came marked."""
    old, new = (tuple(run for run in runs if run.op not in gone) for gone in (("insert", "came"), ("delete", "left")))
    return inline(old), inline(new)


def _trimmed(runs: Sequence[Run]) -> Sequence[Run]:
    """Without the empty lines at the end, which would only make the box longer."""
    if not runs or (runs[-1].op != "keep" and runs[-1].text.isspace()):
        return runs
    *most, last = runs
    text = last.text.rstrip("\n")
    return [*most, Run(last.op, text)] if text else most


def _html(run: Run) -> Markup:
    if run.op == "keep":
        return visible(plain(run.text))
    if run.op in _MOVED:
        return Markup(
            '<span class="moved {0}"><span class="vh">[{1}: </span>{2}<span class="vh">]</span></span>'
        ).format(run.op, _MOVED[run.op], visible(plain(run.text), changed=True))
    return marked(Piece("insert" if run.op == "insert" else "delete", run.text), plain(run.text))
