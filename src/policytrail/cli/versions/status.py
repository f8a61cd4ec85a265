"""`policytrail status`: where every version stands on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from policytrail.archive.store import load_versions
from policytrail.cli.common import as_of_option, find_workspace, format_option, print_json, progress
from policytrail.publish.build_site import refuse_blocked, today
from policytrail.render.diff.terminal import status_text
from policytrail.schedule.duties.consent import needs
from policytrail.schedule.status import status
from policytrail.schedule.status_json import to_json
from policytrail.site_monitor.fetch import fetch_site
from policytrail.site_monitor.staleness import stale

if TYPE_CHECKING:
    from policytrail.model.version import Status


@click.command("status")
@as_of_option
@click.option("--published", metavar="URL|FOLDER", help="Also check that the published site is right for that day.")
@click.option(
    "--consent", is_flag=True, help="List instead which pending changes need consent, and how you ask for it."
)
@format_option("text", "json")
def command(as_of: date | None, published: str | None, consent: bool, form: str) -> None:
    """Show every version's state on a day, what is due and by when.

    Exit 3 if a version is blocked on its date, a duty is broken, or the published site is stale (--published).
    """

    versions = load_versions(find_workspace())
    found = status(versions, as_of or today(versions))
    if consent:
        _consent(found, form)
        return
    found = _with_published(found, published) if published else found
    if form == "json":
        print_json(to_json(found))
    else:
        click.echo(status_text(found))
    refuse_blocked(found)


def _with_published(found: Status, place: str) -> Status:
    """The status with what is stale on the published site among its problems."""

    with progress("Looking at the published site"):
        wrong = stale(fetch_site(place).pages, found)
    return replace(found, problems=(*found.problems, *wrong), broken=(*found.broken, *wrong))


def _consent(found: Status, form: str) -> None:
    """What must be agreed to, by whom, in which words. Nobody's answer is ever assumed or kept here."""

    versions = [state.version for state in found.pending if state.state not in ("withdrawn", "superseded")]
    versions = [*([found.current] if found.current else []), *versions]
    listed: list[dict[str, Any]] = [
        {
            "version": version.id,
            "effective": version.effective.isoformat(),
            "change": need.change.id,
            "subject": need.change.subject,
            "text": need.change.summary,
            "data": list(need.data),
            "why": list(need.why),
            "plan": need.plan.id if need.plan else None,
            "how": need.plan.how if need.plan else None,
            "who": "everyone whose data are already held",
            "without_an_answer": "it isn't applied to their data",
        }
        for version in versions
        for need in needs(version.comparison, version.snapshot)
    ]
    if form == "json":
        print_json({"as_of": found.as_of.isoformat(), "consent": listed})
        return
    for entry in listed:
        click.echo(
            f"{entry['version']}  {entry['change']}  {entry['text']}\n          plan {entry['plan']}: {entry['how']}; "
            f"without an answer, {entry['without_an_answer']}."
        )
    if not listed:
        click.echo("No change in force or pending needs consent.")
