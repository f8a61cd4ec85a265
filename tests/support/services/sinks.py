"""A mail server for tests that records what it accepts, and misbehaves for recipients whose address asks for it.

The part before the `+` of a recipient names a behaviour: `b550+1@example.org` is refused, `b451+..` is deferred, and so
on; `once-` in front makes it behave so the first time only. Runs in the test's process, or on its own:
`python sinks.py PORT FILE` appends one line a mail to FILE.
"""

from __future__ import annotations

import asyncio
import collections
import email
import hashlib
import sys
import time
from dataclasses import dataclass
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


def transport(server: SMTP) -> asyncio.Transport:
    """The connection that a session runs on."""
    assert isinstance(server.transport, asyncio.Transport)
    return server.transport


@dataclass(frozen=True)
class Got:
    """One accepted mail."""

    recipient: str
    message_id: str
    date: str
    body: str
    raw: bytes


class Sink:
    """The handler: what each recipient's name asks for."""

    def __init__(self) -> None:
        self.mails: list[Got] = []
        self.connections = 0
        self.times: list[float] = []
        self.auths: list[str] = []
        self.named: list[str] = []  # who was named as a recipient, whatever came of it
        self.seen: collections.Counter[str] = collections.Counter()
        self.delay = 0.0
        self.late = 1.0
        self.pipelining = False

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], *(["250-PIPELINING"] if self.pipelining else []), responses[-1]]

    def behaviour(self, recipient: str) -> str:
        name = recipient.partition("@")[0].partition("+")[0]
        if name.startswith("once-"):
            self.seen[recipient] += 1
            return name.removeprefix("once-") if self.seen[recipient] == 1 else "ok"
        return name

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        self.named.append(address)
        envelope.policytrail = self.behaviour(address)  # type: ignore[attr-defined]
        answer = {
            "b421": "421 4.3.2 going down",
            "b451": "451 4.7.1 greylisted",
            "b550": f"550 5.1.1 <{address}> unknown",
            "garbage": "this is no reply",
        }.get(envelope.policytrail)  # type: ignore[attr-defined]
        if envelope.policytrail == "droprcpt":  # type: ignore[attr-defined]
            transport(server).abort()
        if answer is None:
            envelope.rcpt_tos.append(address)
            return "250 OK"
        if answer.startswith("421"):
            await server.push(answer)
            transport(server).close()
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (recipient,) = envelope.rcpt_tos
        behaviour = envelope.policytrail  # type: ignore[attr-defined]
        if behaviour == "d550":
            return "550 5.7.1 no"
        if behaviour == "d452":
            return "452 4.2.2 full"
        if behaviour == "hang":
            await asyncio.sleep(5)
        if self.delay or behaviour == "slow":
            await asyncio.sleep(self.delay or 0.5)
        self.record(recipient, envelope.content or b"")  # type: ignore[arg-type]
        if behaviour == "late":  # taken, but the answer is long on its way
            await asyncio.sleep(self.late)
        if behaviour == "dropdot":
            transport(server).abort()
        if behaviour == "dotgarbage":
            return "what?"
        return "250 2.0.0 OK"

    def record(self, recipient: str, raw: bytes) -> None:
        message = email.message_from_bytes(raw)
        self.times.append(time.monotonic())
        self.mails.append(Got(recipient, message["Message-ID"], message["Date"], hashlib.sha256(raw).hexdigest(), raw))

    def of(self, recipient: str) -> list[Got]:
        return [each for each in self.mails if each.recipient == recipient]


class FileSink(Sink):
    """Appends a line a mail to a file before it says 250."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.file = open(path, "a", buffering=1)  # noqa: SIM115

    def record(self, recipient: str, raw: bytes) -> None:
        head = email.message_from_bytes(raw[: raw.index(b"\r\n\r\n") + 4])
        print(
            recipient,
            head["Message-ID"],
            head["Date"].replace(" ", "_"),
            hashlib.sha256(raw).hexdigest(),
            f"{time.time():.3f}",
            file=self.file,
            flush=True,
        )


class Server(Controller):
    """A sink on a free port of this machine."""

    def __init__(self, handler: Sink, port: int = 0, **words: Any) -> None:
        super().__init__(handler, hostname="127.0.0.1", port=port, ready_timeout=30, **words)
        self.sink = handler

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _trigger_server(self) -> None:
        """The controller's own check, at the port that the system chose."""
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


async def _serve(port: int, path: str) -> None:
    handler = FileSink(path)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, data_size_limit=None), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), sys.argv[2]))
