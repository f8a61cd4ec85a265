"""The clauses of two plain policies paired: what stayed, moved, was split, joined, renumbered or renamed, came or went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from policytrail.text.alignment import heaviest

from .moves import Moved, Side, moves
from .sections import TextClause, sections

__all__ = ["How", "Pair", "TextClause", "align", "sections"]

How = Literal["same", "moved", "split", "merged", "renumbered", "renamed", "added", "removed"]

_SIMILAR = 0.5  # sections that share half of their words are one section, rewritten


@dataclass(frozen=True)
class Pair:
    """The same text on both sides, or one that came or went.

    A passage that moved by itself, or was split off or joined, is a pair of its own: there `text` holds only the
    passage. So every sentence of both policies stands in exactly one pair.
    """

    old: TextClause | None
    new: TextClause | None
    how: How


def align(old: Sequence[TextClause], new: Sequence[TextClause]) -> tuple[Pair, ...]:
    """Pairs of clauses in the order of the new policy; what went stands behind what it stood behind."""
    partners = _partners(old, new)
    before, after, moved = moves([clause.text for clause in old], [clause.text for clause in new], partners)
    found = [
        *_whole(old, new, partners, before, after, moved),
        *((each.new + 0.5, _passage(old, new, partners, before, after, each)) for each in moved),
    ]
    return tuple(pair for _, pair in sorted(found, key=lambda each: each[0]))


def _partners(old: Sequence[TextClause], new: Sequence[TextClause]) -> dict[int, int]:
    """Which new clause answers which old one: by id and text, by text, by heading, then by words in common."""
    found: dict[int, int] = {}
    keys: list[Callable[[TextClause], object]] = [
        lambda each: (each.id, each.text),
        lambda each: each.text.strip() and each.text,
        lambda each: each.id,
        lambda each: each.text.strip() and each.name,
    ]
    for key in keys:
        waiting: dict[object, list[int]] = {}
        for clause in reversed(_left(old, set(found.values()))):
            waiting.setdefault(key(clause), []).append(clause.order)
        for clause in _left(new, set(found)):
            if key(clause) and waiting.get(key(clause)):
                found[clause.order] = waiting[key(clause)].pop()
    taken = set(found.values())
    for _, i, j in sorted(_scores(_left(old, taken), _left(new, set(found))), reverse=True):
        if i not in taken and j not in found:
            found[j] = i
            taken.add(i)
    return found


def _left(clauses: Sequence[TextClause], taken: set[int]) -> list[TextClause]:
    return [clause for clause in clauses if clause.order not in taken]


def _scores(old: list[TextClause], new: list[TextClause]) -> Iterator[tuple[float, int, int]]:
    """The share of words in common, whatever their order: cheap, and blind to a reshuffle."""
    bags = [[(clause.order, Counter(clause.text.split())) for clause in side] for side in (old, new)]
    for i, a in bags[0]:
        for j, b in bags[1]:
            size = a.total() + b.total()
            share = 2 * (a & b).total() / size if size else 0.0
            if share >= _SIMILAR:
                yield share, i, j


def _whole(
    old: Sequence[TextClause],
    new: Sequence[TextClause],
    partners: dict[int, int],
    before: Side,
    after: Side,
    moved: list[Moved],
) -> Iterator[tuple[float, Pair]]:
    """Each clause with what is left of it once the passages that moved are taken out."""
    rest = {clause.order: _rest(clause, before, [(m.old, m.old_span) for m in moved]) for clause in old}
    still = {i for i, _ in heaviest(sorted((i, j) for j, i in partners.items()), [clause.text + "." for clause in old])}
    for clause in new:
        there = partners.get(clause.order)
        mine = _rest(clause, after, [(m.new, m.new_span) for m in moved])
        if there is not None:
            away = there not in still or _elsewhere(old[there], clause, partners, old, new)
            yield clause.order, Pair(rest[there], mine, "moved" if away else _named(old[there], clause))
        elif mine.text.strip() or not clause.text.strip():
            yield clause.order, Pair(None, mine, "added")
    answers = {i: j for j, i in partners.items()}
    ahead = -1
    for clause in old:
        if clause.order in answers:
            ahead = max(ahead, answers[clause.order])
        elif rest[clause.order].text.strip() or not clause.text.strip():
            yield ahead + 0.7, Pair(rest[clause.order], None, "removed")


def _rest(clause: TextClause, side: Side, spans: list[tuple[int, tuple[int, int]]]) -> TextClause:
    gone = {s for text, span in spans if text == clause.order for s in range(*span)}
    if not gone:
        return clause
    return replace(clause, text="".join(each for s, each in enumerate(side.texts[clause.order]) if s not in gone))


def _elsewhere(
    before: TextClause,
    after: TextClause,
    partners: dict[int, int],
    old: Sequence[TextClause],
    new: Sequence[TextClause],
) -> bool:
    """Whether it stands below another heading now that was there before: neither the old one renamed nor a new one."""
    above = [clause.path[-2] if len(clause.path) > 1 else "" for clause in (before, after)]
    if above[0] == above[1] or not all(above):
        return False
    parent = next((clause.order for clause in reversed(new[: after.order]) if clause.path == after.path[:-1]), None)
    was = partners.get(parent) if parent is not None else None
    return was is not None and old[was].path != before.path[:-1]


def _named(old: TextClause, new: TextClause) -> How:
    if old.title == new.title:
        return "same"
    return "renumbered" if old.name == new.name else "renamed"


def _passage(
    old: Sequence[TextClause],
    new: Sequence[TextClause],
    partners: dict[int, int],
    before: Side,
    after: Side,
    moved: Moved,
) -> Pair:
    """A passage that moved: split off into a new clause, joined to another from one that is gone, or just moved."""
    mine = replace(old[moved.old], text="".join(before.texts[moved.old][slice(*moved.old_span)]))
    theirs = replace(new[moved.new], text="".join(after.texts[moved.new][slice(*moved.new_span)]))
    gone, came = moved.old not in partners.values(), moved.new not in partners
    how: How = "split" if came and not gone else "merged" if gone and not came else "moved"
    return Pair(mine, theirs, how)
