"""Whether a published site is what must be in force today: its own `notice.json` against the status. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policytrail.errors import RepositoryError
from policytrail.model.version import Status

from .verdict import DATA, Fetched, data_of, day_of

_LATEST = 1  # a site built daily is for today or yesterday, whatever the hour and the time zone of the job


def stale(pages: Mapping[str, Fetched], found: Status) -> tuple[str, ...]:
    """What is out of date on a published site, in sentences; none where it says what holds on the status's day.

    Raises RepositoryError where the site doesn't answer: then nothing can be said of it.
    """
    page = pages[DATA]
    if not page.answered:
        raise RepositoryError("The published site doesn't answer, so it can't be said whether it is up to date.")
    return tuple(_differences(data_of(page), found))


def _differences(data: Mapping[str, Any], found: Status) -> Iterator[str]:
    built = day_of(data.get("as_of"))
    if built is None:
        yield f"The published site has no {DATA} that policytrail wrote. Build the site and publish it."
        return
    hint = "Build the site and publish it."
    if (found.as_of - built).days > _LATEST:
        yield f"The published site was built for {built}, {(found.as_of - built).days} days ago. {hint}"
    if built > found.as_of:
        yield f"The published site was built for {built}, a day that hasn't come. {hint}"
    shown, current = data.get("current"), found.current
    if _manifest(shown) != (current.manifest if current else None):
        name = shown.get("id") if isinstance(shown, dict) else "none"
        yield f"The published site says that {name} is in force; it is {current.id if current else 'none'}. {hint}"
    listed = data.get("pending")
    pending = [_manifest(each) for each in listed] if isinstance(listed, list) else []
    coming = [state.version for state in found.pending if state.state not in ("withdrawn", "superseded")]
    yield from (
        f"The published site doesn't announce {version.id}. {hint}"
        for version in coming
        if version.manifest not in pending
    )
    if len(pending) > len([version for version in coming if version.manifest in pending]):
        yield f"The published site announces a version that isn't pending. {hint}"


def _manifest(summary: Any) -> str | None:
    found = summary.get("manifest") if isinstance(summary, dict) else None
    return found if isinstance(found, str) else None
