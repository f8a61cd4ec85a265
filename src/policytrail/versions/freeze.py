"""Release: the draft becomes a frozen version, in the tree whole or not at all, committed and tagged."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jinja2

from .. import __version__
from ..classify.engine import classify
from ..errors import NoticeRefusal, RepositoryError
from ..model.change import Comparison, Consent, Decision, Severity
from ..model.dates import in_words
from ..model.policy import Snapshot
from ..model.version import Duty, Version
from ..render.mail import mail
from ..render.markdown import policy_markdown, policy_text
from ..render.notice import notice_content
from ..render.templates import environment
from ..schedule.calendar import earliest_effective, local_day
from ..schedule.duty import duty
from .git import Repository
from .manifest import pretty, sealed, sha256
from .record import to_record
from .store import append_evidence, load_versions, write_version

SiteProof = Callable[[Path, date], Mapping[str, Any]]


@dataclass(frozen=True)
class Plan:
    """What a release would freeze, and when; nothing is written yet."""

    id: str
    effective: date
    announced: date
    previous: Version | None
    draft: Snapshot
    comparison: Comparison
    duty: Duty


def plan(
    draft: Snapshot, versions: tuple[Version, ...], decisions: tuple[Decision, ...], effective: date, as_of: date
) -> Plan:
    """What a release would freeze. Pure.

    Raises NoticeRefusal for an undecided change, a missing consent plan, too little notice, and dates that go back.
    """
    previous = versions[-1] if versions else None
    old = previous.snapshot if previous else None
    identity = effective.isoformat()
    comparison = classify(old, draft, previous.id if previous else None, identity, decisions)
    if any(each.id == identity for each in versions):
        raise RepositoryError(f"The version {identity} exists already, and versions never change. Choose another date.")
    if previous and not comparison.changes:
        raise RepositoryError(f"The draft says the same as {previous.id}; there is nothing to release.")
    _refuse_dates(effective, as_of, previous)
    _refuse_open_questions(draft, comparison)
    owed = duty(comparison, old, draft)
    earliest = earliest_effective(as_of, owed.days, owed.count) if owed.any_of or owed.all_of else as_of
    if effective < earliest:
        raise NoticeRefusal(_too_early(effective, earliest, as_of, owed))
    return Plan(identity, effective, as_of, previous, draft, comparison, owed)


def _refuse_dates(effective: date, as_of: date, previous: Version | None) -> None:
    if previous and effective <= previous.effective:
        raise NoticeRefusal(
            f"{effective} isn't after {previous.id}, the newest version. Versions follow each other; choose a later date."
        )
    if previous and as_of < previous.announced:
        raise NoticeRefusal(
            f"{as_of} lies before {previous.announced}, when {previous.id} was announced. Time can't go back."
        )
    if effective < as_of:
        raise NoticeRefusal(
            f"{effective} lies before {as_of}: a version can't take effect in the past. Choose a later date."
        )


def _refuse_open_questions(draft: Snapshot, comparison: Comparison) -> None:
    open_changes = comparison.undecided
    if open_changes:
        listed = "\n".join(f"  {each.id}  {each.summary}" for each in open_changes)
        raise NoticeRefusal(
            f"{len(open_changes)} change(s) are undecided; a person must rule on each with "
            f"'policytrail decide CHANGE SEVERITY --reason TEXT --by NAME':\n{listed}"
        )
    proposed = [each.id for each in draft.practices.values() if each.proposed]
    if proposed:
        raise NoticeRefusal(
            f"{len(proposed)} practice(s) are only proposed ({', '.join(proposed[:3])} ...). "
            "Confirm each by taking out 'proposed: true', or delete it."
        )
    for change in comparison.changes:
        practice = draft.practices.get(change.subject)
        if change.consent is Consent.REQUIRED and not (practice and practice.consent_plan):
            raise NoticeRefusal(
                f"{change.subject}: {change.summary} It reaches data already held, so consent is required. "
                "Name a consent plan (consent_plan: ID, described in policy.yaml), or apply it to new data only."
            )


def _too_early(effective: date, earliest: date, as_of: date, owed: Duty) -> str:
    counted = "full days" if owed.count == "full_days" else "days"
    return (
        f"{effective} is too early: a material change needs {owed.days} {counted} of notice, and notice given on "
        f"{in_words(as_of)} allows {earliest.isoformat()} at the earliest. Run again with --effective {earliest.isoformat()}."
    )


def frozen_files(made: Plan, recorded: datetime, templates: jinja2.Environment) -> dict[str, bytes]:
    """Every file of the version's folder but its evidence. Pure: same plan, moment and templates, same bytes."""
    previous, draft, policy = made.previous, made.draft, made.draft.policy
    old = previous.snapshot if previous else None
    notice = notice_content(old, draft, made.comparison, made.effective, made.announced, made.id)
    dates = (f"In force from {in_words(made.effective)} (00:00, {policy.time_zone}).",)
    own = {
        "policy.json": pretty(to_record(draft)),
        "comparison.json": pretty(made.comparison.to_json()),
        "policy.md": policy_markdown(draft, dates).encode(),
        "policy.txt": policy_text(draft, dates).encode(),
        "notice.json": pretty(notice.to_json()),
    }
    owed = made.duty
    manifest = sealed({
        "format": 1, "id": made.id, "effective": made.effective.isoformat(), "announced": made.announced.isoformat(),
        "time_zone": policy.time_zone, "recorded_at": recorded.isoformat(timespec="seconds"),
        "reconstructed": local_day(recorded, policy.zone) != made.announced, "tool": f"policytrail {__version__}",
        "severity": str(made.comparison.severity),
        "duty": {"days": owed.days, "count": owed.count, "any_of": list(owed.any_of), "all_of": list(owed.all_of),
                 "regimes": list(owed.regimes)},
        "files": {name: sha256(content) for name, content in own.items()},
        "previous": previous and {"id": previous.id, "sha256": previous.manifest},
    })  # fmt: skip
    letter = mail(notice, sha256(manifest), templates)
    mails = {"mail.html": letter.html.encode(), "mail.txt": letter.text.encode(), "mail.eml": letter.eml}
    notice_manifest = sealed({
        "format": 1, "version": made.id, "version_manifest": sha256(manifest),
        "files": {name: sha256(content) for name, content in mails.items()},
    })  # fmt: skip
    return own | {"manifest.json": manifest} | {f"notice/{name}": content for name, content in mails.items()} | {
        "notice/manifest.json": notice_manifest}  # fmt: skip


