"""Returned mail as the world sends it: what failed is found whatever the report looks like, and nobody else is marked."""

from __future__ import annotations

import json
import logging
import mailbox
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from notices import counts, evidence, listed, notify, people, send
from sinks import Server

from conftest import Cli
from policytrail.errors import SourceError
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import Ledger, open_ledger
from policytrail.notify.recipients.identifiers import rkey
from policytrail.notify.records.bounces import enter, failure, mails
from policytrail.workspace import Workspace

FAILED = "Action: failed\r\nStatus: 5.1.1"


def report(*fields: str, kind: str = "delivery-status", quoted: str = "<ours@post.example>") -> bytes:
    """A returned mail; each of `fields` is the block of one recipient."""
    blocks = "\r\n\r\n".join(fields)
    return (
        "From: MAILER-DAEMON@example.org\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\nMessage-ID: <own@example.org>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n\r\nSorry.\r\n'
        f"--b\r\nContent-Type: message/{kind}\r\n\r\nReporting-MTA: dns; example.org\r\n\r\n{blocks}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID:\r\n {quoted}\r\n\r\n--b--\r\n"
    ).encode()


def final(value: str, *more: str) -> str:
    return "\r\n".join([*more, f"Final-Recipient: {value}", FAILED])


EXIM = (
    b"From: Mail Delivery System <Mailer-Daemon@x.example>\r\nSubject: Mail delivery failed: returning message to sender\r\n"
    b"X-Failed-Recipients: a@example.org\r\nMessage-ID: <own@x.example>\r\n\r\nThis message was created automatically by "
    b"mail delivery software.\r\n\r\n  a@example.org\r\n    550 unknown\r\n\r\nMessage-ID: <ours@post.example>\r\n"
)
QMAIL = (
    b"From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n\r\nHi. This is the qmail-send program at x.example.\r\n"
    b"I'm afraid I wasn't able to deliver your message to the following addresses.\r\nThis is a permanent error; I've given "
    b"up. Sorry it didn't work out.\r\n\r\n<a@example.org>:\r\nNo mailbox here by that name. (#5.1.1)\r\n\r\n"
    b"--- Below this line is a copy of the message.\r\n\r\nMessage-ID: <ours@post.example>\r\n"
)


@pytest.mark.parametrize(
    ("raw", "addresses"),
    [
        (report(final("rfc822; a@example.org")), ["a@example.org"]),
        (report(final("RFC822;<a@EXAMPLE.org>")), ["a@example.org"]),
        (report(final("rfc822;\r\n a@example.org (Ann)")), ["a@example.org"]),
        (report(final("rfc822; a@elsewhere.example", "Original-Recipient: rfc822;a@example.org")), ["a@example.org"]),
        (report(final("rfc822; a@example.org"), final("rfc822; b@example.org")), ["a@example.org", "b@example.org"]),
        (report(final("rfc822; a@example.org").replace("5.1.1", "4.4.7")), ["a@example.org"]),  # it has given up
        (report(final("utf-8; a@example.org")), []),
        (report(final("utf-8; a@example.org"), kind="global-delivery-status"), []),
        (report(final("x400; /C=US/")), []),
        (report(final("rfc822; a b c")), []),
        (report(FAILED), []),
        (EXIM, ["a@example.org"]),
        (QMAIL, ["a@example.org"]),
    ],
)
def test_what_failed_for_good_is_found(raw: bytes, addresses: list[str]) -> None:
    found = failure(raw)
    assert found is not None
    assert (found.permanent, sorted(found.addresses), found.quoted) == (True, addresses, {"ours@post.example"})


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_what_went_well_is_no_failure(action: str) -> None:
    assert failure(report(final("rfc822; a@example.org").replace("failed", action).replace("5.1.1", "2.0.0"))) is None


