"""`policytrail build`: the main job."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from policytrail.cli.common import as_of_option, find_workspace, progress, say
from policytrail.publish.build_site import build, refuse_blocked
from policytrail.render.documents import pdf


@click.command("build")
@as_of_option
@click.option("--strict", is_flag=True, help="Refuse the build if a PDF takes too long or MkDocs warns.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write the site (default: site/).")
def command(as_of: date | None, strict: bool, out: Path | None) -> None:
    """Validate, compare, schedule and render everything to site/.

    Exit 3 if a version has reached its date without enough proven notice: the site then keeps the old text.
    """

    workspace = find_workspace("shared")
    with progress("Building the site"):
        found = build(workspace, as_of, out, strict)
    current = found.current.id if found.current else "none"
    pending = ", ".join(f"{state.version.id} ({state.state})" for state in found.pending) or "none"
    say(f"Built {out or 'site/'} as of {found.as_of}: in force {current}, pending {pending}.")
    if not pdf.available():
        say("policy.pdf is left out: it needs WeasyPrint. Install it with: pip install 'policytrail[pdf]'")
    refuse_blocked(found)
