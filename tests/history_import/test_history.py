"""The past of a policy that lived in git: a real repository with many commits, renames, merges, noise, and traps."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from samples import git

from conftest import Cli
from policytrail.errors import RepositoryError
from policytrail.git.repository import Repository
from policytrail.history_import.report import Past, Revision, past, to_json, to_markdown, unannounced
from policytrail.text.effective_date import effective_date

FIRST = date(2015, 1, 1)
SENTENCES = [
    f"Passage {n}: we handle the {word} of our customers with care, as told here."
    for n, word in enumerate("orders invoices parcels letters calls forms surveys events visits reports".split())
]


def policy(effective: str, extra: str = "", days: int = 30) -> str:
    return (
        f"# Privacy policy\n\nEffective date: {effective}\n\n## What we collect\n\nWe collect your name.{extra}\n\n"
        "## Sharing\n\nWe do not sell personal information to anyone.\n\n"
        f"## Keeping\n\nWe keep your orders for {days} days.\n\n" + "\n\n".join(SENTENCES) + "\n"
    )


def put(root: Path, name: str, text: str, day: date, subject: str) -> None:
    """Commit one file as it is on that day."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    git(root, "add", "--all")
    record(root, day, subject)


def record(root: Path, day: date, subject: str, *words: str) -> None:
    stamp = f"{day.isoformat()}T12:00:00+00:00"
    who = ["-c", "user.name=Test", "-c", "user.email=test@post.example"]
    environment = os.environ | {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp}
    command = ["git", *who, *(words or ("commit", "--quiet", "--allow-empty", "-m")), subject]
    subprocess.run(command, cwd=root, check=True, capture_output=True, env=environment)


