"""The review of a draft as one value, from which every output format speaks: problems, the gate's answer, remarks. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

from policytrail.errors import Problem, SourceError
from policytrail.model.change import Change, Comparison
from policytrail.model.policy import Snapshot
from policytrail.model.version import Duty
from policytrail.release.plan import Gate
from policytrail.release.refusals.refusal import Refusal
from policytrail.schedule.duties.notice_duty import NOTHING
from policytrail.workspace import POLICY_FILE

CONFIRM = "confirm"  # the rule of marks in starter files
Places = Mapping[str, tuple[str, int]]


class Remark(Protocol):
    """Something to look at that stops nothing: where, by which rule, what a reader would stumble over, how to fix it."""

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
    def hint(self) -> str:
        """What to do about it."""


class Unconfirmed(NamedTuple):
    """A mark of a starter file that nobody has dealt with."""

    path: str
    line: int
    message: str
    hint: str = "Then delete the mark."
    rule: str = CONFIRM

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message} {self.hint}"


@dataclass(frozen=True)
class Review:
    """What `check` found. `remarks` stop nothing. `places` tells where each subject of a change stands."""

    as_of: date
    problems: tuple[Problem, ...] = ()
    comparison: Comparison | None = None
    blocks: tuple[Refusal, ...] = ()
    remarks: tuple[Remark, ...] = ()
    owed: Duty = NOTHING
    earliest: date | None = None
    earliest_if_material: date | None = None
    old: Snapshot | None = None
    draft: Snapshot | None = None
    places: Places = field(default_factory=dict)

    @classmethod
    def of(cls, draft: Snapshot, as_of: date, gate: Gate) -> Review:
        """The review of a sound draft. In: the day on which notice would be given, the gate's answer."""
        return cls(
            as_of,
            comparison=gate.comparison,
            blocks=gate.refusals,
            owed=gate.duty,
            earliest=gate.earliest,
            earliest_if_material=gate.earliest_if_material,
            old=gate.base.snapshot if gate.base else None,
            draft=draft,
        )

    @property
    def exit_status(self) -> int:
        """1: problems in sources or versions; else what a release would exit with, 0 where nothing stands against it."""
        if self.problems:
            return SourceError.exit_status
        return self.blocks[0].error.exit_status if self.blocks else 0

    def place(self, change: Change) -> tuple[str, int]:
        """File and line of what a change is about: its clause, else its practice, else the policy's own file."""
        for subject in (f"clause:{change.clause}", change.subject):
            if subject in self.places:
                return self.places[subject]
        return POLICY_FILE, 1
