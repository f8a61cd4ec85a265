"""What a stranger finds who holds the installed command against its own words."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from notices import ON, PENDING, people, write_list
from sinks import Server

from conftest import Cli


def test_a_sample_and_a_list_for_the_post_are_one_json_document_each(root: Path, sink: Server) -> None:
    cli, send = Cli(root), ("notify", PENDING, *ON, "--format", "json", "--smtp", sink.url)
    sample = json.loads(cli(*send, "--test-to", "me@example.org").stdout)
    assert (sample["version"], sample["server"]) == (PENDING, sink.url.removeprefix("smtp://"))
    assert sample["answer"].startswith("250")
    listed = write_list(root.with_name("people.csv"), people(2))
    assert cli(*send, "--recipients", str(listed)).exit_code == 0
    post = root.with_name("post.csv")
    assert json.loads(cli(*send, "--export-post", str(post)).stdout) == {
        "version": PENDING,
        "by_post": 0,
        "file": str(post),
    }


def test_a_mistake_in_a_template_is_said_once_with_its_place_in_the_repository(released: Path) -> None:
    """As a process: what MkDocs logs goes to the real standard error."""
    (released / "templates").mkdir()
    (released / "templates/404.html").write_text("{{ oops }}")
    build = [sys.executable, "-m", "policytrail", "build", "--as-of", "2020-02-01"]
    result = subprocess.run(build, cwd=released, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("templates/404.html:1: 'oops' is undefined.")
    assert len(result.stderr.splitlines()) == 1


def test_a_checkout_in_the_sites_folder_is_never_built_over(released: Path) -> None:
    """People publish from a checkout of another branch in site/: a build would take its history away."""
    cli = Cli(released)
    assert cli("build", "--as-of", "2020-02-01").exit_code == 0
    (released / "site/.git").write_text("gitdir: elsewhere\n")
    result = cli("build", "--as-of", "2020-02-02")
    assert result.exit_code == 1
    assert "holds files that no build made (.git)" in result.stderr
    assert (released / "site/.git").exists()


def test_without_git_nobody_is_told_to_clone(released: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    result = Cli(released)("verify", "--as-of", "2020-02-01")
    assert result.exit_code == 1
    assert "git isn't installed here" in result.stderr and "Clone it" not in result.stderr
