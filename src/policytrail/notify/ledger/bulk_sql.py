"""Statements about many deliveries at once, for what runs leave behind. What runs for each mail is in `writer.py`."""

from __future__ import annotations

import sqlalchemy as sa

from . import schema

_D = schema.delivery.c
_b = sa.bindparam
RELEASE = (
    schema.delivery.update()
    .where(_D.notice == _b("n"), _D.rkey == _b("k"))
    .values(state=_b("s"), doubts=_D.doubts + _b("x"), next_at=0.0)
)
REQUEUE = (
    schema.delivery.update()
    .where(_D.notice == _b("n"), _D.rkey == _b("k"))
    .values(
        state="queued",
        next_at=0.0,
        attempt=0,
        drops=0,
        doubts=0,
        # An expired one was never out: it gets a new Date, and as long again. The others repeat the same bytes.
        date=sa.case((_D.state == "expired", None), else_=_D.date),
    )
)
