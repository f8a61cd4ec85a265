"""Where repositories are found: tarballs, clones of every kind, other systems' line ends, locales, clocks; two commands at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from releases import EDITORIAL, MATERIAL, change, pending, tree
from samples import commit, edit, git

from conftest import Cli
from policytrail.archive.recovery import writing
from policytrail.storage.file_lock import locked
from policytrail.workspace import Workspace


def started(root: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    """The command line as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "policytrail", *words],
        cwd=root,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def works(cli: Cli, day: str = "2020-03-31") -> None:
    """Everything that only reads."""
    for words in (
        ["check"],
        ["diff", "2020-01-01", "2020-04-01"],
        ["status", "--as-of", day],
        ["at", day],
        ["verify", "--as-of", day],
        ["build", "--as-of", day],
    ):
        result = cli(*words)
        assert result.exit_code == 0, (words, result.output, result.exception)


def test_a_tarball_without_git(released: Path, cli: Cli, tmp_path: Path) -> None:
    pending(released, cli)
    git(released, "archive", "--output", str(tmp_path / "x.tar"), "HEAD")
    shutil.unpack_archive(tmp_path / "x.tar", tmp_path / "x", filter="data")
    here = Cli(tmp_path / "x")
    works(here)
    assert "no git repository" in here("verify", "--as-of", "2020-03-31").stderr
    edit(tmp_path / "x", *EDITORIAL)
    before = tree(tmp_path / "x")
    refused = here("release", "--effective", "2020-05-01", "--as-of", "2020-05-01")
    assert (refused.exit_code, "git init" in refused.stderr) == (1, True)
    assert tree(tmp_path / "x") == before


def test_a_shallow_clone(released: Path, cli: Cli, tmp_path: Path) -> None:
    pending(released, cli)
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{released}", "shallow")
    here = Cli(tmp_path / "shallow")
    works(here)
    assert "fetch-depth: 0" in here("verify", "--as-of", "2020-03-31").stderr


def test_a_detached_head(released: Path, cli: Cli) -> None:
    pending(released, cli)
    git(released, "checkout", "--quiet", "--detach")
    works(cli)


def test_line_ends_of_another_system(released: Path, cli: Cli, tmp_path: Path) -> None:
    pending(released, cli)
    (released / ".gitattributes").write_text("versions/** -text\n")
    commit(released)
    git(tmp_path, "clone", "--quiet", "-c", "core.autocrlf=true", str(released), "crlf")
    assert b"\r\n" in (tmp_path / "crlf/policy/policy.yaml").read_bytes()
    here = Cli(tmp_path / "crlf")
    works(here)
    assert json.loads(here("diff", "2020-04-01", "draft", "--format", "json").stdout)["changes"] == []
    edit(tmp_path / "crlf", *EDITORIAL)
    git(tmp_path / "crlf", "-c", "core.autocrlf=true", "commit", "--quiet", "-am", "edit")
    result = here("release", "--effective", "2020-05-01", "--as-of", "2020-05-01")
    assert result.exit_code == 0, result.output


def test_a_worktree_of_git(released: Path, cli: Cli, tmp_path: Path) -> None:
    git(released, "worktree", "add", "--quiet", "-b", "other", str(tmp_path / "tree"))
    change(tmp_path / "tree", EDITORIAL)
    assert Cli(tmp_path / "tree")("release", "--effective", "2020-03-01", "--as-of", "2020-03-01").exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C", "PYTHONUTF8": "0"}, {"LC_ALL": "POSIX", "LANG": ""}, {"LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"}],
)
def test_other_locales(released: Path, cli: Cli, environment: dict[str, str]) -> None:
    edit(released, "policy.yaml", "name: Example Post", "name: Beispiel-Post Köln İstanbul")
    for words in (
        ["check"],
        ["diff", "2020-01-01", "draft", "--format", "json"],
        ["build", "--as-of", "2020-02-01"],
        ["verify"],
        ["at", "2020-02-01"],
    ):
        status, _, err = ended(started(released, *words, **environment))
        assert status in (0, 3), (words, err)
        assert "Traceback" not in err
    ascii_only = ended(started(released, "build", "--as-of", "2020-02-01", "--out", "ascii", **environment))
    assert ascii_only[0] == 0
    assert tree(released / "ascii") == tree(released / "site")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Apia", "America/Los_Angeles", "UTC"])
