"""A withdrawn version is taken back from exactly those who were told of it: real command line, git, mail server, ledger."""

from __future__ import annotations

import email
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from notices import ON, PENDING, evidence, people, write_list
from samples import commit, edit, git
from sinks import Server

from conftest import Cli
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.ledger.recovery import requeue
from policytrail.workspace import Workspace

pytestmark = pytest.mark.slow  # seconds each; the fast part is case 19 in test_edge_cases.py
WITHDRAW = ("withdraw", PENDING, "--reason", "it isn't needed", "--by", "A. Lawyer", "--as-of", "2020-03-10")
LATER = ("--as-of", "2020-03-11")


def run(root: Path, status: int, *words: str) -> Result:
    result = Cli(root)(*words)
    assert result.exit_code == status, (words, result.output)
    return result


def tell(root: Path, sink: Server, addresses: list[str], status: int, *words: str) -> Result:
    """The notice itself."""
    listing = str(write_list(root.parent / "list.csv", addresses))
    return run(
        root, status, "notify", PENDING, *ON, "--recipients", listing, "--smtp", sink.url, "--first-wait", "0.1", *words
    )


def retract(root: Path, sink: Server, status: int, *words: str) -> Result:
    return run(root, status, "notify", PENDING, *LATER, "--retraction", "--smtp", sink.url, *words)


def withdraw(root: Path) -> None:
    run(root, 0, *WITHDRAW)
    git(root, "push", "--quiet")


def subjects(mails: list[Any]) -> set[str]:
    return {str(email.message_from_bytes(each.raw)["Subject"]) for each in mails}


def of_status(root: Path, day: str, status: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(root, status, "status", "--as-of", day, "--format", "json").stdout)
    return found


def test_exactly_those_who_were_told_are_told_again(root: Path, sink: Server) -> None:
    """Accepted and in doubt: told. Refused, bounced later, still waiting: not."""
    tell(
        root,
        sink,
        [*people(8), "b550+1@example.org", "once-dropdot+1@example.org", "b451+1@example.org"],
        3,
        "--hold-doubtful",
        "--patience",
        "0.1",
    )
    withdraw(root)
    before = len(sink.sink.mails)
    said = retract(root, sink, 0)
    assert "The retraction of 2020-04-01 is complete" in said.stderr
    told = sink.sink.mails[before:]
    assert sorted(each.recipient for each in told) == sorted([*people(8), "once-dropdot+1@example.org"])
    assert subjects(told) == {"Our privacy policy does not change on 1 April 2020"}
    assert not {each.message_id for each in told} & {each.message_id for each in sink.sink.mails[:before]}
    text = email.message_from_bytes(told[0].raw).get_payload(0).get_payload(decode=True).decode()  # type: ignore[union-attr]
    plain = " ".join(text.split())
    for words in (
        "It will not happen, and you need do nothing.",
        "stays in force",
        "job title",
        "we told you of that change",
    ):
        assert words in plain, text
    assert "List-Unsubscribe" not in email.message_from_bytes(told[0].raw)
    again = retract(root, sink, 0)
    assert ("complete since" in again.stderr, len(sink.sink.mails)) == (True, before + 9)
    (record,) = evidence(root, "retraction")
    assert (record["counts"]["accepted"], record["tree"]["size"], record["stream"]) == (9, 9, "retraction")
    run(root, 0, "verify", "--as-of", "2020-04-02")
    assert git(root, "status", "--porcelain") == ""


def test_who_was_in_doubt_and_is_tried_again_counts_as_told(root: Path, sink: Server) -> None:
    tell(root, sink, [*people(3), "once-dropdot+1@example.org"], 3, "--hold-doubtful")
    with open_ledger(None, Workspace(root), "") as ledger, ledger.begin() as connection:
        notice = ledger.notice(connection, PENDING, "legal")
        assert notice is not None
        assert requeue(connection, ledger, notice.notice) == 1  # --retry-failed, and withdrawn before the mail went out
    withdraw(root)
    dry = run(root, 0, "notify", PENDING, *LATER, "--retraction", "--dry-run", "--format", "json")
    assert json.loads(dry.stdout) == {"version": PENDING, "would_send": 4}
    before = len(sink.sink.mails)
    retract(root, sink, 0)
    assert {each.recipient for each in sink.sink.mails[before:]} == {*people(3), "once-dropdot+1@example.org"}


