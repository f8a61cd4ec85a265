"""The retraction of a withdrawn version: to exactly those who were told of it by mail, or may have been.

The list is the ledger's own: whoever's mail was accepted or is in doubt. Whoever only waited for theirs gets nothing, nor who got
the notice of a version since that says it replaces this one.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policytrail.errors import NoticeRefusal, UsageError
from policytrail.model.version import Evidence, Version
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.enrol import Loaded, dead
from policytrail.notify.ledger.ledger import Ledger, NoticeRow
from policytrail.notify.ledger.recovery import chain_on, end_waiting, heal
from policytrail.notify.recipients import identifiers
from policytrail.schedule.version_order import corrected
from policytrail.verify.mail_records import retraction_messages
from policytrail.workspace import Workspace

from . import start_marker, voluntary_list
from .stale_ledger import Behind, Note, behind

STREAM = "retraction"
_PAGE = 500
_D = schema.delivery.c


@dataclass(frozen=True)
class Source:
    """One mailing by which people were told: the version that its messages name, its stream, its start marker."""

    version: Version
    stream: str
    mark: Evidence


def sources(version: Version, versions: Sequence[Version]) -> tuple[Source, ...]:
    """The mailings about a version and those whose notice it took over. Raises NoticeRefusal where there were none."""
    found: list[Source] = []
    one: Version | None = version
    while one is not None:
        for stream in ("legal", voluntary_list.STREAM):
            mark = start_marker.started(one, stream)
            found += [Source(one, stream, mark)] if mark else []
        one = corrected(one, versions)
    if not found:
        raise NoticeRefusal(f"Nobody was told of {version.id} by mail, so nobody has to hear that it is withdrawn.")
    return tuple(found)


def message_of(version: Version) -> dict[str, tuple[str, bytes]]:
    """The messages by language (empty: the one for everybody else), as the record of the withdrawal keeps them.

    Raises NoticeRefusal where it keeps none.
    """
    found = retraction_messages(version)
    if found:
        return found
    raise NoticeRefusal(
        f"The record of the withdrawal of {version.id} holds no mail. Tell people in another way, then record that: "
        f"policytrail attest {version.id} retraction --note TEXT --by NAME."
    )


def digest(version: Version) -> str:
    """The retraction's identity: this version, with these messages."""
    messages = b"".join(eml for _, eml in message_of(version).values())
    return identifiers.notice_digest(version.manifest, hashlib.sha256(messages).hexdigest(), STREAM)


def elsewhere(ledger: Ledger, told: Sequence[Source]) -> Source | None:
    """The first mailing whose people another ledger than this one knows, None where this one knows all."""
    return next((source for source in told if source.mark.record.get("ledger") != ledger.id), None)


def owner(version: Version, stream: str, ledger: Ledger, told: Sequence[Source]) -> str | None:
    """The ledger that a notice (or, for a retraction, what it takes back) was started with so far."""
    mark = start_marker.started(version, stream)
    other = elsewhere(ledger, told)
    mark = mark or (other.mark if other else None)
    return str(mark.record.get("ledger")) if mark else None


def take_back(
    workspace: Workspace, ledger: Ledger, version: Version, told: Sequence[Source], listed: bool, adopted: bool
) -> bool:
    """Before a retraction: stop the mailings whose announcement it takes back. Needs their locks.

    In: whether a list was given, and whether a person put a name to going on without a ledger that knows who was told.
    Out: whether everybody on the mailings' lists counts as told: one went on with a new ledger, or with an old copy of its
    own. Raises NoticeRefusal or UsageError where it would not reach all who were told.
    """
    mark = start_marker.started(version, STREAM)
    decided = adopted or (mark is not None and "adopts" in mark.record)
    other = elsewhere(ledger, told)
    if other is not None:
        if not decided or (adopted and not listed):
            raise NoticeRefusal(
                f"Who was told of {other.version.id} is in ledger {str(other.mark.record.get('ledger'))[:12]}; this is ledger "
                f"{ledger.id[:12]}. Give that ledger with --ledger, or, if it's lost, tell everybody: --recipients FILE "
                "--adopt --by NAME --reason TEXT. Nobody was written to."
            )
        return False
    if listed:
        raise UsageError("A retraction goes to those in the ledger who were told. Leave --recipients out.")
    older = _older(workspace, ledger, told)
    if older is not None and not decided:
        older.refuse("then everybody on its list is told that it doesn't come")
    _stop(ledger, told)
    return older is not None or any(_adopted(source) for source in told)