def release(root: Path, made: Plan, recorded: datetime, site_proof: SiteProof) -> Path:
    """Write, prove, commit and tag the version. In: the repository's root, the plan, the clock, what builds the site.

    The site notice is recorded as evidence: `site_proof` builds the site with the version pending and says what it
    showed. Raises RepositoryError for a dirty tree or a tag that exists; after any failure the tree is as it was.
    """
    with Repository(root) as repository:
        _refuse_repository(repository, made.id)
        target = write_version(root, made.id, frozen_files(made, recorded, environment(root / "templates")))
        commit: str | None = None
        try:
            if made.effective > made.announced:
                append_evidence(root, made.id, "site", made.announced, site_proof(root, made.announced))
            load_versions(root)
            commit = repository.commit([f"versions/{made.id}"], _message(made))
            repository.tag(made.id, _message(made).splitlines()[0])
        except BaseException:
            if commit:
                repository.undo_commit(commit, [f"versions/{made.id}"])
            else:
                repository.unstage([f"versions/{made.id}"])
            shutil.rmtree(target, ignore_errors=True)
            raise
    return target


def _refuse_repository(repository: Repository, identity: str) -> None:
    if not repository.has_commit():
        raise RepositoryError("Nothing is committed yet. Commit the sources first, then release.")
    dirty = repository.dirty(["policy", "versions"])
    if dirty:
        shown = ", ".join(dirty[:5]) + (" ..." if len(dirty) > 5 else "")
        raise RepositoryError(
            f"There are changes that aren't committed ({shown}). Commit or take them back, then release."
        )
    if identity in repository.tags():
        raise RepositoryError(
            f"A git tag {identity} exists already. Delete it if it is a leftover, or choose another date."
        )


def _message(made: Plan) -> str:
    severity = made.comparison.severity
    what = "first version" if made.previous is None else f"{severity} changes since {made.previous.id}"
    head = f"Release policy version {made.id} ({what})"
    if severity is Severity.MATERIAL:
        head += f"\n\nNotice of {made.duty.days} days begins on {made.announced}; in force from {made.effective}."
    return head
