"""versions/ on disk: read back with every hash checked, written whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..errors import IntegrityError, Problem, SourceError
from ..model.change import Comparison
from ..model.dates import parse_date
from ..model.version import Duty, Evidence, Version
from ..sources.files import read_bytes, sync_folder, write_whole
from .manifest import compare_files, opened, sealed, sha256
from .record import from_record

_ID = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
MANIFEST, NOTICE_MANIFEST = "manifest.json", "notice/manifest.json"


@dataclass(frozen=True)
class Folder:
    """One version's folder as found: every regular file with its bytes, and what is wrong with the folder itself."""

    id: str
    files: Mapping[str, bytes]
    problems: tuple[Problem, ...]


def version_ids(root: Path) -> list[str]:
    """The ids under versions/, oldest first. Raises IntegrityError for a folder whose name is no date."""
    folder = root / "versions"
    if not folder.is_dir():
        return []
    names = sorted(each.name for each in folder.iterdir() if not each.name.startswith("."))
    strange = [name for name in names if not (folder / name).is_dir() or not _is_id(name)]
    if strange:
        mend = "A version's folder is named after its effective date, YYYY-MM-DD. Take this out."
        raise IntegrityError(*(Problem(f"versions/{name}", 0, "This isn't a version.", mend) for name in strange))
    return names


def _is_id(name: str) -> bool:
    try:
        return bool(_ID.fullmatch(name) and parse_date(name))
    except ValueError:
        return False


def read_folder(root: Path, identity: str) -> Folder:
    """Every file of one version. Links and other things that aren't regular files are problems, not followed."""
    base = root / "versions" / identity
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    for found, folders, names in os.walk(base):
        folders.sort()
        for name in sorted([*names, *(each for each in folders if Path(found, each).is_symlink())]):
            path = Path(found, name)
            inside = path.relative_to(base).as_posix()
            try:
                files[inside] = read_bytes(path, f"versions/{identity}/{inside}")
            except SourceError as error:
                problems += error.problems
    return Folder(identity, files, tuple(problems))


def check_folder(folder: Folder) -> list[Problem]:
    """Everything that is wrong with one version's files: changed, missing, added, or a chain of evidence that is broken."""
    where = f"versions/{folder.id}"
    problems = list(folder.problems)
    manifest, found = _opened(folder, MANIFEST)
    notice, wrong = _opened(folder, NOTICE_MANIFEST)
    problems += found + wrong
    own = {name: content for name, content in folder.files.items() if "/" not in name and name != MANIFEST}
    problems += compare_files(where, manifest.get("files", {}), own)
    mails = {name.removeprefix("notice/"): content for name, content in folder.files.items()
             if name.startswith("notice/") and name != NOTICE_MANIFEST}  # fmt: skip
    problems += compare_files(f"{where}/notice", notice.get("files", {}), mails)
    if manifest and manifest.get("id") != folder.id:
        problems.append(
            Problem(f"{where}/{MANIFEST}", 0, f"This manifest belongs to {manifest.get('id')}.", "Restore it.")
        )
    if notice and MANIFEST in folder.files and notice.get("version_manifest") != sha256(folder.files[MANIFEST]):
        problems.append(
            Problem(f"{where}/{NOTICE_MANIFEST}", 0, "This notice belongs to another version.", "Restore it.")
        )
    strange = [name for name in folder.files if "/" in name and not name.startswith(("notice/", "evidence/"))]
    problems += [
        Problem(f"{where}/{name}", 0, "This file isn't part of what was frozen.", "Take it out.") for name in strange
    ]
    return problems + _check_evidence(folder)


def _opened(folder: Folder, name: str) -> tuple[dict[str, Any], list[Problem]]:
    path = f"versions/{folder.id}/{name}"
    if name not in folder.files:
        return {}, [Problem(path, 0, "This frozen file is missing.", "Restore it from git.")]
    return opened(path, folder.files[name])


