"""What a notice came to, as a record for git: counts, instants, hashes, a Merkle root; no address, no per-person hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policytrail import __version__
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import Ledger, NoticeRow
from policytrail.notify.primitives import merkle
from policytrail.notify.primitives.delivery_states import STATES
from policytrail.notify.recipients import identifiers
from policytrail.schedule.notice_completion import unreachable

_D, _E = schema.delivery.c, schema.event.c


def counts(connection: Connection, notice: int) -> dict[str, int]:
    """How many deliveries are in each state, and how many rows of the list are no recipient (invalid, duplicate)."""
    found = connection.execute(
        sa.select(_D.state, sa.func.count()).where(schema.every_delivery(notice)).group_by(_D.state)
    )
    known: dict[str, int] = dict(found.all())
    table = schema.rejected.c
    rows = sa.select(table.state, sa.func.sum(table.lines)).where(table.notice == notice).group_by(table.state)
    other = {str(state): int(number) for state, number in connection.execute(rows)}
    return {state: int(known.get(state, 0)) for state in STATES} | {
        "invalid": other.get("invalid", 0),
        "duplicate": other.get("duplicate", 0),
    }


def span(connection: Connection, notice: int) -> tuple[str | None, str | None]:
    """The first and the last instant at which the mail server accepted a mail."""
    found = connection.execute(
        sa.select(sa.func.min(_D.accepted_at), sa.func.max(_D.accepted_at)).where(
            schema.every_delivery(notice), _D.accepted_at != ""
        )
    ).one()
    return found[0], found[1]


def events(connection: Connection, notice: int) -> dict[str, Any]:
    """The chains of events: how many, the newest one, and one head over the heads of all runs."""
    heads = sa.select(sa.func.max(_E.n), sa.func.count()).where(_E.notice == notice).group_by(_E.run)
    runs = connection.execute(heads).all()
    newest = [number for number, _ in runs]
    found = connection.execute(sa.select(_E.hash).where(_E.n.in_(newest)).order_by(_E.n)).scalars().all()
    head = hashlib.sha256(b"".join(found)).hexdigest()
    return {"count": sum(number for _, number in runs), "head": head, "newest": found[-1].hex() if found else None}


def broken_events(connection: Connection, notice: int) -> int | None:
    """The number of the first event that doesn't follow from the one before it in its run; None if all do."""
    last: dict[str, bytes] = {}
    told = (_E.rkey, _E.at, _E["from"], _E.to, _E.code, _E.run)
    rows = sa.select(_E.n, _E.hash, _E.prev_hash, *told).where(_E.notice == notice).order_by(_E.n)
    for number, digest, before, *each in connection.execute(rows, execution_options={"yield_per": 2000}):
        run = each[-1]
        if last.get(run, before) != before or identifiers.event_hash(before, notice, *each) != digest:
            return int(number)
        last[run] = digest
    return None


@dataclass(frozen=True)
class Leaf:
    """What one recipient's leaf is made of."""

    rkey: bytes
    state: str
    accepted_at: str
    nonce: bytes

    @property
    def digest(self) -> bytes:
        """The leaf's hash."""
        return merkle.leaf_hash(self.rkey, self.state, self.accepted_at, self.nonce)


def _leaves(notice: int, until: int | None) -> sa.Select[Any]:
    """What every recipient's leaf is made of, as things stood when the event numbered `until` was the newest (None: now)."""
    state: Any = _D.state
    rows: Any = schema.delivery
    if until is not None:  # a row that has changed since was in the state that its first later event came from
        later = sa.select(_E.rkey, sa.func.min(_E.n).label("n")).where(_E.notice == notice, _E.n > until)
        first = later.where(_E.rkey.is_not(None)).group_by(_E.rkey).subquery("first").c
        rows = rows.outerjoin(first.n.table, first.rkey == _D.rkey).outerjoin(schema.event, _E.n == first.n)
        state = sa.func.coalesce(_E["from"], _D.state)
    at = sa.case((state.in_(("accepted", "bounced")), _D.accepted_at), else_="")
    return (
        sa.select(_D.rkey, state.label("state"), at.label("accepted_at"), _D.nonce16)
        .select_from(rows)
        .where(schema.every_delivery(notice))
    )


