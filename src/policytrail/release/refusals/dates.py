"""Dates that can't be: before the text in force, before what is recorded, into the past, with too little notice. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from policytrail.archive.clock_checks import time_refusal
from policytrail.model.dates import in_words
from policytrail.model.version import Duty, Status, Version
from policytrail.schedule.version_order import order

from .refusal import Refusal, refuse

_LATER = "Choose a later date."


def refuse_dates(effective: date, as_of: date, versions: Sequence[Version], found: Status) -> None:
    """Raise NoticeRefusal where dates go back: before the text in force, before what is recorded, into the past."""
    refuse(date_refusals(effective, as_of, versions, found))


def date_refusals(effective: date, as_of: date, versions: Sequence[Version], found: Status) -> list[Refusal]:
    """Dates that go back: before the text in force, before what is recorded, into the past."""
    refusals = []
    floor = lowest(versions, found)
    if floor and effective <= floor.effective:
        refusals.append(Refusal(floor.id, f"{effective} isn't after {floor.id}, the version in force.", _LATER))
    refusals += time_refusals(as_of, versions)
    if effective < as_of:
        past = f"{effective} lies before {as_of}: a version can't take effect in the past."
        refusals.append(Refusal("policy", past, _LATER))
    return refusals


def lowest(versions: Sequence[Version], found: Status) -> Version | None:
    """The version after which a new one must take effect: the one in force, else the first."""
    return found.current or (min(versions, key=order) if versions else None)


def time_refusals(as_of: date, versions: Sequence[Version]) -> list[Refusal]:
    """A day before the newest announcement or record."""
    told = time_refusal(as_of, versions)
    return [Refusal("policy", *told)] if told else []


def backdating_refusals(versions: Sequence[Version], as_of: date, clock: datetime) -> list[Refusal]:
    """History can be set up with dates of the past; once a release has been made live, notice can't be dated back."""
    live = next((version for version in versions if not version.reconstructed or version.imported), None)
    if live is None or as_of >= clock.astimezone(live.snapshot.policy.zone).date():
        return []
    how = "is taken over from a history that went on until now" if live.imported else "was released on its own day"
    message = f"{live.id} {how}, so a release can't be dated back to {as_of} any more: a notice that nobody saw proves nothing."
    return [Refusal(live.id, message, "Release without --as-of.")]


def held_back_refusals(base: Version | None, found: Status) -> list[Refusal]:
    """Nothing can follow a version that is past its date and held back because its notice isn't proven."""
    late = next((state for state in found.pending if base and state.version.id == base.id), None)
    if late is None or late.state != "blocked" or late.version.effective > found.as_of:
        return []
    identity = late.version.id
    message = f"{identity} is held back, because its notice isn't proven, and nothing can follow it."
    earliest = late.earliest_effective
    later = f"Withdraw it, or give it a later date: policytrail reschedule {identity} --effective {earliest} ..."
    return [Refusal(identity, message, later)]


def too_early(effective: date, allowed: date, lawful: date, as_of: date, owed: Duty) -> Refusal:
    """A date that leaves too little notice. In: the date, what the notice allows, and the first date to name instead."""
    counted = "full days" if owed.count == "full_days" else "days"
    message = (
        f"{effective} is too early: a material change needs {owed.days} {counted} of notice, and notice given on "
        f"{in_words(as_of)} allows {allowed.isoformat()} at the earliest."
    )
    return Refusal("policy", message, f"Run again with --effective {lawful.isoformat()}.")
