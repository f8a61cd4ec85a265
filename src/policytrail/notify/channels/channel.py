"""What a way to hand over messages must offer. Between the queue and a provider stands nothing else.

A provider is one file: a `Destination` (made out of a URL by the function that `registry.py` names for its scheme) that makes
`Channel`s. A channel that waits for its provider runs in a thread of its own (`threaded.py`); one that never waits, as
SMTP's, offers a `PolledChannel` as well, and many of them share one thread.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import Protocol

from policytrail.notify.primitives.delivery_states import Outcome

from .message import MessageTemplate, content, message


class SenderRejected(Exception):
    """The provider refuses us rather than a recipient (connection, TLS, login, sender); its text is fit to be shown."""


class LoginRejected(SenderRejected):
    """The provider doesn't accept this user and password, so that trying again is of no use."""


class Unreachable(Exception):
    """The provider can't be reached just now, and nothing was handed over; its text is fit to be shown."""


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait for an answer: to a command, and once a message is out (RFC 5321: 10 minutes; less makes repeats)."""

    command: float = 60.0
    dot: float = 600.0


@dataclass(frozen=True)
class Options:
    """What a destination is made with beside its URL. `secret`: the password or key from the environment, if any.

    `allow_plain`: whether messages may leave this machine unencrypted.
    """

    secret: str = field(default="", repr=False)
    allow_plain: bool = False
    timeouts: Timeouts = field(default_factory=Timeouts)


@dataclass(slots=True)
class Mail:
    """One message to one recipient. The same values give the same bytes, so that a repeat is the same message.

    `sender` is the envelope's, `message_id` without <>, `date` in seconds since 1970, `token` for the voluntary list's link.
    """

    sender: str
    address: str
    name: str
    message_id: str
    date: float
    template: MessageTemplate
    token: str = ""

    def as_message(self) -> bytes:
        """The whole message (RFC 5322)."""
        return message(self.template, self.address, self.name, self.message_id, self.date, self.token)

    def as_data(self) -> bytes:
        """The same as SMTP's DATA carries it."""
        return content(self.template, self.address, self.name, self.message_id, self.date, self.token)


class Channel(Protocol):
    """One connection to a provider, used for one message at a time. Waits no longer than its destination's `Timeouts`."""

    def prepare(self) -> None:
        """Be ready for the next message: connect, log in, or nothing. Called again after a message that wasn't accepted.

        Raises Unreachable for what may pass, SenderRejected for what won't.
        """

    def submit(self, mail: Mail) -> Outcome:
        """Hand over one message. Out: what it came to.

        `dropped` only where the provider certainly didn't get it, `doubtful` where nobody knows; whatever this raises
        counts as doubtful, too, except Unreachable (dropped) and SenderRejected (the run stops; the message wasn't sent).
        """

    def close(self) -> None:
        """Let go of the connection, open or not."""


class PolledChannel(Channel, Protocol):
    """A channel whose `begin`, `go_on` and `give_up` never wait. `prepare` and `close` may."""

    deadline: float  # until when (monotonic seconds) the provider must have been heard; see `give_up`

    @property
    def is_open(self) -> bool:
        """Whether there is a connection now, as far as is known."""

    @property
    def socket(self) -> socket.socket:
        """What to wait on. Only while the connection is open."""

    @property
    def has_more_to_say(self) -> bool:
        """Whether it's to be waited until the socket takes more, too."""

    def begin(self, mail: Mail) -> Outcome | None:
        """Begin one message. Out: as of `go_on`. The connection must be open."""

    def go_on(self) -> Outcome | None:
        """Hear and say what can be heard and said now. Out: what the message came to, None while that is open.

        Raises SenderRejected. After a drop the connection is closed; `prepare` makes a new one.
        """

    def give_up(self) -> Outcome | None:
        """The deadline is over. Out: what the message came to."""

    def drop(self) -> None:
        """Hang up."""


class Destination(Protocol):
    """Where messages are handed over. Its text is how it's named in messages, without secrets."""

    def __str__(self) -> str: ...

    def channel(self) -> Channel:
        """A new connection, not open yet."""
