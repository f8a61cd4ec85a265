"""What happens to a pending version when another one gets between it and the text that it was compared with. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from policytrail.classify.engine import classify
from policytrail.model.change import Change, Comparison, Decision
from policytrail.model.version import Status, Version
from policytrail.schedule.version_order import follows, untold


@dataclass(frozen=True)
class Again:
    """A pending version compared with `before`, not the one it was released after, and what its notice didn't tell of that."""

    version: Version
    before: Version
    comparison: Comparison
    untold: tuple[Change, ...]


def rulings_of(comparison: Comparison) -> tuple[Decision, ...]:
    """The rulings that a frozen comparison carries."""
    return tuple(change.decision for change in comparison.changes if change.decision)


def rebased(lined_up: Sequence[Version], found: Status, decisions: Sequence[Decision]) -> tuple[Again, ...]:
    """Of versions in the order in which they will take effect: those that have to be compared again, compared."""
    waiting = {state.version.id for state in found.pending}
    result = []
    for before, version in pairwise(lined_up):
        if version.id not in waiting or follows(version, before, found.as_of):
            continue
        rulings = {ruling.change: ruling for ruling in (*rulings_of(version.comparison), *decisions)}
        fresh = classify(before.snapshot, version.snapshot, before.id, version.id, rulings.values())
        result.append(Again(version, before, fresh, untold(fresh, version.comparison)))
    return tuple(result)


def untold_sentence(again: Again, identity: str) -> str:
    first = again.untold[0].summary
    return (
        f"{again.version.id} is pending and would follow {identity}; then it changes what its notice didn't tell "
        f"({first}). Withdraw it first ('policytrail withdraw {again.version.id}') and release it again afterwards."
    )


def reclassified(versions: Sequence[Version], found: Status, decisions: Sequence[Decision]) -> tuple[Again, ...]:
    """Pending versions whose notice lost its truth: a ruling made since calls material what it didn't tell."""
    by_id = {each.id: each for each in versions}
    result = []
    for version in (state.version for state in found.pending if state.state not in ("withdrawn", "superseded")):
        base = by_id.get(version.comparison.old or "")
        if base is None:
            continue
        rulings = {ruling.change: ruling for ruling in (*rulings_of(version.comparison), *decisions)}
        fresh = classify(base.snapshot, version.snapshot, base.id, version.id, rulings.values())
        result.append(Again(version, base, fresh, untold(fresh, version.comparison)))
    return tuple(each for each in result if each.untold)
