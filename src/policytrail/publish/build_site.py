"""The end that publishes: read versions and draft, work out the day's status, render the site, swap it in whole."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Literal

from policytrail.archive.manifest import sha256
from policytrail.archive.store import has_versions
from policytrail.clock import today
from policytrail.errors import NoticeRefusal, PolicytrailError, RepositoryError, UsageError
from policytrail.model.calendar import instant
from policytrail.model.json_value import Json
from policytrail.model.version import Status, Version
from policytrail.render.site.site_files import SiteView
from policytrail.site_monitor.fetch import fetch_site
from policytrail.site_monitor.verdict import judged
from policytrail.sources.load import load_draft
from policytrail.storage.file_lock import locked
from policytrail.storage.files import exchange, sync_folder
from policytrail.storage.source_date import source_date
from policytrail.workspace import POLICY, TEMPLATES, VERSIONS, Workspace

from .export import with_documents
from .preview import Preview
from .site_view import view

_KEPT = (".git", POLICY, VERSIONS, TEMPLATES)
_OURS = "api/v1/versions.json"  # every site that was built has it


def build(
    workspace: Workspace, as_of: date | None, out: Path | None = None, strict: bool = False, documents: bool = True
) -> Status:
    """Validate the sources, work out the day and write the whole site to `out` (default: site/), or change nothing.

    Raises SourceError, IntegrityError, TemplateError; with `strict`, a PDF that takes too long and warnings of the
    site's engine are errors too.
    Without `documents` the site has no PDF.
    Returns the status: where it names problems, the site keeps showing the text in force.
    """
    load_draft(workspace.policy)
    shown = view(workspace, as_of) if has_versions(workspace) else Preview(workspace).shown(as_of)
    shown = with_documents(workspace, shown, strict) if documents and shown.status.current else shown
    target = out or workspace.site
    _refuse_place(workspace, target)
    with _staged(target) as staging:
        _render(workspace, shown, staging, strict)
    return shown.status


def _render(workspace: Workspace, shown: SiteView, staging: Path, strict: bool) -> None:
    from .mkdocs_build import render  # saves 57 ms: MkDocs is slow to import: only when a site is built

    zone = (shown.versions[-1].snapshot if shown.versions else load_draft(workspace.policy)).policy.zone
    epoch = instant(shown.status.as_of, zone).timestamp()
    with source_date(max(0, int(epoch))):
        render(workspace, shown, staging, strict)


def _refuse_place(workspace: Workspace, target: Path) -> None:
    """A build replaces a whole folder: refuse one that isn't a site of ours, or lies among what must never go.

    Raises UsageError, RepositoryError.
    """
    kept = next((name for name in _KEPT if target.resolve().is_relative_to((workspace.root / name).resolve())), None)
    if kept:
        raise UsageError(
            f"The site can't be written to {target}: it lies in {kept}/. Choose another folder with --out."
        )
    history = ".git" if (target / ".git").exists() else None  # a checkout from which somebody publishes
    if not target.is_dir() or ((target / _OURS).is_file() and not history):
        return
    other = history or next((path.name for path in sorted(target.iterdir())), None)
    if other is not None:
        raise RepositoryError(
            f"{target} holds files that no build made ({other}), and a build replaces the whole folder. "
            "Choose another one with --out, or move them away."
        )


@contextmanager
def _staged(target: Path) -> Iterator[Path]:
    """A folder beside the target that takes its place when all went well; the old one stays until then."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise RepositoryError(f"{target} isn't a folder, so the site can't be written there. Move it away.")
    created = not target.exists()
    target.mkdir(exist_ok=True)
    staging: Path | None = None
    try:
        with locked(target, str(target)):
            for left in target.parent.glob(f".{glob.escape(target.name)}-*"):  # of builds that were killed
                shutil.rmtree(left, ignore_errors=True)
            staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
            yield staging
            os.chmod(staging, 0o755)
            exchange(staging, target)
            sync_folder(target.parent)
    finally:
        if staging:
            shutil.rmtree(staging, ignore_errors=True)
        if created and not any(target.iterdir()):
            target.rmdir()


def site_proof(workspace: Workspace, as_of: date, identity: str) -> Mapping[str, Json]:
    """Build the site as of a day into a scratch folder and say which pages showed a version's notice, by hash.

    Raises PolicytrailError where the site doesn't show it: then there is no site notice.
    """
    shown = view(workspace, as_of)
    version = next(each for each in shown.versions if each.id == identity)
    with tempfile.TemporaryDirectory(prefix="policytrail-") as scratch:
        site = Path(scratch) / "site"
        build(workspace, as_of, site, documents=False)
        look = judged(fetch_site(str(site)).pages, version, place_of(shown, version))
        if look.verdict != "shown":
            raise PolicytrailError(f"The site doesn't show version {identity}: {', '.join(look.missing)} is missing.")
        pages = ["index.html", "upcoming/index.html", "feed.atom", "api/v1/notice.json", "notice.js"]
        hashes = {page: sha256((site / page).read_bytes()) for page in pages if (site / page).is_file()}
    base = version.snapshot.policy.site_url
    return {"urls": [base, f"{base}upcoming/"], "pages": hashes, "for_whole_window": True}


def place_of(shown: SiteView, version: Version) -> Literal["next", "later", "in force"]:
    """Where a version stands on the site: it comes next, after another one, or is in force."""
    if shown.status.current and shown.status.current.id == version.id:
        return "in force"
    return "next" if shown.next and shown.next.version.id == version.id else "later"


def refuse_blocked(found: Status) -> None:
    """Raise NoticeRefusal where a version has reached its date without enough proven notice, or a duty is broken."""
    late = [state for state in found.pending if state.state == "blocked" and state.version.effective <= found.as_of]
    current = found.current
    untold = current is not None and not current.duty.before and current.duty.owed
    if ((late or untold) and found.problems) or found.broken:
        raise NoticeRefusal(*found.problems)


__all__ = ["build", "place_of", "refuse_blocked", "site_proof", "today"]
