"""The status of every version on a day: a pure function of versions, evidence and the date. Nothing sleeps for 30 days."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from policytrail.model.calendar import earliest_effective, latest_complete
from policytrail.model.change import Severity
from policytrail.model.dates import in_words
from policytrail.model.version import Due, Evidence, State, Status, Version, VersionState

from .later_duties import REVIEW, afterwards, at_once
from .notice_completion import channels, complete_on, gaps
from .remarks import remarks
from .version_order import carried, follows, moved_forward, order, told_by, told_instead, withdrawn

RETRACTION = "retraction"  # the evidence that those who were told by email know of the withdrawal
_ALWAYS = date.min  # before the first version there was always nothing


def status(versions: Sequence[Version], as_of: date) -> Status:
    """How every version that was announced by `as_of` stands on that day. In: versions in any order.

    A version takes effect at 00:00 local of its date, or of the first lawful day where its notice came late, and never
    before the version that it builds on: else an editorial one could carry an unnoticed material one with it.
    """
    known = sorted((each for each in versions if each.announced <= as_of), key=order)
    in_force: list[Version] = []
    pending: list[VersionState] = []
    problems: list[str] = []
    broken: list[str] = []
    since: dict[str, date] = {}
    due: list[Due] = []
    replaced = {each.corrects: each for each in known if each.corrects}
    below = _Below(None, _ALWAYS)
    for version in known:
        if withdrawn(version, as_of):
            pending.append(_withdrawn(version, known, as_of))
            broken += _false_promise(pending[-1], as_of)
            continue
        if _never_came(version, replaced.get(version.manifest), known, below):
            pending.append(VersionState(version, "superseded", None, version.effective))
            continue
        standing, start = _stand(version, known, below, as_of)
        problems += _orphan(version, below, known, as_of)
        if start is not None and start <= as_of:
            in_force.append(version)
            since[version.id] = start
            told, late = at_once(version, standing.complete, as_of)
            due += told
            problems += late
        else:
            pending.append(_close(standing, below.version))
            problems += _problem(standing, as_of)
        below = _Below(version, start)
    current = in_force[-1] if in_force else None
    if current is not None:
        proofs = (*carried(current, known), *(evidence for evidence in current.evidence if evidence.kind == REVIEW))
        later, late = afterwards(current, since[current.id], proofs, as_of)
        due += later
        broken += late
    return Status(
        as_of, current, tuple(pending), tuple(in_force[:-1]), (*problems, *broken), since, tuple(due), tuple(broken)
    )


def texts_in_force(released: Sequence[Version]) -> dict[str, Version | None]:
    """For each version, by its manifest, the one in force when it was announced. In: versions in the order of their release.

    For each the same as `status(those before it, its announcement).current`, in one pass: what has come into force stays
    the ground of everything later, so that what lies below it needn't be looked at again.
    """
    known: list[Version] = []
    replaced: dict[str, Version] = {}
    found: dict[str, Version | None] = {}
    ground = _Below(None, _ALWAYS)
    for version in released:
        first = bisect_right(known, order(ground.version), key=order) if ground.version else 0
        ground = _ground(known, first, ground, replaced, version.announced)
        found[version.manifest] = ground.version
        insort(known, version, key=order)
        if version.corrects:
            replaced[version.corrects] = version
    return found


def _ground(known: Sequence[Version], first: int, ground: _Below, replaced: Mapping[str, Version], day: date) -> _Below:
    """The last version in force on a day among those from `first` on, else the ground that they lie on."""
    below = ground
    for version in known[first:]:
        if version.announced > day or withdrawn(version, day):
            continue
        if _never_came(version, replaced.get(version.manifest), known, below):
            continue
        below = _Below(version, _stand(version, known, below, day)[1])
        if below.start is not None and below.start <= day:
            ground = below
    return ground


def lasting(found: Status) -> tuple[Version, ...]:
    """The versions that were, are or will be in force, in that order: not the withdrawn and the replaced ones."""
    coming = [state.version for state in found.pending if state.state not in ("withdrawn", "superseded")]
    return tuple(sorted([*found.superseded, *([found.current] if found.current else []), *coming], key=order))


def proven(version: Version, versions: Sequence[Version], as_of: date) -> tuple[date | None, date]:
    """The day on which a version's notice was complete by all that is known on a day, and the earliest effect by that."""
    return _Found(version, carried(version, versions), moved_forward(version, versions)).at(as_of)


