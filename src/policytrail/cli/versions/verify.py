"""`policytrail verify`: proof for strangers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from policytrail.cli.common import as_of_option, find_workspace, format_option, print_json, say
from policytrail.errors import IntegrityError, NoticeRefusal, Problem
from policytrail.verify.verify import verify


@click.command("verify")
@as_of_option
@click.option(
    "--against",
    "kept",
    multiple=True,
    metavar="FILE|FOLDER|MAIL.eml|REMOTE",
    help="A kept copy: a mail, a page, a feed, notice.json, a manifest, another clone, a remote's name or address.",
)
@click.option(
    "--tsa-certificate",
    "authorities",
    multiple=True,
    envvar="POLICYTRAIL_TSA_CERTIFICATE",
    metavar="FILE.pem",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Root certificate of a time-stamping authority that you trust.",
)
@format_option("text", "json")
def command(as_of: date | None, kept: tuple[str, ...], authorities: tuple[Path, ...], form: str) -> None:
    """Prove that versions and evidence are unchanged (else exit 1) and notice was given in time (else exit 3).

    Only a copy that somebody kept (--against) shows a repository that was rewritten as a whole.
    """

    report = verify(find_workspace(), as_of, kept, authorities)
    if form == "json":
        found = {"broken": report.broken, "unproven": report.unproven, "remarks": report.remarks}
        print_json(
            {
                "versions": report.checked,
                "compared": report.kept,
                **{name: [str(problem) for problem in listed] for name, listed in found.items()},
                "findings": [_finding(name, problem) for name, listed in found.items() for problem in listed],
            }
        )
    for remark in report.remarks:
        say(f"Note: {remark}")
    if report.broken:
        raise IntegrityError(*report.broken)
    if report.unproven:
        raise NoticeRefusal(*report.unproven)
    say(
        f"{report.checked} version(s) verified: every file, the chain of manifests, the evidence and the dates of notice."
    )
    if kept:
        say(f"{report.kept} fingerprint(s) of {len(kept)} kept copies are the same here.")


def _finding(group: str, problem: Problem) -> dict[str, Any]:
    return {
        "name": problem.name,
        "group": group,
        "path": problem.path,
        "message": problem.message,
        "mend": problem.hint,
    }
