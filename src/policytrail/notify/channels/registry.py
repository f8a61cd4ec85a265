"""Which schemes of a URL name which channel. Another provider is one file and one line here."""

from __future__ import annotations

import time
from collections.abc import Callable

from policytrail.errors import DeliveryError, UsageError

from .channel import Channel, Destination, Options, SenderRejected, Unreachable
from .smtp.destination import smtp

_STAYS_OPEN = 10.0  # seconds

CHANNELS: dict[str, Callable[[str, Options], Destination]] = {
    "smtp": smtp,
    "smtps": smtp,
    "smtp+starttls": smtp,
}


def destination(url: str, options: Options) -> Destination:
    """The destination of a URL such as smtp+starttls://user@host:587. Raises UsageError, which doesn't repeat the URL."""
    scheme = url.partition("://")[0].lower() if "://" in url else ""
    if scheme not in CHANNELS:
        raise UsageError(
            f"--smtp must begin with {_schemes()}, for example smtp+starttls://user:password@mail.example.org:587."
        )
    return CHANNELS[scheme](url, options)


def _schemes() -> str:
    *first, last = [f"{scheme}://" for scheme in CHANNELS]
    return f"{', '.join(first)} or {last}"


class TriedOut:
    """A destination that can be tried out before anything else happens; the connection of the trial is the first one used."""

    def __init__(self, place: Destination) -> None:
        self._place = place
        self._kept: Channel | None = None
        self._until = 0.0

    def __str__(self) -> str:
        return str(self._place)

    def try_out(self) -> None:
        """Connect and log in. Raises DeliveryError where that fails."""
        channel = self._place.channel()
        try:
            channel.prepare()
        except (SenderRejected, Unreachable) as error:
            raise DeliveryError(f"{error} Nothing was sent.") from None
        self._kept, self._until = channel, time.monotonic() + _STAYS_OPEN

    def channel(self) -> Channel:
        """See Destination. A connection that has waited for long is left: the provider may hang up on it."""
        kept, self._kept = self._kept, None
        if kept is not None and time.monotonic() < self._until:
            return kept
        if kept is not None:
            kept.close()
        return self._place.channel()

    def close(self) -> None:
        """Let go of the connection of the trial, if nothing was sent over it."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None
