"""What the tests of delivery share: a repository with a pending version, a list of recipients, a bare remote, the command."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from click.testing import Result
from places import ROOT
from samples import commit, edit, git, repository
from sinks import Server

from conftest import Cli
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.enrol import load
from policytrail.notify.ledger.ledger import Ledger
from policytrail.notify.ledger.queue import Job, Queue, Settlement
from policytrail.notify.ledger.recovery import requeue
from policytrail.notify.primitives import merkle
from policytrail.notify.primitives.delivery_states import Outcome, Rules
from policytrail.notify.recipients.recipient_list import open_list
from policytrail.notify.records import evidence as recorded

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


def upgrade(code: Path, release: bool = True) -> None:
    """Another release: a number (unless it isn't one yet), and a comment in each module of the delivery."""
    first = code / "policytrail/__init__.py"
    more = int(release)
    first.write_text(re.sub(r'__version__ = "(\d+)', lambda m: f'__version__ = "{int(m[1]) + more}', first.read_text()))
    for each in (code / "policytrail/notify").glob("*.py"):
        each.write_text(f"{each.read_text()}\n# A remark of another release.\n")


def settle_all(ledger: Ledger, notice: int, *results: str) -> None:
    """Give everything that is queued one of these outcomes in turn."""
    queue = Queue(ledger, notice, Rules(hold_doubtful=True))
    job, number = settle(queue), 0
    while job is not None:
        job = settle(queue, job, Outcome(results[number % len(results)], "250"))  # type: ignore[arg-type]
        number += 1
    queue.close()


def leaves_hold(ledger: Ledger, folder: Path) -> None:
    """The database makes and sorts the leaves as `merkle` does, and still those of an earlier day after states have changed."""
    notice = listed(ledger, folder, people(20))
    settle_all(ledger, notice, "accepted", "refused", "doubtful")
    with ledger.begin() as connection:
        proven = recorded.tree(connection, notice)
        rows = connection.execute(schema.delivery.select()).all()
        leaves = {
            bytes(each.rkey): merkle.leaf_hash(bytes(each.rkey), each.state, each.accepted_at, bytes(each.nonce16))
            for each in rows
        }
        assert list(recorded.digests(connection, notice)) == sorted(leaves.values())
        requeue(connection, ledger, notice)
    settle_all(ledger, notice, "accepted")
    with ledger.begin() as connection:
        assert recorded.tree(connection, notice)["root"] != proven["root"] == merkle.root(sorted(leaves.values())).hex()
        for person, digest in leaves.items():
            found = recorded.inclusion(connection, notice, person, proven["until"])
            assert found is not None
            leaf, index, size, path, root = found
            assert (leaf.digest, size, root.hex()) == (digest, 20, proven["root"])
            assert merkle.verify(digest, index, size, path, root)


def evidence(root: Path, kind: str, version: str = PENDING) -> list[dict[str, Any]]:
    """The records of one kind of a version, in order."""
    found = sorted((root / "versions" / version / "evidence").glob(f"*-{kind}.json"))
    return [json.loads(each.read_text())["record"] for each in found]


def settle(queue: Queue, job: Job | None = None, outcome: Outcome | None = None, more: bool = True) -> Job | None:
    """What one connection of a run does: say what its mail came to, get the next."""
    request = Settlement(0, job, outcome, more)
    queue.settle([request])
    return request.next


def notify(root: Path, *words: str) -> Result:
    result = Cli(root)("notify", PENDING, *ON, *words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def send(root: Path, sink: Server, addresses: list[str], *words: str) -> Result:
    listing = write_list(root.parent / "list.csv", addresses)
    return notify(root, "--recipients", str(listing), "--smtp", sink.url, *words)


def counts(root: Path) -> dict[str, int]:
    found = json.loads(notify(root, "--report", "--format", "json").stdout)["counts"]
    return {state: number for state, number in found.items() if number}


def remote_files(root: Path) -> list[str]:
    return git(root.with_name("repo.git"), "ls-tree", "-r", "--name-only", "HEAD").split()


SOURCE = ROOT / "src"


def _hears_of_a_hangup() -> None:
    """As at a terminal; who runs the tests under nohup has it ignored, and the program would keep to that."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def start(root: Path, *words: str, code: Path = SOURCE) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "policytrail", "notify", PENDING, *ON, *words],
        cwd=root,
        text=True,
        preexec_fn=_hears_of_a_hangup,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(code)},
    )


def wait_for(sink: Server, mails: int) -> None:
    until = time.monotonic() + 60
    while len(sink.sink.mails) < mails and time.monotonic() < until:
        time.sleep(0.01)
    assert len(sink.sink.mails) >= mails
