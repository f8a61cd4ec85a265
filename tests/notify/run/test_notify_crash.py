"""A failure at every operation of a notice: files, git, mail, statements of the ledger. Nobody is missed, and it's proven.

Whatever the first run ends with, the next one goes on: everybody on the list is told, at most one of them twice (one connection)
and then byte by byte the same, git's tree is as before a record or after it, the evidence is whole and verifies.
"""

from __future__ import annotations

import collections
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import faults
import faults_mail
import pytest
from faults import Result
from notices import ON, PENDING, evidence, people, with_remote, write_list
from places import TESTS
from samples import git

from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.records import evidence as recorded
from policytrail.workspace import Workspace

EVERYBODY = people(3)
EACH = 8  # of the operations of a run that goes on, every eighth fails: most are those of a first run
SOME = [(95, "KILL-before"), (50, "ENOSPC")]  # in the suite that runs with every change: in mid-notice, at the fence
KINDS = ["KILL-before", "ENOSPC", "EIO", "EACCES"]
ERRORS = "ENOSPC, EIO or EACCES"  # by turns: what comes after an error asks only whether the disk is full
CLOCK = {"GIT_AUTHOR_DATE": "2020-03-02T00:00:00Z", "GIT_COMMITTER_DATE": "2020-03-02T00:00:00Z"}
SAYS_NOTHING_HAPPENED = ("Nothing was changed", "Nobody was written to", "Nothing was sent", "Nothing was said")


@dataclass(frozen=True)
class Mail:
    """One mail that the server took: to whom, and what makes it the same as another."""

    recipient: str
    identity: tuple[str, ...]


