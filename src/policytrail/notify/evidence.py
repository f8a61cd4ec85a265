"""What a notice came to, as a record for git: counts, instants, hashes, a Merkle root; no address, no per-person hash."""

from __future__ import annotations

import hashlib
import heapq
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from .. import __version__
from ..schedule.proof import unreachable
from . import keys, merkle, schema
from .ledger import Ledger, NoticeRow
from .states import STATES

_D, _E = schema.delivery.c, schema.event.c
_CHUNK = 10_000
_LEAF = 32
_BLOCK = 128


def counts(connection: Connection, notice: int) -> dict[str, int]:
    """How many deliveries are in each state, and how many rows of the list are no recipient (invalid, duplicate)."""
    found = connection.execute(sa.select(_D.state, sa.func.count()).where(_D.notice == notice).group_by(_D.state))
    known: dict[str, int] = dict(found.all())
    table = schema.rejected.c
    rows = sa.select(table.state, sa.func.sum(table.lines)).where(table.notice == notice).group_by(table.state)
    other = {str(state): int(number) for state, number in connection.execute(rows)}
    return {state: int(known.get(state, 0)) for state in STATES} | {
        "invalid": other.get("invalid", 0), "duplicate": other.get("duplicate", 0)}  # fmt: skip


def span(connection: Connection, notice: int) -> tuple[str | None, str | None]:
    """The first and the last instant at which the mail server accepted a mail."""
    found = connection.execute(
        sa.select(sa.func.min(_D.accepted_at), sa.func.max(_D.accepted_at))
        .where(_D.notice == notice, _D.accepted_at != "")
    ).one()  # fmt: skip
    return found[0], found[1]


def events(connection: Connection, notice: int) -> dict[str, Any]:
    """The chains of events: how many, the newest one, and one head over the heads of all runs."""
    heads = sa.select(sa.func.max(_E.n)).where(_E.notice == notice).group_by(_E.run)
    found = connection.execute(sa.select(_E.hash).where(_E.n.in_(heads)).order_by(_E.n)).scalars().all()
    count = connection.execute(
        sa.select(sa.func.count()).select_from(schema.event).where(_E.notice == notice)
    ).scalar_one()
    head = hashlib.sha256(b"".join(found)).hexdigest()
    return {"count": int(count), "head": head, "newest": found[-1].hex() if found else None}


def broken_events(connection: Connection, notice: int) -> int | None:
    """The number of the first event that doesn't follow from the one before it in its run; None if all do."""
    last: dict[str, bytes] = {}
    rows = connection.execute(
        sa.select(schema.event).where(_E.notice == notice).order_by(_E.n), execution_options={"yield_per": 2000}
    )
    for row in rows:
        each = row._mapping
        made = keys.event_hash(each["prev_hash"], notice, each["rkey"], each["at"], each["from"], each["to"], each["code"],
                               each["run"])  # fmt: skip
        if made != each["hash"] or last.get(each["run"], each["prev_hash"]) != each["prev_hash"]:
            return int(each["n"])
        last[each["run"]] = made
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


def leaves(connection: Connection, notice: int, until: int | None = None) -> Iterator[Leaf]:
    """Every recipient's leaf, as things stood when the event numbered `until` was the newest (None: now)."""
    before = _before(connection, notice, until) if until is not None else {}
    rows = connection.execute(
        sa.select(_D.rkey, _D.state, _D.accepted_at, _D.nonce16).where(_D.notice == notice),
        execution_options={"yield_per": 1000},
    )
    for rkey, state, accepted_at, nonce in rows:
        state = before.get(rkey, state)
        yield Leaf(rkey, state, accepted_at if state in ("accepted", "bounced") else "", nonce)


def _before(connection: Connection, notice: int, until: int) -> dict[bytes, str]:
    """The earlier state of every row that has changed since: what its first later event came from."""
    later = connection.execute(
        sa.select(_E.rkey, _E["from"])
        .where(_E.notice == notice, _E.n > until, _E.rkey.is_not(None))
        .order_by(_E.n.desc())
    )
    return dict(later.all())


