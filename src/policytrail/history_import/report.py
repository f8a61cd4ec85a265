"""The past of a policy that lived in git as one text: its versions, how they differ, and whether people were told.

Honest about what git can't know: a commit shows when a text was there to be seen in the repository, not who was told of
it. So a material change counts as announced only if the text itself named a day far enough ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from policytrail.classify.plaintext.compare_texts import compare_texts
from policytrail.model.change import Change, Comparison, Severity
from policytrail.model.json_value import Json
from policytrail.render.diff.diff_page import escape_markdown
from policytrail.text.effective_date import effective_date

DAYS = 30
Announced = Literal["in time", "too late", "not stated", "not owed"]
FOLDED = frozenset({"date.label"})


@dataclass(frozen=True)
class Revision:
    """One committed state of the text: commit, local day of the commit, subject, path, the text as Markdown."""

    commit: str
    day: date
    subject: str
    path: str
    text: str


@dataclass(frozen=True)
class Unread:
    """A commit whose text can't be read (deleted, broken, no text at all), and why."""

    commit: str
    day: date
    reason: str


@dataclass(frozen=True)
class Past:
    """One version of the past. `id`: the day it is filed under, with a number where there were several that day.

    `effective` is what the text says, None where it says nothing; `folded` are later commits that only touched its
    date label or spelling of the file, so that they are no versions of their own. `comparison` is with the one before.
    """

    id: str
    revision: Revision
    effective: date | None
    comparison: Comparison | None
    announced: Announced
    days_ahead: int | None
    folded: tuple[Revision, ...] = ()

    @property
    def severity(self) -> Severity:
        """How severe it was; none for the first."""
        return self.comparison.severity if self.comparison else Severity.NONE

    @property
    def worst(self) -> tuple[Change, ...]:
        """Its material changes."""
        return self.comparison.of(Severity.MATERIAL) if self.comparison else ()


def past(revisions: Iterable[Revision], compare: Callable[[str, str], Comparison] = compare_texts) -> tuple[Past, ...]:
    """In: committed states, oldest first. Out: the versions, oldest first. Pure."""
    return tuple(_numbered(_folded(revisions, compare)))


def _folded(revisions: Iterable[Revision], compare: Callable[[str, str], Comparison]) -> Iterator[Past]:
    held: Past | None = None
    text = ""
    for revision in revisions:
        found = compare(text, revision.text) if held else None
        if held and found and all(change.rule in FOLDED for change in found.changes):
            held = replace(held, folded=(*held.folded, revision))
            text = revision.text
            continue
        if held:
            yield held
        held, text = _version(revision, found, text), revision.text
    if held:
        yield held


def _version(revision: Revision, found: Comparison | None, before: str) -> Past:
    """A version, judged by the day that its own text names; an old label that nobody moved isn't a day of this one."""
    effective = effective_date(revision.text)
    if before and effective == effective_date(before):
        effective = None
    ahead = (effective - revision.day).days if effective else None
    announced: Announced = "not owed"
    if found and found.severity is Severity.MATERIAL:
        announced = "not stated" if ahead is None else "in time" if ahead >= DAYS else "too late"
    return Past("", revision, effective, found, announced, ahead)


def _numbered(found: Iterable[Past]) -> Iterator[Past]:
    """Ids: the commit's day, which is known; the day in the text may lie."""
    taken: dict[date, int] = {}
    for each in found:
        day = each.revision.day
        taken[day] = taken.get(day, 0) + 1
        yield replace(each, id=day.isoformat() if taken[day] == 1 else f"{day}-{taken[day]}")


def _nowhere(past: Past) -> None:
    """Nothing is frozen."""


def unannounced(found: Iterable[Past]) -> tuple[Past, ...]:
    """The versions with material changes that weren't announced far enough ahead, as far as the texts tell."""
    return tuple(each for each in found if each.announced in ("too late", "not stated"))


