"""`policytrail withdraw VERSION`: a pending version is taken back; its record stays."""

from __future__ import annotations

from datetime import date

import click

from ..errors import NoticeRefusal, UsageError
from .common import as_of_option, find_root, say, version_named


@click.command("withdraw")
@click.argument("version")
@click.option("--reason", required=True, help="Why; it stays in the record.")
@click.option("--by", "name", required=True, help="Who decides.")
@as_of_option
def command(version: str, reason: str, name: str, as_of: date | None) -> None:
    """Take back a pending VERSION: its id is never used again, its text and notice stay in the record."""
    from ..publish import today
    from ..schedule.status import status
    from ..versions.git import Repository
    from ..versions.store import append_evidence, load_versions

    reason, name = " ".join(reason.split()), " ".join(name.split())
    if not reason or not name:
        raise UsageError("A withdrawal needs a reason and a name; neither can be empty.")
    root = find_root()
    versions = load_versions(root)
    found = version_named(versions, version)
    day = as_of or today(versions)
    standing = next((each for each in status(versions, day).pending if each.version.id == version), None)
    if standing is None or standing.state == "withdrawn":
        raise NoticeRefusal(f"{version} isn't pending on {day}; only a pending version can be withdrawn.")
    with Repository(root) as repository:
        path = append_evidence(root, found.id, "withdrawn", day, {"reason": reason, "by": name})
        repository.commit([path.relative_to(root).as_posix()], f"Withdraw policy version {found.id}\n\n{reason}")
    say(f"{found.id} is withdrawn as of {day}. Its record stays; build and publish the site so that readers see it.")
