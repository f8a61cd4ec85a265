"""A status as the object that others read; its shape is a contract: `status --format json` prints it. Pure."""

from __future__ import annotations

from policytrail.model.version import Status, VersionState


def to_json(found: Status) -> dict[str, object]:
    """The object that `status --format json` prints."""
    return {
        "as_of": found.as_of.isoformat(),
        "current": found.current and found.current.id,
        "pending": [_pending(state) for state in found.pending],
        "superseded": [version.id for version in found.superseded],
        "due": [{"what": due.what, "by": due.by.isoformat()} for due in found.due],
        "problems": list(found.problems),
    }


def _pending(standing: VersionState) -> dict[str, object]:
    version = standing.version
    return {
        "id": version.id,
        "severity": str(version.severity),
        "state": standing.state,
        "announced": version.announced.isoformat(),
        "effective": version.effective.isoformat(),
        "earliest_effective": standing.earliest_effective.isoformat(),
        "notice_days": version.duty.days,
        "notice_complete": standing.complete and standing.complete.isoformat(),
        "due": [{"what": due.what, "by": due.by.isoformat()} for due in standing.due],
        "remarks": list(standing.remarks),
        "gaps": [gap.isoformat() for gap in standing.gaps],
    }