def test_what_is_owed_shows_until_it_is_done(root: Path, sink: Server) -> None:
    tell(root, sink, people(3), 0)
    withdraw(root)
    owed = of_status(root, "2020-03-11")["pending"][0]
    assert [each["what"] for each in owed["due"]] == ["tell those who were told by email that it is withdrawn"]
    assert "retraction-owed" in run(root, 0, "verify", *LATER, "--format", "json").stdout
    assert any("still believe it" in each for each in of_status(root, "2020-04-01", 3)["problems"])
    assert "retraction-missing" in run(root, 3, "verify", "--as-of", "2020-04-01", "--format", "json").stdout
    run(root, 0, "build", *LATER)
    for page, words in (
        ("audit", "still to be told"),
        ("upcoming", "still to be told so"),
        ("upcoming", "Withdrawn: version"),
    ):
        assert words in (root / "site" / page / "index.html").read_text()
    retract(root, sink, 0)
    done = of_status(root, "2020-04-01")
    assert (done["problems"], done["pending"][0]["due"], done["pending"][0]["notice_complete"]) == (
        [],
        [],
        "2020-03-11",
    )
    run(root, 0, "build", *LATER)
    assert "were told so by 11 March 2020" in (root / "site/upcoming/index.html").read_text()
    assert "Retraction: version 2020-04-01" in (root / "site/audit/index.html").read_text()
    run(root, 0, "build", "--as-of", "2020-04-10")
    assert not (root / "site/upcoming").exists()


def test_a_notice_withdrawn_half_way_stops_and_only_the_told_half_hears(root: Path, sink: Server) -> None:
    tell(root, sink, people(10), 0, "--limit", "4")
    withdraw(root)
    retract(root, sink, 0, "--limit", "1")
    assert evidence(root, "retraction") == []
    retract(root, sink, 0, "--resume")
    told, again = sink.sink.mails[:4], sink.sink.mails[4:]
    assert sorted(each.recipient for each in told) == sorted(each.recipient for each in again)
    resumed = Cli(root)("notify", PENDING, *LATER, "--resume", "--smtp", sink.url)
    assert (resumed.exit_code, "--retraction" in resumed.stderr, len(sink.sink.mails)) == (3, False, 8)
    report = json.loads(run(root, 0, "notify", PENDING, *LATER, "--report", "--format", "json").stdout)
    assert {state: number for state, number in report["counts"].items() if number} == {"accepted": 4, "suppressed": 6}
    assert report["events"]["broken_at"] is None
    made = run(root, 0, "prove", again[0].recipient, "--retraction")
    (root.parent / "proof.json").write_text(made.stdout)
    assert "proof holds" in run(root, 0, "prove", "--check", str(root.parent / "proof.json")).stderr


def test_what_is_refused(root: Path, sink: Server, tmp_path: Path) -> None:
    words = ("notify", PENDING, *LATER, "--retraction", "--smtp", sink.url)
    assert "isn't withdrawn" in run(root, 3, *words).stderr
    tell(root, sink, people(3), 0)
    withdraw(root)
    hint = run(root, 3, "notify", PENDING, *LATER, "--resume", "--smtp", sink.url)
    assert "told so with --retraction" in hint.stderr
    listing = str(root.parent / "list.csv")
    assert "Leave --recipients out" in run(root, 2, *words, "--recipients", listing).stderr
    run(root, 2, *words, "--updates-from", "X <x@post.example>", "--unsubscribe", "https://post.example/{token}")
    other = ("--ledger", f"sqlite:///{tmp_path}/other.sqlite")
    assert "Who was told of 2020-04-01 is in ledger" in run(root, 3, *words, *other).stderr
    assert len(sink.sink.mails) == 3
    # The ledger is lost: then everybody on a list is told, and a person has put a name to that.
    person = ("--adopt", "--by", "A. Lawyer", "--reason", "the disk is gone")
    run(root, 3, *words, *other, *person)
    run(
        root,
        0,
        *words,
        *other,
        *person,
        "--recipients",
        str(write_list(tmp_path / "all.csv", people(5))),
        "--limit",
        "2",
    )
    run(root, 0, *words, *other, "--resume")
    assert len(sink.sink.mails) == 8
    started = [each for each in evidence(root, "started") if each["stream"] == "retraction"]
    assert started[0]["adopts"]["by"] == "A. Lawyer"
    run(root, 0, "verify", "--as-of", "2020-04-02")


