"""Send what is due of a notice, and wait for other runs on it (workers) to end what they hold."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policytrail.notify.channels.sender import Sender, Sending, Tally
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import Ledger, NoticeRow
from policytrail.notify.ledger.queue import Queue
from policytrail.notify.ledger.recovery import any_in, due_within

from . import stale_ledger
from .request import NoticeRequest, Say

_SWEEP = 20.0  # seconds within which a worker that is there begins with a notice
_WORKERS = "policytrail_engine.procrastinate_workers"


def send_all(
    request: NoticeRequest,
    ledger: Ledger,
    notice: NoticeRow,
    sending: Sending,
    say: Say,
    watch: Callable[[Tally], None],
) -> Tally:
    """Send until nothing is due and no other run holds anything. Out: what this process did."""
    whole, pause = Tally(), 1.0
    workers = _Workers(ledger, notice, sending.patience, say)
    while True:
        if sending.connections:
            queue = Queue(ledger, notice.notice, request.rules, request.lease, limit=request.limit)
            sender = Sender(queue, sending)
            sender.run(stale_ledger.noting(request.workspace, ledger, notice, sending.connections, watch))
            whole.add(sender.tally)
        if request.limit is not None or not ledger.patiently(partial(_goes_on, ledger, notice, sending)):
            return whole
        if not sending.connections and workers.stay_away():
            return whole
        time.sleep(min(pause, sending.patience or pause))
        pause = min(pause * 1.5, 30.0)


def _goes_on(ledger: Ledger, notice: NoticeRow, sending: Sending, connection: Connection) -> bool:
    """Whether other runs hold deliveries; where all sending is left to workers, also whether any is due soon."""
    if any_in(connection, notice.notice, ("leased",)):
        return True
    return not sending.connections and due_within(connection, ledger, notice.notice, sending.patience)


class _Workers:
    """Whether workers do anything for a notice, where all sending is left to them."""

    def __init__(self, ledger: Ledger, notice: NoticeRow, patience: float, say: Say) -> None:
        self._ledger, self._notice, self._patience, self._say = ledger, notice, patience, say
        self._newest: int | None = -1
        self._since = time.monotonic()
        self._told = False

    def stay_away(self) -> bool:
        """Whether nothing has happened for as long as there is patience; the person hears of it, and of the wait."""
        newest, there = self._ledger.patiently(self._newest_event)
        patience = max(self._patience, _SWEEP) if there else self._patience
        if newest != self._newest:
            self._newest, self._since = newest, time.monotonic()
        elif time.monotonic() - self._since >= patience:
            self._say(f"No worker has sent anything for {self._patience:g} seconds; this run ends.")
            return True
        if not self._told:
            self._told = True
            self._say(
                "This run sends nothing itself (--connections 0): it waits for 'policytrail worker' processes with this ledger, "
                f"and ends where none answers for {self._patience:g} seconds."
            )
        return False

    def _newest_event(self, connection: Connection) -> tuple[int | None, bool]:
        """The notice's newest event, and whether any worker is there, as far as their engine knows."""
        table = schema.event.c
        newest = connection.execute(sa.select(sa.func.max(table.n)).where(table.notice == self._notice.notice)).scalar()
        known = not self._ledger.sqlite and connection.execute(sa.text(f"SELECT to_regclass('{_WORKERS}')")).scalar()
        recent = f"SELECT 1 FROM {_WORKERS} WHERE last_heartbeat > now() - interval '30 seconds' LIMIT 1"
        return newest, bool(known and connection.execute(sa.text(recent)).first())
