"""What changed since a day: each old version against the text in force now, so that the site answers without a server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from policytrail.model.change import Severity
from policytrail.model.version import Version
from policytrail.render.diff.change_groups import Shown, groups
from policytrail.render.shared.full_redline import Block, differing, whole
from policytrail.render.shared.phrases import tally
from policytrail.render.state.site_view import SiteView

_STEPS = 12  # a page tells that many versions in full and leads to the changelog for the rest, so that pages don't grow


@dataclass(frozen=True)
class Step:
    """One version that took effect since: how many changes, and the material ones in sentences."""

    version: Version
    tally: str
    material: tuple[Shown, ...]


@dataclass(frozen=True)
class Since:
    """All that one page tells. `first` and `last` are the days on which the old version was in force, both counted.

    `steps` tell the newest versions since, `more` is how many came before those, and `oldest` the first of all.
    """

    first: date
    last: date
    later: tuple[Version, ...]
    steps: tuple[Step, ...]
    more: int
    oldest: Version
    differing: bool
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Period:
    """The days on which a version was in force; `last` is None for the one that still is."""

    version: Version
    last: date | None


def periods(view: SiteView) -> tuple[Period, ...]:
    """Every day up to the site's own, by the version then in force, the newest first."""
    took = view.took_effect
    ends = [version.effective - timedelta(days=1) for version in took[1:]]
    return tuple(Period(*each) for each in zip(reversed(took), reversed([*ends, None]), strict=True)) if took else ()


def since(view: SiteView, period: Period) -> Since | None:
    """What changed since a version that is no longer in force; None for the one that is."""
    current = view.status.current
    if period.last is None or current is None:
        return None
    version = period.version
    later = tuple(each for each in view.took_effect if each.effective > version.effective)
    newest = tuple(_step(view, each) for each in reversed(later[-_STEPS:]))
    both = version.snapshot, current.snapshot
    return Since(
        version.effective,
        period.last,
        later,
        newest,
        len(later) - len(newest),
        later[0],
        bool(differing(*both)),
        whole(*both),
    )


def _step(view: SiteView, version: Version) -> Step:
    old = view.previous(version)
    found = groups(version.comparison, old.snapshot if old else None, version.snapshot)
    material = tuple(each for group in found if group.severity is Severity.MATERIAL for each in group.changes)
    return Step(version, tally(version.comparison), material)
