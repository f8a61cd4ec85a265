"""SMTP as a channel: the server that a URL names, and connections to it that trust the same certificates."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field

from policytrail.notify.channels.channel import Options, Timeouts

from .connection import Connection, trust
from .server_url import Server, server


@dataclass(frozen=True)
class SmtpDestination:
    """A mail server and how long to wait for it. Certificates are read once, for all connections."""

    server: Server
    timeouts: Timeouts = field(default_factory=Timeouts)
    context: ssl.SSLContext | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return str(self.server)

    def channel(self) -> Connection:
        """A new connection, not open yet."""
        return Connection(self.server, self.timeouts, self.context)


def smtp(url: str, options: Options) -> SmtpDestination:
    """The destination of a URL: smtp://, smtps:// or smtp+starttls://. Raises UsageError."""
    found = server(url, options.secret, options.allow_plain)
    return SmtpDestination(found, options.timeouts, trust(found))
