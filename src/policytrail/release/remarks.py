"""What a lawful release should still be told: it stops nothing. Pure."""

from __future__ import annotations

from policytrail.model.change import Comparison, Severity
from policytrail.model.policy import Snapshot
from policytrail.model.version import Status
from policytrail.schedule.new_users import binds_at_signup

from .plan import Plan
from .refusals.questions import translation_sentence


def remarks(made: Plan, found: Status) -> tuple[str, ...]:
    """Whole sentences. In: what would be frozen, the status on the day of the release."""
    old = made.base.snapshot if made.base else None
    return (
        *made.comparison.warnings,
        *_close_dates(made, found),
        *_no_way_out(made.comparison, old, made.draft),
        *_two_texts(made, found),
        *filter(None, [translation_sentence(made.draft)]),
    )


def _no_way_out(comparison: Comparison, old: Snapshot | None, draft: Snapshot) -> list[str]:
    """A choice must work from the day of the announcement; where none is there, say so."""
    if old is None or old.prose or comparison.severity is not Severity.MATERIAL:
        return []
    late = [
        practice.title
        for practice in draft.practices.values()
        if practice.type == "choice" and practice.id not in old.practices
    ]
    return [f"The choice “{title}” is new in this text; make it work from the announcement on." for title in late]


def _two_texts(made: Plan, found: Status) -> list[str]:
    if made.effective == made.announced or not binds_at_signup(found):
        return []
    return [
        f"Until {made.effective} two texts are in force: this policy binds new users to the upcoming one at sign-up. "
        "Ask which one binds a person with 'policytrail at DATE --joined DATE'."
    ]


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