def followed(versions: Sequence[Version], effective: date | None = None) -> Version | None:
    """The version that the draft would follow: the last one, or the last until that day; None before the first."""
    days = [version.announced for version in versions] + [one.on for version in versions for one in version.evidence]
    listed = lasting(status(versions, max(days))) if days else ()
    return next((version for version in reversed(listed) if effective is None or version.effective <= effective), None)


@dataclass(frozen=True)
class _Below:
    """What a version lies on: the version before it, and the day on which that takes effect (None: it can't yet)."""

    version: Version | None
    start: date | None


def _withdrawn(version: Version, known: Sequence[Version], as_of: date) -> VersionState:
    on = min(evidence.on for evidence in version.evidence if evidence.kind == "withdrawn")
    told_again = min(
        (evidence.on for evidence in version.evidence if evidence.kind == RETRACTION and evidence.on <= as_of),
        default=None,
    )
    owed = "email" in told_by(version, known) and told_again is None
    what = "tell those who were told by email that it is withdrawn"
    instead = [each.id for each in told_instead(version, known, as_of) if each.announced <= as_of and each.duty.owed]
    if instead:
        what += (
            f" (first give the notice of {instead[0]}, which says so: then only those whom it doesn't reach are left)"
        )
    due = (Due(what, on),) if owed else ()
    return VersionState(version, "withdrawn", told_again, version.effective, due)


def _false_promise(standing: VersionState, as_of: date) -> list[str]:
    """People believe what a mail told them until another one takes it back: from the announced day on, that is wrong."""
    version = standing.version
    if not standing.due or as_of < version.effective:
        return []
    return [
        f"{version.id} is withdrawn, but those who were told by email that it takes effect on "
        f"{in_words(version.effective)} still believe it. Tell them with 'policytrail notify {version.id} --retraction'."
    ]


def _never_came(version: Version, other: Version | None, known: Sequence[Version], below: _Below) -> bool:
    """Whether another version took its place before it took effect."""
    if other is None:
        return False
    start = _stand(version, known, below, other.announced)[1]
    return start is None or start > other.announced


def _stand(version: Version, known: Sequence[Version], below: _Below, as_of: date) -> tuple[VersionState, date | None]:
    """One version's standing, and the day on which it takes effect as far as is known (None: not yet to be told)."""
    start_below = below.start if follows(version, below.version, as_of) else None
    proofs, duty = carried(version, known), version.duty
    found = _Found(version, proofs, moved_forward(version, known))
    start = found.start(start_below, as_of)
    if start is not None and start <= as_of and duty.before:
        return VersionState(version, "effective", None, version.effective), start
    complete, earliest = found.at(as_of)
    seen_so_far = [proof for proof in proofs if proof.on <= as_of]
    missing = gaps(seen_so_far, version.announced, min(as_of + timedelta(days=1), version.effective))
    standing = VersionState(version, "blocked", complete, earliest, (), remarks(version, seen_so_far, as_of), missing)
    last = latest_complete(version.effective, duty.days, duty.count)
    takes_effect = (Due("takes effect", version.effective),)
    if not duty.owed or not duty.before:
        state: State = "blocked" if start_below is None else "noticed"
        told = (
            () if complete or not duty.owed else (Due(f"complete the notice ({channels(version)})", version.effective),)
        )
        standing = replace(
            standing,
            state=state,
            complete=complete or (None if duty.owed else version.announced),
            earliest_effective=version.effective,
            due=(*told, *takes_effect),
        )
    elif complete is not None and earliest <= version.effective and start_below is not None:
        standing = replace(standing, state="noticed", due=takes_effect)
    elif complete is None and as_of <= last:
        due = Due(f"complete the notice ({channels(version)})", last)
        standing = replace(standing, state="announcing", due=(due,))
    elif complete is None:
        standing = replace(standing, due=(Due("complete the notice", as_of),))
    return standing, start


