"""The statements that run for each mail, and how they run: compiled once, for many rows at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from . import schema

_D = schema.delivery.c


class Many:
    """A statement compiled once for many rows: what runs for each mail shouldn't be compiled or looked up again."""

    def __init__(self, statement: Any, columns: Sequence[str] | None, dialect: sa.Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        self._sql = str(compiled)
        self._in_order = itemgetter(*compiled.positiontup) if compiled.positiontup else None
        self._fixed = {key: value for key, value in compiled.params.items() if value is not None}

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Execute it for every row, on the driver itself (its errors come as they are). Out: how many rows changed."""
        if self._fixed:
            rows = [{**self._fixed, **each} for each in rows]
        values: Any = rows if self._in_order is None else list(map(self._in_order, rows))
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(self._sql, values)
            return int(cursor.rowcount)
        finally:
            cursor.close()


_b = sa.bindparam
DUE = (
    sa.select(_D.rkey, _D.address, _D.name, _D.lang, _D.message_id, _D.date, _D.attempt, _D.drops, _D.doubts)
    .where(_D.notice == _b("n"), schema.IS_QUEUED, _D.next_at <= _b("now"), _D.address.is_not(None))
    .order_by(_D.next_at).limit(_b("many")).with_for_update(skip_locked=True)
)  # fmt: skip
LEASE = (
    schema.delivery.update().where(_D.notice == _b("n"), _D.rkey == _b("k"))
    .values(state="leased", run=_b("r"), date=sa.func.coalesce(_D.date, _b("now")))
)  # fmt: skip
SETTLE = (
    schema.delivery.update()
    .where(_D.notice == _b("n"), _D.rkey == _b("k"), _D.state == "leased", _D.run == _b("r"))
    .values(state=_b("s"), attempt=_b("a"), drops=_b("d"), doubts=_b("u"), next_at=_b("t"), code=_b("c"),
            accepted_at=_b("at"))
)  # fmt: skip
RELEASE = (
    schema.delivery.update().where(_D.notice == _b("n"), _D.rkey == _b("k"))
    .values(state=_b("s"), doubts=_D.doubts + _b("x"), next_at=0.0)
)  # fmt: skip
REQUEUE = (
    schema.delivery.update().where(_D.notice == _b("n"), _D.rkey == _b("k"))
    .values(state="queued", next_at=0.0, attempt=0, drops=0, doubts=0,
            # An expired one was never out: it gets a new Date, and as long again. The others repeat the same bytes.
            date=sa.case((_D.state == "expired", None), else_=_D.date))
)  # fmt: skip
MARK = sa.text("INSERT INTO sending (run, conn, rkey) VALUES (:r, :c, :k) "
                "ON CONFLICT (run, conn) DO UPDATE SET rkey = excluded.rkey")  # fmt: skip
_EVENT = ("notice", "rkey", "at", "from", "to", "code", "run", "prev_hash", "hash")
STATEMENTS: dict[str, tuple[Any, Sequence[str] | None]] = {
    "settle": (SETTLE, None), "lease": (LEASE, None), "mark": (MARK, None),
    "event": (schema.event.insert().inline(), _EVENT),
}  # fmt: skip
