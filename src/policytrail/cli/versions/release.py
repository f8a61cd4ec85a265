"""`policytrail release --effective DATE`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import click

from policytrail.archive.store import load_versions
from policytrail.check.run import asked, unconfirmed
from policytrail.cli.common import Day, as_of_option, find_workspace, progress, say, stated
from policytrail.clock import now
from policytrail.errors import NoticeRefusal, PolicytrailError
from policytrail.publish.build_site import site_proof
from policytrail.release.approvals import releasing_person
from policytrail.release.freeze import release
from policytrail.release.gate import gate
from policytrail.release.terms import Terms
from policytrail.sources.load import load_draft
from policytrail.verify.timestamp_client import stamp
from policytrail.workspace import Workspace

from .timestamp import VARIABLE

if TYPE_CHECKING:
    from policytrail.release.plan import Plan


@click.command("release")
@click.option(
    "--effective", type=Day(), required=True, metavar="DATE", help="When the version takes effect (00:00 local)."
)
@click.option("--event", metavar="ID", help="A reason for another notice than usual: legal-required, safety or merger.")
@click.option("--citation", help="The statute, order or danger behind the event.")
@click.option("--approval", help="The approval that a seal or regulator requires.")
@click.option("--by", "name", help="Who answers for the event or the approval.")
@as_of_option
@click.option("--reason", default="", help="Why; it stays in the record.")
@click.option(
    "--timestamp",
    "tsa",
    metavar="URL",
    envvar=VARIABLE,
    show_envvar=True,
    help="Also have this authority stamp the records (RFC 3161).",
)
@click.option("--dry-run", is_flag=True, help="Show what would be frozen; write nothing.")
def command(
    effective: date,
    event: str | None,
    citation: str | None,
    approval: str | None,
    name: str | None,
    as_of: date | None,
    reason: str,
    tsa: str | None,
    dry_run: bool,
) -> None:
    """Freeze the draft as a version, render its notice, record the site notice, commit and tag it.

    The date of a pending version makes a correction of it: same date, same notice, no further change. Exit 3 for an undecided
    change, too little notice (the message names the earliest lawful date) or a date in the past.
    """

    workspace = find_workspace("alone")
    versions = load_versions(workspace)
    draft = load_draft(workspace.policy)
    clock = now()
    why = reason and stated(reason, "The reason")
    given = [answer and stated(answer, "An answer") for answer in (event, citation, approval, name)]
    made = gate(asked(workspace, draft, versions, as_of, effective, Terms(*given))).allowed()
    for warning in made.warnings:
        say(f"Note: {warning}")
    previous = made.previous.id if made.previous else None
    if dry_run:
        if workspace.approvers.exists():
            _say_who_may_not(lambda: releasing_person(workspace, made.comparison, previous))
        say(f"Would freeze {_what(made)}; nothing was written.")
        return
    by = releasing_person(workspace, made.comparison, previous)
    made = replace(made, released_by=by, reason=why)
    with progress("Freezing the version and building the site that announces it"):
        release(workspace, made, clock, site_proof)
    say(f"Frozen, committed and tagged {_what(made)}. Announced {made.announced}, in force from {made.effective}.")
    for line in (*_next_steps(made), *_unconfirmed(workspace), *(_stamped(workspace, made, tsa) if tsa else ())):
        say(line)
    say("Push the commit and the tag: the announcement stands once the site is built from it.")


def _say_who_may_not(person: Callable[[], str]) -> None:
    """The draft may be released; whether the person at the keyboard may do it is another question."""
    try:
        person()
    except NoticeRefusal as refusal:
        say(f"Note: somebody else must release it. {refusal}")


def _stamped(workspace: Workspace, made: Plan, url: str) -> list[str]:
    """The release stands with or without a stamp: an authority that is away is no reason to undo it."""

    try:
        found = next(version for version in load_versions(workspace) if version.id == made.id)
        return [f"Its records existed at {stamp(workspace, found, url, made.announced)}, as {url} says."]
    except PolicytrailError as error:
        return [f"It has no time stamp: {error} Later: policytrail timestamp {made.id} --tsa {url}"]


def _what(made: Plan) -> str:
    against = f"{made.comparison.severity} changes since {made.base.id}" if made.base else "the first version"
    takes = f", replaces {made.corrects.id} with its notice" if made.corrects else ""
    return f"version {made.id}: {against}{takes}"


def _next_steps(made: Plan) -> list[str]:
    lines = [f"{found.version.id} now follows it; its notice stays true." for found in made.recompared]
    owed = made.duty
    if owed.owed and not owed.before:
        lines.append(f"It doesn't wait for its notice, but the notice ({' and '.join(owed.all_of)}) is owed today.")
    return lines


def _unconfirmed(workspace: Workspace) -> list[str]:

    marks = unconfirmed(workspace)
    if not marks:
        return []
    return [
        f"Warning: {len(marks)} statement(s) are still marked CONFIRM; the first is {marks[0].path}:{marks[0].line}."
    ]
