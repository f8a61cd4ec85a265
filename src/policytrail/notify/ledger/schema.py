"""The ledger's tables (SQLAlchemy Core; SQLite and PostgreSQL).

Instants are seconds since 1970, UTC, by the database's clock; `accepted_at` is text, because leaves hash it.
Departures from a plain list of recipients: `tally` is the run's list that last named the row; `rejected` holds rows of
the list that are no recipient (malformed, duplicate); the lease is the run's, renewed for all of its rows at once.
Whoever changes a table here adds a step in `migrations/`.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()
_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_DIGEST = sa.LargeBinary(32)

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("ledger_id", sa.String(32), primary_key=True),
    sa.Column("schema", sa.Integer, nullable=False),
    sa.Column("hmac_key_id", sa.String(16), nullable=False),
    sa.Column("hmac_key", _DIGEST, nullable=True),  # NULL: the key is held outside, in the environment
    sa.Column("repo_first_commit", sa.String(64), nullable=False),
    sa.Column("created", sa.Float(53), nullable=False),
)

notice = sa.Table(
    "notice",
    metadata,
    sa.Column("notice", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("version", sa.String(16), nullable=False),
    sa.Column("stream", sa.String(16), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("state", sa.String(16), nullable=False),  # listed, sending, complete
    sa.Column("started", sa.Float(53)),
    sa.Column("completed", sa.Float(53)),
    sa.Column("total", sa.Integer, nullable=False, default=0),
    sa.Column("tally", sa.Integer, nullable=False, default=0),
    sa.Column("list_digest", sa.String(64)),
    sa.Column("list_source", sa.String(200)),
    sa.Column("sender", sa.String(320)),  # the envelope's
    sa.Column("unsubscribe", sa.String(800)),  # the voluntary list's link
    sa.Column("audience", sa.Text),  # who the recipients are, in the operator's words
    sa.UniqueConstraint("version", "stream"),
)

# The messages themselves, so that a worker on another machine needs the database only.
message = sa.Table(
    "letter",
    metadata,
    sa.Column("notice", sa.Integer, primary_key=True),
    sa.Column("language", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("eml", sa.LargeBinary, nullable=False),
)

delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("notice", sa.Integer, primary_key=True),
    sa.Column("rkey", _DIGEST, primary_key=True),
    sa.Column("twin", _DIGEST, nullable=False),
    sa.Column("address", sa.Text),
    sa.Column("name", sa.Text),
    sa.Column("lang", sa.String(40), nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False, default=0),
    sa.Column("drops", sa.Integer, nullable=False, default=0),
    sa.Column("doubts", sa.Integer, nullable=False, default=0),
    sa.Column("next_at", sa.Float(53), nullable=False, default=0.0),
    sa.Column("run", sa.String(32)),
    sa.Column("message_id", sa.String(300), nullable=False),
    sa.Column("date", sa.Float(53)),  # the Date of the message: fixed at the first claim
    sa.Column("code", sa.String(60), nullable=False, default=""),
    sa.Column("accepted_at", sa.String(24), nullable=False, default=""),
    sa.Column("nonce16", sa.LargeBinary(16), nullable=False),
    sa.Column("tally", sa.Integer, nullable=False),
    sa.Column("provider_id", sa.String(200), nullable=False, default="", server_default=""),
    # Partial: settling an accepted mail touches no index. Queries must write 'queued' out (IS_QUEUED).
    sa.Index(
        "delivery_due",
        "notice",
        "next_at",
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    ),
)


def every_delivery(notice: int) -> sa.ColumnElement[bool]:
    """Every delivery of a notice, read in the order in which the table lies.

    The plus keeps SQLite from the index, which would lead it from page to page in the order of the keys: four times as slow.
    """
    return sa.literal_column("+delivery.notice") == notice


IS_QUEUED = sa.literal_column("delivery.state") == sa.literal_column("'queued'")


def soonest(notice: int) -> sa.Select[Any]:
    """When (seconds since 1970) the first delivery in the queue may be sent; None where none waits."""
    return sa.select(sa.func.min(delivery.c.next_at)).where(delivery.c.notice == notice, IS_QUEUED)


rejected = sa.Table(
    "rejected",
    metadata,
    sa.Column("notice", sa.Integer, primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("state", sa.String(12), nullable=False),  # invalid, duplicate
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("lines", sa.Integer, nullable=False),
    sa.Column("of", _DIGEST),
    sa.Column("given", sa.Text),  # the row as the list gave it: personal data
)

run = sa.Table(
    "run",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("notice", sa.Integer, nullable=False),
    sa.Column("host", sa.String(255), nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("boot_id", sa.String(64), nullable=False),
    sa.Column("started", sa.Float(53), nullable=False),
    sa.Column("beat", sa.Float(53), nullable=False),
    sa.Column("lease_until", sa.Float(53), nullable=False),
    sa.Column("ended", sa.Float(53)),
    sa.Column("head", _DIGEST),  # the newest event of this run's chain when it ended
)

# One row a connection: the delivery that it is sending now. Written in the commit that settles the one before.
sending = sa.Table(
    "sending",
    metadata,
    sa.Column("run", sa.String(32), primary_key=True),
    sa.Column("conn", sa.Integer, primary_key=True),
    sa.Column("rkey", _DIGEST),
)

# Which file the newest run worked on (SQLite): a copy of the ledger lies in another one. One row, or none.
place = sa.Table("place", metadata, sa.Column("file", sa.String(80), primary_key=True))

event = sa.Table(
    "event",
    metadata,
    sa.Column("n", _BIG, primary_key=True, autoincrement=True),
    sa.Column("notice", sa.Integer, nullable=False),
    sa.Column("rkey", _DIGEST),
    sa.Column("at", sa.Float(53), nullable=False),
    sa.Column("from", sa.String(12), nullable=False),
    sa.Column("to", sa.String(12), nullable=False),
    sa.Column("code", sa.String(80), nullable=False),
    sa.Column("run", sa.String(32), nullable=False),
    sa.Column("prev_hash", _DIGEST, nullable=False),
    sa.Column("hash", _DIGEST, nullable=False),
)

suppression = sa.Table(
    "suppression",
    metadata,
    sa.Column("rkey", _DIGEST, primary_key=True),
    sa.Column("reason", sa.String(12), primary_key=True),  # bounced, complaint; unsubscribed: updates only
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("since", sa.Float(53), nullable=False),
)
