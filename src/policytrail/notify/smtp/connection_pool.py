"""Several kept connections that one thread serves: it hears whoever has an answer, and waits for nobody.

One thread, because a mail is many short steps: threads that take turns at them cost more than the steps. Only opening a
connection (name, TLS, login) waits, and has a thread for as long.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue
from types import TracebackType

from policytrail.notify.ledger.queue import Job
from policytrail.notify.primitives.delivery_states import Outcome

from .connection import Connection, Unreachable
from .protocol import OurFault

_TICK = 0.1  # seconds: how often silence is looked at, and how long a stop that was asked for may go unseen
_SHORTEST_LINGER = 0.001  # seconds: where a commit is quick, waiting for others gains nothing
_BOTH = selectors.EVENT_READ | selectors.EVENT_WRITE


@dataclass(eq=False, slots=True)
class Line:
    """One connection: the delivery that it has in hand, and what that came to once it's known."""

    number: int
    connection: Connection
    job: Job | None = None
    outcome: Outcome | None = None
    fault: OurFault | None = None
    registered: socket.socket | None = None
    wanted: int = 0


class Lines:
    """`free` have a connection and nothing to do, `talking` have a message out. Not thread-safe."""

    def __init__(self, connections: Sequence[Connection], ready: Callable[[Connection], bool]) -> None:
        """`ready` opens a connection, however long that takes (in a thread of its own): False where it was told to stop."""
        self._ready = ready
        self._closed = [Line(number, connection) for number, connection in enumerate(connections)]
        self.free: list[Line] = []
        self.talking: set[Line] = set()
        self._ended: list[Line] = []
        self._opened: SimpleQueue[tuple[Line, BaseException | None]] = SimpleQueue()
        self._selector = selectors.DefaultSelector()
        self._bell, self._wake = socket.socketpair()
        self._bell.setblocking(False)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._looked = time.monotonic()

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye on every connection, at the same time."""
        self._selector.close()
        self._bell.close()
        self._wake.close()
        leaving = [line.connection for line in (*self.free, *self.talking)]
        threads = [threading.Thread(target=each.close, daemon=True) for each in leaving]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def open(self) -> None:
        """Have the closed ones opened."""
        for line in self._closed:
            threading.Thread(target=self._open, args=(line,), name=f"smtp-{line.number}", daemon=True).start()
        self._closed = []

    def _open(self, line: Line) -> None:
        error: BaseException | None = None
        try:
            if not self._ready(line.connection):
                return
        except BaseException as failed:  # told by `hear`
            error = failed
        self._opened.put((line, error))
        with contextlib.suppress(OSError):  # nobody listens any more
            self._wake.send(b".")

    def begin(self, line: Line, sender: str, content: bytes) -> None:
        """Send the message of the line's job."""
        assert line.job is not None
        self._progress(line, partial(line.connection.begin, sender, line.job.address, content))

    def rest(self, line: Line) -> None:
        """The line has nothing to do just now."""
        (self.free if line.connection.is_open else self._closed).append(line)

    def hear(self, wait: float, linger: float) -> list[Line]:
        """Wait until a server answers, at most so many seconds. Out: the lines whose message has an outcome, or a fault.

        Once there is one, `linger` seconds more are given to the others. Raises what opening a connection raised.
        """
        self._hear(0.0 if self._ended else min(wait, _TICK))
        until = time.monotonic() + linger
        while self._ended and self.talking and (left := until - time.monotonic()) > _SHORTEST_LINGER:
            self._hear(left)
        ended, self._ended = self._ended, []
        return ended

    def _hear(self, wait: float) -> None:
        for key, _ in self._selector.select(wait):
            if key.data is None:
                self._bell.recv(4096)
            elif key.data in self.talking:
                self._progress(key.data, key.data.connection.go_on)
            else:
                self._lose(key.data)
        now = time.monotonic()
        if now - self._looked > _TICK:
            self._looked = now
            for line in [each for each in self.talking if now > each.connection.deadline]:
                self._progress(line, line.connection.give_up)
        while not self._opened.empty():
            line, error = self._opened.get()
            (self._closed if error else self.free).append(line)
            # A server that takes fewer connections than we would make is no reason to stop.
            if error and not (isinstance(error, Unreachable) and (self.talking or self.free)):
                raise error

    def _lose(self, line: Line) -> None:
        """The server says something that nobody asked for, or has hung up."""
        line.connection.drop()
        self._watch(line)
        if line in self.free:
            self.free.remove(line)
            self._closed.append(line)

    def _progress(self, line: Line, step: Callable[[], Outcome | None]) -> None:
        try:
            line.outcome = step()
        except OurFault as fault:
            line.fault = fault
        self._watch(line)
        if line.outcome or line.fault:
            self.talking.discard(line)
            self._ended.append(line)
        else:
            self.talking.add(line)

    def _watch(self, line: Line) -> None:
        """Have the selector wait for what the line waits for."""
        connection = line.connection
        current = connection.socket if connection.is_open else None
        if line.registered is not None and line.registered is not current:
            self._selector.unregister(line.registered)
            line.registered = None
        if current is None:
            return
        wanted = _BOTH if connection.has_more_to_say else selectors.EVENT_READ
        if line.registered is None:
            self._selector.register(current, wanted, line)
        elif line.wanted != wanted:
            self._selector.modify(current, wanted, line)
        line.registered, line.wanted = current, wanted
