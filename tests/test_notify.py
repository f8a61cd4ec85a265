"""The notice by mail, end to end: the real command line, real git with a bare remote, a real mail server, SQLite."""

from __future__ import annotations

import contextlib
import email
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result

from conftest import Cli, needed
from notices import ON, PENDING, evidence, people, upgrade, with_pending, with_remote, write_list
from policytrail import __version__
from policytrail.notify import keys, schema
from policytrail.notify.ledger import open_ledger
from samples import commit, edit, git, repository
from sinks import Server, Sink
from world import JOB, World


def notify(root: Path, *words: str) -> Result:
    result = Cli(root)("notify", PENDING, *ON, *words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def send(root: Path, sink: Server, addresses: list[str], *words: str) -> Result:
    listing = write_list(root.parent / "list.csv", addresses)
    return notify(root, "--recipients", str(listing), "--smtp", sink.url, *words)


def counts(root: Path) -> dict[str, int]:
    found = json.loads(notify(root, "--report", "--format", "json").stdout)["counts"]
    return {state: number for state, number in found.items() if number}


def remote_files(root: Path) -> list[str]:
    return git(root.with_name("repo.git"), "ls-tree", "-r", "--name-only", "HEAD").split()


def test_a_notice_is_fenced_sent_once_and_proven(root: Path) -> None:
    fenced: list[bool] = []

    class Watching(Sink):
        def record(self, recipient: str, raw: bytes) -> None:
            fenced.append(any("-started.json" in each for each in remote_files(root)))
            super().record(recipient, raw)

    with Server(Watching()) as sink:
        result = send(root, sink, [*people(40), "USER1@example.org", "User1@Example.ORG", "user1@EXAMPLE.org"])
    assert result.exit_code == 0, result.output
    # One address is a repeat; the two that differ in the local part's case may be other people, so they're told too.
    assert "1 duplicate" in result.stderr
    assert "look like one person's" in result.stderr
    assert len(sink.sink.mails) == 42
    assert all(fenced)
    assert len({each.message_id for each in sink.sink.mails}) == 42
    assert any("-email.json" in each for each in remote_files(root))
    (record,) = evidence(root, "email")
    assert record["first_attempts_on"] == ON[1]
    assert (record["counts"]["accepted"], record["counts"]["duplicate"], record["tree"]["size"]) == (42, 1, 42)
    status = json.loads(Cli(root)("status", *ON, "--format", "json").stdout)
    assert status["pending"][0]["state"] == "noticed"
    verified = Cli(root)("verify", "--as-of", "2020-03-05")
    assert verified.exit_code == 0, verified.output
    assert git(root, "status", "--porcelain") == ""
    again = send(root, sink, people(50))
    assert (again.exit_code, len(sink.sink.mails)) == (0, 42)
    assert "complete since" in again.stderr


def test_without_a_remote_the_local_commit_is_the_fence_and_it_says_so(
    pending_once: Path, tmp_path: Path, sink: Server
) -> None:
    root = tmp_path / "repo"
    shutil.copytree(pending_once, root)
    result = send(root, sink, people(2))
    assert result.exit_code == 0
    assert "no remote" in result.stderr
    assert "notice started" in git(root, "log", "--format=%s")


def test_a_branch_that_follows_nothing_is_refused_before_any_mail(root: Path, sink: Server) -> None:
    git(root, "branch", "--unset-upstream")
    result = send(root, sink, people(2))
    assert (result.exit_code, sink.sink.mails) == (1, [])
    assert "git push -u" in result.stderr


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
    ]  # fmt: skip
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


def test_bad_lists_are_refused_whole_and_leave_nothing(root: Path, sink: Server) -> None:
    before = git(root, "rev-parse", "HEAD")
    for addresses, words, status, sentence in (
        ([*people(50), "nobody"], (), 1, "malformed"),
        ([], (), 1, "no recipient"),
        (people(3), ("--query", "x", "--connections", "101"), 2, "connections"),
    ):
        result = send(root, sink, addresses, *words)
        assert (result.exit_code, sentence in result.stderr) == (status, True), result.output
    missing = notify(root, "--recipients", "no-such-file.csv", "--smtp", sink.url)
    assert (missing.exit_code, "no-such-file.csv" in missing.stderr) == (1, True)
    assert notify(root, "--smtp", sink.url).exit_code == 2
    assert (sink.sink.mails, git(root, "rev-parse", "HEAD")) == ([], before)
    good = send(root, sink, [*people(50), "nobody"], "--accept-bad")
    assert (good.exit_code, len(sink.sink.mails)) == (0, 50)
    assert "row 52: this is no mail address" in good.stderr
    assert evidence(root, "email")[0]["counts"]["invalid"] == 1


ENDS = {
    "ok+1": "accepted", "b550+1": "refused", "d550+1": "refused", "once-b451+1": "accepted", "once-b421+1": "accepted",
    "once-d452+1": "accepted", "once-droprcpt+1": "accepted", "once-dropdot+1": "accepted", "once-dotgarbage+1": "accepted",
    "once-garbage+1": "accepted", "slow+1": "accepted", "b451+1": "queued", "b421+1": "queued", "droprcpt+1": "queued",
    "dropdot+1": "in_doubt", "hang+1": "in_doubt",
}  # fmt: skip


