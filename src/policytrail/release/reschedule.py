"""A pending version on another date: the same text, frozen again under its new date. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from policytrail.classify.engine import classify
from policytrail.errors import NoticeRefusal, RepositoryError
from policytrail.model.calendar import earliest_effective
from policytrail.model.change import Comparison
from policytrail.model.version import Status, Version, VersionState
from policytrail.schedule.duties.notice_duty import duty
from policytrail.schedule.status import lasting, status
from policytrail.schedule.version_order import untold

from .gate import compared_again
from .plan import Plan, newest
from .recompare import rulings_of, untold_sentence
from .refusals.dates import refuse_dates


def reschedule(
    versions: tuple[Version, ...], identity: str, effective: date, as_of: date, reason: str, by: str
) -> Plan:
    """What giving the pending version `identity` another date would freeze.

    A later date keeps the notice already given: people had longer than they were told. An earlier one is lawful only
    from the earliest date that the proven notice allows, and people must hear of the nearer date before it comes.
    Raises NoticeRefusal where it isn't pending or the date is too early.
    """
    found = status(versions, as_of)
    standing = next((state for state in found.pending if state.version.id == identity), None)
    if standing is None or standing.state in ("withdrawn", "superseded"):
        raise NoticeRefusal(f"{identity} isn't pending on {as_of}; only a pending version can get another date.")
    if any(version.effective == effective for version in versions):
        raise RepositoryError(f"There is a version for {effective} already, and ids are never used again.")
    refuse_dates(effective, as_of, versions, found)
    _refuse_early(standing, effective, as_of)
    made = _plan(versions, found, standing.version, effective, as_of, {"reason": reason, "by": by})
    recompared = compared_again(made, found, ())
    wrong = [moved for moved in recompared if moved.untold]
    if wrong:
        raise NoticeRefusal(*(untold_sentence(moved, made.id) for moved in wrong))
    return replace(made, recompared=recompared)


def _refuse_early(standing: VersionState, effective: date, as_of: date) -> None:
    version = standing.version
    earliest = max(standing.earliest_effective, as_of)
    if effective < version.effective and version.duty.owed:
        earliest = max(earliest, earliest_effective(as_of, 0, version.duty.count))
        if standing.complete is None:
            raise NoticeRefusal(f"The notice of {version.id} isn't complete, so its date can't be brought forward.")
    if effective < earliest:
        raise NoticeRefusal(f"{effective} is too early: the notice given so far allows {earliest} at the earliest.")


def _plan(
    versions: tuple[Version, ...], found: Status, moved: Version, effective: date, as_of: date, why: dict[str, str]
) -> Plan:
    others = (version for version in reversed(lasting(found)) if version.id != moved.id)
    base = next((other for other in others if other.effective < effective), None)
    identity, draft = effective.isoformat(), moved.snapshot
    old = base.snapshot if base else None
    comparison = classify(old, draft, base.id if base else None, identity, rulings_of(moved.comparison))
    beyond = untold(comparison, moved.comparison)
    if beyond:
        raise NoticeRefusal(
            f"On {effective} it would follow {base.id if base else 'nothing'} and change what its notice didn't tell "
            f"({beyond[0].summary}). Withdraw {moved.id} and release it again with a notice of its own."
        )
    owed = duty(comparison, old, draft, found.current.snapshot if found.current else None)
    return Plan(
        identity,
        effective,
        as_of,
        newest(versions),
        base,
        draft,
        comparison,
        owed,
        moved,
        Comparison(moved.id, identity),
        {"id": "rescheduled", **why},
        replaces=(moved,),
    )
