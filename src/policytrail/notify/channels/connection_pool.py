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

from .channel import Mail, PolledChannel, SenderRejected, Unreachable

_TICK = 0.1  # seconds: how often silence is looked at, and how long a stop that was asked for may go unseen
_SHORTEST_LINGER = 0.001  # seconds: where a commit is quick, waiting for others gains nothing
_BOTH = selectors.EVENT_READ | selectors.EVENT_WRITE


@dataclass(eq=False, slots=True)
class PooledConnection:
    """One connection: the delivery that it has in hand, and what that came to once it's known."""

    number: int
    channel: PolledChannel
    job: Job | None = None
    outcome: Outcome | None = None
    fault: SenderRejected | None = None
    registered: socket.socket | None = None
    wanted: int = 0


class ConnectionPool:
    """`free` have a connection and nothing to do, `talking` have a message out. Not thread-safe."""

    def __init__(self, connections: Sequence[PolledChannel], ready: Callable[[PolledChannel], bool]) -> None:
        """`ready` opens a connection, however long that takes (in a thread of its own): False where it was told to stop."""
        self._ready = ready
        self._closed = [PooledConnection(number, connection) for number, connection in enumerate(connections)]
        self.free: list[PooledConnection] = []
        self.talking: set[PooledConnection] = set()
        self._ended: list[PooledConnection] = []
        self._opened: SimpleQueue[tuple[PooledConnection, BaseException | None]] = SimpleQueue()
        self._selector = selectors.DefaultSelector()
        self._bell, self._wake = socket.socketpair()
        self._bell.setblocking(False)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._looked = time.monotonic()

    def __enter__(self) -> ConnectionPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye on every connection, at the same time."""
        self._selector.close()
        self._bell.close()
        self._wake.close()
        leaving = [connection.channel for connection in (*self.free, *self.talking, *self._closed)]
        threads = [threading.Thread(target=channel.close, daemon=True) for channel in leaving]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def open(self) -> None:
        """Have the closed ones opened."""
        for connection in self._closed:
            threading.Thread(
                target=self._open, args=(connection,), name=f"open-{connection.number}", daemon=True
            ).start()
        self._closed = []

    def _open(self, connection: PooledConnection) -> None:
        error: BaseException | None = None
        try:
            if not self._ready(connection.channel):
                return
        except BaseException as failed:  # raised by `poll`
            error = failed
        self._opened.put((connection, error))
        with contextlib.suppress(OSError):  # nobody listens any more
            self._wake.send(b".")

    def begin(self, connection: PooledConnection, mail: Mail) -> None:
        """Send the message of the connection's job."""
        self._progress(connection, partial(connection.channel.begin, mail))

    def rest(self, connection: PooledConnection) -> None:
        """The connection has nothing to do just now."""
        (self.free if connection.channel.is_open else self._closed).append(connection)

    def poll(self, wait: float, linger: float) -> list[PooledConnection]:
        """Wait until a server answers, at most so many seconds. Out: those whose message has an outcome, or a fault.

        Once there is one, `linger` seconds more are given to the others. Raises what opening a connection raised.
        """
        self._poll_once(0.0 if self._ended else min(wait, _TICK))
        until = time.monotonic() + linger
        while self._ended and self.talking and (left := until - time.monotonic()) > _SHORTEST_LINGER:
            self._poll_once(left)
        ended, self._ended = self._ended, []
        return ended

    def _poll_once(self, wait: float) -> None:
        for key, _ in self._selector.select(wait):
            if key.data is None:
                self._bell.recv(4096)
            elif key.data in self.talking:
                self._progress(key.data, key.data.channel.go_on)
            else:
                self._lose(key.data)
        now = time.monotonic()
        if now - self._looked > _TICK:
            self._looked = now
            for connection in [connection for connection in self.talking if now > connection.channel.deadline]:
                self._progress(connection, connection.channel.give_up)
        while not self._opened.empty():
            connection, error = self._opened.get()
            (self._closed if error else self.free).append(connection)
            # A server that takes fewer connections than we would make is no reason to stop.
            if error and not (isinstance(error, Unreachable) and (self.talking or self.free)):
                raise error

    def _lose(self, connection: PooledConnection) -> None:
        """The server says something that nobody asked for, or has hung up."""
        connection.channel.drop()
        self._watch(connection)
        if connection in self.free:
            self.free.remove(connection)
            self._closed.append(connection)

    def _progress(self, connection: PooledConnection, step: Callable[[], Outcome | None]) -> None:
        try:
            connection.outcome = step()
        except SenderRejected as fault:
            connection.fault = fault
        self._watch(connection)
        if connection.outcome or connection.fault:
            self.talking.discard(connection)
            self._ended.append(connection)
        else:
            self.talking.add(connection)

    def _watch(self, connection: PooledConnection) -> None:
        """Have the selector wait for what the connection waits for."""
        channel = connection.channel
        current = channel.socket if channel.is_open else None
        if connection.registered is not None and connection.registered is not current:
            self._selector.unregister(connection.registered)
            connection.registered = None
        if current is None:
            return
        wanted = _BOTH if channel.has_more_to_say else selectors.EVENT_READ
        if connection.registered is None:
            self._selector.register(current, wanted, connection)
        elif connection.wanted != wanted:
            self._selector.modify(current, wanted, connection)
        connection.registered, connection.wanted = current, wanted
