"""Returned mail (DSNs) from a maildir or mbox: who couldn't be reached after all is entered in the ledger."""

from __future__ import annotations

import contextlib
import logging
import mailbox
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import policy as email_policy
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policytrail.errors import Problem, SourceError
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.event_chain import Chain
from policytrail.notify.ledger.ledger import Ledger
from policytrail.notify.ledger.recovery import chain_on
from policytrail.notify.recipients import identifiers
from policytrail.notify.recipients.addresses import normalised

_LARGEST = 5_000_000
_MOST = 100  # addresses and Message-IDs of one returned mail; ours have one recipient each
_MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*<([^<>\s]{3,300})>")
_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")  # RFC 3464, RFC 6533
_FAILED = re.compile(rb"(?im)^action:\s*failed\b")
logging.getLogger("flufl.bounce").addHandler(logging.NullHandler())  # it logs what its detectors stumble over
_D = schema.delivery.c


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
    """One returned mail: whether it failed for good, at which addresses, the Message-IDs that it quotes.

    No address where the report names none that we could have written to: another kind of address, or none at all.
    """

    permanent: bool
    addresses: frozenset[str] = frozenset()
    quoted: frozenset[str] = frozenset()


def mails(where: Path) -> Iterator[bytes]:
    """Every mail of a maildir or mbox, as bytes; oversized ones are cut. Raises SourceError for anything else."""
    if not where.is_dir() and not where.is_file():
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
        final = bool(permanent) or (not temporary and _reports_failure(message))
    except Exception:
        return None
    if not temporary and not final:
        return None
    quoted = {found.decode("ascii", "replace") for found in _MESSAGE_ID.findall(raw)} - {_own_id(message)}
    return Failure(final, _some(_plain(permanent)), _some(quoted))


def _some(found: Iterable[str]) -> frozenset[str]:
    return frozenset(sorted(found)[:_MOST])


def _reports_failure(message: Message) -> bool:
    """Whether a part says so in the standard's words, about an address that the parser doesn't read."""
    parts = (each for each in message.walk() if each.get_content_type() in _STATUS_TYPES)
    return any(_FAILED.search(part.as_bytes()) for part in parts)


def _own_id(message: Message) -> str:
    return str(message["Message-ID"] or "").strip("<> ")


def _plain(addresses: Any) -> set[str]:
    found = set()
    for address in addresses:
        with contextlib.suppress(ValueError):
            found.add(normalised(address.decode("utf-8", "replace") if isinstance(address, bytes) else str(address)))
    return found


def enter(ledger: Ledger, where: Path) -> Returned:
    """Enter a mailbox: accepted deliveries become bounced. Reading it again changes nothing.

    A returned mail that names the address and quotes our Message-ID is proof enough to write there no more. One that only
    quotes it (the mail was forwarded, and failed there) or only names the address, which anybody could have made up, marks
    this delivery only.
    """
    found = Returned()
    with ledger.begin() as connection:
        now = ledger.now(connection)
        chains: dict[int, Chain] = {}
        for raw in mails(where):
            found.mails += 1
            failed = failure(raw)
            if failed is None:
                found.other += 1
            elif not failed.permanent:
                found.temporary += 1
            else:
                _enter_one(connection, ledger, failed, now, chains, where.name, found)
    return found


def _enter_one(
    connection: Connection,
    ledger: Ledger,
    failed: Failure,
    now: float,
    chains: dict[int, Chain],
    source: str,
    found: Returned,
) -> None:
    marks = [identifiers.rkey(ledger.key, address) for address in sorted(failed.addresses)]
    named = _sent(connection, _D.rkey.in_(marks)) if marks else []
    proven = [each for each in named if each.message_id in failed.quoted]
    ours = proven or (_sent(connection, _D.message_id.in_(failed.quoted)) if failed.quoted else []) or named
    if not ours:
        found.unknown += 1
    for row in ours:
        if row.state == "bounced":
            found.known += 1
            continue
        found.bounced += 1
        if row.notice not in chains:
            chains[row.notice] = chain_on(connection, row.notice, "bounces")
        connection.execute(
            schema.delivery.update().where(_D.notice == row.notice, _D.rkey == row.rkey).values(state="bounced")
        )
        connection.execute(
            schema.event.insert(), [chains[row.notice].link(row.rkey, now, "accepted", "bounced", "DSN")]
        )
        if row in proven:
            _suppress(connection, row.rkey, source, now)


def _sent(connection: Connection, which: sa.ColumnElement[bool]) -> list[Any]:
    query = sa.select(_D.notice, _D.rkey, _D.state, _D.message_id).where(which, _D.state.in_(("accepted", "bounced")))
    return list(connection.execute(query))


def _suppress(connection: Connection, rkey: bytes, source: str, now: float) -> None:
    table = schema.suppression
    here = sa.select(table.c.rkey).where(table.c.rkey == rkey, table.c.reason == "bounced")
    if connection.execute(here).first() is None:
        connection.execute(table.insert().values(rkey=rkey, reason="bounced", source=source[:200], since=now))
