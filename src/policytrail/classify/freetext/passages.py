"""What changed between two plain policies, passage by passage: where it stands, and what of it isn't just elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...compare.documents import Pair, TextClause, align
from ...compare.text import hunks
from ...model.change import Piece
from .units import Differences, Unit, scope_of, sentences


@dataclass(frozen=True)
class Passage:
    """A run of changed sentences: both sides (one may be empty), its clause and its redline.

    `gone` and `come` are those of its sentences that the other policy hasn't anywhere in the same sense: only they can
    change what the policy says. `heading`: it is a heading, not text. `same_below`: the text under the heading is equal.
    `moved`: a whole section that stands elsewhere, word by word.
    """

    clause: str
    title: str
    old: str
    new: str
    pieces: tuple[Piece, ...]
    gone: tuple[Unit, ...]
    come: tuple[Unit, ...]
    heading: bool = False
    same_below: bool = False
    moved: bool = False


Clauses = tuple[TextClause, ...]


def passages(old: Clauses, new: Clauses) -> tuple[Passage, ...]:
    """In: the sections of two policies. Out: everything that differs, in the order of the new one. Pure."""
    differences = Differences(old, new)
    return tuple(each for pair in align(old, new) for each in _of(pair, differences))


def _of(pair: Pair, differences: Differences) -> Iterator[Passage]:
    side = pair.new or pair.old
    assert side is not None
    texts = pair.old.text if pair.old else "", pair.new.text if pair.new else ""
    titles = pair.old.title if pair.old else "", pair.new.title if pair.new else ""
    paths = pair.old.path if pair.old else (), pair.new.path if pair.new else ()
    if titles[0] != titles[1]:
        ops = (("delete", titles[0]), ("insert", titles[1]))
        pieces = tuple(Piece(op, text) for op, text in ops if text)  # type: ignore[arg-type]
        gone = differences.gone(titles[0], paths[0], heading=True) if titles[0] else []
        come = differences.come(titles[1], paths[1], heading=True) if titles[1] else []
        below = texts[0].split() == texts[1].split()
        yield Passage(side.id, side.title, *titles, pieces, tuple(gone), tuple(come), True, below)
    if titles[0] == titles[1] and texts[0] == texts[1] and pair.how == "moved" and texts[1].strip():
        yield _moved(pair)
    for hunk in hunks(*texts) if texts[0] != texts[1] else ():
        left = tuple(differences.gone(hunk.old, paths[0])), tuple(differences.come(hunk.new, paths[1]))
        yield Passage(side.id, side.title, hunk.old, hunk.new, hunk.pieces, *left)


def _moved(pair: Pair) -> Passage:
    """A section, or a piece of one, with the same words at another place; for other people there, it says something else."""
    assert pair.old is not None and pair.new is not None
    old, new = pair.old, pair.new
    pieces = (Piece("keep", new.text),)
    left: list[tuple[Unit, ...]] = [(), ()]
    if scope_of(old.path) != scope_of(new.path):
        left = [tuple(sentences(each)) for each in (old, new)]
    return Passage(new.id, new.title, old.text, new.text, pieces, left[0], left[1], moved=True)
