"""`policytrail timestamp VERSION`: a third party's word that what is on record existed by now."""

from __future__ import annotations

from datetime import date

import click

from policytrail.archive.store import load_versions
from policytrail.cli.common import as_of_option, find_workspace, progress, say, version_named
from policytrail.publish.build_site import today
from policytrail.verify.timestamp_client import stamp

VARIABLE = "POLICYTRAIL_TIMESTAMP_URL"


@click.command("timestamp")
@click.argument("version")
@click.option("--tsa", "url", metavar="URL", envvar=VARIABLE, show_envvar=True, required=True, help="The authority.")
@as_of_option
def command(version: str, url: str, as_of: date | None) -> None:
    """Have a time-stamping authority (RFC 3161) stamp the newest record of VERSION, and record the token.

    The stamp covers all records down to the version's manifest. 'policytrail verify --tsa-certificate FILE' checks it without
    the network. Needs the extra: pip install 'policytrail[timestamp]'.
    """

    workspace = find_workspace("alone")
    versions = load_versions(workspace)
    found = version_named(versions, version)
    with progress("Asking the time-stamping authority"):
        at = stamp(workspace, found, url, as_of or today(versions))
    say(f"Recorded: the records of {found.id} existed at {at}, as {url} says. Push the commit.")
