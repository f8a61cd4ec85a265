"""`policytrail attest VERSION KIND`: a notice given in another way than site and mail, as a named person states it."""

from __future__ import annotations

from datetime import date

import click

from policytrail.archive.evidence_log import MEASURED, STATED, record
from policytrail.archive.store import load_versions
from policytrail.cli.common import as_of_option, find_workspace, say, stated, version_named
from policytrail.errors import UsageError
from policytrail.publish.build_site import today


@click.command("attest")
@click.argument("version")
@click.argument("kind")
@click.option("--note", required=True, help="What was done, and where its proof is. No names of recipients.")
@click.option("--by", "name", required=True, help="Who states it.")
@as_of_option
def command(version: str, kind: str, note: str, name: str, as_of: date | None) -> None:
    """Record that the notice of VERSION was given by KIND (post, in_app, ...) and complete on this day.

    KIND `retraction` records that those who got the mail know of the withdrawal. policytrail measures site, email and
    observed itself; they can't be attested.
    """

    if kind in MEASURED or not STATED.fullmatch(kind):
        raise UsageError(f"{kind!r} can't be attested: it is measured by a command of its own, or is no plain word.")
    workspace = find_workspace("alone")
    versions = load_versions(workspace)
    found = version_named(versions, version)
    day = as_of or today(versions)
    content = {"note": stated(note, "The note"), "by": stated(name, "The name")}
    record(workspace, [(found, kind, content)], day, f"Record {kind} for policy version {found.id}")
    say(f"Recorded: {kind} for {found.id}, complete on {day}, as {content['by']} states it.")
