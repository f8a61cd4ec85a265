"""Before the first version is in force: the site shows the draft as a draft, or says from when the first text holds."""

from __future__ import annotations

from pathlib import Path

from conftest import Cli


def page(root: Path, name: str) -> str:
    return (root / "site" / name).read_text()


def test_a_build_before_any_release_shows_the_draft_marked_as_one(repo: Path, cli: Cli) -> None:
    result = cli("build", "--as-of", "2020-01-01")
    assert result.exit_code == 0, result.output
    assert "No version of this policy is in force yet" in page(repo, "index.html")
    assert "This is a draft. It isn't announced, and it isn't in force." in page(repo, "draft/index.html")
    assert not (repo / "site/policy.md").exists()


def test_a_first_version_may_take_effect_later_and_the_site_says_from_when(repo: Path, cli: Cli) -> None:
    result = cli("release", "--effective", "2020-03-01", "--as-of", "2020-01-10")
    assert result.exit_code == 0, result.output
    assert cli("build", "--as-of", "2020-02-29").exit_code == 0
    assert "due to take effect on 1 March 2020" in page(repo, "index.html")
    assert not (repo / "site/policy.md").exists() and (repo / "site/versions/2020-03-01/index.html").exists()
    assert cli("build", "--as-of", "2020-03-01").exit_code == 0
    assert (repo / "site/policy.md").exists()
    assert cli("verify", "--as-of", "2020-03-01").exit_code == 0


def test_a_day_before_anything_was_announced_is_refused(repo: Path, cli: Cli) -> None:
    cli("release", "--effective", "2020-03-01", "--as-of", "2020-01-10")
    result = cli("build", "--as-of", "2020-01-09")
    assert (result.exit_code, "the first one takes effect on 2020-03-01" in result.stderr) == (1, True), result.output
