"""A lawyer's new wording worked into clause text that uses variables: a variable stays while its words do.

Clause text (the source) reads as Markdown once its variables are filled in (what is shown). An edit is known in terms of
what is shown; cells tie every piece of what is shown to its piece of the source. A cell that reads the same on both sides
can be cut anywhere; a variable is replaced as a whole, by the words that it showed as the edit left them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from policytrail.sources.templates.fast_path import constructs
from policytrail.text.alignment import Step, steps
from policytrail.text.redline import redline

_TOKENS = re.compile(r"\w+|\s+|[^\w\s]")
_BRACES = re.compile(r"\{(?=[{%#]|\Z)")  # one at the end could meet the template that follows
Fill = Callable[[str], str]


@dataclass(frozen=True)
class Cell:
    """A piece of the source and what it shows. `variable` when a template stands there."""

    source: str
    shown: str
    variable: bool = False

    @property
    def free(self) -> bool:
        """Whether it can be cut anywhere."""
        return self.source == self.shown and not self.variable


@dataclass(frozen=True)
class Merged:
    """The new source, and the variables (as they stand in the source) that gave way to plain words."""

    source: str
    replaced: tuple[str, ...]


def cells(source: str, fill: Fill, shown: str) -> list[Cell]:
    """In: clause text, what fills it in, and how it is spelt once it is shown. Out: cells that join to both texts."""
    atoms: list[Cell] = []
    for piece in _pieces(source, fill):
        atoms += [piece] if piece.variable else [Cell(token, token) for token in _TOKENS.findall(piece.source)]
    return list(_aligned(atoms, shown))


def _pieces(source: str, fill: Fill) -> list[Cell]:
    """The source cut at its templates, each with what it shows: filled in between marks that no source may hold."""
    parts = constructs(source)
    marked = "".join(f"\ue000{text}\ue001" if is_template else text for text, is_template in parts)
    found = re.split("[\ue000\ue001]", fill(marked))
    if len(found) != 1 + 2 * sum(is_template for _, is_template in parts) or "".join(found) != fill(source):
        return [Cell(source, fill(source), True)]  # templates that eat the white space around them: one whole
    pieces: list[Cell] = []
    shown = iter(found)
    words = next(shown)
    for text, is_template in parts:
        if is_template:
            pieces += [Cell(words, words)] if words else []
            pieces.append(Cell(text, next(shown), True))
            words = next(shown)
    return [*pieces, Cell(words, words)] if words else pieces


def _aligned(atoms: Sequence[Cell], shown: str) -> Iterator[Cell]:
    """Atoms of the source tied to the words of `shown`; atoms that a difference or a variable holds together are one cell."""
    owners: list[int] = []
    tokens: list[str] = []
    for place, atom in enumerate(atoms):
        found = _TOKENS.findall(atom.shown)
        tokens += found
        owners += [place] * len(found)
    target = _TOKENS.findall(shown)
    done = said = 0  # atoms and words that are in a cell already
    for last, stop in _cuts(owners, steps(tokens, target), len(atoms)):
        held, words = atoms[done:last], "".join(target[said:stop])
        done, said = last, stop
        if held or words:
            yield Cell("".join(cell.source for cell in held), words, any(cell.variable for cell in held))


def _cuts(owners: Sequence[int], way: Sequence[Step], total: int) -> Iterator[tuple[int, int]]:
    """Where cells may end: (atoms before, words before), never inside an atom or a difference."""
    for step in way:
        inner = range(1, step.i2 - step.i1 + 1) if step.same else [step.i2 - step.i1]
        for number in inner:
            i, j = step.i1 + number, step.j1 + number if step.same else step.j2
            following = owners[i] if i < len(owners) else total
            if i == 0 or following != owners[i - 1]:
                yield following, j
    yield total, way[-1].j2 if way else 0


def merged(found: Sequence[Cell], before: str, after: str, moved: Mapping[str, str]) -> Merged:
    """In: cells, what they show, what it shall be, and paragraphs (as shown) that moved with their sources.

    Out: the source that shows `after`. A paragraph that came here from elsewhere brings its variables with it.
    """
    gone, came = _edit(before, after)
    made: list[str] = []
    replaced: list[str] = []
    at = 0
    for cell in found:
        stop = at + len(cell.shown)
        touched = any(gone[at:stop]) or any(at < place < stop for place in came)
        if at in came and (cell.shown or stop == len(before)):
            made.append(_worked(came.pop(at), moved))
        if not touched and (cell.shown or not _between_gone(gone, at)):
            made.append(cell.source)
        elif touched:
            made += [
                _worked(came.pop(place, "") if place > at else "", moved) + ("" if gone[place] else before[place])
                for place in range(at, stop)
            ]
            replaced += [text for text, is_template in constructs(cell.source) if is_template]
        at = stop
    made += [_worked(text, moved) for _, text in sorted(came.items())]
    return Merged("".join(made), tuple(replaced))


def _edit(before: str, after: str) -> tuple[list[bool], dict[int, str]]:
    """Which characters go, and what comes before which place."""
    gone = [False] * len(before)
    came: dict[int, str] = {}
    at = 0
    for piece in redline(before, after):
        if piece.op == "insert":
            came[at] = came.get(at, "") + piece.text
            continue
        if piece.op == "delete":
            gone[at : at + len(piece.text)] = [True] * len(piece.text)
        at += len(piece.text)
    return gone, came


def _between_gone(gone: Sequence[bool], at: int) -> bool:
    """Whether signs that show nothing, such as a wrapped mark, stand inside what goes."""
    return bool(gone) and (at == 0 or gone[at - 1]) and (at == len(gone) or gone[at])


def _worked(text: str, moved: Mapping[str, str]) -> str:
    for shown, source in moved.items():
        head, found, tail = text.partition(shown)
        if found:
            return _worked(head, moved) + source + _worked(tail, moved)
    return literal(text)


def literal(text: str) -> str:
    """Words as clause text: those that would open a template are written as a constant of one."""
    return _BRACES.sub('{{ "{" }}', text)
