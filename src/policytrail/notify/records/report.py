"""What the ledger says of a notice: for people and as JSON, without addresses; and the list for notice by post."""

from __future__ import annotations

import csv
from codecs import getwriter
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import Ledger, NoticeRow
from policytrail.notify.recipients import identifiers
from policytrail.storage.files import writing

from . import evidence

_UNREACHED = ("refused", "expired", "in_doubt", "bounced", "suppressed")
_SHOWN = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def report(ledger: Ledger, notice: NoticeRow) -> dict[str, Any]:
    """Counts by state, instants, what is due, runs that haven't ended, rows of the list that are no recipient."""
    table, runs = schema.delivery.c, schema.run.c
    with ledger.reading() as connection:
        found = evidence.counts(connection, notice.notice)
        first, last = evidence.span(connection, notice.notice)
        soonest = connection.execute(schema.soonest(notice.notice)).scalar()
        codes = connection.execute(
            sa.select(table.state, table.code, sa.func.count())
            .group_by(table.state, table.code)
            .where(table.notice == notice.notice, table.code != "", table.state.not_in(("accepted", "leased")))
        ).all()
        open_runs = connection.execute(
            sa.select(schema.run).where(runs.notice == notice.notice, runs.ended.is_(None))
        ).all()
        rows = connection.execute(
            sa.select(schema.rejected)
            .where(schema.rejected.c.notice == notice.notice)
            .order_by(schema.rejected.c.row)
            .limit(_SHOWN)
        ).all()
        vanished = connection.execute(
            sa.select(sa.func.count()).where(table.notice == notice.notice, table.tally < notice.tally)
        ).scalar_one()
        broken = evidence.broken_events(connection, notice.notice)
        chain = evidence.events(connection, notice.notice)
    return {
        "version": notice.version,
        "stream": notice.stream,
        "notice": notice.digest,
        "ledger": ledger.id,
        "state": notice.state,
        "recipients": notice.total,
        "counts": found,
        "left": found["queued"] + found["leased"] + found["in_doubt"],
        "started": notice.started and identifiers.instant(notice.started),
        "completed": notice.completed and identifiers.instant(notice.completed),
        "first_accepted": first,
        "last_accepted": last,
        "next_due": identifiers.instant(soonest) if soonest else None,
        "answers": _answers(codes),
        "runs": [{"host": run.host, "pid": run.pid, "since": identifiers.instant(run.started)} for run in open_runs],
        "rejected": [{"row": row.row, "state": row.state, "reason": row.reason} for row in rows],
        "no_longer_listed": int(vanished),
        "events": chain | {"broken_at": broken},
    }


def _answers(codes: Any) -> list[dict[str, Any]]:
    """How often the server gave which code (its words are hashes, left out here)."""
    summed: dict[tuple[str, str], int] = {}
    for state, code, number in codes:
        key = (state, code.split(" #")[0])
        summed[key] = summed.get(key, 0) + number
    return [{"state": state, "code": code, "count": number} for (state, code), number in sorted(summed.items())]


def in_words(found: dict[str, Any]) -> str:
    """The report as text."""
    counts = found["counts"]
    told = [f"  {state.replace('_', ' '):<10} {number:>9,}" for state, number in counts.items() if number]
    lines = [f"Notice of {found['version']} ({found['state']}), ledger {found['ledger'][:12]}", *told]
    if found["first_accepted"]:
        lines.append(f"Accepted by the mail server from {found['first_accepted']} to {found['last_accepted']}.")
    if found["completed"]:
        lines.append(f"Complete since {found['completed']}.")
    elif found["left"]:
        due = f"; the next is due at {found['next_due']}" if found["next_due"] else ""
        lines.append(f"Not complete: {found['left']:,} left{due}.")
    lines += [f"  {each['state']}: {each['count']} x {each['code']}" for each in found["answers"]]
    lines += [
        f"A run hasn't ended: process {each['pid']} on {each['host']}, since {each['since']}." for each in found["runs"]
    ]
    lines += [f"  row {each['row']}: {each['state']}, {each['reason']}" for each in found["rejected"]]
    if found["no_longer_listed"]:
        lines.append(
            f"{found['no_longer_listed']} recipient(s) of an earlier list aren't in the newest one; they were kept."
        )
    broken = found["events"]["broken_at"]
    if broken is not None:
        lines.append(f"The chain of events is broken at entry {broken}: the ledger was changed by hand.")
    return "\n".join(lines)


def export_post(ledger: Ledger, notice: NoticeRow, target: Path) -> int:
    """Write those whom no mail reached as CSV, for notice by post: all of them, or no file. Out: how many.

    Rows of the list without a usable address are among them: the whole row, as given, in the column of the address.
    The file holds personal data: its owner alone may read it.
    """
    table = schema.delivery.c
    query = (
        sa.select(table.address, table.name, table.lang, table.state)
        .where(table.notice == notice.notice, table.state.in_(_UNREACHED))
        .order_by(table.state, table.address)
    )
    rejected = schema.rejected.c
    unusable = (
        sa.select(rejected.given)
        .where(rejected.notice == notice.notice, rejected.state == "invalid")
        .order_by(rejected.row)
    )
    number = 0
    with writing(target, mode=0o600) as stream, ledger.reading() as connection:
        writer = csv.writer(getwriter("utf-8")(stream))
        writer.writerow(["address", "name", "language", "state"])
        for row in connection.execute(query, execution_options={"yield_per": 1000}):
            writer.writerow([guarded(each or "") for each in row])
            number += 1
        for given in connection.execute(unusable, execution_options={"yield_per": 1000}).scalars():
            writer.writerow([guarded(given or ""), "", "", "invalid"])
            number += 1
    return number


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
