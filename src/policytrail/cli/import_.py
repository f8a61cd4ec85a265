"""`policytrail import`: what others wrote becomes sources, edits of the draft, or a report of the past."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ..errors import UsageError
from .common import as_of_option


@click.command("import")
@click.option(
    "--into-draft", type=click.Path(path_type=Path), metavar="FILE.docx", help="Take an edited Word copy back."
)
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@as_of_option
def command(into_draft: Path | None, dry_run: bool, as_of: date | None) -> int:
    """Take an edited Word copy of the policy back into the draft (--into-draft FILE.docx).

    Exit 1 when something in the document needs a person; it is listed, and noted in policy/review-notes.md.
    """
    if into_draft:
        from .import_docx import into_draft as run

        return run(into_draft, as_of, dry_run)
    raise UsageError("Name what to import: --into-draft FILE.docx.")
