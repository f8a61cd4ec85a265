"""What happens to a pending version when another one gets between it and the text that it was compared with. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from policytrail.classify.engine import classify
from policytrail.model.change import Change, Comparison, Decision
from policytrail.model.version import Status, Version
from policytrail.schedule.version_order import follows, untold


@dataclass(frozen=True)
class Recomparison:
    """A pending version compared with `before`, not the one it was released after, and what its notice didn't tell of that."""

    version: Version
    before: Version
    comparison: Comparison
    untold: tuple[Change, ...]


def rulings_of(comparison: Comparison) -> tuple[Decision, ...]:
    """The rulings that a frozen comparison carries. They are on record, so they hold as they did when they were made."""
    return tuple(replace(change.decision, override=True) for change in comparison.changes if change.decision)


def rebased(lined_up: Sequence[Version], found: Status, decisions: Sequence[Decision]) -> tuple[Recomparison, ...]:
    """Of versions in the order in which they will take effect: those that have to be compared again, compared."""
    waiting = {state.version.id for state in found.pending}
    result = []
    for before, version in pairwise(lined_up):
        if version.id not in waiting or follows(version, before, found.as_of):
            continue
        rulings = {ruling.change: ruling for ruling in (*rulings_of(version.comparison), *decisions)}
        fresh = classify(before.snapshot, version.snapshot, before.id, version.id, rulings.values())
        result.append(Recomparison(version, before, fresh, untold(fresh, version.comparison)))
    return tuple(result)


def untold_sentence(recomparison: Recomparison, identity: str) -> str:
    first = recomparison.untold[0].summary
    return (
        f"{recomparison.version.id} is pending and would follow {identity}; then it changes what its notice didn't tell "
        f"({first}). Withdraw it first ('policytrail withdraw {recomparison.version.id}') and release it again afterwards."
    )


def reclassified(versions: Sequence[Version], found: Status, decisions: Sequence[Decision]) -> tuple[Recomparison, ...]:
    """Pending versions whose notice lost its truth: a ruling made since calls material what it didn't tell."""
    by_id = {version.id: version for version in versions}
    result = []
    for version in (state.version for state in found.pending if state.state not in ("withdrawn", "superseded")):
        base = by_id.get(version.comparison.old or "")
        if base is None:
            continue
        rulings = {ruling.change: ruling for ruling in (*rulings_of(version.comparison), *decisions)}
        fresh = classify(base.snapshot, version.snapshot, base.id, version.id, rulings.values())
        judged = _as_judged_then(fresh, version.comparison)
        result.append(Recomparison(version, base, judged, untold(judged, version.comparison)))
    return tuple(found for found in result if found.untold)


def _as_judged_then(fresh: Comparison, frozen: Comparison) -> Comparison:
    """Only what the frozen comparison found, and what a person has ruled on: newer rules don't judge an older release."""
    known = {change.fingerprint for change in frozen.changes}
    kept = (change for change in fresh.changes if change.decision or change.fingerprint in known)
    return replace(fresh, changes=tuple(kept))
