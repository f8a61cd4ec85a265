"""One version's folder as it lies on disk: every file read, none followed, and what is wrong with it by itself."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from policytrail.errors import IntegrityError, Problem, SourceError
from policytrail.model.dates import parse_date
from policytrail.schedule.version_order import serial
from policytrail.storage.files import read_bytes
from policytrail.workspace import VERSIONS, Workspace

from .manifest import RESTORE, compare_files, opened, sha256

# A version's effective date; a correction for the same date adds its number.
_ID = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(\.[1-9][0-9]?)?", re.ASCII)
MANIFEST, NOTICE_MANIFEST = "manifest.json", "notice/manifest.json"
_UNIX_TEXT = frozenset({".json", ".md", ".txt", ".html"})  # frozen with Unix line ends; git may have converted them


@dataclass(frozen=True)
class Folder:
    """One version's folder as found: every regular file with its bytes, and what is wrong with the folder itself.

    `converted` are texts whose line ends git turned into those of another system; `files` has them as they were frozen.
    """

    id: str
    files: Mapping[str, bytes]
    problems: tuple[Problem, ...]
    converted: tuple[str, ...] = ()


def version_ids(workspace: Workspace) -> list[str]:
    """The ids under versions/, in order of their dates. Raises IntegrityError for a folder whose name is no date."""
    folder = workspace.versions
    if folder.is_symlink():
        hint = "Put the folder itself here."
        raise IntegrityError(Problem(VERSIONS, 0, "This folder is a symbolic link.", hint, "file-linked"))
    if not folder.exists():
        return []
    if not folder.is_dir():
        hint = "Restore the folder from git."
        raise IntegrityError(Problem(VERSIONS, 0, "This isn't a folder.", hint, "file-linked"))
    names = [path.name for path in folder.iterdir() if not path.name.startswith(".")]
    linked = [name for name in names if (folder / name).is_symlink()]
    strange = [name for name in names if name not in linked and not ((folder / name).is_dir() and is_version_id(name))]
    if strange or linked:
        hint = "A version's folder is named after its effective date, YYYY-MM-DD. Take this out."
        raise IntegrityError(
            *(Problem(f"{VERSIONS}/{name}", 0, "This isn't a version.", hint, "id-form") for name in sorted(strange)),
            *(
                Problem(f"{VERSIONS}/{name}", 0, "This is a link, not a version.", hint, "file-linked")
                for name in sorted(linked)
            ),
        )
    return sorted(names, key=lambda name: (name[:10], serial(name)))


def is_version_id(name: str) -> bool:
    """Whether a version's folder can bear this name."""
    try:
        found = _ID.fullmatch(name)
        return bool(found and parse_date(found[1]))
    except ValueError:
        return False


def read_folder(workspace: Workspace, identity: str) -> Folder:
    """Every file of one version. Links and other things that aren't regular files are problems, not followed."""
    base = workspace.version(identity)
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    converted: list[str] = []
    for found, folders, names in os.walk(base):
        folders.sort()
        for name in sorted([*names, *(folder for folder in folders if Path(found, folder).is_symlink())]):
            path = Path(found, name)
            inside = path.relative_to(base).as_posix()
            try:
                content = read_bytes(path, f"{VERSIONS}/{identity}/{inside}")
            except SourceError as error:
                problems += [replace(problem, name="file-linked") for problem in error.problems]
                continue
            files[inside] = content
            if path.suffix in _UNIX_TEXT and b"\r\n" in content:
                files[inside] = content.replace(b"\r\n", b"\n")
                converted.append(inside)
    return Folder(identity, files, tuple(problems), tuple(converted))


def check_folder(folder: Folder) -> list[Problem]:
    """Everything that is wrong with one version's files: changed, missing, added, or a chain of evidence that is broken."""
    where = f"{VERSIONS}/{folder.id}"
    problems = list(folder.problems)
    manifest, found = _opened(folder, MANIFEST)
    notice, wrong = _opened(folder, NOTICE_MANIFEST)
    problems += found + wrong
    own = {name: content for name, content in folder.files.items() if "/" not in name and name != MANIFEST}
    problems += compare_files(where, manifest.get("files", {}), own)
    mails = {
        name.removeprefix("notice/"): content
        for name, content in folder.files.items()
        if name.startswith("notice/") and name != NOTICE_MANIFEST
    }
    problems += compare_files(f"{where}/notice", notice.get("files", {}), mails)
    if manifest and manifest.get("id") != folder.id:
        problems.append(
            Problem(
                f"{where}/{MANIFEST}", 0, f"This manifest belongs to {manifest.get('id')}.", "Restore it.", "id-form"
            )
        )
    if notice and MANIFEST in folder.files and notice.get("version_manifest") != sha256(folder.files[MANIFEST]):
        problems.append(
            Problem(
                f"{where}/{NOTICE_MANIFEST}",
                0,
                "This notice belongs to another version.",
                "Restore it.",
                "notice-foreign",
            )
        )
    strange = [name for name in folder.files if "/" in name and not name.startswith(("notice/", "evidence/"))]
    problems += [
        Problem(f"{where}/{name}", 0, "This file isn't part of what was frozen.", "Take it out.", "file-added")
        for name in strange
    ]
    return problems + _check_evidence(folder)


def _opened(folder: Folder, name: str) -> tuple[dict[str, Any], list[Problem]]:
    path = f"{VERSIONS}/{folder.id}/{name}"
    if name not in folder.files:
        return {}, [Problem(path, 0, "This frozen file is missing.", RESTORE, "file-missing")]
    return opened(path, folder.files[name])


def _check_evidence(folder: Folder) -> list[Problem]:
    problems: list[Problem] = []
    before = sha256(folder.files.get(NOTICE_MANIFEST, b""))
    manifest = sha256(folder.files.get(MANIFEST, b""))
    for number, (name, content) in enumerate(evidence_files(folder), 1):
        path = f"{VERSIONS}/{folder.id}/{name}"
        record, wrong = opened(path, content)
        problems += wrong
        if record and (record.get("version"), record.get("version_manifest")) != (folder.id, manifest):
            message = "This evidence belongs to another version."
            problems.append(Problem(path, 0, message, RESTORE, "evidence-foreign"))
        if record and (record.get("previous"), name) != (before, f"evidence/{number:04d}-{record.get('kind')}.json"):
            message = "The chain of evidence is broken here."
            problems.append(Problem(path, 0, message, "Restore the records from git.", "evidence-chain"))
        before = sha256(content)
    return problems


def evidence_files(folder: Folder) -> list[tuple[str, bytes]]:
    """The records of a version's evidence, in the order in which they were made."""
    return sorted((name, content) for name, content in folder.files.items() if name.startswith("evidence/"))


def newest_name(folder: Folder) -> str:
    """The end of a version's chain: its newest record of evidence, else the manifest of its notice."""
    known = evidence_files(folder)
    return known[-1][0] if known else NOTICE_MANIFEST
