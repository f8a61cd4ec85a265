"""What happens to a ledger, and what must follow: what the other files' tests leave out.

| what happens | tested in |
| --- | --- |
| SIGKILL, a run frozen past its lease, two workers | test_notify_runs, test_notify_engine |
| 4xx, 5xx, 421, a drop before and after the dot | test_notify (misbehaviour, held when asked) |
| a full disk at a settlement | test_notify_runs; here: before the start, and the ballast |
| two runs, twenty races, another ledger | test_notify_runs, test_notify_ledger |
| a restored backup | test_restored, test_notify_ledger |
| a clock that jumps | here; dates and zones: test_schedule, test_schedule_histories |
| run again, a changed list | test_notify; here: the list's digest in the chain of events |
| 72 hours of 4xx | test_notify_parts (arrows); here: the row, and that the notice then is complete |
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import sys
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import render_samples
import sqlalchemy as sa
from notices import leaves_hold, people, settle, write_list

from policytrail.errors import DeliveryError, NoticeRefusal, UsageError
from policytrail.model.version import Evidence
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.enrol import load
from policytrail.notify.ledger.ledger import Ledger, NoticeRow, open_ledger
from policytrail.notify.ledger.queue import Queue
from policytrail.notify.primitives.delivery_states import OPEN, Outcome, Rules
from policytrail.notify.recipients.recipient_list import open_list
from policytrail.notify.records import evidence
from policytrail.notify.run import stale_ledger
from policytrail.workspace import Workspace

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite", Workspace(tmp_path), "first") as found:
        yield found


def listed(ledger: Ledger, folder: Path, addresses: list[str]) -> NoticeRow:
    """A notice with these recipients."""
    with ledger.begin() as connection:
        row = ledger.notice(connection, "2020-04-01", "legal")
        if row is None:
            connection.execute(
                schema.notice.insert().values(version="2020-04-01", stream="legal", digest="ab" * 32, state="listed")
            )
            row = ledger.notice(connection, "2020-04-01", "legal")
    assert row is not None
    load(ledger, row, open_list(str(write_list(folder / "list.csv", addresses))), "post.example", False)
    return row


def test_too_little_room_is_refused_before_any_mail(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.refuse_full_disk()
    room = 4_000_000 + 3 * 300_000  # the ballast, and what a ledger of 300 KB needs
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, room))
    ledger.refuse_full_disk()
    listed(ledger, tmp_path, [f"u{each}@example.org" for each in range(2000)])  # most of it is in the log still
    with pytest.raises(DeliveryError, match="Make room, then run again"):
        ledger.refuse_full_disk()
    with ledger.begin() as connection:
        connection.execute(schema.delivery.delete())
    assert ledger.path is not None
    with contextlib.closing(sqlite3.connect(ledger.path)) as database:
        database.execute("VACUUM")
    ledger.refuse_full_disk()  # a log that has grown large is used again, and no need of its own
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 1000))
    with pytest.raises(DeliveryError, match="Make room, then run again"):
        ledger.refuse_full_disk()


def test_a_ledger_that_needs_the_extra_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DeliveryError, match=r"policytrail\[engine\]"):
        open_ledger("postgresql://me@127.0.0.1/x", Workspace(tmp_path), "first")


def test_a_key_from_outside_is_the_ledger_s_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(name: str, key: str = "") -> str:
        monkeypatch.setenv("POLICYTRAIL_LEDGER_KEY", key)
        with open_ledger(f"sqlite:///{tmp_path}/{name}", Workspace(tmp_path), "first") as found:
            return found.key.hex()

    inside = opened("inside")
    assert opened("inside", inside) == inside
    with pytest.raises(NoticeRefusal, match="a key of its own"):
        opened("inside", "ab" * 32)
    assert opened("outside", "ab" * 32) == "ab" * 32
    for key in ("", "cd" * 32):
        with pytest.raises(NoticeRefusal, match="another key"):
            opened("outside", key)
    with pytest.raises(UsageError, match="64 hex digits") as refused:
        opened("inside", "canary")
    assert "canary" not in str(refused.value)


def test_the_ballast_is_given_up_once(ledger: Ledger) -> None:
    ledger.keep_ballast()
    assert ledger.ballast is not None and ledger.ballast.stat().st_size > 1_000_000
    assert (ledger.drop_ballast(), ledger.drop_ballast(), ledger.ballast.exists()) == (True, False, False)


@pytest.mark.parametrize("witness", ["event", "record", "start"])
def test_a_clock_that_goes_back_is_refused(ledger: Ledger, tmp_path: Path, witness: str) -> None:
    row = listed(ledger, tmp_path, people(1))
    version = render_samples.versions()[-1]
    ahead = datetime.now(UTC) + timedelta(hours=2)
    with ledger.begin() as connection:
        stale_ledger.refuse_clock(connection, ledger, row, version)
        if witness == "event":
            connection.execute(schema.event.update().values(at=ahead.timestamp()))
        elif witness == "record":
            mark = Evidence("started", ahead.date(), {"ledger": ledger.id, "at": ahead.isoformat()}, "d" * 64)
            version = replace(version, evidence=(*version.evidence, mark))
        else:
            row = replace(row, started=ahead.timestamp())
        with pytest.raises(NoticeRefusal, match="before the newest entry of the ledger"):
            stale_ledger.refuse_clock(connection, ledger, row, version)


def test_each_list_leaves_its_digest_in_the_chain_of_events(ledger: Ledger, tmp_path: Path) -> None:
    row = listed(ledger, tmp_path, people(2))
    listed(ledger, tmp_path, people(3))
    with ledger.begin() as connection:
        found = connection.execute(sa.select(schema.event.c.code).where(schema.event.c.to == "listed")).scalars().all()
        assert len(set(found)) == 2
        assert evidence.broken_events(connection, row.notice) is None
        connection.execute(schema.event.update().where(schema.event.c.code == found[0]).values(code="0" * 64))
        assert evidence.broken_events(connection, row.notice) is not None


def test_whoever_reads_holds_up_nobody_who_sends(ledger: Ledger, tmp_path: Path) -> None:
    row = listed(ledger, tmp_path, people(3))
    with ledger.reading() as connection:
        before = evidence.counts(connection, row.notice)
        with ledger.begin() as other:  # would wait for half a minute, and fail
            other.execute(schema.delivery.update().values(state="accepted"))
        assert evidence.counts(connection, row.notice) == before and before["queued"] == 3
    with ledger.reading() as connection:
        assert evidence.counts(connection, row.notice)["accepted"] == 3


def test_after_72_hours_of_4xx_a_row_expires_and_holds_the_notice_no_longer(ledger: Ledger, tmp_path: Path) -> None:
    row = listed(ledger, tmp_path, people(2))
    with ledger.begin() as connection:
        three_days_ago = ledger.now(connection) - 72 * 3600
        connection.execute(schema.delivery.update().values(date=three_days_ago))
    queue = Queue(ledger, row.notice, Rules())
    job = settle(queue)
    while job is not None:
        job = settle(queue, job, Outcome("deferred", "451 4.7.1"))
    queue.close()
    with ledger.begin() as connection:
        found = evidence.counts(connection, row.notice)
    assert (found["expired"], sum(found[each] for each in OPEN)) == (2, 0)


def test_a_run_that_lost_its_lease_settles_nothing(ledger: Ledger, tmp_path: Path) -> None:
    """Frozen until another run took its rows over: what it then says of them doesn't count."""
    from policytrail.notify.ledger.queue import LeaseLost

    row = listed(ledger, tmp_path, people(1))
    slow, other = Queue(ledger, row.notice, Rules()), Queue(ledger, row.notice, Rules())
    job = settle(slow)
    other.heal()
    taken = settle(other)
    assert taken is not None and job is not None and taken.rkey == job.rkey
    with pytest.raises(LeaseLost):
        settle(slow, job, Outcome("refused", "550"))
    settle(other, taken, Outcome("accepted", "250"), more=False)
    with ledger.begin() as connection:
        assert evidence.counts(connection, row.notice)["accepted"] == 1


def test_leaves_are_those_of_the_day_that_was_proven(ledger: Ledger, tmp_path: Path) -> None:
    leaves_hold(ledger, tmp_path)
