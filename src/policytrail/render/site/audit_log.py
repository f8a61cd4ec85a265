"""Who decided, released and withdrew what, when and why: every act on record, for the page `/audit/`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from policytrail.model.calendar import local_day
from policytrail.model.change import Change
from policytrail.model.dates import in_words
from policytrail.model.version import Evidence, Version
from policytrail.render.diff.change_groups import anchor
from policytrail.render.shared.phrases import SEVERITIES, evidence_words, sentence
from policytrail.render.state.site_view import SiteView, told_on

NOT_RECORDED = "Not recorded"


@dataclass(frozen=True)
class Act:
    """One act: on which day, at which moment (ISO 8601, where it was recorded), what, by whom, why, and the page of it."""

    on: date
    at: str
    what: str
    who: str
    why: str
    page: str


def acts(view: SiteView) -> tuple[Act, ...]:
    """Every act on the versions that the view knows, the newest first; of one day, the later in the order of a release first.

    One whose own day is later than the view's is shown, too: a ruling bears the clock's day, a site any day.
    """
    found = [each for version in view.versions for each in _of(view, version)]
    found.reverse()
    return tuple(sorted(found, key=lambda each: each.on, reverse=True))


def _of(view: SiteView, version: Version) -> Iterator[Act]:
    for change in version.comparison.changes:
        if change.decision:
            yield _ruling(version, change)
    yield _release(version)
    for evidence in version.evidence:
        if evidence.on <= view.as_of:
            yield _recorded(version, evidence, view.retracted(version)[0])


def _ruling(version: Version, change: Change) -> Act:
    ruling = change.decision
    assert ruling is not None
    lowered = " A rule calls this change material." if change.lowered else ""
    what = f"Ruling: {SEVERITIES[ruling.severity].lower()}.{lowered} {sentence(change)}"
    page = f"versions/{version.id}/changes/#{anchor(change)}"
    return Act(date.fromisoformat(ruling.on[:10]), ruling.at, what, ruling.by, ruling.reason, page)


def _release(version: Version) -> Act:
    if version.imported is not None:
        return _taken_over(version)
    what = f"Release of version {version.id}, in force from {in_words(version.effective)}"
    who = version.released.get("by") or NOT_RECORDED
    why = version.released.get("reason", "")
    at = version.recorded.isoformat() if version.recorded else ""
    return Act(version.announced, at, what, who, why, f"versions/{version.id}/")


def _taken_over(version: Version) -> Act:
    """It was taken over on the day on which it was recorded, long after its own."""
    assert version.recorded is not None and version.imported is not None
    commit = version.imported["commit"][:10]
    what = f"Version {version.id} taken over from the git history of {version.imported['path']} (commit {commit})"
    on = local_day(version.recorded, version.snapshot.policy.zone)
    return Act(on, version.recorded.isoformat(), what, NOT_RECORDED, "", f"versions/{version.id}/")


def _recorded(version: Version, evidence: Evidence, untold: bool) -> Act:
    record = evidence.record
    begun = "Retraction begun" if evidence.kind == "started" and record.get("stream") == "retraction" else None
    what = f"{begun or evidence_words(evidence.kind)}: version {version.id}"
    what += " (those who were told by email are still to be told)" if untold and evidence.kind == "withdrawn" else ""
    who, why = (str(record.get(name, "")) for name in ("by", "reason"))
    return Act(evidence.on, "", what, who, why, told_on(version))
