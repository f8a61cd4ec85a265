"""Send what is due: several kept connections, each settling its mail before it takes the next; one clean way to stop."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from ..errors import DeliveryError, PolicytrailError
from . import keys
from .message import Letter, message
from .queue import Job, Queue
from .server import Server
from .smtp import Connection, OurFault, Timeouts, Unreachable
from .states import Outcome
from .writer import LeaseLost

FIRST_REFUSALS = 20  # so many 5xx in a row before anything is accepted: the fault is ours, not the recipients'
_SLOWEST_RECONNECT = 30.0
# Seconds for which a thread keeps the interpreter from one that has its server's answer: the usual 5 ms are many mails.
_SWITCH = 0.0005


@dataclass(frozen=True)
class Sending:
    """How to send. `patience`: seconds to wait for rows that are due later, or for a server that is gone."""

    server: Server
    sender: str
    letters: Mapping[str, Letter]
    connections: int = 4
    rate: float | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)
    patience: float = 60.0


@dataclass
class Tally:
    """What this run did so far; `due` is how many deliveries were open when it began."""

    accepted: int = 0
    deferred: int = 0
    refused: int = 0
    dropped: int = 0
    doubtful: int = 0
    due: int = 0

    def count(self, outcome: Outcome) -> None:
        """One more."""
        setattr(self, outcome.result, getattr(self, outcome.result) + 1)

    def add(self, other: Tally) -> None:
        """What another stretch of the same run did."""
        for name, number in vars(other).items():
            setattr(self, name, getattr(self, name) + number)


class Pace:
    """At most so many messages a second, over all connections together."""

    def __init__(self, rate: float | None) -> None:
        self._gap = 1.0 / rate if rate else 0.0
        self._next = time.monotonic()
        self._lock = threading.Lock()

    def wait(self, stop: threading.Event) -> None:
        """Sleep until the next message may go."""
        if not self._gap:
            return
        with self._lock:
            at = max(self._next, time.monotonic())
            self._next = at + self._gap
        stop.wait(max(0.0, at - time.monotonic()))


class Drain:
    """One run of a process over one notice: start, watch, stop."""

    def __init__(self, queue: Queue, sending: Sending) -> None:
        self.queue, self.sending = queue, sending
        self.tally = Tally()
        self.fault: BaseException | None = None
        self._stop = threading.Event()
        self._pace = Pace(sending.rate)
        self._guard = threading.Lock()
        self._suspects: list[tuple[Job, Outcome]] = []
        self._busy = 0
        self._ended = [threading.Event() for _ in range(sending.connections)]
        self._through = False  # whether everything due was tried, rather than the run being stopped

    def run(self, watch: Callable[[Tally], None] = lambda _: None) -> None:
        """Send until nothing is due within the patience, the limit is reached, or `stop` is called.

        Raises DeliveryError for a fault of ours (nobody is marked refused for it), a server that stays away, a ledger
        that can't be written. Whatever was sent is settled before it returns or raises.
        """
        threads = [
            threading.Thread(target=self._guarded, args=(number,), name=f"smtp-{number}", daemon=True)
            for number in range(self.sending.connections)
        ]
        beat = threading.Thread(target=self._beat, name="lease", daemon=True)
        interval = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH)
        try:
            self.queue.heal()
            self.tally.due = self.queue.open()
            for each in (*threads, beat):
                each.start()
            # Not by Thread.join: where Ctrl-C raises in it, CPython takes a connection that runs for ended, and what it was
            # sending would go back to the queue.
            while running := [each for each in self._ended if not each.is_set()]:
                running[0].wait(0.2)
                watch(self.tally)
            self._through = not self._stop.is_set()
        finally:
            sys.setswitchinterval(interval)
            self.stop()
            for thread, ended in zip(threads, self._ended, strict=True):
                if thread.ident:
                    ended.wait()
            self._finish()
        watch(self.tally)

    def stop(self) -> None:
        """Each connection finishes and settles the message that it is sending, and takes no other."""
        self._stop.set()

    def _finish(self) -> None:
        try:
            if self._through and self._suspects:
                self.queue.refuse(self._suspects)
            self.queue.close()
        except (LeaseLost, PolicytrailError) as error:
            self.fault = self.fault or error
        if isinstance(self.fault, LeaseLost):
            raise DeliveryError(
                "Another run has taken over what this one held (it was frozen or too slow); it has stopped."
            )
        if isinstance(self.fault, OurFault | Unreachable):
            raise DeliveryError(f"{self.fault} Sending has stopped; nobody was marked refused for it. Then run again.")
        if self.fault is not None:
            raise self.fault

    def _guarded(self, number: int) -> None:
        try:
            self._connection_loop(number)
        except BaseException as error:
            self.fault = self.fault or error
            self.stop()
        finally:
            self._ended[number].set()

    def _connection_loop(self, number: int) -> None:
        connection = Connection(self.sending.server, self.sending.timeouts)
        job: Job | None = None
        outcome: Outcome | None = None
        try:
            while not self._stop.is_set():
                ready = self._ready(connection) if outcome is None else connection.is_open
                job = self.queue.settle(number, job, outcome, more=ready and not self._stop.is_set())
                outcome = None
                if job is None:
                    if ready and not self._wait_for_more():
                        return
                    continue
                with self._working():
                    self._pace.wait(self._stop)
                    outcome = self._send(connection, job)
                if self._suspect(job, outcome):
                    job = outcome = None
        finally:
            # What was sent is written down, and the mark of what this connection is sending is cleared.
            try:
                self.queue.settle(number, job if outcome else None, outcome, more=False)
            except (LeaseLost, PolicytrailError) as error:
                self.fault = self.fault or error
            connection.close()

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Counts the connections that have a delivery in hand, so that idle ones wait for what may come back."""
        with self._guard:
            self._busy += 1
        try:
            yield
        finally:
            with self._guard:
                self._busy -= 1

    def _send(self, connection: Connection, job: Job) -> Outcome:
        letters = self.sending.letters
        letter = letters.get(job.lang) or letters.get(job.lang.split("-")[0]) or letters[""]
        token = keys.token(self.queue.ledger.key, job.rkey) if letter.unsubscribe else ""
        raw = message(letter, job.address, job.name, job.message_id, job.date, token)
        outcome = connection.send(self.sending.sender, job.address, raw)
        with self._guard:
            self.tally.count(outcome)
        return outcome

    def _ready(self, connection: Connection) -> bool:
        """Have a connection before a delivery is claimed; a server that is gone for long ends the run."""
        waited, pause = 0.0, 0.5
        while not self._stop.is_set():
            try:
                connection.open()
                return True
            except Unreachable:
                if waited >= self.sending.patience:
                    raise
            self._stop.wait(pause)
            waited, pause = waited + pause, min(pause * 2, _SLOWEST_RECONNECT)
        return False

    def _suspect(self, job: Job, outcome: Outcome) -> bool:
        """Hold a 5xx back while nothing was accepted yet. Held rows stay leased, so a crash puts them back in the queue."""
        with self._guard:
            if outcome.result != "refused":
                if outcome.result == "accepted" and self._suspects:
                    held, self._suspects = self._suspects, []
                    self.queue.refuse(held)
                return False
            if self.tally.accepted:
                return False
            self._suspects.append((job, outcome))
            if len(self._suspects) >= FIRST_REFUSALS:
                self.fault = self.fault or OurFault(
                    f"The mail server {self.sending.server} refused the first {FIRST_REFUSALS} recipients in a row "
                    f"({outcome.code.split(' #')[0]}); that looks like a fault on our side (sender, relay, block list)."
                )
                self.stop()
            return True

    def _wait_for_more(self) -> bool:
        """Nothing is due: wait for what is due soon, or for what other connections may put back. False: end."""
        due = self.queue.next_due() if self.queue.left != 0 else None
        if due is not None and due <= self.sending.patience:
            self._stop.wait(min(max(due, 0.05), 1.0))
            return True
        if self._busy:
            self._stop.wait(0.05)
            return True
        return False

    def _beat(self) -> None:
        while not self._stop.wait(self.queue.lease / 3):
            try:
                self.queue.renew()
            except BaseException as error:
                self.fault = self.fault or error
                self.stop()
