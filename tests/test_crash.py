"""A failure at every file operation of every command that writes: the tree is as before or as after, and the next run works."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

import faults
from faults import Result
from samples import commit, edit, git, repository

CLOCK = {
    "SOURCE_DATE_EPOCH": "1583020800",
    "GIT_AUTHOR_DATE": "2020-03-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2020-03-01T00:00:00Z",
}
ERRORS = ("ENOSPC", "EIO", "EACCES")


@dataclass(frozen=True)
class State:
    """All that a command may change: the files, the newest commit with the index, the tags."""

    files: tuple[tuple[str, bytes], ...]
    git: str
    tags: str


def state(root: Path) -> State:
    files = [(name, (root / name).read_bytes()) for name in _names(root) if not _scratch(name)]
    return State(
        tuple(files),
        git(root, "status", "--porcelain=v2", "--branch", "--untracked-files=no"),
        git(root, "show-ref", "--tags", "-d"),
    )


def leftovers(root: Path) -> frozenset[str]:
    """What a killed command may leave for the next one: temporary names without their random part, and its note."""
    found = {_scratch(name) for name in _names(root)} | {_scratch(each.name) for each in root.glob("*/.tmp-*")}
    return frozenset(found - {""} | {each.name for each in (root / ".git").glob("policytrail-*")})


def _names(root: Path) -> list[str]:
    every = (each.relative_to(root).as_posix() for each in sorted(root.rglob("*")) if each.is_file())
    return [name for name in every if not name.startswith(".git/")]


def _scratch(name: str) -> str:
    """The kind of a temporary name that the next run sweeps away; empty for others."""
    return next((kind for kind in (".tmp-", ".site-") if any(part.startswith(kind) for part in name.split("/"))), "")


def run(root: Path, *words: str, fault: tuple[int, str] = (0, "EIO")) -> Result:
    return faults.run(root, words, *fault, {**CLOCK, "TMPDIR": str(root.parent)})


def prepared(folder: Path) -> Path:
    """One version in force, a material change committed, a wording that waits for a ruling in reserve."""
    root = repository(folder)
    git(root, "config", "user.name", "Test")
    assert run(root, "release", "--effective", "2020-01-01", "--as-of", "2020-01-01").status == 0
    edit(
        root, "practices/all.yaml", "[user.name, user.contact.email]", "[user.name, user.contact.email, user.job_title]"
    )
    commit(root)
    return root


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared(tmp_path_factory.mktemp("start") / "repo")


@pytest.fixture(scope="module")
def undecided(start: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("undecided") / "repo"
    shutil.copytree(start, root)
    edit(root, "clauses/contact.md", "Write to", "You may write to")
    edit(root, "clauses/sharing/processors.md", "Mail providers", "All mail providers")
    commit(root)
    return root


@pytest.fixture(scope="module")
def pending(start: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pending") / "repo"
    shutil.copytree(start, root)
    assert run(root, *RELEASE).status == 0
    return root


RELEASE = ("release", "--effective", "2020-04-01", "--as-of", "2020-03-01")
BUILD = ("build", "--as-of", "2020-03-02")
WITHDRAW = ("withdraw", "2020-04-01", "--reason", "not now", "--by", "A. Lawyer", "--as-of", "2020-03-02")
DECIDE = ("decide", "--reason", "same", "--by", "A. Lawyer", "--as-of", "2020-03-02")


def _decide(root: Path) -> tuple[str, ...]:
    found = json.loads(run(root, "diff", "2020-01-01", "draft", "--format", "json").out)
    ids = [each["id"] for each in found["changes"] if each["severity"] == "review"]
    assert len(ids) >= 2
    return (*DECIDE, *ids, "editorial")


def operations(root: Path, words: tuple[str, ...], folder: Path) -> tuple[State, State, int]:
    """The states before and after, and how many operations there are between them."""
    before = state(root)
    clean = folder / "clean"
    shutil.copytree(root, clean)
    done = run(clean, *words)
    assert done.status == 0, done.err
    return before, state(clean), done.operations


class Trial:
    """One command, tried with faults: what is wrong with each outcome."""

    def __init__(self, root: Path, words: tuple[str, ...], folder: Path) -> None:
        self.root, self.words, self.folder = root, words, folder
        self.before = state(root)
        clean = folder / "clean"
        shutil.copytree(root, clean)
        done = run(clean, *words)
        assert done.status == 0, done.err
        self.after, self.total = state(clean), done.operations
        self._seen: set[tuple[State, frozenset[str]]] = {(self.before, frozenset()), (self.after, frozenset())}

    def wrong(self, count: int, kind: str) -> list[str]:
        """Every violation: a tree that is neither, a traceback, a next run that doesn't heal, one that doesn't work."""
        here = self.folder / f"{count}-{kind}"
        shutil.copytree(self.root, here)
        failed = run(here, *self.words, fault=(count, kind))
        label = f"{self.words[0]} {count} {kind} {failed.fault}: {failed.err.strip()[-300:]}"
        found, now = [], state(here)
        if "Traceback" in failed.err:
            found.append(f"TRACEBACK {label}")
        if failed.status == 0 and now != self.after:
            found.append(f"SAID SO BUT DIDN'T {label}")
        if kind in ("EIO", "EACCES") and now not in (self.before, self.after):
            found.append(f"BETWEEN {label} | {self._difference(now)}")
        outcome = (now, leftovers(here))
        if outcome not in self._seen:  # the next run can't tell it from an outcome that was tried
            self._seen.add(outcome)
            found += self._next(here, label)
        shutil.rmtree(here)
        return found

    def _next(self, here: Path, label: str) -> list[str]:
        found = []
        healed = run(here, "status", "--as-of", "2020-03-02")
        now = state(here)
        if now not in (self.before, self.after):
            found.append(f"NOT HEALED {label} | {healed.err.strip()[-200:]} | {self._difference(now)}")
        again = run(here, *self.words)
        if (now != self.after and again.status != 0) or state(here) != self.after:
            found.append(f"NEXT RUN {label} | {again.err.strip()[-300:]} | {self._difference(state(here))}")
        if left := leftovers(here):
            found.append(f"LEFTOVERS {sorted(left)} {label}")
        return found

    def _difference(self, now: State) -> str:
        return f"{sorted({name for name, _ in set(now.files) ^ set(self.after.files)})[:4]} {now.git!r}"


CASES = ["release", "build", "decide", "withdraw"]


def _case(name: str, start: Path, undecided: Path, pending: Path) -> tuple[Path, tuple[str, ...]]:
    if name == "release":
        return start, RELEASE
    if name == "build":
        return pending, BUILD
    return (undecided, _decide(undecided)) if name == "decide" else (pending, WITHDRAW)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*ERRORS, "KILL-after"])
@pytest.mark.parametrize("name", CASES)
def test_a_failure_at_every_operation(
    name: str, kind: str, start: Path, undecided: Path, pending: Path, tmp_path: Path
) -> None:
    """Killed after each operation is killed before the next one."""
    trial = Trial(*_case(name, start, undecided, pending), tmp_path)
    assert [each for count in range(1, trial.total + 1) for each in trial.wrong(count, kind)] == []


@pytest.mark.parametrize("name", CASES)
def test_a_failure_at_some_operations(name: str, start: Path, undecided: Path, pending: Path, tmp_path: Path) -> None:
    trial = Trial(*_case(name, start, undecided, pending), tmp_path)
    places = {place: max(1, trial.total - place * max(1, trial.total // 3)) for place in range(3)}
    kinds = ("KILL-after", "ENOSPC", "EIO")
    assert [each for place, count in places.items() for each in trial.wrong(count, kinds[place])] == []
