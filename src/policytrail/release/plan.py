"""What the gate is asked, what it answers, and what a release would freeze: values only. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from policytrail.errors import NoticeRefusal
from policytrail.model.change import Change, Comparison, Decision
from policytrail.model.json_value import Json
from policytrail.model.policy import Snapshot
from policytrail.model.version import Duty, Version

from .recompare import Recomparison
from .refusals.refusal import Refusal, refuse
from .terms import USUAL, Terms


@dataclass(frozen=True)
class Plan:
    """What a release would freeze, and when; nothing is written yet.

    `previous` is the link of the chain (the version released last), `base` the version that this one follows and was
    compared with. `corrects` is the version whose place and notice it takes over, `correction` what differs from it.
    `replaces` are announced versions that don't come now, `recompared` pending ones that will follow this one instead of
    another. `released_by` and `reason` go on record. `imported`: where it is taken over from, with no notice at all.
    """

    id: str
    effective: date
    announced: date
    previous: Version | None
    base: Version | None
    draft: Snapshot
    comparison: Comparison
    duty: Duty
    corrects: Version | None = None
    correction: Comparison | None = None
    event: dict[str, Json] | None = None
    approvals: tuple[dict[str, str], ...] = ()
    replaces: tuple[Version, ...] = ()
    recompared: tuple[Recomparison, ...] = ()
    warnings: tuple[str, ...] = ()
    released_by: str = ""
    reason: str = ""
    imported: dict[str, Json] | None = None


RulingRefusal = Callable[[Change], str | None]


def every_ruling_counts(_change: Change) -> str | None:
    """What holds without policy/approvers.yaml."""
    return None


@dataclass(frozen=True)
class Question:
    """May this draft be released for that date?

    `as_of` is the day on which notice would be given; `effective` the date (None: the earliest lawful one after all that is
    pending). `clock`: this moment, where a day of the past must be told from today. `ruling_refusal` says of a change
    with a ruling why that ruling doesn't count, None where it does.
    """

    draft: Snapshot
    versions: tuple[Version, ...]
    decisions: tuple[Decision, ...]
    as_of: date
    effective: date | None = None
    terms: Terms = USUAL
    clock: datetime | None = None
    ruling_refusal: RulingRefusal = every_ruling_counts


@dataclass(frozen=True)
class Gate:
    """The answer: every reason against the release, and from when it would be lawful.

    `comparison` is the draft against `base`, which it would follow or correct; `duty` the notice owed for that. `earliest`
    is the first lawful date by the notice, `earliest_if_material` the same if every open ruling came out material.
    `plan`: what the release would freeze; None where nothing can be.
    """

    comparison: Comparison
    base: Version | None
    duty: Duty
    earliest: date
    earliest_if_material: date
    refusals: tuple[Refusal, ...] = ()
    plan: Plan | None = None

    @property
    def exit_status(self) -> int:
        """That of the first refusal, 0 where there is none."""
        return self.refusals[0].error.exit_status if self.refusals else 0

    def allowed(self) -> Plan:
        """What the release freezes. Raises the first refusal's error with what all of them say."""
        refuse(self.refusals)
        if self.plan is None:
            raise NoticeRefusal("There is nothing to release.")
        return self.plan


def newest(versions: Sequence[Version]) -> Version | None:
    """The version released last: the end of the chain of manifests."""
    linked = {version.previous_manifest for version in versions}
    return next((version for version in versions if version.manifest not in linked), None)
