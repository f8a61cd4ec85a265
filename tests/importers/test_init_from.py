"""A company's own policy in one command: a whole repository, releasable at once, with its past where git holds one."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from samples import git
from word_xml import paragraph, word_file

from conftest import Cli
from policytrail.cli.draft import init
from policytrail.errors import UsageError
from policytrail.sources.load import load_draft
from policytrail.starters.answers import check_one

TEXT = """\
# Acme privacy policy

Acme Widgets Inc. runs this site.

## What we collect

When you register we collect your name and email address.

## Changes

If we make material changes to this policy, we will notify you by email 20 days before they take effect.

## Contact

Write to Acme Widgets Inc., 1 Main Street, Springfield, IL 62701, or privacy@acme.example.
"""
SITE = ("--url", "https://privacy.acme.example/")


def made(folder: Path, place: str, *options: str) -> Cli:
    result = Cli(folder)("init", "repo", "--from", place, *SITE, "--yes", *options)
    assert result.exit_code == 0, result.output
    return Cli(folder / "repo")


def test_a_text_becomes_a_repository_that_can_be_released_without_an_edit(tmp_path: Path) -> None:
    (tmp_path / "acme.md").write_text(TEXT)
    cli = made(tmp_path, "acme.md")
    assert cli("check").exit_code == 0
    result = cli("release", "--effective", "2026-03-01", "--as-of", "2026-03-01")
    assert result.exit_code == 0, result.output
    assert cli("build", "--as-of", "2026-03-01").exit_code == 0
    assert "When you register" in (cli.folder / "site/index.html").read_text()
    assert git(cli.folder, "status", "--porcelain") == ""


def test_what_the_text_tells_is_taken_and_said(tmp_path: Path) -> None:
    (tmp_path / "acme.md").write_text(TEXT)
    cli = made(tmp_path, "acme.md")
    policy = load_draft(cli.folder / "policy").policy
    whose = policy.organization
    assert (whose.name, whose.legal_name, whose.email) == ("Acme", "Acme Widgets Inc.", "privacy@acme.example")
    assert (whose.address, policy.time_zone) == (("1 Main Street, Springfield, IL 62701",), "America/Chicago")
    assert policy.proposed == ()


def test_the_promise_of_the_text_holds_from_the_first_day(tmp_path: Path) -> None:
    (tmp_path / "acme.md").write_text(TEXT)
    cli = made(tmp_path, "acme.md")
    cli("release", "--effective", "2026-03-01", "--as-of", "2026-03-01")
    promise = load_draft(cli.folder / "policy").promise()
    assert promise is not None and promise.period_days == 20


def test_where_the_text_promises_nothing_thirty_days_hold(tmp_path: Path) -> None:
    (tmp_path / "acme.md").write_text(re.sub(r"If we make.*", "This is our policy.", TEXT))
    cli = made(tmp_path, "acme.md")
    assert load_draft(cli.folder / "policy").promise() is None
    cli("release", "--effective", "2026-03-01", "--as-of", "2026-03-01")
    clause = cli.folder / "policy/clauses/what-we-collect.md"
    clause.write_text(clause.read_text() + "\nWe sell your name to data brokers.\n")
    git(cli.folder, "commit", "-qam", "sell")
    shown = cli("diff", "2026-03-01", "draft", "--format", "json").stdout
    for identity in [entry["id"] for entry in yaml.safe_load(shown)["changes"]]:
        cli("decide", identity, "material", "--reason", "a sale", "--by", "A. Lawyer")
    git(cli.folder, "add", "--all")
    git(cli.folder, "commit", "-qm", "ruled")
    early = cli("release", "--effective", "2026-03-20", "--as-of", "2026-03-02")
    assert early.exit_code == 3, early.output
    assert "2026-04-01" in early.stderr


def test_a_word_file_with_open_changes_asks_what_to_do(tmp_path: Path) -> None:
    tracked = '<w:ins w:id="1" w:author="Jo"><w:r><w:t>never </w:t></w:r></w:ins>'
    (tmp_path / "acme.docx").write_bytes(word_file(paragraph("We ", tracked, "sell your data. Acme Widgets Inc.")))
    whole = (
        *SITE,
        "--email",
        "a@acme.example",
        "--address",
        "1 Main Street",
        "--time-zone",
        "UTC",
        "--name",
        "Acme",
        "--yes",
    )
    refused = Cli(tmp_path)("init", "repo", "--from", "acme.docx", *whole)
    assert (refused.exit_code, "--tracked-changes accept" in refused.stderr) == (1, True)
    assert not (tmp_path / "repo").exists()
    assert Cli(tmp_path)("init", "repo", "--from", "acme.docx", "--tracked-changes", "reject", *whole).exit_code == 0
    (clause,) = load_draft(tmp_path / "repo/policy").clauses.values()
    assert clause.text.startswith("We sell your data.")


def test_what_nobody_tells_is_asked_for_by_its_option(tmp_path: Path) -> None:
    (tmp_path / "acme.md").write_text("# Privacy policy\n\nWe keep your name.\n")
    result = Cli(tmp_path)("init", "repo", "--from", "acme.md", "--yes")
    assert result.exit_code == 2
    assert "--name, --email, --address, --time-zone, --url are missing" in result.stderr.replace("\n", " ")
    assert not (tmp_path / "repo").exists()


def test_a_past_in_git_becomes_versions(tmp_path: Path) -> None:
    past = tmp_path / "site"
    past.mkdir()
    git(past, "init", "-q", "-b", "main")
    for day, text in (
        ("2024-01-01", TEXT),
        ("2025-02-01", TEXT.replace("your name and", "your name, phone number and")),
    ):
        (past / "privacy.md").write_text(text)
        git(past, "add", "--all")
        environment = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
        subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", day],
            cwd=past,
            check=True,
            env={"PATH": "/usr/bin:/bin", **environment},
        )
    cli = made(tmp_path, f"{past}:privacy.md")
    assert sorted(path.name for path in (cli.folder / "versions").iterdir()) == ["2024-01-01", "2025-02-01"]
    assert (cli("check").exit_code, cli("build").exit_code, git(cli.folder, "status", "--porcelain")) == (0, 0, "")


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("time_zone", "Mars/Base", "Europe/Berlin"),
        ("email", "nobody", "a@b.example"),
        ("url", "acme", "https://a.example/"),
    ],
)
def test_each_answer_is_checked_when_it_is_given(
    name: str, wrong: str, right: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError):
        check_one(name, wrong)
    said = iter([wrong, right])
    monkeypatch.setattr(init.click, "prompt", lambda *_, **__: next(said))
    assert init._ask(name, "?", None) == right
    assert wrong in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "what"),
    [("p.doc", "old format"), ("p.pdf", "PDF"), ("p.pages", "Pages"), ("p.png", "scan"), ("folder.md", "folder")],
)
def test_other_files_say_what_they_are_and_what_to_give(tmp_path: Path, name: str, what: str) -> None:
    if name.startswith("folder"):
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_bytes(b"%PDF-1.7")
    result = Cli(tmp_path)("init", "repo", "--from", name, *SITE, "--yes")
    assert (result.exit_code, what in result.stderr) == (1, True), result.output
