"""What changed between two plain policies, passage by passage, with where it stands and whether it merely moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...compare.documents import Pair, align, sections
from ...compare.text import hunks
from ...model.change import Piece
from ..cues import words_of
from .editorial import furniture_lines, plain


@dataclass(frozen=True)
class Passage:
    """A run of changed sentences: both sides (one may be empty), its clause, its redline, and where it stands.

    `furniture`: among menus, headers or footers of the page. `heading`: it is a heading, not text.
    """

    clause: str
    title: str
    old: str
    new: str
    pieces: tuple[Piece, ...]
    furniture: bool = False
    heading: bool = False
    moved: bool = False


def passages(old: str, new: str) -> tuple[Passage, ...]:
    """In: two Markdown texts. Out: everything that differs, in the order of the new text. Pure; equal texts give none."""
    if old == new:
        return ()
    pairs = align(sections(old), sections(new))
    before, after = _Page(old), _Page(new)
    found = [each for pair in pairs for each in _of(pair, before, after)]
    return tuple(_without_moves(found))


class _Page:
    """Which lines of one document are furniture of the page."""

    def __init__(self, text: str) -> None:
        lines = [line for line in text.split("\n") if line.strip()]
        marks = furniture_lines(lines)
        self._furniture = {plain(line) for line, mark in zip(lines, marks, strict=True) if mark}
        self._text = {plain(line) for line, mark in zip(lines, marks, strict=True) if not mark}

    def is_furniture(self, passage: str) -> bool:
        """Whether every line of a passage stands only among the furniture."""
        lines = [plain(line) for line in passage.split("\n") if plain(line)]
        return all(line in self._furniture and line not in self._text for line in lines)


def _of(pair: Pair, before: _Page, after: _Page) -> Iterator[Passage]:
    side = pair.new or pair.old
    assert side is not None
    one, two = pair.old.text if pair.old else "", pair.new.text if pair.new else ""
    titles = pair.old.title if pair.old else "", pair.new.title if pair.new else ""
    if titles[0] != titles[1]:
        pieces = tuple(Piece(op, text) for op, text in (("delete", titles[0]), ("insert", titles[1])) if text)  # type: ignore[arg-type]
        yield Passage(side.id, side.title, titles[0], titles[1], pieces, heading=True, moved=pair.how == "moved")
    if one == two:
        return
    for hunk in hunks(one, two):
        furniture = before.is_furniture(hunk.old) and after.is_furniture(hunk.new)
        yield Passage(side.id, side.title, hunk.old, hunk.new, hunk.pieces, furniture)


def _without_moves(found: list[Passage]) -> Iterator[Passage]:
    """What went in one place and came word by word in another one has moved: both halves are marked so."""
    gone = Counter(_words(each.old) for each in found if not each.new.strip())
    come = Counter(_words(each.new) for each in found if not each.old.strip())
    both = {words: min(gone[words], come[words]) for words in gone.keys() & come.keys() if words}
    left = {"old": Counter(both), "new": Counter(both)}
    for each in found:
        name = "old" if not each.new.strip() else "new" if not each.old.strip() else ""
        words = _words(each.old or each.new) if name else ()
        if name and left[name][words] > 0:
            left[name][words] -= 1
            yield Passage(
                each.clause, each.title, each.old, each.new, each.pieces, each.furniture, each.heading, moved=True
            )
        else:
            yield each


def _words(text: str) -> tuple[str, ...]:
    return tuple(words_of(plain(text)))


def sentences_of(text: str) -> Iterable[str]:
    """Lines of a document as lower-case words, for counting what it speaks of."""
    return (" ".join(words_of(plain(line))) for line in text.split("\n") if line.strip())
