"""The notice calendar: for each version what notice it owed, by when, and what the evidence proves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from policytrail.model.calendar import earliest_effective, latest_complete
from policytrail.model.version import Version
from policytrail.schedule.status import complete_on

_COUNTS = {"full_days": "full days, neither end counted", "at_least": "days at least"}


@dataclass(frozen=True)
class Entry:
    """One version's notice. `complete` is None as long as no evidence proves it; `earliest` then is None, too."""

    version: Version
    owed: str
    channels: str
    last_day: date | None
    complete: date | None
    earliest: date | None
    proof: str


def notice_calendar(versions: Iterable[Version], as_of: date) -> tuple[Entry, ...]:
    """In: the versions known on a day, that day. Out: one entry each, the newest first."""
    return tuple(
        _entry(version, as_of)
        for version in sorted(versions, key=lambda each: each.id, reverse=True)
        if version.imported is None
    )


def _entry(version: Version, as_of: date) -> Entry:
    duty = version.duty
    proof = (
        ", ".join(f"{evidence.kind} on {evidence.on}" for evidence in version.evidence if evidence.on <= as_of)
        or "none recorded"
    )
    if not (duty.any_of or duty.all_of):
        return Entry(version, "No advance notice", "", None, None, None, proof)
    channels = ", and ".join(filter(None, [" or ".join(duty.any_of), " and ".join(duty.all_of)]))
    owed = f"{duty.days} {_COUNTS[duty.count]}" if duty.days else "Notice before it takes effect"
    complete = complete_on(duty, version.evidence, as_of)
    earliest = earliest_effective(complete, duty.days, duty.count) if complete else None
    return Entry(
        version, owed, channels, latest_complete(version.effective, duty.days, duty.count), complete, earliest, proof
    )