def test_a_nearer_date_is_told_to_all_again_and_a_later_one_is_not(root: Path, sink: Server) -> None:
    tell(root, sink, people(3), 0)
    words = ("--reason", "ready", "--by", "A. Lawyer")
    listing = str(root.parent / "list.csv")
    for effective, day, status, mails in (("2020-05-01", "2020-03-03", 3, 0), ("2020-04-20", "2020-03-05", 0, 3)):
        old = PENDING if effective == "2020-05-01" else "2020-05-01"
        run(root, 0, "reschedule", old, "--effective", effective, *words, "--as-of", day)
        git(root, "push", "--quiet")
        before = len(sink.sink.mails)
        told = run(root, status, "notify", effective, "--as-of", day, "--recipients", listing, "--smtp", sink.url)
        assert len(sink.sink.mails) == before + mails, told.output
    assert b"This replaces what we announced for 1 May 2020." in sink.sink.mails[-1].raw
    run(root, 0, "verify", "--as-of", "2020-04-20")


def test_one_mail_says_what_comes_instead_and_who_lacks_it_is_told_of_the_withdrawal(root: Path, sink: Server) -> None:
    """A change is announced in other words: withdrawn, released again. Nobody is written to twice about it, nobody is left out."""
    tell(root, sink, people(5), 0)
    withdraw(root)
    edit(root, "practices/all.yaml", "user.job_title]", "user.demographic]")
    commit(root, "other data")
    found = json.loads(Cli(root)("check", "--format", "json").stdout)["comparison"]["changes"]
    for each in [each for each in found if each["undecided"]]:
        run(root, 0, "decide", each["id"], "material", "--reason", "it is", "--by", "A. Lawyer")
    commit(root, "decided")
    run(root, 0, "release", "--effective", "2020-05-01", "--as-of", "2020-03-11")
    git(root, "push", "--quiet")
    owed = next(each for each in of_status(root, "2020-03-11")["pending"] if each["id"] == PENDING)
    assert "first give the notice of 2020-05-01" in owed["due"][0]["what"]

    listing = write_list(root.parent / "new.csv", people(3))  # the other two aren't on the list any more
    run(root, 0, "notify", "2020-05-01", *LATER, "--recipients", str(listing), "--smtp", sink.url)
    new = sink.sink.mails[5:]
    assert sorted(each.recipient for each in new) == people(3)
    assert all(b"This replaces what we announced for 1 April 2020." in each.raw for each in new)
    assert "2 people were told of" in retract(root, sink, 0, "--dry-run").stderr
    retract(root, sink, 0)
    assert sorted(each.recipient for each in sink.sink.mails[8:]) == people(5)[3:]
    (record,) = evidence(root, "retraction")
    assert (record["tree"]["size"], record["audience"]["source"]) == (
        2,
        f"the ledger: who was told of {PENDING}, and not since by the notice of 2020-05-01",
    )
    assert of_status(root, "2020-04-01")["problems"] == []
    run(root, 0, "verify", "--as-of", "2020-04-02")


def test_nobody_told_means_nobody_to_tell(root: Path, sink: Server) -> None:
    withdraw(root)
    refused = run(root, 3, "notify", PENDING, *LATER, "--retraction", "--smtp", sink.url)
    assert "Nobody was told of 2020-04-01 by mail" in refused.stderr