def test_each_misbehaviour_ends_in_its_state_and_the_run_ends(root: Path, sink: Server) -> None:
    addresses = [*(f"{name}@example.org" for name in ENDS), *people(60)]
    result = send(root, sink, addresses, "--timeout", "1", "--patience", "1", "--first-wait", "0.1")
    assert result.exit_code == 3, result.output
    assert "isn't complete" in result.stderr
    with open_ledger(None, root, "") as ledger, ledger.begin() as connection:
        found = dict(connection.execute(sa.select(schema.delivery.c.address, schema.delivery.c.state)).all())
    assert {name: found[f"{name}@example.org"] for name in ENDS} == ENDS
    assert all(found[each] == "accepted" for each in people(60))
    for name in ("once-dropdot+1", "once-dotgarbage+1", "dropdot+1"):
        copies = sink.sink.of(f"{name}@example.org")
        assert len(copies) == (3 if name == "dropdot+1" else 2), name
        assert len({(each.message_id, each.date, each.body) for each in copies}) == 1
    assert all(len(sink.sink.of(each)) == 1 for each in people(60))
    said = notify(root, "--report")
    assert "Not complete: 5 left" in said.stdout
    assert "refused: 1 x 550 5.1.1" in said.stdout
    assert not evidence(root, "email")


def test_doubtful_ones_are_held_when_asked(root: Path, sink: Server) -> None:
    held = send(root, sink, ["once-dropdot+1@example.org", *people(30)], "--hold-doubtful", "--first-wait", "0.1")
    assert held.exit_code == 3
    assert counts(root) == {"accepted": 30, "in_doubt": 1}
    assert len(sink.sink.mails) == 31
    retried = notify(root, "--retry-failed", "--smtp", sink.url)
    assert (retried.exit_code, counts(root)) == (0, {"accepted": 31}), retried.output
    assert len({(each.message_id, each.date, each.body) for each in sink.sink.of("once-dropdot+1@example.org")}) == 1


def test_the_first_refusals_in_a_row_are_our_fault(root: Path, sink: Server) -> None:
    result = send(root, sink, [f"b550+{number}@example.org" for number in range(60)])
    assert result.exit_code == 1
    assert "first 20 recipients in a row (550 5.1.1)" in result.stderr
    assert counts(root) == {"queued": 60}


def test_nobody_accepted_is_never_complete_by_a_number(root: Path, sink: Server) -> None:
    nobody = send(root, sink, ["b550+1@example.org"], "--floor", "0")
    assert (nobody.exit_code, "only 0 of 1" in nobody.stderr) == (3, True), nobody.output
    assert evidence(root, "email") == []


def test_words_that_can_not_be_meant(root: Path, sink: Server) -> None:
    for words, sentence in (
        (("--floor", "nan"), "no number"),
        (("--rate", "nan"), "no number"),
        (("--patience", "inf"), "no number"),
        (("--audience", "ann@example.org"), "without an address"),
        (("--audience", " "), "is empty"),
        (("--audience", "every\u202e account"), "U+202E"),
        (("--adopt", "--by", "A. Lawyer"), "--reason"),
        (("--adopt", "--by", "A.\u200b Lawyer", "--reason", "lost"), "U+200B"),
        (("--from", "Ann <ann@example.org>"), "exactly one address"),
    ):
        refused = send(root, sink, people(1), *words)
        assert (refused.exit_code, sentence in refused.stderr) == (2, True), refused.output
    assert not (root / ".policytrail").exists()


def test_a_few_refusals_are_not_and_too_few_accepted_need_a_person(root: Path, sink: Server) -> None:
    result = send(root, sink, [*people(3), "b550+1@example.org"])
    assert (result.exit_code, "3 of 4 (75.0%)" in result.stderr) == (3, True), result.output
    assert counts(root) == {"accepted": 3, "refused": 1}
    assert notify(root, "--resume", "--smtp", sink.url, "--complete-anyway").exit_code == 2
    decided = notify(
        root, "--resume", "--smtp", sink.url, "--complete-anyway", "--by", "A. Lawyer", "--reason", "three it is"
    )
    assert decided.exit_code == 0, decided.output
    assert evidence(root, "email")[0]["decision"] == {"by": "A. Lawyer", "reason": "three it is"}
    post = root.parent / "post.csv"
    assert notify(root, "--export-post", str(post)).exit_code == 0
    assert post.read_bytes().decode() == "address,name,language,state\r\nb550+1@example.org,Name b550+1,en,refused\r\n"


