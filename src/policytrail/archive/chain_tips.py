"""The last link of a chain can be taken off without a trace: so whatever is written names every last link that nothing names yet.

A manifest or record holds `heads`: for each version whose newest record (or notice, where it has no record) no other
version's file names so far, that file and its SHA-256. Everything but the very last thing written is thus missed when it
is gone, without git; that one thing only git, or a copy that somebody kept, can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policytrail.errors import Problem
from policytrail.storage.files import read_bytes
from policytrail.workspace import VERSIONS, Workspace

from .folder import MANIFEST, NOTICE_MANIFEST, Folder, evidence_files, newest_name, version_ids
from .manifest import RESTORE, opened, sha256

Heads = dict[str, dict[str, str]]


def read_heads(workspace: Workspace, writing: str) -> Heads:
    """What a file that is about to be written for version `writing` must name, of the other versions."""
    return unnamed([_links(workspace, identity) for identity in version_ids(workspace)], writing)


def unnamed(folders: Sequence[Folder], writing: str) -> Heads:
    """The newest file of each version but `writing` that no other version names; pure."""
    named = {(identity, head.get("sha256")) for folder in folders for _, identity, head in _named(folder)}
    found: Heads = {}
    for folder in folders:
        name = newest_name(folder)
        content = folder.files.get(name, b"")
        if folder.id != writing and content and (folder.id, sha256(content)) not in named:
            found[folder.id] = {"file": name, "sha256": sha256(content)}
    return found


def check_heads(folders: Sequence[Folder]) -> list[Problem]:
    """A problem for each file that another version names and that isn't here as it was."""
    by_id = {folder.id: folder for folder in folders}
    problems = []
    for folder in folders:
        for by, identity, head in _named(folder):
            content = by_id[identity].files.get(str(head.get("file"))) if identity in by_id else None
            if content is None or sha256(content) != head.get("sha256"):
                message = f"This frozen file isn't here as versions/{folder.id}/{by} names it."
                path = f"{VERSIONS}/{identity}/{head.get('file')}"
                problems.append(Problem(path, 0, message, RESTORE, "head-missing"))
    return problems


def _named(folder: Folder) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every head that a version's manifest and records name: by which file, of which version, what."""
    for name, content in [(MANIFEST, folder.files.get(MANIFEST, b"")), *evidence_files(folder)]:
        heads = opened(name, content)[0].get("heads")
        for identity, head in heads.items() if isinstance(heads, dict) else ():
            if isinstance(head, dict):
                yield name, identity, head


def _links(workspace: Workspace, identity: str) -> Folder:
    """Only the files of a version that name others, or are named."""
    base = workspace.version(identity)
    names = [MANIFEST, NOTICE_MANIFEST, *(f"evidence/{path.name}" for path in sorted(base.glob("evidence/*.json")))]
    return Folder(identity, {name: read_bytes(base / name, f"{VERSIONS}/{identity}/{name}") for name in names}, ())
