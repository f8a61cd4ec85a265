"""Returned mail (DSNs) from a maildir or mbox: who couldn't be reached after all is entered in the ledger."""

from __future__ import annotations

import contextlib
import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy as email_policy
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ..errors import Problem, SourceError
from . import keys, schema
from .addresses import normalised
from .chain import Chain
from .ledger import Ledger

_LARGEST = 5_000_000
_MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*<([^<>\s]{3,300})>")
_D, _E = schema.delivery.c, schema.event.c


@dataclass
class Returned:
    """What a mailbox came to. `unknown`: returned mail that isn't from any notice of this ledger."""

    mails: int = 0
    bounced: int = 0
    known: int = 0
    temporary: int = 0
    unknown: int = 0
    other: int = 0


@dataclass(frozen=True)
class Failure:
    """One returned mail: the addresses that failed for good or for now, the Message-IDs that it quotes."""

    permanent: frozenset[str] = field(default_factory=frozenset)
    temporary: frozenset[str] = field(default_factory=frozenset)
    quoted: frozenset[str] = field(default_factory=frozenset)


def mails(where: Path) -> Iterator[bytes]:
    """Every mail of a maildir or mbox, as bytes; oversized ones are cut. Raises SourceError for anything else."""
    if not where.exists():
        raise SourceError(Problem(str(where), 0, "There is no such mailbox.", "Give a maildir or an mbox file."))
    box: mailbox.Mailbox[Any]
    if where.is_dir():
        if not (where / "cur").is_dir() or not (where / "new").is_dir():
            raise SourceError(Problem(str(where), 0, "This folder is no maildir (it has no cur/ and new/)."))
        box = mailbox.Maildir(where, create=False)
    else:
        with where.open("rb") as stream:
            if stream.read(5) not in (b"From ", b""):
                raise SourceError(Problem(str(where), 1, "This file is no mbox (it doesn't begin with 'From ')."))
        box = mailbox.mbox(where, create=False)
    with contextlib.closing(box):
        for key in box.iterkeys():
            with box.get_file(key) as stream:
                yield stream.read(_LARGEST)


def failure(raw: bytes) -> Failure | None:
    """What a mail says failed; None where it is no returned mail. Pure."""
    from flufl.bounce import all_failures

    try:
        message = BytesParser(policy=email_policy.compat32).parsebytes(raw)
        temporary, permanent = all_failures(message)
    except Exception:
        return None
    if not temporary and not permanent:
        return None
    quoted = {found.decode("ascii", "replace") for found in _MESSAGE_ID.findall(raw)} - {_own_id(message)}
    return Failure(_plain(permanent), _plain(temporary), frozenset(quoted))


def _own_id(message: Message) -> str:
    return str(message["Message-ID"] or "").strip("<> ")


def _plain(addresses: Any) -> frozenset[str]:
    found = set()
    for each in addresses:
        with contextlib.suppress(ValueError):
            found.add(normalised(each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each)))
    return frozenset(found)


def enter(ledger: Ledger, where: Path) -> Returned:
    """Enter a mailbox: accepted deliveries become bounced. Reading it again changes nothing.

    A returned mail that quotes our Message-ID is proof enough to write to that address no more; one that names only the
    address, which anybody could have made up, marks this delivery only.
    """
    found = Returned()
    with ledger.begin() as connection:
        now = ledger.now(connection)
        newest = connection.execute(sa.select(_E.hash).order_by(_E.n.desc()).limit(1)).scalar()
        chains: dict[int, Chain] = {}
        for raw in mails(where):
            found.mails += 1
            failed = failure(raw)
            if failed is None:
                found.other += 1
            elif not failed.permanent:
                found.temporary += 1
            else:
                _enter_one(connection, ledger, failed, now, chains, newest or bytes(32), where.name, found)
    return found


def _enter_one(connection: Connection, ledger: Ledger, failed: Failure, now: float, chains: dict[int, Chain], newest: bytes,
               source: str, found: Returned) -> None:  # fmt: skip
    marks = [keys.rkey(ledger.key, each) for each in sorted(failed.permanent)]
    rows = connection.execute(
        sa.select(_D.notice, _D.rkey, _D.state, _D.message_id).where(
            _D.rkey.in_(marks), _D.state.in_(("accepted", "bounced"))
        )
    ).all()
    ours = [each for each in rows if each.message_id in failed.quoted] or ([] if failed.quoted & _ids(rows) else rows)
    if not ours:
        found.unknown += 1
    for row in ours:
        if row.state == "bounced":
            found.known += 1
            continue
        found.bounced += 1
        chain = chains.setdefault(row.notice, Chain(f"bounces-{int(now * 1000)}"[:32], row.notice, newest))
        connection.execute(
            schema.delivery.update().where(_D.notice == row.notice, _D.rkey == row.rkey).values(state="bounced")
        )
        connection.execute(schema.event.insert(), [chain.link(row.rkey, now, "accepted", "bounced", "DSN")])
        if row.message_id in failed.quoted:
            _suppress(connection, row.rkey, source, now)


def _ids(rows: Any) -> set[str]:
    return {each.message_id for each in rows}


def _suppress(connection: Connection, rkey: bytes, source: str, now: float) -> None:
    table = schema.suppression
    here = sa.select(table.c.rkey).where(table.c.rkey == rkey, table.c.reason == "bounced")
    if connection.execute(here).first() is None:
        connection.execute(table.insert().values(rkey=rkey, reason="bounced", source=source[:200], since=now))
