"""Which versions may be told of by mail, and on which days."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from notices import ON, PENDING, evidence, people, send, write_list
from samples import commit, edit, git, repository
from sinks import Server
from world import JOB, World

from conftest import Cli


def test_versions_that_owe_nothing_or_are_past_are_refused(root: Path, sink: Server) -> None:
    listing = str(write_list(root.parent / "list.csv", people(3)))
    words = ("--recipients", listing, "--smtp", sink.url)
    cli = Cli(root)
    cases = [
        (("2020-01-01", "--as-of", "2020-03-02"), 3, "owes no notice"),
        ((PENDING, "--as-of", "2020-04-01"), 0, ""),
        ((PENDING, "--as-of", "2020-02-01"), 3, "Time can't go back"),
        (("2021-01-01", *ON), 2, "no version"),
    ]
    for asked, status, sentence in cases[2:] + cases[:1]:
        result = cli("notify", *asked, *words)
        assert (result.exit_code, sentence in result.stderr) == (status, True), result.output
    in_force = cli("notify", PENDING, "--as-of", "2020-04-01", *words)
    assert (in_force.exit_code, "in force" in in_force.stderr) == (3, True), in_force.output
    assert cli("withdraw", PENDING, "--reason", "no", "--by", "A. Lawyer", *ON).exit_code == 0
    withdrawn = cli("notify", PENDING, *ON, *words)
    assert (withdrawn.exit_code, "withdrawn" in withdrawn.stderr) == (3, True)
    assert sink.sink.mails == []


def test_what_was_begun_is_finished_after_the_effect(root: Path, sink: Server) -> None:
    """The notice on the site made the version take effect; whom the mail hadn't reached by then is told late, not never."""
    assert send(root, sink, people(5), "--limit", "2").exit_code == 0
    cli = Cli(root)
    late = ("--as-of", "2020-04-03")
    assert json.loads(cli("status", *late, "--format", "json").stdout)["current"] == PENDING
    result = cli("notify", PENDING, "--resume", "--smtp", sink.url, *late)
    assert result.exit_code == 0, result.output
    assert sorted(each.recipient for each in sink.sink.mails) == people(5)
    assert evidence(root, "email")[-1]["counts"]["accepted"] == 5
    verified = cli("verify", *late)
    assert verified.exit_code == 0, verified.output
    assert json.loads(cli("status", *late, "--format", "json").stdout)["current"] == PENDING


def test_what_the_law_forces_is_mailed_on_its_own_day(root: Path, sink: Server) -> None:
    """It took effect at midnight without waiting; the mail is owed the same day, and late it is better than never."""
    cli = Cli(root)
    assert cli("withdraw", PENDING, "--reason", "an order", "--by", "A. Lawyer", *ON).exit_code == 0
    edit(root, "practices/all.yaml", "user.job_title]", "user.contact.phone_number]")
    commit(root)
    today = ("--as-of", "2020-03-10")
    forced = ("--event", "legal-required", "--citation", "Order 7/2020", "--by", "A. Lawyer")
    released = cli("release", "--effective", "2020-03-10", *today, *forced)
    assert released.exit_code == 0, released.output
    git(root, "push", "--quiet")
    letter = (root / "versions/2020-03-10/notice/mail.txt").read_text()
    assert "takes effect on 10 March 2020" in " ".join(letter.split())
    assert "Until then" not in letter and "before 10 March" not in letter
    owed = json.loads(cli("status", *today, "--format", "json").stdout)["due"]
    assert [(each["what"], each["by"]) for each in owed] == [
        ("complete the notice of 2020-03-10 (email and site)", "2020-03-10"),
    ]
    words = ("notify", "2020-03-10", "--smtp", sink.url)
    first = cli(*words, *today, "--recipients", str(write_list(root.parent / "list.csv", people(5))), "--limit", "2")
    assert first.exit_code == 0, first.output
    assert cli("status", "--as-of", "2020-03-11").exit_code == 3
    rest = cli(*words, "--as-of", "2020-03-11", "--resume")
    assert rest.exit_code == 0, rest.output
    assert sorted(each.recipient for each in sink.sink.mails) == people(5)
    assert json.loads(cli("status", "--as-of", "2020-03-11", "--format", "json").stdout)["due"] == []
    late = cli("verify", "--as-of", "2020-03-11")
    assert (late.exit_code, "owed the same day" in late.output) == (3, True), late.output


@pytest.mark.slow
def test_hipaa_s_mail_may_go_when_the_text_is_in_force(tmp_path: Path, sink: Server) -> None:
    made = World(tmp_path / "repo", ("policy.yaml", "regimes: [promise]", "regimes: [promise, hipaa]")).edit(JOB)
    made.release(PENDING, "2020-03-01")
    listing = str(write_list(tmp_path / "list.csv", people(5)))
    words = ("notify", PENDING, "--smtp", sink.url, "--recipients", listing, "--as-of")
    assert [each["by"] for each in made.status("2020-04-10")["due"]] == ["2020-05-31"]
    made.run(*words, "2020-04-10")
    assert sorted(each.recipient for each in sink.sink.mails) == people(5)
    assert (made.status("2020-06-10", 0)["due"], made.current("2020-06-10")) == ([], PENDING)
    made.run("verify", "--as-of", "2020-06-10")


def test_a_notice_can_not_be_dated_back(tmp_path: Path, sink: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime, timedelta
    from zoneinfo import ZoneInfo

    root = repository(tmp_path / "repo")
    today = datetime.now(ZoneInfo("America/Los_Angeles")).date()  # the policy's
    begin = today - timedelta(days=20)
    with monkeypatch.context() as patch:  # released twenty days ago, on that very day
        patch.setenv("SOURCE_DATE_EPOCH", str(int(datetime.now(UTC).timestamp()) - 20 * 86400))
        first = Cli(root)("release", "--effective", begin.isoformat(), "--as-of", begin.isoformat())
        assert first.exit_code == 0, first.output
        edit(
            root,
            "practices/all.yaml",
            "[user.name, user.contact.email]",
            "[user.name, user.contact.email, user.job_title]",
        )
        commit(root)
        version = (today + timedelta(days=40)).isoformat()
        assert Cli(root)("release", "--effective", version, "--as-of", begin.isoformat()).exit_code == 0
    words = ("notify", version, "--recipients", str(write_list(tmp_path / "list.csv", people(2))), "--smtp", sink.url)
    back = Cli(root)(*words, "--as-of", (begin + timedelta(days=3)).isoformat())
    assert (back.exit_code, "dated back" in back.stderr, sink.sink.mails) == (3, True, []), back.output
    assert Cli(root)(*words).exit_code == 0
    (record,) = evidence(root, "email", version)
    assert record["stated"] is False
    assert Cli(root)("verify").exit_code == 0


def test_a_correction_of_a_version_whose_notice_went_out_is_not_mailed_again(root: Path, sink: Server) -> None:
    assert send(root, sink, people(2)).exit_code == 0
    edit(root, "clauses/sharing/promise.md", "information, except", "information - except")
    commit(root, "a typing error")
    corrected = Cli(root)("release", "--effective", PENDING, *ON)
    assert corrected.exit_code == 0, corrected.output
    listing = str(root.parent / "list.csv")
    again = Cli(root)("notify", f"{PENDING}.1", *ON, "--recipients", listing, "--smtp", sink.url)
    assert (again.exit_code, "nobody is told twice" in again.stderr, len(sink.sink.mails)) == (3, True, 2), again.output
