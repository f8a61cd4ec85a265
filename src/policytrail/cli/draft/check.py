"""`policytrail check`: are the sources sound, what changed since the newest version, what blocks a release?"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from policytrail.check.formats import FORMATS, render
from policytrail.check.run import run
from policytrail.cli.common import as_of_option, effective_option, find_workspace
from policytrail.errors import SourceError, UsageError
from policytrail.storage.files import write_whole


@click.command("check")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", help="The format to print.")
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Also write the review to a file, for example junit=check.xml.",
)
@click.option("--problems-only", is_flag=True, help="Exit 0 although a change waits for a ruling (for commit hooks).")
@click.option("--strict", is_flag=True, help="Exit 1 for a remark, too: a lint, a statement marked CONFIRM.")
@effective_option
@as_of_option
def command(
    form: str,
    reports: tuple[str, ...],
    problems_only: bool,
    strict: bool,
    effective: date | None,
    as_of: date | None,
) -> int:
    """Validate the sources, compare the draft with the newest version, say what blocks a release.

    Exit 1 for problems in sources or versions, 3 while a decision is missing. With --effective, exit as 'policytrail release'
    would for that date. Lints (see 'policytrail lint') block nothing without --strict.
    """

    files = [_report(report) for report in reports]
    found = run(find_workspace(), as_of, effective)
    printed = ["text.out", "text.err"] if form == "text" else [form]
    for name, stream in zip(printed, (sys.stdout, sys.stderr), strict=False):
        stream.write(render(name, found))
    for name, path in files:
        write_whole(path, render(name, found).encode())
    if strict and found.remarks:
        return SourceError.exit_status
    return 0 if problems_only and not found.problems else found.exit_status


def _report(word: str) -> tuple[str, Path]:
    name, equals, path = word.partition("=")
    if name not in FORMATS or not equals or not path:
        raise UsageError(f"--report can't be {word!r}. Write FORMAT=FILE with one of: {', '.join(FORMATS)}.")
    return name, Path(path)
