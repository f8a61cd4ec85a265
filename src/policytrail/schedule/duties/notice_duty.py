"""What notice a comparison owes: the promise in force governs, regimes add to it, the strictest combination wins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from policytrail.model.calendar import Count
from policytrail.model.change import Comparison, Severity
from policytrail.model.policy import Snapshot
from policytrail.model.version import Duty

from .regime import Regime
from .regimes import REGIMES, binding

NOTHING = Duty(0, "at_least", (), (), ())
# A prominent notice on the site is the site's notice, by whatever name the policy calls it.
_SAME_CHANNEL = {"site_prominent": "site", "home_page": "site", "main_site": "site"}


def duty(
    comparison: Comparison,
    old: Snapshot | None,
    new: Snapshot,
    in_force: Snapshot | None = None,
    event: str | None = None,
) -> Duty:
    """The duty of one version.

    In: its comparison, the snapshot that it follows, the new one, the one in force when it is announced (where another
    version lies between), an event that it is released under. Promises are read from all of them and the longest
    period holds, else a shorter promise could buy itself; the channels are those promised by the text in force.
    """
    if old is None or new.prose or not comparison.changes:
        return NOTHING
    told = [snapshot for snapshot in (in_force, old, new) if snapshot is not None]
    happened = REGIMES[event] if event else None
    # What a text promises that nobody has read can't govern; the one that is declared next does, and the usual period.
    promises = [_promised(snapshot, happened) for snapshot in told if not snapshot.prose]
    if happened and happened.event and not happened.event.waits:
        return _at_once(happened, promises[0])
    material = comparison.severity is Severity.MATERIAL or happened is not None
    found = [] if happened is None else [(happened, happened.days or 0)]
    for regime in binding([*(name for snapshot in told for name in snapshot.policy.regimes), *_unread(told)]):
        period = regime.period(comparison.changes)
        found += [] if period is None else [(regime, period)]
    if not material:
        found = [(regime, days) for regime, days in found if regime.other_days is not None]
        if not found:
            return NOTHING
        promises = []
    return _strictest(promises, found)


def _unread(told: list[Snapshot]) -> tuple[str, ...]:
    """The usual period, where a text holds whose own promise nobody has declared: unless a later one declares it, and
    the clause that states it stood there in the same words.
    """
    *before, new = told
    promise = new.promise()
    stating = [new.clauses[each] for each in new.stating(promise.id)] if promise else []
    for snapshot in (text for text in before if text.prose or text.promise() is None):
        stood = [
            snapshot.clauses[clause.id].text.split() if clause.id in snapshot.clauses else [] for clause in stating
        ]
        if not stating or stood != [clause.text.split() for clause in stating]:
            return ("promise-at-least-30",)
    return ()


def _promised(snapshot: Snapshot, event: Regime | None) -> Duty:
    """What the policy itself promises for material changes; for an event that it speaks of, that promise too."""
    made: list[Any] = [snapshot.promise(), _of_event(snapshot, event)]
    found = [each for each in made if each is not None]
    if not found:
        return NOTHING
    days = max(each.period_days or 0 for each in found)
    counts = [each.count for each in found if (each.period_days or 0) == days]
    channels = found[-1].channels
    any_of, all_of = (
        tuple(dict.fromkeys(_SAME_CHANNEL.get(each.kind, each.kind) for each in group))
        for group in (channels.any_of, channels.all_of)
    )
    return Duty(days, "full_days" if "full_days" in counts else "at_least", any_of, all_of, ("promise",))


def _of_event(snapshot: Snapshot, event: Regime | None) -> Any:
    for practice in snapshot.practices.values():
        on: Any = getattr(practice, "on", None)
        if event is not None and on is not None and on.event == event.id:
            return practice
    return None


def _at_once(happened: Regime, promise: Duty) -> Duty:
    """It takes effect on its date; a signed event that isn't only better for people is told the same day, everywhere."""
    assert happened.event is not None
    optional = happened.event.narrowing
    channels = () if optional else tuple(dict.fromkeys([*promise.any_of, *promise.all_of])) or ("site",)
    return Duty(happened.days or 0, happened.count, (), channels, (happened.id,), before=False)


def _strictest(promises: list[Duty], found: list[tuple[Regime, int]]) -> Duty:
    """The longest period, the longer way to count it, every channel that any of them needs."""
    days = max([promise.days for promise in promises] + [period for _, period in found], default=0)
    counts: list[Count] = [promise.count for promise in promises if promise.regimes and promise.days == days]
    counts += [regime.count for regime, period in found if period == days and regime.days is not None]
    groups = [
        promise.any_of
        for promise in (promises[:1] + [Duty(0, "at_least", one.any_of, (), ()) for one, _ in found])
        if promise.any_of
    ]
    needed = [kind for promise in promises[:1] for kind in promise.all_of] + [
        kind for each, _ in found for kind in each.all_of
    ]
    any_of, all_of = _channels(groups, needed)
    count: Count = "full_days" if "full_days" in counts else "at_least"
    return Duty(days, count, any_of, all_of, tuple(each.id for each, _ in found))


def _channels(groups: list[tuple[str, ...]], needed: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Any-of groups joined to one that satisfies all: what they share; where they share nothing, all of both."""
    all_of = list(dict.fromkeys(needed))
    shared: tuple[str, ...] = ()
    for group in groups:
        if any(kind in all_of for kind in group):
            continue
        both = tuple(kind for kind in shared if kind in group)
        if shared and not both:
            all_of += [kind for kind in (*shared, *group) if kind not in all_of]
            both = ()
        shared = both if shared else group
    shared = () if any(kind in all_of for kind in shared) else shared
    return (shared, tuple(all_of)) if shared or all_of else (("site",), ())
