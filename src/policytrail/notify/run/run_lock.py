"""One `notify` at a time works on a notice; a second one hears who does. Workers of a shared ledger need no lock."""

from __future__ import annotations

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import sqlalchemy as sa

from policytrail.errors import NoticeRefusal
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import Ledger
from policytrail.notify.recipients import identifiers


@contextmanager
def exclusive(ledger: Ledger, version: str, stream: str) -> Iterator[None]:
    """Hold the notice's advisory lock; the system lets go of it when the process dies. Raises NoticeRefusal."""
    if ledger.path is not None:
        with ledger.path.with_name(f"{ledger.path.name}.{version}-{stream}.lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                _refuse(ledger, version, stream)
            yield
        return
    number = zlib.crc32(f"policytrail {version} {stream}".encode())
    with ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(sa.text("SELECT pg_try_advisory_lock(7165, :n)"), {"n": number - 2**31}).scalar():
            _refuse(ledger, version, stream)
        try:
            yield
        finally:
            if not connection.invalidated:
                connection.invalidate()  # closing the session is what lets go, also after the database went away


def _refuse(ledger: Ledger, version: str, stream: str) -> NoReturn:
    with ledger.begin() as connection:
        row = ledger.notice(connection, version, stream)
        table = schema.run.c
        found = (
            row
            and connection.execute(
                sa.select(schema.run)
                .where(table.notice == row.notice, table.ended.is_(None))
                .order_by(table.started.desc())
            ).first()
        )
    who = f" (process {found.pid} on {found.host}, since {identifiers.instant(found.started)})" if found else ""
    raise NoticeRefusal(f"Another run is sending the notice of {version} already{who}. Wait for it, or stop it.")
