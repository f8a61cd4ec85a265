"""What the ledger does for each mail, on the database's driver itself: claim, settle, mark. Errors are the driver's own.

SQLite: the statements of a transaction cost little, its sync costs all. PostgreSQL: each statement is a journey there and
back, so the settlement of all connections that wait is one statement, which is a transaction by itself.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol

from .ledger import POSTGRES_NOW, SQLITE_NOW

if TYPE_CHECKING:
    import psycopg

Rows = Sequence[Mapping[str, Any]]
_ROW = "rkey, address, name, lang, message_id, date, attempt, drops, doubts"
_DUE = "notice = {n} AND state = 'queued' AND next_at <= {now} AND address IS NOT NULL ORDER BY next_at LIMIT {many}"


class LeaseLost(Exception):
    """Another run has taken this run's rows: it must stop, and settle nothing more."""


class Writer(Protocol):
    """One run's hand on the ledger. Not thread-safe; not to be used inside a transaction of SQLAlchemy's."""

    def transaction(self) -> AbstractContextManager[Any]:
        """All of it or nothing; durable when it ends."""

    def alone(self) -> AbstractContextManager[Any]:
        """The same, for a single `settle`."""

    def now(self) -> float:
        """Seconds since 1970 by the database's clock."""

    def alive(self) -> float:
        """Make sure that nobody ends this run before the transaction does. Out: the database's clock. Raises LeaseLost."""

    def claim(self, now: float, many: int) -> list[Any]:
        """Lease the next due rows, which no other run then leases. Out: their columns, in the order of a Job's making."""

    def tell(self, events: Rows) -> None:
        """Append links of the run's chain."""

    def settle(self, settled: Rows, events: Rows, marks: Rows) -> None:
        """Write down what mails came to, and what each connection sends next. Raises LeaseLost; nothing is written then."""

    def state(self, rkey: bytes) -> str | None:
        """The state of a row that this run claimed last."""


class SqliteWriter:
    """The statements on SQLite; whoever begins holds its write lock."""

    _CLAIM = f"SELECT {_ROW} FROM delivery WHERE {_DUE.format(n=':n', now=':now', many=':many')}"
    _LEASE = "UPDATE delivery SET state = 'leased', run = ?, date = coalesce(date, ?) WHERE notice = ? AND rkey = ?"
    _SETTLE = (
        "UPDATE delivery SET state = :s, attempt = :a, drops = :d, doubts = :u, next_at = :t, code = :c, "
        "accepted_at = :at, provider_id = :p WHERE notice = :n AND rkey = :k AND state = 'leased' AND run = :r"
    )
    _MARK = "INSERT INTO sending (run, conn, rkey) VALUES (:r, :c, :k) ON CONFLICT (run, conn) DO UPDATE SET rkey = excluded.rkey"
    _TELL = (
        'INSERT INTO event (notice, rkey, at, "from", "to", code, run, prev_hash, hash) '
        "VALUES (:notice, :rkey, :at, :from, :to, :code, :run, :prev_hash, :hash)"
    )

    def __init__(self, driver: sqlite3.Connection, notice: int, run: str) -> None:
        self._driver, self._notice, self._run = driver, notice, run

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """From the write lock to the sync."""
        self._driver.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._driver.execute("COMMIT")
        except BaseException:
            if self._driver.in_transaction:
                self._driver.execute("ROLLBACK")
            raise

    alone = transaction

    def now(self) -> float:
        """See Writer."""
        (found,) = self._driver.execute(str(SQLITE_NOW)).fetchall()
        return float(found[0])

    def alive(self) -> float:
        """See Writer."""
        found = self._driver.execute(f"{SQLITE_NOW} FROM run WHERE id = ? AND ended IS NULL", (self._run,)).fetchone()
        return _time_of(found)

    def claim(self, now: float, many: int) -> list[Any]:
        """See Writer."""
        found = self._driver.execute(self._CLAIM, {"n": self._notice, "now": now, "many": many}).fetchall()
        self._driver.executemany(self._LEASE, [(self._run, now, self._notice, row[0]) for row in found])
        return found

    def tell(self, events: Rows) -> None:
        """See Writer."""
        self._driver.executemany(self._TELL, events)

    def settle(self, settled: Rows, events: Rows, marks: Rows) -> None:
        """See Writer."""
        if settled:
            own = {"n": self._notice, "r": self._run}
            if self._driver.executemany(self._SETTLE, [{**own, **each} for each in settled]).rowcount != len(settled):
                raise LeaseLost
            self.tell(events)
        self._driver.executemany(self._MARK, [{"r": self._run, **mark} for mark in marks])

    def state(self, rkey: bytes) -> str | None:
        """See Writer."""
        asked = "SELECT state FROM delivery WHERE notice = ? AND rkey = ? AND run = ?"
        found = self._driver.execute(asked, (self._notice, rkey, self._run)).fetchone()
        return found and str(found[0])


