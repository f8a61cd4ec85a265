"""Send what is due: several kept connections, each settling its mail before it takes the next; one clean way to stop."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from policytrail.errors import DeliveryError, PolicytrailError
from policytrail.notify.ledger.queue import Job, Queue, Settlement
from policytrail.notify.ledger.sql_writer import LeaseLost
from policytrail.notify.primitives.delivery_states import Outcome
from policytrail.notify.recipients import identifiers

from .channel import Destination, Mail, PolledChannel, SenderRejected, Unreachable
from .connection_pool import ConnectionPool, PooledConnection
from .message import MessageTemplate
from .threaded import polled

FIRST_REFUSALS = 20  # so many 5xx in a row before anything is accepted: the fault is ours, not the recipients'
_SLOWEST_RECONNECT = 30.0
TRIED_AT_LEAST = 200  # mails, before a share of refusals says anything
_MOST_FAILURES = 100  # while stopping; then what is still out is left as doubtful
# Of what the last commit took: so long a commit waits for answers that are about to come. More makes fewer syncs, but what
# waits is a mail that is out and isn't written down: a repeat, if the process dies now.
_LINGER = 0.25


@dataclass(frozen=True)
class Sending:
    """How to send. `patience`: seconds to wait for rows that are due later, or for a server that is gone.

    `stop_at_refused`: stop where this share of those who were tried was refused.
    """

    destination: Destination
    sender: str
    templates: Mapping[str, MessageTemplate]
    connections: int = 4
    rate: float | None = None
    patience: float = 60.0
    stop_at_refused: float | None = None


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
    """At most so many messages a second, over all connections together. `next`: when (monotonic seconds) one may go."""

    def __init__(self, rate: float | None) -> None:
        self._gap = 1.0 / rate if rate else 0.0
        self.next = 0.0

    def take(self, now: float) -> bool:
        """Whether a message may go now; if so, it's counted."""
        if now < self.next:
            return False
        late = now - self.next  # who comes a little late for a turn doesn't put off the others'
        self.next = (self.next if late < self._gap else now) + self._gap
        return True