def digests(connection: Connection, notice: int, until: int | None = None) -> Iterator[bytes]:
    """Every recipient's leaf hash, in order; the database makes and sorts them, so that memory doesn't grow with the list."""
    made = _leaves(notice, until).subquery("leaf").c
    digest = _leaf_digest(connection, made.rkey, made.state, made.accepted_at, made.nonce16).label("digest")
    found = connection.execute(sa.select(digest).order_by(digest), execution_options={"yield_per": 1000}).scalars()
    return map(bytes, found)


def _leaf_digest(connection: Connection, *fields: Any) -> Any:
    """`merkle.leaf_hash` as the database computes it: SQLite calls Python's (see ledger.py), PostgreSQL has all it needs."""
    if connection.dialect.name == "sqlite":
        return sa.func.leaf_hash(*fields)
    spelt: Any = sa.literal(b"\0", sa.LargeBinary)
    for each in fields:
        field = sa.func.convert_to(each, "UTF8") if isinstance(each.type, sa.String) else each
        size = sa.func.int2send(sa.cast(sa.func.octet_length(field), sa.SmallInteger))
        spelt = spelt.op("||")(size).op("||")(field)
    return sa.func.sha256(spelt)


def tree(connection: Connection, notice: int) -> dict[str, Any]:
    """Size and root of the tree over all recipients, and the event up to which it counts."""
    newest = connection.execute(sa.select(sa.func.max(_E.n)).where(_E.notice == notice)).scalar()
    made = merkle.Tree()
    for digest in digests(connection, notice):
        made.add(digest)
    return {"size": made.size, "root": made.root().hex(), "until": int(newest or 0)}


def inclusion(
    connection: Connection, notice: int, mine: bytes, until: int
) -> tuple[Leaf, int, int, list[bytes], bytes] | None:
    """One recipient's leaf, its place, the tree's size, path and root, as of an event; None for somebody not in the list."""
    found = connection.execute(_leaves(notice, until).where(_D.notice == notice, _D.rkey == mine)).first()
    if found is None:
        return None
    leaf, made, index = Leaf(*found), merkle.Tree(), 0
    for digest in digests(connection, notice, until):
        if digest == leaf.digest:
            index = made.watch_next()
        made.add(digest)
    root = made.root()
    return leaf, index, made.size, made.path, root


def email_record(
    ledger: Ledger, connection: Connection, notice: NoticeRow, completed: float, extra: Mapping[str, Any]
) -> dict[str, Any]:
    """The record of a complete notice. `extra`: the audience's definition, a person's decision, what the caller knows."""
    first, last = span(connection, notice.notice)
    names = sa.select(schema.message.c.name, schema.message.c.eml).where(schema.message.c.notice == notice.notice)
    return {
        "stream": notice.stream,
        "notice": notice.digest,
        "ledger": ledger.id,
        "tool": f"policytrail {__version__}",
        "started": identifiers.instant(notice.started or completed),
        "completed": identifiers.instant(completed),
        "first_accepted": first,
        "last_accepted": last,
        "counts": counts(connection, notice.notice),
        "messages": {name: hashlib.sha256(eml).hexdigest() for name, eml in connection.execute(names)},
        "tree": tree(connection, notice.notice),
        "events": events(connection, notice.notice),
        **extra,
    }


def first_attempts(connection: Connection, notice: int) -> float | None:
    """When the last first attempt was made (seconds since 1970): late retries don't move the notice's day."""
    return connection.execute(sa.select(sa.func.max(_D.date)).where(schema.every_delivery(notice))).scalar()


def reached(found: Mapping[str, int]) -> tuple[int, int]:
    """How many people the mail server accepted mail for, of how many, as `schedule` counts them (bounced ones are lost)."""
    lost, whole = unreachable({"counts": found})
    return whole - lost, whole
