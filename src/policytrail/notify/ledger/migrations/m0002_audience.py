"""Schema 2: who the recipients are, in the words of the run that began the notice."""

from __future__ import annotations

from sqlalchemy.engine import Connection


def upgrade(connection: Connection) -> None:
    """Add `notice.audience`; empty where the notice began before."""
    connection.exec_driver_sql("ALTER TABLE notice ADD COLUMN audience TEXT")
