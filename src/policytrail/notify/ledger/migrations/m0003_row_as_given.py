"""Schema 3: a row of the list that can't be mailed is kept as it was given, for another way to reach that person."""

from __future__ import annotations

from sqlalchemy.engine import Connection


def upgrade(connection: Connection) -> None:
    """Add `rejected.given`; empty for lists that were read before."""
    connection.exec_driver_sql("ALTER TABLE rejected ADD COLUMN given TEXT")
