"""A notice enters the ledger: its row and messages; its list of recipients, streamed, whole or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policytrail.errors import NoticeRefusal, SourceError
from policytrail.notify.recipients import identifiers
from policytrail.notify.recipients.recipient_list import Bad, Listing, Recipient, Row

from . import schema
from .event_chain import Chain
from .ledger import Ledger, NoticeRow

_BATCH = 500
_SHOWN = 10
DEAD = ("bounced", "complaint")  # reasons not to write to an address whatever the notice
_D = schema.delivery.c


@dataclass
class Loaded:
    """What a list came to. `vanished`: recipients of an earlier list that this one doesn't name; they're kept."""

    rows: int = 0
    new: int = 0
    known: int = 0
    duplicates: int = 0
    invalid: int = 0
    suppressed: int = 0
    vanished: int = 0
    twins: int = 0
    cleaned: int = 0
    bad: list[Bad] | None = None

    @property
    def too_bad(self) -> bool:
        """More than one row in a hundred is malformed."""
        return self.invalid * 100 > self.rows

    def refuse(self, source: str) -> None:
        """Raises SourceError naming the first malformed rows."""
        shown = "\n".join(f"  {source}:{each.row}: {each.reason}" for each in self.bad or ())
        more = f"\n  and {self.invalid - _SHOWN} more" if self.invalid > _SHOWN else ""
        raise SourceError(
            f"{source}: {self.invalid} of {self.rows} rows have no usable address, more than 1 in 100; nothing was sent. "
            f"Correct them, or say --accept-bad to write to the others:\n{shown}{more}"
        )

    def refuse_nobody(self, source: str) -> None:
        """Raises SourceError for a list that names nobody who could be told."""
        if not self.new + self.known:
            raise SourceError(
                f"{source}: there is no recipient in this list. It needs at least one row below the header."
            )


def scan(listing: Listing, key: bytes) -> Loaded:
    """Read and check a whole list without writing anything (for a dry run)."""
    found = Loaded(bad=[])
    seen: set[bytes] = set()
    for recipient in listing:
        _count(found, recipient)
        if isinstance(recipient, Recipient):
            mark = identifiers.rkey(key, recipient.address)[:12]
            found.duplicates += mark in seen
            seen.add(mark)
    found.new = found.rows - found.invalid - found.duplicates
    return found


def _count(found: Loaded, row: Row) -> None:
    if isinstance(row, Bad):
        found.rows += 1
        found.invalid += 1
        if found.bad is not None and len(found.bad) < _SHOWN:
            found.bad.append(row)
    else:
        found.rows += 1
        found.cleaned += row.cleaned


def row_of(
    ledger: Ledger, version: str, stream: str, digest: str, messages: Mapping[str, tuple[str, bytes]]
) -> NoticeRow:
    """A notice in the ledger with its messages, made if it isn't there. Raises NoticeRefusal where it is another one."""
    with ledger.begin() as connection:
        found = ledger.notice(connection, version, stream)
        if found is None:
            connection.execute(
                schema.notice.insert().values(version=version, stream=stream, digest=digest, state="listed")
            )
            found = ledger.notice(connection, version, stream)
        assert found is not None
        if found.digest != digest:
            raise NoticeRefusal(
                f"This ledger holds another notice of {version} (other messages). Give the ledger of this one."
            )
        _keep_messages(connection, found.notice, messages)
    return found


def _keep_messages(connection: Connection, notice: int, messages: Mapping[str, tuple[str, bytes]]) -> None:
    """Keep the messages beside the list, for workers without the repository. In: by language, their file names and bytes."""
    table = schema.message
    known = set(connection.execute(sa.select(table.c.language).where(table.c.notice == notice)).scalars())
    for language, (name, eml) in messages.items():
        if language not in known:
            connection.execute(table.insert().values(notice=notice, language=language, name=name, eml=eml))