def test_another_ledger_is_refused_unless_a_person_adopts(root: Path, sink: Server, tmp_path: Path) -> None:
    assert send(root, sink, people(5), "--limit", "2").exit_code == 0
    other = f"sqlite:///{tmp_path}/other.sqlite"
    refused = send(root, sink, people(5), "--ledger", other)
    assert (refused.exit_code, "was started with ledger" in refused.stderr, len(sink.sink.mails)) == (3, True, 2)
    assert send(root, sink, people(5), "--ledger", other, "--adopt").exit_code == 2
    adopted = send(
        root, sink, people(5), "--ledger", other, "--adopt", "--by", "A. Lawyer", "--reason", "the disk is gone"
    )
    assert adopted.exit_code == 0, adopted.output
    assert evidence(root, "started")[1]["adopts"]["by"] == "A. Lawyer"
    back = notify(root, "--resume", "--smtp", sink.url)
    assert (back.exit_code, len(sink.sink.mails)) == (3, 7)
    assert Cli(root)("verify", "--as-of", "2020-03-05").exit_code == 0


def test_a_restored_backup_is_refused(root: Path, sink: Server) -> None:
    ledger = root / ".policytrail/ledger.sqlite"
    before = send(root, sink, people(3), "--dry-run")
    assert (before.exit_code, ledger.exists()) == (0, False)
    assert send(root, sink, people(3), "--limit", "1").exit_code == 0
    backup = ledger.read_bytes()
    assert notify(root, "--resume", "--smtp", sink.url).exit_code == 0
    for each in ledger.parent.glob("ledger.sqlite-*"):
        each.unlink()
    ledger.write_bytes(backup)
    result = notify(root, "--resume", "--smtp", sink.url)
    assert (result.exit_code, "backup" in result.stderr, len(sink.sink.mails)) == (3, True, 3), result.output


def test_a_ledger_of_another_repository_is_refused(root: Path, sink: Server, tmp_path: Path) -> None:
    other = with_pending(tmp_path / "other")
    git(other, "commit", "--amend", "-m", "another root", "--allow-empty", "--quiet")
    assert send(root, sink, people(2)).exit_code == 0
    git(other, "checkout", "--quiet", "--orphan", "fresh")
    git(other, "commit", "--quiet", "-m", "a new root")
    result = Cli(other)("notify", PENDING, *ON, "--resume", "--smtp", sink.url, "--ledger",
                        f"sqlite:///{root}/.policytrail/ledger.sqlite")  # fmt: skip
    assert (result.exit_code, "another policy repository" in result.stderr) == (3, True), result.output


def test_a_ledger_with_other_messages_for_the_version_is_refused(root: Path, sink: Server) -> None:
    """As a clone would have made it that released other words for the same day."""
    assert send(root, sink, people(3), "--limit", "1").exit_code == 0
    with open_ledger(None, root, "") as ledger, ledger.begin() as connection:
        connection.execute(schema.notice.update().values(digest="ab" * 32))
    refused = notify(root, "--resume", "--smtp", sink.url)
    assert (refused.exit_code, "another notice of 2020-04-01 (other messages)" in refused.stderr) == (3, True)
    assert len(sink.sink.mails) == 1


def test_rehearsal_sample_and_limit(root: Path, sink: Server) -> None:
    rehearsed = send(root, sink, [*people(9), "user1@example.org"], "--dry-run")
    assert (rehearsed.exit_code, "9 mails would go out; 1 duplicate" in rehearsed.stderr, sink.sink.mails) == (
        0,
        True,
        [],
    )
    sample = notify(root, "--test-to", "me@example.org", "--smtp", sink.url)
    assert (sample.exit_code, [each.recipient for each in sink.sink.mails]) == (0, ["me@example.org"])
    assert notify(root, "--test-to", "b550+1@example.org", "--smtp", sink.url).exit_code == 1
    nobody = send(root, sink, [], "--dry-run")
    assert (nobody.exit_code, "no recipient in this list" in nobody.stderr) == (1, True)
    assert not (root / ".policytrail").exists()
    limited = send(root, sink, people(9), "--limit", "4")
    assert (limited.exit_code, "5 left" in limited.stderr, len(sink.sink.mails)) == (0, True, 5)
    assert notify(root, "--resume", "--smtp", sink.url).exit_code == 0
    assert len(sink.sink.mails) == 10


def test_a_rate_is_kept(root: Path, sink: Server) -> None:
    began = time.monotonic()
    assert send(root, sink, people(11), "--rate", "10").exit_code == 0
    assert time.monotonic() - began >= 1.0


def test_a_changed_list_adds_and_keeps(root: Path, sink: Server) -> None:
    assert send(root, sink, people(4), "--limit", "1").exit_code == 0
    changed = send(root, sink, [*people(6)[2:]])
    assert changed.exit_code == 0, changed.output
    assert "2 new recipients, 2 known" in changed.stderr
    assert "2 no longer listed" in changed.stderr
    assert {each.recipient for each in sink.sink.mails} == set(people(6))


def test_a_ledger_that_is_gone_from_this_machine(root: Path, sink: Server) -> None:
    assert send(root, sink, people(2), "--limit", "1").exit_code == 0
    shutil.rmtree(root / ".policytrail")
    result = send(root, sink, people(2))
    assert (result.exit_code, len(sink.sink.mails)) == (3, 1)
    assert notify(root, "--report", "--ledger", f"sqlite:///{root}/none.sqlite").exit_code == 1


