"""`policytrail release --effective DATE`."""

from __future__ import annotations

from datetime import date

import click

from .common import Day, as_of_option, find_root, progress, say


@click.command("release")
@click.option(
    "--effective", type=Day(), required=True, metavar="DATE", help="When the version takes effect (00:00 local)."
)
@as_of_option
@click.option("--dry-run", is_flag=True, help="Say what would be frozen; write nothing.")
def command(effective: date, as_of: date | None, dry_run: bool) -> None:
    """Freeze the draft as a version, render its notice, record the site notice, commit and tag it.

    Refused (exit 3): an undecided change, too little notice (the earliest lawful date is named), dates that go back.
    """
    from ..publish import site_proof, today
    from ..sources.decisions import load_decisions
    from ..sources.load import load_draft
    from ..versions.freeze import plan, release
    from ..versions.git import now
    from ..versions.store import load_versions

    root = find_root()
    versions = load_versions(root)
    draft = load_draft(root / "policy")
    day = as_of or (today(versions) if versions else now().astimezone(draft.policy.zone).date())
    made = plan(draft, versions, load_decisions(root), effective, day)
    what = f"version {made.id}: {made.comparison.severity} against {made.previous.id if made.previous else 'nothing'}"
    if dry_run:
        say(f"Would freeze {what}; nothing was written.")
        return
    with progress("Freezing the version and building the site that announces it"):
        release(root, made, now(), site_proof)
    say(f"Frozen, committed and tagged {what}. Announced {made.announced}, in force from {made.effective}.")
    say("Push the commit and the tag: the announcement stands once the site is built from it.")
