"""`policytrail at DATE`: the text in force on a day."""

from __future__ import annotations

from datetime import date

import click

from policytrail.archive.store import load_versions
from policytrail.cli.common import Day, find_workspace, format_option, print_json, say
from policytrail.errors import RepositoryError, UsageError
from policytrail.model.json_value import Json
from policytrail.schedule.new_users import binding_on
from policytrail.schedule.status import status


@click.command("at")
@click.argument("day", type=Day(), metavar="DATE")
@click.option("--joined", type=Day(), metavar="DATE", help="The day on which a person joined.")
@format_option("text", "markdown", "json")
def command(day: date, joined: date | None, form: str) -> None:
    """Print which version was in force on DATE, and its frozen text.

    If the policy binds new users to an upcoming text at sign-up, give the day on which the person joined.
    """

    workspace = find_workspace()
    versions = load_versions(workspace)
    if joined is not None and joined > day:
        raise UsageError(f"Nobody who joined on {joined} had a policy on {day}.")
    current = binding_on(versions, day, joined) if joined else status(versions, day).current
    if current is None:
        raise RepositoryError(f"No version was in force on {day}.")
    folder = workspace.version(current.id)
    text = (folder / ("policy.md" if form == "markdown" else "policy.txt")).read_text("utf-8")
    if form == "json":
        found: dict[str, Json] = {"date": day.isoformat(), "version": current.id, "manifest": current.manifest}
        print_json(found | {"imported": current.imported, "text": text})
        return
    say(f"In force on {day}: version {current.id} (manifest {current.manifest}).")
    if current.imported:
        say(f"It is taken over from the git history of {current.imported['path']}; there is no record of a notice.")
    other = binding_on(versions, day, day)
    if joined is None and other is not None and other.id != current.id:
        say(f"Two texts are in force: who joins on {day} has version {other.id} already. Ask with --joined DATE.")
    click.echo(text, nl=False)
