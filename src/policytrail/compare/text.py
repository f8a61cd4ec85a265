"""Two texts as one redline: blocks first, then lines and sentences, then words inside the sentences that changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from rapidfuzz.distance import Indel

from ..model.change import Piece
from .sentences import split
from .sequences import Step, steps
from .words import Passage, Words, differing, joined_runs, passage

_SIMILAR = 0.5  # sentences that share half of their words are one sentence, changed
_SHARE = 0.04  # of the changed words may be added to make the redline read in fewer pieces
Cut = tuple[Callable[[str], list[str]], int]  # how to cut, and how many characters it leaves out between two parts

_BLOCKS: Cut = (lambda text: text.split("\n\n"), 2)
_LINES: Cut = (re.compile(r"[^\n]*\n+|[^\n]+").findall, 0)  # a blank line alone would be a poor anchor
_SENTENCES: Cut = (split, 0)


@dataclass(frozen=True)
class Hunk:
    """A run of changed sentences: what stood there, what stands there, and the redline of the two.

    Sentences keep the white space after them.
    """

    old_sentences: tuple[str, ...]
    new_sentences: tuple[str, ...]
    pieces: tuple[Piece, ...]

    @property
    def kind(self) -> Literal["inserted", "deleted", "modified"]:
        """What happened to the sentences."""
        if not self.old_sentences:
            return "inserted"
        return "modified" if self.new_sentences else "deleted"

    @property
    def old(self) -> str:
        """The old sentences as one text."""
        return "".join(self.old_sentences)

    @property
    def new(self) -> str:
        """The new sentences as one text."""
        return "".join(self.new_sentences)


def redline(old: str, new: str) -> tuple[Piece, ...]:
    """Both texts in one. Kept and deleted pieces joined give `old`, kept and inserted ones `new`, to the character."""
    parts = list(_parts(old, new, (_BLOCKS, _LINES, _SENTENCES)))
    passages = iter(joined_runs([passage(*each) for each in parts if each[0] != each[1]], _SHARE))
    texts = (text for each in parts for text in (differing(next(passages)) if each[0] != each[1] else (each,)))
    return tuple(_pieces(texts))


def hunks(old: str, new: str) -> tuple[Hunk, ...]:
    """Every run of changed sentences; changed sentences are paired where they are alike."""
    return tuple(
        Hunk(before, after, redline("".join(before), "".join(after)))
        for part in _parts(old, new, (_BLOCKS,))
        if part[0] != part[1]
        for before, after in _changed_sentences(split(part[0]), split(part[1]))
    )


def _parts(old: str, new: str, cuts: Sequence[Cut]) -> Iterator[tuple[str, str]]:
    """Both texts as (old, new) parts in turn; what differs is cut ever finer."""
    if old == new or not cuts:
        yield old, new
        return
    cut, gap = cuts[0]
    a, b = cut(old), cut(new)
    i, j = [list(accumulate(map(len, each), initial=0)) for each in (a, b)]
    for step in steps(a, b, anchored=True):
        before = old[i[step.i1] + gap * step.i1 : i[step.i2] + gap * step.i2]
        after = new[j[step.j1] + gap * step.j1 : j[step.j2] + gap * step.j2]
        yield from _parts(before, after, cuts[1:])


def _pieces(texts: Iterable[tuple[str, str]]) -> Iterator[Piece]:
    """(old, new) texts in turn as pieces: none is empty, what came follows what went, no two of a kind in a row."""
    kept = gone = came = ""
    for before, after in texts:
        if before == after and before:
            yield from _change(gone, came)
            kept, gone, came = kept + before, "", ""
        elif before != after:
            yield from _keep(kept)
            kept, gone, came = "", gone + before, came + after
    yield from _change(gone, came)
    yield from _keep(kept)


def _keep(text: str) -> Iterator[Piece]:
    if text:
        yield Piece("keep", text)


def _change(gone: str, came: str) -> Iterator[Piece]:
    if gone:
        yield Piece("delete", gone)
    if came:
        yield Piece("insert", came)


def _changed_sentences(a: list[str], b: list[str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for step in steps(a, b, anchored=True):
        if not step.same:
            for i1, i2, j1, j2 in _paired(a, b, step):
                yield tuple(a[i1:i2]), tuple(b[j1:j2])


def _paired(a: list[str], b: list[str], step: Step) -> Iterator[tuple[int, int, int, int]]:
    """The run cut into pairs of sentences that are alike, in order, and what stands alone between them."""
    i, j = step.i1, step.j1
    for k in range(step.i1, step.i2):
        best = max(range(j, step.j2), key=lambda each: alike(a[k], b[each]), default=None)
        if best is None or alike(a[k], b[best]) < _SIMILAR:
            continue
        yield from _alone(i, k, j, best)
        yield k, k + 1, best, best + 1
        i, j = k + 1, best + 1
    yield from _alone(i, step.i2, j, step.j2)


def _alone(i1: int, i2: int, j1: int, j2: int) -> Iterator[tuple[int, int, int, int]]:
    if i1 < i2:
        yield i1, i2, j1, j1
    if j1 < j2:
        yield i2, i2, j1, j2


def alike(old: str, new: str) -> float:
    """The share of words that two texts have in common, in order: 0 to 1."""
    return float(Indel.normalized_similarity(Words.of(old).words, Words.of(new).words))
