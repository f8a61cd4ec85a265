"""Release: the draft becomes a frozen version, in the tree whole or not at all, committed and tagged."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import jinja2

from policytrail import __version__
from policytrail.archive.chain_tips import Heads, read_heads
from policytrail.archive.manifest import pretty, sealed, sha256
from policytrail.archive.snapshot_json import to_record
from policytrail.archive.store import append_evidence, load_versions, write_version
from policytrail.errors import RepositoryError
from policytrail.git.repository import Repository
from policytrail.languages import ENGLISH, Catalogue
from policytrail.languages.voice import Voice, spoken
from policytrail.model.calendar import local_day
from policytrail.model.change import Severity
from policytrail.model.policy_markdown import policy_markdown
from policytrail.model.version import Version
from policytrail.render.notice.content import Notice, notice_content
from policytrail.render.notice.mail import Mail, mail
from policytrail.render.shared.markdown import policy_text
from policytrail.render.shared.templates import environment
from policytrail.render.shared.translated_policy import in_language
from policytrail.schedule.duties.regimes import rules_digest
from policytrail.workspace import POLICY, VERSIONS, Workspace

from .plan import Plan
from .recompare import Recomparison

_SKEW = timedelta(minutes=5)
SiteProof = Callable[[Workspace, date, str], Mapping[str, Any]]


def frozen_files(
    made: Plan, recorded: datetime, templates: jinja2.Environment, heads: Heads | None = None
) -> dict[str, bytes]:
    """Every file of the version's folder but its evidence. Pure: same plan, moment, templates and heads, same bytes.

    `heads`: the newest files of the other versions that nothing names yet.
    """
    draft = made.draft
    notice = _notice(made)
    own = _texts(made) | {"notice.json": pretty(notice.to_json())} | _translated(made, spoken(draft))
    if made.correction is not None:
        own["correction.json"] = pretty(made.correction.to_json())
    manifest = _manifest(made, recorded, own, heads)
    mails = _letter("mail", mail(notice, sha256(manifest), templates))
    for language, voice in spoken(draft).items():
        told = _notice(made, voice)
        mails |= _letter(f"mail.{language}", mail(told, sha256(manifest), templates))
    return own | _sealed(made, manifest, mails)


def imported_files(made: Plan, recorded: datetime, heads: Heads | None = None) -> dict[str, bytes]:
    """The same of a version that is taken over from another history: no notice, for none is known. Pure."""
    own = _texts(made)
    return own | _sealed(made, _manifest(made, recorded, own, heads), {})


def _texts(made: Plan) -> dict[str, bytes]:
    draft, dates = made.draft, in_force(made, ENGLISH)
    return {
        "policy.json": pretty(to_record(draft)),
        "comparison.json": pretty(made.comparison.to_json()),
        "policy.md": policy_markdown(draft, dates).encode(),
        "policy.txt": policy_text(draft, dates).encode(),
    }


def _sealed(made: Plan, manifest: bytes, mails: Mapping[str, bytes]) -> dict[str, bytes]:
    """The manifest, the messages of the notice and their manifest, from which the chain of evidence begins."""
    notice_manifest = sealed(
        {
            "format": 1,
            "version": made.id,
            "version_manifest": sha256(manifest),
            "files": {name: sha256(content) for name, content in mails.items()},
        }
    )
    return {
        "manifest.json": manifest,
        **{f"notice/{name}": content for name, content in mails.items()},
        "notice/manifest.json": notice_manifest,
    }


def in_force(made: Plan, words: Catalogue) -> tuple[str, ...]:
    """The sentence below the title of plain texts."""
    zone = made.draft.policy.time_zone
    return (words.say("In force from {day} (00:00, {zone}).", day=words.day(made.effective), zone=zone),)


def _notice(made: Plan, voice: Voice | None = None) -> Notice:
    old = made.base.snapshot if made.base else None
    replaces = [replace.effective for replace in made.replaces]
    return notice_content(old, made.draft, made.comparison, made.effective, made.announced, made.id, replaces, voice)


def _letter(name: str, letter: Mail) -> dict[str, bytes]:
    return {f"{name}.html": letter.html.encode(), f"{name}.txt": letter.text.encode(), f"{name}.eml": letter.eml}


def _translated(made: Plan, voices: Mapping[str, Voice]) -> dict[str, bytes]:
    """The text in every other language, and the notice in those that the product speaks."""
    files = {}
    for language in made.draft.translations:
        words = voices[language].words if language in voices else ENGLISH
        text, dates = in_language(made.draft, language, words), in_force(made, words)
        files[f"policy.{language}.md"] = policy_markdown(text, dates).encode()
        files[f"policy.{language}.txt"] = policy_text(text, dates).encode()
    told = {language: _notice(made, voice) for language, voice in voices.items()}
    return files | {f"notice.{language}.json": pretty(notice.to_json()) for language, notice in told.items()}


def _manifest(made: Plan, recorded: datetime, files: Mapping[str, bytes], heads: Heads | None) -> bytes:
    """What a version says of itself, and of the versions around it, by their hashes."""
    policy, owed = made.draft.policy, made.duty
    stated = {
        "heads": heads,
        "event": made.event,
        "approvals": list(made.approvals),
        "corrects": _named(made.corrects),
        "replaces": [_named(replace) for replace in made.replaces],
        "imported": made.imported,
        "released": made.released_by and {"by": made.released_by, "reason": made.reason},
    }
    return sealed(
        {
            "format": 1,
            "id": made.id,
            "effective": made.effective.isoformat(),
            "announced": made.announced.isoformat(),
            "time_zone": policy.time_zone,
            "recorded_at": recorded.isoformat(timespec="seconds"),
            "reconstructed": bool(made.imported) or local_day(recorded, policy.zone) != made.announced,
            "tool": f"policytrail {__version__}",
            "severity": str(made.comparison.severity),
            "rules": rules_digest(),
            "duty": {
                "days": owed.days,
                "count": owed.count,
                "any_of": list(owed.any_of),
                "all_of": list(owed.all_of),
                "regimes": list(owed.regimes),
            }
            | ({} if owed.before else {"before": False}),
            "files": {name: sha256(content) for name, content in files.items()},
            "previous": _named(made.previous),
            "follows": _named(made.base),
        }
        | {name: value for name, value in stated.items() if value}
    )


def _named(version: Version | None) -> dict[str, str] | None:
    return {"id": version.id, "sha256": version.manifest} if version else None


def release(workspace: Workspace, made: Plan, recorded: datetime, site_proof: SiteProof) -> Path:
    """Write, prove, commit and tag the version. In: the repository's root, the plan, the clock, what builds the site.

    The site notice is recorded as evidence: `site_proof` builds the site with the version pending and says what it
    showed. Raises RepositoryError for a dirty tree or a tag that exists; after any failure the tree is as it was.
    """
    with Repository(workspace.root) as repository:
        _refuse_repository(repository, workspace.document().tag(made.id))
        _refuse_clock(repository, recorded)
        files = frozen_files(made, recorded, environment(workspace.templates), read_heads(workspace, made.id))
        target = write_version(workspace, made.id, files)
        paths, commit = [target], None
        try:
            # One by one: what is written so far is taken back if the next one fails.
            paths.extend(_compared(workspace, found, made, target) for found in made.recompared)
            if made.effective > made.announced or made.duty.owed:
                append_evidence(
                    workspace, made.id, "site", made.announced, site_proof(workspace, made.announced, made.id)
                )
            load_versions(workspace)
            shown = [workspace.shown(path) for path in paths]
            commit = repository.commit(shown, _message(made))
            repository.tag(workspace.document().tag(made.id), _message(made).splitlines()[0])
        except BaseException:
            _undo(repository, workspace, paths, commit)
            raise
    return target


def _compared(workspace: Workspace, found: Recomparison, made: Plan, target: Path) -> Path:
    """Record that a pending version was compared with the one that it will now follow; its notice stays true."""
    manifest = sha256((target / "manifest.json").read_bytes())
    return append_evidence(
        workspace,
        found.version.id,
        "compared",
        made.announced,
        {
            "with": made.id,
            "manifest": manifest,
            "severity": str(found.comparison.severity),
            "changes": len(found.comparison.changes),
            "untold": 0,
        },
    )


def _undo(repository: Repository, workspace: Workspace, paths: list[Path], commit: str | None) -> None:
    shown = [workspace.shown(path) for path in paths]
    if commit:
        try:
            repository.undo_commit(commit, shown)
        except RepositoryError:  # the commit stays, and so do its files: the next command finishes it
            return
    for path in paths:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    if not commit:
        with suppress(RepositoryError):  # the first error is the one to tell
            repository.unstage(shown)


def _refuse_repository(repository: Repository, tag: str) -> None:
    if not repository.has_commit():
        raise RepositoryError("Nothing is committed yet. Commit the sources first, then release.")
    dirty = repository.dirty([POLICY, VERSIONS])
    if dirty:
        shown = ", ".join(dirty[:5]) + (" ..." if len(dirty) > 5 else "")
        raise RepositoryError(
            f"There are changes that aren't committed ({shown}). Commit or take them back, then release."
        )
    if tag in repository.tags():
        raise RepositoryError(f"A git tag {tag} exists already. Delete it if it is a leftover, or choose another date.")


def _refuse_clock(repository: Repository, recorded: datetime) -> None:
    """A clock that stands before the newest commit would count the days of notice wrong."""
    newest = repository.newest_commit()
    if recorded + _SKEW < newest and not os.environ.get("SOURCE_DATE_EPOCH"):
        raise RepositoryError(
            f"The clock says {recorded:%Y-%m-%d %H:%M} UTC, but the newest commit is of {newest:%Y-%m-%d %H:%M %z}. "
            "Set the clock right, then release."
        )


def _message(made: Plan) -> str:
    severity = made.comparison.severity
    what = "first version" if made.base is None else f"{severity} changes since {made.base.id}"
    if made.corrects is not None:
        what = f"takes the place and the notice of {made.corrects.id}"
    head = f"Release policy version {made.id} ({what})"
    if severity is Severity.MATERIAL and made.corrects is None:
        head += f"\n\nNotice of {made.duty.days} days begins on {made.announced}; in force from {made.effective}."
    return head
