"""The ledger as the queue: a run claims rows, settles each before its connection takes the next, heals dead runs.

One `Queue` is one run of one process. Settlements of several connections that wait at the same moment go into one
commit; none of them returns before that commit is durable.
"""

from __future__ import annotations

import os
import random
import secrets
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from ..errors import DeliveryError
from . import keys, schema
from .ledger import Ledger
from .redact import one_line
from .states import FAILED, Outcome, Rules, State, Step, Tries, recovered, step

T = TypeVar("T")
_PATIENCE_WITH_DATABASE = 12  # failures in a row, about a minute and a half
_D, _R, _S = schema.delivery.c, schema.run.c, schema.sending.c


class LeaseLost(Exception):
    """Another run has taken this run's rows: it must stop, and settle nothing more."""


class Chain:
    """The hash chain of one run's events: each link hashes the one before."""

    def __init__(self, run: str, notice: int, head: bytes) -> None:
        self.run, self.notice, self.head = run, notice, head

    def link(self, rkey: bytes | None, at: float, before: str, after: str, code: str) -> dict[str, Any]:
        """The next event as a row."""
        previous = self.head
        self.head = keys.event_hash(previous, self.notice, rkey, at, before, after, code, self.run)
        return {"notice": self.notice, "rkey": rkey, "at": at, "from": before, "to": after, "code": code,
                "run": self.run, "prev_hash": previous, "hash": self.head}  # fmt: skip


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
class _Request:
    conn: int
    job: Job | None
    outcome: Outcome | None
    more: bool
    next: Job | None = None
    done: bool = False


