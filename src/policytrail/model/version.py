"""Versions, evidence and the status that follows from them on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from policytrail.model.translations.translation import Translation

from .change import Comparison, Severity
from .policy import Snapshot

TRANSLATION = "translation"  # the kind of record that holds a translation published after its version
State = Literal["announcing", "noticed", "effective", "superseded", "withdrawn", "blocked"]


@dataclass(frozen=True)
class Evidence:
    """One record that something about a notice happened; no personal data.

    `kind`: `site` (the site shows the pending version from `on` for as long as it is pending), `observed` (what the
    published site really showed), `email` (the mails were accepted, complete on `on`), `started` (the start marker before the
    first mail), `progress` (how far a run of it came), any other channel (`post`, `in_app`) that a person vouches for,
    `compared` (what the version does when it follows another one), `withdrawn`, `retraction`, `translation` (one that
    was published after the release). `on` is a local date of the policy's time zone.
    """

    kind: str
    on: date
    record: Mapping[str, Any]
    digest: str


@dataclass(frozen=True)
class Duty:
    """The notice that a version owes: so many days on these channels, and where that comes from.

    `before`: the version waits for its notice; an event such as a legal order may let it take effect on its date, and
    then the notice is owed by that date.
    """

    days: int
    count: Literal["full_days", "at_least"]
    any_of: tuple[str, ...]
    all_of: tuple[str, ...]
    regimes: tuple[str, ...]
    before: bool = True

    @property
    def owed(self) -> bool:
        """Whether any notice is owed."""
        return bool(self.any_of or self.all_of)


@dataclass(frozen=True)
class Version:
    """A frozen version as read back from versions/ID: never changes.

    `previous_manifest` is the link of the chain: the version released before it. What it was compared with is
    `comparison.old`. `corrects` is the manifest of the version whose place and notice it takes over (an erratum, or
    the same text on another date), `correction` what differs from that one. `rules` names the rules that worked out
    the duty; `replaces` the announced versions (ids) that don't come now, which its notice says; `event` what let it
    leave the usual notice, with who said so. `released`: `by` and `reason`, where recorded. `imported`: where it was taken
    over from (`path`, `commit`, ...) with no record of a notice; None for a version that was released here.
    """

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
    recorded: datetime | None = None
    released: Mapping[str, str] = field(default_factory=dict)
    corrects: str | None = None
    correction: Comparison | None = None
    rules: str | None = None
    replaces: tuple[str, ...] = ()
    event: Mapping[str, Any] | None = None
    imported: Mapping[str, Any] | None = None

    @property
    def severity(self) -> Severity:
        """The severity of the whole version against its predecessor."""
        return self.comparison.severity

    def translated(self, day: date | None = None) -> Snapshot:
        """What it says, with the translations that were published for it after its release; by a day, or all."""
        added = {each.language: each for _, each in self._added(day)}
        if not added:
            return self.snapshot
        return replace(self.snapshot, translations={**self.snapshot.translations, **added})

    def translated_on(self, language: str, day: date | None = None) -> date | None:
        """When the translation was published, if that was after the release."""
        return next((on for on, each in reversed(self._added(day)) if each.language == language), None)

    def _added(self, day: date | None) -> list[tuple[date, Translation]]:
        """The translations on record, in order."""
        return [
            (evidence.on, Translation.model_validate(dict(evidence.record["translation"])))
            for evidence in self.evidence
            if evidence.kind == TRANSLATION and (day is None or evidence.on <= day)
        ]


@dataclass(frozen=True)
class VersionState:
    """How one version stands on one day. `complete`: the day on which its notice was (of a withdrawn one: its retraction).

    `gaps`: days of the window on which the site was known not to show it."""

    version: Version
    state: State
    complete: date | None
    earliest_effective: date
    due: tuple[Due, ...] = ()
    remarks: tuple[str, ...] = ()
    gaps: tuple[date, ...] = ()


@dataclass(frozen=True)
class Due:
    """Something that has to happen, by when (a local date), in plain words."""

    what: str
    by: date


@dataclass(frozen=True)
class Status:
    """Every version's state on one day. `since`: the day on which each version that was in force took effect, by id.

    `due` is owed for the text in force, `broken` those of the problems that are duties not done in time.
    """

    as_of: date
    current: Version | None
    pending: tuple[VersionState, ...]
    superseded: tuple[Version, ...]
    problems: tuple[str, ...]
    since: Mapping[str, date] = field(default_factory=dict)
    due: tuple[Due, ...] = ()
    broken: tuple[str, ...] = ()