def test_an_unreachable_server_leaves_everything_as_it_was(root: Path) -> None:
    listing = write_list(root.parent / "list.csv", people(2))
    before = git(root, "rev-parse", "HEAD")
    result = notify(root, "--recipients", str(listing), "--smtp", "smtp://127.0.0.1:1")
    assert (result.exit_code, "can't be reached" in result.stderr, git(root, "rev-parse", "HEAD")) == (1, True, before)


SOURCE = Path(__file__).parent.parent / "src"


def start(root: Path, *words: str, code: Path = SOURCE) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "policytrail", "notify", PENDING, *ON, *words], cwd=root, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(code)})  # fmt: skip


def wait_for(sink: Server, mails: int) -> None:
    until = time.monotonic() + 60
    while len(sink.sink.mails) < mails and time.monotonic() < until:
        time.sleep(0.01)
    assert len(sink.sink.mails) >= mails


def test_ctrl_c_waits_for_the_mail_that_is_out(root: Path, sink: Server) -> None:
    """One connection, a server whose answer is long on its way: what it took must be settled, not put back."""
    listing = write_list(root.parent / "list.csv", [f"late+{number}@example.org" for number in range(10)])
    process = start(root, "--recipients", str(listing), "--smtp", sink.url, "--connections", "1")
    wait_for(sink, 2)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    stopped = len(sink.sink.mails)
    assert counts(root) == {"accepted": stopped, "queued": 10 - stopped}


@pytest.mark.parametrize("how", [signal.SIGINT, pytest.param(signal.SIGHUP, marks=pytest.mark.slow)])
def test_ctrl_c_stops_cleanly_and_a_second_run_hears_of_the_first(
    root: Path, sink: Server, how: signal.Signals
) -> None:
    sink.sink.delay = 0.03
    listing = write_list(root.parent / "list.csv", people(150))
    process = start(root, "--recipients", str(listing), "--smtp", sink.url)
    wait_for(sink, 10)
    second = notify(root, "--resume", "--smtp", sink.url)
    assert (second.exit_code, f"process {process.pid}" in second.stderr) == (3, True), second.output
    process.send_signal(how)
    said = process.communicate(timeout=60)[1]
    assert (process.returncode, "written down" in said) == (130, True), said
    stopped = len(sink.sink.mails)
    assert stopped < 150
    assert counts(root) == {"accepted": stopped, "queued": 150 - stopped}
    sink.sink.delay = 0.0
    assert notify(root, "--resume", "--smtp", sink.url).exit_code == 0
    assert sorted(each.recipient for each in sink.sink.mails) == sorted(people(150))


@pytest.mark.parametrize(("held", "state"), [(False, "accepted"), (True, "in_doubt")])
def test_a_killed_run_is_healed(root: Path, sink: Server, held: bool, state: str) -> None:
    sink.sink.delay = 0.2
    words = ("--connections", "2", *(("--hold-doubtful",) if held else ()))
    listing = write_list(root.parent / "list.csv", people(40))
    process = start(root, "--recipients", str(listing), "--smtp", sink.url, *words)
    wait_for(sink, 6)
    time.sleep(0.05)
    process.kill()
    process.communicate()
    sink.sink.delay = 0.0
    time.sleep(0.3)
    result = notify(root, "--resume", "--smtp", sink.url, *words)
    sent = [each.recipient for each in sink.sink.mails]
    if held:
        assert result.exit_code == 3
        assert counts(root)["in_doubt"] in (1, 2)
        assert len(sent) == len(set(sent))
    else:
        assert result.exit_code == 0, result.output
        assert set(sent) == set(people(40))
        assert len(sent) - 40 <= 2
        repeated = {each for each in sent if sent.count(each) > 1}
        assert all(len({(got.date, got.body) for got in sink.sink.of(each)}) == 1 for each in repeated)
    assert json.loads(notify(root, "--report", "--format", "json").stdout)["events"]["broken_at"] is None


@pytest.mark.slow
@pytest.mark.parametrize("connections", [1, 4, 20])
def test_nobody_is_missed_after_many_kills(tmp_path: Path, connections: int) -> None:
    sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))
    from notify_kill import kill_often

    found = kill_often(tmp_path, recipients=3000, kills=12, connections=connections, seed=connections)
    assert not found.broken(connections), found


