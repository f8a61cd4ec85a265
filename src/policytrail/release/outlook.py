"""From when a draft could take effect: its changes against what it would follow, the notice owed for them, the dates. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from policytrail.classify.engine import classify
from policytrail.errors import UsageError
from policytrail.model.calendar import earliest_effective
from policytrail.model.change import Comparison, Severity
from policytrail.model.version import Duty, Status, Version
from policytrail.schedule.duties.consent import asked
from policytrail.schedule.duties.notice_duty import duty
from policytrail.schedule.status import lasting
from policytrail.schedule.version_order import order

from .plan import Question
from .refusals.dates import lowest
from .terms import USUAL

DRAFT = "draft"


@dataclass(frozen=True)
class Outlook:
    """A draft on top of one version.

    `allowed` is the first day that the notice allows. `lawful` is the first that is also free, and after all that lies
    below; it may lie beyond the next pending version, and then it is counted from there.
    """

    comparison: Comparison
    owed: Duty
    allowed: date
    lawful: date


def outlook(question: Question, found: Status, base: Version | None, worst: bool = False) -> Outlook:
    """In: the version that the draft would follow. `worst`: as if every open ruling came out material."""
    comparison = compared(question, base)
    if worst:
        comparison = _all_material(comparison)
    draft, as_of = question.draft, question.as_of
    old = base.snapshot if base else None
    in_force = found.current.snapshot if found.current else None
    owed = duty(comparison, old, draft, in_force, question.terms.event)
    allowed = earliest_effective(as_of, owed.days, owed.count) if owed.owed and owed.before else as_of
    lawful = max(allowed, _floor(question, found, base))
    taken = {version.effective for version in question.versions}
    while lawful in taken:
        lawful += timedelta(days=1)
    above = _above(found, base)
    if above is not None and lawful >= above.effective:
        lawful = outlook(question, found, above, worst).lawful
    return Outlook(replace(comparison, notice_days=owed.days), owed, allowed, lawful)


def compared(question: Question, base: Version | None) -> Comparison:
    """The draft against the version that it follows, with what an event asks for.

    Raises UsageError for terms of a first version, which changes nothing.
    """
    if base is None:
        if question.terms != USUAL:
            raise UsageError("The first version changes nothing, so it takes no event and no approval.")
        return Comparison(None, DRAFT)
    old, event = base.translated(), question.terms.event
    comparison = classify(old, question.draft, base.id, DRAFT, question.decisions)
    return replace(
        comparison, changes=tuple(asked(change, old, question.draft, event) for change in comparison.changes)
    )


def _floor(question: Question, found: Status, base: Version | None) -> date:
    """The first day after every version that a new one must come after, never in the past."""
    below = [version.effective for version in (base, lowest(question.versions, found)) if version is not None]
    return max([question.as_of, *(day + timedelta(days=1) for day in below)])


def _above(found: Status, base: Version | None) -> Version | None:
    """The version that takes effect next after the one below."""
    return next((version for version in lasting(found) if base is None or order(version) > order(base)), None)


def _all_material(comparison: Comparison) -> Comparison:
    changes = tuple(
        replace(change, severity=Severity.MATERIAL) if change.undecided else change for change in comparison.changes
    )
    return replace(comparison, changes=changes)
