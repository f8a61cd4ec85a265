"""Words inside the sentences that changed: which went, which came, in few pieces that end where words end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from .alignment import Step, joined, steps
from .words import WORD

_WORD = re.compile(rf"({WORD}|[^\w\s]|\w)(\s*)")
_LEAD = re.compile(r"\s*")


@dataclass(frozen=True)
class Words:
    """A text as words and single signs, and the white space after each; the first word is empty."""

    words: tuple[str, ...]
    gaps: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Words:
        """In: any text. Out: its words; `text(0, len)` gives it back."""
        lead = _LEAD.match(text)
        found = [("", lead[0] if lead else ""), *_WORD.findall(text)]
        return cls(tuple(word for word, _ in found), tuple(gap for _, gap in found))

    def text(self, start: int, stop: int) -> str:
        """The text of some of the words, with the white space after each."""
        return "".join(word + gap for word, gap in zip(self.words[start:stop], self.gaps[start:stop], strict=True))


@dataclass(frozen=True)
class Passage:
    """A changed stretch of text: the words of both sides and the way from one to the other."""

    old: Words
    new: Words
    steps: tuple[Step, ...]

    @property
    def changed(self) -> int:
        """How many words differ."""
        return sum(step.i2 - step.i1 + step.j2 - step.j1 for step in self.steps if not step.same)


def passage(old: str, new: str) -> Passage:
    """Two texts compared word by word: the fewest words changed, each change moved to where it reads best."""
    a, b = Words.of(old), Words.of(new)
    return Passage(a, b, tuple(_slid(a, b, steps(a.words, b.words))))


def joined_runs(passages: Sequence[Passage], share: float) -> list[Passage]:
    """Short kept runs between two changes are made part of them, where that saves pieces; the cheapest first.

    No more than `share` of the changed words of all passages are added that way, so a phrase reads as one change
    while the whole stays close to the fewest changed words.
    """
    budget = int(share * sum(each.changed for each in passages))
    taken: list[set[int]] = [set() for _ in passages]
    for _, cost, place, number in sorted(_offers(passages)):
        if cost <= budget:
            budget -= cost
            taken[place].add(number)
    return [_without(each, dropped) for each, dropped in zip(passages, taken, strict=True)]


def _offers(passages: Sequence[Passage]) -> Iterator[tuple[float, int, int, int]]:
    """For each kept run that parts two changes: words that a saved piece costs, words in all, and where it stands.

    Inside an address or a compound a piece is dearer to the eye than between words, so joining costs half.
    """
    for place, each in enumerate(passages):
        for number, (left, kept, right) in enumerate(zip(each.steps, each.steps[1:], each.steps[2:], strict=False), 1):
            saved = _sides(left) + _sides(right) - 2
            if kept.same and saved:
                cost = 2 * (kept.i2 - kept.i1)
                spaced = any(each.old.gaps[max(kept.i1 - 1, 0) : kept.i2])
                yield cost / saved * (1 + spaced), cost, place, number


def _sides(step: Step) -> int:
    return (step.i1 < step.i2) + (step.j1 < step.j2)


def _without(whole: Passage, dropped: set[int]) -> Passage:
    if not dropped:
        return whole
    found = (replace(step, same=step.same and number not in dropped) for number, step in enumerate(whole.steps))
    return Passage(whole.old, whole.new, tuple(joined(found)))


def differing(whole: Passage) -> Iterator[tuple[str, str]]:
    """The passage as (old, new) texts in turn, equal where nothing changed; white space counts to the character."""
    before: list[str] = []
    after: list[str] = []
    kept: list[str] = []
    for old, new, same in _runs(whole):
        if same:
            if before or after:
                yield from _trimmed("".join(before), "".join(after))
                before, after = [], []
            kept.append(old)
        else:
            if kept:
                yield "".join(kept), "".join(kept)
                kept = []
            before.append(old)
            after.append(new)
    if kept:
        yield "".join(kept), "".join(kept)
    yield from _trimmed("".join(before), "".join(after))


def _runs(whole: Passage) -> Iterator[tuple[str, str, bool]]:
    """Steps as text; where two equal words have other white space after them, that is a run of its own."""
    a, b = whole.old, whole.new
    for step in whole.steps:
        if not step.same:
            yield a.text(step.i1, step.i2), b.text(step.j1, step.j2), False
            continue
        for i, j in zip(range(step.i1, step.i2), range(step.j1, step.j2), strict=True):
            yield a.words[i], a.words[i], True
            yield a.gaps[i], b.gaps[j], a.gaps[i] == b.gaps[j]


def _trimmed(old: str, new: str) -> Iterator[tuple[str, str]]:
    """White space that both sides begin or end with is kept, not changed."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    yield old[:head], old[:head]
    yield old[head : len(old) - tail], new[head : len(new) - tail]
    yield old[len(old) - tail :], old[len(old) - tail :]


def _shared(old: str, new: str) -> int:
    length = 0
    for x, y in zip(old, new, strict=False):
        if x != y or not x.isspace():
            break
        length += 1
    return length


def _slid(a: Words, b: Words, found: Iterable[Step]) -> list[Step]:
    """Changes that could as well stand a little to the left or right are put where they read best."""
    way = list(found)
    for number in range(1, len(way) - 1):
        if not way[number].same and way[number - 1].same and way[number + 1].same:
            way[number - 1 : number + 2] = _best(a, b, *way[number - 1 : number + 2])
    return joined(way)


def _best(a: Words, b: Words, left: Step, change: Step, right: Step) -> tuple[Step, Step, Step]:
    if change.i1 < change.i2 and change.j1 < change.j2:
        return left, change, right
    side, start, stop = (a, change.i1, change.i2) if change.i1 < change.i2 else (b, change.j1, change.j2)
    words = side.words
    low = high = 0
    while -low < left.i2 - left.i1 and words[start + low - 1] == words[stop + low - 1]:
        low -= 1
    while high < right.i2 - right.i1 and words[start + high] == words[stop + high]:
        high += 1
    closes = [each for each in (low, high) if each in (left.i1 - left.i2, right.i2 - right.i1)]
    by = max(closes or range(low, high + 1), key=lambda close: (_ease(side, start + close, stop + close), close))
    return (
        Step(True, left.i1, left.i2 + by, left.j1, left.j2 + by),
        Step(False, change.i1 + by, change.i2 + by, change.j1 + by, change.j2 + by),
        Step(True, right.i1 + by, right.i2, right.j1 + by, right.j2),
    )


def _ease(side: Words, start: int, stop: int) -> int:
    return _border(side, start) + _border(side, stop)


def _border(side: Words, place: int) -> int:
    """How natural a cut before this word is: a line's beginning, a sentence's, a phrase's, a word's, inside a word."""
    word, gap = side.words[place - 1], side.gaps[place - 1]
    if "\n" in gap or not word:
        return 5
    if not gap:
        return 0
    return 4 if word in ".!?" else 3 if word in ",;:" else 2
