"""One message over one connection, and several connections in one thread: however the server's words arrive."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from hypothesis import given
from hypothesis import strategies as st
from notice_samples import made as frozen_mail
from notices import listed, people, send
from sinks import Server, Sink

from policytrail.notify.channels.channel import Mail, Options, SenderRejected, Timeouts
from policytrail.notify.channels.message import message_template
from policytrail.notify.channels.sender import Pace, Sender, Sending
from policytrail.notify.channels.smtp.connection import Connection
from policytrail.notify.channels.smtp.destination import smtp
from policytrail.notify.channels.smtp.protocol import ConnectionLost, Ending, Exchange, exchange
from policytrail.notify.channels.smtp.server_url import server
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.ledger.queue import Queue
from policytrail.notify.primitives.delivery_states import Outcome, Rules
from policytrail.notify.records.evidence import counts
from policytrail.workspace import Workspace

OK, GO, NO, LATER, BYE = (
    (250, b"2.0.0 OK"),
    (354, b"go on"),
    (550, b"5.1.1 no"),
    (451, b"4.7.1 later"),
    (421, b"4.3.2 bye"),
)
CONTENT = b"To: b@example.org\r\n\r\n..one\r\n...two\r\nthree\r\n.\r\n"
SAFE = Timeouts(command=5.0, dot=5.0)
MAIL = Mail("a@example.org", "b@example.org", "", "1@example.org", 0.0, message_template(frozen_mail().eml))


def carried(talk: Exchange, replies: Sequence[Any]) -> tuple[bytes, Ending]:
    """What was said to these replies, and how it ended. An exception among the replies is thrown."""
    said = [next(talk).words]
    try:
        for each in replies:
            say = talk.throw(each) if isinstance(each, ConnectionLost) else talk.send(each)
            said.append(say.words)
    except StopIteration as stop:
        return b"".join(said), stop.value
    raise AssertionError("it has no end")


@pytest.mark.parametrize("pipelining", [False, True])
@pytest.mark.parametrize(
    ("replies", "result", "stays"),
    [
        ([OK, OK, GO, OK], "accepted", True),
        ([OK, (251, b"will forward"), GO, OK], "accepted", True),
        ([OK, OK, GO, LATER], "deferred", True),
        ([OK, OK, GO, BYE], "deferred", False),
        ([OK, OK, GO, NO], "refused", True),
        ([OK, OK, GO, (-1, b"what?")], "doubtful", False),
        ([OK, OK, GO, ConnectionLost(all_said=True)], "doubtful", False),
        ([OK, OK, GO, ConnectionLost(all_said=False)], "dropped", False),
        ([OK, OK, ConnectionLost(all_said=True)], "dropped", False),
        ([OK, BYE], "deferred", False),
        ([BYE], "deferred", False),
        ([OK, (-1, b"what?")], "dropped", False),
        ([OK, (250, b"not 354"), OK], "dropped", False),
    ],
)
def test_each_answer_has_its_outcome(replies: list[Any], result: str, stays: bool, pipelining: bool) -> None:
    said, ending = carried(exchange("mx", "a@example.org", "b@example.org", CONTENT, pipelining), replies)
    assert (ending.outcome.result, ending.stays) == (result, stays)
    assert said.startswith(b"MAIL FROM:<a@example.org>\r\n")
    if GO in replies:
        assert said.endswith(CONTENT)


def test_whoever_is_refused_alone_leaves_the_connection_usable() -> None:
    said, ending = carried(exchange("mx", "a@example.org", "b@example.org", CONTENT, False), [OK, NO, OK])
    assert ending == Ending(Outcome("refused", ending.outcome.code), True)
    assert said.endswith(b"RCPT TO:<b@example.org>\r\nRSET\r\n")
    # All three commands are out already: the server takes DATA, and gets an empty message for nobody.
    said, ending = carried(exchange("mx", "a@example.org", "b@example.org", CONTENT, True), [OK, NO, GO, NO, OK])
    assert ending.outcome.result == "refused" and ending.stays
    assert said.endswith(b"DATA\r\n.\r\nRSET\r\n")
    with pytest.raises(SenderRejected, match="mx refuses the sender"):
        carried(exchange("mx", "a@example.org", "b@example.org", CONTENT, False), [NO])
    with pytest.raises(ValueError, match="line end"):
        next(exchange("mx", "a@example.org", "b@example.org\r\nRCPT TO:<c@example.org>", CONTENT, True))


@contextmanager
def scripted(*pieces: bytes) -> Iterator[Connection]:
    """A connection to a server that says these pieces, whatever it hears, and hangs up."""
    ours, theirs = socket.socketpair()

    def talk() -> None:
        for piece in pieces:
            theirs.sendall(piece)
            time.sleep(0.0005)
        theirs.shutdown(socket.SHUT_WR)

    with Server(Sink()) as at:
        connection = Connection(server(at.url), SAFE)
        connection.prepare()
    ours.setblocking(False)
    connection.socket.close()
    assert connection._smtp is not None
    connection._smtp.sock = ours
    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield connection
    finally:
        thread.join()
        ours.close()
        theirs.close()


WORDS = b"250-one\r\n250 OK\r\n250 OK\r\n354 go on\r\n250 2.6.0 taken\r\n"


@given(st.lists(st.integers(1, len(WORDS) - 1), max_size=6))
def test_it_doesn_t_matter_in_what_pieces_an_answer_comes(cuts: list[int]) -> None:
    edges = [0, *sorted(set(cuts)), len(WORDS)]
    pieces = [WORDS[start:end] for start, end in pairwise(edges)]
    with scripted(*pieces) as connection:
        assert connection.submit(MAIL) == Outcome("accepted", "250 2.6.0")
        assert connection.is_open


@pytest.mark.parametrize(
    ("words", "result"),
    [
        (WORDS + b"250 once more\r\n", "accepted"),  # whatever this answers, it isn't the next message
        (b"250 OK\r\n250 OK\r\n354 go on\r\n250", "doubtful"),
        (b"250 OK\r\n250 OK\r\n354 go on\r\n", "doubtful"),
        (b"250 OK\r\n250 OK\r\n" + b"3" * 10_000, "dropped"),
        (b"250-more\r\n" * 2_000, "dropped"),
        (b"\r\n", "dropped"),
        ("\N{SUPERSCRIPT TWO}50 OK\r\n".encode(), "dropped"),
        (b"", "dropped"),
    ],
)
def test_a_server_out_of_step_is_left(words: bytes, result: str) -> None:
    with scripted(words) as connection:
        assert connection.submit(MAIL).result == result
        assert not connection.is_open


class Crowded(SMTP):
    """Takes two connections at a time, five mails each."""

    there = 0

    def connection_made(self, transport: Any) -> None:
        Crowded.there += 1
        if Crowded.there > 2:
            transport.write(b"421 4.7.0 too many connections\r\n")
            transport.close()
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        Crowded.there -= 1
        super().connection_lost(error)


class Narrow(Server):
    def factory(self) -> SMTP:
        return Crowded(self.handler, **self.SMTP_kwargs)


def test_a_server_that_takes_fewer_connections_is_served_by_those(tmp_path: Path) -> None:
    sink = Sink()
    sink.delay = 0.02
    addresses = people(60)
    with Narrow(sink) as at, open_ledger(f"sqlite:///{tmp_path}/l.sqlite", Workspace(tmp_path), "") as ledger:
        notice = listed(ledger, tmp_path, addresses)
        made = message_template(frozen_mail().eml)
        sending = Sending(smtp(at.url, Options(timeouts=SAFE)), "a@example.org", {"": made}, 6, patience=2.0)
        Sender(Queue(ledger, notice, Rules(first_wait=0.05)), sending).run()
        with ledger.begin() as connection:
            assert counts(connection, notice)["accepted"] == 60
    assert sorted(each.recipient for each in sink.mails) == sorted(addresses)


class Restless(Sink):
    """Hangs up on whoever says nothing for a moment."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        said = await super().handle_DATA(server, session, envelope)
        asyncio.get_running_loop().call_later(0.1, server.transport.close)
        return said


