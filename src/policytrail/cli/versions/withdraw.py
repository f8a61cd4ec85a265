"""`policytrail withdraw VERSION`: a pending version is taken back; its record stays, and those already told are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from policytrail.archive.evidence_log import record
from policytrail.archive.store import load_versions
from policytrail.cli.common import as_of_option, find_workspace, say, stated, version_named
from policytrail.errors import NoticeRefusal
from policytrail.languages.voice import Voice, spoken
from policytrail.model.json_value import Json
from policytrail.publish.build_site import today
from policytrail.release.approvals import refuse_act
from policytrail.release.recompare import rebased
from policytrail.render.notice.mail import mail
from policytrail.render.notice.retraction import retraction
from policytrail.render.shared.templates import environment
from policytrail.schedule.status import lasting, status
from policytrail.schedule.version_order import told_by
from policytrail.workspace import Workspace

if TYPE_CHECKING:
    from policytrail.model.version import Version
    from policytrail.release.recompare import Recomparison


@click.command("withdraw")
@click.argument("version")
@click.option("--reason", required=True, help="Why; it stays in the record.")
@click.option("--by", "name", required=True, help="Who decides.")
@as_of_option
def command(version: str, reason: str, name: str, as_of: date | None) -> None:
    """Withdraw a pending VERSION: its id is never used again, its text and notice stay in the record.

    Site, feed and banner say so. After a mailing, 'policytrail notify VERSION --retraction' writes to the same people;
    'policytrail status' shows it as due until then.
    """

    reason, name = stated(reason, "The reason"), stated(name, "The name")
    workspace = find_workspace("alone")
    refuse_act(workspace, "release", name)
    versions = load_versions(workspace)
    found = version_named(versions, version)
    day = as_of or today(versions)
    _refuse_unless_pending(versions, version, day)
    following = _following(versions, found, day)
    told = told_by(found, versions)
    content: Mapping[str, Json] = {
        "reason": reason,
        "by": name,
        "told": list(told),
        "retraction": _retraction(workspace, versions, found, day, "email" in told),
    }
    entries = [
        (found, "withdrawn", content),
        *((other.version, "compared", _compared(other)) for other in following if not other.untold),
    ]
    record(workspace, entries, day, f"Withdraw policy version {found.id}\n\n{reason}")
    say(f"{found.id} is withdrawn as of {day}. Its record stays; build and publish the site so that readers see it.")
    if "email" in told:
        say(
            f"Mails about it went out. Tell the same people: policytrail notify {found.id} --retraction (or tell them in "
            f"another way, and record that: policytrail attest {found.id} retraction --note TEXT --by NAME). If another version "
            "is to take its place, release that and give its notice first: it says so, and the retraction is left for those "
            "whom it doesn't reach."
        )
    for other in following:
        if other.untold:
            say(
                f"{other.version.id} builds on it and now changes more than its notice told; withdraw it, too, and release "
                "it again."
            )


def _refuse_unless_pending(versions: Sequence[Version], identity: str, day: date) -> None:

    standing = next((state for state in status(versions, day).pending if state.version.id == identity), None)
    if standing is None or standing.state in ("withdrawn", "superseded"):
        other = next(
            (
                version.id
                for version in versions
                for old in versions
                if old.id == identity and version.corrects == old.manifest
            ),
            None,
        )
        hint = f" {other} took its place; withdraw that one." if other else ""
        raise NoticeRefusal(f"{identity} isn't pending on {day}; only a pending version can be withdrawn.{hint}")


def _following(versions: Sequence[Version], gone: Version, day: date) -> tuple[Recomparison, ...]:
    """The pending versions that built on the withdrawn one, compared with the text that they will now follow."""

    found = status(versions, day)
    return rebased([version for version in lasting(found) if version.id != gone.id], found, ())


def _compared(found: Recomparison) -> dict[str, Json]:
    comparison = found.comparison
    return {
        "with": comparison.old,
        "manifest": found.before.manifest,
        "severity": str(comparison.severity),
        "changes": len(comparison.changes),
        "untold": 0,
    }


def _retraction(
    workspace: Workspace, versions: Sequence[Version], gone: Version, day: date, mailed: bool
) -> dict[str, Json]:
    """What those who were told are told now, in the same plain words on every channel; frozen here, like a notice."""

    found = status([version for version in versions if version.id != gone.id], day)
    old = next((version.snapshot for version in versions if version.id == gone.comparison.old), None)
    used = environment(workspace.templates)

    def told(voice: Voice | None) -> dict[str, str]:
        words = retraction(gone, found, day, voice, old)
        frozen = {"eml": mail(words, gone.manifest, used).eml.decode("ascii")} if mailed else {}
        return {"subject": words.subject, "text": words.summary} | frozen

    languages = {language: told(voice) for language, voice in spoken(gone.snapshot).items()}
    return told(None) | ({"languages": languages} if languages else {})
