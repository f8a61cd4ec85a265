"""One kept SMTP connection: opened and trusted by the standard library, then never waited for by whoever has several.

`begin` and `go_on` do what can be done at once and say when a message has an outcome; `submit` waits for it.
"""

from __future__ import annotations

import contextlib
import select
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from functools import cache

from policytrail.notify.channels.channel import LoginRejected, Mail, SenderRejected, Timeouts, Unreachable
from policytrail.notify.primitives.delivery_states import Outcome
from policytrail.notify.primitives.redact import one_line

from .protocol import GARBAGE, Command, ConnectionLost, Ending, Exchange, Reply, exchange, shown
from .server_url import Server

_LONGEST_LINE, _LONGEST_REPLY = 8192, 65_536
_LATER = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
_DROPPED = (OSError, EOFError, smtplib.SMTPException)


class Connection:
    """One connection to a server, opened when it is needed and again after a drop. `prepare` and `close` wait, nothing else
    but `submit`.

    `deadline`: until when (monotonic seconds) the server must have been heard; see `give_up`.
    """

    def __init__(self, server: Server, timeouts: Timeouts, context: ssl.SSLContext | None = None) -> None:
        self.server, self.timeouts = server, timeouts
        self._context = context or trust(server)
        self._smtp: smtplib.SMTP | None = None
        self._exchange: Exchange | None = None
        self._to_say, self._content = b"", False
        self._heard = b""
        self._reply: list[bytes] = []
        self.deadline = 0.0

    @property
    def is_open(self) -> bool:
        """Whether there is a connection now, as far as is known."""
        return self._smtp is not None

    @property
    def socket(self) -> socket.socket:
        """What to wait on. Only while the connection is open."""
        assert self._smtp is not None
        assert self._smtp.sock is not None
        return self._smtp.sock

    @property
    def has_more_to_say(self) -> bool:
        """Whether it's to be waited until the server takes more, too."""
        return bool(self._to_say)

    def prepare(self) -> None:
        """Connect, verify TLS, log in. Raises Unreachable for what may pass, SenderRejected for what won't."""
        if self._smtp is not None:
            return
        try:
            self._smtp = self._connected()
        except ssl.SSLError as error:
            reason = getattr(error, "verify_message", "") or error.reason or "TLS failed"
            raise SenderRejected(
                f"The mail server {self.server} can't be trusted: {reason}. Nothing was said to it."
            ) from None
        except smtplib.SMTPAuthenticationError as error:
            raise _login_failed(self.server, error.smtp_code) from None
        except smtplib.SMTPNotSupportedError as error:
            raise SenderRejected(
                f"The mail server {self.server} offers no {_missing(error)}; mail isn't sent without it."
            ) from None
        except smtplib.SMTPResponseException as error:
            kind = SenderRejected if 500 <= error.smtp_code < 600 else Unreachable
            raise kind(f"The mail server {self.server} answered {shown(error.smtp_code, error.smtp_error)}.") from None
        except _DROPPED as error:
            secrets = (self.server.password,)
            raise Unreachable(f"The mail server {self.server} can't be reached: {one_line(error, secrets)}.") from None

    def _connected(self) -> smtplib.SMTP:
        server, wait = self.server, self.timeouts.command
        smtp: smtplib.SMTP
        if server.security == "tls":
            smtp = smtplib.SMTP_SSL(server.host, server.port, local_name(), timeout=wait, context=self._context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, local_name(), timeout=wait)
        try:
            if server.security == "starttls":
                smtp.starttls(context=self._context)
            smtp.ehlo_or_helo_if_needed()
            if server.user:
                smtp.login(server.user, server.password)
        except BaseException:
            smtp.close()
            raise
        assert smtp.sock is not None
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.sock.setblocking(False)
        return smtp

    def begin(self, mail: Mail) -> Outcome | None:
        """See PolledChannel and `exchange`."""
        assert self._smtp is not None
        pipelining = self._smtp.has_extn("pipelining")
        begun = exchange(str(self.server), mail.sender, mail.address, mail.as_data(), pipelining)
        self._exchange, self._heard, self._reply = begun, b"", []
        return self._progress(lambda: self._say(next(begun)))

    def go_on(self) -> Outcome | None:
        """Hear and say what can be heard and said now. Out: what the message came to, None while that is open.

        Raises SenderRejected. After a drop the connection is closed; `prepare` makes a new one.
        """
        return self._progress(self._listen)

    def give_up(self) -> Outcome | None:
        """The deadline is over. Out: what the message came to."""

        def silence() -> None:
            raise TimeoutError

        return self._progress(silence)

    def submit(self, mail: Mail) -> Outcome:
        """One message from beginning to end, waiting for the server."""
        outcome = self.begin(mail)
        while outcome is None:
            wait = max(0.0, self.deadline - time.monotonic())
            there, taking, _ = select.select([self.socket], [self.socket] if self._to_say else [], [], wait)
            outcome = self.go_on() if there or taking else self.give_up()
        return outcome

    def _progress(self, work: Callable[[], None]) -> Outcome | None:
        try:
            try:
                work()
            except _LATER:
                pass
            except _DROPPED:
                assert self._exchange is not None
                self._exchange.throw(ConnectionLost(not self._to_say))
        except StopIteration as stop:
            ending: Ending = stop.value
            # Whatever else was said answers nothing that was asked: the next message would take it for its own answer.
            if not ending.stays or self._heard or self._to_say:
                self.drop()
            return ending.outcome
        except SenderRejected:
            self.drop()
            raise
        return None

    def _listen(self) -> None:
        """Take in what has come, until nothing more has. Raises StopIteration with the Ending."""
        if self._to_say:
            self._flush()
        sock, talk, more = self.socket, self._exchange, True
        assert talk is not None
        while more:
            data = sock.recv(_LONGEST_REPLY)
            if not data:
                raise EOFError
            self._heard += data
            for reply in self._replies():
                self._say(talk.send(reply))
            self._wait_longer()
            more = isinstance(sock, ssl.SSLSocket) and sock.pending() > 0

    def _replies(self) -> Iterator[Reply]:
        """The replies that are whole. A line that is none, or endless, is GARBAGE."""
        while b"\n" in self._heard:
            line, _, self._heard = self._heard.partition(b"\n")
            self._reply.append(line[4:].strip(b" \t\r"))
            known = line[:3].isdigit() and len(line) <= _LONGEST_LINE and len(self._reply) < 1000
            if known and line[3:4] == b"-":
                continue
            text, self._reply = b"\n".join(self._reply), []
            yield int(line[:3]) if known else GARBAGE, text
        if len(self._heard) > _LONGEST_LINE:
            self._heard = b""
            yield GARBAGE, b""

    def _say(self, say: Command) -> None:
        self._content = say.content
        if say.words:
            self._to_say += say.words
            self._flush()

    def _flush(self) -> None:
        while self._to_say:
            sent = self.socket.send(self._to_say)
            self._to_say = self._to_say[sent:]
            self._wait_longer()

    def _wait_longer(self) -> None:
        asked = self.timeouts.dot if self._content and not self._to_say else self.timeouts.command
        self.deadline = time.monotonic() + asked

    def drop(self) -> None:
        """Hang up."""
        if self._smtp is not None:
            self._smtp.close()
        self._smtp, self._to_say = None, b""

    def close(self) -> None:
        """Command goodbye."""
        if self._smtp is not None:
            with contextlib.suppress(*_DROPPED):
                self.socket.settimeout(5.0)
                self._smtp.quit()
        self.drop()


def trust(server: Server) -> ssl.SSLContext:
    """Whose certificates are trusted, for all connections to a server: reading them takes a while. In the clear, nobody's."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if server.security == "none" else ssl.create_default_context()


@cache
def local_name() -> str:
    """This machine's name for EHLO, asked for once: without working DNS it can take seconds."""
    return socket.getfqdn()


def _login_failed(server: Server, code: int) -> Exception:
    if 400 <= code < 500:
        return Unreachable(f"The mail server {server} can't check the password just now ({code}).")
    return LoginRejected(f"The mail server {server} doesn't accept this user and password ({code}).")


def _missing(error: smtplib.SMTPNotSupportedError) -> str:
    return "STARTTLS" if "STARTTLS" in str(error) else "way to log in"
