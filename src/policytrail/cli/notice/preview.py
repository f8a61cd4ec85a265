"""`policytrail notice [VERSION|draft]`: the notice as people will get it."""

from __future__ import annotations

from datetime import date

import click

from policytrail.archive.store import load_versions
from policytrail.check.run import run
from policytrail.cli.common import Day, find_workspace, format_option, print_json, say, version_named
from policytrail.errors import SourceError, UsageError
from policytrail.model.change import Comparison, Severity
from policytrail.model.policy import Snapshot
from policytrail.model.version import Version
from policytrail.render.notice.content import Notice, notice_content
from policytrail.render.notice.mail import mail
from policytrail.render.notice.outline import with_words
from policytrail.render.notice.plan import notice_json
from policytrail.render.shared.phrases import worst_first
from policytrail.render.shared.templates import environment
from policytrail.schedule.version_order import still_expected
from policytrail.workspace import Workspace

Told = tuple[Notice, Comparison, Snapshot | None, Snapshot]
_UNSEALED = "0" * 64  # a draft has no manifest yet


@click.command("notice")
@click.argument("version", required=False, default="draft", metavar="[VERSION]")
@click.option("--as-of", type=Day(), metavar="DATE", help="As if the draft were released on this day.")
@format_option("text", "html", "json")
def command(version: str, as_of: date | None, form: str) -> None:
    """Show the notice of VERSION, or of the draft, as people will get it.

    A version that is frozen keeps the mail that it was released with (versions/VERSION/notice/); this shows how its
    changes would be told today.
    """
    workspace = find_workspace()
    notice, comparison, old, new = _told(workspace, version, as_of)
    if form == "json":
        material = worst_first(comparison.of(Severity.MATERIAL))
        print_json(notice_json(notice, material, old, new))
        return
    made = mail(notice, _UNSEALED, environment(workspace.templates))
    click.echo(made.html if form == "html" else f"Subject: {notice.subject}\n\n{made.text}", nl=False)


def _told(workspace: Workspace, name: str, as_of: date | None) -> Told:
    """The notice with what it was made of. Raises UsageError for a version that isn't there."""
    versions = load_versions(workspace)
    return (
        _of_draft(workspace, versions, as_of)
        if name == "draft"
        else _of_version(versions, version_named(versions, name))
    )


def _of_version(versions: tuple[Version, ...], version: Version) -> Told:
    old = next((each.snapshot for each in versions if each.id == version.comparison.old), None)
    comparison = with_words(version.comparison, old, version.snapshot)
    say(f"{version.id} is frozen: its mail stays as it was released.")
    made = notice_content(old, version.snapshot, comparison, version.effective, version.announced, version.id)
    return made, comparison, old, version.snapshot


def _of_draft(workspace: Workspace, versions: tuple[Version, ...], as_of: date | None) -> Told:
    """As if the draft were released that day for the first lawful one. Raises SourceError for what is wrong with it."""
    found = run(workspace, as_of)
    if found.problems:
        raise SourceError(*found.problems)
    comparison, earliest, draft = found.comparison, found.earliest, found.draft
    if comparison is None or earliest is None or draft is None or (versions and not comparison.changes):
        raise UsageError("The draft says the same as the newest version: there is nothing to tell.")
    replaces = [version.effective for version in still_expected(versions, found.as_of)]
    made = notice_content(found.old, draft, comparison, earliest, found.as_of, earliest.isoformat(), replaces)
    return made, comparison, found.old, draft