def test_a_server_that_hangs_up_between_two_mails_costs_no_try(tmp_path: Path) -> None:
    sink = Restless()
    with Server(sink) as at, open_ledger(f"sqlite:///{tmp_path}/l.sqlite", Workspace(tmp_path), "") as ledger:
        notice = listed(ledger, tmp_path, people(4))
        made = message_template(frozen_mail().eml)
        sending = Sending(smtp(at.url, Options(timeouts=SAFE)), "a@example.org", {"": made}, 1, rate=3.0, patience=1.0)
        drain = Sender(Queue(ledger, notice, Rules(first_wait=0.1)), sending)
        drain.run()
    assert (drain.tally.accepted, drain.tally.dropped, drain.tally.doubtful) == (4, 0, 0)
    assert len(sink.mails) == 4


def test_a_pace_leaves_the_gap_that_was_asked_for() -> None:
    pace = Pace(50.0)
    taken = [moment / 1000 for moment in range(1000, 2000, 3) if pace.take(moment / 1000)]
    assert len(taken) == 50
    assert all(after - before >= 0.017 for before, after in pairwise(taken))
    assert [pace.take(90.0) for _ in range(3)] == [True, False, False]  # what wasn't sent in between isn't made up for
    assert all(Pace(None).take(1.0) for _ in range(9))


class Counting(Sink):
    """Counts who is connected, and who has been."""

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        return await super().handle_EHLO(server, session, envelope, hostname, responses)


@pytest.mark.parametrize("connections", [1, 3])
def test_a_run_opens_as_many_connections_as_it_was_told(root: Path, connections: int) -> None:
    """The one by which the server is tried out is one of them."""
    sink = Counting()
    with Server(sink) as at:
        assert send(root, at, people(30), "--connections", str(connections)).exit_code == 0
    assert len(sink.mails) == 30
    assert 1 <= sink.connections <= connections
