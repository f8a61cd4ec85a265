"""The register of lints: a lint is a few lines in a file of its family, entered by a decorator.

A lint looks at the whole draft and names what a careful reader would: it warns, and never blocks by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from policytrail.model.policy import Clause, Snapshot
from policytrail.model.practice import Practice
from policytrail.model.terms.vocabulary import is_parent

NEGATIVE = frozenset({"does_not", "will_not", "prohibited", "unable"})
Place = tuple[str, int]


@dataclass(frozen=True)
class Body:
    """A clause as it is written: its file, the line on which its text begins, the text with its variables."""

    path: str
    first_line: int
    source: str

    def line_of(self, words: str, fallback: int = 0) -> int:
        """The line on which the words stand; words that a variable shows stand on no line, then the first one."""
        found = re.search(r"\s+".join(map(re.escape, words.split())), self.source, re.IGNORECASE)
        return self.first_line + self.source.count("\n", 0, found.start()) if found else self.first_line + fallback


@dataclass(frozen=True)
class Draft:
    """What a lint may look at: the draft, where everything stands, and the day to judge dates by.

    `dead`: addresses that lead nowhere, each with why; None where the network wasn't asked.
    """

    snapshot: Snapshot
    bodies: Mapping[str, Body]
    places: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    as_of: date = date.min
    dead: Mapping[str, str] | None = None

    @property
    def practices(self) -> Iterable[Practice]:
        """All practices, in the order of the files."""
        return self.snapshot.practices.values()

    @property
    def clauses(self) -> Iterable[Clause]:
        """All clauses in reading order, their variables filled in."""
        return self.snapshot.clauses.values()

    def at(self, practice: Practice) -> Place:
        """Where a practice is declared."""
        return self.places.get(("practice", practice.id), ("policy/practices", 0))

    def of(self, kind: str) -> list[Practice]:
        """The practices of one type."""
        return [practice for practice in self.practices if practice.type == kind]


@dataclass(frozen=True, order=True)
class Finding:
    """One remark: where, which lint, about which practice or clause, what a reader would stumble over, how to mend it."""

    path: str
    line: int
    rule: str
    subject: str
    message: str
    hint: str
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message} {self.hint} [{self.rule}]"

    def to_json(self) -> dict[str, Any]:
        """The finding as `lint --format json` prints it."""
        return {
            "path": self.path,
            "line": self.line,
            "lint": self.rule,
            "subject": self.subject,
            "message": self.message,
            "mend": self.hint,
            "others": list(self.others),
        }


Said = Iterator[Finding]
Check = Callable[[Draft], Said]


@dataclass(frozen=True)
class Lint:
    """One kind of remark: its id, what it looks for, and where that comes from."""

    id: str
    about: str
    source: str
    check: Check


LINTS: dict[str, Lint] = {}


def lint(identity: str, about: str, source: str = "") -> Callable[[Check], Check]:
    """Enter a lint. The function yields findings; `found` makes them."""

    def enter(check: Check) -> Check:
        assert identity not in LINTS, identity
        LINTS[identity] = Lint(identity, about, source, check)
        return check

    return enter


def overlap(one: Practice, other: Practice) -> bool:
    """Whether two practices speak of the same data: the same key, or a key and its parent. `unstated` may be anything."""
    if isinstance(one.data, str) or isinstance(other.data, str):
        return True
    return any(a == b or is_parent(a, b) or is_parent(b, a) for a in one.data for b in other.data)


def same_people(one: Practice, other: Practice) -> bool:
    """Whether they are about the same people; nobody named means customers."""
    return bool({*(one.subjects or ("customer",))} & {*(other.subjects or ("customer",))})


def named(practices: Iterable[Practice]) -> str:
    """Practice ids for a message: the first few, and how many more."""
    ids = [practice.id for practice in practices]
    return ", ".join(ids[:6]) + (f" and {len(ids) - 6} more" if len(ids) > 6 else "")
