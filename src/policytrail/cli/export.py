"""`policytrail export`: the policy for people and machines outside the site."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from ..errors import UsageError
from .common import as_of_option, find_root, progress, say


@click.command("export")
@click.argument("version", required=False)
@click.option(
    "--format", "form", type=click.Choice(["pdf", "docx", "md", "txt", "jsonld"]), required=True, help="What to write."
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write (default: standard output)."
)
@click.option("--changes", is_flag=True, help="The redline of the version against the one before; only as pdf.")
@as_of_option
def command(version: str | None, form: str, out: Path | None, changes: bool, as_of: date | None) -> None:
    """Write VERSION (an id, or 'draft'; default: the version in force) as a document."""
    from ..documents import exported
    from ..render.formats import FORMATS

    if changes and form != "pdf":
        raise UsageError("--changes goes with --format pdf. For other formats: policytrail diff OLD NEW --format ...")
    if out is None and not FORMATS[form] and sys.stdout.isatty():
        raise UsageError(f"A terminal can't show {form}. Name a file: --out policy.{form}")
    with progress("Writing the document"):
        content = exported(find_root(), form, version, as_of, changes)
    if out is None:
        click.get_binary_stream("stdout").write(content)
        return
    out.write_bytes(content)
    say(f"Wrote {out}.")
