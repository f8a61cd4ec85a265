"""Another provider is one class and one registration: an HTTP API, served by this test, delivers a notice."""

from __future__ import annotations

import email
import http.client
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from notice_samples import made as frozen_mail
from notices import counts, listed, notify, people, write_list

from policytrail.errors import DeliveryError, UsageError
from policytrail.notify.channels.channel import Mail, Options, SenderRejected, Unreachable
from policytrail.notify.channels.message import message_template
from policytrail.notify.channels.registry import CHANNELS, destination
from policytrail.notify.channels.sender import Sender, Sending
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.ledger.queue import Queue
from policytrail.notify.primitives.delivery_states import Outcome, Rules
from policytrail.notify.records import evidence
from policytrail.workspace import Workspace


class Api(BaseHTTPRequestHandler):
    """Takes a message a request. The part of the address before the + says how the provider behaves."""

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        recipient = self.headers["X-Recipient"]
        got: Any = self.server
        with got.lock:
            got.most = max(got.most, got.inside + 1)
            got.inside += 1
            got.times[recipient] = got.times.get(recipient, 0) + 1
            first = got.times[recipient] == 1
        time.sleep(0.01)
        behaviour = recipient.partition("+")[0]
        status = {"unknown": 422, "unverified": 403}.get(behaviour, 200)
        if behaviour == "busy" and first:
            status = 429
        with got.lock:
            got.inside -= 1
            if status == 200:
                got.mails.append((recipient, raw))
        if behaviour == "cut" and first:  # it was taken, and nobody hears of it
            self.close_connection = True
            return
        body = json.dumps({"id": f"msg-{recipient}"}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture
def api() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    server.mails, server.times, server.lock, server.inside, server.most = [], {}, threading.Lock(), 0, 0
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


# From here: all that another provider needs.


@dataclass(frozen=True)
class ApiDestination:
    host: str
    port: int

    def __str__(self) -> str:
        return f"the API of {self.host}"

    def channel(self) -> ApiChannel:
        return ApiChannel(http.client.HTTPConnection(self.host, self.port, timeout=5.0), str(self))


@dataclass
class ApiChannel:
    http: http.client.HTTPConnection
    name: str

    def prepare(self) -> None:
        try:
            self.http.connect()
        except OSError as error:
            raise Unreachable(f"{self.name} can't be reached: {error.strerror}.") from None

    def submit(self, mail: Mail) -> Outcome:
        self.http.request("POST", "/send", mail.as_message(), {"X-Recipient": mail.address})
        answer = self.http.getresponse()
        answer.read()
        if answer.status == 403:
            raise SenderRejected(f"{self.name} doesn't accept this sender.")
        result = {200: "accepted", 429: "deferred", 422: "refused"}[answer.status]
        return Outcome(result, str(answer.status))  # type: ignore[arg-type]

    def close(self) -> None:
        self.http.close()


def api_destination(url: str, _: Options) -> ApiDestination:
    parts = urlsplit(url)
    return ApiDestination(parts.hostname or "", parts.port or 443)


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CHANNELS, "test+http", api_destination)


def url_of(api: Any) -> str:
    return f"test+http://127.0.0.1:{api.server_address[1]}"


@pytest.mark.usefixtures("registered")
def test_a_notice_goes_out_through_a_channel_that_one_registration_adds(root: Path, api: Any) -> None:
    addresses = people(30)
    listing = write_list(root.parent / "list.csv", addresses)
    result = notify(root, "--recipients", str(listing), "--smtp", url_of(api), "--connections", "4")
    assert result.exit_code == 0, result.output
    assert counts(root) == {"accepted": 30}
    assert sorted(recipient for recipient, _ in api.mails) == sorted(addresses)
    for recipient, raw in api.mails:
        assert recipient in str(email.message_from_bytes(raw)["To"])
    assert 1 < api.most <= 4  # connections work at the same time, each at one message


def sent(tmp_path: Path, api: Any, addresses: list[str], rules: Rules) -> tuple[Sender, dict[str, int]]:
    with open_ledger(f"sqlite:///{tmp_path}/l.sqlite", Workspace(tmp_path), "") as ledger:
        notice = listed(ledger, tmp_path, addresses)
        template = message_template(frozen_mail().eml)
        sending = Sending(destination(url_of(api), Options()), "a@example.org", {"": template}, 3, patience=2.0)
        sender = Sender(Queue(ledger, notice, rules), sending)
        try:
            sender.run()
        finally:
            with ledger.begin() as connection:
                found = {state: number for state, number in evidence.counts(connection, notice).items() if number}
                marks = connection.execute(schema.sending.select()).all()
    assert all(mark.rkey is None for mark in marks) or sender.fault
    return sender, found


@pytest.mark.usefixtures("registered")
def test_what_the_provider_answers_has_the_same_outcomes_as_over_smtp(tmp_path: Path, api: Any) -> None:
    addresses = ["ok+1@example.org", "cut+1@example.org", "busy+1@example.org", "unknown+1@example.org"]
    sender, found = sent(tmp_path, api, addresses, Rules(first_wait=0.05))
    assert found == {"accepted": 3, "refused": 1}
    assert (sender.tally.doubtful, sender.tally.deferred) == (1, 1)
    copies = [raw for recipient, raw in api.mails if recipient == "cut+1@example.org"]
    assert len(copies) == 2 and len(set(copies)) == 1  # a repeat is the same message


@pytest.mark.usefixtures("registered")
def test_what_may_be_out_is_held_where_a_person_asks_for_that(tmp_path: Path, api: Any) -> None:
    _, found = sent(tmp_path, api, ["ok+1@example.org", "cut+1@example.org"], Rules(hold_doubtful=True))
    assert found == {"accepted": 1, "in_doubt": 1}
    assert api.times["cut+1@example.org"] == 1


@pytest.mark.usefixtures("registered")
def test_a_provider_that_rejects_the_sender_stops_the_run_and_marks_nobody(tmp_path: Path, api: Any) -> None:
    with pytest.raises(DeliveryError, match="doesn't accept this sender"):
        sent(tmp_path, api, ["unverified+1@example.org", "unverified+2@example.org"], Rules())
    with open_ledger(f"sqlite:///{tmp_path}/l.sqlite", Workspace(tmp_path), "") as ledger, ledger.begin() as connection:
        assert {row.state for row in connection.execute(schema.delivery.select())} == {"queued"}


def test_a_scheme_that_nobody_registered_is_refused() -> None:
    with pytest.raises(UsageError, match=r"smtp://, smtps:// or smtp\+starttls://") as caught:
        destination("pigeon://secret@loft", Options())
    assert "secret" not in str(caught.value)
