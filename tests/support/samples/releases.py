"""What tests of released versions share: edits of each severity, a pending version, records that somebody altered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from samples import commit, edit

from conftest import Cli
from policytrail.archive.manifest import pretty, sha256
from policytrail.model.change import canonical

ALL = "practices/all.yaml"
MATERIAL = (ALL, "[user.name, user.contact.email]", "[user.name, user.contact.email, user.job_title]")
EDITORIAL = ("clauses/sharing/promise.md", "information, except", "information - except")
REVIEW = ("clauses/contact.md", "Write to", "You may write to")


def change(root: Path, *edits: tuple[str, str, str]) -> None:
    for each in edits:
        edit(root, *each)
    commit(root)


def tree(root: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(root)): each.read_bytes()
        for each in sorted(root.rglob("*"))
        if each.is_file() and ".git/" not in str(each)
    }


def pending(root: Path, cli: Cli) -> None:
    change(root, MATERIAL)
    result = cli("release", "--effective", "2020-04-01", "--as-of", "2020-03-01")
    assert result.exit_code == 0, result.output


def reseal(path: Path, change_record: Callable[[dict[str, Any]], None]) -> None:
    """Alter a record and give it the right digest of itself, as somebody who knows the format would."""
    record = {key: value for key, value in json.loads(path.read_bytes()).items() if key != "self"}
    change_record(record)
    path.write_bytes(pretty({**record, "self": sha256(canonical(record))}))
