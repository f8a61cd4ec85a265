"""`policytrail at DATE`: the text in force on a day."""

from __future__ import annotations

from datetime import date

import click

from ..errors import RepositoryError
from .common import Day, find_root, print_json, say


@click.command("at")
@click.argument("day", type=Day(), metavar="DATE")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text")
def command(day: date, form: str) -> None:
    """Print which version was in effect on DATE, and its text as it was frozen."""
    from ..schedule.status import status
    from ..versions.store import load_versions

    root = find_root()
    current = status(load_versions(root), day).current
    if current is None:
        raise RepositoryError(f"No version was in force on {day}.")
    folder = root / "versions" / current.id
    text = (folder / ("policy.md" if form == "markdown" else "policy.txt")).read_text()
    if form == "json":
        print_json({"date": day.isoformat(), "version": current.id, "manifest": current.manifest, "text": text})
        return
    say(f"In force on {day}: version {current.id} (manifest {current.manifest}).")
    click.echo(text, nl=False)
