"""Schema 4: the id that a provider gave to the message which it accepted."""

from __future__ import annotations

from sqlalchemy.engine import Connection


def upgrade(connection: Connection) -> None:
    """Add `delivery.provider_id`; empty where no provider gave one."""
    connection.exec_driver_sql("ALTER TABLE delivery ADD COLUMN provider_id VARCHAR(200) DEFAULT '' NOT NULL")