def _check_evidence(folder: Folder) -> list[Problem]:
    problems: list[Problem] = []
    before = sha256(folder.files.get(NOTICE_MANIFEST, b""))
    for number, (name, content) in enumerate(_evidence_files(folder), 1):
        path = f"versions/{folder.id}/{name}"
        record, wrong = opened(path, content)
        problems += wrong
        if record and (record.get("previous") != before or not name.startswith(f"evidence/{number:04d}-")):
            problems.append(Problem(path, 0, "The chain of evidence is broken here.", "Restore the records from git."))
        before = sha256(content)
    return problems


def _evidence_files(folder: Folder) -> list[tuple[str, bytes]]:
    return sorted((name, content) for name, content in folder.files.items() if name.startswith("evidence/"))


def load_versions(root: Path) -> tuple[Version, ...]:
    """All versions, oldest first, each hash and the chain of manifests checked.

    Raises IntegrityError naming every file that isn't what was frozen.
    """
    folders = [read_folder(root, identity) for identity in version_ids(root)]
    problems = [each for folder in folders for each in check_folder(folder)] + check_chain(folders)
    if problems:
        raise IntegrityError(*problems)
    try:
        return tuple(map(_version, folders))
    except (KeyError, TypeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise IntegrityError(
            f"versions/: a frozen version can't be read by this release of policytrail ({reason})."
        ) from None


def check_chain(folders: list[Folder]) -> list[Problem]:
    """Each manifest names the hash of the one before; the first names none."""
    problems = []
    before: str | None = None
    for folder in folders:
        content = folder.files.get(MANIFEST, b"")
        manifest = opened(MANIFEST, content)[0]
        named = (manifest.get("previous") or {}).get("sha256")
        if manifest and named != before:
            path = f"versions/{folder.id}/{MANIFEST}"
            problems.append(Problem(path, 0, "The chain of manifests is broken: it doesn't follow the version before.",
                                    "Restore the missing or changed version from git."))  # fmt: skip
        before = sha256(content)
    return problems


def _version(folder: Folder) -> Version:
    manifest = json.loads(folder.files[MANIFEST])
    owed = manifest["duty"]
    duty = Duty(owed["days"], owed["count"], tuple(owed["any_of"]), tuple(owed["all_of"]), tuple(owed["regimes"]))
    evidence = []
    for _, content in _evidence_files(folder):
        record = json.loads(content)
        evidence.append(Evidence(record["kind"], date.fromisoformat(record["on"]), record["record"], sha256(content)))
    return Version(
        id=folder.id, effective=date.fromisoformat(manifest["effective"]),
        announced=date.fromisoformat(manifest["announced"]),
        snapshot=from_record(json.loads(folder.files["policy.json"])),
        comparison=Comparison.from_json(json.loads(folder.files["comparison.json"])), duty=duty,
        evidence=tuple(evidence), manifest=sha256(folder.files[MANIFEST]),
        previous_manifest=(manifest["previous"] or {}).get("sha256"), reconstructed=manifest["reconstructed"],
    )  # fmt: skip


def write_version(root: Path, identity: str, files: Mapping[str, bytes]) -> Path:
    """Write a version's folder whole: into a temporary folder, synced, then renamed. Raises FileExistsError if it's there."""
    parent = root / "versions"
    parent.mkdir(exist_ok=True)
    target = parent / identity
    if target.exists():
        raise FileExistsError(identity)
    temporary = Path(tempfile.mkdtemp(prefix=".tmp-", dir=parent))
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


def append_evidence(root: Path, version: str, kind: str, on: date, record: Mapping[str, Any]) -> Path:
    """Add one record to a version's chain of evidence; earlier records are never touched. Returns its path."""
    folder = read_folder(root, version)
    known = _evidence_files(folder)
    before = known[-1][1] if known else folder.files[NOTICE_MANIFEST]
    path = root / "versions" / version / f"evidence/{len(known) + 1:04d}-{kind}.json"
    content = {
        "format": 1, "version": version, "version_manifest": sha256(folder.files[MANIFEST]), "kind": kind,
        "on": on.isoformat(), "record": dict(record), "previous": sha256(before),
    }  # fmt: skip
    write_whole(path, sealed(content))
    return path
