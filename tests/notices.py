"""What the tests of delivery share: a repository with a pending version, a list of recipients, a bare remote."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from conftest import Cli
from policytrail.notify import schema
from policytrail.notify.ledger import Ledger
from policytrail.notify.load import load
from policytrail.notify.queue import Job, Queue, Request
from policytrail.notify.recipients import open_list
from policytrail.notify.states import Outcome
from samples import commit, edit, git, repository

PENDING = "2020-04-01"
ON = ("--as-of", "2020-03-02")


def with_pending(root: Path) -> Path:
    """A repository with a version in force from 2020-01-01 and a material one pending for 2020-04-01."""
    repository(root)
    (root / ".gitignore").write_text("site/\n.policytrail/\n")
    commit(root, "ignore the ledger")
    cli = Cli(root)
    assert cli("release", "--effective", "2020-01-01", "--as-of", "2020-01-01").exit_code == 0
    edit(
        root, "practices/all.yaml", "[user.name, user.contact.email]", "[user.name, user.contact.email, user.job_title]"
    )
    commit(root)
    result = cli("release", "--effective", PENDING, "--as-of", "2020-03-01")
    assert result.exit_code == 0, result.output
    return root


def with_remote(root: Path) -> Path:
    """Give the repository a bare remote that its branch follows. Out: the remote."""
    remote = root.with_name(root.name + ".git")
    git(root, "clone", "--quiet", "--bare", ".", str(remote))
    git(root, "remote", "add", "origin", str(remote))
    git(root, "push", "--quiet", "-u", "origin", "HEAD")
    return remote


def write_list(path: Path, addresses: list[str], names: bool = True) -> Path:
    """A CSV of recipients."""
    lines = [f"{each},{'Name ' + each.partition('@')[0] if names else ''},en" for each in addresses]
    path.write_text("address,name,language\n" + "\n".join(lines) + "\n")
    return path


def people(number: int) -> list[str]:
    """So many addresses."""
    return [f"user{each}@example.org" for each in range(number)]


def listed(ledger: Ledger, folder: Path, addresses: list[str]) -> int:
    """Enter a notice with these recipients in a ledger, without a repository. Out: its number."""
    with ledger.begin() as connection:
        connection.execute(
            schema.notice.insert().values(version=PENDING, stream="legal", digest="0" * 64, state="sending")
        )
        row = ledger.notice(connection, PENDING, "legal")
    assert row is not None
    load(ledger, row, open_list(str(write_list(folder / "listed.csv", addresses))), "example.org", False)
    return row.notice


def upgrade(code: Path) -> None:
    """Another release: a number, and a comment in each module of the delivery."""
    first = code / "policytrail/__init__.py"
    first.write_text(re.sub(r'__version__ = "(\d+)', lambda m: f'__version__ = "{int(m[1]) + 1}', first.read_text()))
    for each in (code / "policytrail/notify").glob("*.py"):
        each.write_text(f"{each.read_text()}\n# A remark of another release.\n")


def evidence(root: Path, kind: str, version: str = PENDING) -> list[dict[str, Any]]:
    """The records of one kind of a version, in order."""
    found = sorted((root / "versions" / version / "evidence").glob(f"*-{kind}.json"))
    return [json.loads(each.read_text())["record"] for each in found]


def settle(queue: Queue, job: Job | None = None, outcome: Outcome | None = None, more: bool = True) -> Job | None:
    """What one connection of a run does: say what its mail came to, get the next."""
    request = Request(0, job, outcome, more)
    queue.settle([request])
    return request.next