def _older(workspace: Workspace, ledger: Ledger, told: Sequence[Source]) -> Behind | None:
    with ledger.begin() as connection:
        for source in told:
            row = ledger.notice(connection, source.version.id, source.stream)
            found = behind(connection, ledger, row, source.version, Note(workspace, ledger, row)) if row else None
            if found:
                return found
    return None


def _unless_told(connection: Connection, ledger: Ledger, instead: Sequence[Version]) -> list[sa.ColumnElement[bool]]:
    """Who was told since, by a notice that says it replaces this one, hears nothing more."""
    rows = [row.notice for version in instead if (row := ledger.notice(connection, version.id, "legal"))]
    later = sa.alias(schema.delivery).c
    told = later.notice.in_(rows) & (later.rkey == _D.rkey) & (later.state == "accepted")
    return [~sa.exists().where(told, later.accepted_at > _D.accepted_at)] if rows else []


def _stop(ledger: Ledger, told: Sequence[Source]) -> None:
    """End the mailings: what still waits is not sent any more. Raises NoticeRefusal while a worker still has some in hand:
    those people are told, too, so they are waited for."""
    held = 0
    with ledger.begin() as connection:
        for row in _rows(connection, ledger, told):
            heal(connection, ledger, row.notice, chain_on(connection, row.notice, "heal"), False, set())
            chain = chain_on(connection, row.notice, "withdrawn")
            end_waiting(connection, row.notice, chain, ledger.now(connection), "suppressed", "withdrawn")
            if row.state != "complete":
                mine = schema.notice.c.notice == row.notice
                connection.execute(schema.notice.update().where(mine).values(state="withdrawn"))
            leased = sa.select(sa.func.count()).where(_D.notice == row.notice, _D.state == "leased")
            held += int(connection.execute(leased).scalar_one())
    if held:
        raise NoticeRefusal(
            f"{held} mails of the withdrawn notice are still in the hands of a worker; who gets them must be told as well. "
            "No further one is handed out. Run again when it is done."
        )


def _rows(connection: Connection, ledger: Ledger, told: Sequence[Source]) -> list[NoticeRow]:
    return [row for source in told if (row := ledger.notice(connection, source.version.id, source.stream))]


def fill(
    ledger: Ledger, notice: NoticeRow, told: Sequence[Source], instead: Sequence[Version], everybody: bool, domain: str
) -> Loaded:
    """Enter who was told. In: the retraction's row, the mailings, the versions whose notices say that they replace it, whether
    everybody counts as told, the sender's domain."""
    found = Loaded()
    with ledger.begin() as connection:
        unless = _unless_told(connection, ledger, instead)
        for each in told:
            source = ledger.notice(connection, each.version.id, each.stream)
            for page in _told(connection, source, notice, everybody, unless) if source else ():
                found.rows += len(page)
                found.new += len(page)
                _enter(connection, ledger, notice, page, domain, found)
        if found.new or not notice.tally:
            _summarise(connection, ledger, notice, [version.id for version in instead] if unless else [])
    return found


def _adopted(source: Source) -> bool:
    return any(
        evidence.kind == start_marker.STARTED
        and evidence.record.get("stream") == source.stream
        and "adopts" in evidence.record
        for evidence in source.version.evidence
    )


