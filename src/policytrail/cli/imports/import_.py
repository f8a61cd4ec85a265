"""`policytrail import FILE`: an existing policy becomes a draft, with practices proposed from its sentences."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import click

from policytrail.cli.common import as_of_option, format_option, print_json, progress, say
from policytrail.errors import UsageError
from policytrail.importers.draft.draft import Draft, drafted
from policytrail.importers.draft.write import files, refuse_existing, write
from policytrail.importers.formats.read import read
from policytrail.workspace import Workspace


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The folder for policy/ (default: this one), or for the texts of --history.",
)
@click.option(
    "--into-draft",
    type=click.Path(path_type=Path),
    metavar="FILE.docx",
    help="Work an edited Word copy into the draft.",
)
@click.option("--history", metavar="REPO:PATH", help="Freeze the past of a policy that is one file in git.")
@click.option("--new-draft", is_flag=True, help="With --history: replace the draft by the newest text.")
@click.option(
    "--tracked-changes",
    type=click.Choice(["accept", "reject"]),
    help="What to do with open tracked changes of a Word file.",
)
@click.option("--dry-run", is_flag=True, help="Show the result; write nothing.")
@format_option("text", "json", "markdown")
@as_of_option
def command(
    file: Path | None,
    into: Path | None,
    into_draft: Path | None,
    history: str | None,
    new_draft: bool,
    tracked_changes: str | None,
    dry_run: bool,
    form: str,
    as_of: date | None,
) -> int:
    """Turn FILE (.md .txt .html .docx) into sources below policy/: its text as clauses, and practices proposed apart from it.

    It never overwrites an existing policy/, and writes all files or none. With --into-draft, exit 1 if something needs a
    person; it is listed, and noted in policy/review-notes.md.
    """
    if sum(map(bool, (file, into_draft, history))) != 1:
        raise UsageError("Name one thing to import: FILE, --into-draft FILE.docx or --history REPO:PATH.")
    if new_draft and (into or not history):
        raise UsageError("--new-draft goes with --history, and without --into.")
    if form == "markdown" and not history:
        raise UsageError("--format markdown goes with --history.")
    if history:
        from .import_history import history as report  # saves 390 ms

        return report(history, into, form, dry_run, new_draft, as_of)
    if into_draft:
        from .import_docx import into_draft as take_back  # saves 193 ms

        return take_back(into_draft, as_of, dry_run)
    assert file is not None
    _import(file, into or Path("."), dry_run, form, tracked_changes)
    return 0


def _import(file: Path, into: Path, dry_run: bool, form: str, tracked: str | None) -> None:

    target = Workspace(into)
    if not dry_run:
        refuse_existing(target)
    with progress(f"Reading {file.name}"):
        made = drafted(read(file, tracked), str(file))
        written = files(made, str(file))
        if not dry_run:
            write(written, target)
    if form == "json":
        print_json(
            {
                "file": str(file),
                "into": str(into),
                "written": not dry_run,
                **made.to_json(),
                "files": [f"policy/{each}" for each in written],
            }
        )
    _report(made, file, into, dry_run)


def summary(made: Draft) -> str:
    """What was made of a text, in a few sentences."""
    said = [f"{len(made.outline.clauses)} clauses."]
    said += [f"The text's promise of notice is taken as it stands: “{one.fields['quote']}”." for one in made.promises]
    if not made.promises:
        said.append("No promise to tell people of changes is declared: 30 days of notice hold until one is.")
    if made.open or made.unread:
        said.append(
            f"{len(made.open)} practices are proposed, and {len(made.unread)} sentences about data have none: nothing waits "
            "for them; 'policytrail review' goes through them when you like."
        )
    return " ".join(said)


def _report(made: Draft, file: Path, into: Path, dry_run: bool) -> None:
    """Sections and proposals as a table, then remarks and what to do next; all on standard error."""
    from rich.console import Console  # saves 45 ms
    from rich.table import Table  # saves 45 ms
    from rich.text import Text  # saves 45 ms

    table = Table(title=Text(f"{file.name}: {made.about.fields['title']}"))
    for heading in ("Section", "Clause", "Proposed"):
        table.add_column(heading, overflow="fold")
    for section in made.outline.sections:
        for number, clause in enumerate(section.clauses):
            families = Counter(proposal.id.partition(".")[0] for proposal in made.proposed(clause.id))
            proposed = ", ".join(f"{count} {family}" for family, count in families.items())
            table.add_row(Text("" if number else section.title), Text(clause.id), Text(proposed))
        if not section.clauses:
            table.add_row(Text(section.title), "", "")
    Console(stderr=True).print(table)
    for remark in made.remarks:
        say(f"Look at this: {remark}")
    say(summary(made))
    say(f"To fill in or confirm in policy.yaml: {', '.join(made.about.proposed)}.")
    where = Workspace(into).policy
    say(
        f"Nothing was written (--dry-run); it would go to {where}."
        if dry_run
        else f"Written to {where}. Next, in {into}: policytrail check"
    )