def load(ledger: Ledger, notice: NoticeRow, listing: Listing, domain: str, accept_bad: bool) -> Loaded:
    """Enter a list. In: the notice's row, the list, the sender's domain, whether many bad rows are accepted.

    Raises SourceError for a list that is empty, malformed throughout, or more than 1 in 100 of whose rows is bad; then
    the ledger is as it was.
    """
    found = Loaded(bad=[])
    tally = notice.tally + 1
    with ledger.begin() as connection:
        connection.execute(schema.rejected.delete().where(schema.rejected.c.notice == notice.notice))
        for batch in _batches(iter(listing)):
            for recipient in batch:
                _count(found, recipient)
            _enter(connection, ledger.key, notice, tally, domain, batch, found)
        if found.too_bad and not accept_bad:
            found.refuse(listing.source)
        found.refuse_nobody(listing.source)
        _summarise(connection, ledger, notice, tally, listing, found)
        if not ledger.sqlite:  # else each settlement reads the whole list, until the server looks at it by itself
            connection.execute(sa.text("ANALYZE delivery"))
    return found


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _enter(
    connection: Connection, key: bytes, notice: NoticeRow, tally: int, domain: str, batch: Sequence[Row], found: Loaded
) -> None:
    rejects: list[dict[str, Any]] = [
        {
            "notice": notice.notice,
            "row": recipient.row,
            "state": "invalid",
            "reason": recipient.reason,
            "lines": 1,
            "of": None,
            "given": recipient.given,
        }
        for recipient in batch
        if isinstance(recipient, Bad)
    ]
    named = [
        (identifiers.rkey(key, recipient.address), recipient) for recipient in batch if isinstance(recipient, Recipient)
    ]
    marks = [mark for mark, _ in named]
    query = sa.select(_D.rkey, _D.tally).where(_D.notice == notice.notice, _D.rkey.in_(marks))
    old: dict[bytes, int] = dict(connection.execute(query).all()) if marks else {}
    failing = dead(connection, marks, notice.stream)
    fresh: dict[bytes, dict[str, Any]] = {}
    again: list[dict[str, Any]] = []
    for mark, each in named:
        if mark in fresh or old.get(mark) == tally:
            found.duplicates += 1
            rejects.append(
                {
                    "notice": notice.notice,
                    "row": each.row,
                    "state": "duplicate",
                    "lines": 1,
                    "of": mark,
                    "given": None,
                    "reason": "the same address stands further up",
                }
            )
        elif mark in old:
            found.known += 1
            old[mark] = tally
            again.append({"k": mark})
        else:
            found.new += 1
            found.suppressed += mark in failing
            fresh[mark] = _row(key, notice, tally, domain, mark, each, "suppressed" if mark in failing else "queued")
    if fresh:
        connection.execute(schema.delivery.insert(), [fresh[mark] for mark in sorted(fresh)])
    if again:
        seen = schema.delivery.update().where(_D.notice == notice.notice, _D.rkey == sa.bindparam("k"))
        connection.execute(seen.values(tally=tally), again)
    if rejects:
        connection.execute(schema.rejected.insert(), rejects)


def dead(connection: Connection, marks: Sequence[bytes], stream: str) -> set[bytes]:
    """Whom not to write to: bad addresses and those who complained; on the voluntary list also those who left it."""
    table = schema.suppression.c
    wanted = sa.select(table.rkey).where(table.rkey.in_(marks))
    if stream != "updates":
        wanted = wanted.where(table.reason.in_(DEAD))
    return set(connection.execute(wanted).scalars()) if marks else set()


def _row(
    key: bytes, notice: NoticeRow, tally: int, domain: str, mark: bytes, recipient: Recipient, state: str
) -> dict[str, Any]:
    return {
        "notice": notice.notice,
        "rkey": mark,
        "twin": identifiers.twin(key, recipient.address),
        "address": recipient.address,
        "name": recipient.name,
        "lang": recipient.language,
        "state": state,
        "attempt": 0,
        "drops": 0,
        "doubts": 0,
        "next_at": 0.0,
        "message_id": identifiers.message_id(key, notice.digest, mark, domain),
        "code": "",
        "accepted_at": "",
        "nonce16": secrets.token_bytes(16),
        "tally": tally,
    }


def _summarise(
    connection: Connection, ledger: Ledger, notice: NoticeRow, tally: int, listing: Listing, found: Loaded
) -> None:
    here = schema.delivery.c.notice == notice.notice
    found.vanished = _number(connection, sa.select(sa.func.count()).where(here, _D.tally < tally))
    pairs = sa.select(_D.twin).where(here).group_by(_D.twin).having(sa.func.count() > 1).subquery()
    found.twins = _number(connection, sa.select(sa.func.count()).select_from(pairs))
    total = _number(connection, sa.select(sa.func.count()).select_from(schema.delivery).where(here))
    digest = identifiers.list_digest(ledger.key, listing.digest)
    connection.execute(
        schema.notice.update()
        .where(schema.notice.c.notice == notice.notice)
        .values(tally=tally, total=total, list_digest=digest, list_source=listing.source)
    )
    chain = Chain(f"list-{tally}", notice.notice, bytes(32))
    connection.execute(schema.event.insert(), [chain.link(None, ledger.now(connection), "new", "listed", digest)])


def _number(connection: Connection, query: Any) -> int:
    return int(connection.execute(query).scalar_one())