@pytest.fixture
def old_policy(built: Path, tmp_path: Path) -> Path:
    """A policy's repository with more than 60 commits that changed its text, and others that didn't."""
    shutil.copytree(built, tmp_path / "legal")
    return tmp_path / "legal"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It takes a few seconds to make, so each test gets a copy."""
    root = tmp_path_factory.mktemp("built")
    git(root, "init", "--quiet")
    put(root, "policy.md", policy("January 1, 2015"), FIRST, "First policy")
    put(root, "other.md", "unrelated\n", FIRST, "Something else")
    put(root, "policy.md", policy("March 1, 2015"), FIRST + timedelta(days=9), "Only the date")
    # Announced 59 days ahead, in the text's own words.
    put(
        root,
        "policy.md",
        policy("April 30, 2015", " We also collect your precise location."),
        date(2015, 3, 2),
        "Location, announced",
    )
    (root / "docs").mkdir()
    git(root, "mv", "policy.md", "docs/privacy policy.md")
    record(root, date(2015, 5, 1), "Move the file")
    name = "docs/privacy policy.md"
    # Material, and in force 10 days after the commit.
    text = policy("May 20, 2015", " We also collect your precise location.", 365)
    put(root, name, text, date(2015, 5, 10), "Keep for longer, too late")
    text = text.replace("do not sell personal information to anyone", "sell personal information to partners")
    put(root, name, text, date(2015, 6, 1), "Sell, without a word")
    git(root, "checkout", "--quiet", "-b", "draft")
    for number in range(3):
        put(root, name, text.replace("name.", f"name and birthday {number}."), date(2015, 7, 1), f"Draft {number}")
    git(root, "checkout", "--quiet", "-")
    put(root, "other.md", "again\n", date(2015, 7, 2), "Elsewhere")
    record(root, date(2015, 7, 3), "Merge the draft", "merge", "--quiet", "--no-ff", "draft", "-m")
    text = (root / name).read_text()
    for number in range(56):
        text = text.replace(SENTENCES[number % 10].split(":")[0], f"{SENTENCES[number % 10].split(':')[0]}{number % 7}")
        text = text.replace("with care", "with care " * (number % 3 == 0) + "with care", 1)
        put(root, name, text, date(2015, 8, 1) + timedelta(days=number), f"Edit {number}")
    return root


def by_subject(report: dict[str, object]) -> dict[str, dict[str, object]]:
    return {each["subject"]: each for each in report["versions"]}  # type: ignore[attr-defined]


def test_a_real_history_becomes_versions_with_dates_and_severities(old_policy: Path, cli: Cli, tmp_path: Path) -> None:
    begun = time.monotonic()
    result = cli(
        "import",
        "--history",
        f"{old_policy}:docs/privacy policy.md",
        "--format",
        "json",
        "--into",
        str(tmp_path / "past"),
    )
    took = time.monotonic() - begun
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    found = by_subject(report)
    assert report["commits"] >= 60
    assert took < 0.6 * report["commits"], f"{took:.1f} s for {report['commits']} commits"

    assert found["First policy"]["effective"] == "2015-01-01" and found["First policy"]["path"] == "policy.md"
    assert "Only the date" not in found and len(found["First policy"]["folded"]) == 1
    announced = found["Location, announced"]
    assert (announced["severity"], announced["announced"], announced["days_ahead"]) == ("material", "in time", 59)
    late = found["Keep for longer, too late"]
    assert (late["severity"], late["announced"], late["days_ahead"]) == ("material", "too late", 10)
    silent = found["Sell, without a word"]
    assert (silent["severity"], silent["announced"], silent["effective"]) == ("material", "not stated", None)
    assert "Move the file" not in found and "Draft 1" not in found and "Elsewhere" not in found
    assert found["Merge the draft"]["committed"] == "2015-07-03"
    assert {late["id"], silent["id"]} <= set(report["unannounced"]) and announced["id"] not in report["unannounced"]

    texts = sorted(path.name for path in (tmp_path / "past/versions").iterdir())
    assert texts == sorted(f"{each['id']}.md" for each in report["versions"])
    assert "do not sell" in (tmp_path / "past/versions/2015-01-01.md").read_text()
    assert (
        "## Material, without a sign in the text of an announcement in time"
        in (tmp_path / "past/report.md").read_text()
    )
    assert json.loads((tmp_path / "past/report.json").read_text()) == report


def test_a_hostile_repository_runs_nothing(old_policy: Path, tmp_path: Path) -> None:
    flag = tmp_path / "ran"
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\necho $0 $* >> {flag}\ncat\n")
    trap.chmod(0o755)
    (old_policy / ".gitattributes").write_text("*.md diff=trap filter=trap\n")
    git(old_policy, "add", ".gitattributes")
    git(old_policy, "commit", "--quiet", "-m", "attributes")
    for name in (
        "core.fsmonitor",
        "diff.trap.textconv",
        "diff.trap.command",
        "diff.external",
        "gpg.program",
        "core.pager",
        "filter.trap.smudge",
        "core.sshCommand",
        "core.editor",
        "alias.log",
    ):
        git(old_policy, "config", name, f"!{trap}" if name.startswith("alias") else str(trap))
    git(old_policy, "config", "log.showSignature", "true")
    git(old_policy, "config", "core.hooksPath", str(tmp_path))
    flag.unlink(missing_ok=True)
    with Repository(old_policy) as repository:
        commits = repository.history("docs/privacy policy.md")
        assert all(repository.text_at(each) for each in commits)
    assert not flag.exists(), flag.read_text()


@pytest.mark.parametrize(
    "path", ["../policy.md", "/etc/passwd", "", "a//b", ".git/config", "./policy.md", "a\nb", "-x", ":(glob)**"]
)
def test_paths_that_are_none_are_refused(old_policy: Path, path: str) -> None:
    with Repository(old_policy) as repository, pytest.raises(RepositoryError) as refusal:
        repository.history(path)
    assert "path" in str(refusal.value)


def test_wrong_usage(cli: Cli, old_policy: Path, tmp_path: Path) -> None:
    assert cli("import", "--history", "nothing").exit_code == 2
    for address in ("https://github.com/github/site-policy", "git@github.com:basecamp/policies.git"):
        refused = cli("import", "--history", f"{address}:privacy/index.md")
        assert (refused.exit_code, "Clone it first" in refused.stderr) == (2, True)
    assert cli("import", "--history", f"{tmp_path / 'nowhere'}:a.md").exit_code == 1
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").write_text("x")
    place = f"{old_policy}:docs/privacy policy.md"
    assert cli("import", "--history", place, "--into", str(tmp_path / "full")).exit_code == 2
    assert cli("import", "--history", place, "--into-draft", "x.docx").exit_code == 2


def test_links_and_deleted_files_are_no_text(old_policy: Path, cli: Cli, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("secret words\n")
    name = old_policy / "docs/privacy policy.md"
    name.unlink()
    git(old_policy, "commit", "--quiet", "-am", "deleted")
    name.symlink_to(secret)
    git(old_policy, "add", "--all")
    git(old_policy, "commit", "--quiet", "-m", "linked")
    with Repository(old_policy) as repository:
        commits = repository.history("docs/privacy policy.md")
        assert repository.text_at(commits[-1]) is None and repository.text_at(commits[-2]) is None
    result = cli("import", "--history", f"{old_policy}:docs/privacy policy.md", "--format", "json")
    assert [each["commit"] for each in json.loads(result.stdout)["unread"]] == [commits[-2].id, commits[-1].id]
    assert "secret words" not in result.stdout and "Not read: " in result.stderr


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Effective date: January 1, 2015", date(2015, 1, 1)),
        ("**Effective:** 2 March 2016", date(2016, 3, 2)),
        ("Effective as of Sept. 3rd, 2017.", date(2017, 9, 3)),
        ("in force from 2020-02-29", date(2020, 2, 29)),
        ("This policy is effective on 1st of May 2021", date(2021, 5, 1)),
        ("Last updated: May 1, 2021", None),
        ("Effective date: 2021-02-30", None),
        ("This is effective.", None),
        ("takes effect on July 4, 2022", date(2022, 7, 4)),
    ],
)
def test_the_day_that_a_text_names(text: str, day: date | None) -> None:
    assert effective_date(f"# P\n\n{text}\n") == day


def revision(day: int, text: str, subject: str = "s") -> Revision:
    return Revision(f"{day:040x}", FIRST + timedelta(days=day), subject, "p.md", text)


def test_an_old_label_that_nobody_moved_announces_nothing() -> None:
    label = "March 1, 2015"
    found = past([revision(0, policy(label)), revision(1, policy(label, " We also collect your precise location."))])
    assert [each.announced for each in found] == ["not owed", "not stated"]


def test_several_versions_on_a_day_have_ids_of_their_own() -> None:
    found = past([revision(0, policy("January 1, 2015", f" And {word}.")) for word in ("age", "email", "phone number")])
    assert [each.id for each in found] == ["2015-01-01", "2015-01-01-2", "2015-01-01-3"]


def test_subjects_are_words_and_nothing_else() -> None:
    found: tuple[Past, ...] = past([revision(0, policy("January 1, 2015"), "<script>x</script> | [a](b)")])
    assert "<script>" not in to_markdown(found, "a|b") and unannounced(found) == ()
    assert to_json(found)["versions"][0]["severity"] == "none"