@pytest.mark.slow
def test_a_newer_release_goes_on_in_mid_notice(root: Path, sink: Server, tmp_path: Path) -> None:
    """Killed, a remark added to the code; given the list again, killed, upgraded; resumed to its end."""
    code = shutil.copytree(SOURCE, tmp_path / "code")
    listing = write_list(root.parent / "list.csv", people(300))
    sink.sink.delay = 0.02
    words = ("--smtp", sink.url, "--connections", "2")
    for number, resumed in ((60, False), (150, False), (240, True)):
        process = start(root, *words, *(("--resume",) if resumed else ("--recipients", str(listing))), code=code)
        wait_for(sink, number)
        process.kill()
        process.communicate()
        if not resumed:
            upgrade(code, release=number > 60)
    done = start(root, *words, "--resume", code=code)
    said = done.communicate(timeout=120)[1]
    assert done.returncode == 0, said
    mails = sink.sink.mails
    assert {each.recipient for each in mails} == set(people(300))
    assert len(mails) - 300 <= 2 * 3
    assert len({(each.recipient, each.message_id, each.date, each.body) for each in mails}) == 300
    tools = [evidence(root, kind)[0]["tool"] for kind in ("started", "email")]
    major, _, rest = __version__.partition(".")
    assert tools == [f"policytrail {__version__}", f"policytrail {int(major) + 1}.{rest}"]
    assert evidence(root, "email")[0]["counts"]["accepted"] == 300
    assert Cli(root)("verify", "--as-of", "2020-03-05").exit_code == 0
    assert Cli(root)("prove", "user7@example.org").exit_code == 0


def race(root: Path, folder: Path, runners: int) -> tuple[list[int], int]:
    """So many clones start the same notice at once. Out: their exit statuses, and how many mails went out."""
    remote = root.with_name("repo.git")
    with Server(Sink()) as sink:
        processes = []
        for number in range(runners):
            clone = folder / f"clone{number}"
            git(folder, "clone", "--quiet", str(remote), str(clone))
            git(clone, "config", "user.name", "Test")
            git(clone, "config", "user.email", "test@post.example")
            listing = write_list(folder / "list.csv", people(6))
            processes.append(start(clone, "--recipients", str(listing), "--smtp", sink.url))
        statuses = []
        for each in processes:
            said = each.communicate(timeout=120)[1]
            statuses.append(each.returncode)
            assert each.returncode in (0, 3), said
        return statuses, len(sink.sink.mails)


def test_of_runners_that_start_at_once_exactly_one_sends(root: Path, tmp_path: Path) -> None:
    statuses, mails = race(root, tmp_path, 3)
    assert (sorted(statuses), mails) == ([0, 3, 3], 6)


@pytest.mark.slow
def test_twenty_races_of_four(pending_once: Path, tmp_path: Path) -> None:
    for number in range(20):
        folder = tmp_path / str(number)
        shutil.copytree(pending_once, folder / "repo")
        with_remote(folder / "repo")
        statuses, mails = race(folder / "repo", folder, 4)
        assert (sorted(statuses), mails) == ([0, 3, 3, 3], 6), number


def everything_in_git(root: Path) -> bytes:
    listed = git(root, "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)").splitlines()
    names = "\n".join(each.split()[0] for each in listed)
    return subprocess.run(
        ["git", "cat-file", "--batch"], cwd=root, input=names.encode(), capture_output=True, check=True
    ).stdout


def marked(root: Path, sink: Server, number: int) -> None:
    """A notice to people with a marker each: nobody's is in another's mail, and none is in git, not even hashed."""
    listing = root.parent / "marked.csv"
    shapes = [
        "{}@example.org",
        "{}+tag@example.org",
        "first.{}@mail.example.org",
        "{}@xn--bcher-kva.example",
        "{}_x@example.org",
    ]
    people_ = {shapes[n % len(shapes)].format(f"p{n:06d}q"): f"Marker{n:06d}q Person" for n in range(number)}
    listing.write_text("address,name\n" + "".join(f"{address},{name}\n" for address, name in people_.items()))
    result = notify(root, "--recipients", str(listing), "--smtp", sink.url)
    assert result.exit_code == 0, result.output
    assert len(sink.sink.mails) == number
    import re

    for each in sink.sink.mails:
        marks = set(re.findall(rb"(?:p|Marker)(\d{6})q", each.raw))
        assert len(marks) == 1, each.recipient
        own = re.search(r"p(\d{6})q", each.recipient)
        assert own and marks == {own.group(1).encode()}
    blobs = everything_in_git(root).lower()
    with open_ledger(None, root, "") as ledger:
        key = ledger.key
    for address, name in people_.items():
        assert address.encode() not in blobs
        assert name.lower().encode() not in blobs
        digests = [hashlib.sha256(address.encode()), hashlib.sha1(address.encode()), hashlib.md5(address.encode())]
        secrets = [each.hexdigest() for each in digests] + [
            keys.rkey(key, address).hex(),
            keys.twin(key, address).hex(),
        ]
        assert not any(each.encode() in blobs for each in secrets)


def test_no_marker_strays_and_git_holds_nobody(root: Path, sink: Server) -> None:
    marked(root, sink, 300)


@pytest.mark.slow
def test_no_marker_of_ten_thousand_strays(root: Path, sink: Server) -> None:
    marked(root, sink, 10_000)