@dataclass(frozen=True)
class _Found:
    """What the evidence for one version's notice comes to."""

    version: Version
    proofs: tuple[Evidence, ...]
    forward: bool

    def at(self, as_of: date) -> tuple[date | None, date]:
        """The day of completion by what is known on `as_of`, and the earliest day of effect that follows."""
        version, duty = self.version, self.version.duty
        complete = complete_on(duty, self.proofs, as_of) if duty.owed else None
        earliest = earliest_effective(complete or max(as_of, version.announced), duty.days, duty.count)
        if self.forward and duty.owed:  # people must also have heard of the nearer date
            again = complete_on(duty, version.evidence, as_of)
            complete = complete if again else None
            earliest = max(earliest, earliest_effective(again or max(as_of, version.announced), 0, duty.count))
        return complete, earliest

    def start(self, below: date | None, as_of: date) -> date | None:
        """The day on which it takes effect. What comes to light after that day doesn't undo it; `verify` names it."""
        version, duty = self.version, self.version.duty
        if below is None:
            return None
        if not duty.owed or not duty.before:
            return max(version.effective, below)
        later = sorted({proof.on for proof in self.proofs if version.effective < proof.on <= as_of})
        moments = [min(version.effective, as_of), *later]
        for moment, following in zip(moments, [*moments[1:], None], strict=True):
            complete, earliest = self.at(moment)
            start = max(version.effective, earliest, below)
            if complete is not None and (following is None or start < following):
                return start
        return None


def _close(standing: VersionState, before: Version | None) -> VersionState:
    """Two material changes within one period of notice are lawful, but tire people: say so."""
    version = standing.version
    both = before is not None and {before.severity, version.severity} == {Severity.MATERIAL}
    if before is None or not both or (version.effective - before.effective).days > version.duty.days:
        return standing
    remark = (
        f"It follows the material change of {before.id} within {version.duty.days} days; one date for both is kinder."
    )
    return replace(standing, remarks=(*standing.remarks, remark))


def _orphan(version: Version, below: _Below, known: Sequence[Version], as_of: date) -> list[str]:
    if follows(version, below.version, as_of):
        return []
    old = next((each for each in known if each.id == version.comparison.old), None)
    why = "was withdrawn" if old and withdrawn(old, as_of) else "isn't the one it would replace"
    return [f"{version.id} was compared with {version.comparison.old}, which {why}; withdraw it and release it again."]


def _problem(standing: VersionState, as_of: date) -> list[str]:
    """Why a version can't take effect on its date, and from when it may; empty while all is well."""
    version, duty = standing.version, standing.version.duty
    if standing.state != "blocked":
        return []
    counted = "full days" if duty.count == "full_days" else "days"
    owed = f"{duty.days} {counted} of notice by {channels(version)}" if duty.days else f"notice by {channels(version)}"
    if not duty.owed or (standing.complete and standing.earliest_effective <= version.effective):
        owed, proof = "that the version before it is in force", "which isn't so"
    elif standing.complete:
        proof = f"but the notice was complete only on {in_words(standing.complete)}"
        proof += " (the site's notice was missing for a while)" if standing.gaps else ""
    else:
        proof = "but no complete notice is proven"
    when = f"It may take effect from {standing.earliest_effective} at the earliest"
    when += ", if the notice is complete today." if standing.complete is None and duty.days else "."
    return [f"{version.id} can't take effect on {in_words(version.effective)}: it needs {owed}, {proof}. {when}"]


__all__ = [
    "RETRACTION",
    "channels",
    "complete_on",
    "followed",
    "lasting",
    "proven",
    "status",
    "texts_in_force",
]
