"""What must follow from what was frozen: dates in order, the duty from the texts, notice complete in time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from policytrail.archive.evidence_log import CHECKS
from policytrail.errors import Problem
from policytrail.model.calendar import local_day
from policytrail.model.change import Severity
from policytrail.model.policy import Snapshot
from policytrail.model.version import Duty, Status, Version
from policytrail.schedule.duties.notice_duty import duty
from policytrail.schedule.duties.regimes import REGIMES, rules_digest
from policytrail.schedule.status import channels, proven
from policytrail.schedule.version_order import replacement, untold
from policytrail.workspace import VERSIONS

_RESTORE = "Restore it from git; frozen versions are never edited."
_SKEW = timedelta(minutes=5)


def in_release_order(versions: Sequence[Version]) -> list[Version]:
    """The versions in the order of their releases, by the chain of manifests."""
    after = {version.previous_manifest: version for version in versions}
    found: list[Version] = []
    while (following := after.get(found[-1].manifest if found else None)) is not None and len(found) < len(versions):
        found.append(following)
    return found


def dates(version: Version, latest: date) -> Iterable[Problem]:
    """Dates that contradict each other or lie ahead of `latest` (the clock's day, or a later one that was asked about)."""
    where = f"{VERSIONS}/{version.id}/manifest.json"
    if version.id[:10] != version.effective.isoformat() or version.announced > version.effective:
        yield Problem(where, 0, "The dates of this version contradict each other.", _RESTORE, "dates-order")
    if version.announced > latest:
        yield Problem(where, 0, "It is announced in the future.", "Correct the clock, or wait.", "date-future")
    if version.recorded and local_day(version.recorded, version.snapshot.policy.zone) > latest:
        yield Problem(where, 0, "It was recorded in the future.", "Correct the clock.", "date-future")
    for number, evidence in enumerate(version.evidence, 1):
        path = f"{VERSIONS}/{version.id}/evidence/{number:04d}-{evidence.kind}.json"
        if evidence.on < version.announced:
            yield Problem(path, 0, "This evidence is older than the announcement.", _RESTORE, "dates-order")
        if evidence.on > latest:
            yield Problem(
                path, 0, "This evidence is dated in the future.", "Correct the clock, or wait.", "date-future"
            )
        for sentence in (found for check in CHECKS.get(evidence.kind, []) for found in check(evidence)):
            yield Problem(path, 0, sentence, _RESTORE, "record-form")
    started, sent = (
        [evidence.on for evidence in version.evidence if evidence.kind == kind] for kind in ("started", "email")
    )
    if started and sent and min(sent) < min(started):
        message = "The mailing is complete before it was started."
        yield Problem(f"{VERSIONS}/{version.id}/evidence", 0, message, _RESTORE, "dates-order")


def notice_owed(
    version: Version, versions: Sequence[Version], current: Version | None
) -> tuple[list[Problem], list[Problem]]:
    """Whether the notice owed follows from the texts: what is wrong, and what can't be told.

    `current`: the version that was in force when this one was announced.

    It is worked out again only under the rules that the version was frozen with; under newer ones a difference proves
    nothing. What the policy itself promised holds under any rules.
    """
    if version.imported is not None:  # nothing is owed for what wasn't released here; imported.py sees to it
        return [], []
    where = f"{VERSIONS}/{version.id}/manifest.json"
    base = next((other.snapshot for other in versions if other.id == version.comparison.old), None)
    in_force = current.snapshot if current else None
    if _below_promise(version, in_force or base):
        message = "Less notice is owed here than the policy promised."
        return [Problem(where, 0, message, _RESTORE, "duty-below-promise")], []
    event = (version.event or {}).get("id")
    owed = duty(version.comparison, base, version.snapshot, in_force, event if event in REGIMES else None)
    if _same(owed, version.duty):
        return [], []
    if version.rules == rules_digest():
        return [
            Problem(where, 0, "The notice owed doesn't follow from the promise in force.", _RESTORE, "duty-wrong")
        ], []
    message = (
        f"{version.id} was frozen under other rules of notice than today's; the notice owed then is taken as it stands."
    )
    return [], [Problem("", 0, message, "", "rules-changed")]


def _same(one: Duty, other: Duty) -> bool:
    fields = ("days", "count", "any_of", "all_of", "before")
    return all(getattr(one, name) == getattr(other, name) for name in fields)


def _below_promise(version: Version, governing: Snapshot | None) -> bool:
    """Whether a material change owes less than the text in force promises; an event may free it, and is on record."""
    if not version.duty.before:
        return version.event is None
    if governing is None or version.severity is not Severity.MATERIAL:
        return False
    promise = governing.promise()
    days = getattr(promise, "period_days", None) or 0
    count = getattr(promise, "count", "at_least")
    owed = version.duty
    return not owed.owed or owed.days < days or (owed.days == days and count == "full_days" != owed.count)


def lowered(version: Version) -> list[Problem]:
    """What rules prove material and a person ruled less: a remark for each such change."""
    return [
        Problem(
            "",
            0,
            f"{version.id}: a rule calls {change.id} material ({change.reason}); {change.decision.by} ruled it "
            f"{change.severity}.",
            "",
            "lowered",
        )
        for change in version.comparison.changes
        if change.lowered and change.decision
    ]


def correction(version: Version, versions: Sequence[Version]) -> list[Problem]:
    """A version that takes over another one's notice may hold nothing that the notice didn't tell."""
    if version.corrects is None:
        return []
    where = f"{VERSIONS}/{version.id}/correction.json"
    corrected = next((other for other in versions if other.manifest == version.corrects), None)
    differs = version.correction
    if corrected is None or differs is None or differs.old != corrected.id:
        return [Problem(where, 0, "What this version corrects isn't here as it was.", _RESTORE, "correction-foreign")]
    told = {change.id for change in corrected.comparison.of(Severity.MATERIAL)}
    small = differs.severity in (Severity.EDITORIAL, Severity.NONE)
    beyond = [
        change for change in untold(version.comparison, corrected.comparison) if not (small and change.id in told)
    ]
    if differs.severity is Severity.MATERIAL or beyond:
        message = f"This goes beyond a correction: the notice of {corrected.id} didn't tell all of it."
        return [Problem(where, 0, message, _RESTORE, "correction-beyond")]
    return []


def in_time(version: Version, versions: Sequence[Version], found: Status) -> list[Problem]:
    """For a version that owes notice and whose date has come: was the notice complete in time, by all that is known now?"""
    gone = {state.version.id for state in found.pending if state.state in ("withdrawn", "superseded")}
    other = replacement(version, versions)
    if not version.duty.owed or version.effective > found.as_of or version.id in gone:
        return []
    if other is not None and version.id not in found.since:
        return []
    complete, earliest = proven(version, versions, found.as_of)
    if not version.duty.before:
        return _same_day(version, complete)
    if complete is None:
        message = (
            f"{version.id}: no complete notice is proven; evidence of {version.duty.days} days of notice is missing."
        )
        return [Problem("", 0, message, "", "notice-missing")]
    start = found.since.get(version.id)
    if start is not None and start >= earliest:
        return []
    message = f"{version.id}: notice was complete on {complete}, too late; it may take effect from {earliest}."
    return [Problem("", 0, message, "", "notice-late")]


def retracted(found: Status) -> tuple[list[Problem], list[Problem]]:
    """Withdrawn versions of which people were told by mail, and not that they are withdrawn: proof missing, and remarks."""
    missing: list[Problem] = []
    owed: list[Problem] = []
    for state in found.pending:
        if state.state == "withdrawn" and state.due:
            late = state.version.effective <= found.as_of
            message = f"{state.version.id} is withdrawn; that those who were told by email know of it isn't proven."
            problem = Problem("", 0, message, "", "retraction-missing" if late else "retraction-owed")
            (missing if late else owed).append(problem)
    return missing, owed


def _same_day(version: Version, complete: date | None) -> list[Problem]:
    if complete is not None and complete <= version.effective:
        return []
    when = "isn't proven" if complete is None else f"came only on {complete}"
    message = f"{version.id} took effect without waiting; the notice owed the same day ({channels(version)}) {when}."
    return [Problem("", 0, message, "", "notice-missing" if complete is None else "notice-late")]


def recorded_after(version: Version, parent: datetime | None) -> list[Problem]:
    """A version is recorded after the commit that it builds on; a rebase or a wrong clock makes it look otherwise."""
    if parent is None or version.recorded is None or version.recorded + _SKEW >= parent:
        return []
    message = (
        f"{version.id} says it was recorded at {version.recorded:%Y-%m-%d %H:%M} UTC, before the commit that it builds on "
        f"({parent:%Y-%m-%d %H:%M} UTC): history was rebased since, or a clock was wrong."
    )
    return [Problem("", 0, message, "", "before-parent")]
