"""`policytrail export`: the policy for people and machines outside the site."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from policytrail.cli.common import as_of_option, emit, find_workspace, progress, say
from policytrail.errors import UsageError
from policytrail.publish.export import exported
from policytrail.render.documents import FORMATS


@click.command("export")
@click.argument("version", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["pdf", "docx", "md", "txt", "jsonld"]),
    required=True,
    help="pdf (needs pip install 'policytrail[pdf]'), docx to edit, md, txt, or jsonld (the practices as linked data).",
)
@click.option(
    "--output",
    "--out",
    "out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write (default: standard output).",
)
@click.option("--changes", is_flag=True, help="Write the redline against the version before; only as pdf.")
@click.option("--language", metavar="LANG", help="Write a translation, such as fr; not as jsonld.")
@as_of_option
def command(
    version: str | None, form: str, out: Path | None, changes: bool, language: str | None, as_of: date | None
) -> None:
    """Write VERSION (an id, or 'draft'; default: the version in force) as a document."""

    if changes and form != "pdf":
        raise UsageError("--changes goes with --format pdf. For other formats: policytrail diff OLD NEW --format ...")
    if language and form == "jsonld":
        raise UsageError("--language is for people; linked data has the labels of the source's language.")
    with progress("Writing the document"):
        content = exported(find_workspace(), form, version, as_of, changes, language)
    emit(content, out, binary=not FORMATS[form])
    if out:
        say(f"Wrote {out}.")