def test_secrets_show_nowhere(root: Path, sink: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    canary = "canary-s3cret"
    listing = str(write_list(root.parent / "list.csv", people(2)))
    monkeypatch.setenv("POLICYTRAIL_SMTP_PASSWORD", canary)
    outputs = [
        notify(root, "--recipients", listing, "--smtp", f"smtps://me:{canary}@127.0.0.1:1"),
        notify(root, "--recipients", listing, "--smtp", "smtp+starttls://me@127.0.0.1:1"),
        notify(root, "--recipients", listing, "--smtp", f"smtp://me:{canary}@127.0.0.1"),
        notify(
            root, "--recipients", listing, "--smtp", f"smtp+starttls://me:{canary}@{sink.url.removeprefix('smtp://')}"
        ),
        notify(
            root, "--recipients", listing, "--smtp", sink.url, "--ledger", f"postgresql://me:{canary}@127.0.0.1:1/x"
        ),
        notify(
            root,
            "--recipients",
            f"postgresql+psycopg://me:{canary}@127.0.0.1:1/x",
            "--query",
            "SELECT 1",
            "--smtp",
            sink.url,
        ),
        notify(root, "--recipients", listing, "--smtp", sink.url, "--ledger", f"mysql://me:{canary}@127.0.0.1/x"),
    ]
    for each in outputs:
        assert each.exit_code in (1, 2), each.output
        assert canary not in each.output + each.stderr
    assert canary.encode() not in everything_in_git(root)
    for path in (root / ".policytrail").rglob("*"):
        assert canary.encode() not in path.read_bytes()


def certificates(folder: Path) -> dict[str, tuple[Path, Path]]:
    """A certificate authority, and certificates that are good, for another name, expired, and self-signed."""
    openssl = needed("openssl", "the Debian package openssl")

    def run(*words: str) -> None:
        subprocess.run([openssl, *words], cwd=folder, check=True, capture_output=True)

    run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test CA",
        "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")  # fmt: skip
    found = {}
    for name, alternative, days in (
        ("good", "IP:127.0.0.1", "2"),
        ("name", "DNS:elsewhere.example", "2"),
        ("expired", "IP:127.0.0.1", "-1"),
    ):
        (folder / f"{name}.ext").write_text(f"subjectAltName={alternative}\n")
        run(
            "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=mail"
        )
        dates = ["-days", days] if days != "-1" else ["-not_before", "20200101000000Z", "-not_after", "20200102000000Z"]
        if days == "-1" and b"not_before" not in subprocess.run([openssl, "x509", "-help"], capture_output=True).stderr:
            dates = ["-days", "-1"]
        run("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", f"{name}.pem",
            "-extfile", f"{name}.ext", *dates)  # fmt: skip
        found[name] = (folder / f"{name}.pem", folder / f"{name}.key")
    run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "self.key", "-out", "self.pem", "-days", "2", "-subj", "/CN=127.0.0.1",
        "-addext", "subjectAltName=IP:127.0.0.1")  # fmt: skip
    found["self"] = (folder / "self.pem", folder / "self.key")
    return found


def test_tls_is_verified_before_anything_is_said(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ssl

    folder = tmp_path / "tls"
    folder.mkdir()
    found = certificates(folder)
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "ca.pem"))
    monkeypatch.setenv("POLICYTRAIL_SMTP_PASSWORD", "pass")

    class Asking(Sink):
        async def auth_PLAIN(self, server: Any, words: Any) -> Any:  # noqa: N802
            self.auths.append("PLAIN")
            from aiosmtpd.smtp import AuthResult

            return AuthResult(success=True)

    def context(name: str) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(*found[name])
        return made

    def tried(scheme: str, name: str | None, *words: str) -> tuple[int, Sink, str]:
        more: dict[str, Any] = {"auth_required": name is not None, "auth_require_tls": scheme != "smtps"}
        if name and scheme == "smtps":
            more["ssl_context"] = context(name)
        elif name:
            more["tls_context"] = context(name)
        sink = Asking()
        with Server(sink, **more) as server:
            url = server.url.replace("smtp://", f"{scheme}://me@")
            result = send(root, server, people(2), "--smtp", url, "--timeout", "5", *words)
        return result.exit_code, sink, result.stderr

    for scheme, name in (("smtps", "name"), ("smtp+starttls", "expired"), ("smtp+starttls", "self"), ("smtps", "self"),
                         ("smtp+starttls", "name"), ("smtp+starttls", None), ("smtps", None)):  # fmt: skip
        status, sink, said = tried(scheme, name)
        assert (status, sink.auths, sink.named, sink.mails) == (1, [], [], []), (scheme, name, said)
    assert evidence(root, "started") == []
    for scheme in ("smtps", "smtp+starttls"):
        status, sink, said = tried(scheme, "good", "--limit", "1")
        assert (status, set(sink.auths), len(sink.mails)) == (0, {"PLAIN"}, 1), said


