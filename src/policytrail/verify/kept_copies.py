"""A head that somebody kept, against what is here: a mail, a page, a feed, an API document, a manifest, another clone.

A wholly rewritten repository proves itself; only what others kept can tell. The sender of a mail is for the reader's
mail program to check.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from policytrail.archive.folder import MANIFEST, Folder
from policytrail.archive.manifest import sha256
from policytrail.errors import Problem, RepositoryError, UsageError
from policytrail.git.mirror import fetched
from policytrail.git.remote import WITHOUT_PASSWORD
from policytrail.git.repository import Repository
from policytrail.storage.files import read_bytes
from policytrail.workspace import VERSIONS, Workspace

_HASH = re.compile(r"\b[0-9a-f]{64}\b")
_MESSAGE_ID = re.compile(r"<([0-9]{4}-[0-9]{2}-[0-9]{2}(?:\.[0-9]{1,2})?)\.([0-9a-f]{32})(?:\.[A-Za-z0-9-]{2,35})?@")
_LIMIT = 32_000_000
Stated = Iterator[tuple[str | None, str]]  # a version, where it is named, and its fingerprint or the beginning of it
_MEND = (
    "Somebody rewrote history, or this copy isn't of this repository: compare both with the copies that others hold."
)


def against(workspace: Workspace, kept: Sequence[str], folders: Sequence[Folder]) -> tuple[list[Problem], int]:
    """What kept copies say that isn't so here, and how many fingerprints they gave.

    Each is a file, the folder of another clone (bare or not), or a remote: its name in the repository at `root`, or its
    address. Raises UsageError where one holds no fingerprint, RepositoryError where a remote can't be read.
    """
    if not kept:
        return [], 0
    here = {folder.id: sha256(folder.files.get(MANIFEST, b"")) for folder in folders}
    known = {sha256(content) for folder in folders for content in folder.files.values()}
    problems, number = [], 0
    for copy in kept:
        name, stated = _stated(workspace, copy)
        problems += [_problem(name, wrong) for one in stated if (wrong := _differs(*one, here, known))]
        number += len(stated)
    return problems, number


def _stated(workspace: Workspace, kept: str) -> tuple[str, list[tuple[str | None, str]]]:
    """A copy's name for messages, and what it states."""
    if Path(kept).exists():
        name, stated = Path(kept).name, list(_read(Path(kept)))
    else:
        with fetched(workspace.root, kept) as folder:
            name, stated = WITHOUT_PASSWORD.sub("//", kept), list(_read(folder))
    if not stated:
        raise UsageError(f"{name} holds no fingerprint of a version; keep a mail, a page, a feed or notice.json.")
    return name, stated


def _read(kept: Path) -> Stated:
    return _other_repository(kept) if kept.is_dir() else _file(read_bytes(kept, str(kept), _LIMIT))


def _differs(identity: str | None, digest: str, here: Mapping[str, str], known: Set[str]) -> str:
    """What a copy states that isn't so here; empty where it is so."""
    if identity is None:
        return "" if digest in known else f"names the fingerprint {digest}, which nothing here has"
    if identity not in here:
        return f"knows the version {identity}, which isn't here"
    if not here[identity].startswith(digest):  # a mail's Message-ID has half of it
        return f"has the version {identity} with another fingerprint ({digest})"
    return ""


def _problem(name: str, what: str) -> Problem:
    return Problem(name, 0, f"This copy {what}.", _MEND, "against")


def _other_repository(folder: Path) -> Stated:
    """The versions of another clone: its last commit, or its files where it has no git."""
    try:
        with Repository(folder) as repository:
            files = repository.blobs("versions")
    except RepositoryError:
        files = {
            f"{VERSIONS}/{path.parent.name}/{MANIFEST}": read_bytes(path)
            for path in sorted(folder.glob(f"{VERSIONS}/*/{MANIFEST}"))
        }
    for path, content in files.items():
        parts = path.split("/")
        if parts[2:] == [MANIFEST]:
            yield parts[1], sha256(content)


def _file(raw: bytes) -> Stated:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        yield from _mail(raw)
        return
    if isinstance(found, dict) and {"self", "files", "id", "effective"} <= found.keys():
        yield str(found["id"]), sha256(raw)
    else:
        yield from _document(found)


def _document(value: Any) -> Stated:
    """Every `manifest` in an API document or JSON feed, with the version that it is said to be of; every record's digest."""
    if isinstance(value, list):
        for item in value:
            yield from _document(item)
    elif isinstance(value, dict):
        digest, identity = value.get("manifest"), value.get("id")
        if "kind" in value and "on" in value:  # a record of evidence
            digest, identity = value.get("digest"), None
        if isinstance(digest, str) and _HASH.fullmatch(digest):
            yield identity if isinstance(identity, str) else None, digest
        for item in value.values():
            yield from _document(item)


def _mail(raw: bytes) -> Stated:
    """A mail's Message-ID and every fingerprint in its words; for any other text, the fingerprints alone."""
    message = BytesParser(policy=policy.default).parsebytes(raw)
    texts = [raw.decode("utf-8", "replace")]
    if isinstance(message, EmailMessage) and message["Message-ID"]:
        yield from ((found[1], found[2]) for found in _MESSAGE_ID.finditer(str(message["Message-ID"])))
        texts = [str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]
    yield from ((None, digest) for digest in sorted({digest for text in texts for digest in _HASH.findall(text)}))