class Taken:
    """A mail server in a process of its own (what forks must have no threads), and what it took."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "mails"
        self._log.touch()
        command = [sys.executable, str(TESTS / "support/services/sinks.py"), "0", str(self._log)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = f"smtp://127.0.0.1:{self._process.stdout.readline().strip()}"

    def mails(self, since: int = 0) -> list[Mail]:
        lines = self._log.read_text().splitlines()[since:]
        return [Mail(words[0], tuple(words[1:4])) for words in map(str.split, lines)]

    def stop(self) -> None:
        self._process.terminate()
        self._process.communicate()


@dataclass(frozen=True)
class Outcome:
    """All that a run leaves behind and the next one goes on from; keys, instants and nonces left out, which differ each time."""

    evidence: tuple[str, ...]
    git: str
    leftovers: tuple[str, ...]
    ledger: tuple[object, ...]
    mails: tuple[str, ...]

    @property
    def uncommitted(self) -> list[str]:
        return [each for each in self.git.splitlines() if not each.startswith("#")]


class Trial:
    """A notice to a few, tried with faults: what is wrong with each outcome."""

    def __init__(self, pending: Path, folder: Path, taken: Taken, begun: bool = False) -> None:
        self.folder, self.taken = folder, taken
        self.start = folder / "start"
        shutil.copytree(pending, self.start / "repo", symlinks=True)
        with_remote(self.start / "repo")
        git(self.start / "repo", "remote", "set-url", "origin", "../repo.git")
        listing = write_list(folder / "list.csv", EVERYBODY)
        self.words = (
            "notify",
            PENDING,
            *ON,
            "--recipients",
            str(listing),
            "--smtp",
            taken.url,
            "--connections",
            "1",
            "--first-wait",
            "0.01",
            "--patience",
            "1",
        )
        self._seen: set[Outcome] = set()
        self._already: list[Mail] = []
        if begun:
            before, words = len(taken.mails()), self.words
            self.words = (*words, "--limit", "2")
            assert self._run(self.start / "repo").status == 0
            self.words, self._already = words, taken.mails(before)

    def _run(self, root: Path, count: int = 0, kind: str = "EIO") -> Result:
        return faults.run(root, self.words, count, kind, CLOCK, also=faults_mail.install)

    def operations(self) -> list[str]:
        """What a run without a fault does."""
        here = shutil.copytree(self.start, self.folder / "clean", symlinks=True)
        done = self._run(here / "repo")
        assert done.status == 0, done.err
        shutil.rmtree(here)
        return done.operations

    def fails(self, count: int, kind: str) -> Iterator[str]:
        """What is wrong after one fault, and after the run that follows it."""
        here = shutil.copytree(self.start, self.folder / f"{count}-{kind}", symlinks=True)
        root, before = here / "repo", len(self.taken.mails())
        failed = self._run(root, count, kind)
        label = f"{count} {kind} {failed.fault} -> {failed.status}: {failed.err.strip()[-400:]}"
        found = outcome(root, self.taken.mails(before))
        if not kind.startswith("KILL"):
            yield from self._ended(root, failed, found, label)
        if found not in self._seen:
            self._seen.add(found)
            yield from self._next(root, before, label)
        shutil.rmtree(here)

    def _ended(self, root: Path, failed: Result, found: Outcome, label: str) -> Iterator[str]:
        """What is wrong with how a run ended that could still speak."""
        said = failed.err.strip().splitlines()[-1:]
        if failed.status not in (0, 1, 3) or "Traceback" in failed.err:
            yield f"NO SENTENCE {label}"
        elif failed.status and (len(said[0]) < 30 or not said[0].endswith(".")):
            yield f"NO CLEAR SENTENCE {label}"
        if failed.status == 0 and ("email" not in found.evidence or "complete" not in str(found.ledger)):
            yield f"SAID SO BUT DIDN'T {label}"
        if found.mails and any(each in failed.err for each in SAYS_NOTHING_HAPPENED):
            yield f"SAID NOTHING WAS DONE {label}"
        between = "policytrail-unfinished" not in str(found.leftovers) and found.uncommitted
        if between or ".tmp-" in str(
            found.leftovers
        ):  # where git can't even take back, the note says so to the next run
            yield f"BETWEEN {found.leftovers} {between} {label}"

    def _next(self, root: Path, before: int, label: str) -> Iterator[str]:
        """What is wrong after the next run."""
        again = self._run(root)
        label = f"NEXT RUN {again.status} {again.err.strip()[-300:]} | {label}"
        mails = [*self._already, *self.taken.mails(before)]
        told = collections.Counter(each.recipient for each in mails)
        found = outcome(root, mails)
        checked = faults.run(root, ("verify", "--as-of", "2020-03-05"), 0, "EIO", CLOCK)
        wrong = {
            "not complete": again.status != 0,
            "missed": set(told) != set(EVERYBODY),
            "told twice": told.total() > len(EVERYBODY) + 1,
            "another mail": len({(each.recipient, each.identity) for each in mails}) != len(EVERYBODY),
            "evidence": [each for each in found.evidence if each != "progress"] != ["site", "started", "email"],
            "counts": evidence(root, "email")[-1:]
            and evidence(root, "email")[0]["counts"]["accepted"] != len(EVERYBODY),
            "leftovers": found.leftovers,
            "uncommitted": found.uncommitted,
            "not pushed": git(root, "rev-parse", "HEAD") != git(root.with_name("repo.git"), "rev-parse", "HEAD"),
            "verify": checked.status and checked.err,
            "ledger": again.status == 0 and _differs(root),
        }
        if any(wrong.values()):
            yield f"{ {name: what for name, what in wrong.items() if what} } {label}"


def outcome(root: Path, mails: list[Mail]) -> Outcome:
    """What is there now."""
    names = sorted((root / f"versions/{PENDING}/evidence").glob("*.json"))
    scratch = [
        *(".tmp-" for _ in root.rglob(".tmp-*")),
        *(each.name for each in (root / ".git").glob("policytrail-unfinished")),
    ]
    return Outcome(
        tuple(each.stem[5:] for each in names),
        git(root, "status", "--porcelain=v2", "--branch").partition("\n")[2],
        tuple(sorted(scratch)),
        _ledger(root),
        tuple(each.recipient for each in mails),
    )


def _differs(root: Path) -> bool:
    """Whether the ledger's chain of events is broken, or its people aren't those whose root is in git."""
    with open_ledger(None, Workspace(root), "") as ledger, ledger.begin() as connection:
        proven = evidence(root, "email")[0]["tree"]
        made = recorded.tree(connection, 1)
        return recorded.broken_events(connection, 1) is not None or made["root"] != proven["root"]


_ASKED = (
    "SELECT version, state, started IS NULL, completed IS NULL, total FROM notice",
    "SELECT address, state, attempt, drops, doubts, date IS NULL FROM delivery ORDER BY address",
    "SELECT ended IS NULL, head IS NULL FROM run",
    "SELECT conn, address FROM sending LEFT JOIN delivery USING (rkey)",
    'SELECT address, "from", "to" FROM event LEFT JOIN delivery USING (rkey) ORDER BY n',
)


def _ledger(root: Path) -> tuple[object, ...]:
    """What a copy of the ledger holds: reading the ledger itself would finish what SQLite has still to do there."""
    there, copy = root / ".policytrail", root.parent / "copy"
    if not there.exists():
        return ()
    shutil.copytree(there, copy)
    found: list[object] = sorted(
        (each.name, each.stat().st_size) for each in copy.iterdir() if "sqlite" not in each.suffix
    )
    with sqlite3.connect(copy / "ledger.sqlite") as connection:
        if connection.execute("SELECT * FROM sqlite_master").fetchall():
            found += [tuple(connection.execute(asked).fetchall()) for asked in _ASKED]
    shutil.rmtree(copy)
    return tuple(found)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    server = Taken(tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


needs_filter = pytest.mark.skipif(not faults_mail.SUPPORTED, reason="the system's calls are known for Linux only")


@needs_filter
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["KILL-before", ERRORS])
def test_a_failure_at_every_operation_of_a_notice(pending_once: Path, tmp_path: Path, taken: Taken, kind: str) -> None:
    trial = Trial(pending_once, tmp_path, taken)
    operations = trial.operations()
    assert len(operations) > 150
    found = []
    for count, what in enumerate(operations, 1):
        found += trial.fails(count, KINDS[1 + count % 3] if kind == ERRORS else kind)
        if kind == "KILL-before" and what.startswith("git"):
            found += trial.fails(count, "KILL-after")
    assert not found, "\n".join(found)


@needs_filter
@pytest.mark.slow
def test_a_failure_at_some_operations_of_a_run_that_goes_on(pending_once: Path, tmp_path: Path, taken: Taken) -> None:
    trial = Trial(pending_once, tmp_path, taken, begun=True)
    counts = range(1, len(trial.operations()) + 1, EACH)
    found = [each for count in counts for each in trial.fails(count, KINDS[count // EACH % 2])]
    assert not found, "\n".join(found)


@needs_filter
def test_a_kill_in_mid_notice_and_a_full_disk_at_its_fence(pending_once: Path, tmp_path: Path, taken: Taken) -> None:
    trial = Trial(pending_once, tmp_path, taken)
    found = [each for count, kind in SOME for each in trial.fails(count, kind)]
    assert not found, "\n".join(found)
