"""versions/ on disk: read back with every hash checked, written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from policytrail.errors import IntegrityError, Problem
from policytrail.model.change import Comparison
from policytrail.model.version import Duty, Evidence, Version
from policytrail.storage.files import TEMPORARY, sync_folder, write_whole
from policytrail.workspace import VERSIONS, Workspace

from .chain_tips import Heads, read_heads
from .folder import MANIFEST, NOTICE_MANIFEST, Folder, check_folder, evidence_files, read_folder, version_ids
from .json_shapes import COMPARISON
from .manifest import RESTORE, sealed, sha256
from .manifest_chain import check_chain
from .snapshot_json import from_record


def has_versions(workspace: Workspace) -> bool:
    """Whether something lies in versions/ already."""
    return any(not path.name.startswith(".") for path in workspace.versions.glob("*"))


def load_versions(workspace: Workspace) -> tuple[Version, ...]:
    """All versions, in order of their effective dates, each hash and the chain of manifests checked.

    Raises IntegrityError naming every file that isn't what was frozen.
    """
    folders = [read_folder(workspace, identity) for identity in version_ids(workspace)]
    problems = [problem for folder in folders for problem in check_folder(folder)] + check_chain(folders)
    if problems:
        raise IntegrityError(*problems)
    return versions_of(folders)


def versions_of(folders: Sequence[Folder]) -> tuple[Version, ...]:
    """The versions in folders that were checked. Raises IntegrityError for a format of another release."""
    return tuple(map(_readable, folders))


def _readable(folder: Folder) -> Version:
    try:
        return _version(folder)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        reason = " ".join((str(error) or type(error).__name__).split())[:200]
        message = f"This version can't be read by this release of policytrail ({reason})."
        raise IntegrityError(Problem(f"{VERSIONS}/{folder.id}", 0, message, RESTORE, "record-form")) from None


def _comparison(folder: Folder, name: str) -> Comparison:
    """A frozen comparison. Raises ValueError where it isn't of its form."""
    record = _json(folder.files[name])
    place = COMPARISON(record)
    if place is not None:
        raise ValueError(f"{name} doesn't hold what it must at {place!r}")
    return Comparison.from_json(record)


def _json(content: bytes) -> Any:
    """What a frozen file holds. Raises ValueError for text that can't be written again: half a pair of code units."""
    found = json.loads(content)
    if b"\\ud" in content.lower():
        json.dumps(found, ensure_ascii=False).encode()
    return found


def _version(folder: Folder) -> Version:
    manifest = json.loads(folder.files[MANIFEST])
    owed = manifest["duty"]
    duty = Duty(
        owed["days"],
        owed["count"],
        tuple(owed["any_of"]),
        tuple(owed["all_of"]),
        tuple(owed["regimes"]),
        owed.get("before", True),
    )
    evidence = []
    for _, content in evidence_files(folder):
        record = json.loads(content)
        evidence.append(Evidence(record["kind"], date.fromisoformat(record["on"]), record["record"], sha256(content)))
    return Version(
        id=folder.id,
        effective=date.fromisoformat(manifest["effective"]),
        announced=date.fromisoformat(manifest["announced"]),
        snapshot=replace(from_record(_json(folder.files["policy.json"])), prose="imported" in manifest),
        comparison=_comparison(folder, "comparison.json"),
        duty=duty,
        evidence=tuple(evidence),
        manifest=sha256(folder.files[MANIFEST]),
        previous_manifest=(manifest["previous"] or {}).get("sha256"),
        reconstructed=manifest["reconstructed"],
        recorded=datetime.fromisoformat(manifest["recorded_at"]),
        released=manifest.get("released", {}),
        corrects=(manifest.get("corrects") or {}).get("sha256"),
        correction=_comparison(folder, "correction.json") if "correction.json" in folder.files else None,
        rules=manifest.get("rules"),
        replaces=tuple(replaced["id"] for replaced in manifest.get("replaces", ())),
        event=manifest.get("event"),
        imported=manifest.get("imported"),
    )


def write_version(workspace: Workspace, identity: str, files: Mapping[str, bytes]) -> Path:
    """Write a version's folder whole: into a temporary folder, synced, then renamed. Raises FileExistsError if it's there."""
    parent = workspace.versions
    parent.mkdir(exist_ok=True)
    target = parent / identity
    if target.exists():
        raise FileExistsError(identity)
    temporary = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=parent))
    try:
        for name, content in files.items():
            write_whole(temporary / name, content)
        os.chmod(temporary, 0o755)
        os.rename(temporary, target)
        sync_folder(parent)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return target


def append_evidence(
    workspace: Workspace, version: str, kind: str, on: date, record: Mapping[str, Any], heads: Heads | None = None
) -> Path:
    """Add one record to a version's chain of evidence; earlier records are never touched. Returns its path.

    `heads`: what it names of other versions (default: whatever nothing names yet).
    """
    folder = read_folder(workspace, version)
    known = evidence_files(folder)
    before = known[-1][1] if known else folder.files[NOTICE_MANIFEST]
    path = workspace.evidence(version, len(known) + 1, kind)
    content = {
        "format": 1,
        "version": version,
        "version_manifest": sha256(folder.files[MANIFEST]),
        "kind": kind,
        "on": on.isoformat(),
        "record": dict(record),
        "previous": sha256(before),
    }
    if heads := read_heads(workspace, version) if heads is None else heads:
        content["heads"] = heads
    try:
        # A leftover inside the version would be a file too many.
        write_whole(path, sealed(content), workspace.versions)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def frozen_messages(workspace: Workspace, version: str) -> dict[str, str]:
    """The files of a version's notice with their SHA-256, as its manifest lists them."""
    manifest = json.loads(read_folder(workspace, version).files[NOTICE_MANIFEST])
    return dict(manifest["files"])


__all__ = [
    "MANIFEST",
    "NOTICE_MANIFEST",
    "Folder",
    "append_evidence",
    "check_chain",
    "check_folder",
    "evidence_files",
    "frozen_messages",
    "load_versions",
    "read_folder",
    "version_ids",
    "versions_of",
    "write_version",
]
