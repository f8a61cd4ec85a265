"""One kept SMTP connection, and one message over it: each way in which that can end has its own outcome."""

from __future__ import annotations

import contextlib
import hashlib
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from functools import cache

from ..errors import DeliveryError
from .redact import one_line
from .server import Server
from .states import Outcome

_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}", re.ASCII)
_DROPPED = (OSError, EOFError, smtplib.SMTPException)


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait for an answer: to a command, and after the final dot (RFC 5321: 10 minutes; less makes repeats)."""

    command: float = 60.0
    dot: float = 600.0


class OurFault(Exception):
    """The server refuses us rather than a recipient (connection, TLS, AUTH, MAIL FROM); its text is fit to be shown."""


class Unreachable(Exception):
    """No connection just now; its text is fit to be shown."""


class Connection:
    """One connection to a server, opened when it is needed and again after a drop."""

    def __init__(self, server: Server, timeouts: Timeouts, context: ssl.SSLContext | None = None) -> None:
        self.server, self.timeouts = server, timeouts
        self._context = context or ssl.create_default_context()
        self._smtp: smtplib.SMTP | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a connection now, as far as is known."""
        return self._smtp is not None

    def open(self) -> None:
        """Connect, verify TLS, log in. Raises Unreachable for what may pass, OurFault for what won't."""
        if self._smtp is not None:
            return
        try:
            self._smtp = self._connected()
        except ssl.SSLError as error:
            reason = getattr(error, "verify_message", "") or error.reason or "TLS failed"
            raise OurFault(
                f"The mail server {self.server} can't be trusted: {reason}. Nothing was said to it."
            ) from None
        except smtplib.SMTPAuthenticationError as error:
            raise _login_failed(self.server, error.smtp_code) from None
        except smtplib.SMTPNotSupportedError as error:
            raise OurFault(
                f"The mail server {self.server} offers no {_missing(error)}; mail isn't sent without it."
            ) from None
        except smtplib.SMTPResponseException as error:
            kind = OurFault if 500 <= error.smtp_code < 600 else Unreachable
            raise kind(f"The mail server {self.server} answered {_code(error.smtp_code, error.smtp_error)}.") from None
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
        if isinstance(smtp.sock, socket.socket):
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return smtp

    def send(self, sender: str, address: str, raw: bytes) -> Outcome:
        """One message to one recipient. In: envelope sender, a normalised address, the checked bytes.

        Raises OurFault where the server refuses the sender. After a drop the connection is closed; `open` makes a new one.
        """
        smtp = self._smtp
        assert smtp is not None
        sent_dot = False
        try:
            self._wait(self.timeouts.command)
            stopped = self._announce(smtp, sender, address)
            if stopped is not None:
                return stopped
            # One write for all: where it fails, the dot at its end wasn't sent.
            smtp.send(raw.replace(b"\r\n.", b"\r\n..") + (b".\r\n" if raw.endswith(b"\r\n") else b"\r\n.\r\n"))
            sent_dot = True
            self._wait(self.timeouts.dot)
            code, said = smtp.getreply()
        except _DROPPED:
            self._drop()
            return Outcome("doubtful" if sent_dot else "dropped", "dropped")
        if 200 <= code < 300:
            return Outcome("accepted", _code(code, said))
        return self._after_dot(code, said)

    def _announce(self, smtp: smtplib.SMTP, sender: str, address: str) -> Outcome | None:
        """MAIL, RCPT, DATA of one message; in one write where the server offers PIPELINING. Out: None if it said go on."""
        commands = (f"mail FROM:<{sender}>", f"rcpt TO:<{address}>", "data")
        together = smtp.has_extn("pipelining")
        if together:
            if "\r" in sender + address or "\n" in sender + address:
                raise ValueError("an address holds a line end")
            smtp.send("".join(f"{each}\r\n" for each in commands).encode("ascii"))
        no: tuple[str, int, bytes] | None = None
        for command in commands:
            code, said = smtp.getreply() if together else smtp.docmd(command)
            if code in ((354,) if command == "data" else (250, 251)):
                continue
            no = no or (command, code, said)
            if not together or code == 421 or not 400 <= code < 600:
                break
        if no is None:
            return None
        if together and code == 354:  # DATA was taken although nobody is to get it: end it empty
            smtp.send(b".\r\n")
            smtp.getreply()
        return self._no(*no)

    def _wait(self, seconds: float) -> None:
        if self._smtp is not None and self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)

    def _no(self, command: str, code: int, said: bytes) -> Outcome:
        """An answer before the message was sent that isn't yes."""
        words = _code(code, said)
        if code == 421 or not 400 <= code < 600:
            self._drop()
            return Outcome("deferred" if code == 421 else "dropped", words if code == 421 else "garbage")
        if command.startswith("mail") and code >= 500:
            self._drop()
            raise OurFault(f"The mail server {self.server} refuses the sender: {words}.")
        self._reset()
        return Outcome("deferred" if code < 500 else "refused", words)

    def _after_dot(self, code: int, said: bytes) -> Outcome:
        if 400 <= code < 600:
            if code == 421:
                self._drop()
            return Outcome("deferred" if code < 500 else "refused", _code(code, said))
        self._drop()
        return Outcome("doubtful", "garbage")

    def _reset(self) -> None:
        try:
            assert self._smtp is not None
            code, _ = self._smtp.docmd("rset")
            if code == 421:
                self._drop()
        except _DROPPED:
            self._drop()

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None

    def close(self) -> None:
        """Say goodbye."""
        if self._smtp is not None:
            with contextlib.suppress(*_DROPPED):
                self._wait(5.0)
                self._smtp.quit()
        self._drop()


@cache
def local_name() -> str:
    """This machine's name for EHLO, asked for once: without working DNS it can take seconds."""
    return socket.getfqdn()


def try_out(server: Server, timeouts: Timeouts) -> None:
    """Connect, verify and log in once, before anything else happens. Raises DeliveryError where that fails."""
    connection = Connection(server, timeouts)
    try:
        connection.open()
    except (OurFault, Unreachable) as error:
        raise DeliveryError(f"{error} Nobody was written to.") from None
    connection.close()


def _login_failed(server: Server, code: int) -> Exception:
    if 400 <= code < 500:
        return Unreachable(f"The mail server {server} can't check the password just now ({code}).")
    return OurFault(f"The mail server {server} doesn't accept this user and password ({code}).")


def _missing(error: smtplib.SMTPNotSupportedError) -> str:
    return "STARTTLS" if "STARTTLS" in str(error) else "way to log in"


def _code(code: int, said: bytes | str) -> str:
    """Code and enhanced code; the words only as a hash, because they may quote the address."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    enhanced = _ENHANCED.match(text)
    shown = f"{code} {enhanced.group()}" if enhanced else str(code)
    return shown if code < 400 else f"{shown} #{hashlib.sha256(text.encode()).hexdigest()[:16]}"
