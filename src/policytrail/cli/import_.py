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
@click.option("--history", metavar="REPO:PATH", help="Report the past of a policy that lives in git as one file.")
@click.option("--into", type=click.Path(path_type=Path), metavar="DIR", help="Write the texts of that past there.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@as_of_option
def command(
    into_draft: Path | None, history: str | None, into: Path | None, form: str, dry_run: bool, as_of: date | None
) -> int:
    """Take an edited Word copy back into the draft, or report the past of a policy kept in git.

    With --into-draft, exit 1 when something in the document needs a person; it is listed, and noted in
    policy/review-notes.md.
    """
    if bool(into_draft) == bool(history):
        raise UsageError("Name one thing to import: --into-draft FILE.docx or --history REPO:PATH.")
    if history:
        from .import_history import history as report

        return report(history, into, form)
    from .import_docx import into_draft as run

    assert into_draft is not None
    return run(into_draft, as_of, dry_run)
