"""`policytrail verify`: proof for strangers."""

from __future__ import annotations

from datetime import date

import click

from ..errors import IntegrityError, NoticeRefusal
from .common import as_of_option, find_root, print_json, say


@click.command("verify")
@as_of_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(as_of: date | None, form: str) -> None:
    """Prove that versions and evidence are untouched (else exit 1) and notice was given in time (else exit 3)."""
    from ..versions.git import now
    from ..versions.verify import verify

    report = verify(find_root(), as_of or now().date())
    if form == "json":
        print_json({"versions": report.checked, "broken": [str(each) for each in report.broken],
                    "unproven": list(report.unproven), "remarks": list(report.remarks)})  # fmt: skip
    for remark in report.remarks:
        say(f"Note: {remark}")
    if report.broken:
        raise IntegrityError(*report.broken)
    if report.unproven:
        raise NoticeRefusal(*report.unproven)
    say(
        f"{report.checked} version(s) verified: every file, the chain of manifests, the evidence and the dates of notice."
    )