def test_the_machines_time_zone_changes_nothing(
    released: Path, cli: Cli, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 2020-02-01 07:30 UTC is still the day before in the policy's own zone, Los Angeles.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1580542200")
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        found = json.loads(cli("status", "--format", "json").stdout)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found["as_of"] == "2020-01-31"


def test_what_cannot_be_written_is_said(released: Path, cli: Cli) -> None:
    (released / "site").write_text("a file")
    result = cli("build", "--as-of", "2020-02-01")
    assert (result.exit_code, "isn't a folder" in result.stderr) == (1, True)
    assert (released / "site").read_text() == "a file"
    gone = cli("build", "--as-of", "2020-02-01", "--out", "/proc/nowhere/site")
    assert gone.exit_code == 1
    assert len(gone.stderr.splitlines()) == 1


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs root, to become somebody else")
def test_a_folder_that_is_only_read(released: Path, cli: Cli, tmp_path: Path) -> None:
    pending(released, cli)
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-m", "policytrail"]
    for folder in (tmp_path, *list(tmp_path.parents)[:-2]):
        folder.chmod(folder.stat().st_mode | 0o055)
    environment = {
        **os.environ,
        "HOME": "/nonexistent",
        "PYTHONDONTWRITEBYTECODE": "1",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
    }
    for words, status in (
        (["check"], 0),
        (["status", "--as-of", "2020-03-31"], 0),
        (["verify", "--as-of", "2020-03-31"], 0),
        (["build", "--as-of", "2020-03-31"], 1),
    ):
        done = subprocess.run([*nobody, *words], cwd=released, env=environment, capture_output=True, text=True)
        assert done.returncode == status, (words, done.stderr)
        assert "Traceback" not in done.stderr
    assert "Permission denied" in done.stderr


def test_names_that_only_differ_by_case_cannot_exist(released: Path, cli: Cli) -> None:
    """On a case-insensitive file system two such files are one; here neither sources nor versions can have them."""
    (released / "versions/2020-01-01/Policy.md").write_text("x")
    assert "versions/2020-01-01/Policy.md" in cli("verify").stderr


# Two commands at once.
BUSY = "Another policytrail command is at work on %s. Run again when it has ended."


def test_a_second_writer_says_that_there_is_a_first(released: Path, cli: Cli) -> None:
    change(released, MATERIAL)
    before = tree(released)
    release = ["release", "--effective", "2020-04-01", "--as-of", "2020-03-01"]
    decide = ["decide", "c00000000", "review", "--reason", "x", "--by", "y"]
    withdraw = ["withdraw", "2020-01-01", "--reason", "x", "--by", "y"]
    reschedule = ["reschedule", "2020-01-01", "--effective", "2020-05-01", "--reason", "x", "--by", "y"]
    attest = ["attest", "2020-01-01", "post", "--note", "x", "--by", "y"]
    with writing(Workspace(released)):
        for words in (release, decide, withdraw, reschedule, attest, ["observe"], ["build", "--as-of", "2020-02-01"]):
            result = cli(*words)
            assert (result.exit_code, result.stderr) == (1, f"{BUSY % 'this repository'}\n"), words
        assert cli("status", "--as-of", "2020-03-01").exit_code == 0
    assert tree(released) == before
    assert cli(*release).exit_code == 0


def test_builds_share_the_sources_but_not_the_site(released: Path, cli: Cli) -> None:
    assert cli("build", "--as-of", "2020-02-01").exit_code == 0
    before = tree(released)
    with locked(released / "site", "site"):
        busy = cli("build", "--as-of", "2020-02-01")
        assert (busy.exit_code, busy.stderr) == (1, f"{BUSY % (released / 'site')}\n")
        assert tree(released) == before
        assert cli("build", "--as-of", "2020-02-01", "--out", "elsewhere").exit_code == 0
    with locked(released / "policy", "x", shared=True):
        assert cli("build", "--as-of", "2020-02-01").exit_code == 0
        assert cli("release", "--effective", "2020-05-01").exit_code == 1


@pytest.mark.slow
def test_two_releases_race_and_one_wins(released: Path, cli: Cli) -> None:
    change(released, MATERIAL)
    head = git(released, "rev-parse", "HEAD").strip()
    race = [
        started(released, "release", "--effective", day, "--as-of", "2020-03-01")
        for day in ("2020-04-01", "2020-04-01", "2020-04-01")
    ]
    results = [ended(each) for each in race]
    assert sorted(status for status, _, _ in results) == [0, 1, 1], results
    assert all("Traceback" not in err for _, _, err in results)
    assert git(released, "rev-parse", "HEAD~1").strip() == head
    assert git(released, "status", "--porcelain") == ""
    assert git(released, "tag").split() == ["2020-01-01", "2020-04-01"]
    assert cli("verify", "--as-of", "2020-04-01").exit_code == 0


@pytest.mark.slow
@pytest.mark.pdf
def test_two_builds_race_and_the_site_is_whole(released: Path, cli: Cli) -> None:
    pending(released, cli)
    assert cli("build", "--as-of", "2020-03-15", "--out", "alone").exit_code == 0
    race = [started(released, "build", "--as-of", "2020-03-15") for _ in range(3)]
    results = [ended(each) for each in race]
    assert 0 in [status for status, _, _ in results]
    assert all(status == 0 or "at work on" in err for status, _, err in results), results
    assert tree(released / "site") == tree(released / "alone")
    assert [each.name for each in released.glob(".site-*")] == []


# A repository from a stranger.
def hostile(root: Path, mark: Path) -> None:
    """Hooks and configured programs, each of which would leave a mark."""
    script = f"#!/bin/sh\ntouch '{mark}'\n"
    for hook in (
        "pre-commit",
        "post-checkout",
        "post-index-change",
        "reference-transaction",
        "prepare-commit-msg",
        "commit-msg",
        "post-commit",
    ):
        path = root / ".git/hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(script)
        path.chmod(0o755)
    program = root / ".git/program"
    program.write_text(script)
    program.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.editor",
        "diff.external",
        "core.gitProxy",
        "credential.helper",
    ):
        git(root, "config", key, str(program))
    git(root, "config", "filter.evil.clean", str(program))
    git(root, "config", "diff.evil.textconv", str(program))
    git(root, "config", "diff.evil.command", str(program))
    (root / ".git/info").mkdir(exist_ok=True)
    (root / ".git/info/attributes").write_text("* diff=evil\n")


