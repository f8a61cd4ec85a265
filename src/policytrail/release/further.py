"""A version with a date of its own: it follows the last one before that date, and owes its own full notice. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from policytrail.errors import RepositoryError
from policytrail.model.version import Status, Version
from policytrail.schedule.status import followed

from .outlook import Outlook, outlook
from .plan import Gate, Plan, Question, newest
from .refusals.dates import backdating_refusals, date_refusals, held_back_refusals, too_early
from .refusals.questions import question_refusals
from .refusals.refusal import Refusal
from .refusals.rewording import rewording_refusals
from .terms import approval_refusals, approvals_needed, event_refusals


def further(question: Question, found: Status) -> Gate:
    """In: a question about a date that no version has, the status on the day of the release."""
    base = followed(question.versions, question.effective)
    seen = outlook(question, found, base)
    effective = question.effective or seen.lawful
    unchanged = base is not None and not seen.comparison.changes
    dates = () if unchanged and question.effective is None else _dates(question, found, base, effective)
    refusals = (*dates, *_contents(question, found, base, seen, effective))
    worst = outlook(question, found, base, worst=True).lawful if seen.comparison.undecided else seen.lawful
    plan = None if unchanged else _plan(question, base, seen, effective)
    return Gate(seen.comparison, base, seen.owed, seen.lawful, worst, refusals, plan)


def _dates(question: Question, found: Status, base: Version | None, effective: date) -> Iterator[Refusal]:
    if question.clock is not None:
        yield from backdating_refusals(question.versions, question.as_of, question.clock)
    yield from date_refusals(effective, question.as_of, question.versions, found)
    yield from held_back_refusals(base, found)


def _contents(
    question: Question, found: Status, base: Version | None, seen: Outlook, effective: date
) -> Iterator[Refusal]:
    comparison, draft, terms = seen.comparison, question.draft, question.terms
    old = base.snapshot if base else None
    if base is not None and not comparison.changes and question.effective is not None:
        yield nothing_new(base)
    yield from rewording_refusals(comparison, effective, found)
    if base is not None:
        announced = (state.version.comparison for state in found.pending)
        yield from event_refusals(terms, comparison, base.translated(), draft, announced)
    yield from question_refusals(draft, old, comparison, terms.event)
    yield from approval_refusals(terms, approvals_needed(comparison, old, draft))
    if effective < seen.allowed:
        yield too_early(effective, seen.allowed, seen.lawful, question.as_of, seen.owed)


def nothing_new(base: Version) -> Refusal:
    """The draft says what a version says."""
    message = f"The draft says the same as {base.id}; there is nothing to release."
    return Refusal(base.id, message, "Change the draft first.", error=RepositoryError)


def _plan(question: Question, base: Version | None, seen: Outlook, effective: date) -> Plan:
    identity, terms, as_of = effective.isoformat(), question.terms, question.as_of
    needed = approvals_needed(seen.comparison, base.snapshot if base else None, question.draft)
    approvals = tuple(
        {"gate": approval, "approval": str(terms.approval), "by": str(terms.by), "on": as_of.isoformat()}
        for approval in needed
    )
    return Plan(
        identity,
        effective,
        as_of,
        newest(question.versions),
        base,
        question.draft,
        replace(seen.comparison, new=identity),
        seen.owed,
        event=terms.record(seen.comparison),
        approvals=approvals,
    )
