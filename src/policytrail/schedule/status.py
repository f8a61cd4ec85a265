"""The status of every version on a day: a pure function of versions, evidence and the date. Nothing sleeps for 30 days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from ..model.dates import in_words
from ..model.version import Due, Duty, Evidence, Standing, State, Status, Version
from .calendar import earliest_effective, latest_complete


def complete_on(duty: Duty, evidence: Iterable[Evidence], as_of: date) -> date | None:
    """The day on which the owed notice was complete, as far as the evidence up to `as_of` proves it; None if it doesn't.

    Any one channel of `any_of` is enough (the first that is complete), all of `all_of` are needed (the last).
    """
    first: dict[str, date] = {}
    for each in evidence:
        if each.on <= as_of:
            first[each.kind] = min(each.on, first.get(each.kind, each.on))
    if any(kind not in first for kind in duty.all_of):
        return None
    enough = [first[kind] for kind in duty.any_of if kind in first]
    if duty.any_of and not enough:
        return None
    return max([*(first[kind] for kind in duty.all_of), *([min(enough)] if enough else [])], default=None)


def status(versions: Sequence[Version], as_of: date) -> Status:
    """How every version that was announced by `as_of` stands on that day. In: versions oldest first.

    A version takes effect at 00:00 local of its date, or of the first lawful day where its notice came late, and never
    before the version that it builds on: else an editorial one could carry an unnoticed material one with it.
    """
    known = [each for each in versions if each.announced <= as_of]
    in_force: list[Version] = []
    pending: list[Standing] = []
    problems: list[str] = []
    before: date | None = date.min  # the day on which the version before took effect; None: it can't yet
    withdrawn: set[str] = set()
    for version in known:
        if _withdrawn(version, as_of):
            withdrawn.add(version.manifest)
            pending.append(Standing(version, "withdrawn", None, version.effective))
            continue
        orphan = version.previous_manifest in withdrawn
        standing, start = _stand(version, as_of, None if orphan else before)
        if orphan:
            problems.append(f"{version.id} builds on a version that was withdrawn; release it again without it.")
        before = start
        if start is not None and start <= as_of:
            in_force.append(version)
        else:
            pending.append(standing)
            problems += _problem(standing, as_of)
    current = in_force[-1] if in_force else None
    return Status(as_of, current, tuple(pending), tuple(in_force[:-1]), tuple(problems))


def _withdrawn(version: Version, as_of: date) -> bool:
    return any(each.kind == "withdrawn" and each.on <= as_of for each in version.evidence)


def _stand(version: Version, as_of: date, before: date | None) -> tuple[Standing, date | None]:
    """One version's standing, and the day on which it takes effect as far as is known (None: not yet to be told)."""
    duty = version.duty
    if not (duty.any_of or duty.all_of):
        start = None if before is None else max(version.effective, before)
        state: State = "blocked" if before is None else "noticed"
        return Standing(version, state, version.announced, version.effective, _takes_effect(version)), start
    complete = complete_on(duty, version.evidence, as_of)
    earliest = earliest_effective(complete or max(as_of, version.announced), duty.days, duty.count)
    last = latest_complete(version.effective, duty.days, duty.count)
    if complete is not None and earliest <= version.effective and before is not None:
        standing = Standing(version, "noticed", complete, earliest, _takes_effect(version))
    elif complete is None and as_of <= last:
        channels = _channels(duty)
        standing = Standing(version, "announcing", None, earliest, (Due(f"complete the notice ({channels})", last),))
    else:
        due = (Due("complete the notice", as_of),) if complete is None else ()
        standing = Standing(version, "blocked", complete, earliest, due)
    if complete is None or before is None:
        return standing, None
    return standing, max(version.effective, earliest, before)


def _takes_effect(version: Version) -> tuple[Due, ...]:
    return (Due("takes effect", version.effective),)


def _channels(duty: Duty) -> str:
    parts = [" or ".join(duty.any_of), " and ".join(duty.all_of)]
    return ", and ".join(part for part in parts if part)


def _problem(standing: Standing, as_of: date) -> list[str]:
    """Why a version can't take effect on its date, and from when it may; empty while all is well."""
    version, duty = standing.version, standing.version.duty
    if standing.state != "blocked":
        return []
    counted = "full days" if duty.count == "full_days" else "days"
    owed = f"{duty.days} {counted} of notice by {_channels(duty)}" if duty.days else f"notice by {_channels(duty)}"
    if standing.complete:
        proof = f"but the notice was complete only on {in_words(standing.complete)}"
    elif duty.any_of or duty.all_of:
        proof = "but no complete notice is proven"
    else:
        owed, proof = "that the version before it is in force", "which isn't so"
    when = f"It may take effect from {standing.earliest_effective} at the earliest"
    when += ", if the notice is complete today." if standing.complete is None and duty.days else "."
    return [f"{version.id} can't take effect on {in_words(version.effective)}: it needs {owed}, {proof}. {when}"]


def to_json(found: Status) -> dict[str, object]:
    """The object that `status --format json` prints."""
    return {
        "as_of": found.as_of.isoformat(),
        "current": found.current and found.current.id,
        "pending": [_pending(each) for each in found.pending],
        "superseded": [each.id for each in found.superseded],
        "problems": list(found.problems),
    }


def _pending(standing: Standing) -> dict[str, object]:
    version = standing.version
    return {
        "id": version.id, "severity": str(version.severity), "state": standing.state,
        "announced": version.announced.isoformat(), "effective": version.effective.isoformat(),
        "earliest_effective": standing.earliest_effective.isoformat(), "notice_days": version.duty.days,
        "notice_complete": standing.complete and standing.complete.isoformat(),
        "due": [{"what": each.what, "by": each.by.isoformat()} for each in standing.due],
    }  # fmt: skip