def test_one_person_s_proof_and_its_check(root: Path, sink: Server) -> None:
    assert send(root, sink, [*people(36), "once-b550+1@example.org"]).exit_code == 0
    cli = Cli(root)
    made = cli("prove", "User5@Example.org")
    assert made.exit_code == 1  # another local part, so another person
    made = cli("prove", "user5@EXAMPLE.org")
    assert made.exit_code == 0, made.output
    proof = json.loads(made.stdout)
    assert (proof["size"], proof["leaf"]["state"], proof["root"]) == (
        37,
        "accepted",
        evidence(root, "email")[0]["tree"]["root"],
    )
    assert "user5" not in made.stdout
    path = root.parent / "proof.json"
    path.write_text(made.stdout)
    assert notify(root, "--retry-failed", "--smtp", sink.url).exit_code == 0
    assert [each["counts"]["accepted"] for each in evidence(root, "email")] == [36, 37]  # the older proof still holds
    shutil.rmtree(root / ".policytrail")
    checked = cli("prove", "--check", str(path))
    assert (checked.exit_code, "The proof holds" in checked.stderr) == (0, True), checked.output
    for change in ({"index": (proof["index"] + 1) % 37}, {"root": "00" * 32}, {"path": proof["path"][1:]},
                   {"leaf": proof["leaf"] | {"state": "refused"}}, {"leaf": 1}):  # fmt: skip
        path.write_text(json.dumps(proof | change))
        assert cli("prove", "--check", str(path)).exit_code == 1, change
    assert cli("prove").exit_code == 2


def dsn(address: str, message_id: str | None, action: str = "failed", status: str = "5.1.1") -> bytes:
    quoted = f"Message-ID: <{message_id}>\r\n" if message_id else ""
    return (
        "From: MAILER-DAEMON@example.org\r\nTo: privacy@post.example\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n"
        'Message-ID: <own@example.org>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; example.org\r\n\r\nFinal-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{quoted}Subject: x\r\n\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize("kind", ["maildir", "mbox"])
def test_returned_mail_is_entered_and_the_proof_still_holds(
    root: Path, sink: Server, kind: str, tmp_path: Path
) -> None:
    import mailbox

    assert send(root, sink, people(8)).exit_code == 0
    ids = {each.recipient: each.message_id.strip("<>") for each in sink.sink.mails}
    box: Any = mailbox.Maildir(tmp_path / kind) if kind == "maildir" else mailbox.mbox(tmp_path / kind)
    for each in (
        dsn("user1@example.org", ids["user1@example.org"]), dsn("user2@example.org", None),
        dsn("user3@example.org", ids["user3@example.org"], "delayed", "4.4.1"),
        dsn("user4@example.org", ids["user5@example.org"]), dsn("stranger@example.org", None),
        b"From: a@example.org\r\nSubject: hello\r\n\r\nNo DSN.\r\n", b"\xff\x00garbage",
    ):  # fmt: skip
        box.add(each)
    box.close()
    cli = Cli(root)
    found = json.loads(cli("bounces", str(tmp_path / kind), "--format", "json").stdout)
    assert (found["mails"], found["temporary"], found["unknown"], found["other"]) == (7, 1, 1, 2)
    assert found["bounced"] == 3
    again = json.loads(cli("bounces", str(tmp_path / kind), "--format", "json").stdout)
    assert (again["bounced"], again["known"]) == (0, 3)
    assert counts(root) == {"accepted": 5, "bounced": 3}
    assert cli("prove", "user1@example.org").exit_code == 0
    assert json.loads(cli("prove", "user1@example.org").stdout)["leaf"]["state"] == "accepted"
    assert cli("bounces", str(tmp_path / "none")).exit_code == 1
    assert cli("bounces", str(root)).exit_code == 1


UPDATES = (
    "--updates-from",
    "Policy updates <updates@post.example>",
    "--unsubscribe",
    "https://post.example/stop?t={token}",
)


def test_the_voluntary_list_is_another_stream(root: Path, sink: Server, tmp_path: Path) -> None:
    for words, sentence in (
        (UPDATES[:2], "--unsubscribe"),
        ((*UPDATES[:2], "--unsubscribe", "http://post.example/{token}"), "https"),
        (("--updates-from", "X <privacy@policy.post.example>", *UPDATES[2:]), "sender of its own"),
        (("--left", "x"), "nobody leaves the legal notice"),
    ):
        refused = send(root, sink, people(3), *words)
        assert (refused.exit_code, sentence in refused.stderr) == (2, True), refused.output
    assert send(root, sink, people(3), *UPDATES).exit_code == 0
    heads = [email.message_from_bytes(each.raw) for each in sink.sink.mails]
    assert {each["From"] for each in heads} == {"Policy updates <updates@post.example>"}
    assert {each["List-Unsubscribe-Post"] for each in heads} == {"List-Unsubscribe=One-Click"}
    links = {each["To"].split()[-1]: each["List-Unsubscribe"] for each in heads}
    assert len(set(links.values())) == 3
    assert all(each.startswith("<https://post.example/stop?t=") for each in links.values())
    assert "example.org" not in "".join(links.values())
    status = json.loads(Cli(root)("status", *ON, "--format", "json").stdout)["pending"][0]
    assert Cli(root)("verify", "--as-of", "2020-03-05").exit_code == 0
    left = tmp_path / "left"
    token = links["<user1@example.org>"].partition("t=")[2].rstrip(">")
    left.write_text(f"{token}\nuser2@example.org\n")
    first = Cli(root)("notify", "2020-01-01", *ON, "--recipients", str(root.parent / "list.csv"), "--smtp", sink.url, *UPDATES,
                      "--left", str(left))  # fmt: skip
    assert (first.exit_code, "2 people left" in first.stderr) == (0, True), first.output
    assert [each.recipient for each in sink.sink.mails[3:]] == ["user0@example.org"]
    assert send(root, sink, people(3)).exit_code == 0  # the legal notice reaches those who left, too
    legal = [email.message_from_bytes(each.raw) for each in sink.sink.mails[4:]]
    assert len(legal) == 3
    assert not any(each["List-Unsubscribe"] for each in legal)
    # Only the legal notice is evidence of the mail that is owed.
    kinds = [each.name[5:-5] for each in sorted((root / f"versions/{PENDING}/evidence").iterdir())]
    assert kinds == ["site", "started", "updates", "started", "email"]
    assert status["state"] == "noticed"  # by the site


def test_a_full_disk_stops_before_the_next_mail(root: Path, sink: Server) -> None:
    from policytrail.errors import DeliveryError
    from policytrail.notify.drain import Drain, Sending
    from policytrail.notify.message import letter
    from policytrail.notify.queue import Queue
    from policytrail.notify.server import server
    from policytrail.notify.states import Rules

    assert send(root, sink, people(400), "--limit", "1").exit_code == 0
    with open_ledger(None, root, "") as ledger:
        with ledger.begin() as connection:
            row = ledger.notice(connection, PENDING, "legal")
        assert row is not None
        queue = Queue(ledger, row.notice, Rules())
        pages = queue._connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        queue._connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 6}")
        queue._connection.rollback()
        made = letter((root / f"versions/{PENDING}/notice/mail.eml").read_bytes())
        with pytest.raises(DeliveryError, match="full"):
            Drain(queue, Sending(server(sink.url), "a@example.org", {"": made}, connections=4)).run()
    assert 1 < len(sink.sink.mails) < 400
    resumed = notify(root, "--resume", "--smtp", sink.url)
    assert resumed.exit_code == 0, resumed.output
    assert {each.recipient for each in sink.sink.mails} == set(people(400))
    assert len(sink.sink.mails) - 400 <= 4


