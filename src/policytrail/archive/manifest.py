"""Manifests and records that prove themselves: SHA-256 of every file, of the record before, and of itself.

A record is JSON in one spelling; its `self` field is the SHA-256 of the rest, so that one changed byte anywhere is
found even in the newest record, which nothing else points at yet.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from policytrail.errors import Problem
from policytrail.model.change import canonical

from .json_shapes import first_schema_error


def sha256(content: bytes) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(content).hexdigest()


def pretty(value: object) -> bytes:
    """JSON for files that people read in diffs: sorted keys, two spaces, one newline at the end. One spelling only."""
    return (json.dumps(value, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def sealed(record: Mapping[str, Any]) -> bytes:
    """The record with its own digest added, as file bytes."""
    return pretty({**record, "self": sha256(canonical(dict(record)))})


def opened(path: str, content: bytes) -> tuple[dict[str, Any], list[Problem]]:
    """A record read back, and what is wrong with it. An unreadable one comes back empty."""
    try:
        record = json.loads(content)
        if not isinstance(record, dict):
            raise ValueError("not an object")
        same = pretty(record) == content
    except (ValueError, RecursionError):
        return {}, [
            Problem(path, 0, "This frozen file isn't readable any more: it was changed.", RESTORE, "file-changed")
        ]
    rest = {key: value for key, value in record.items() if key != "self"}
    if not same or record.get("self") != sha256(canonical(rest)):
        known = {} if first_schema_error(path, record) is not None else record
        return known, [Problem(path, 0, "This frozen file was changed after it was frozen.", RESTORE, "file-changed")]
    if (place := first_schema_error(path, record)) is not None:
        where = f" at {place!r}" if place else ""
        return {}, [Problem(path, 0, f"This record doesn't hold what it must{where}.", RESTORE, "record-form")]
    return record, []


def compare_files(folder: str, listed: Mapping[str, str], found: Mapping[str, bytes]) -> list[Problem]:
    """Every listed file that is missing or changed, and every file that isn't listed."""
    problems = []
    for name in sorted(listed.keys() | found.keys()):
        path = f"{folder}/{name}"
        if name not in found:
            problems.append(Problem(path, 0, "This frozen file is missing.", RESTORE, "file-missing"))
        elif name not in listed:
            problems.append(Problem(path, 0, "This file isn't part of what was frozen.", "Take it out.", "file-added"))
        elif listed[name] != sha256(found[name]):
            message = "This frozen file was changed after it was frozen."
            problems.append(Problem(path, 0, message, RESTORE, "file-changed"))
    return problems


RESTORE = "Restore it from git; frozen versions are never edited."
