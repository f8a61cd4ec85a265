"""Something fails at the n-th time, for each n: the tree is as before or as after, and the next run heals it."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import Cli
from notices import ON, PENDING, evidence, people, with_remote, write_list
from policytrail.errors import RepositoryError
from policytrail.versions.git import Repository
from samples import git
from sinks import Server, Sink


def failing_at(number: int, real: Callable[..., Any], error: Callable[[], Exception]) -> Callable[..., Any]:
    """A function that does what the real one does, but the n-th time it fails before doing it."""
    calls = 0

    def wrapped(*words: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number:
            raise error()
        return real(*words, **named)

    return wrapped


def no_space() -> Exception:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "versions/x")


def broken() -> Exception:
    return RepositoryError("git commit failed: unable to write new index file")


FAULTS: list[tuple[object, str, Callable[[], Exception], int]] = [
    (os, "fsync", no_space, 4),
    (os, "replace", no_space, 2),
    (Repository, "commit", broken, 2),
    (Repository, "upstream", broken, 2),
]


def _cases() -> list[Any]:
    """Every fault at every number; those of the first record are quick enough for each run, the others are slow together."""
    found = [(owner, name, error, number) for owner, name, error, most in FAULTS for number in range(1, most + 1)]
    return [pytest.param(*each, id=f"{each[1]}-{each[3]}", marks=[] if n in (1, 6) else [pytest.mark.slow])
            for n, each in enumerate(found)]  # fmt: skip


@pytest.mark.parametrize(("owner", "name", "error", "number"), _cases())
def test_a_fault_changes_nothing_or_everything(
    pending_once: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    error: Callable[[], Exception],
    number: int,
) -> None:
    root = tmp_path / "repo"
    shutil.copytree(pending_once, root)
    with_remote(root)
    listing = write_list(tmp_path / "list.csv", people(3))
    with Server(Sink()) as sink:
        words = ("notify", PENDING, *ON, "--recipients", str(listing), "--smtp", sink.url)
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, failing_at(number, getattr(owner, name), error))
            failed = Cli(root)(*words)
        assert isinstance(failed.exception, SystemExit), failed.exception
        assert failed.exit_code in (1, 3)
        assert len(failed.stderr.strip().splitlines()[-1]) > 20
        assert git(root, "status", "--porcelain") == ""
        assert Cli(root)("verify", "--as-of", "2020-03-05").exit_code == 0
        healed = Cli(root)(*words)
        assert healed.exit_code == 0, healed.output
        assert sorted(each.recipient for each in sink.sink.mails) == people(3)
    assert [len(evidence(root, kind)) for kind in ("started", "email")] == [1, 1]
    assert git(root, "rev-parse", "HEAD") == git(root, "rev-parse", "@{upstream}")


def test_a_push_that_fails_at_the_end_leaves_the_version_announcing_and_a_later_run_proves_it(
    pending_once: Path, tmp_path: Path
) -> None:
    root = tmp_path / "repo"
    shutil.copytree(pending_once, root)
    remote = with_remote(root)
    listing = write_list(tmp_path / "list.csv", people(3))

    class Breaking(Sink):
        def record(self, recipient: str, raw: bytes) -> None:
            super().record(recipient, raw)
            hook = remote / "hooks/pre-receive"
            hook.write_text("#!/bin/sh\nexit 1\n")
            hook.chmod(0o755)

    with Server(Breaking()) as sink:
        words = ("notify", PENDING, *ON, "--smtp", sink.url)
        failed = Cli(root)(*words, "--recipients", str(listing))
        assert (failed.exit_code, "couldn't be pushed" in failed.stderr) == (3, True), failed.output
        assert evidence(root, "email") == []
        assert git(root, "status", "--porcelain") == ""
        (remote / "hooks/pre-receive").unlink()
        assert Cli(root)(*words, "--resume").exit_code == 0
        assert len(sink.sink.mails) == 3
    assert len(evidence(root, "email")) == 1


def test_a_branch_that_moved_on_is_caught_up_with(pending_once: Path, tmp_path: Path) -> None:
    root = tmp_path / "repo"
    shutil.copytree(pending_once, root)
    remote = with_remote(root)
    git(tmp_path, "clone", "--quiet", str(remote), "other")
    git(tmp_path / "other", "commit", "--quiet", "--allow-empty", "-m", "somebody else's work")
    git(tmp_path / "other", "push", "--quiet")
    listing = write_list(tmp_path / "list.csv", people(2))
    with Server(Sink()) as sink:
        result = Cli(root)("notify", PENDING, *ON, "--smtp", sink.url, "--recipients", str(listing))
    assert (result.exit_code, len(sink.sink.mails)) == (0, 2), result.output
    assert "somebody else's work" in git(root, "log", "--format=%s")
