"""Which schemes of a URL name which channel. Another provider is one file and one line here."""

from __future__ import annotations

from collections.abc import Callable

from policytrail.errors import DeliveryError, UsageError

from .channel import Destination, Options, SenderRejected, Unreachable
from .smtp.destination import smtp

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


def try_out(place: Destination) -> None:
    """Connect and log in once, before anything else happens. Raises DeliveryError where that fails."""
    channel = place.channel()
    try:
        channel.prepare()
    except (SenderRejected, Unreachable) as error:
        raise DeliveryError(f"{error} Nothing was sent.") from None
    channel.close()
