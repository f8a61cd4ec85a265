"""Under which terms a version is released: an event, approvals, and who answers for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from policytrail.errors import UsageError
from policytrail.model.change import Change, Comparison, Direction, Severity
from policytrail.model.policy import Snapshot
from policytrail.schedule.duties.regime import Event
from policytrail.schedule.duties.regimes import REGIMES, binding, raised_kinds

from .refusals.refusal import Refusal

# What may accompany a change that the law forces: nothing that says anything else.
_ALONG = frozenset({"date.label", "structure"})


class Terms(NamedTuple):
    """What a person states at a release: an event with its citation, a seal's approval, and who says so."""

    event: str | None = None
    citation: str | None = None
    approval: str | None = None
    by: str | None = None

    def record(self, comparison: Comparison) -> dict[str, Any] | None:
        """The event as the manifest keeps it; None where there is none."""
        if self.event is None:
            return None
        return {
            "id": self.event,
            "citation": self.citation,
            "by": self.by,
            "changes": [change.id for change in comparison.changes],
        }


USUAL = Terms()


def event_refusals(
    terms: Terms, comparison: Comparison, old: Snapshot, new: Snapshot, announced: Iterable[Comparison] = ()
) -> list[Refusal]:
    """Where an event doesn't cover every change.

    `announced` are the comparisons of pending versions: what they announced doesn't come early on the back of an event.
    """
    event = stated_event(terms)
    if event is None:
        return []
    refusals = []
    if event.alone:
        refusals += _apart(
            f"{terms.event} covers only what the law asks for; these changes say something else",
            (
                change
                for change in comparison.changes
                if change.severity is Severity.EDITORIAL and change.rule not in _ALONG
            ),
        )
        waiting = {change.fingerprint for found in announced for change in found.changes}
        refusals += _apart(
            f"{terms.event} doesn't bring forward what is announced for a later date",
            (change for change in comparison.changes if change.fingerprint in waiting),
        )
    if event.narrowing:
        listed = raised_kinds([*old.policy.regimes, *new.policy.regimes])
        refusals += _apart(
            f"{terms.event} is only for changes that leave nobody worse off; these don't narrow, or a regime "
            "wants them announced in either direction",
            (change for change in comparison.changes if not _harmless(change, listed)),
        )
    return refusals


def stated_event(terms: Terms) -> Event | None:
    """The event that is named, if one is. Raises UsageError for one that doesn't exist or isn't stated in full."""
    if terms.event is None:
        return None
    event = REGIMES[terms.event].event if terms.event in REGIMES else None
    if event is None:
        known = ", ".join(name for name, regime in REGIMES.items() if regime.event)
        raise UsageError(f"There is no event {terms.event!r}. Events: {known}.")
    if event.signed and not (terms.citation and terms.by):
        raise UsageError(
            f"The event {terms.event} needs --citation TEXT (what asks for it) and --by NAME (who approved)."
        )
    return event


def _harmless(change: Change, listed: frozenset[str]) -> bool:
    if change.severity is Severity.EDITORIAL:
        return True
    return change.direction is Direction.NARROWS and change.rule not in listed


def _apart(why: str, changes: Iterable[Change]) -> list[Refusal]:
    listed = [f"  {change.id}  {change.summary}" for change in changes]
    hint = "Release them apart, with their own notice."
    return [Refusal("policy", f"{why}:\n" + "\n".join(listed), hint)] if listed else []


def approvals_needed(comparison: Comparison, old: Snapshot | None, new: Snapshot) -> tuple[str, ...]:
    """Approvals that must be had before the announcement: of regimes that the changes set off, and of seals."""
    if old is None or comparison.severity is not Severity.MATERIAL:
        return ()
    regimes = binding([*old.policy.regimes, *new.policy.regimes])
    asked = [regime.gate for regime in regimes if regime.gate and regime.period(comparison.changes) is not None]
    seals = [
        f"the approval of {practice.title}"
        for side in (old, new)
        for practice in side.practices.values()
        if getattr(practice, "approval_gate", False)
    ]
    return tuple(dict.fromkeys([*asked, *seals]))


def approval_refusals(terms: Terms, needed: tuple[str, ...]) -> list[Refusal]:
    """One for each approval that is asked for, where nobody stated it."""
    if terms.approval and terms.by:
        return []
    state = "State it with 'policytrail release --approval TEXT --by NAME'."
    return [Refusal("policy", f"Before the announcement, {approval} must be had.", state) for approval in needed]