def test_a_fence_without_a_mail_is_taken_back_without_a_mail(root: Path, sink: Server) -> None:
    tell(root, sink, [f"b451+{each}@example.org" for each in range(3)], 3, "--patience", "0")
    withdraw(root)
    retract(root, sink, 0)
    assert (sink.sink.mails, evidence(root, "retraction")[0]["tree"]["size"]) == ([], 0)
    run(root, 0, "verify", "--as-of", "2020-04-02")


def test_a_correction_is_taken_back_from_those_who_were_told_of_what_it_corrects(root: Path, sink: Server) -> None:
    tell(root, sink, people(3), 0)
    edit(root, "clauses/sharing/promise.md", "information, except", "information - except")
    commit(root, "a typing error")
    run(root, 0, "release", "--effective", PENDING, *ON)
    git(root, "push", "--quiet")
    run(root, 0, "withdraw", f"{PENDING}.1", *WITHDRAW[2:])
    git(root, "push", "--quiet")
    run(root, 0, "notify", f"{PENDING}.1", *LATER, "--retraction", "--smtp", sink.url)
    assert sorted(each.recipient for each in sink.sink.mails[3:]) == people(3)
    assert of_status(root, "2020-04-01")["problems"] == []


def test_the_voluntary_list_hears_it_too_but_for_those_who_left(root: Path, sink: Server, tmp_path: Path) -> None:
    updates = ("--updates-from", "U <updates@post.example>", "--unsubscribe", "https://post.example/stop?t={token}")
    tell(root, sink, people(2), 0)
    tell(root, sink, [*people(3), "left@example.org"], 0, *updates)
    (tmp_path / "left").write_text("left@example.org\n")
    run(
        root,
        0,
        "notify",
        "2020-01-01",
        *ON,
        *updates,
        "--left",
        str(tmp_path / "left"),
        "--recipients",
        str(write_list(tmp_path / "one.csv", people(1))),
        "--smtp",
        sink.url,
    )
    before = len(sink.sink.mails)
    withdraw(root)
    retract(root, sink, 0)
    assert sorted(each.recipient for each in sink.sink.mails[before:]) == people(3)


def test_after_a_lost_ledger_everybody_counts_as_told(root: Path, sink: Server, tmp_path: Path) -> None:
    tell(root, sink, people(6), 0, "--limit", "2")
    other = ("--ledger", f"sqlite:///{tmp_path}/other.sqlite")
    tell(
        root, sink, people(6), 0, *other, "--adopt", "--by", "A. Lawyer", "--reason", "the disk is gone", "--limit", "1"
    )
    withdraw(root)
    before = len(sink.sink.mails)
    retract(root, sink, 0, *other)
    assert sorted(each.recipient for each in sink.sink.mails[before:]) == people(6)


def test_a_worker_that_still_holds_mails_is_waited_for(root: Path, sink: Server) -> None:
    """Rows that a live run has leased may go out at any moment: the notice stops, and the retraction waits for them."""
    tell(root, sink, people(6), 0, "--limit", "2")
    with open_ledger(None, Workspace(root), "") as ledger, ledger.begin() as connection:
        one = connection.execute(sa.select(schema.delivery.c.rkey).where(schema.IS_QUEUED).limit(1)).scalar_one()
        connection.execute(
            schema.delivery.update().where(schema.delivery.c.rkey == one).values(state="leased", run="elsewhere")
        )
    withdraw(root)
    waiting = retract(root, sink, 3)
    assert "1 mails of the withdrawn notice are still in the hands of a worker" in waiting.stderr
    with open_ledger(None, Workspace(root), "") as ledger, ledger.begin() as connection:
        left = sa.select(schema.delivery.c.state, sa.func.count()).group_by(schema.delivery.c.state)
        assert dict(connection.execute(left).all()) == {"accepted": 2, "leased": 1, "suppressed": 3}
        connection.execute(schema.delivery.update().where(schema.delivery.c.state == "leased").values(state="accepted"))
    retract(root, sink, 0)
    assert len(sink.sink.mails) == 2 + 3
