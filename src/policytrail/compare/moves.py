"""Passages that moved: sentences that went in one place and came in another are one passage, not a loss and a gain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from policytrail.text.alignment import steps
from policytrail.text.sentence_pairing import alike, share, words_in
from policytrail.text.sentences import split

_WORDS = 4  # a shorter sentence may stand anywhere by chance: it moves only beside another that moved
_SIMILAR = 0.6
_TELLING, _VERY_SIMILAR = 6, 0.75  # what a sentence that changed on its way must have at least
_PAIRS = 10_000  # more pairs than that aren't compared one by one

Place = tuple[int, int]  # a text of the list, and a sentence in it


@dataclass(frozen=True)
class Moved:
    """Sentences old[text][start:stop] that stand in new[text][start:stop] now."""

    old: int
    old_span: tuple[int, int]
    new: int
    new_span: tuple[int, int]


@dataclass
class Side:
    """All texts of one side as sentences, and those that the other side lacks at the same place."""

    texts: list[list[str]]
    free: set[Place] = field(default_factory=set)

    def key(self, place: Place) -> str:
        """The sentence without the white space around it."""
        return self.texts[place[0]][place[1]].strip()


def moves(old: Sequence[str], new: Sequence[str], partners: dict[int, int]) -> tuple[Side, Side, list[Moved]]:
    """In: the texts of both sides, and which new text answers which old one (new -> old).

    Out: both sides as sentences, and every passage that left its text or changed its place inside it. A text that
    stayed as it was isn't cut into sentences.
    """
    same = {j: i for j, i in partners.items() if old[i] == new[j]}
    stayed = set(same.values())
    before = Side([[] if i in stayed else split(each) for i, each in enumerate(old)])
    after = Side([[] if j in same else split(each) for j, each in enumerate(new)])
    _free(before, after, partners)
    return before, after, list(_runs(before, after, partners))


def _free(before: Side, after: Side, partners: dict[int, int]) -> None:
    """Marks what one side alone has: all of a text without a partner, else what differs from the partner's."""
    for answered, side in ((set(partners.values()), before), (set(partners), after)):
        side.free.update((t, s) for t, each in enumerate(side.texts) if t not in answered for s in range(len(each)))
    for there, here in partners.items():
        a, b = ([each.strip() for each in side] for side in (before.texts[here], after.texts[there]))
        for step in steps(a, b, anchored=True):
            if not step.same:
                before.free.update((here, s) for s in range(step.i1, step.i2))
                after.free.update((there, s) for s in range(step.j1, step.j2))


def _runs(before: Side, after: Side, partners: dict[int, int]) -> Iterator[Moved]:
    """The passages: a long sentence that stands on both sides, and all that goes with it before and after."""
    waiting: dict[str, list[Place]] = {}
    for place in sorted(after.free, reverse=True):
        waiting.setdefault(after.key(place), []).append(place)
    for place in sorted(before.free):
        there = waiting.get(before.key(place), [])
        while there and there[-1] not in after.free:
            there.pop()
        if place in before.free and there and len(before.key(place).split()) >= _WORDS:
            yield _grown(before, after, place, there[-1])
    for here, goal in _rewritten(before, after, partners):
        if here in before.free and goal in after.free:
            yield _grown(before, after, here, goal)


def _rewritten(before: Side, after: Side, partners: dict[int, int]) -> list[tuple[Place, Place]]:
    """Sentences that moved to another text and changed a little on the way, the most alike first."""
    old, new = (
        [(place, words) for place in sorted(side.free) if len(words := words_in(side.key(place))) >= _TELLING]
        for side in (before, after)
    )
    if len(old) * len(new) > _PAIRS:
        return []
    scored = (
        (share(gone, came, _VERY_SIMILAR), x, y) for x, gone in old for y, came in new if partners.get(y[0]) != x[0]
    )
    return [(x, y) for score, x, y in sorted(scored, key=lambda each: (-each[0], *each[1:])) if score]


def _grown(before: Side, after: Side, here: Place, there: Place) -> Moved:
    back, on = _reach(before, after, here, there, -1), _reach(before, after, here, there, 1)
    found = Moved(here[0], (here[1] - back, here[1] + on + 1), there[0], (there[1] - back, there[1] + on + 1))
    before.free.difference_update((here[0], s) for s in range(*found.old_span))
    after.free.difference_update((there[0], s) for s in range(*found.new_span))
    return found


def _reach(before: Side, after: Side, here: Place, there: Place, way: int) -> int:
    """How many sentences further the passage goes, one by one, equal or nearly so."""
    far = 0
    while True:
        x, y = (here[0], here[1] + way * (far + 1)), (there[0], there[1] + way * (far + 1))
        if x not in before.free or y not in after.free:
            return far
        if before.key(x) != after.key(y) and alike(before.key(x), after.key(y)) < _SIMILAR:
            return far
        far += 1
