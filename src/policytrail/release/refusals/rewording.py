"""What rewords a change that is announced doesn't lie on top of it: both then need one notice that is true. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from policytrail.model.change import Change, Comparison, Severity, canonical
from policytrail.model.version import Status, Version
from policytrail.schedule.status import lasting

from .refusal import Refusal


def rewording_refusals(comparison: Comparison, effective: date, found: Status) -> list[Refusal]:
    """One for each material change that alters what a pending version announced and hasn't brought yet.

    In: the draft against the version that it would follow, its date, the status on the day of the release.
    """
    return list(_reworded(comparison.of(Severity.MATERIAL), _waiting(effective, found)))


def _waiting(effective: date, found: Status) -> list[Version]:
    """The pending versions that the new one would lie on."""
    waiting = {state.version.id for state in found.pending}
    return [version for version in lasting(found) if version.id in waiting and version.effective < effective]


def _reworded(changes: Sequence[Change], waiting: Sequence[Version]) -> Iterator[Refusal]:
    for version in waiting:
        announced = version.comparison.of(Severity.MATERIAL)
        for change in changes:
            if any(rewords(change, told) for told in announced):
                yield Refusal(
                    change.id,
                    f"{change.id} rewords what {version.id} announced and has not brought yet: {change.summary}",
                    f"Withdraw {version.id} and release both changes together, with one notice and its full window.",
                )


def rewords(change: Change, told: Change) -> bool:
    """Whether a change replaces or removes what an earlier one announced, or a part of it.

    The announced one may be read back from a file: values are the same where their canonical forms are.
    """
    if change.subject != told.subject or change.before is None or told.after is None:
        return False
    touched = _holds(told.after, change.before) or _holds(change.before, told.after)
    return touched and not _holds(change.after, told.after)


def _holds(whole: object, part: object) -> bool:
    """Whether a value is another one or has it inside: an entry or field of a practice, a passage of a text."""
    if canonical(whole) == canonical(part):
        return True
    if isinstance(whole, str):
        return isinstance(part, str) and " " in part and part in whole
    if isinstance(whole, Mapping):
        named = isinstance(part, str) and whole.get(part) is True
        return named or any(_holds(value, part) for value in whole.values())
    return isinstance(whole, list | tuple) and any(_holds(value, part) for value in whole)
