"""Which of the past texts become versions, and from which day each counts as in force. Pure.

A day is never made earlier than a commit shows: a text counts from the day of its commit, or from the later one that it
names. Days of versions rise; a text that was replaced before its day came never was in force.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from policytrail.model.change import Comparison, Severity
from policytrail.text.effective_date import effective_date

from .report import DAYS, FOLDED, Announced, Past, Revision

Compare = Callable[[str, str], Comparison]
_WORST: tuple[Announced, ...] = ("too late", "not stated", "in time", "not owed")


@dataclass(frozen=True)
class Taken:
    """One version to be: the text as committed, its day, what of the past it holds, and whether its changes were announced.

    `parts`: the past versions whose changes it brings, the newest last. `comparison` is with the one before.
    """

    revision: Revision
    effective: date
    parts: tuple[Past, ...]
    comparison: Comparison | None = None
    announced: Announced = "not owed"
    days_ahead: int | None = None

    @property
    def id(self) -> str:
        """The version's id: its effective day."""
        return self.effective.isoformat()

    @property
    def folded(self) -> tuple[str, ...]:
        """The other commits that went into it."""
        commits = [one.commit for part in self.parts for one in (part.revision, *part.folded)]
        return tuple(commit for commit in commits if commit != self.revision.commit)


@dataclass(frozen=True)
class Taking:
    """Everything that is taken over, and what a person should know of how its days were found."""

    versions: tuple[Taken, ...]
    remarks: tuple[str, ...] = ()

    def holding(self, past: Past) -> str | None:
        """The id of the version that a past text went into; None where it is in none."""
        return self._ids.get(past.revision.commit)

    @cached_property
    def _ids(self) -> dict[str, str]:
        return {
            commit: version.id for version in self.versions for commit in (version.revision.commit, *version.folded)
        }


def taking(found: Iterable[Past], today: date, compare: Compare) -> Taking:
    """In: the past, oldest first, the day of now, how two texts are compared. Out: the versions, their days rising."""
    remarks: list[str] = []
    stack: list[Taken] = []
    for past in _in_order(found, today, remarks):
        _push(stack, _settled(past), remarks)
    kept = [each for each in stack if each.effective <= today]
    remarks += [
        f"{_named(each)} is in force only from {each.effective}, so it isn't frozen: release it with its notice."
        for each in stack[len(kept) :]
    ]
    return Taking(tuple(_judged(kept, compare, remarks)), tuple(remarks))


def _in_order(found: Iterable[Past], today: date, remarks: list[str]) -> Iterator[Past]:
    """Each past text with days that don't go back; what is said to come from the future is left out."""
    newest = date.min
    for past in found:
        revisions = []
        for revision in (past.revision, *past.folded):
            if revision.day > today:
                remarks.append(
                    f"{revision.commit[:10]} says that it was committed on {revision.day}, which is yet to come: it isn't "
                    "frozen."
                )
                continue
            if revision.day < newest:
                remarks.append(
                    f"{revision.commit[:10]} says that it was committed on {revision.day}, before the commit that it "
                    f"follows: it counts as of {newest}."
                )
            newest = max(newest, revision.day)
            revisions.append(replace(revision, day=newest))
        if revisions:
            yield replace(past, revision=revisions[0], folded=tuple(revisions[1:]))


def _settled(past: Past) -> Taken:
    """The text with its day. A later commit that only moved the date label counts while that day hasn't come."""
    revision, effective = past.revision, _effective(past.revision)
    for each in past.folded:
        if each.day < effective:
            revision, effective = each, _effective(each)
    return Taken(revision, effective, (past,))


def _effective(revision: Revision) -> date:
    return max(revision.day, effective_date(revision.text) or revision.day)


def _push(stack: list[Taken], new: Taken, remarks: list[str]) -> None:
    """Put a version on those before it; what it replaced before its day came is folded into it."""
    while stack and stack[-1].effective >= new.effective:
        gone = stack.pop()
        remarks.append(
            f"{_named(gone)} was replaced before it had been in force for a day; {new.revision.commit[:10]} holds "
            "what is left of it."
        )
        new = replace(new, parts=(*gone.parts, *new.parts))
    stack.append(new)


def _judged(kept: Sequence[Taken], compare: Compare, remarks: list[str]) -> Iterator[Taken]:
    """Each version compared with the one before; one that says the same as that is none."""
    before: Taken | None = None
    for each in kept:
        if before is None:
            before = each
            yield each
            continue
        comparison = compare(before.revision.text, each.revision.text)
        if all(change.rule in FOLDED for change in comparison.changes):
            remarks.append(f"{_named(each)} says the same as the text before it; it makes no version.")
            continue
        announced, ahead = _announced(each, comparison)
        before = replace(each, comparison=comparison, announced=announced, days_ahead=ahead)
        yield before


def _announced(version: Taken, comparison: Comparison) -> tuple[Announced, int | None]:
    """Whether all its material changes were announced in time, as far as the texts tell: as the latest of them was."""
    if comparison.severity is not Severity.MATERIAL:
        return "not owed", None
    parts = [part for part in version.parts if part.severity is Severity.MATERIAL] or [version.parts[-1]]
    found = [_one(part, version.effective) for part in parts]
    known = [days for _, days in found if days is not None]
    return min((each for each, _ in found), key=_WORST.index), min(known) if len(known) == len(found) else None


def _one(past: Past, effective: date) -> tuple[Announced, int | None]:
    if past.effective is None:
        return "not stated", None
    ahead = (effective - past.revision.day).days
    return ("in time" if ahead >= DAYS else "too late"), ahead


def _named(version: Taken) -> str:
    return f"The text of {version.revision.commit[:10]} ({version.revision.day})"
