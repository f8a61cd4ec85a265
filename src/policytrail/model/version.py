"""Versions, evidence and the status that follows from them on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from .change import Comparison, Severity
from .policy import Snapshot

State = Literal["announcing", "noticed", "effective", "superseded", "withdrawn", "blocked"]


@dataclass(frozen=True)
class Evidence:
    """One record that something about a notice happened; no personal data.

    `kind`: `site` (the site shows the pending version from `on` for as long as it is pending), `email` (the mails
    were accepted, complete on `on`), `withdrawn`. `on` is a local date of the policy's time zone.
    """

    kind: str
    on: date
    record: Mapping[str, Any]
    digest: str


@dataclass(frozen=True)
class Duty:
    """The notice that a version owes: so many days on these channels, and where that comes from."""

    days: int
    count: Literal["full_days", "at_least"]
    any_of: tuple[str, ...]
    all_of: tuple[str, ...]
    regimes: tuple[str, ...]


@dataclass(frozen=True)
class Version:
    """A frozen version as read back from versions/ID: never changes."""

    id: str
    effective: date
    announced: date
    snapshot: Snapshot
    comparison: Comparison
    duty: Duty
    evidence: tuple[Evidence, ...]
    manifest: str
    previous_manifest: str | None
    reconstructed: bool = False

    @property
    def severity(self) -> Severity:
        """The severity of the whole version against its predecessor."""
        return self.comparison.severity


@dataclass(frozen=True)
class Standing:
    """How one version stands on one day."""

    version: Version
    state: State
    complete: date | None
    earliest_effective: date
    due: tuple[Due, ...] = ()


@dataclass(frozen=True)
class Due:
    """Something that has to happen, by when (a local date), in plain words."""

    what: str
    by: date


@dataclass(frozen=True)
class Status:
    """Every version's state on one day."""

    as_of: date
    current: Version | None
    pending: tuple[Standing, ...]
    superseded: tuple[Version, ...]
    problems: tuple[str, ...]
