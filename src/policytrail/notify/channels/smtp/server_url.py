"""Which mail server, and how safely: what an SMTP URL says. Pure."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

from policytrail.errors import UsageError

Security = Literal["none", "starttls", "tls"]
_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}


@dataclass(frozen=True)
class Server:
    """One mail server. The password never shows in its repr."""

    security: Security
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def server(url: str, password: str = "", allow_plain: bool = False) -> Server:
    """The server of a URL: smtp://, smtps:// or smtp+starttls://[user[:password]@]host[:port].

    `password` (from the environment) fills in where the URL has a user only. Raises UsageError for anything else, for
    a user without TLS, and for mail in the clear to another machine unless `allow_plain` says so.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UsageError("--smtp is no URL such as smtp+starttls://user@host:587.") from None
    if parts.scheme not in _SCHEMES or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise UsageError("--smtp must be smtp://, smtps:// or smtp+starttls://, then [user[:password]@]host:port.")
    security, usual = _SCHEMES[parts.scheme]
    found = Server(
        security,
        parts.hostname,
        port or usual,
        unquote(parts.username or ""),
        unquote(parts.password or "") or (password if parts.username else ""),
    )
    if any(not each.isprintable() for each in found.host + found.user + found.password):
        raise UsageError("--smtp holds characters that can't stand in a URL.")
    if found.user and security == "none":
        raise UsageError("A user and password go over TLS only: write smtp+starttls:// or smtps://.")
    if security == "none" and not allow_plain and not _is_loopback(found.host):
        raise UsageError(
            f"smtp:// sends to {found.host} in the clear. Write smtp+starttls:// or smtps://, or say --allow-plain."
        )
    return found


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
