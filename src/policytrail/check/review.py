"""The review of a draft as one value, from which every output format speaks. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple, Protocol

from policytrail.errors import NoticeRefusal, Problem, SourceError
from policytrail.model.calendar import earliest_effective
from policytrail.model.change import Change, Comparison, Severity
from policytrail.model.policy import Snapshot
from policytrail.model.version import Duty, Version
from policytrail.schedule.duties.notice_duty import NOTHING, duty

CONFIRM = "confirm"  # the rule of marks in starter files
Places = Mapping[str, tuple[str, int]]


class Block(NamedTuple):
    """One thing that stops a release: what it is about, why, and the exact command or act that settles it.

    `instead`: what makes the command needless, where there is such a thing.
    """

    subject: str
    sentence: str
    command: str
    change: Change | None = None
    instead: str = ""

    @property
    def settle(self) -> str:
        """Both ways to settle it, in one sentence."""
        return f"{self.instead}; or {self.command}" if self.instead else self.command


class Remark(Protocol):
    """Something to look at that stops nothing: where, by which rule, what a reader would stumble over, how to mend it."""

    @property
    def path(self) -> str:
        """The file, from the repository's root."""

    @property
    def line(self) -> int:
        """The 1-based line, 0 for the whole file."""

    @property
    def rule(self) -> str:
        """Whose remark it is."""

    @property
    def message(self) -> str:
        """What it is about, as a sentence."""

    @property
    def mend(self) -> str:
        """What to do about it."""


class Unconfirmed(NamedTuple):
    """A mark of a starter file that nobody has dealt with."""

    path: str
    line: int
    message: str
    mend: str = "Then delete the mark."
    rule: str = CONFIRM

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message} {self.mend}"


@dataclass(frozen=True)
class Review:
    """What `check` found. `remarks` stop nothing. `places` tells where each subject of a change stands."""

    as_of: date
    problems: tuple[Problem, ...] = ()
    comparison: Comparison | None = None
    blocks: tuple[Block, ...] = ()
    remarks: tuple[Remark, ...] = ()
    owed: Duty = NOTHING
    earliest: date | None = None
    earliest_if_material: date | None = None
    old: Snapshot | None = None
    draft: Snapshot | None = None
    places: Places = field(default_factory=dict)

    @property
    def exit_status(self) -> int:
        """1: problems in sources or versions; 3: something must be decided before a release; else 0."""
        return SourceError.exit_status if self.problems else NoticeRefusal.exit_status if self.blocks else 0

    def place(self, change: Change) -> tuple[str, int]:
        """File and line of what a change is about: its clause, else its practice, else the policy's own file."""
        for subject in (f"clause:{change.clause}", change.subject):
            if subject in self.places:
                return self.places[subject]
        return "policy/policy.yaml", 1


def review(
    draft: Snapshot,
    comparison: Comparison,
    base: Version | None,
    as_of: date,
    in_force: Snapshot | None = None,
    more: tuple[Block, ...] = (),
) -> Review:
    """The review of a sound draft.

    In: its comparison with the version that it would follow, the day on which notice would be given, the text in force
    on that day, and further reasons against a release that only files outside the draft can tell.
    """
    owed, earliest = _earliest(comparison, base, draft, as_of, in_force)
    undecided = [change for change in comparison.changes if change.undecided]
    later = _earliest(_all_material(comparison), base, draft, as_of, in_force)[1] if undecided else earliest
    old = base.snapshot if base else None
    return Review(as_of, (), comparison, (*_blocks(draft, comparison), *more), (), owed, earliest, later, old, draft)


def _blocks(draft: Snapshot, comparison: Comparison) -> list[Block]:
    # A translation follows its source: what the source says is to be settled first.
    undecided = sorted(comparison.undecided, key=lambda each: each.subject.startswith("translation:"))
    found = [
        Block(
            change.id,
            f"{change.id} waits for a ruling: {change.summary}",
            decide_command(change),
            change,
            _instead(change),
        )
        for change in undecided
    ]
    found += [
        Block(
            "policy",
            f"policy/policy.yaml: {each} is to be filled in.",
            "Write what is right; then take the name out of 'proposed:'.",
        )
        for each in draft.policy.proposed
    ]
    found += [
        Block(
            practice.id,
            f"{practice.id} is only proposed; a person must confirm it.",
            "Take out 'proposed: true', or delete the practice.",
        )
        for practice in draft.practices.values()
        if practice.proposed
    ]
    return found


def _instead(change: Change) -> str:
    """A translation that is behind can be brought up to date, and needs no ruling then."""
    _, language, clause = (*change.subject.split(":"), "", "")[:3]
    if change.kind != "translation.behind.changed" or not clause:
        return ""
    file = f"policy/translations/{language}/{clause}.md"
    return f"Bring {file} up to date and write of: '{change.after}' in it"


def decide_command(change: Change) -> str:
    """The command with which a person rules on a change; what is in capitals is theirs to fill in."""
    return f'policytrail decide {change.id} SEVERITY --reason "WHY" --by "YOUR NAME"'


def _earliest(
    comparison: Comparison, base: Version | None, draft: Snapshot, as_of: date, in_force: Snapshot | None
) -> tuple[Duty, date]:
    """The notice owed, and the first day that a release would be allowed to name if notice were given on `as_of`."""
    owed = duty(comparison, base.snapshot if base else None, draft, in_force)
    earliest = earliest_effective(as_of, owed.days, owed.count) if owed.owed and owed.before else as_of
    after = date.fromordinal(base.effective.toordinal() + 1) if base else earliest
    return owed, max(earliest, after)


def _all_material(comparison: Comparison) -> Comparison:
    """The comparison as if every open ruling came out material: the worst case for the date."""
    changes = tuple(
        replace(change, severity=Severity.MATERIAL) if change.undecided else change for change in comparison.changes
    )
    return replace(comparison, changes=changes)
