"""A failure at every file operation of every command that writes: the tree is as before or as after, and the next run works."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
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
KILLS = ("KILL-before", "KILL-after")


@dataclass(frozen=True)
class State:
    """All that a command may change: the files, the newest commit, the index, the tags."""

    files: dict[str, bytes]
    head: str
    staged: str
    tags: str


def state(root: Path) -> State:
    files = {each.relative_to(root).as_posix(): each.read_bytes() for each in sorted(root.rglob("*"))
             if each.is_file() and ".git/" not in each.as_posix() and not _scratch(each.relative_to(root))}  # fmt: skip
    return State(
        files,
        git(root, "rev-parse", "HEAD"),
        git(root, "diff", "--cached", "--name-status"),
        git(root, "show-ref", "--tags", "-d"),
    )


def _scratch(path: Path) -> bool:
    """Temporary names, which the next run sweeps away."""
    return any(part.startswith((".tmp-", ".site-")) for part in path.parts)


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


def broken(
    root: Path,
    words: tuple[str, ...],
    folder: Path,
    counts: Iterator[int],
    kinds: tuple[str, ...],
    before: State,
    after: State,
) -> list[str]:
    """Every violation: a tree that is neither, a traceback, or a next run that doesn't work."""
    found = []
    for count in counts:
        for kind in kinds:
            here = folder / f"{count}-{kind}"
            shutil.copytree(root, here)
            failed = run(here, *words, fault=(count, kind))
            label = f"{words[0]} {count} {kind} {failed.fault}: {failed.err.strip()[-300:]}"
            if "Traceback" in failed.err:
                found.append(f"TRACEBACK {label}")
            if failed.status == 0 and state(here) != after:
                found.append(f"SAID SO BUT DIDN'T {label}")
            if not kind.startswith("KILL") and kind != "ENOSPC" and state(here) not in (before, after):
                found.append(f"BETWEEN {label}")
            again = run(here, "status", "--as-of", "2020-03-02")
            if state(here) not in (before, after):
                found.append(f"NOT HEALED {label} | {again.err.strip()[-200:]} | {_difference(state(here), before)}")
            done = state(here) == after
            again = run(here, *words)
            if (not done and again.status != 0) or state(here) != after:
                found.append(f"NEXT RUN {label} | {again.err.strip()[-300:]} | {_difference(state(here), after)}")
            if list(here.glob("*/.tmp-*")) + list(here.glob(".site-*")) and words[0] != "build" and not done:
                found.append(f"LEFTOVERS {label}")
            shutil.rmtree(here)
    return found


def _difference(one: State, other: State) -> str:
    files = [name for name in one.files.keys() | other.files.keys() if one.files.get(name) != other.files.get(name)]
    return f"{sorted(files)[:4]} {one.head == other.head} {one.staged!r} {one.tags == other.tags}"


CASES = ["release", "build", "decide", "withdraw"]


def _case(name: str, start: Path, undecided: Path, pending: Path) -> tuple[Path, tuple[str, ...]]:
    if name == "release":
        return start, RELEASE
    if name == "build":
        return pending, BUILD
    return (undecided, _decide(undecided)) if name == "decide" else (pending, WITHDRAW)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*ERRORS, *KILLS])
@pytest.mark.parametrize("name", CASES)
def test_a_failure_at_every_operation(
    name: str, kind: str, start: Path, undecided: Path, pending: Path, tmp_path: Path
) -> None:
    root, words = _case(name, start, undecided, pending)
    before, after, total = operations(root, words, tmp_path)
    assert broken(root, words, tmp_path, iter(range(1, total + 1)), (kind,), before, after) == []


@pytest.mark.parametrize("name", CASES)
def test_a_failure_at_some_operations(name: str, start: Path, undecided: Path, pending: Path, tmp_path: Path) -> None:
    root, words = _case(name, start, undecided, pending)
    before, after, total = operations(root, words, tmp_path)
    found = []
    for place, kind in enumerate(("KILL-after", "ENOSPC", "EIO")):
        found += broken(
            root, words, tmp_path, iter([max(1, total - place * max(1, total // 3))]), (kind,), before, after
        )
    assert found == []
