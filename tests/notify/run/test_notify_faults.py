"""The records of a notice and a remote that refuses them or has moved on. What fails at each operation: test_notify_crash.py."""

from __future__ import annotations

import shutil
from pathlib import Path

from notices import ON, PENDING, evidence, people, with_remote, write_list
from samples import git
from sinks import Server, Sink

from conftest import Cli


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