class PostgresWriter:
    """The statements on PostgreSQL, over a connection that commits each statement by itself."""

    # The number of rows is spelt out: a plan for any number reads the whole table.
    _CLAIM = (
        f"WITH due AS (SELECT rkey AS k FROM delivery WHERE {_DUE.format(n='%(n)s', now='%(now)s', many='{many}')} "
        "FOR UPDATE SKIP LOCKED) UPDATE delivery SET state = 'leased', run = %(r)s, date = coalesce(date, %(now)s) "
        f"FROM due WHERE notice = %(n)s AND rkey = due.k RETURNING {_ROW}"
    )
    # Rows come as JSON, hashes in hex: one parameter for many rows, which the driver needn't take apart.
    _EVENTS = (
        'INSERT INTO event (notice, rkey, at, "from", "to", code, run, prev_hash, hash) '
        "SELECT notice, decode(rkey, 'hex'), at, b, s, code, run, decode(prev_hash, 'hex'), decode(hash, 'hex') "
        'FROM ROWS FROM (json_to_recordset(%(events)s::json) AS (notice int, rkey text, at float8, "from" text, '
        '"to" text, code text, run text, prev_hash text, hash text)) WITH ORDINALITY '
        "AS event (notice, rkey, at, b, s, code, run, prev_hash, hash, i) ORDER BY i"
    )
    # Nothing of it may stay where the run is ended or a row isn't its own: the division by zero takes all of it back.
    _SETTLE = (
        "WITH asked AS (SELECT decode(k, 'hex') AS k, s, a, d, u, t, c, at, p FROM json_to_recordset(%(settled)s::json) "
        "AS asked (k text, s text, a int, d int, u int, t float8, c text, at text, p text) LIMIT %(many)s), "
        "done AS (UPDATE delivery SET state = s, attempt = a, drops = d, doubts = u, next_at = t, code = c, "
        "accepted_at = at, provider_id = p FROM asked "
        "WHERE notice = %(n)s AND rkey = k AND state = 'leased' AND run = %(r)s RETURNING 1), "
        f"told AS ({_EVENTS}), "
        "marked AS (INSERT INTO sending (run, conn, rkey) SELECT %(r)s, c, decode(k, 'hex') "
        "FROM json_to_recordset(%(marks)s::json) AS mark (c int, k text) "
        "ON CONFLICT (run, conn) DO UPDATE SET rkey = excluded.rkey) "
        "SELECT 1 / (count(*) = %(many)s AND EXISTS (SELECT FROM run WHERE id = %(r)s AND ended IS NULL))::int "
        "FROM done"
    )

    def __init__(self, driver: psycopg.Connection[Any], notice: int, run: str) -> None:
        self._driver, self._own = driver, {"n": notice, "r": run}
        # Planning a settlement anew takes longer than to settle.
        driver.execute("SET plan_cache_mode = force_generic_plan")

    def transaction(self) -> AbstractContextManager[Any]:
        """BEGIN to COMMIT."""
        return self._driver.transaction()

    def alone(self) -> AbstractContextManager[Any]:
        """Nothing: the statement commits by itself."""
        return nullcontext()

    def now(self) -> float:
        """See Writer."""
        (found,) = self._driver.execute(str(POSTGRES_NOW)).fetchall()
        return float(found[0])

    def alive(self) -> float:
        """See Writer. Whoever ends a run locks its row before it looks for what the run has leased."""
        asked = f"{POSTGRES_NOW} FROM run WHERE id = %(r)s AND ended IS NULL FOR SHARE"
        return _time_of(self._driver.execute(asked, self._own).fetchone())

    def claim(self, now: float, many: int) -> list[Any]:
        """See Writer."""
        claim: Any = self._CLAIM.format(many=int(many))
        return self._driver.execute(claim, self._own | {"now": now}).fetchall()

    def tell(self, events: Rows) -> None:
        """See Writer."""
        self._driver.execute(self._EVENTS, {"events": _json(events)})

    def settle(self, settled: Rows, events: Rows, marks: Rows) -> None:
        """See Writer."""
        rows = {"settled": _json(settled), "events": _json(events), "marks": _json(marks), "many": len(settled)}
        try:
            self._driver.execute(self._SETTLE, self._own | rows)
        except Exception as error:
            if getattr(error, "sqlstate", None) == _DIVISION_BY_ZERO:
                raise LeaseLost from None
            raise

    def state(self, rkey: bytes) -> str | None:
        """See Writer."""
        asked = "SELECT state FROM delivery WHERE notice = %(n)s AND rkey = %(k)s AND run = %(r)s"
        found = self._driver.execute(asked, self._own | {"k": rkey}).fetchone()
        return found and str(found[0])


def _time_of(found: Any) -> float:
    if found is None:
        raise LeaseLost
    return float(found[0])


_DIVISION_BY_ZERO = "22012"


def _json(rows: Rows) -> str:
    return json.dumps(rows, default=bytes.hex)
