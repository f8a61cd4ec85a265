"""The ledger as the queue: a run claims rows, settles each before its connection takes the next, heals dead runs.

One `Queue` is one run of one process. Settlements of several connections at the same moment are one commit, durable before
any of them takes its next mail.
"""

from __future__ import annotations

import os
import random
import secrets
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from policytrail.errors import DeliveryError
from policytrail.notify.primitives.delivery_states import Outcome, Rules, Tries, step
from policytrail.notify.primitives.redact import one_line
from policytrail.notify.recipients import identifiers

from . import schema
from .event_chain import Chain
from .ledger import FROZEN_AFTER, Ledger
from .recovery import boot_id, heal, newest_event, release
from .sql_writer import LeaseLost, PostgresWriter, Rows, SqliteWriter, Writer

T = TypeVar("T")
_PATIENCE_WITH_DATABASE = 12  # failures in a row, about a minute and a half
_D, _R = schema.delivery.c, schema.run.c


@dataclass(slots=True)
class Job:
    """One claimed delivery. `date` is the Date of its message, fixed at the first claim."""

    rkey: bytes
    address: str
    name: str
    lang: str
    message_id: str
    date: float
    tries: Tries


@dataclass(slots=True)
class Settlement:
    """What one connection has to say: what it sent and what came of it (None at first), whether it wants more."""

    conn: int
    job: Job | None = None
    outcome: Outcome | None = None
    more: bool = True
    next: Job | None = None