def to_json(
    found: tuple[Past, ...],
    unread: Sequence[Unread] = (),
    taken: Callable[[Past], str | None] = _nowhere,
    remarks: Sequence[str] = (),
) -> dict[str, Json]:
    """The report for machines. `taken`: the id of the frozen version that holds a text; `remarks` on how days were found."""
    return {
        "format": 1,
        "versions": [_as_json(each) | {"version": taken(each)} for each in found],
        "remarks": list(remarks),
        "commits": sum(1 + len(each.folded) for each in found),
        "unannounced": [each.id for each in unannounced(found)],
        "unread": [
            {"commit": each.commit, "committed": each.day.isoformat(), "reason": each.reason} for each in unread
        ],
    }


def _as_json(each: Past) -> dict[str, Any]:
    counted = {str(level): len(each.comparison.of(level)) for level in Severity if each.comparison and level.rank}
    return {
        "id": each.id,
        "commit": each.revision.commit,
        "committed": each.revision.day.isoformat(),
        "subject": each.revision.subject,
        "path": each.revision.path,
        "effective": each.effective and each.effective.isoformat(),
        "severity": str(each.severity),
        "announced": each.announced,
        "days_ahead": each.days_ahead,
        "changes": counted,
        "material": [{"kind": change.kind, "title": change.title, "reason": change.reason} for change in each.worst],
        "folded": [other.commit for other in each.folded],
    }


def to_markdown(
    found: tuple[Past, ...],
    name: str,
    unread: Sequence[Unread] = (),
    taken: Callable[[Past], str | None] = _nowhere,
    remarks: Sequence[str] = (),
) -> str:
    """The report for people; the same as `to_json`."""
    owed = unannounced(found)
    commits = sum(1 + len(each.folded) for each in found)
    lines = [
        f"# The past of {_cell(name)}",
        "",
        f"{commits} commits changed the text; {commits - len(found)} of them only its date label or form, and are folded "
        f"into the {len(found)} versions below. {len(owed)} versions have material changes without a sign in the text "
        f"that they were announced {DAYS} days ahead.",
        "",
        "This report can't know who was notified by mail, on a site or in an app. Rules read the severities in plain "
        "text; they aren't legal advice. Texts without practices are judged more strictly than structured ones.",
        "",
        "## Material, without a sign in the text of an announcement in time",
        "",
    ]
    for each in owed:
        lines += [f"- **{each.id}** ({each.revision.commit[:10]}, {_cell(each.revision.subject)}): {_why(each)}"]
        lines += [f"    - {_cell(change.title)}: {_cell(change.reason)}" for change in each.worst[:5]]
        lines += [f"    - and {len(each.worst) - 5} more"] if len(each.worst) > 5 else []
    lines += [
        *([] if owed else ["None."]),
        "",
        "## All versions",
        "",
        "| text | commit | effective (text) | frozen as | severity | announced | changes | subject |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_row(each, taken(each) or "-") for each in found]
    if remarks:
        lines += ["", "## How days were found", "", *(f"- {_cell(remark)}" for remark in remarks)]
    if unread:
        lines += ["", "## Commits whose text could not be read", ""]
        lines += [f"- {each.commit[:10]} of {each.day}: {_cell(each.reason)}" for each in unread]
    return "\n".join(lines) + "\n"


def _why(each: Past) -> str:
    if each.days_ahead is None:
        return "the text names no new day from which it is in force."
    when = (
        f"{each.days_ahead} days after the commit"
        if each.days_ahead >= 0
        else f"{-each.days_ahead} days before the commit"
    )
    return f"the text says in force from {each.effective}, {when}."


def _row(each: Past, taken: str) -> str:
    changes = str(len(each.comparison.changes)) if each.comparison else "first"
    cells = [
        each.id,
        each.revision.commit[:10],
        str(each.effective or "-"),
        taken,
        str(each.severity),
        each.announced,
        changes,
        _cell(each.revision.subject),
    ]
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Somebody's words in one line, as nothing but words."""

    return escape_markdown(text)
