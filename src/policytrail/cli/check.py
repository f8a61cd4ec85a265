"""`policytrail check`: are the sources sound, what changed since the newest version, what blocks a release?"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from ..check.cache import Kept, key, load, save
from ..check.formats import FORMATS
from ..clock import now
from ..errors import NoticeRefusal, SourceError, UsageError
from .common import as_of_option, effective_option, find_root


@click.command("check")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", help="What to print.")
@click.option("--report", "reports", multiple=True, metavar="FORMAT=FILE",
              help="Also write the review to a file, for example junit=check.xml; can be given again.")  # fmt: skip
@click.option("--problems-only", is_flag=True, help="Exit 0 although something waits for a ruling (for commit hooks).")
@click.option("--strict", is_flag=True, help="Exit 1 where there is a remark, too: a lint, a statement marked CONFIRM.")
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

    Exit 1 for problems in sources or versions, 3 while something must be decided before a release.
    """
    files = [_report(each) for each in reports]
    printed = ["text.out", "text.err"] if form == "text" else [form]
    found = _found(find_root(), effective, as_of, sorted({*printed, *(name for name, _ in files)}))
    for name, stream in zip(printed, (sys.stdout, sys.stderr), strict=False):
        stream.write(found.rendered[name])
    for name, path in files:
        from ..sources.files import write_whole

        write_whole(path, found.rendered[name].encode())
    if strict and found.remarks:
        return SourceError.exit_status
    return 0 if problems_only and found.exit_status == NoticeRefusal.exit_status else found.exit_status


def _report(word: str) -> tuple[str, Path]:
    name, equals, path = word.partition("=")
    if name not in FORMATS or not equals or not path:
        raise UsageError(f"--report can't be {word!r}. Write FORMAT=FILE with one of: {', '.join(FORMATS)}.")
    return name, Path(path)


def _found(root: Path, effective: date | None, as_of: date | None, formats: list[str]) -> Kept:
    """What was kept of the same check, else the check itself."""
    name, moment = key(root, (effective, as_of), formats), now().timestamp()
    kept = load(name, moment) if name else None
    if kept is None:
        from ..check.formats import render
        from ..check.run import run, true_between

        found = run(root, as_of, effective)
        rendered = {each: render(each, found) for each in formats}
        kept = Kept(found.exit_status, len(found.remarks), rendered, *true_between(found, as_of))
        if name:
            save(name, kept)
    return kept