class Queue:
    """One run on one notice. Not thread-safe. `took`: the seconds of the last commit."""

    def __init__(
        self, ledger: Ledger, notice: int, rules: Rules, lease: float = 900.0, batch: int = 50, limit: int | None = None
    ) -> None:
        self.ledger, self.notice, self.rules, self.lease, self.batch = ledger, notice, rules, lease, batch
        self.run = secrets.token_hex(16)
        self.left = limit
        self.full = False
        self._driver: Any = ledger.engine.dialect.loaded_dbapi
        self._pool: deque[Job] = deque()
        self._connection, self._writer = self._connected()
        self._renewed = self.took = 0.0
        self._offset = 0.0
        self._chain = Chain(self.run, notice, bytes(32))
        self._transact(lambda _: self._begin_run())

    def _connected(self) -> tuple[sa.Connection, Writer]:
        """A connection to the ledger, and what runs for each mail on its driver."""
        connection = self.ledger.engine.connect()
        if not self.ledger.sqlite:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        driver: Any = connection.connection.driver_connection
        if self.ledger.sqlite:
            return connection, SqliteWriter(driver, self.notice, self.run)
        driver.execute(FROZEN_AFTER, [str(int(self.lease * 1000))])
        return connection, PostgresWriter(driver, self.notice, self.run)

    @contextmanager
    def _begun(self) -> Iterator[None]:
        """A transaction of several statements through SQLAlchemy, which begins SQLite's by itself."""
        with self._connection.begin(), nullcontext() if self.ledger.sqlite else self._writer.transaction():
            yield

    def _begin_run(self) -> None:
        now = self._clock()
        self._chain.head = newest_event(self._connection, self.notice)
        self._connection.execute(schema.run.delete().where(_R.id == self.run))
        self._connection.execute(
            schema.run.insert().values(
                id=self.run,
                notice=self.notice,
                host=socket.gethostname(),
                pid=os.getpid(),
                boot_id=boot_id(),
                started=now,
                beat=now,
                lease_until=now + self.lease,
            )
        )
        self._renewed = time.monotonic()

    def _clock(self) -> float:
        """Seconds since 1970 by the database; between two readings this machine's monotonic clock goes on from there."""
        return self._set_clock(self._writer.now())

    def _set_clock(self, now: float) -> float:
        self._offset = now - time.monotonic()
        return now

    def settle(self, batch: Sequence[Settlement]) -> None:
        """Write down what connections' mails came to, and give each that wants more its `next`, all in one durable commit.

        `next` stays None where none is due. Raises LeaseLost where another run took over, DeliveryError where the ledger
        can't be written; nothing of the batch counts as written then.
        """
        self.keep()
        began = time.monotonic()
        self._durably(lambda again: self._write(batch, again))
        self.took = time.monotonic() - began

    def keep(self) -> None:
        """Renew the lease when it's time to, also while every connection waits. Raises LeaseLost where it is gone."""
        if time.monotonic() - self._renewed > self.lease / 3:
            self._transact(lambda _: self._renew())

    def _transact(self, work: Callable[[bool], T]) -> T:
        """Do something through SQLAlchemy in one durable commit; see `_durably`."""

        def begun(again: bool) -> T:
            with self._begun():
                return work(again)

        return self._durably(begun)

    def _durably(self, work: Callable[[bool], T]) -> T:
        """Do something that is one transaction. A lost database is waited for; the work then hears that it may be done already.

        Raises DeliveryError when the ledger stays out of reach or can't be written.
        """
        failures = 0
        while True:
            pool, head, left = self._pool.copy(), self._chain.head, self.left
            try:
                if self._connection.closed or self._connection.invalidated:
                    self._reconnect()
                return work(failures > 0)
            except BaseException as error:
                self._pool, self._chain.head, self.left = pool, head, left
                said = error.orig if isinstance(error, DBAPIError) else error
                if not isinstance(said, self._driver.Error):
                    raise
                failures += 1
                self._mend(said, failures)

    def _mend(self, error: BaseException, failures: int) -> None:
        if self.ledger.sqlite and failures == 1 and "full" in str(error) and self.ledger.drop_ballast():
            self.full, self.left = True, 0  # the ballast's room is for what is out, not for more
            return
        lost = isinstance(error, self._driver.OperationalError | self._driver.InterfaceError)
        if self.ledger.sqlite or failures > _PATIENCE_WITH_DATABASE or not lost:
            raise DeliveryError(
                f"The ledger can't be written ({one_line(error)}); sending has stopped. Mend that (make room on its disk), "
                "then go on with --resume."
            ) from None
        if not self._connection.closed:
            self._connection.invalidate()
            self._connection.close()
        time.sleep(min(0.25 * 2**failures, 10.0))

    def _reconnect(self) -> None:
        self._connection.close()
        self._connection, self._writer = self._connected()
        with self._begun():
            mine = sa.select(schema.event.c.hash).where(schema.event.c.run == self.run)
            newest = self._connection.execute(mine.order_by(schema.event.c.n.desc()).limit(1)).scalar()
            self._chain.head = newest or self._chain.head

    def _write(self, batch: Sequence[Settlement], again: bool) -> None:
        now = time.monotonic() + self._offset
        wanting = [each for each in batch if each.more]
        missing = 0 if self.left == 0 else len(wanting) - len(self._pool)
        with self._writer.transaction() if missing > 0 or again else self._writer.alone():
            if missing > 0:
                self._claim(max(self.batch, missing))
            done = [(each.job, each.outcome) for each in batch if each.job and each.outcome]
            for request in wanting:
                request.next = self._next()
            marks = [{"c": each.conn, "k": each.next and each.next.rkey} for each in batch]
            self._settle(done, marks, now, again)

    def _next(self) -> Job | None:
        if not self._pool or self.left == 0:
            return None
        if self.left is not None:
            self.left -= 1
        return self._pool.popleft()

    def _settle(self, done: Sequence[tuple[Job, Outcome]], marks: Rows, now: float, again: bool) -> None:
        steps = [(job, step(job.tries, said, now, random.random(), self.rules), said) for job, said in done]
        if again:  # the commit before the connection was lost may have gone through
            steps = [each for each in steps if self._writer.state(each[0].rkey) != each[1].state]
        at = identifiers.instant(now)
        values = [
            {
                "k": job.rkey,
                "s": after.state,
                "a": after.tries.attempt,
                "d": after.tries.drops,
                "u": after.tries.doubts,
                "t": after.next_at,
                "c": said.code,
                "at": at if after.state == "accepted" else "",
                "p": said.provider_id[:200],
            }
            for job, after, said in steps
        ]
        links = [self._chain.link(job.rkey, now, "leased", after.state, said.code) for job, after, said in steps]
        self._writer.settle(values, links, marks)

    def _claim(self, many: int) -> None:
        """Lease the next due rows; two runs never lease the same one."""
        now = self._set_clock(self._writer.alive())
        found = self._writer.claim(now, many)
        if found:
            self._writer.tell([self._chain.link(row[0], now, "queued", "leased", "") for row in found])
            self._pool.extend(
                Job(rkey, address, name or "", lang, message_id, date or now, Tries(date or now, *counters))
                for rkey, address, name, lang, message_id, date, *counters in found
            )

    def _renew(self) -> None:
        now = self._clock()
        kept = self._connection.execute(
            schema.run.update()
            .where(_R.id == self.run, _R.ended.is_(None))
            .values(beat=now, lease_until=now + self.lease)
        )
        if kept.rowcount != 1:
            raise LeaseLost
        self._renewed = time.monotonic()

    def refuse(self, jobs: Sequence[tuple[Job, Outcome]]) -> None:
        """Settle deliveries whose 5xx was held back until it was clear that the fault isn't ours."""

        if jobs:
            self._transact(lambda again: self._settle(jobs, [], time.monotonic() + self._offset, again))

    def next_due(self) -> float | None:
        """Seconds until the next queued row is due (0: now), None if none is queued."""
        query = schema.soonest(self.notice)
        now, soonest = self._transact(lambda _: (self._clock(), self._connection.execute(query).scalar()))
        return None if soonest is None else max(0.0, soonest - now)

    def open(self) -> int:
        """How many deliveries this run may have to send."""
        query = sa.select(sa.func.count()).where(_D.notice == self.notice, schema.IS_QUEUED)
        found = self._transact(lambda _: int(self._connection.execute(query).scalar_one()))
        return found if self.left is None else min(found, self.left)

    def heal(self) -> int:
        """Take back what dead runs held: unsent rows to the queue, the one each connection was sending is doubtful."""
        hold = self.rules.hold_doubtful
        return self._transact(lambda _: heal(self._connection, self.ledger, self.notice, self._chain, hold, {self.run}))

    def close(self) -> None:
        """End the run: rows leased and not sent go back to the queue. Raises DeliveryError where the disk had become full."""
        self._pool.clear()
        try:
            self._transact(lambda _: self._end())
        finally:
            self._connection.close()
        if self.full:
            raise DeliveryError(
                "The disk of the ledger is full; sending has stopped, and all that was sent is written down. Make room, then "
                "go on with --resume."
            )

    def _end(self) -> None:
        now = self._clock()
        ours = schema.run.update().where(_R.id == self.run, _R.ended.is_(None))
        if self._connection.execute(ours.values(ended=now)).rowcount == 1:
            release(self._connection, self.notice, self.run, self._chain, now, self.rules.hold_doubtful)
            self._connection.execute(schema.run.update().where(_R.id == self.run).values(head=self._chain.head))
