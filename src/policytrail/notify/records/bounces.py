"""Returned mail and complaints from a maildir or mbox: who couldn't be reached after all is entered in the ledger."""

from __future__ import annotations

import contextlib
import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policytrail.errors import DeliveryError, Problem, SourceError
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.enrol import DEAD
from policytrail.notify.ledger.event_chain import Chain
from policytrail.notify.ledger.ledger import Ledger
from policytrail.notify.ledger.recovery import chain_on
from policytrail.notify.recipients import identifiers
from policytrail.notify.recipients.addresses import normalised

from .returned_mail import Failure, failure

_LARGEST = 5_000_000
_D = schema.delivery.c


@dataclass
class Returned:
    """What a mailbox came to.

    `unknown`: returned mail that isn't from any notice of this ledger. `unproven`: it names somebody of this ledger and
    doesn't quote the message, so that anybody could have made it up. `unread`: it looks returned and couldn't be read.
    `late`: of those that bounced, the ones whose notice was complete already.
    """

    mails: int = 0
    bounced: int = 0
    known: int = 0
    temporary: int = 0
    unknown: int = 0
    other: int = 0
    complaints: int = 0
    unproven: int = 0
    unread: int = 0
    suppressed: int = 0
    late: int = 0


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


def enter(ledger: Ledger, where: Path) -> Returned:
    """Enter a mailbox: accepted deliveries become bounced. Reading it again changes nothing.

    A returned mail counts only where it quotes our Message-ID. No mail goes to that address any more only where it says that
    the address is bad (5.1.x), and names it, or where the person complained; everything else is about this delivery only.
    """
    found = Returned()
    with ledger.begin() as connection:
        entry = _Entry(connection, ledger, ledger.now(connection), where.name, found)
        for raw in mails(where):
            found.mails += 1
            failed = failure(raw)
            if failed is None:
                found.other += 1
            elif not failed.readable:
                found.unread += 1
            elif not failed.permanent and not failed.complaint:
                found.temporary += 1
            else:
                entry.add(failed)
    return found


class _Entry:
    """Returned mail as it enters the ledger, in one transaction."""

    def __init__(self, connection: Connection, ledger: Ledger, now: float, source: str, found: Returned) -> None:
        self.connection, self.ledger, self.now, self.source, self.found = connection, ledger, now, source, found
        self._chains: dict[int, Chain] = {}

    def add(self, failed: Failure) -> None:
        """One returned mail, or a complaint."""
        marks = [identifiers.rkey(self.ledger.key, address) for address in sorted(failed.addresses)]
        ours = self._sent(_D.message_id.in_(failed.quoted)) if failed.quoted else []
        if not ours:
            named = self._sent(_D.rkey.in_(marks)) if marks else []
            self.found.unproven += bool(named)
            self.found.unknown += not named
        for row in ours:
            if failed.complaint:
                self.found.complaints += self._suppress(row.rkey, "complaint")
                continue
            if row.state == "bounced":
                self.found.known += 1
            else:
                self._bounce(row, failed)
            if failed.is_bad_address and bytes(row.rkey) in marks:
                self.found.suppressed += self._suppress(row.rkey, "bounced")

    def _bounce(self, row: Any, failed: Failure) -> None:
        self.found.bounced += 1
        self.found.late += row.notice_state == "complete"
        if row.notice not in self._chains:
            self._chains[row.notice] = chain_on(self.connection, row.notice, "bounces")
        code = f"returned {failed.status}".strip()
        here = schema.delivery.update().where(_D.notice == row.notice, _D.rkey == row.rkey)
        self.connection.execute(here.values(state="bounced", code=code))
        link = self._chains[row.notice].link(row.rkey, self.now, "accepted", "bounced", code)
        self.connection.execute(schema.event.insert(), [link])

    def _sent(self, which: sa.ColumnElement[bool]) -> list[Any]:
        state = schema.notice.c.state.label("notice_state")
        query = sa.select(_D.notice, _D.rkey, _D.state, _D.message_id, state).join_from(
            schema.delivery, schema.notice, schema.notice.c.notice == _D.notice
        )
        return list(self.connection.execute(query.where(which, _D.state.in_(("accepted", "bounced")))))

    def _suppress(self, rkey: bytes, reason: str) -> bool:
        """Send no mail there any more. Out: whether that is new."""
        table = schema.suppression
        here = sa.select(table.c.rkey).where(table.c.rkey == rkey, table.c.reason == reason)
        if self.connection.execute(here).first() is not None:
            return False
        values = {"rkey": rkey, "reason": reason, "source": self.source[:200], "since": self.now}
        self.connection.execute(table.insert().values(**values))
        return True


def lift(ledger: Ledger, address: str) -> tuple[int, int]:
    """Write to an address again. Out: how many suppressions that ended, and how many deliveries wait in the queue for it.

    Raises DeliveryError for what is no address.
    """
    try:
        mark = identifiers.rkey(ledger.key, normalised(address))
    except ValueError as error:
        raise DeliveryError(f"{address!r}: {error}.") from None
    table = schema.suppression
    with ledger.begin() as connection:
        here = table.delete().where(table.c.rkey == mark, table.c.reason.in_(DEAD))
        ended = connection.execute(here).rowcount
        waiting = sa.select(_D.notice).join(schema.notice, schema.notice.c.notice == _D.notice)
        suppressed = waiting.where(
            _D.rkey == mark, _D.state == "suppressed", _D.address.is_not(None), schema.notice.c.state != "complete"
        )
        notices = list(connection.execute(suppressed).scalars()) if ended else []
        for notice in notices:
            link = chain_on(connection, notice, "lift").link(
                mark, ledger.now(connection), "suppressed", "queued", "lifted"
            )
            connection.execute(schema.event.insert(), [link])
            one = schema.delivery.update().where(_D.notice == notice, _D.rkey == mark)
            connection.execute(one.values(state="queued", next_at=0.0))
    return ended, len(notices)