class Sorted:
    """Leaf hashes in order, sorted in a file on disk: memory doesn't grow with the number of recipients."""

    def __init__(self, digests: Iterator[bytes]) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed by __exit__)
        self._chunks: list[tuple[int, int]] = []
        self.size = 0
        while chunk := sorted(each for _, each in zip(range(_CHUNK), digests, strict=False)):
            self._chunks.append((self.size * _LEAF, len(chunk)))
            self._file.write(b"".join(chunk))
            self.size += len(chunk)

    def __iter__(self) -> Iterator[bytes]:
        return heapq.merge(*(self._chunk(start, number) for start, number in self._chunks))

    def _chunk(self, start: int, number: int) -> Iterator[bytes]:
        for place in range(0, number, _BLOCK):
            self._file.seek(start + place * _LEAF)
            block = self._file.read(min(_BLOCK, number - place) * _LEAF)
            yield from (block[at : at + _LEAF] for at in range(0, len(block), _LEAF))

    def __enter__(self) -> Sorted:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def tree(connection: Connection, notice: int) -> dict[str, Any]:
    """Size and root of the tree over all recipients, and the event up to which it counts."""
    newest = connection.execute(sa.select(sa.func.max(_E.n)).where(_E.notice == notice)).scalar()
    with Sorted(each.digest for each in leaves(connection, notice)) as digests:
        return {"size": digests.size, "root": merkle.root(digests).hex(), "until": int(newest or 0)}


def inclusion(
    connection: Connection, notice: int, mine: bytes, until: int
) -> tuple[Leaf, int, int, list[bytes], bytes] | None:
    """One recipient's leaf, its place, the tree's size, path and root, as of an event; None for somebody not in the list."""
    found = next((each for each in leaves(connection, notice, until) if each.rkey == mine), None)
    if found is None:
        return None
    digest, index = found.digest, 0

    def counted() -> Iterator[bytes]:
        nonlocal index
        for each in leaves(connection, notice, until):
            made = each.digest
            index += made < digest
            yield made

    with Sorted(counted()) as digests:
        watched = merkle.Tree(index)
        for each in digests:
            watched.add(each)
        root = watched.root()
        return found, index, digests.size, watched.path, root


def email_record(ledger: Ledger, connection: Connection, notice: NoticeRow, completed: float,
                 extra: Mapping[str, Any]) -> dict[str, Any]:  # fmt: skip
    """The record of a complete notice. `extra`: the audience's definition, a person's decision, what the caller knows."""
    first, last = span(connection, notice.notice)
    names = sa.select(schema.letter.c.name, schema.letter.c.eml).where(schema.letter.c.notice == notice.notice)
    return {
        "stream": notice.stream, "notice": notice.digest, "ledger": ledger.id, "tool": f"policytrail {__version__}",
        "started": keys.instant(notice.started or completed), "completed": keys.instant(completed),
        "first_accepted": first, "last_accepted": last, "counts": counts(connection, notice.notice),
        "messages": {name: hashlib.sha256(eml).hexdigest() for name, eml in connection.execute(names)},
        "tree": tree(connection, notice.notice), "events": events(connection, notice.notice), **extra,
    }  # fmt: skip


def first_attempts(connection: Connection, notice: int) -> float | None:
    """When the last first attempt was made (seconds since 1970): late retries don't move the notice's day."""
    return connection.execute(sa.select(sa.func.max(_D.date)).where(_D.notice == notice)).scalar()


def reached(found: Mapping[str, int]) -> tuple[int, int]:
    """How many people the mail server accepted mail for, of how many, as `schedule` counts them (bounced ones are lost)."""
    lost, whole = unreachable({"counts": found})
    return whole - lost, whole