class Many:
    """A statement compiled once for many rows: what runs for each mail shouldn't be compiled or looked up again."""

    def __init__(self, statement: Any, columns: Sequence[str] | None, dialect: sa.Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        self._sql = str(compiled)
        self._order: Sequence[str] | None = compiled.positiontup
        self._fixed = {key: value for key, value in compiled.params.items() if value is not None}

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Execute it for every row. Out: how many rows of the table were changed."""
        whole = [{**self._fixed, **each} for each in rows]
        if self._order is None:
            return connection.exec_driver_sql(self._sql, whole).rowcount
        return connection.exec_driver_sql(self._sql, [tuple(row[key] for key in self._order) for row in whole]).rowcount


class Queue:
    """One run on one notice. Thread-safe: every connection of the process calls `settle`."""

    def __init__(self, ledger: Ledger, notice: int, rules: Rules, lease: float = 900.0, batch: int = 50,
                 limit: int | None = None) -> None:  # fmt: skip
        self.ledger, self.notice, self.rules, self.lease, self.batch = ledger, notice, rules, lease, batch
        self.run = secrets.token_hex(16)
        self.left = limit
        self._many = {
            name: Many(statement, keys_, ledger.engine.dialect) for name, (statement, keys_) in _STATEMENTS.items()
        }
        self._lock = threading.Lock()
        self._waiting: list[_Request] = []
        self._pool: deque[Job] = deque()
        self._connection = ledger.engine.connect()
        self._renewed = 0.0
        self._offset = 0.0
        self._chain = Chain(self.run, notice, bytes(32))
        self._transact(lambda _: self._begin_run())

    def _begin_run(self) -> None:
        now = self._clock()
        newest = sa.select(schema.event.c.hash).where(schema.event.c.notice == self.notice)
        self._chain.head = self._connection.execute(
            newest.order_by(schema.event.c.n.desc()).limit(1)
        ).scalar() or bytes(32)
        self._connection.execute(schema.run.delete().where(_R.id == self.run))
        self._connection.execute(schema.run.insert().values(
            id=self.run, notice=self.notice, host=socket.gethostname(), pid=os.getpid(), boot_id=boot_id(),
            started=now, beat=now, lease_until=now + self.lease))  # fmt: skip
        self._renewed = time.monotonic()

    def _clock(self) -> float:
        """Seconds since 1970 by the database; between two readings this machine's monotonic clock goes on from there."""
        now = self.ledger.now(self._connection)
        self._offset = now - time.monotonic()
        return now

    def settle(self, conn: int, job: Job | None, outcome: Outcome | None, more: bool = True) -> Job | None:
        """Write down what a connection's mail came to, and give it the next one in the same commit.

        In: the connection's number, what it sent (None at first), whether it wants more. Out: the next delivery, None if
        none is due. Raises LeaseLost where another run took over, DeliveryError where the ledger can't be written.
        """
        request = _Request(conn, job, outcome, more)
        self._waiting.append(request)
        with self._lock:
            if not request.done:
                batch, self._waiting = self._waiting, []
                self._commit(batch)
        return request.next

    def _commit(self, batch: list[_Request]) -> None:
        self._transact(lambda again: self._write(batch, again))
        for request in batch:
            request.done = True

    def _transact(self, work: Callable[[bool], T]) -> T:
        """Do something in one durable commit. A lost database is waited for; the work then hears that it may be done already.

        Raises DeliveryError when the ledger stays out of reach or can't be written.
        """
        failures = 0
        while True:
            pool, head, left = self._pool.copy(), self._chain.head, self.left
            try:
                if self._connection.closed or self._connection.invalidated:
                    self._reconnect()
                with self._connection.begin():
                    return work(failures > 0)
            except BaseException as error:
                self._pool, self._chain.head, self.left = pool, head, left
                if not isinstance(error, DBAPIError):
                    raise
                failures += 1
                self._mend(error, failures)

    def _mend(self, error: DBAPIError, failures: int) -> None:
        if self.ledger.sqlite and failures == 1 and self.ledger.drop_ballast():
            return
        if (
            self.ledger.sqlite
            or failures > _PATIENCE_WITH_DATABASE
            or not isinstance(error, OperationalError | InterfaceError)
        ):
            raise DeliveryError(
                f"The ledger can't be written ({one_line(error.orig or error)}); sending has stopped."
            ) from None
        self._connection.close()
        time.sleep(min(0.25 * 2**failures, 10.0))

    def _reconnect(self) -> None:
        self._connection.close()
        self._connection = self.ledger.engine.connect()
        with self._connection.begin():
            mine = sa.select(schema.event.c.hash).where(schema.event.c.run == self.run)
            newest = self._connection.execute(mine.order_by(schema.event.c.n.desc()).limit(1)).scalar()
            self._chain.head = newest or self._chain.head

    def _write(self, batch: list[_Request], again: bool) -> None:
        if time.monotonic() - self._renewed > self.lease / 3:
            self._renew()
        now = time.monotonic() + self._offset
        settled = [(each.job, each.outcome) for each in batch if each.job and each.outcome]
        if settled:
            self._settle([(job, self._step(job, outcome, now), outcome.code) for job, outcome in settled], now, again)
        wanting = [each for each in batch if each.more]
        if len(self._pool) < len(wanting) and self.left != 0:
            self._claim(len(wanting) - len(self._pool))
        for request in batch:
            request.next = self._next() if request.more else None
        marks = [{"r": self.run, "c": each.conn, "k": each.next and each.next.rkey} for each in batch]
        self._many["mark"].run(self._connection, marks)

    def _next(self) -> Job | None:
        if not self._pool or self.left == 0:
            return None
        if self.left is not None:
            self.left -= 1
        return self._pool.popleft()

    def _step(self, job: Job, outcome: Outcome, now: float) -> Step:
        return step(job.tries, outcome, now, random.random(), self.rules)

    def _settle(self, done: Sequence[tuple[Job, Step, str]], now: float, again: bool) -> None:
        if again:  # the commit before the connection was lost may have gone through
            done = [each for each in done if not self._is_settled(each[0], each[1].state)]
            if not done:
                return
        at = keys.instant(now)
        values = [
            {
                "n": self.notice, "r": self.run, "k": job.rkey, "s": after.state, "a": after.tries.attempt,
                "d": after.tries.drops, "u": after.tries.doubts, "t": after.next_at, "c": code,
                "at": at if after.state == "accepted" else "",
            }
            for job, after, code in done
        ]  # fmt: skip
        if self._many["settle"].run(self._connection, values) != len(values):
            raise LeaseLost
        links = [self._chain.link(job.rkey, now, "leased", after.state, code) for job, after, code in done]
        self._many["event"].run(self._connection, links)

    def _is_settled(self, job: Job, state: State) -> bool:
        row = self._connection.execute(
            sa.select(_D.state).where(_D.notice == self.notice, _D.rkey == job.rkey, _D.run == self.run)
        ).scalar()
        return row == state

    def _claim(self, at_least: int) -> None:
        """Lease the next due rows; two runs never lease the same one."""
        now = self._clock()
        found = self._connection.execute(_DUE, {"n": self.notice, "now": now, "many": max(self.batch, at_least)}).all()
        if not found:
            return
        leased = [{"n": self.notice, "k": row.rkey, "r": self.run, "now": now} for row in found]
        self._many["lease"].run(self._connection, leased)
        self._many["event"].run(
            self._connection, [self._chain.link(row.rkey, now, "queued", "leased", "") for row in found]
        )
        self._pool.extend(
            Job(row.rkey, row.address, row.name or "", row.lang, row.message_id, row.date or now,
                Tries(row.date or now, row.attempt, row.drops, row.doubts)) for row in found
        )  # fmt: skip

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

    def renew(self) -> None:
        """Keep the lease while connections wait for a slow server. Raises LeaseLost where it is gone."""
        with self._lock:
            self._transact(lambda _: self._renew())

    def refuse(self, jobs: Sequence[tuple[Job, Outcome]]) -> None:
        """Settle deliveries whose 5xx was held back until it was clear that the fault isn't ours."""

        def write(again: bool) -> None:
            now = time.monotonic() + self._offset
            self._settle([(job, self._step(job, outcome, now), outcome.code) for job, outcome in jobs], now, again)

        if jobs:
            with self._lock:
                self._transact(write)

    def next_due(self) -> float | None:
        """Seconds until the next queued row is due (0: now), None if none is queued."""
        query = sa.select(sa.func.min(_D.next_at)).where(_D.notice == self.notice, schema.IS_QUEUED)
        with self._lock:
            now, soonest = self._transact(lambda _: (self._clock(), self._connection.execute(query).scalar()))
        return None if soonest is None else max(0.0, soonest - now)

    def open(self) -> int:
        """How many deliveries this run may have to send."""
        query = sa.select(sa.func.count()).where(_D.notice == self.notice, schema.IS_QUEUED)
        with self._lock:
            found = self._transact(lambda _: int(self._connection.execute(query).scalar_one()))
        return found if self.left is None else min(found, self.left)

    def heal(self) -> int:
        """Take back what dead runs held: unsent rows to the queue, the one each connection was sending is doubtful."""
        hold = self.rules.hold_doubtful
        with self._lock:
            return self._transact(
                lambda _: heal(self._connection, self.ledger, self.notice, self._chain, hold, {self.run})
            )

    def close(self) -> None:
        """End the run: rows leased and not sent go back to the queue."""
        with self._lock:
            self._pool.clear()
            try:
                self._transact(lambda _: self._end())
            finally:
                self._connection.close()

    def _end(self) -> None:
        now = self._clock()
        ours = schema.run.update().where(_R.id == self.run, _R.ended.is_(None))
        if self._connection.execute(ours.values(ended=now)).rowcount == 1:
            _release(self._connection, self.notice, self.run, self._chain, now, self.rules.hold_doubtful)
            self._connection.execute(schema.run.update().where(_R.id == self.run).values(head=self._chain.head))


def heal(connection: Connection, ledger: Ledger, notice: int, chain: Chain, hold_doubtful: bool, mine: set[str]) -> int:
    """End every dead run of a notice. Dead: its process on this machine is gone, or its lease ran out. Out: how many."""
    now = ledger.now(connection)
    open_runs = connection.execute(sa.select(schema.run).where(_R.notice == notice, _R.ended.is_(None)).with_for_update(
        skip_locked=True)).all()  # fmt: skip
    dead = [each for each in open_runs if each.id not in mine and (each.lease_until < now or _gone(each))]
    for each in dead:
        _release(connection, notice, each.id, chain, now, hold_doubtful)
        connection.execute(schema.run.update().where(_R.id == each.id).values(ended=now))
    return len(dead)


def _gone(row: Any) -> bool:
    if row.host != socket.gethostname():
        return False
    return row.boot_id != boot_id() or not Path(f"/proc/{row.pid}").exists()


def _release(connection: Connection, notice: int, run: str, chain: Chain, now: float, hold_doubtful: bool) -> None:
    leased = connection.execute(
        sa.select(_D.rkey).where(_D.notice == notice, _D.state == "leased", _D.run == run)
    ).scalars().all()  # fmt: skip
    doubtful = set(
        connection.execute(sa.select(_S.rkey).where(_S.run == run, _S.rkey.is_not(None))).scalars()
    ) & set(leased)  # fmt: skip
    after = {each: recovered(each not in doubtful, hold_doubtful) for each in leased}
    if not leased:
        return
    connection.execute(
        _RELEASE, [{"n": notice, "k": each, "s": after[each], "x": int(each in doubtful)} for each in leased]
    )
    events = []
    for each in leased:
        if each in doubtful:
            events.append(chain.link(each, now, "leased", "in_doubt", f"run {run[:8]} ended"))
        if each not in doubtful or after[each] == "queued":
            events.append(chain.link(each, now, "in_doubt" if each in doubtful else "leased", after[each], ""))
    connection.execute(schema.event.insert(), events)


def requeue(connection: Connection, ledger: Ledger, notice: int) -> int:
    """Put every failed or doubtful delivery back in the queue, because a person asks for it. Out: how many."""
    now = ledger.now(connection)
    newest = (
        sa.select(schema.event.c.hash).where(schema.event.c.notice == notice).order_by(schema.event.c.n.desc()).limit(1)
    )
    chain = Chain(f"retry-{secrets.token_hex(8)}", notice, connection.execute(newest).scalar() or bytes(32))
    failed = connection.execute(
        sa.select(_D.rkey, _D.state).where(_D.notice == notice, _D.state.in_(FAILED), _D.address.is_not(None))
    ).all()  # fmt: skip
    if failed:
        connection.execute(
            schema.event.insert(), [chain.link(rkey, now, state, "queued", "retry") for rkey, state in failed]
        )
        connection.execute(_REQUEUE, [{"n": notice, "k": rkey} for rkey, _ in failed])
    return len(failed)


def boot_id() -> str:
    """This boot of this machine; empty where the system doesn't say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


_b = sa.bindparam
_DUE = (
    sa.select(_D.rkey, _D.address, _D.name, _D.lang, _D.message_id, _D.date, _D.attempt, _D.drops, _D.doubts)
    .where(_D.notice == _b("n"), schema.IS_QUEUED, _D.next_at <= _b("now"), _D.address.is_not(None))
    .order_by(_D.next_at).limit(_b("many")).with_for_update(skip_locked=True)
)  # fmt: skip
_LEASE = (
    schema.delivery.update().where(_D.notice == _b("n"), _D.rkey == _b("k"))
    .values(state="leased", run=_b("r"), date=sa.func.coalesce(_D.date, _b("now")))
)  # fmt: skip
_SETTLE = (
    schema.delivery.update()
    .where(_D.notice == _b("n"), _D.rkey == _b("k"), _D.state == "leased", _D.run == _b("r"))
    .values(state=_b("s"), attempt=_b("a"), drops=_b("d"), doubts=_b("u"), next_at=_b("t"), code=_b("c"),
            accepted_at=_b("at"))
)  # fmt: skip
_RELEASE = (
    schema.delivery.update().where(_D.notice == _b("n"), _D.rkey == _b("k"))
    .values(state=_b("s"), doubts=_D.doubts + _b("x"), next_at=0.0)
)  # fmt: skip
_REQUEUE = (
    schema.delivery.update().where(_D.notice == _b("n"), _D.rkey == _b("k"))
    .values(state="queued", next_at=0.0, attempt=0, drops=0, doubts=0,
            # An expired one was never out: it gets a new Date, and as long again. The others repeat the same bytes.
            date=sa.case((_D.state == "expired", None), else_=_D.date))
)  # fmt: skip
_MARK = sa.text("INSERT INTO sending (run, conn, rkey) VALUES (:r, :c, :k) "
                "ON CONFLICT (run, conn) DO UPDATE SET rkey = excluded.rkey")  # fmt: skip
_EVENT_COLUMNS = ("notice", "rkey", "at", "from", "to", "code", "run", "prev_hash", "hash")
_STATEMENTS: dict[str, tuple[Any, Sequence[str] | None]] = {
    "settle": (_SETTLE, None), "lease": (_LEASE, None), "mark": (_MARK, None),
    "event": (schema.event.insert().inline(), _EVENT_COLUMNS),
}  # fmt: skip
