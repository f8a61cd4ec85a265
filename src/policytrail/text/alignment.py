"""The shortest way from one sequence to another: exact where that is cheap, by anchors where it would be slow.

Everything works on whatever can be hashed: blocks of text, sentences, words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_LONG = 1000  # units from which on two texts are walked side by side first
_NEAR = 20  # units within which they must meet again for that, in as many characters at least
LIMIT = 16_000_000  # cells of the table that one exact step may fill (about 2 MB of bits)


@dataclass(frozen=True)
class Step:
    """old[i1:i2] stands for new[j1:j2]; `same` when they are equal."""

    same: bool
    i1: int
    i2: int
    j1: int
    j2: int


def steps(old: Sequence[str], new: Sequence[str], anchored: bool = False) -> list[Step]:
    """The way from old to new: equal and changed runs in turn, covering both wholly.

    It is the shortest way, up to `LIMIT` cells. `anchored` asks for the way that keeps the longest texts, held by
    what stands equally often on both sides: right for blocks and sentences, where a heading weighs less than a page.
    """
    return joined(_between(old, new, Step(False, 0, len(old), 0, len(new)), anchored))


def joined(found: Iterable[Step]) -> list[Step]:
    """Without empty steps, and with neighbours of a kind made one."""
    made: list[Step] = []
    for step in found:
        if step.i1 == step.i2 and step.j1 == step.j2:
            continue
        if made and made[-1].same == step.same:
            step = Step(step.same, made[-1].i1, step.i2, made.pop().j1, step.j2)
        made.append(step)
    return made


def _between(old: Sequence[str], new: Sequence[str], whole: Step, anchored: bool) -> Iterator[Step]:
    """What is equal at the head and the tail is set aside; the rest is compared."""
    i1, i2, j1, j2 = whole.i1, whole.i2, whole.j1, whole.j2
    while i1 < i2 and j1 < j2 and old[i1] == new[j1]:
        i1, j1 = i1 + 1, j1 + 1
    while i2 > i1 and j2 > j1 and old[i2 - 1] == new[j2 - 1]:
        i2, j2 = i2 - 1, j2 - 1
    yield Step(True, whole.i1, i1, whole.j1, j1)
    if i1 == i2 or j1 == j2:
        yield Step(False, i1, i2, j1, j2)
    else:
        yield from _middle(old, new, Step(False, i1, i2, j1, j2), anchored)
    yield Step(True, i2, whole.i2, j2, whole.j2)


def _exact(old: Sequence[str], new: Sequence[str], part: Step) -> Iterator[Step]:
    if set(old[part.i1 : part.i2]).isdisjoint(new[part.j1 : part.j2]):
        yield part
        return
    from rapidfuzz.distance import Indel  # saves 8 ms: most runs of `check` come without

    numbers: dict[str, int] = {}
    a = [numbers.setdefault(each, len(numbers)) for each in old[part.i1 : part.i2]]
    b = [numbers.setdefault(each, len(numbers)) for each in new[part.j1 : part.j2]]
    for op in Indel.opcodes(a, b):
        yield Step(
            op.tag == "equal",
            part.i1 + op.src_start,
            part.i1 + op.src_end,
            part.j1 + op.dest_start,
            part.j1 + op.dest_end,
        )


def _middle(old: Sequence[str], new: Sequence[str], part: Step, anchored: bool) -> Iterator[Step]:
    """Held by anchors where they are wanted or the exact step would be slow; cut in the middle where there are none."""
    if anchored and part.i2 - part.i1 > _LONG:
        part = yield from _walked(old, new, part)
    small = (part.i2 - part.i1) * (part.j2 - part.j1) <= LIMIT
    held = [] if small and not anchored else _anchors(old, new, part)
    if small and not held:
        yield from _exact(old, new, part)
        return
    half = (part.i1 + part.i2) // 2, (part.j1 + part.j2) // 2
    i, j = part.i1, part.j1
    for anchor in [*(held or [Step(True, half[0], half[0], half[1], half[1])]), Step(True, part.i2, 0, part.j2, 0)]:
        yield from _between(old, new, Step(False, i, anchor.i1, j, anchor.j1), anchored)
        if anchor.i2:
            yield anchor
        i, j = anchor.i2, anchor.j2


def _walked(old: Sequence[str], new: Sequence[str], part: Step) -> Generator[Step, None, Step]:
    """A long text is walked side by side for as long as both meet again soon; returned is what is left of it."""
    i, j = part.i1, part.j1
    while met := _soon(old, new, Step(False, i, part.i2, j, part.j2)):
        yield from _between(old, new, Step(False, i, met[0], j, met[1]), True)
        i, j = met
        while i < part.i2 and j < part.j2 and old[i] == new[j]:
            i, j = i + 1, j + 1
        yield Step(True, met[0], i, met[1], j)
    return Step(False, i, part.i2, j, part.j2)


def _soon(old: Sequence[str], new: Sequence[str], part: Step) -> tuple[int, int] | None:
    """The next place where two units in a row are equal, and long enough that it is no chance."""
    for far in range(1, 2 * _NEAR):
        for i in range(part.i1 + max(0, far - _NEAR), min(part.i1 + min(far, _NEAR) + 1, part.i2 - 1)):
            j = part.j1 + far - (i - part.i1)
            if (
                j < part.j2 - 1
                and old[i] == new[j]
                and old[i + 1] == new[j + 1]
                and len(old[i]) + len(old[i + 1]) > _NEAR
            ):
                return i, j
    return None


def _anchors(old: Sequence[str], new: Sequence[str], part: Step) -> list[Step]:
    """Runs that stay where they are: what stands equally often on both sides, as much text of it as can be in order."""
    pairs = _pairs(old, new, part)
    if any(x[1] > y[1] for x, y in pairwise(pairs)):
        pairs = heaviest(pairs, old)
    made: list[Step] = []
    start = 0
    for number in range(1, len(pairs) + 1):
        i, j = pairs[number - 1]
        if number == len(pairs) or pairs[number] != (i + 1, j + 1):
            made.append(Step(True, pairs[start][0], i + 1, pairs[start][1], j + 1))
            start = number
    return made


def _pairs(old: Sequence[str], new: Sequence[str], part: Step) -> list[tuple[int, int]]:
    """What stands equally often on both sides, first with first, second with second."""
    a, b = old[part.i1 : part.i2], new[part.j1 : part.j2]
    often, there = Counter(a), Counter(b)
    known = {each: count for each, count in there.items() if often.get(each) == count}
    if sum(known.values()) == len(known):
        place = dict(zip(b, range(part.j1, part.j2), strict=True))
        return [(i, place[each]) for i, each in enumerate(a, part.i1) if each in known]
    places: dict[str, list[int]] = {each: [] for each in known}
    for j in range(part.j2 - 1, part.j1 - 1, -1):
        if new[j] in known:
            places[new[j]].append(j)
    return [(i, places[each].pop()) for i, each in enumerate(a, part.i1) if each in known]


def heaviest(pairs: Sequence[tuple[int, int]], old: Sequence[str]) -> list[tuple[int, int]]:
    """The chain of pairs that rises on both sides and keeps the most text (patience sorting, weighted)."""
    ends: list[tuple[int, int, int]] = []  # (j, weight of the best chain that ends there, its last pair), both rising
    before: list[int] = []
    for number, (i, j) in enumerate(pairs):
        spot = bisect_left(ends, (j,))
        held, last = ends[spot - 1][1:] if spot else (0, -1)
        before.append(last)
        stop = spot
        while stop < len(ends) and ends[stop][1] <= held + len(old[i]):
            stop += 1
        ends[spot:stop] = [(j, held + len(old[i]), number)]
    chain: list[tuple[int, int]] = []
    at = ends[-1][2] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]