def would_tell(ledger: Ledger, told: Sequence[Source], instead: Sequence[Version]) -> int:
    """How many people a retraction would reach as the ledger stands; nothing is changed."""
    with ledger.reading() as connection:
        rows = [(source, ledger.notice(connection, source.version.id, source.stream)) for source in told]
        asked = [_heard(row, _adopted(each)) for each, row in rows if row]
        unless = _unless_told(connection, ledger, instead)
        people = sa.select(sa.func.count(sa.distinct(_D.rkey))).where(sa.or_(*asked), _D.address.is_not(None), *unless)
        return int(connection.execute(people).scalar_one()) if asked else 0


def _heard(source: NoticeRow, everybody: bool) -> Any:
    """The condition for those who were told by a mailing, or may have been.

    `doubts`: a mail may have been taken, whatever became of it later; a person's --retry-failed forgets that, the events don't.
    """
    left, again = schema.suppression.c, schema.event.c
    heard = _D.notice == source.notice
    if source.stream == voluntary_list.STREAM:
        heard &= ~sa.exists().where(left.rkey == _D.rkey, left.reason == "unsubscribed")
    if everybody:
        return heard
    retried = sa.select(again.rkey).where(again.notice == source.notice, again["from"].in_(("in_doubt", "expired")))
    doubtful = sa.or_(_D.doubts > 0, _D.rkey.in_(retried)) & (_D.state != "bounced")
    return heard & sa.or_(_D.state.in_(("accepted", "in_doubt")), doubtful)


def _told(
    connection: Connection,
    source: NoticeRow,
    target: NoticeRow,
    everybody: bool,
    unless: Sequence[sa.ColumnElement[bool]],
) -> Iterator[Sequence[Any]]:
    """Pages of the source's rows that the target lacks."""
    known = sa.alias(schema.delivery)
    query = (
        sa.select(_D.rkey, _D.twin, _D.address, _D.name, _D.lang)
        .where(_heard(source, everybody), *unless)
        .where(~sa.exists().where(known.c.notice == target.notice, known.c.rkey == _D.rkey))
        .order_by(_D.rkey)
        .limit(_PAGE)
    )
    last = b""
    while page := connection.execute(query.where(_D.rkey > last)).all():
        last = page[-1].rkey
        yield page


def _enter(
    connection: Connection, ledger: Ledger, notice: NoticeRow, page: Sequence[Any], domain: str, found: Loaded
) -> None:
    gone = dead(connection, [each.rkey for each in page], STREAM) | {each.rkey for each in page if each.address is None}
    found.suppressed += len(gone)
    connection.execute(
        schema.delivery.insert(),
        [
            {
                "notice": notice.notice,
                "rkey": each.rkey,
                "twin": each.twin,
                "address": each.address,
                "name": each.name,
                "lang": each.lang,
                "state": "suppressed" if each.rkey in gone else "queued",
                "attempt": 0,
                "drops": 0,
                "doubts": 0,
                "next_at": 0.0,
                "message_id": identifiers.message_id(ledger.key, notice.digest, each.rkey, domain),
                "code": "",
                "accepted_at": "",
                "nonce16": secrets.token_bytes(16),
                "tally": 1,
            }
            for each in page
        ],
    )


def _summarise(connection: Connection, ledger: Ledger, notice: NoticeRow, instead: Sequence[str]) -> None:
    hasher, total = hashlib.sha256(), 0
    rows = sa.select(_D.rkey).where(_D.notice == notice.notice).order_by(_D.rkey)
    for mark in connection.execute(rows, execution_options={"yield_per": 1000}).scalars():
        hasher.update(mark)
        total += 1
    listed = identifiers.list_digest(ledger.key, hasher.hexdigest())
    source = f"the ledger: who was told of {notice.version}"
    if instead:
        source = f"{source}, and not since by the notice of {' or '.join(instead)}"[:200]
    connection.execute(
        schema.notice.update()
        .where(schema.notice.c.notice == notice.notice)
        .values(tally=1, total=total, list_digest=listed, list_source=source)
    )
    chain = chain_on(connection, notice.notice, "told")
    connection.execute(schema.event.insert(), [chain.link(None, ledger.now(connection), "new", "listed", listed)])
