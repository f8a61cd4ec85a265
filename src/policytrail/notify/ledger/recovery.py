"""What runs leave behind: dead ones are healed, what waits ends or is put back when a person asks."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policytrail.notify.primitives.delivery_states import FAILED, recovered

from . import schema
from .bulk_sql import RELEASE, REQUEUE
from .event_chain import Chain
from .ledger import Ledger

_D, _E, _R, _S = schema.delivery.c, schema.event.c, schema.run.c, schema.sending.c
_PAGE = 500


def newest_event(connection: Connection, notice: int) -> bytes:
    """The hash of a notice's newest event; zeros where it has none."""
    newest = sa.select(_E.hash).where(_E.notice == notice).order_by(_E.n.desc()).limit(1)
    return connection.execute(newest).scalar() or bytes(32)


def chain_on(connection: Connection, notice: int, what: str) -> Chain:
    """A chain that goes on from a notice's newest event, for what a person does to it rather than a run."""
    return Chain(f"{what}-{secrets.token_hex(8)}", notice, newest_event(connection, notice))


def end_waiting(connection: Connection, notice: int, chain: Chain, now: float, state: str, why: str) -> None:
    """Give every delivery that waits in the queue another state, with the reason as its code."""
    waiting = sa.select(_D.rkey).where(_D.notice == notice, schema.IS_QUEUED).limit(_PAGE)
    while page := connection.execute(waiting).scalars().all():
        connection.execute(schema.event.insert(), [chain.link(each, now, "queued", state, why) for each in page])
        here = schema.delivery.update().where(_D.notice == notice, _D.rkey.in_(page))
        connection.execute(here.values(state=state, code=why))


def heal(connection: Connection, ledger: Ledger, notice: int, chain: Chain, hold_doubtful: bool, mine: set[str]) -> int:
    """End every dead run of a notice. Out: how many.

    Dead: its process on this machine is gone, or its lease ran out, or it is ended and holds rows all the same. An SQLite
    ledger has no workers, and whoever heals it holds the notice's lock, so there every other run is dead.
    """
    now = ledger.now(connection)
    holding = sa.select(_D.run).where(_D.notice == notice, _D.state == "leased")
    runs = connection.execute(
        sa.select(schema.run)
        .where(_R.notice == notice, _R.ended.is_(None) | _R.id.in_(holding))
        .with_for_update(skip_locked=True)
    ).all()
    dead = [
        run
        for run in runs
        if run.id not in mine and (run.ended or ledger.sqlite or run.lease_until < now or _gone(run))
    ]
    for row in dead:
        release(connection, notice, row.id, chain, now, hold_doubtful)
        connection.execute(schema.run.update().where(_R.id == row.id).values(ended=now))
    return len(dead)


def _gone(row: Any) -> bool:
    """Whether a run's process is known to be gone: same machine, and another boot or no such process."""
    boot, _, space = row.boot_id.partition("/")
    here, _, here_space = boot_id().partition("/")
    if row.host != socket.gethostname() or not boot:
        return False
    return boot != here or (space == here_space and not Path(f"/proc/{row.pid}").exists())


def release(connection: Connection, notice: int, run: str, chain: Chain, now: float, hold_doubtful: bool) -> None:
    """Take back every row that a run has leased; the one that each of its connections was sending may be out."""
    leased = (
        connection.execute(sa.select(_D.rkey).where(_D.notice == notice, _D.state == "leased", _D.run == run))
        .scalars()
        .all()
    )
    doubtful = set(connection.execute(sa.select(_S.rkey).where(_S.run == run, _S.rkey.is_not(None))).scalars()) & set(
        leased
    )
    after = {each: recovered(each not in doubtful, hold_doubtful) for each in leased}
    if not leased:
        return
    connection.execute(
        RELEASE, [{"n": notice, "k": each, "s": after[each], "x": int(each in doubtful)} for each in leased]
    )
    events = []
    for each in leased:
        if each in doubtful:
            events.append(chain.link(each, now, "leased", "in_doubt", f"run {run[:8]} ended"))
        if each not in doubtful or after[each] == "queued":
            events.append(chain.link(each, now, "in_doubt" if each in doubtful else "leased", after[each], ""))
    connection.execute(schema.event.insert(), events)


def requeue(connection: Connection, ledger: Ledger, notice: int) -> int:
    """Put every failed or doubtful delivery back in the queue, because a person asks for it. Out: how many."""
    now = ledger.now(connection)
    chain = chain_on(connection, notice, "retry")
    failed = connection.execute(
        sa.select(_D.rkey, _D.state).where(_D.notice == notice, _D.state.in_(FAILED), _D.address.is_not(None))
    ).all()
    if failed:
        connection.execute(
            schema.event.insert(), [chain.link(rkey, now, state, "queued", "retry") for rkey, state in failed]
        )
        connection.execute(REQUEUE, [{"n": notice, "k": rkey} for rkey, _ in failed])
    return len(failed)


def any_in(connection: Connection, notice: int, states: Sequence[str]) -> bool:
    """Whether any delivery of a notice is in one of these states."""
    found = sa.select(_D.rkey).where(schema.every_delivery(notice), _D.state.in_(states)).limit(1)
    return connection.execute(found).first() is not None


def due_within(connection: Connection, ledger: Ledger, notice: int, seconds: float) -> bool:
    """Whether any delivery of a notice waits in the queue that may be sent within so many seconds."""
    found = connection.execute(schema.soonest(notice)).scalar()
    return found is not None and found <= ledger.now(connection) + seconds


def boot_id() -> str:
    """This boot of this machine, and the space in which its process numbers count (a container's); empty if unknown."""
    try:
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()}/{os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""