def test_reading_a_strangers_repository_runs_nothing_of_theirs(released: Path, cli: Cli, tmp_path: Path) -> None:
    pending(released, cli)
    mark = tmp_path / "mark"
    hostile(released, mark)
    mark.unlink(missing_ok=True)
    works(cli)
    assert not mark.exists()


def test_a_release_runs_no_hook(released: Path, cli: Cli, tmp_path: Path) -> None:
    change(released, EDITORIAL)
    mark = tmp_path / "mark"
    hostile(released, mark)
    mark.unlink(missing_ok=True)
    assert cli("release", "--effective", "2020-05-01", "--as-of", "2020-05-01").exit_code == 0
    assert not mark.exists()


@pytest.mark.parametrize("trick", ["--assume-unchanged", "--skip-worktree"])
def test_what_git_was_told_to_overlook_is_dirty(released: Path, cli: Cli, trick: str) -> None:
    git(released, "update-index", trick, "policy/clauses/sharing/promise.md")
    edit(released, *EDITORIAL)
    assert git(released, "status", "--porcelain") == ""
    result = cli("release", "--effective", "2020-05-01", "--as-of", "2020-05-01")
    assert (result.exit_code, "policy/clauses/sharing/promise.md" in result.stderr) == (1, True)


def test_an_excluded_file_is_dirty(released: Path, cli: Cli) -> None:
    (released / ".git/info").mkdir(exist_ok=True)
    (released / ".git/info/exclude").write_text("extra.yaml\n")
    (released / "policy/practices/extra.yaml").write_text("[]\n")
    change(released, EDITORIAL)
    result = cli("release", "--effective", "2020-05-01", "--as-of", "2020-05-01")
    assert (result.exit_code, "policy/practices/extra.yaml" in result.stderr) == (1, True)


def test_replace_refs_and_grafts_are_named(released: Path, cli: Cli) -> None:
    pending(released, cli)
    head, before = git(released, "rev-parse", "HEAD").strip(), git(released, "rev-parse", "HEAD~1").strip()
    git(released, "replace", head, before)
    result = cli("verify", "--as-of", "2020-03-31")
    assert (result.exit_code, "eplace" in result.stderr) == (1, True)
    git(released, "replace", "-d", head)
    assert cli("verify", "--as-of", "2020-03-31").exit_code == 0
    (released / ".git/info/grafts").write_text(f"{head}\n")
    assert cli("verify", "--as-of", "2020-03-31").exit_code == 1


@pytest.mark.parametrize(
    "name", ["--upload-pack=touch x", "-x", "../../x", "2020-04-01;touch x", "2020-04-01\nx", "$(touch x)"]
)
def test_no_name_becomes_an_option_of_git(released: Path, cli: Cli, name: str) -> None:
    before = tree(released)
    for words in (
        ["diff", "--", name, "draft"],
        ["withdraw", "--reason", "x", "--by", "y", "--", name],
        ["release", f"--effective={name}"],
        ["at", "--", name],
    ):
        assert cli(*words).exit_code == 2, words
    assert tree(released) == before


def test_a_lock_that_git_left_is_named(released: Path, cli: Cli) -> None:
    change(released, EDITORIAL)
    (released / ".git/index.lock").touch()
    before = tree(released)
    result = cli("release", "--effective", "2020-05-01", "--as-of", "2020-05-01")
    assert (result.exit_code, "index.lock" in result.stderr) == (1, True), result.output
    (released / ".git/index.lock").unlink()
    assert cli("status", "--as-of", "2020-05-01").exit_code == 0
    assert tree(released) == before
    assert cli("release", "--effective", "2020-05-01", "--as-of", "2020-05-01").exit_code == 0
