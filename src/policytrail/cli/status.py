"""`policytrail status`: where every version stands on a day."""

from __future__ import annotations

from datetime import date

import click

from .common import as_of_option, find_root, print_json


@click.command("status")
@as_of_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(as_of: date | None, form: str) -> None:
    """Show every version's state on a day, what is due and by when. Exit 3 when a version is blocked on its date."""
    from ..publish import refuse_blocked, today
    from ..render.terminal import status_text
    from ..schedule.status import status, to_json
    from ..versions.store import load_versions

    versions = load_versions(find_root())
    found = status(versions, as_of or today(versions))
    if form == "json":
        print_json(to_json(found))
    else:
        click.echo(status_text(found))
    refuse_blocked(found)