def test_what_is_tried_again_is_temporary() -> None:
    found = failure(report(final("rfc822; a@example.org").replace("failed", "delayed").replace("5.1.1", "4.4.1")))
    assert found is not None and not found.permanent


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 1000,
        b"From: Ann <a@example.org>\r\nSubject: Out of office\r\nIn-Reply-To: <ours@post.example>\r\n\r\nAway.\r\n",
        b"From: Ann <a@example.org>\r\nSubject: Re: privacy\r\n\r\nI got '550 user unknown <b@example.org>'. Action: failed\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\nContent-Type: message/rfc822\r\n\r\n" * 2000,
    ],
)
def test_other_mail_is_none(raw: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])  # as on the command line: what is logged is shown
    assert failure(raw) is None
    assert capsys.readouterr().err == ""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Four people who were told."""
    with open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite", Workspace(tmp_path), "first") as found:
        listed(found, tmp_path, people(4))
        with found.begin() as connection:
            connection.execute(schema.delivery.update().values(state="accepted"))
        yield found


def entered(ledger: Ledger, folder: Path, *raws: bytes) -> tuple[list[str], int]:
    """Enter these mails. Out: whose delivery is bounced then, and to how many no mail goes any more."""
    box = mailbox.mbox(folder / "box")
    for each in raws:
        box.add(each)
    box.close()
    enter(ledger, folder / "box")
    with ledger.begin() as connection:
        rows = connection.execute(schema.delivery.select()).all()
        dead = len(connection.execute(schema.suppression.select()).all())
    return sorted(each.address for each in rows if each.state == "bounced"), dead


def ours(ledger: Ledger, address: str) -> str:
    with ledger.begin() as connection:
        table = schema.delivery.c
        mark = rkey(ledger.key, address)
        return str(connection.execute(schema.delivery.select().where(table.rkey == mark)).one().message_id)


def test_a_mail_that_was_forwarded_and_failed_there_is_known_by_its_own_id(ledger: Ledger, tmp_path: Path) -> None:
    mine = ours(ledger, "user1@example.org")
    found = entered(ledger, tmp_path, dsn("ann@forward.example", mine), dsn("user2@example.org", mine))
    assert found == (["user1@example.org"], 0)  # who forwards may have read it: the next notice is tried again


def test_a_report_without_a_readable_address_is_known_by_the_id(ledger: Ledger, tmp_path: Path) -> None:
    raw = report(final("utf-8; ü@example.org"), quoted=f"<{ours(ledger, 'user3@example.org')}>")
    assert entered(ledger, tmp_path, raw) == (["user3@example.org"], 0)


def test_both_together_are_proof_and_a_name_alone_is_not(ledger: Ledger, tmp_path: Path) -> None:
    proven = dsn("user0@example.org", ours(ledger, "user0@example.org"))
    assert entered(ledger, tmp_path, proven, dsn("user2@example.org", None)) == (["user0@example.org"], 1)


def test_a_report_about_half_the_world_holds_nothing_up(ledger: Ledger, tmp_path: Path) -> None:
    world = report(*[final(f"rfc822; u{each}@example.net") for each in range(2000)])
    known = dsn("user0@example.org", ours(ledger, "user0@example.org"))
    assert entered(ledger, tmp_path, world, known) == (["user0@example.org"], 1)


def test_what_is_no_mailbox_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "text").write_text("Dear all")
    for name, said in (
        ("pipe", "no such mailbox"),
        ("none", "no such mailbox"),
        ("text", "no mbox"),
        (".", "no maildir"),
    ):
        with pytest.raises(SourceError, match=said):
            list(mails(tmp_path / name))


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
        dsn("user1@example.org", ids["user1@example.org"]),
        dsn("user2@example.org", None),
        dsn("user3@example.org", ids["user3@example.org"], "delayed", "4.4.1"),
        dsn("user4@example.org", ids["user5@example.org"]),
        dsn("stranger@example.org", None),
        b"From: a@example.org\r\nSubject: hello\r\n\r\nNo DSN.\r\n",
        b"\xff\x00garbage",
    ):
        box.add(each)
    box.close()
    cli = Cli(root)
    found = json.loads(cli("bounces", str(tmp_path / kind), "--format", "json").stdout)
    assert (found["mails"], found["temporary"], found["unknown"], found["other"]) == (7, 1, 1, 2)
    assert (found["bounced"], found["unproven"], found["late"]) == (2, 1, 2)
    again = json.loads(cli("bounces", str(tmp_path / kind), "--format", "json").stdout)
    assert (again["bounced"], again["known"]) == (0, 2)
    assert counts(root) == {"accepted": 6, "bounced": 2}
    assert cli("prove", "user1@example.org").exit_code == 0
    assert json.loads(cli("prove", "user1@example.org").stdout)["leaf"]["state"] == "accepted"
    recorded = notify(root, "--resume", "--smtp", sink.url)
    assert recorded.exit_code == 0, recorded.output
    assert [each["counts"]["bounced"] for each in evidence(root, "email")] == [0, 2]  # what came back later is recorded
    assert notify(root, "--resume", "--smtp", sink.url).exit_code == 0
    assert len(evidence(root, "email")) == 2
    assert json.loads(cli("prove", "user1@example.org").stdout)["leaf"]["state"] == "bounced"
    assert cli("verify", "--as-of", "2020-03-05").exit_code == 0
    assert cli("bounces", str(tmp_path / "none")).exit_code == 1
    assert cli("bounces", str(root)).exit_code == 1
