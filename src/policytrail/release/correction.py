"""The date of a version again: an erratum, or less than was announced. The notice already given stands for it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policytrail.classify.engine import classify
from policytrail.errors import RepositoryError, UsageError
from policytrail.model.change import Change, Comparison, Severity
from policytrail.model.version import Status, Version
from policytrail.schedule.duties.notice_duty import NOTHING, duty
from policytrail.schedule.status import followed, lasting
from policytrail.schedule.version_order import order, serial, untold

from .further import nothing_new
from .outlook import DRAFT, outlook
from .plan import Gate, Plan, Question, newest
from .recompare import rulings_of
from .refusals.dates import backdating_refusals, time_refusals
from .refusals.questions import question_refusals
from .refusals.refusal import Refusal
from .terms import USUAL


def correction(question: Question, found: Status, corrected: Version) -> Gate:
    """In: a question about the date of `corrected`, the status on the day of the release. Raises UsageError for terms."""
    if question.terms != USUAL:
        raise UsageError(f"A correction of {corrected.effective} keeps its notice; it takes no event and no approval.")
    refusals = [*_dates(question), *_uncorrectable(corrected, found)]
    if any(refusal.error is RepositoryError for refusal in refusals):
        base = followed(question.versions, question.effective)
        seen = outlook(question, found, base)
        return Gate(seen.comparison, base, seen.owed, seen.lawful, seen.lawful, tuple(refusals))
    old = corrected.translated()
    changes = classify(old, question.draft, corrected.id, DRAFT, question.decisions)
    identity = f"{corrected.effective.isoformat()}.{serial(corrected.id) + 1}"
    plan = _plan(question, found, corrected, replace(changes, new=identity))
    refusals += _contents(question, corrected, changes, plan)
    later = outlook(question, found, corrected)
    untrue = changes.severity is Severity.MATERIAL or bool(refusals and not changes.undecided)
    earliest = later.lawful if untrue else corrected.effective
    worst = outlook(question, found, corrected, worst=True).lawful if changes.undecided else earliest
    owed = later.owed if untrue else NOTHING
    shown = replace(changes, notice_days=owed.days)
    return Gate(shown, corrected, owed, earliest, worst, tuple(refusals), plan if changes.changes else None)


def _dates(question: Question) -> Iterator[Refusal]:
    if question.clock is not None:
        yield from backdating_refusals(question.versions, question.as_of, question.clock)
    yield from time_refusals(question.as_of, question.versions)


def _uncorrectable(corrected: Version, found: Status) -> Iterator[Refusal]:
    later = "Choose another date."
    if corrected.imported is not None:
        message = (
            f"{corrected.id} is taken over from a git history and had no notice that a correction could take over."
        )
        yield Refusal(corrected.id, message, later, error=RepositoryError)
        return
    state = next((state.state for state in found.pending if state.version.id == corrected.id), None)
    today = found.current is not None and found.current.id == corrected.id and corrected.effective == found.as_of
    if state == "withdrawn":
        message = f"{corrected.id} was withdrawn, and an id is never used again."
        yield Refusal(corrected.id, message, later, error=RepositoryError)
    elif state is None and not today:
        message = f"The version {corrected.id} exists already, and versions never change."
        yield Refusal(corrected.id, message, later, error=RepositoryError)


def _contents(question: Question, corrected: Version, changes: Comparison, plan: Plan) -> list[Refusal]:
    if not changes.changes:
        return [nothing_new(corrected)]
    refusals = question_refusals(question.draft, corrected.snapshot, changes, None)
    later = "Release it for a later date."
    refusals += [
        Refusal(
            change.id,
            f"{corrected.id} is announced already, and {change.id} is no correction of it but a material change with a "
            f"notice of its own: {change.summary}",
            later,
        )
        for change in changes.of(Severity.MATERIAL)
    ]
    if refusals or plan.base is None:
        return refusals
    return [
        Refusal(
            change.id,
            f"The notice of {corrected.id} didn't tell {change.id}, so it can't stand for the corrected text: "
            f"{change.summary}",
            later,
        )
        for change in _beyond(plan.comparison, corrected, changes)
    ]


def _beyond(found: Comparison, corrected: Version, changes: Comparison) -> list[Change]:
    """What the corrected text changes beyond what was announced."""
    told = {change.id for change in corrected.comparison.of(Severity.MATERIAL)}
    proven = changes.severity is Severity.EDITORIAL
    return [
        change
        for change in untold(found, corrected.comparison)
        if change.undecided or not (proven and change.id in told)
    ]


def _plan(question: Question, found: Status, corrected: Version, changes: Comparison) -> Plan:
    base = next((version for version in reversed(lasting(found)) if order(version) < order(corrected)), None)
    comparison = _against_base(question, base, corrected, changes)
    in_force = found.current.snapshot if found.current else None
    owed = duty(comparison, base.snapshot if base else None, question.draft, in_force)
    return Plan(
        changes.new,
        corrected.effective,
        question.as_of,
        newest(question.versions),
        base,
        question.draft,
        replace(comparison, notice_days=owed.days),
        owed,
        corrected,
        changes,
    )


def _against_base(question: Question, base: Version | None, corrected: Version, changes: Comparison) -> Comparison:
    """The corrected text against the text that it will replace."""
    if base is None:
        return Comparison(None, changes.new)
    rulings = {ruling.change: ruling for ruling in (*rulings_of(corrected.comparison), *question.decisions)}
    found = classify(base.translated(), question.draft, base.id, changes.new, rulings.values())
    carried = tuple(_carry(change, corrected.comparison, changes) for change in found.changes)
    return replace(found, changes=carried, warnings=())


def _carry(change: Change, told: Comparison, correction: Comparison) -> Change:
    """A ruling holds through a correction: the one on the announced text, or a stricter one on the correction itself."""
    if not change.undecided:
        return change
    earlier = [one for found in (told, correction) for one in found.changes if one.id == change.id]
    rulings = [one.decision for one in earlier if one.decision]
    if rulings:
        return change.decided(max(rulings, key=lambda ruling: ruling.severity.rank))
    settled = [one for one in earlier if not one.undecided]
    return replace(change, severity=settled[0].severity, proposed=settled[0].proposed) if settled else change
