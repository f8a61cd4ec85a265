"""Two laid-out policies as one, each paragraph with what happened to it: kept, came, went, moved, or reworded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from policytrail.text.alignment import steps
from policytrail.text.redline import redline
from policytrail.text.sentence_pairing import paired

from .blocks import Block, Span, markdown
from .layout import Placed

Op = Literal["keep", "insert", "delete", "from", "to"]
_WORDS = 4  # a shorter paragraph may stand twice by chance: it goes and comes, and doesn't move


@dataclass(frozen=True)
class Run:
    """A run of characters and what happened to it."""

    op: Op
    span: Span


@dataclass(frozen=True)
class Paragraph:
    """One paragraph or row: its shape, what happened to it as a whole, its runs (by cell in a row), its bookmarks.

    `move` numbers the two places of a paragraph that moved.
    """

    block: Block
    op: Op
    runs: tuple[Run, ...] = ()
    cells: tuple[tuple[Run, ...], ...] = ()
    marks: tuple[str, ...] = ()
    move: int = 0


def unchanged(placed: Sequence[Placed]) -> tuple[Paragraph, ...]:
    """A policy without revisions."""
    return tuple(_whole(each, "keep") for each in placed)


def revised(old: Sequence[Placed], new: Sequence[Placed]) -> tuple[Paragraph, ...]:
    """In: both sides. Out: one document; rejecting all of it gives the old side, accepting all the new one."""
    made: list[Paragraph] = []
    begun = [_starts([each.block for each in side]) for side in (old, new)]
    before, after = [
        [f"{start} {_key(each.block)}" for each, start in zip(side, starts, strict=True)]
        for side, starts in zip((old, new), begun, strict=True)
    ]
    for step in steps(before, after, anchored=True):
        if step.same:
            made += [_whole(each, "keep") for each in new[step.j1 : step.j2]]
        else:
            starts = begun[0][step.i1 : step.i2], begun[1][step.j1 : step.j2]
            made += _changed(old[step.i1 : step.i2], new[step.j1 : step.j2], starts)
    return tuple(_moved(made))


def _key(block: Block) -> str:
    return f"{block.shape} {markdown([block])}"


def _starts(made: Sequence[Block]) -> list[int]:
    """The number at which the list of each item begins (0 elsewhere): a list that begins elsewhere is another list.

    A paragraph can stand in one list only; so where that changes, all items go and come, and keep their numbers either way.
    """
    found: list[int] = []
    opened: list[int] = []  # by level
    for block in made:
        if block.kind not in ("item", "more"):
            opened = []
        elif block.kind == "item":
            before = opened[block.level] if len(opened) > block.level else 0
            start = 0 if block.number is None else block.number or before or 1
            opened = [*(opened + [0] * block.level)[: block.level], start]
        found.append(opened[block.level] if block.kind == "item" else 0)
    return found


def _whole(placed: Placed, op: Op) -> Paragraph:
    block = placed.block
    cells = tuple(tuple(Run(op, span) for span in cell) for cell in block.cells)
    return Paragraph(block, op, tuple(Run(op, span) for span in block.spans), cells, placed.marks)


def _changed(old: Sequence[Placed], new: Sequence[Placed], starts: tuple[list[int], list[int]]) -> Iterator[Paragraph]:
    for i1, i2, j1, j2 in paired([each.block.text for each in old], [each.block.text for each in new]):
        alone = i2 - i1 == j2 - j1 == 1 and old[i1].block.shape == new[j1].block.shape
        if alone and starts[0][i1] == starts[1][j1]:
            yield _reworded(old[i1].block, new[j1])
            continue
        yield from (replace(_whole(each, "delete"), marks=()) for each in old[i1:i2])
        yield from (_whole(each, "insert") for each in new[j1:j2])


def _reworded(old: Block, new: Placed) -> Paragraph:
    cells = tuple(tuple(_runs(*pair)) for pair in zip(old.cells, new.block.cells, strict=True))
    return Paragraph(new.block, "keep", tuple(_runs(old.spans, new.block.spans)), cells, new.marks)


def _runs(old: Sequence[Span], new: Sequence[Span]) -> Iterator[Run]:
    """Both wordings in one; words that only changed their look go and come, so that a new link target is seen."""
    i = j = 0
    text = ["".join(each.text for each in side) for side in (old, new)]
    for piece in redline(*text):
        size = len(piece.text)
        if piece.op == "keep":
            yield from _looks(_cut(old, i, i + size), _cut(new, j, j + size))
        else:
            side, start = (old, i) if piece.op == "delete" else (new, j)
            yield from (Run(piece.op, span) for span in _cut(side, start, start + size))
        i += size if piece.op != "insert" else 0
        j += size if piece.op != "delete" else 0


def _cut(spans: Sequence[Span], start: int, stop: int) -> list[Span]:
    found: list[Span] = []
    at = 0
    for span in spans:
        text = span.text[max(start - at, 0) : max(stop - at, 0)]
        found += [replace(span, text=text)] if text else []
        at += len(span.text)
    return found


def _looks(old: list[Span], new: list[Span]) -> Iterator[Run]:
    """Equal words, cut where either side changes its look."""
    before, after = list(old), list(new)
    while before:
        size = min(len(before[0].text), len(after[0].text))
        a, b = (replace(side[0], text=side[0].text[:size]) for side in (before, after))
        yield from [Run("keep", b)] if a.look == b.look else [Run("delete", a), Run("insert", b)]
        for side in (before, after):
            rest = side[0].text[size:]
            side[:1] = [replace(side[0], text=rest)] if rest else []


def _moved(made: list[Paragraph]) -> Iterator[Paragraph]:
    """What went in one place and came in another, word for word, moved."""
    waiting: dict[str, list[int]] = {}
    for place, each in enumerate(made):
        if each.op == "insert" and each.block.kind != "row" and len(each.block.text.split()) >= _WORDS:
            waiting.setdefault(_key(each.block), []).append(place)
    partner: dict[int, tuple[Op, int]] = {}
    for place, each in enumerate(made):
        there = waiting.get(_key(each.block), []) if each.op == "delete" else []
        if there:
            number = len(partner) // 2 + 1
            partner |= {place: ("from", number), there.pop(0): ("to", number)}
    for place, each in enumerate(made):
        op, number = partner.get(place, (each.op, 0))
        runs = tuple(Run(op, run.span) for run in each.runs) if number else each.runs
        yield replace(each, op=op, runs=runs, move=number)