class Sender:
    """One run of a process over one notice: start, watch, stop.

    One thread sends; the one that calls `run` only watches, so that Ctrl-C never comes between a mail and its settlement.
    """

    def __init__(self, queue: Queue, sending: Sending) -> None:
        self.queue, self.sending = queue, sending
        self.tally = Tally()
        self.fault: BaseException | None = None
        self._stop = threading.Event()
        self._ended = threading.Event()
        self._pace = Pace(sending.rate)
        self._unsettled: list[PooledConnection] = []
        self._suspects: list[tuple[Job, Outcome]] = []
        self._ask_at = 0.0  # when (monotonic seconds) pool that have nothing to do ask again
        self._through = False  # whether everything due was tried, rather than the run being stopped

    def run(self, watch: Callable[[Tally], None] = lambda _: None) -> None:
        """Send until nothing is due within the patience, the limit is reached, or `stop` is called.

        Raises DeliveryError for a fault of ours (nobody is marked refused for it), a server that stays away, a ledger
        that can't be written. Whatever was sent is settled before it returns or raises.
        """
        thread = threading.Thread(target=self._guarded, name="sending", daemon=True)
        try:
            self.queue.heal()
            self.tally.due = self.queue.open()
            thread.start()
            # Not by Thread.join: where Ctrl-C raises in it, CPython takes a thread that runs for ended, and what it was
            # sending would go back to the queue.
            while not self._ended.wait(0.2):
                watch(self.tally)
        finally:
            self.stop()
            if thread.ident:
                self._ended.wait()
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
        if isinstance(self.fault, SenderRejected | Unreachable):
            raise DeliveryError(f"{self.fault} Sending has stopped; nobody was marked refused for it. Then run again.")
        if self.fault is not None:
            raise self.fault

    def _guarded(self) -> None:
        try:
            self._serve()
        except BaseException as error:
            self._fail(error)
        finally:
            self._ended.set()

    def _fail(self, error: BaseException) -> None:

        self.fault = self.fault or error
        self.stop()

    def _serve(self) -> None:
        connections = [polled(self.sending.destination.channel()) for _ in range(self.sending.connections)]
        failures = 0
        with ConnectionPool(connections, self._ready) as pool:
            while not self._through and (not self._stop.is_set() or pool.talking or self._unsettled):
                try:
                    self._turn(pool)
                except BaseException as error:
                    failures += 1
                    if self._stop.is_set():  # said once more after it failed: what can't be written is doubtful now
                        self._unsettled = []
                    self._fail(error)
                    if failures > _MOST_FAILURES:
                        return

    def _turn(self, pool: ConnectionPool) -> None:
        """Hear the servers, write down what they said, send what is next."""
        if not self._stop.is_set():
            pool.open()
        for connection in pool.poll(self._pause(pool), self.queue.took * _LINGER):
            self._judge(connection)
        self.queue.keep()
        self._settle(pool)

    def _pause(self, pool: ConnectionPool) -> float:
        """Seconds until something is to be done that no server's answer begins."""
        return max(0.0, self._next_ask() - time.monotonic()) if pool.free else math.inf

    def _next_ask(self) -> float:
        return max(self._ask_at, self._pace.next)

    def _judge(self, connection: PooledConnection) -> None:
        """What a connection's message came to, before it is written down."""
        self._unsettled.append(connection)
        if connection.fault is not None:
            self._fail(connection.fault)
            connection.job = None  # it wasn't sent, and goes back to the queue
        elif connection.job is not None and connection.outcome is not None:
            self.tally.count(connection.outcome)
            if self._suspect(connection.job, connection.outcome):
                connection.job = connection.outcome = None
            self._stop_at_refused()

    def _stop_at_refused(self) -> None:
        """Stop before a list that is too old costs the sender its reputation."""
        refused, tried = self.tally.refused, self.tally.accepted + self.tally.refused
        share = self.sending.stop_at_refused
        if share is not None and tried >= TRIED_AT_LEAST and refused >= share * tried and not self._stop.is_set():
            self._fail(
                DeliveryError(
                    f"The mail server refused {refused:,} of the first {tried:,} recipients ({refused / tried:.1%}), so sending "
                    "has stopped (--stop-at-bounces). Check the list; go on with --resume and without that option."
                )
            )

    def _settle(self, pool: ConnectionPool) -> None:
        """Settle what has an outcome; in the same commit, whoever is free gets the next delivery."""
        stopping, now = self._stop.is_set(), time.monotonic()
        if not stopping and now >= self._next_ask():
            self._unsettled, pool.free = self._unsettled + pool.free, []
        if not self._unsettled:
            return
        asked = [
            Settlement(
                each.number, each.job, each.outcome, not stopping and each.channel.is_open and self._pace.take(now)
            )
            for each in self._unsettled
        ]
        self.queue.settle(asked)
        settled, self._unsettled = self._unsettled, []
        for connection, request in zip(settled, asked, strict=True):
            connection.job, connection.outcome = request.next, None
            if connection.job is None:
                pool.rest(connection)
            else:
                self._unsettled.append(connection)
        while self._unsettled:  # whose sending isn't begun is told so, should another's fail
            self._send(pool, self._unsettled[-1])
            self._unsettled.pop()
        if any(each.more and each.next is None for each in asked):
            self._wait_for_more(pool)

    def _send(self, pool: ConnectionPool, connection: PooledConnection) -> None:
        templates, job = self.sending.templates, connection.job
        assert job is not None
        template = templates.get(job.lang) or templates.get(job.lang.split("-")[0]) or templates[""]
        token = identifiers.token(self.queue.ledger.key, job.rkey) if template.unsubscribe else ""
        mail = Mail(self.sending.sender, job.address, job.name, job.message_id, job.date, template, token)
        pool.begin(connection, mail)

    def _ready(self, channel: PolledChannel) -> bool:
        """Have a connection before a delivery is claimed; a server that is gone for long ends the run."""
        waited, pause = 0.0, 0.5
        while not self._stop.is_set():
            try:
                channel.prepare()
                return True
            except Unreachable:
                if waited >= self.sending.patience:
                    raise
            self._stop.wait(pause)
            waited, pause = waited + pause, min(pause * 2, _SLOWEST_RECONNECT)
        return False

    def _suspect(self, job: Job, outcome: Outcome) -> bool:
        """Hold a 5xx back while nothing was accepted yet. Held rows stay leased, so a crash puts them back in the queue."""
        if outcome.result != "refused":
            if outcome.result == "accepted" and self._suspects:
                held, self._suspects = self._suspects, []
                self.queue.refuse(held)
            return False
        if self.tally.accepted:
            return False
        self._suspects.append((job, outcome))
        if len(self._suspects) >= FIRST_REFUSALS:
            self._fail(
                SenderRejected(
                    f"The mail server {self.sending.destination} refused the first {FIRST_REFUSALS} recipients in a row "
                    f"({outcome.code.split(' #')[0]}); that looks like a fault on our side (sender, relay, block list)."
                )
            )
        return True

    def _wait_for_more(self, pool: ConnectionPool) -> None:
        """Nothing is due: ask again when something is due soon, or other pool may have put something back; else end."""
        due = self.queue.next_due() if self.queue.left != 0 else None
        if due is not None and due <= self.sending.patience:
            self._ask_at = time.monotonic() + min(max(due, 0.05), 1.0)
        elif pool.talking:
            self._ask_at = time.monotonic() + 0.05
        else:
            self._through = not self._stop.is_set()