@pytest.mark.slow
def test_on_a_disk_that_fills_up_what_was_sent_is_written_down(root: Path, tmp_path: Path) -> None:
    """A real disk, small; the ballast gives the room. Afterwards nobody has it twice."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)]).returncode:
        pytest.skip("only root can mount a small disk")

    class Filling(Sink):
        def record(self, recipient: str, raw: bytes) -> None:
            super().record(recipient, raw)
            if len(self.mails) == 20:
                with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
                    while True:
                        filler.write(bytes(4096))

    try:
        ledger = ("--ledger", f"sqlite:///{disk}/ledger.sqlite")
        with Server(Filling()) as sink:
            stopped = send(root, sink, people(600), *ledger)
            assert (stopped.exit_code, "all that was sent is written down" in stopped.stderr) == (1, True), (
                stopped.output
            )
            assert 20 <= len(sink.sink.mails) < 600
            (disk / "filler").unlink()
            assert notify(root, "--resume", "--smtp", sink.url, *ledger).exit_code == 0
            assert sorted(each.recipient for each in sink.sink.mails) == sorted(people(600))
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_record_that_says_other_than_it_must_is_named(root: Path, sink: Server) -> None:
    from policytrail.versions.manifest import sealed

    assert send(root, sink, people(3)).exit_code == 0
    path = next((root / f"versions/{PENDING}/evidence").glob("*-email.json"))
    whole = json.loads(path.read_text())
    for change, sentence in (
        ({"counts": whole["record"]["counts"] | {"accepted": 2}}, "add up"),
        ({"messages": {"mail.eml": "0" * 64}}, "frozen ones"),
        ({"ledger": "0" * 32}, "doesn't belong"),
        ({"stated": False}, "isn't the day"),
        ({"last_accepted": "2019-01-01T00:00:00.000Z"}, "contradict"),
        ({"tree": {}}, "lacks"),
    ):
        forged = {key: value for key, value in whole.items() if key != "self"} | {"record": whole["record"] | change}
        path.write_bytes(sealed(forged))
        git(root, "commit", "--quiet", "--all", "-m", "forged")
        found = Cli(root)("verify", "--as-of", "2020-03-05")
        assert (found.exit_code, sentence in found.stderr, path.name in found.stderr) == (1, True, True), (
            change,
            found.output,
        )


def test_two_connections_never_take_the_same_delivery(root: Path, sink: Server) -> None:
    assert send(root, sink, people(200), "--connections", "12").exit_code == 0
    assert len(sink.sink.mails) == len({each.recipient for each in sink.sink.mails}) == 200
    assert threading.active_count() < 30
