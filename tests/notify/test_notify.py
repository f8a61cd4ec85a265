"""The notice by mail, end to end: the real command line, real git with a bare remote, a real mail server, SQLite."""

from __future__ import annotations

import email
import json
import os
import shutil
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from notices import (
    ON,
    PENDING,
    counts,
    evidence,
    notify,
    people,
    remote_files,
    send,
    write_list,
)
from samples import git
from sinks import Server, Sink

from conftest import Cli
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.storage.files import writing
from policytrail.workspace import Workspace


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


def test_bad_lists_are_refused_whole_and_leave_nothing(root: Path, sink: Server) -> None:
    before = git(root, "rev-parse", "HEAD")
    for addresses, words, status, sentence in (
        ([*people(50), "nobody"], (), 1, "no usable address"),
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
    post = root.parent / "post.csv"
    assert notify(root, "--export-post", str(post)).exit_code == 0
    assert post.read_text().splitlines()[1:] == ['"nobody,Name nobody,en",,,invalid']


ENDS = {
    "ok+1": "accepted",
    "b550+1": "refused",
    "d550+1": "refused",
    "once-b451+1": "accepted",
    "once-b421+1": "accepted",
    "once-d452+1": "accepted",
    "once-droprcpt+1": "accepted",
    "once-dropdot+1": "accepted",
    "once-dotgarbage+1": "accepted",
    "once-garbage+1": "accepted",
    "slow+1": "accepted",
    "b451+1": "queued",
    "b421+1": "queued",
    "droprcpt+1": "queued",
    "dropdot+1": "in_doubt",
    "hang+1": "in_doubt",
}


def test_each_misbehaviour_ends_in_its_state_and_the_run_ends(root: Path, sink: Server) -> None:
    addresses = [*(f"{name}@example.org" for name in ENDS), *people(60)]
    result = send(root, sink, addresses, "--timeout", "1", "--patience", "1", "--first-wait", "0.1")
    assert result.exit_code == 3, result.output
    assert "isn't complete" in result.stderr
    with open_ledger(None, Workspace(root), "") as ledger, ledger.begin() as connection:
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
    post.write_text("of last year, for everybody to read")
    assert notify(root, "--export-post", str(post)).exit_code == 0
    assert post.stat().st_mode & 0o777 == 0o600
    assert post.read_bytes().decode() == "address,name,language,state\r\nb550+1@example.org,Name b550+1,en,refused\r\n"


def test_a_list_for_post_is_whole_or_as_it_was(root: Path, sink: Server) -> None:
    send(root, sink, [*people(3), "b550+1@example.org"])
    post = root.parent / "post" / "list.csv"
    post.parent.mkdir()
    post.write_text("the one before")
    with pytest.raises(ZeroDivisionError), writing(post) as stream:
        stream.write(b"half of" + bytes(1 // 0))
    assert [each.read_text() for each in post.parent.iterdir()] == ["the one before"]
    pipe = post.with_name("pipe")
    os.mkfifo(pipe)
    refused = notify(root, "--export-post", str(pipe))
    assert (refused.exit_code, "is no plain file" in refused.stderr) == (2, True), refused.output


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


def test_an_unreachable_server_leaves_everything_as_it_was(root: Path) -> None:
    listing = write_list(root.parent / "list.csv", people(2))
    before = git(root, "rev-parse", "HEAD")
    result = notify(root, "--recipients", str(listing), "--smtp", "smtp://127.0.0.1:1")
    assert (result.exit_code, "can't be reached" in result.stderr, git(root, "rev-parse", "HEAD")) == (1, True, before)


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
    first = Cli(root)(
        "notify",
        "2020-01-01",
        *ON,
        "--recipients",
        str(root.parent / "list.csv"),
        "--smtp",
        sink.url,
        *UPDATES,
        "--left",
        str(left),
    )
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
