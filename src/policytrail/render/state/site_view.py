"""What the whole site is rendered from: the versions and how each stands on the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

from policytrail.languages.voice import Voice
from policytrail.model.change import Comparison
from policytrail.model.policy import Policy, Snapshot
from policytrail.model.version import Status, Version, VersionState
from policytrail.render.notice.content import Notice, notice_content
from policytrail.schedule.version_order import KEEP_TELLING_DAYS, expected


@dataclass(frozen=True)
class Page:
    """One file that a template makes: its title, the template's name and the values it is given."""

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DraftReview:
    """What a preview says about the draft: its comparison with the newest version, what is wrong, what is left to settle.

    `beside`: sentences by the clause that they belong to. `notice`: as it would be, if it took effect on `earliest`.
    """

    comparison: Comparison | None
    problems: tuple[str, ...] = ()
    to_settle: tuple[tuple[str, str], ...] = ()
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    earliest: date | None = None
    notice: Notice | None = None


@dataclass(frozen=True)
class SiteView:
    """All versions, oldest first, and their status on a day.

    `preview` marks every page as not the real site. `pdf` is the policy as a PDF where one was made, `redline_pdf` a
    version's id with its redline as a PDF; the site then offers them. `draft` is shown on a page of its own, with its
    `review`: only a preview has them. Without a version there must be a draft.
    """

    versions: tuple[Version, ...]
    status: Status
    preview: bool = False
    pdf: bytes | None = None
    redline_pdf: tuple[str, bytes] | None = None
    draft: Snapshot | None = None
    review: DraftReview | None = None

    @property
    def as_of(self) -> date:
        """The day the site is built for."""
        return self.status.as_of

    @property
    def pending(self) -> tuple[VersionState, ...]:
        """The versions still to come, the next first; a withdrawn one isn't coming, nor one that another took the place of."""
        coming = [state for state in self.status.pending if state.state not in ("withdrawn", "superseded")]
        return tuple(sorted(coming, key=lambda each: each.version.effective))

    @property
    def next(self) -> VersionState | None:
        """The version that comes next."""
        return self.pending[0] if self.pending else None

    @property
    def policy(self) -> Policy:
        """The policy that the site's own pages speak for: the current one, else the next, else the draft."""
        coming = [state.version for state in self.pending]
        versions = [*([self.status.current] if self.status.current else []), *coming, *reversed(self.versions)]
        if not versions and self.draft:
            return self.draft.policy
        return versions[0].snapshot.policy

    @cached_property
    def _states(self) -> Mapping[str, str]:
        found = {state.version.id: str(state.state) for state in reversed(self.status.pending)}
        found |= {version.id: "superseded" for version in self.status.superseded}
        return found | ({self.status.current.id: "effective"} if self.status.current else {})

    def state(self, version: Version) -> str:
        """How a version stands: one of the words of `status --format json`."""
        return self._states.get(version.id, "withdrawn")

    @cached_property
    def took_effect(self) -> tuple[Version, ...]:
        """The versions that are or were in force, oldest first."""
        return (*self.status.superseded, *([self.status.current] if self.status.current else []))

    def until(self, version: Version) -> date | None:
        """The first day on which a later version was in force, None while this one is the last."""
        later = (after for before, after in pairwise(self.took_effect) if before.id == version.id)
        return next((each.effective for each in later), None)

    def replaced_by(self, version: Version) -> Version | None:
        """The version that took this one's place before it took effect: a correction, or the same text on another date."""
        return None if version.id in self._superseded else self._corrections.get(version.manifest)

    @cached_property
    def _corrections(self) -> dict[str, Version]:
        return {version.corrects: version for version in reversed(self.versions) if version.corrects}

    @cached_property
    def _superseded(self) -> frozenset[str]:
        return frozenset(version.id for version in self.status.superseded)

    @property
    def told_lately(self) -> tuple[tuple[Version, date], ...]:
        """What people can only be told afterwards, with its day: a version in force at once, and versions withdrawn."""
        current = self.status.current
        told = [(current, current.effective)] if current and current.duty.owed and not current.duty.before else []
        told += [
            (state.version, one.on)
            for state in self.status.pending
            if state.state == "withdrawn"
            for one in state.version.evidence
            if one.kind == "withdrawn"
        ]
        return tuple((version, on) for version, on in told if on <= self.as_of < on + timedelta(days=KEEP_TELLING_DAYS))

    @property
    def withdrawn_lately(self) -> Version | None:
        """The last version withdrawn, while readers may look for it: as long as banners tell, and up to its own date."""
        found = [
            (one.on, state.version)
            for state in self.status.pending
            if expected(state.version, self.as_of)
            for one in state.version.evidence
            if one.kind == "withdrawn"
        ]
        return max(found, key=lambda each: each[0])[1] if found else None

    def retracted(self, version: Version) -> tuple[bool, date | None]:
        """Whether those who were told of a withdrawn version by email are still to be told, else since when they are."""
        standing = next((state for state in self.status.pending if state.version.id == version.id), None)
        return (bool(standing.due), standing.complete) if standing else (False, None)

    @cached_property
    def _by_id(self) -> Mapping[str, Version]:
        return {version.id: version for version in self.versions}

    def previous(self, version: Version) -> Version | None:
        """The version that this one was compared with."""
        return self._by_id.get(version.comparison.old or "")

    def snapshot(self, version: Version) -> Snapshot:
        """What a version says, with the translations that were published by the day."""
        if version.id not in self._snapshots:
            self._snapshots[version.id] = version.translated(self.as_of)
        return self._snapshots[version.id]

    @cached_property
    def _snapshots(self) -> dict[str, Snapshot]:
        return {}

    def notice(self, version: Version, voice: Voice | None = None) -> Notice:
        """What users are told about a version, with its manifest hash; for readers of a translation by its voice."""
        old = self.previous(version)
        told = notice_content(
            old.snapshot if old else None,
            version.snapshot,
            version.comparison,
            version.effective,
            version.announced,
            version.id,
            [self._by_id[replace].effective for replace in version.replaces if replace in self._by_id],
            voice,
        )
        return told.sealed(version.manifest)


def was_announced(version: Version) -> bool:
    """Whether users were to be told of it ahead: the first version, and one that took effect at once, weren't.

    Of one that is taken over from another history nobody knows.
    """
    return has_notice(version) and version.announced < version.effective


def has_notice(version: Version) -> bool:
    """Whether there is a notice to read: of the first version, and of what is taken over from another history, is none."""
    return version.comparison.old is not None and version.imported is None


def told_on(version: Version) -> str:
    """The page that tells of a version, below the site's root: its notice, else its changes, else itself."""
    base = f"versions/{version.id}/"
    return base + ("notice/" if has_notice(version) else "changes/" if version.comparison.old is not None else "")
