"""What a release would freeze, and why it may not: pure, nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from policytrail.archive.clock_checks import refuse_time
from policytrail.classify.engine import classify
from policytrail.errors import NoticeRefusal, RepositoryError, UsageError
from policytrail.model.calendar import earliest_effective
from policytrail.model.change import Change, Comparison, Decision, Severity
from policytrail.model.policy import Snapshot
from policytrail.model.version import Duty, Status, Version
from policytrail.schedule.duties.consent import asked
from policytrail.schedule.duties.notice_duty import duty
from policytrail.schedule.new_users import binds_at_signup
from policytrail.schedule.status import lasting, status
from policytrail.schedule.version_order import order, serial, still_expected, untold

from .recompare import Again, rebased, rulings_of, untold_sentence
from .refusals import (
    refuse_dates,
    refuse_held_back,
    refuse_open_questions,
    too_early,
    translation_sentence,
)
from .terms import USUAL, Terms, gates, refuse_event, refuse_gates


@dataclass(frozen=True)
class Plan:
    """What a release would freeze, and when; nothing is written yet.

    `previous` is the link of the chain (the version released last), `base` the version that this one follows and was
    compared with. `corrects` is the version whose place and notice it takes over, `correction` what differs from it.
    `replaces` are announced versions that don't come now, `again` pending ones that will follow this one instead of
    another. `released_by` and `reason` go on record. `imported`: where it is taken over from, with no notice at all.
    """

    id: str
    effective: date
    announced: date
    previous: Version | None
    base: Version | None
    draft: Snapshot
    comparison: Comparison
    duty: Duty
    corrects: Version | None = None
    correction: Comparison | None = None
    event: dict[str, Any] | None = None
    approvals: tuple[dict[str, str], ...] = ()
    replaces: tuple[Version, ...] = ()
    again: tuple[Again, ...] = ()
    warnings: tuple[str, ...] = ()
    released_by: str = ""
    reason: str = ""
    imported: dict[str, Any] | None = None


def plan(
    draft: Snapshot,
    versions: tuple[Version, ...],
    decisions: tuple[Decision, ...],
    effective: date,
    as_of: date,
    terms: Terms = USUAL,
) -> Plan:
    """What a release would freeze. Pure.

    A date that has a pending version means a correction of it: same notice, nothing that it didn't tell. Raises
    NoticeRefusal for an undecided change, a missing consent plan or approval, too little notice, and dates that go back.
    """
    found = status(versions, as_of)
    same = [version for version in versions if version.effective == effective]
    if same:
        if terms != USUAL:
            raise UsageError(f"A correction of {effective} keeps its notice; it takes no event and no approval.")
        made = _correction(draft, versions, found, max(same, key=order), decisions, as_of)
    else:
        made = _further(draft, versions, found, decisions, effective, as_of, terms)
    old = made.base.snapshot if made.base else None
    again = compared_again(made, found, decisions)
    untold_by = [each for each in again if each.untold]
    if untold_by:
        raise NoticeRefusal(*(untold_sentence(each, made.id) for each in untold_by))
    warnings = [
        *made.comparison.warnings,
        *_close_dates(made, found),
        *_no_way_out(made.comparison, old, draft),
        *_two_texts(made, found),
        *filter(None, [translation_sentence(draft)]),
    ]
    replaced = still_expected(versions, as_of, made.corrects)
    return replace(made, again=again, replaces=replaced, warnings=tuple(warnings))


def _further(
    draft: Snapshot,
    versions: tuple[Version, ...],
    found: Status,
    decisions: tuple[Decision, ...],
    effective: date,
    as_of: date,
    terms: Terms,
) -> Plan:
    """A version with a date of its own: it follows the last one before that date, and owes its own full notice."""
    refuse_dates(effective, as_of, versions, found)
    base = next((version for version in reversed(lasting(found)) if version.effective < effective), None)
    refuse_held_back(base, found)
    old = base.snapshot if base else None
    identity = effective.isoformat()
    comparison = _compared(draft, base, identity, found, decisions, terms)
    refuse_open_questions(draft, old, comparison, terms.event)
    gate = gates(comparison, old, draft)
    refuse_gates(terms, gate)
    owed = duty(comparison, old, draft, found.current.snapshot if found.current else None, terms.event)
    earliest = earliest_effective(as_of, owed.days, owed.count) if owed.owed and owed.before else as_of
    if effective < earliest:
        raise NoticeRefusal(too_early(effective, earliest, as_of, owed))
    approvals = tuple(
        {"gate": each, "approval": str(terms.approval), "by": str(terms.by), "on": as_of.isoformat()} for each in gate
    )
    return Plan(
        identity,
        effective,
        as_of,
        newest(versions),
        base,
        draft,
        replace(comparison, notice_days=owed.days),
        owed,
        event=terms.record(comparison),
        approvals=approvals,
    )


def _compared(
    draft: Snapshot, base: Version | None, identity: str, found: Status, decisions: tuple[Decision, ...], terms: Terms
) -> Comparison:
    """The draft against the version that it follows, with what an event allows and asks for."""
    if base is None:
        if terms != USUAL:
            raise UsageError("The first version changes nothing, so it takes no event and no approval.")
        return Comparison(None, identity)
    old = base.translated()
    comparison = classify(old, draft, base.id, identity, decisions)
    if not comparison.changes:
        raise RepositoryError(f"The draft says the same as {base.id}; there is nothing to release.")
    _refuse_rewording(comparison, base, found)
    refuse_event(terms, comparison, old, draft, (state.version.comparison for state in found.pending))
    return replace(comparison, changes=tuple(asked(change, old, draft, terms.event) for change in comparison.changes))


def _correction(
    draft: Snapshot,
    versions: tuple[Version, ...],
    found: Status,
    corrected: Version,
    decisions: tuple[Decision, ...],
    as_of: date,
) -> Plan:
    """The same date again: an erratum, or less than was announced. The notice already given stands for it."""
    refuse_time(as_of, versions)
    _refuse_uncorrectable(corrected, found)
    identity = f"{corrected.effective.isoformat()}.{serial(corrected.id) + 1}"
    correction = classify(corrected.translated(), draft, corrected.id, identity, decisions)
    if not correction.changes:
        raise RepositoryError(f"The draft says the same as {corrected.id}; there is nothing to release.")
    refuse_open_questions(draft, corrected.snapshot, correction, None)
    if correction.severity is Severity.MATERIAL:
        listed = "\n".join(f"  {change.id}  {change.summary}" for change in correction.of(Severity.MATERIAL))
        raise NoticeRefusal(
            f"{corrected.id} is announced already, and this is no correction of it but a material change with a notice "
            f"of its own. Release it for a later date:\n{listed}"
        )
    base = next((version for version in reversed(lasting(found)) if order(version) < order(corrected)), None)
    comparison = _against_base(draft, base, corrected, correction, identity, decisions)
    old = base.snapshot if base else None
    owed = duty(comparison, old, draft, found.current.snapshot if found.current else None)
    return Plan(
        identity,
        corrected.effective,
        as_of,
        newest(versions),
        base,
        draft,
        replace(comparison, notice_days=owed.days),
        owed,
        corrected,
        correction,
    )


def _refuse_uncorrectable(corrected: Version, found: Status) -> None:
    if corrected.imported is not None:
        raise RepositoryError(
            f"{corrected.id} is taken over from a git history and had no notice that a correction could take over. "
            "Choose another date."
        )
    state = next((each.state for each in found.pending if each.version.id == corrected.id), None)
    if state == "withdrawn":
        raise RepositoryError(f"{corrected.id} was withdrawn, and an id is never used again. Choose another date.")
    today = found.current is not None and found.current.id == corrected.id and corrected.effective == found.as_of
    if state is None and not today:
        raise RepositoryError(
            f"The version {corrected.id} exists already, and versions never change. Choose another date."
        )


def _against_base(
    draft: Snapshot,
    base: Version | None,
    corrected: Version,
    correction: Comparison,
    identity: str,
    decisions: tuple[Decision, ...],
) -> Comparison:
    """The corrected text against the text that it will replace: nothing in it may go beyond what was announced."""
    if base is None:
        return Comparison(None, identity)
    rulings = {ruling.change: ruling for ruling in (*rulings_of(corrected.comparison), *decisions)}
    found = classify(base.translated(), draft, base.id, identity, rulings.values())
    found = replace(
        found, changes=tuple(_carry(change, corrected.comparison, correction) for change in found.changes), warnings=()
    )
    told = {change.id for change in corrected.comparison.of(Severity.MATERIAL)}
    proven = correction.severity is Severity.EDITORIAL
    beyond = [
        change
        for change in untold(found, corrected.comparison)
        if change.undecided or not (proven and change.id in told)
    ]
    if beyond:
        listed = "\n".join(f"  {change.id}  {change.summary}" for change in beyond)
        raise NoticeRefusal(
            f"The notice of {corrected.id} didn't tell this, so it can't stand for the corrected text. "
            f"Release it for a later date:\n{listed}"
        )
    return found


def _carry(change: Change, told: Comparison, correction: Comparison) -> Change:
    """A ruling holds through a correction: the one on the announced text, or a stricter one on the correction itself."""
    if not change.undecided:
        return change
    earlier = [each for found in (told, correction) for each in found.changes if each.id == change.id]
    rulings = [each.decision for each in earlier if each.decision]
    if rulings:
        return change.decided(max(rulings, key=lambda ruling: ruling.severity.rank))
    settled = [each for each in earlier if not each.undecided]
    return replace(change, severity=settled[0].severity, proposed=settled[0].proposed) if settled else change


def compared_again(made: Plan, found: Status, decisions: Sequence[Decision]) -> tuple[Again, ...]:
    """The pending versions that would follow another version than they were compared with, compared with that one."""
    new = Version(made.id, made.effective, made.announced, made.draft, made.comparison, made.duty, (), "", None)
    gone = made.corrects.id if made.corrects else None
    lined_up = sorted([*(version for version in lasting(found) if version.id != gone), new], key=order)
    return rebased(lined_up, found, decisions)


def newest(versions: Sequence[Version]) -> Version | None:
    """The version released last: the end of the chain of manifests."""
    linked = {version.previous_manifest for version in versions}
    return next((version for version in versions if version.manifest not in linked), None)


def _no_way_out(comparison: Comparison, old: Snapshot | None, draft: Snapshot) -> list[str]:
    """A choice must work from the day of the announcement; where none is there, say so."""
    if old is None or old.prose or comparison.severity is not Severity.MATERIAL:
        return []
    late = [
        practice.title
        for practice in draft.practices.values()
        if practice.type == "choice" and practice.id not in old.practices
    ]
    return [f"The choice “{each}” is new in this text; make it work from the announcement on." for each in late]


def _two_texts(made: Plan, found: Status) -> list[str]:
    if made.effective == made.announced or not binds_at_signup(found):
        return []
    return [
        f"Until {made.effective} two texts are in force: this policy binds new users to the upcoming one at sign-up. "
        "Ask which one binds a person with 'policytrail at DATE --joined DATE'."
    ]


def _refuse_rewording(comparison: Comparison, base: Version, found: Status) -> None:
    """What rewords a change that is announced doesn't lie on top of it: both then need one notice that is true."""
    if base.id not in {state.version.id for state in found.pending}:
        return
    announced = {
        (change.subject, str(change.after))
        for change in base.comparison.of(Severity.MATERIAL)
        if change.after is not None
    }
    again = [change for change in comparison.of(Severity.MATERIAL) if (change.subject, str(change.before)) in announced]
    if again:
        listed = "\n".join(f"  {change.id}  {change.summary}" for change in again)
        raise NoticeRefusal(
            f"This rewords what {base.id} announced and has not brought yet. Withdraw {base.id} and release both changes "
            f"together, with one notice and its full window:\n{listed}"
        )


def _close_dates(made: Plan, found: Status) -> list[str]:
    """Two material changes within one period of notice are lawful, but tire people."""
    near = [
        state.version
        for state in found.pending
        if state.version.severity is Severity.MATERIAL
        and state.state in ("announcing", "noticed")
        and state.version != made.corrects
        and 0 < abs((made.effective - state.version.effective).days) <= made.duty.days
    ]
    if made.comparison.severity is not Severity.MATERIAL or not near:
        return []
    later = max(made.effective, near[0].effective)
    return [
        f"{near[0].id} is pending, too: two material changes within {made.duty.days} days. "
        f"One date for both ({later}) would be kinder to readers."
    ]
