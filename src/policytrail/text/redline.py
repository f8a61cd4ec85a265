"""Two texts as one redline: blocks first, then lines and sentences, then words inside the sentences that changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from policytrail.model.change import Piece

from .alignment import steps
from .sentence_pairing import paired
from .sentences import split
from .word_diff import differing, joined_runs, passage

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
    found = list(_parts(old, new, (_BLOCKS, _LINES, _SENTENCES)))
    passages = iter(joined_runs([passage(*each) for each in found if each[0] != each[1]], _SHARE))
    texts = (text for each in found for text in (differing(next(passages)) if each[0] != each[1] else (each,)))
    return tuple(_pieces(texts))


def hunks(old: str, new: str) -> tuple[Hunk, ...]:
    """Every run of changed sentences; changed sentences are paired where they are alike.

    White space where either text ends counts only if nothing else differs: a paragraph added below the last one
    changes no sentence above it. Texts that differ always have a hunk.
    """
    return tuple(_hunks(old, new, ends=False)) or tuple(_hunks(old, new, ends=True))


def _hunks(old: str, new: str, ends: bool) -> Iterator[Hunk]:
    for part in parts(old, new):
        a, b = ([] if part[0] == part[1] else split(each) for each in part)
        for before, after in _differing(a, b, ends):
            if before != after:
                yield Hunk(tuple(before), tuple(after), redline("".join(before), "".join(after)))


def _differing(a: list[str], b: list[str], ends: bool) -> Iterator[tuple[list[str], list[str]]]:
    """Sentences that differ; those that say the same with other white space after them one by one."""
    for step in steps([each.strip() for each in a], [each.strip() for each in b], anchored=True):
        i1, i2, j1, j2 = step.i1, step.i2, step.j1, step.j2
        if step.same:
            counted = zip(range(i1, i2), range(j1, j2), strict=True)
            yield from (([a[i]], [b[j]]) for i, j in counted if ends or (i < len(a) - 1 and j < len(b) - 1))
            continue
        for x1, x2, y1, y2 in paired(a[i1:i2], b[j1:j2]):
            yield a[i1 + x1 : i1 + x2], b[j1 + y1 : j1 + y2]


def parts(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Both texts as runs of whole paragraphs, (old, new) in turn, equal where nothing changed: rows for two columns."""
    return tuple(_parts(old, new, (_BLOCKS,)))


def _parts(old: str, new: str, cuts: Sequence[Cut]) -> Iterator[tuple[str, str]]:
    """Both texts as (old, new) parts in turn; what differs is cut ever finer."""
    if old == new or not cuts:
        yield old, new
        return
    cut, gap = cuts[0]
    a, b = cut(old), cut(new)
    i, j = [list(accumulate(map(len, each), initial=0)) for each in (a, b)]
    x = y = 0
    for step in steps(a, b, anchored=True):
        before, after = old[x : i[step.i2] + gap * step.i2], new[y : j[step.j2] + gap * step.j2]
        if step.same:  # the last unit has nothing after it: what the other side has there belongs to the next part
            before = after = min(before, after, key=len)
        x, y = x + len(before), y + len(after)
        yield from _parts(before, after, cuts[1:])
    if x < len(old) or y < len(new):
        yield old[x:], new[y:]


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
