"""A ledger that is older than what is known of it: a restored backup, which doesn't know who was told since.

Known are the records in git (the start marker, that a run goes on, how far it came, the complete notice) and, on the
machine that sends, a note in git's own folder that a run renews as it goes: a run that is killed leaves no record of how far
it came. On another machine a copy from within such a run is known by lying in another file than the run worked on.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policytrail import __version__
from policytrail.errors import NoticeRefusal
from policytrail.model.version import Evidence, Version
from policytrail.notify.channels.sender import Tally
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import Ledger, NoticeRow
from policytrail.notify.ledger.recovery import chain_on, end_waiting, heal
from policytrail.notify.recipients import identifiers
from policytrail.notify.records import evidence
from policytrail.storage.files import write_whole
from policytrail.storage.transaction import git_folder
from policytrail.workspace import Workspace

from . import start_marker

PROGRESS = "progress"
_EVERY = 1.0  # seconds between two renewals of the note
_E = schema.event.c


class Note:
    """How many mails of a notice were accepted, by a run on this machine; lost without harm, never behind the ledger."""

    def __init__(self, workspace: Workspace, ledger: Ledger, notice: NoticeRow) -> None:
        folder = git_folder(workspace.root)
        self._path = folder / f"policytrail-sent-{ledger.id}-{notice.digest[:16]}" if folder else None
        self._renewed = 0.0

    def read(self) -> int:
        """The number noted, 0 without a note."""
        try:
            return int(json.loads(self._path.read_bytes())["accepted"]) if self._path else 0
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def renew(self, accepted: int, at_once: bool = False) -> None:
        """Note a number that the ledger holds durably, at most once a second."""
        if self._path and (at_once or time.monotonic() - self._renewed >= _EVERY):
            self._renewed = time.monotonic()
            write_whole(self._path, json.dumps({"accepted": accepted}).encode())


@dataclass(frozen=True)
class Behind:
    """How a ledger falls short, or may, in a sentence or two."""

    said: str

    def refuse(self, going_on: str) -> NoReturn:
        """Raise NoticeRefusal. In: what going on with `--adopt` would do."""
        raise NoticeRefusal(
            f"{self.said} Give the newest one with --ledger. If that is lost, a person may go on with this one: --adopt --by "
            f"NAME --reason TEXT ({going_on}). Nobody was written to."
        )


def _older(lacks: int, witness: str) -> Behind:
    """In: how many mails are known to be missing, and by which witness."""
    missing = f" {lacks:,} mails that were accepted are missing from it." if lacks > 0 else ""
    return Behind(
        f"This ledger is older than {witness}: it looks like a restored backup, which doesn't know who was told since.{missing}"
    )


def behind(connection: Connection, ledger: Ledger, notice: NoticeRow, version: Version, note: Note) -> Behind | None:
    """Whether the ledger is older than what is known of its notice; None if it isn't.

    A chain's head that it lacks, or fewer accepted mails than were known before, say so. What is older than the newest
    decision to go on with this ledger (`--adopt`) is settled by that.
    """
    have = accepted(evidence.counts(connection, notice.notice))
    for each in reversed(_own(version, notice.stream, ledger.id)):
        record = each.record
        head = str(record.get("events", {}).get("newest") or "")
        known = accepted(record.get("counts", {}))
        lacking = (
            bool(head) and connection.execute(sa.select(_E.n).where(_E.hash == bytes.fromhex(head))).first() is None
        )
        if lacking or known > have:
            when = record.get("at") or record.get("completed") or each.on
            return _older(known - have, f"the record in git of {when}")
        if head:  # what came before this head is there, too
            break
    noted = note.read()
    if noted > have:
        return _older(noted - have, "a note of the last run on this machine")
    return _copied(connection, ledger, notice)


def _copied(connection: Connection, ledger: Ledger, notice: NoticeRow) -> Behind | None:
    """A copy from within a run, which hasn't ended in it, and worked on another file."""
    place, runs = connection.execute(sa.select(schema.place.c.file)).scalar(), schema.run.c
    unended = (
        sa.select(schema.run).where(runs.notice == notice.notice, runs.ended.is_(None)).order_by(runs.started.desc())
    )
    newest = connection.execute(unended).first()
    if newest is None or place in (None, _file(ledger)):
        return None
    return Behind(
        f"This ledger is a copy, made before a run on it had ended (process {newest.pid} on {newest.host}, since "
        f"{identifiers.instant(newest.started)}): that run was killed, and whether the copy holds all that it sent "
        "can't be known."
    )


def _file(ledger: Ledger) -> str | None:
    """What a file keeps when its disk is moved to another machine, and no copy of it has. None for PostgreSQL."""
    return f"{os.statvfs(ledger.path).f_fsid:x}:{ledger.path.stat().st_ino}" if ledger.path else None


