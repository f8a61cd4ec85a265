"""Changes: one difference each, with what it means for people and which rule says so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from .json_value import Json

if TYPE_CHECKING:
    pass

Op = Literal["added", "removed", "changed"]


class Severity(StrEnum):
    """`material`: notice is owed; `review`: a person must look; `editorial`: can't alter what the policy says of data."""

    NONE = "none"
    EDITORIAL = "editorial"
    REVIEW = "review"
    MATERIAL = "material"

    @property
    def rank(self) -> int:
        """0 for none up to 3 for material."""
        return list(Severity).index(self)


class Direction(StrEnum):
    """Worse for the person, better, neither, or not to be told by a rule."""

    BROADENS = "broadens"
    NARROWS = "narrows"
    NEUTRAL = "neutral"


class Consent(StrEnum):
    """Beside the severity: must people agree before the change reaches data already held?"""

    NONE = "none"
    ASK = "ask"
    REQUIRED = "required"


@dataclass(frozen=True)
class Piece:
    """A run of words in a redline: kept, inserted or deleted."""

    op: Literal["keep", "insert", "delete"]
    text: str


@dataclass(frozen=True)
class Decision:
    """A person's recorded ruling on one change, bound to the change's fingerprint.

    `on`: the day, in the policy's time zone. `at`: the clock when it was recorded, ISO 8601 in UTC; empty where it wasn't.
    `override`: it may lower what a rule proves material; `second` is the other person who stands for that, if any.
    """

    change: str
    fingerprint: str
    severity: Severity
    reason: str
    by: str
    on: str
    at: str = ""
    override: bool = False
    second: str = ""

    def counts_for(self, change: Change) -> bool:
        """Whether it may rule on the change: what a rule proves material is lowered by an override alone."""
        lowers = change.proposed is Severity.MATERIAL and self.severity is not Severity.MATERIAL
        return self.fingerprint == change.fingerprint and (self.override or not lowers)


@dataclass(frozen=True)
class Change:
    """One judged difference. `kind` is the rule's id and what happened; `id` is stable while kind and place are."""

    id: str
    kind: str
    subject: str
    clause: str | None
    direction: Direction
    severity: Severity
    before: Json
    after: Json
    consent: Consent
    reason: str
    rule: str
    source: str
    summary: str = ""
    title: str = ""
    evidence: str = ""
    proposed: Severity = Severity.REVIEW
    decision: Decision | None = None
    also: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()
    words: str = ""  # what readers are told, in whole sentences; empty in comparisons frozen before there were any

    @property
    def fingerprint(self) -> str:
        """SHA-256 over everything that a decision rules on: it goes stale when any of it moves on."""
        ruled = [
            self.kind,
            self.subject,
            self.clause,
            str(self.direction),
            str(self.proposed),
            self.before,
            self.after,
            [[piece.op, piece.text] for piece in self.pieces],
        ]
        return hashlib.sha256(canonical(ruled)).hexdigest()

    @property
    def undecided(self) -> bool:
        """Whether a person still has to rule on it."""
        return self.proposed is Severity.REVIEW and self.decision is None

    @property
    def lowered(self) -> bool:
        """Whether a person ruled it less than the material change that a rule proves."""
        return self.decision is not None and self.proposed is Severity.MATERIAL and self.severity is not self.proposed

    def decided(self, decision: Decision) -> Change:
        """The same change under a person's ruling."""
        return replace(self, severity=decision.severity, decision=decision)

    def to_json(self) -> dict[str, Any]:
        """The change as `diff --format json` prints it."""
        ruling = self.decision
        return {
            "id": self.id,
            "kind": self.kind,
            "subject": self.subject,
            "clause": self.clause,
            "direction": str(self.direction),
            "severity": str(self.severity),
            "before": self.before,
            "after": self.after,
            "consent": str(self.consent),
            "reason": self.reason,
            "rule": self.rule,
            "source": self.source,
            "title": self.title,
            "summary": self.summary,
            "words": self.words or self.summary,
            "evidence": self.evidence,
            "proposed_severity": str(self.proposed),
            "undecided": self.undecided,
            "also": list(self.also),
            "fingerprint": self.fingerprint,
            "decision": ruling
            and {
                "severity": str(ruling.severity),
                "reason": ruling.reason,
                "by": ruling.by,
                "on": ruling.on,
                "fingerprint": ruling.fingerprint,
            }
            | ({"at": ruling.at} if ruling.at else {})
            | ({"override": True} if ruling.override else {})
            | ({"second": ruling.second} if ruling.second else {}),
            "redline": [[piece.op, piece.text] for piece in self.pieces],
        } | ({"lowered": True} if self.lowered else {})


@dataclass(frozen=True)
class Comparison:
    """All changes between two versions, or a version and the draft."""

    old: str | None
    new: str
    changes: tuple[Change, ...] = ()
    notice_days: int = 0
    warnings: tuple[str, ...] = field(default=())

    @property
    def severity(self) -> Severity:
        """The highest among the changes, after decisions."""
        return highest(change.severity for change in self.changes)

    @property
    def consent(self) -> Consent:
        """The strictest among the changes."""
        return max((change.consent for change in self.changes), key=list(Consent).index, default=Consent.NONE)

    @property
    def undecided(self) -> tuple[Change, ...]:
        """The changes that a person still has to rule on."""
        return tuple(change for change in self.changes if change.undecided)

    def of(self, severity: Severity) -> tuple[Change, ...]:
        """The changes of one severity, in order."""
        return tuple(change for change in self.changes if change.severity is severity)

    def to_json(self) -> dict[str, Any]:
        """The object that `diff --format json` prints."""
        return {
            "old": self.old,
            "new": self.new,
            "severity": str(self.severity),
            "notice_days": self.notice_days,
            "consent": str(self.consent),
            "undecided": len(self.undecided),
            "warnings": list(self.warnings),
            "changes": [change.to_json() for change in self.changes],
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Comparison:
        """The comparison back from its frozen JSON."""
        return cls(
            record["old"],
            record["new"],
            tuple(map(_change_from, record["changes"])),
            record["notice_days"],
            tuple(record["warnings"]),
        )


def _change_from(record: dict[str, Any]) -> Change:
    ruling = record["decision"]
    decision = ruling and Decision(
        record["id"],
        ruling["fingerprint"],
        Severity(ruling["severity"]),
        ruling["reason"],
        ruling["by"],
        ruling["on"],
        ruling.get("at", ""),
        ruling.get("override", False),
        ruling.get("second", ""),
    )
    same = (
        "id",
        "kind",
        "subject",
        "clause",
        "before",
        "after",
        "reason",
        "rule",
        "source",
        "summary",
        "title",
        "evidence",
    )
    return Change(
        **{name: record[name] for name in same},
        direction=Direction(record["direction"]),
        severity=Severity(record["severity"]),
        consent=Consent(record["consent"]),
        proposed=Severity(record["proposed_severity"]),
        also=tuple(record["also"]),
        decision=decision or None,
        pieces=tuple(Piece(op, text) for op, text in record["redline"]),
        words=record.get("words", ""),
    )


def highest(severities: Iterable[Severity]) -> Severity:
    """The highest of them; `none` when there are none."""
    return max(severities, key=lambda severity: severity.rank, default=Severity.NONE)


def canonical(value: Any) -> bytes:
    """One spelling for one value: sorted keys, no spaces, UTF-8, no NaN."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
