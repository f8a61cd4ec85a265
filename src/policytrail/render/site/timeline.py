"""The versions as bars on a line of time: places in percent, so that the picture fits any width."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from policytrail.model.dates import in_words
from policytrail.model.version import Version
from policytrail.render.state.site_view import SiteView, was_announced
from policytrail.render.state.status_sentences import dates


@dataclass(frozen=True)
class Bar:
    """One version: where its time in force begins and how long it is (percent), and its time of notice before."""

    id: str
    state: str
    label: str
    top: int
    start: float
    width: float
    notice_start: float
    notice_width: float


@dataclass(frozen=True)
class Timeline:
    """All bars, the day the site is built for, the marks of the years, and the picture in words (of the newest)."""

    bars: tuple[Bar, ...]
    height: int
    today: float
    years: tuple[tuple[int, float], ...]
    description: str


_ROW, _FOOT = 56, 34
_MOST_ROWS = 12  # more versions share one row, without labels: the list below names them
Place = Callable[[date], float]


def timeline(view: SiteView) -> Timeline | None:
    """The picture for the page of all versions; None without versions."""
    if not view.versions:
        return None
    begin = min(min(each.effective, each.announced) for each in view.versions)
    latest = max(view.as_of, *(each.effective for each in view.versions))
    end = latest + max(timedelta(days=60), (latest - begin) / 12)

    def place(day: date) -> float:
        return round(100 * (day - begin).days / max(1, (end - begin).days), 2)

    crowded = len(view.versions) > _MOST_ROWS
    bars = tuple(
        _bar(view, version, 0 if crowded else row, place, end, "" if crowded else _label(version))
        for row, version in enumerate(view.versions)
    )
    words = " ".join(f"Version {each.id}: {' '.join(dates(view, each))}" for each in view.versions[-_MOST_ROWS:])
    return Timeline(
        bars, _ROW * (1 if crowded else len(bars)) + _FOOT, place(view.as_of), _years(begin, end, place), words
    )


def _label(version: Version) -> str:
    return f"{version.id}, from {in_words(version.effective)}"


def _bar(view: SiteView, version: Version, row: int, place: Place, end: date, label: str) -> Bar:
    state = view.state(version)
    until = view.until(version) if state in ("effective", "superseded") else None
    if view.replaced_by(version) is not None:
        until = version.effective  # it never was in force
    stop = place(until or (view.next.version.effective if state == "effective" and view.next else end))
    start = place(version.effective)
    told = place(version.announced) if was_announced(version) else start
    return Bar(
        version.id,
        state,
        label,
        row * _ROW,
        start,
        round(max(0.6, stop - start), 2),
        told,
        round(max(0.0, start - told), 2),
    )


def _years(begin: date, end: date, place: Place) -> tuple[tuple[int, float], ...]:
    step = max(1, (end.year - begin.year) // 5)
    return tuple((year, place(date(year, 1, 1))) for year in range(begin.year + 1, end.year + 1, step))