def take_place(connection: Connection, ledger: Ledger) -> None:
    """Write down which file this run works on."""
    connection.execute(schema.place.delete())
    if file := _file(ledger):
        connection.execute(schema.place.insert().values(file=file))


def record_run(workspace: Workspace, version: str, ledger: Ledger, notice: NoticeRow, day: date) -> None:
    """Before the first mail of a run that goes on: record in git that it does, so that a copy from before it is known by that.

    Raises NoticeRefusal where the record can't be pushed: then the run mustn't send.
    """
    with ledger.begin() as connection:
        chain = chain_on(connection, notice.notice, "resumed")
        connection.execute(schema.event.insert(), [chain.link(None, ledger.now(connection), "listed", "resumed", "")])
        record = _progress(connection, ledger, notice)
    start_marker.publish(workspace, version, PROGRESS, day, record, lambda _: True)


def accepted(counts: Any) -> int:
    """Mails that a server ever accepted: the number never shrinks."""
    return int(counts.get("accepted", 0)) + int(counts.get("bounced", 0))


def _own(version: Version, stream: str, ledger: str) -> Sequence[Evidence]:
    """The records of this ledger's notice, from the newest decision to go on with it."""
    found = [
        each
        for each in version.evidence
        if each.record.get("stream") == stream and "notice" in each.record and each.record.get("ledger") == ledger
    ]
    begin = max((place for place, each in enumerate(found) if "adopts" in each.record), default=0)
    return found[begin:]


def refuse_clock(connection: Connection, ledger: Ledger, notice: NoticeRow, version: Version) -> None:
    """Raises NoticeRefusal for a clock that stands before the ledger's newest entry or the newest record about a notice."""
    now = ledger.now(connection)
    newest = connection.execute(sa.select(sa.func.max(_E.at))).scalar() or 0.0
    said = [
        datetime.fromisoformat(each.record[key]).timestamp()
        for each in version.evidence
        for key in ("at", "completed")
        if key in each.record and "ledger" in each.record
    ]
    if max(newest, notice.started or 0.0, *said) > now + 1:
        raise NoticeRefusal(
            f"The clock says {identifiers.instant(now)}, before the newest entry of the ledger. Set it right."
        )


def go_on(workspace: Workspace, ledger: Ledger, notice: NoticeRow, held: bool) -> None:
    """A person goes on with an older ledger; from now on it counts as it is. Needs the lock.

    `held`: nobody may be told twice, so everybody who waits is in doubt, for a person to settle.
    """
    with ledger.begin() as connection:
        if held:
            _hold(connection, ledger, notice.notice)
        number = accepted(evidence.counts(connection, notice.notice))
    Note(workspace, ledger, notice).renew(number, at_once=True)


def _hold(connection: Connection, ledger: Ledger, notice: int) -> None:
    chain = chain_on(connection, notice, "held")
    heal(connection, ledger, notice, chain, True, set())
    end_waiting(connection, notice, chain, ledger.now(connection), "in_doubt", "restored backup")


def noting(
    workspace: Workspace, ledger: Ledger, notice: NoticeRow, connections: int, watch: Callable[[Tally], None]
) -> Callable[[Tally], None]:
    """What a run calls as it goes, so that the note follows. Of what was sent, one a connection may not be written yet."""
    note = Note(workspace, ledger, notice)
    with ledger.begin() as connection:
        before = accepted(evidence.counts(connection, notice.notice))

    def noted(tally: Tally) -> None:
        note.renew(before + max(0, tally.accepted - connections))
        watch(tally)

    return noted


def record_progress(workspace: Workspace, version: str, ledger: Ledger, notice: NoticeRow, day: date) -> None:
    """Record in git how far a run came, unless no mail was accepted since the last record: an older ledger is known by it."""
    with ledger.begin() as connection:
        record = _progress(connection, ledger, notice)
    number = accepted(record["counts"])
    Note(workspace, ledger, notice).renew(number, at_once=True)

    def further(found: Version) -> bool:
        recorded = (accepted(each.record.get("counts", {})) for each in _own(found, notice.stream, ledger.id))
        return number > max(recorded, default=0)

    start_marker.publish(workspace, version, PROGRESS, day, record, further)


def _progress(connection: Connection, ledger: Ledger, notice: NoticeRow) -> dict[str, Any]:
    return {
        "stream": notice.stream,
        "notice": notice.digest,
        "ledger": ledger.id,
        "at": identifiers.instant(ledger.now(connection)),
        "counts": evidence.counts(connection, notice.notice),
        "events": evidence.events(connection, notice.notice),
        "tool": f"policytrail {__version__}",
    }
