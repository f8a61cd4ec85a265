"""`policytrail check`: are the sources sound, what changed since the newest version, what blocks a release?"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import IntegrityError, NoticeRefusal, Problem, SourceError
from ..model.change import Comparison
from ..model.version import Version
from .common import as_of_option, draft_comparison, effective_option, find_root, print_json, say

if TYPE_CHECKING:
    from ..lint.registry import Finding

FORMATS = ["text", "json", "markdown", "github"]


@click.command("check")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text")
@effective_option
@as_of_option
@click.option("--strict", is_flag=True, help="Exit 1 when a lint has something to say, too.")
def command(form: str, effective: date | None, as_of: date | None, strict: bool) -> int:
    """Validate the sources, compare the draft with the newest version, say what blocks a release.

    Exit 1 for problems in sources or versions, 3 while something must be decided before a release.
    Lints warn (see 'policytrail lint'), and block nothing without --strict.
    """
    from ..lint.load import look_over
    from ..versions.store import load_versions

    root = find_root()
    problems: tuple[Problem, ...] = ()
    comparison: Comparison | None = None
    blocks: list[str] = []
    lints: tuple[Finding, ...] = ()
    try:
        versions = load_versions(root)
        draft, comparison = draft_comparison(root, versions, effective)
        blocks = _blocks(comparison, [each.id for each in draft.practices.values() if each.proposed])
        blocks += _untrue_notices(root, versions, as_of)
        lints = look_over(root / "policy", as_of)
    except (SourceError, IntegrityError) as error:
        problems = error.problems
    _report(form, problems, comparison, blocks, lints)
    return SourceError.exit_status if problems or (strict and lints) else NoticeRefusal.exit_status if blocks else 0


def _blocks(comparison: Comparison, proposed: list[str]) -> list[str]:
    blocks = [f"{each.id} waits for a ruling: {each.summary}" for each in comparison.undecided]
    blocks += [f"{each} is only proposed; a person must confirm it." for each in proposed]
    return blocks


def _untrue_notices(root: Path, versions: tuple[Version, ...], as_of: date | None) -> list[str]:
    """Pending versions of which a later ruling says that their notice didn't tell a material change."""
    from ..publish import today
    from ..schedule.status import status
    from ..sources.decisions import load_decisions
    from ..versions.again import reclassified

    day = as_of or today(versions)
    found = reclassified(versions, status(versions, day), load_decisions(root)) if versions else ()
    return [
        f"{each.version.id} is pending, and by a later ruling its notice didn't tell a material change "
        f"({each.untold[0].summary}). Withdraw it, or release a correction without that change."
        for each in found
    ]


def _report(
    form: str,
    problems: tuple[Problem, ...],
    comparison: Comparison | None,
    blocks: list[str],
    lints: tuple[Finding, ...],
) -> None:
    if form == "json":
        print_json(_as_json(problems, comparison, blocks) | {"lints": [each.to_json() for each in lints]})
    elif form == "github":
        for line in [*github_lines(problems, comparison, blocks), *github_lints(lints)]:
            click.echo(line)
    elif form == "markdown":
        click.echo(_as_markdown(problems, comparison, blocks, lints))
    else:
        for problem in problems:
            say(str(problem))
        if comparison:
            from ..render.terminal import comparison_text

            click.echo(
                comparison_text(comparison) if comparison.changes else "The draft says the same as the newest version."
            )
        for block in blocks:
            say(f"Blocks a release: {block}")
        if lints:
            say(f"{len(lints)} lint warning(s); 'policytrail lint' shows them.")
        if not problems and not blocks:
            say("The sources are sound; nothing blocks a release.")


def _as_json(problems: tuple[Problem, ...], comparison: Comparison | None, blocks: list[str]) -> dict[str, Any]:
    listed = [{"path": each.path, "line": each.line, "message": each.message, "mend": each.mend} for each in problems]
    return {"ok": not problems and not blocks, "problems": listed, "blocks": blocks,
            "comparison": comparison.to_json() if comparison else None}  # fmt: skip


def _as_markdown(
    problems: tuple[Problem, ...], comparison: Comparison | None, blocks: list[str], lints: tuple[Finding, ...]
) -> str:
    from ..render.diff_page import escape_markdown, markdown

    lines = ["## Policy check", ""]
    lines += [f"- ❌ {escape_markdown(str(each))}" for each in problems]
    lines += [f"- ⏸ {escape_markdown(each)}" for each in blocks]
    if not problems and not blocks:
        lines.append("The sources are sound; nothing blocks a release.")
    if comparison and comparison.changes:
        lines += ["", markdown(comparison)]
    if lints:
        lines += ["", f"<details><summary>{len(lints)} lint warning(s)</summary>", ""]
        lines += [*(f"- {escape_markdown(str(each))}" for each in lints), "", "</details>"]
    return "\n".join(lines)


def github_lines(problems: tuple[Problem, ...], comparison: Comparison | None, blocks: list[str]) -> list[str]:
    """Workflow commands for GitHub: errors at file and line, open rulings as warnings, the verdict as a notice.

    Source text never begins a line and is escaped, so that it can't be read as a command.
    """
    lines = [
        f"::error file={_property(each.path)},line={max(each.line, 1)}::{_data(f'{each.message} {each.mend}'.strip())}"
        for each in problems
    ]
    lines += [f"::warning title=Blocks a release::{_data(each)}" for each in blocks]
    if comparison:
        verdict = f"{len(comparison.changes)} change(s) since {comparison.old}: {comparison.severity}, " \
                  f"{comparison.notice_days} days of notice owed."  # fmt: skip
        lines.append(f"::notice title=Policy changes::{_data(verdict)}")
    return lines


def github_lints(lints: tuple[Finding, ...]) -> list[str]:
    """Lints as warnings at file and line."""
    return [
        f"::warning file={_property(each.path)},line={max(each.line, 1)},title={_property(each.rule)}"
        f"::{_data(f'{each.message} {each.mend}')}"
        for each in lints
    ]


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
