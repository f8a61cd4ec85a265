"""What notice a comparison owes: the promise in force governs, regimes add to it, the strictest combination wins."""

from __future__ import annotations

from typing import Any, Literal

from ..model.change import Comparison, Severity
from ..model.policy import Snapshot
from ..model.version import Duty
from .regimes import REGIMES, Regime

NOTHING = Duty(0, "at_least", (), (), ())


def duty(comparison: Comparison, old: Snapshot | None, new: Snapshot) -> Duty:
    """The duty of one version. In: its comparison, the snapshot in force, the new snapshot.

    Only material changes owe advance notice. The promise read from the *old* text governs; where the two differ, the
    longer period, else a shorter promise could buy itself. Regimes named by either side count.
    """
    if comparison.severity is not Severity.MATERIAL or old is None:
        return NOTHING
    names = list(dict.fromkeys([*old.policy.regimes, *new.policy.regimes]))
    regimes = [REGIMES[each] for each in names if each in REGIMES and REGIMES[each].event is None and each != "minor"]
    promises = [_promised(each) for each in (old, new)]
    days = max([each.days for each in promises] + [each.days or 0 for each in regimes])
    return Duty(days, _count(promises, regimes, days), _any_of(promises[0], regimes), _all_of(promises[0], regimes),
                tuple(each.id for each in regimes))  # fmt: skip


def _promised(snapshot: Snapshot) -> Duty:
    promise: Any = snapshot.promise()
    if promise is None:
        return NOTHING
    kinds = [tuple(each.kind for each in group) for group in (promise.channels.any_of, promise.channels.all_of)]
    return Duty(promise.period_days or 0, promise.count, kinds[0], kinds[1], ("promise",))


def _count(promises: list[Duty], regimes: list[Regime], days: int) -> Literal["full_days", "at_least"]:
    """Counting whole days is the longer way: it holds when anything that asks for the longest period counts so."""
    counts = [each.count for each in promises if each.days == days and each.regimes]
    counts += [each.count for each in regimes if each.days == days and days]
    return "full_days" if "full_days" in counts else "at_least"


def _any_of(promise: Duty, regimes: list[Regime]) -> tuple[str, ...]:
    """One of these is enough; no regime and no promise on channels leaves the site."""
    if promise.any_of:
        return promise.any_of
    if promise.all_of:
        return ()
    return next((each.any_of for each in regimes if each.any_of), () if _all_of(promise, regimes) else ("site",))


def _all_of(promise: Duty, regimes: list[Regime]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*promise.all_of, *(kind for each in regimes for kind in each.all_of)]))
