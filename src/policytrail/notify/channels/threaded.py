"""A channel that waits for its provider, in a thread of its own: to the pool it looks like one that never waits."""

from __future__ import annotations

import contextlib
import math
import socket
import threading
from queue import SimpleQueue
from typing import TypeGuard

from policytrail.notify.primitives.delivery_states import Outcome

from .channel import Channel, Mail, PolledChannel, SenderRejected, Unreachable

_GONE_AFTER = 5.0  # seconds that `close` waits for a message that is out


class ThreadedChannel:
    """See PolledChannel. The provider's own timeouts bound how long a message takes, so there is no deadline here."""

    def __init__(self, channel: Channel) -> None:
        self.deadline = math.inf
        self.has_more_to_say = False
        self.is_open = False
        self._channel = channel
        self._mails: SimpleQueue[Mail | None] = SimpleQueue()
        self._answers: SimpleQueue[Outcome | BaseException] = SimpleQueue()
        self.socket, self._bell = socket.socketpair()
        self.socket.setblocking(False)
        self._thread: threading.Thread | None = None

    def prepare(self) -> None:
        """See Channel."""
        self._channel.prepare()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="channel", daemon=True)
            self._thread.start()
        self.is_open = True

    def begin(self, mail: Mail) -> Outcome | None:
        """See PolledChannel. Raises ValueError for a message that can't be put together, before anything is handed over."""
        mail.as_message()
        self._mails.put(mail)
        return None

    def submit(self, mail: Mail) -> Outcome:
        """See Channel."""
        return self._channel.submit(mail)

    def _work(self) -> None:
        while (mail := self._mails.get()) is not None:
            try:
                answer: Outcome | BaseException = self._channel.submit(mail)
            except BaseException as error:  # told by `go_on`
                answer = error
            self._answers.put(answer)
            with contextlib.suppress(OSError):  # nobody listens any more
                self._bell.send(b".")

    def go_on(self) -> Outcome | None:
        """See PolledChannel. What the channel raises means that nobody knows, unless it says that nothing was handed over."""
        with contextlib.suppress(BlockingIOError):
            self.socket.recv(1)
        if self._answers.empty():
            return None
        answer = self._answers.get()
        if isinstance(answer, Outcome):
            self.is_open = answer.result not in ("dropped", "doubtful")
            return answer
        self.is_open = False
        if isinstance(answer, SenderRejected):
            raise answer
        return Outcome("dropped" if isinstance(answer, Unreachable) else "doubtful", type(answer).__name__[:40])

    def give_up(self) -> Outcome | None:
        """See PolledChannel."""
        return self.go_on()

    def drop(self) -> None:
        """See PolledChannel."""
        self.is_open = False

    def close(self) -> None:
        """See Channel."""
        self._mails.put(None)
        if self._thread is not None:
            self._thread.join(_GONE_AFTER)
        self._channel.close()
        self.is_open = False
        self.socket.close()
        self._bell.close()


def polled(channel: Channel) -> PolledChannel:
    """The channel itself if it never waits, else one that has it wait in a thread."""
    return channel if _never_waits(channel) else ThreadedChannel(channel)


def _never_waits(channel: Channel) -> TypeGuard[PolledChannel]:
    return hasattr(type(channel), "go_on")
