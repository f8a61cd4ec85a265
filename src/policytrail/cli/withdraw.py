"""`policytrail withdraw VERSION`: a pending version is taken back; its record stays, and those already told are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from ..errors import NoticeRefusal
from .common import as_of_option, find_root, say, stated, version_named

if TYPE_CHECKING:
    from ..model.version import Version
    from ..versions.again import Again


@click.command("withdraw")
@click.argument("version")
@click.option("--reason", required=True, help="Why; it stays in the record.")
@click.option("--by", "name", required=True, help="Who decides.")
@as_of_option
def command(version: str, reason: str, name: str, as_of: date | None) -> None:
    """Take back a pending VERSION: its id is never used again, its text and notice stay in the record.

    The site, the feed and the banner say so. Where a mail went out already, 'policytrail status' shows the retraction
    by mail as due until it is recorded.
    """
    from ..check.approvals import refuse_act
    from ..publish import today
    from ..versions.records import record
    from ..versions.store import load_versions

    reason, name = stated(reason, "The reason"), stated(name, "The name")
    root = find_root("alone")
    refuse_act(root, "release", name)
    versions = load_versions(root)
    found = version_named(versions, version)
    day = as_of or today(versions)
    _refuse_unless_pending(versions, version, day)
    again = _following(versions, found, day)
    told = sorted({"email" if each.kind == "started" else each.kind for each in found.evidence} & {"site", "email"})
    content: Mapping[str, Any] = {"reason": reason, "by": name, "told": told, "retraction": _retraction(found)}
    entries = [(found, "withdrawn", content), *((each.version, "compared", _compared(each)) for each in again
                                                if not each.untold)]  # fmt: skip
    record(root, entries, day, f"Withdraw policy version {found.id}\n\n{reason}")
    say(f"{found.id} is withdrawn as of {day}. Its record stays; build and publish the site so that readers see it.")
    if "email" in told:
        say(f"Mails about it went out: tell the same people, in the words of the record, then record that: "
            f"policytrail attest {found.id} retraction --note TEXT --by NAME")  # fmt: skip
    for each in again:
        if each.untold:
            say(f"{each.version.id} builds on it and now changes more than its notice told; withdraw it, too, and release "
                "it again.")  # fmt: skip


def _refuse_unless_pending(versions: Sequence[Version], identity: str, day: date) -> None:
    from ..schedule.status import status

    standing = next((each for each in status(versions, day).pending if each.version.id == identity), None)
    if standing is None or standing.state in ("withdrawn", "superseded"):
        other = next((each.id for each in versions for old in versions
                      if old.id == identity and each.corrects == old.manifest), None)  # fmt: skip
        hint = f" {other} took its place; withdraw that one." if other else ""
        raise NoticeRefusal(f"{identity} isn't pending on {day}; only a pending version can be withdrawn.{hint}")


def _following(versions: Sequence[Version], gone: Version, day: date) -> tuple[Again, ...]:
    """The pending versions that built on the withdrawn one, compared with the text that they will now follow."""
    from ..schedule.status import lasting, status
    from ..versions.again import rebased

    found = status(versions, day)
    return rebased([each for each in lasting(found) if each.id != gone.id], found, ())


def _compared(again: Again) -> dict[str, Any]:
    comparison = again.comparison
    return {"with": comparison.old, "manifest": again.before.manifest, "severity": str(comparison.severity),
            "changes": len(comparison.changes), "untold": 0}  # fmt: skip


def _retraction(version: Version) -> dict[str, str]:
    """What those who were told are told now, in the same plain words on every channel."""
    from ..model.dates import in_words

    policy = version.snapshot.policy
    text = (
        f"{policy.organization.name} announced a change of its document “{policy.title}” for "
        f"{in_words(version.effective)}. That change is withdrawn. The text in force stays as it is, and you need do nothing."
    )
    return {"subject": f"Our privacy policy does not change on {in_words(version.effective)}", "text": text}
