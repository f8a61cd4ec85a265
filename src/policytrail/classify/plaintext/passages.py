"""What changed between two plain policies, passage by passage: where it stands, and what of it isn't just elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policytrail.classify.wording_checks.strength_words import editorial_proof
from policytrail.compare.documents import Pair, TextClause, align
from policytrail.model.change import Piece
from policytrail.text.redline import hunks, redline

from .differences import Differences
from .sentence_context import Unit


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
    found = [each for pair in align(old, new) for each in _of(pair, differences)]
    return (*found, *map(_placed, differences.placed_otherwise()))


def _placed(pair: tuple[Unit, Unit]) -> Passage:
    """A sentence that stayed while the heading or the line that introduces it became another one."""
    old, new = pair
    title = new.path[-1] if new.path else ""
    return Passage(title or "opening", title, old.raw, new.raw, (Piece("keep", new.raw),), (old,), (new,), moved=True)


def whole(old: str, new: str) -> Passage:
    """Both texts as one passage: for what differs in no sentence, as the marks in a heading do."""
    left = ((), ()) if editorial_proof(old, new) else ((Unit(old, (), ""),), (Unit(new, (), ""),))
    return Passage("opening", "", old, new, redline(old, new), *left)


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
    if titles[0] == titles[1] and texts[0] == texts[1] and texts[1].strip() and pair.how not in ("same", "renumbered"):
        left = tuple(differences.gone(texts[0], paths[0])), tuple(differences.come(texts[1], paths[1]))
        if pair.how == "moved" or any(left):
            yield Passage(side.id, side.title, *texts, (Piece("keep", texts[1]),), *left, moved=True)
    for hunk in hunks(*texts) if texts[0] != texts[1] else ():
        left = tuple(differences.gone(hunk.old, paths[0])), tuple(differences.come(hunk.new, paths[1]))
        yield Passage(side.id, side.title, hunk.old, hunk.new, hunk.pieces, *left)
