"""policy/decisions.yaml: rulings of people on changes, one entry each; written by `policytrail decide`, read by everyone."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

from policytrail.errors import Problem, SourceError
from policytrail.model.change import Decision, Severity
from policytrail.model.dates import parse_date
from policytrail.model.practice_fields import Plain
from policytrail.model.validation.field_types import Checked, Text
from policytrail.model.validation.record import FormError, Part, read
from policytrail.storage.files import read_text, write_whole
from policytrail.storage.yaml_reader import load_yaml
from policytrail.workspace import DECISIONS, Workspace

from .problem_messages import problems_of

_HEAD = (
    "# Rulings on changes, written by `policytrail decide`. A ruling counts only while its change stays as it was.\n"
)


_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+00:00", re.ASCII)


def _day(text: str) -> str:
    return parse_date(text).isoformat()


def _moment(text: str) -> str:
    if text and not _MOMENT.fullmatch(text):
        raise ValueError(f"{text!r} is no moment; write it as 2020-01-01T00:00:00+00:00")
    return text and datetime.fromisoformat(text).isoformat()


class _Entry(Part):
    change: Annotated[str, Text(r"c[0-9a-f]{8}(-[0-9]{1,4})?")]
    fingerprint: Annotated[str, Text(r"[0-9a-f]{64}")]
    severity: Literal["material", "review", "editorial"]
    reason: Annotated[str, Text(min_length=1, max_length=2000)]
    by: Plain
    on: Annotated[str, Checked(_day)]
    at: Annotated[str, Checked(_moment)] = ""
    about: str = ""
    override: bool = False
    second: Plain | Literal[""] = ""


def load_decisions(workspace: Workspace) -> tuple[Decision, ...]:
    """All recorded decisions; none where the file isn't there. Raises SourceError with file:line for a broken entry."""
    path = workspace.decisions
    if not path.exists():
        return ()
    document = load_yaml(DECISIONS, read_text(path, DECISIONS))
    try:
        entries: tuple[_Entry, ...] = read(tuple[_Entry, ...], document.value or [])
    except FormError as error:
        raise SourceError.of(problems_of(document, error, (), document.value)) from None
    twice = sorted({entry.change for entry in entries if [one.change for one in entries].count(entry.change) > 1})
    if twice:
        raise SourceError(
            Problem(DECISIONS, 1, f"The change {twice[0]} is ruled on twice.", "Keep one of the entries.")
        )
    return tuple(
        Decision(
            entry.change,
            entry.fingerprint,
            Severity(entry.severity),
            entry.reason,
            entry.by,
            entry.on,
            entry.at,
            entry.override,
            entry.second,
        )
        for entry in entries
    )


def decision_lines(workspace: Workspace) -> dict[str, range]:
    """The 1-based lines of the entry of each change, for asking git who wrote them. Raises SourceError."""
    path = workspace.decisions
    if not path.exists():
        return {}
    text = read_text(path, DECISIONS)
    document = load_yaml(DECISIONS, text)
    starts = [document.line((place,)) for place in range(len(document.value or []))]
    ends = [*starts[1:], len(text.splitlines()) + 1]
    named = (str(entry["change"]) for entry in document.value or [])
    return {name: range(first, last) for name, first, last in zip(named, starts, ends, strict=True)}


def save_decisions(workspace: Workspace, decisions: Iterable[tuple[Decision, str]]) -> None:
    """Add or replace rulings, each with what its change is about; all or none. Other entries and comments stay."""
    path = workspace.decisions
    text = read_text(path, DECISIONS) if path.exists() else _HEAD
    for decision, about in decisions:
        text = _without(text, decision.change).rstrip("\n") + "\n\n" + _entry(decision, about)
    write_whole(path, text.encode())


def _entry(decision: Decision, about: str) -> str:
    entry = {
        "change": decision.change,
        "about": about,
        "severity": str(decision.severity),
        "reason": decision.reason,
        "by": decision.by,
        "on": decision.on,
        "at": decision.at,
        "fingerprint": decision.fingerprint,
    } | ({"second": decision.second} if decision.second else {})
    lines = [
        f"{'- ' if number == 0 else '  '}{key}: {_quoted(value)}" for number, (key, value) in enumerate(entry.items())
    ]
    lines += ["  override: true"] if decision.override else []
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    """A double-quoted YAML scalar: JSON's spelling is one. Dates and names would else be read as something else."""
    return json.dumps(value, ensure_ascii=False)


def _without(text: str, change: str) -> str:
    """The file without the entry for one change; an entry begins with `- ` in the first column."""
    kept: list[str] = []
    dropping = False
    for line in text.splitlines():
        if line.startswith("- "):
            dropping = f'"{change}"' in line or line.split(":")[-1].strip() == change
        if not dropping:
            kept.append(line)
    return "\n".join(kept) + "\n"
