"""Release, status, build, verify: real git repositories, the real command line."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from releases import ALL, EDITORIAL, MATERIAL, REVIEW, change, pending, tree
from samples import clause, commit, edit, forget, git, repository

from conftest import Cli
from policytrail.publish.site_view import view
from policytrail.workspace import Workspace


def test_a_release_is_frozen_committed_and_tagged(released: Path, cli: Cli) -> None:
    folder = released / "versions/2020-01-01"
    names = {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}
    assert names == {
        "policy.json",
        "policy.md",
        "policy.txt",
        "comparison.json",
        "notice.json",
        "manifest.json",
        "notice/mail.html",
        "notice/mail.txt",
        "notice/mail.eml",
        "notice/manifest.json",
    }
    manifest = json.loads((folder / "manifest.json").read_text())
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert manifest["previous"] is None
    assert git(released, "status", "--porcelain") == ""
    assert git(released, "cat-file", "-t", "2020-01-01").strip() == "tag"
    assert git(released, "rev-parse", "2020-01-01^{commit}") == git(released, "rev-parse", "HEAD")
    assert cli("verify").exit_code == 0


@pytest.mark.parametrize(
    ("count", "days", "exit_code"),
    [("full_days", 30, 3), ("full_days", 31, 0), ("at_least", 29, 3), ("at_least", 30, 0)],
)
def test_a_material_change_needs_the_promised_days(tmp_path: Path, count: str, days: int, exit_code: int) -> None:
    root = repository(tmp_path / "repo")
    edit(root, ALL, "count: full_days", f"count: {count}")
    commit(root)
    cli = Cli(root)
    assert cli("release", "--effective", "2020-01-01", "--as-of", "2020-01-01").exit_code == 0
    change(root, MATERIAL)
    announced = date(2020, 2, 10)
    effective = announced + timedelta(days=days)
    before = tree(root)
    result = cli("release", "--effective", effective.isoformat(), "--as-of", announced.isoformat())
    assert result.exit_code == exit_code, result.output
    if exit_code:
        assert (effective + timedelta(days=1)).isoformat() in result.stderr
        assert tree(root) == before
        assert git(root, "status", "--porcelain") == ""


def test_an_editorial_change_may_be_effective_the_same_day(released: Path, cli: Cli) -> None:
    change(released, EDITORIAL)
    assert cli("release", "--effective", "2020-03-01", "--as-of", "2020-03-01").exit_code == 0
    assert json.loads(cli("status", "--as-of", "2020-03-01", "--format", "json").stdout)["current"] == "2020-03-01"


def test_an_undecided_change_blocks_until_a_person_rules(released: Path, cli: Cli) -> None:
    change(released, REVIEW)
    refused = cli("release", "--effective", "2020-03-01", "--as-of", "2020-03-01")
    assert refused.exit_code == 3
    found = json.loads(cli("diff", "2020-01-01", "draft", "--format", "json").stdout)["changes"]
    assert [each["severity"] for each in found] == ["review"]
    check = cli("check")
    assert check.exit_code == 3
    assert found[0]["id"] in check.output
    assert cli("decide", found[0]["id"], "editorial", "--reason", "  ", "--by", "A. Lawyer").exit_code == 2
    assert cli("decide", "c00000000", "editorial", "--reason", "x", "--by", "A. Lawyer").exit_code == 2
    assert (
        cli(
            "decide", found[0]["id"], "editorial", "--reason", "Politeness: it's the same.", "--by", "A. Lawyer"
        ).exit_code
        == 0
    )
    assert cli("check").exit_code == 0
    commit(released)
    assert cli("release", "--effective", "2020-03-01", "--as-of", "2020-03-01").exit_code == 0
    frozen = json.loads((released / "versions/2020-03-01/comparison.json").read_text())["changes"][0]
    assert frozen["decision"]["by"] == "A. Lawyer"


def test_a_stale_ruling_does_not_count(released: Path, cli: Cli) -> None:
    change(released, REVIEW)
    identity = json.loads(cli("diff", "2020-01-01", "draft", "--format", "json").stdout)["changes"][0]["id"]
    cli("decide", identity, "editorial", "--reason", "same", "--by", "A. Lawyer")
    edit(released, "clauses/contact.md", "You may write to", "You may never write to")
    check = cli("check")
    assert check.exit_code == 3
    assert "stale" in check.output


def test_refusals_change_nothing(released: Path, cli: Cli) -> None:
    cases = {
        "nothing to release": (["2020-03-01", "2020-03-01"], 1),
        "exists already": (["2020-01-01", "2020-03-01"], 1),
    }
    for sentence, (days, exit_code) in cases.items():
        result = cli("release", "--effective", days[0], "--as-of", days[1])
        assert (result.exit_code, sentence in result.stderr) == (exit_code, True), result.output
    edit(released, *EDITORIAL)
    dirty = cli("release", "--effective", "2020-03-01", "--as-of", "2020-03-01")
    assert dirty.exit_code == 1
    assert "policy/clauses/sharing/promise.md" in dirty.stderr
    commit(released)
    for days, sentence in (
        (["2020-03-01", "2020-03-02"], "in the past"),
        (["2019-12-01", "2019-12-01"], "isn't after"),
    ):
        result = cli("release", "--effective", days[0], "--as-of", days[1])
        assert (result.exit_code, sentence in result.stderr) == (3, True), result.output
    git(released, "tag", "2020-03-01")
    assert "tag 2020-03-01 exists" in cli("release", "--effective", "2020-03-01", "--as-of", "2020-03-01").stderr
    assert [each.name for each in (released / "versions").iterdir()] == ["2020-01-01"]


def test_a_file_that_git_was_told_to_overlook_is_dirty(released: Path, cli: Cli) -> None:
    git(released, "update-index", "--assume-unchanged", "policy/clauses/sharing/promise.md")
    edit(released, *EDITORIAL)
    assert git(released, "status", "--porcelain") == ""
    assert cli("release", "--effective", "2020-03-01", "--as-of", "2020-03-01").exit_code == 1


def test_the_day_decides_which_version_is_in_force(released: Path, cli: Cli) -> None:
    pending(released, cli)
    for day, current, waiting in (
        ("2020-02-28", "2020-01-01", []),
        ("2020-03-31", "2020-01-01", ["2020-04-01"]),
        ("2020-04-01", "2020-04-01", []),
    ):
        found = json.loads(cli("status", "--as-of", day, "--format", "json").stdout)
        assert (found["current"], [each["id"] for each in found["pending"]]) == (current, waiting)
    noticed = json.loads(cli("status", "--as-of", "2020-03-31", "--format", "json").stdout)["pending"][0]
    assert noticed["state"] == "noticed"
    assert noticed["earliest_effective"] == "2020-04-01"
    assert noticed["notice_days"] == 30
    assert "job title" not in cli("at", "2020-03-31").stdout
    assert "job title" in cli("at", "2020-04-01").stdout


def test_without_proven_notice_the_old_text_stays(released: Path, cli: Cli) -> None:
    pending(released, cli)
    shutil.rmtree(released / "versions/2020-04-01/evidence")
    commit(released, "lose the evidence")
    forget(released)
    result = cli("build", "--as-of", "2020-04-01")
    assert result.exit_code == 3
    assert "2020-05-02 at the earliest" in result.stderr
    assert view(Workspace(released), date(2020, 4, 1)).status.current.id == "2020-01-01"  # type: ignore[union-attr]
    assert "job title" not in (released / "site/policy.txt").read_text()
    assert cli("verify", "--as-of", "2020-04-01").exit_code == 3


@pytest.mark.slow
def test_one_changed_byte_is_found_and_named(released: Path, cli: Cli) -> None:
    pending(released, cli)
    files = [each for each in (released / "versions").rglob("*") if each.is_file()]
    assert len(files) == 21
    for path in files:
        content = path.read_bytes()
        for place in {0, len(content) // 2, len(content) - 1}:
            path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            result = cli("verify", "--as-of", "2020-04-01")
            assert (result.exit_code, str(path.relative_to(released)) in result.stderr) == (1, True), (
                path,
                place,
                result.output,
            )
            path.write_bytes(content)
    assert cli("verify", "--as-of", "2020-04-01").exit_code == 0


def test_the_files_prove_themselves_without_git(released: Path, cli: Cli) -> None:
    pending(released, cli)
    shutil.rmtree(released / ".git")
    assert cli("verify", "--as-of", "2020-04-01").exit_code == 0
    for path in [each for each in (released / "versions").rglob("*") if each.is_file()]:
        content = path.read_bytes()
        path.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
        result = cli("verify", "--as-of", "2020-04-01")
        assert (result.exit_code, str(path.relative_to(released)) in result.stderr) == (1, True), (path, result.output)
        path.write_bytes(content)


def test_added_missing_renamed_and_linked_files_are_found(released: Path, cli: Cli) -> None:
    folder = released / "versions/2020-01-01"
    (folder / "more.txt").write_text("x")
    assert "versions/2020-01-01/more.txt" in cli("verify").stderr
    (folder / "more.txt").unlink()
    (folder / "policy.md").rename(folder / "policy.markdown")
    found = cli("verify").stderr
    assert "versions/2020-01-01/policy.md:" in found
    assert "versions/2020-01-01/policy.markdown:" in found
    (folder / "policy.markdown").rename(folder / "policy.md")
    os.symlink("/etc/hostname", folder / "link")
    assert "versions/2020-01-01/link" in cli("verify").stderr
    (folder / "link").unlink()
    shutil.move(folder, released / "versions/2020-01-02")
    assert cli("verify").exit_code == 1


def test_a_moved_tag_is_named(released: Path, cli: Cli) -> None:
    git(released, "commit", "--allow-empty", "-m", "later")
    git(released, "tag", "--force", "2020-01-01")
    result = cli("verify")
    assert (result.exit_code, "tag 2020-01-01" in result.stderr) == (1, True)
    git(released, "tag", "--delete", "2020-01-01")
    assert cli("verify").exit_code == 0


def test_a_failed_release_leaves_no_trace(released: Path, cli: Cli) -> None:
    change(released, MATERIAL)
    templates = released / "templates"
    templates.mkdir()
    (templates / "base.html").write_text("{{ nothing.of.that.name }}")
    commit(released)
    before = tree(released)
    head = git(released, "rev-parse", "HEAD")
    result = cli("release", "--effective", "2020-06-01", "--as-of", "2020-03-01")
    assert result.exit_code == 1
    assert "base.html:1" in result.stderr
    assert tree(released) == before
    assert git(released, "rev-parse", "HEAD") == head
    assert git(released, "status", "--porcelain") == ""


def test_bad_sources_leave_the_site_as_it_was(released: Path, cli: Cli) -> None:
    assert cli("build", "--as-of", "2020-02-01").exit_code == 0
    before = tree(released / "site")
    edit(released, ALL, "modality: may", "modality: perhaps")
    result = cli("build", "--as-of", "2020-02-02")
    assert result.exit_code == 1
    assert result.stderr.startswith("policy/practices/all.yaml:17:")
    assert tree(released / "site") == before


def test_two_builds_are_byte_identical_and_touch_only_the_site(released: Path, cli: Cli) -> None:
    pending(released, cli)
    rest = tree(released)
    assert cli("build", "--as-of", "2020-03-15").exit_code == 0
    first = tree(released / "site")
    shutil.rmtree(released / "site")
    assert cli("build", "--as-of", "2020-03-15").exit_code == 0
    assert tree(released / "site") == first
    assert {name: content for name, content in tree(released).items() if not name.startswith("site/")} == rest


def test_withdrawal_keeps_the_record(released: Path, cli: Cli) -> None:
    pending(released, cli)
    assert cli("withdraw", "2020-01-01", "--reason", "x", "--by", "y", "--as-of", "2020-03-10").exit_code == 3
    assert (
        cli("withdraw", "2020-04-01", "--reason", "not now", "--by", "A. Lawyer", "--as-of", "2020-03-10").exit_code
        == 0
    )
    found = json.loads(cli("status", "--as-of", "2020-04-02", "--format", "json").stdout)
    assert (found["current"], found["pending"][0]["state"]) == ("2020-01-01", "withdrawn")
    assert cli("verify", "--as-of", "2020-04-02").exit_code == 0


def test_proposed_practices_and_consent_block_a_release(released: Path, cli: Cli) -> None:
    edit(released, ALL, "  title: Registration\n", "  title: Registration\n  proposed: true\n  applies_to: all_data\n")
    change(released, MATERIAL)
    assert "only proposed" in cli("release", "--effective", "2020-06-01", "--as-of", "2020-03-01").stderr
    edit(released, ALL, "  proposed: true\n", "")
    commit(released)
    refused = cli("release", "--effective", "2020-06-01", "--as-of", "2020-03-01")
    assert (refused.exit_code, "consent is required" in refused.stderr) == (3, True)
    edit(released, ALL, "  applies_to: all_data\n", "  applies_to: all_data\n  consent_plan: ask\n")
    plan = "regimes: [promise]\nconsent_plans: [{id: ask, covers: [user.job_title], how: a dialog at sign-in}]"
    edit(released, "policy.yaml", "regimes: [promise]", plan)
    commit(released)
    assert cli("release", "--effective", "2020-06-01", "--as-of", "2020-03-01").exit_code == 0


def test_an_editorial_version_cannot_carry_an_unnoticed_one(released: Path, cli: Cli) -> None:
    pending(released, cli)
    edit(released, *EDITORIAL)
    commit(released)
    assert cli("release", "--effective", "2020-04-02", "--as-of", "2020-03-02").exit_code == 0
    gap = ("--missing-from", "2020-03-20", "--missing-to", "2020-03-20", "--reason", "it was down", "--by", "A. Lawyer")
    assert cli("observe", "--version", "2020-04-01", *gap, "--as-of", "2020-03-21").exit_code == 0
    found = json.loads(cli("status", "--as-of", "2020-04-10", "--format", "json").stdout)
    assert found["current"] == "2020-01-01"
    assert [each["state"] for each in found["pending"]] == ["blocked", "blocked"]


def test_check_speaks_to_github_and_people(released: Path, cli: Cli) -> None:
    edit(released, "clauses/contact.md", "states: [contact.office]", 'states: ["contact.%0A::error::x"]')
    github = cli("check", "--format", "github")
    assert github.exit_code == 1
    assert all(line.startswith("::") for line in github.stdout.splitlines())
    assert "file=policy/clauses/contact.md,line=3" in github.stdout
    assert json.loads(cli("check", "--format", "json").stdout)["problems"][0]["line"] == 3
    assert "policy/clauses/contact.md" in cli("check", "--format", "markdown").stdout


def test_wrong_usage_is_status_2(released: Path, cli: Cli) -> None:
    for words in (
        ["diff", "2020-01-01", "1999-01-01"],
        ["build", "--as-of", "yesterday"],
        ["release"],
        ["nonsense"],
        ["at", "20200101"],
    ):
        result = cli(*words)
        assert result.exit_code == 2, (words, result.output)


def test_a_new_clause_is_told(released: Path, cli: Cli) -> None:
    (released / "policy/clauses/extra.md").write_text(clause("Extra", ["contact.office"], "One more way to reach us."))
    edit(released, "policy.yaml", "[changes/notice, contact]", "[changes/notice, contact, extra]")
    found = json.loads(cli("diff", "2020-01-01", "draft", "--format", "json").stdout)["changes"]
    assert [(each["kind"], each["severity"]) for each in found] == [("wording.clause.added", "review")]


def test_a_clock_that_went_back_is_refused(released: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    change(released, EDITORIAL)
    early = datetime(2020, 2, 1, tzinfo=UTC)
    for module in ("policytrail.git.repository", "policytrail.clock", "policytrail.cli.versions.release"):
        monkeypatch.setattr(f"{module}.now", lambda: early)
    for words in (["status"], ["build"], ["release", "--effective", "2020-03-01"]):
        result = cli(*words)
        assert (result.exit_code, "The clock says 2020-02-01" in result.stderr) == (1, True), result.output
    result = cli("release", "--effective", "2020-03-01", "--as-of", "2020-03-01")
    assert (result.exit_code, "the newest commit is of" in result.stderr) == (1, True), result.output
    assert not (released / "versions/2020-03-01").exists()
    assert cli("status", "--as-of", "2020-03-01").exit_code == 0


def test_a_release_cannot_be_dated_back_once_one_was_live(repo: Path, cli: Cli) -> None:
    today = datetime.now(ZoneInfo("America/Los_Angeles")).date()
    assert cli("release", "--effective", today.isoformat()).exit_code == 0
    change(repo, MATERIAL)
    later, past = today + timedelta(days=20), today - timedelta(days=20)
    result = cli("release", "--effective", later.isoformat(), "--as-of", past.isoformat())
    assert (result.exit_code, "can't be dated back" in result.stderr) == (3, True), result.output
    assert "too early" in cli("release", "--effective", later.isoformat()).stderr


def test_a_day_that_has_not_come_is_built_as_a_preview(released: Path, cli: Cli) -> None:
    future = (datetime.now(UTC) + timedelta(days=40)).date().isoformat()
    assert cli("build", "--as-of", future).exit_code == 0
    assert "This is not the published policy" in (released / "site/index.html").read_text()
    assert cli("build", "--as-of", "2020-03-01").exit_code == 0
    assert "This is not the published policy" not in (released / "site/index.html").read_text()


def test_nothing_can_be_recorded_before_what_is_recorded(released: Path, cli: Cli) -> None:
    pending(released, cli)
    assert cli("attest", "2020-04-01", "post", "--note", "x", "--by", "y", "--as-of", "2020-03-05").exit_code == 0
    words = ["--reason", "x", "--by", "y", "--as-of"]
    assert "Time can't go back" in cli("withdraw", "2020-04-01", *words, "2020-03-04").stderr
    edit(released, *EDITORIAL)
    commit(released)
    assert "Time can't go back" in cli("release", "--effective", "2020-05-01", "--as-of", "2020-02-28").stderr


def test_a_failed_record_leaves_no_trace(released: Path, cli: Cli) -> None:
    pending(released, cli)
    (released / ".git/index.lock").write_text("")  # somebody else is committing
    before = tree(released)
    result = cli("withdraw", "2020-04-01", "--reason", "x", "--by", "y", "--as-of", "2020-03-10")
    assert result.exit_code == 1
    assert tree(released) == before
    (released / ".git/index.lock").unlink()
    edit(released, *EDITORIAL)
    commit(released)
    (released / ".git/index.lock").write_text("")
    before = tree(released)
    assert cli("release", "--effective", "2020-05-01", "--as-of", "2020-03-10").exit_code == 1
    assert tree(released) == before


def test_a_slip_in_the_name_of_a_regime_is_a_problem_of_the_sources(released: Path, cli: Cli) -> None:
    edit(released, "policy.yaml", "regimes: [promise]", "regimes: [promise, gpdr]")
    commit(released)
    for words in (["check"], ["release", "--effective", "2020-06-01", "--as-of", "2020-03-01"]):
        result = cli(*words)
        assert result.exit_code == 1
        assert result.stderr.startswith("policy/policy.yaml:10: There is no regime 'gpdr'. Did you mean"), result.output
        assert "'gdpr'" in result.stderr


def test_an_event_needs_something_to_change(repo: Path, cli: Cli) -> None:
    words = ["release", "--effective", "2020-01-01", "--as-of", "2020-01-01", "--event", "merger"]
    result = cli(*words)
    assert (result.exit_code, "takes no event" in result.stderr) == (2, True), result.output


def test_a_policy_inside_another_repository_is_told_to_move_out(repo: Path) -> None:
    inner = repo / "legal"
    shutil.copytree(repo / "policy", inner / "policy")
    refused = Cli(inner)("release", "--effective", "2020-01-01", "--as-of", "2020-01-01")
    assert refused.exit_code == 1
    assert f"it lies inside the one at {repo}" in refused.stderr
