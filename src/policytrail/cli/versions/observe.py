"""`policytrail observe URL|FOLDER`: is the notice really up? Measured, not stated."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from policytrail.archive.evidence_log import record
from policytrail.archive.store import load_versions
from policytrail.cli.common import Day, as_of_option, find_workspace, progress, say, stated, version_named
from policytrail.clock import now
from policytrail.errors import NoticeRefusal, RepositoryError, UsageError
from policytrail.publish.build_site import place_of, today
from policytrail.render.state.site_view import SiteView
from policytrail.schedule.status import status
from policytrail.site_monitor.fetch import fetch_site
from policytrail.site_monitor.verdict import judged

if TYPE_CHECKING:
    from policytrail.model.version import Status, Version
    from policytrail.site_monitor.verdict import Look


@click.command("observe")
@click.argument("place", metavar="URL|FOLDER", required=False)
@click.option("--version", "identity", metavar="ID", help="The version to look for (default: every pending one).")
@click.option(
    "--missing-from",
    type=Day(),
    metavar="DATE",
    help="Record a gap found later: its first day.",
)
@click.option("--missing-to", type=Day(), metavar="DATE", help="The gap's last day.")
@click.option("--reason", help="How somebody found the gap.")
@click.option("--by", "name", help="Who states the gap.")
@as_of_option
def command(
    place: str | None,
    identity: str | None,
    missing_from: date | None,
    missing_to: date | None,
    reason: str | None,
    name: str | None,
    as_of: date | None,
) -> None:
    """Fetch the published front page, /upcoming/, notice.json and notice.js, and record whether they show the notice.

    A live site without the notice breaks the period of notice (exit 3). A site that doesn't answer doesn't (exit 1). Run it
    daily while a version is pending.
    """

    workspace = find_workspace("alone")
    versions = load_versions(workspace)
    day = as_of or today(versions)
    found = status(versions, day)
    if missing_from or missing_to:
        _gap(versions, identity, missing_from, missing_to, reason, name, day)
        return
    looked_for = _looked_for(versions, found, identity)
    if place is None:
        raise UsageError("Name the published site: policytrail observe https://... (or a folder).")
    if not looked_for:
        say(f"No version is pending on {day}; there is no notice to look for.")
    else:
        _look(place, looked_for, found, day)


def _looked_for(versions: tuple[Version, ...], found: Status, identity: str | None) -> list[Version]:
    current = found.current
    at_once = [current] if current and current.duty.owed and not current.duty.before else []
    pending = [state.version for state in found.pending if state.state not in ("withdrawn", "superseded")]
    if identity is None:
        return pending or at_once
    version = version_named(versions, identity)
    if version not in [*pending, *at_once]:
        raise NoticeRefusal(f"{identity} isn't pending on {found.as_of}; its notice need not be on the site.")
    return [version]


def _look(place: str, looked_for: list[Version], found: Status, day: date) -> None:

    moment = now().isoformat(timespec="seconds")
    with progress("Looking at the published site"):
        site = fetch_site(place)
    view = SiteView(tuple(looked_for), found)
    looks = [(version, judged(site.pages, version, place_of(view, version))) for version in looked_for]
    source = place if "://" in place else "folder"
    entries: list[tuple[Version, str, dict[str, Any]]] = [
        (version, "observed", {"at": moment, "source": source} | look.record()) for version, look in looks
    ]
    record(
        find_workspace(),
        entries,
        day,
        f"Observe the notice of {', '.join(version.id for version in looked_for)} on {day}",
    )
    _report(looks, day)


def _report(looks: list[tuple[Version, Look]], day: date) -> None:
    for version, look in looks:
        what = {"shown": "is up", "outage": "can't be judged: the site doesn't answer"}.get(
            look.verdict, f"is not up: {', '.join(look.missing)} is missing"
        )
        say(f"{day}: the notice of {version.id} {what}. Recorded.")
        if look.built_for and (day - look.built_for).days > 1:
            say(f"The published site was built for {look.built_for}; build and publish it daily.")
    if any(look.verdict == "missing" for _, look in looks):
        raise NoticeRefusal("The days without the notice don't count; put it back up, then observe again.")
    if any(look.verdict == "outage" for _, look in looks):
        raise RepositoryError("The site didn't answer. An outage of the whole site doesn't break the notice.")


def _gap(
    versions: tuple[Version, ...],
    identity: str | None,
    first: date | None,
    last: date | None,
    reason: str | None,
    name: str | None,
    day: date,
) -> None:
    """A gap that came to light later counts, too; of a version that is in force by now, `verify` then names it."""

    if identity is None or first is None or last is None or not reason or not name:
        raise UsageError("A gap needs --version ID, --missing-from, --missing-to, --reason and --by.")
    version = version_named(versions, identity)
    if not version.announced <= first <= last <= min(day, version.effective):
        raise UsageError(
            f"A gap lies between the announcement ({version.announced}) and the effective day ({version.effective}), "
            f"and not after {day}."
        )
    content = {
        "verdict": "missing",
        "from": first.isoformat(),
        "to": last.isoformat(),
        "reason": stated(reason, "The reason"),
        "by": stated(name, "The name"),
    }
    record(find_workspace(), [(version, "observed", content)], day, f"Record a gap in the notice of {version.id}")
    say(f"Recorded: the notice of {version.id} was missing from {first} to {last}. Those days don't count.")
