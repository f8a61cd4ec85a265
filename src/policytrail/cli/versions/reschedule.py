"""`policytrail reschedule VERSION --effective DATE`: the same text on another date."""

from __future__ import annotations

from datetime import date

import click

from policytrail.archive.store import load_versions
from policytrail.cli.common import Day, as_of_option, find_workspace, progress, say, stated
from policytrail.clock import now
from policytrail.publish.build_site import site_proof, today
from policytrail.release.freeze import release
from policytrail.release.reschedule import reschedule


@click.command("reschedule")
@click.argument("version")
@click.option("--effective", type=Day(), required=True, metavar="DATE", help="The new date (00:00 local).")
@click.option("--reason", required=True, help="Why; it stays in the record.")
@click.option("--by", "name", required=True, help="Who decides.")
@as_of_option
def command(version: str, effective: date, reason: str, name: str, as_of: date | None) -> None:
    """Freeze the text of a pending VERSION again under another date; the old id stays on record.

    A later date keeps the notice already given. An earlier one must still be lawful, and needs a new notice by mail or site
    before it comes; else exit 3.
    """

    workspace = find_workspace("alone")
    versions = load_versions(workspace)
    why = stated(reason, "The reason"), stated(name, "The name")
    made = reschedule(versions, version, effective, as_of or today(versions), *why)
    with progress("Freezing the version and building the site that announces it"):
        release(workspace, made, now(), site_proof)
    say(f"{version} is now due on {effective}, as version {made.id}; {version} stays on record as replaced.")
    if made.corrects and made.effective < made.corrects.effective and made.duty.owed:
        say(f"People were told a later date: tell them the new one before it comes (policytrail notify {made.id}).")
    say("Push the commit and the tag, and publish the site: the new date stands once readers see it.")
