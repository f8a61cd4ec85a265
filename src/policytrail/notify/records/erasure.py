"""A person asks to be erased: the ledger drops address and name, and keeps the keyed hash, so that every proof still holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policytrail.errors import DeliveryError, NoticeRefusal
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import Ledger
from policytrail.notify.ledger.recovery import chain_on
from policytrail.notify.recipients import identifiers
from policytrail.notify.recipients.addresses import normalised

_D = schema.delivery.c
_NEVER_SENT = ("queued", "in_doubt")  # without an address they can't be tried again: they end here


@dataclass(frozen=True)
class Erased:
    """What an erasure came to: notices that held the person, mails that now aren't sent, likely twins that are left."""

    notices: int
    unsent: int
    twins: int


def erase(ledger: Ledger, address: str) -> Erased:
    """Drop a person's address and name from every notice of the ledger. Doing it again changes nothing.

    Raises DeliveryError for an address that the ledger never held, NoticeRefusal while a mail to this person is in hand;
    then nothing is changed.
    """
    try:
        plain = normalised(address)
    except ValueError as error:
        raise DeliveryError(f"{address!r}: {error}.") from None
    mark, twin = identifiers.rkey(ledger.key, plain), identifiers.twin(ledger.key, plain)
    with ledger.begin() as connection:
        if ledger.sqlite:  # what is overwritten must not stay readable in the file
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        rows = connection.execute(
            sa.select(_D.notice, _D.state, _D.address).where(_D.rkey == mark).order_by(_D.notice).with_for_update()
        ).all()
        _refuse(address, [row.state for row in rows])
        now = ledger.now(connection)
        unsent = [_erase_row(connection, mark, row, now) for row in rows if row.address is not None]
        left = sa.select(sa.func.count(sa.distinct(_D.rkey))).where(_D.twin == twin, _D.address.is_not(None))
        twins = int(connection.execute(left).scalar_one())
    _forget(ledger, address)
    return Erased(len(unsent), sum(unsent), twins)


def _refuse(address: str, states: list[str]) -> None:
    if not states:
        raise DeliveryError(f"{address} isn't in this ledger. Addresses differ by every character before the @.")
    if "leased" in states:
        raise NoticeRefusal(
            "A mail to this person is in the hands of a run. Erase again when that has ended (a run that was killed ends "
            "with 'policytrail notify VERSION --resume'). Nothing was changed."
        )


def _erase_row(connection: Connection, mark: bytes, row: Any, now: float) -> bool:
    """Erase one row. Out: whether that ends a delivery which was still to be sent."""
    ends = row.state in _NEVER_SENT
    after = "suppressed" if ends else row.state
    chain = chain_on(connection, row.notice, "erase")
    connection.execute(schema.event.insert(), [chain.link(mark, now, row.state, after, "erased")])
    here = schema.delivery.update().where(_D.notice == row.notice, _D.rkey == mark)
    connection.execute(here.values(address=None, name=None, lang="", twin=mark, state=after))
    return ends


def _forget(ledger: Ledger, address: str) -> None:
    """Bring what was erased out of SQLite's log, too: it holds old pages until they are written back.

    Raises DeliveryError where somebody who reads them for long keeps it from that.
    """
    if not ledger.sqlite:
        return
    with ledger.engine.connect() as connection:
        connection.rollback()
        driver: Any = connection.connection.driver_connection
        kept, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if kept:
        raise DeliveryError(
            f"{address} is erased, but the ledger's log may hold it while another process reads the ledger (a report?). "
            "Erase it again when that has ended."
        )
