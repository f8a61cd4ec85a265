"""The notice of one version by mail, from the refusals at the start to the evidence at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.engine import Connection

from policytrail import __version__
from policytrail.archive.store import load_versions
from policytrail.clock import now
from policytrail.errors import NoticeRefusal, PolicytrailError, UsageError
from policytrail.model.calendar import local_day
from policytrail.model.version import Version
from policytrail.notify.channels.sender import Sending, Tally
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.enrol import Loaded, load, row_of
from policytrail.notify.ledger.ledger import Ledger, NoticeRow
from policytrail.notify.ledger.recovery import any_in, requeue
from policytrail.notify.primitives.delivery_states import OPEN
from policytrail.notify.recipients import identifiers
from policytrail.notify.recipients.recipient_list import Listing
from policytrail.notify.records import evidence
from policytrail.schedule.version_order import told_instead

from . import retraction, stale_ledger, start_marker
from .request import NoticeRequest, Result, Say, digest_of, messages_of, templates_of
from .sending_loop import send_all


class Delivery:
    """One run of `notify`: `prepare` refuses or sets up, `send` drains, `finish` proves. Needs the notice's lock."""

    def __init__(self, request: NoticeRequest, ledger: Ledger, version: Version, day: date, say: Say) -> None:
        self.request, self.ledger, self.version, self.day, self.say = request, ledger, version, day, say
        self.messages = messages_of(request, version)
        self.templates = templates_of(request, version)
        self.digest = digest_of(request.workspace, version, request.stream)
        self.behind: stale_ledger.Behind | None = None
        self.everybody = False
        self.told: tuple[retraction.Source, ...] = ()
        self.instead: tuple[Version, ...] = ()
        if request.stream == retraction.STREAM:
            versions = load_versions(request.workspace)
            self.told = retraction.sources(version, versions)
            self.instead = told_instead(version, versions, day)
        self.loaded: Loaded | None = None
        self.published: start_marker.Published | None = None

    @property
    def sender(self) -> str:
        """The envelope sender, to which bounces go: the one asked for, else the address that the mail is from."""
        return self.request.sender or self.templates[""].sender

    def row(self) -> NoticeRow:
        """The notice in the ledger, made if it isn't there. Raises NoticeRefusal where it is another one."""
        return row_of(self.ledger, self.version.id, self.request.stream, self.digest, self.messages)

    def refuse_foreign(self, version: Version) -> bool:
        """Whether the start marker is still to be committed. Raises NoticeRefusal where it belongs to another ledger."""
        adopted = self.request.adopt is not None
        return start_marker.is_missing(version, self.request.stream, self.ledger.id, adopted) or self.behind is not None

    def take_back(self, listing: Listing | None) -> None:
        """Before a retraction: stop what it takes back. Raises NoticeRefusal where it wouldn't reach all who were told."""
        listed, adopted = listing is not None, self.request.adopt is not None
        self.everybody = bool(self.told) and retraction.take_back(
            self.request.workspace, self.ledger, self.version, self.told, listed, adopted
        )

    def refuse_stale(self, notice: NoticeRow) -> None:
        """Raises NoticeRefusal for a clock that goes back, and for a ledger older than what is known of it, unless a person
        goes on with it: who was told since may then be told again, or is held as in doubt."""
        with self.ledger.begin() as connection:
            self.behind = stale_ledger.behind(
                connection,
                self.ledger,
                notice,
                self.version,
                stale_ledger.Note(self.request.workspace, self.ledger, notice),
            )
            stale_ledger.refuse_clock(connection, self.ledger, notice, self.version)
        mark = start_marker.started(self.version, self.request.stream)
        own = mark is not None and mark.record.get("ledger") == self.ledger.id
        if own and self.request.adopt and self.request.stream != retraction.STREAM:
            # What no witness shows: an image of the whole disk.
            self.behind = self.behind or stale_ledger.Behind("A person says so.")
        if self.behind and self.request.adopt is None:
            self.behind.refuse(
                "who was told since may get the same mail again; with --hold-doubtful nobody does, and all who wait are listed "
                "as in doubt"
            )

    def prepare(self, listing: Listing | None) -> NoticeRow:
        """Enter the list, commit the start marker. Afterwards mail may go."""
        notice = self.row()
        self.refuse_stale(notice)
        self.ledger.refuse_full_disk()
        self.ledger.keep_ballast()
        self.loaded = self._listed(notice, listing)
        self.ledger.refuse_full_disk()  # once more: a list may be larger than all that was there
        notice = self.row()
        if not notice.total and self.request.stream != retraction.STREAM:
            raise UsageError("This ledger has no recipients yet. Give them with --recipients.")
        if self.request.retry_failed:
            with self.ledger.begin() as connection:
                requeue(connection, self.ledger, notice.notice)
        self._commit_start_marker(notice)
        self._begin(notice)
        return self.row()

    def _begin(self, notice: NoticeRow) -> None:
        """The start marker is committed: write down in git and in the ledger that a run begins."""
        if self.behind:
            stale_ledger.go_on(self.request.workspace, self.ledger, notice, self.request.rules.hold_doubtful)
            self.behind = None
        with self.ledger.begin() as connection:
            to_send = any_in(connection, notice.notice, ("queued", "leased"))
        if to_send and self.published is None:
            stale_ledger.record_run(self.request.workspace, self.version.id, self.ledger, notice, self._day())
        with self.ledger.begin() as connection:
            stale_ledger.take_place(connection, self.ledger)
            done = None if any_in(connection, notice.notice, OPEN) else notice.completed
            began = notice.started or self.ledger.now(connection)
            self._set(
                connection,
                notice,
                state="sending",
                started=began,
                sender=self.sender,
                completed=done,
                unsubscribe=self.request.unsubscribe or None,
                audience=self.request.audience or notice.audience,
            )

    def _listed(self, notice: NoticeRow, listing: Listing | None) -> Loaded | None:
        """Enter the list; a retraction's is in the ledger already, unless that is lost and a person gives another."""
        domain = self.templates[""].sender.rpartition("@")[2]
        if listing is not None:
            return load(self.ledger, notice, listing, domain, self.request.accept_bad)
        if self.told and retraction.elsewhere(self.ledger, self.told) is None:
            return retraction.fill(self.ledger, notice, self.told, self.instead, self.everybody, domain)
        return None

    def _commit_start_marker(self, notice: NoticeRow) -> None:
        with self.ledger.begin() as connection:
            at = identifiers.instant(self.ledger.now(connection))
            record: dict[str, Any] = {
                "stream": notice.stream,
                "notice": notice.digest,
                "ledger": self.ledger.id,
                "at": at,
                "recipients": notice.total,
                "audience": start_marker.audience(self.version, notice, self.request.audience),
                "messages": {name: hashlib.sha256(eml).hexdigest() for name, eml in self.messages.values()},
                "events": evidence.events(connection, notice.notice),
                "tool": f"policytrail {__version__}",
            }
        owner = retraction.owner(self.version, self.request.stream, self.ledger, self.told)
        if self.request.adopt and (owner not in (None, self.ledger.id) or self.behind or self.everybody):
            record["adopts"] = {"ledger": owner or self.ledger.id, **vars(self.request.adopt)}
        self.published = start_marker.publish(
            self.request.workspace, self.version.id, start_marker.STARTED, self._day(), record, self.refuse_foreign
        )
        if self.published and self.published.upstream is None:
            self.say(
                "There is no remote: the local commit is the start marker. It doesn't stop another clone from sending again."
            )

    def _day(self) -> date:
        """The local day: the one asked for, else the clock's, which may be another one than when the run began."""
        return self.request.day or local_day(now(), self.version.snapshot.policy.zone)

    def _local(self, seconds: float) -> date:
        return local_day(datetime.fromtimestamp(seconds, UTC), self.version.snapshot.policy.zone)

    def send(self, notice: NoticeRow, sending: Sending, watch: Callable[[Tally], None]) -> Tally:
        """Send what is due, and wait for other runs on it (workers) to end what they hold.

        However it ends, how far it came is recorded in git, unless everybody has a final state: that has its own record.
        """
        try:
            complete = replace(sending, sender=self.sender, templates=self.templates)
            return send_all(self.request, self.ledger, notice, complete, self.say, watch)
        except BaseException:
            with suppress(PolicytrailError, OSError):  # the first error is the one to tell
                self._record_progress(notice)
            raise

    def _record_progress(self, notice: NoticeRow) -> None:
        stale_ledger.record_progress(self.request.workspace, self.version.id, self.ledger, notice, self._day())

    def finish(self, notice: NoticeRow, sent: Tally) -> Result:
        """Say whether everybody has a final state; if so, prove it in git. Raises NoticeRefusal under the floor."""
        with self.ledger.begin() as connection:
            found = evidence.counts(connection, notice.notice)
        left = sum(found[each] for each in OPEN)
        if left:
            self._record_progress(notice)
            return Result("sending", found, sent, self.loaded, left, self.published)
        self._refuse_floor(notice, found)
        published = self.prove(notice)
        return Result("complete", found, sent, self.loaded, 0, published)

    def _refuse_floor(self, notice: NoticeRow, found: Mapping[str, int]) -> None:
        accepted, whole = evidence.reached(found)
        share = accepted / whole if whole else 0.0
        if self.request.stream != "legal" or self.request.complete_anyway or (accepted and share >= self.request.floor):
            return
        self._record_progress(notice)
        raise NoticeRefusal(
            f"Everybody has a final state, but only {accepted:,} of {whole:,} ({share:.1%}) were accepted by the mail "
            f"server; {self.request.floor:.0%} are needed. Look with --report, try --retry-failed; or a person decides: "
            "--complete-anyway --by NAME --reason TEXT."
        )

    def prove(self, notice: NoticeRow) -> start_marker.Published | None:
        """Record the complete notice as evidence, and mark it complete in the ledger. Idempotent."""
        kind = _kind(notice.stream)
        with self.ledger.begin() as connection:
            completed = notice.completed or self.ledger.now(connection)
            # Written down before the push: if that fails, a later run still knows when everybody had a final state.
            self._set(connection, notice, completed=completed)
            extra: dict[str, Any] = {"audience": start_marker.audience(self.version, notice, self.request.audience)}
            if decision := (self.request.complete_anyway and vars(self.request.complete_anyway)) or self._decided(kind):
                extra["decision"] = decision
            tried = evidence.first_attempts(connection, notice.notice) or completed
            extra["first_attempts_on"] = (self.request.day or self._local(tried)).isoformat()
            record = evidence.email_record(self.ledger, connection, notice, completed, extra)
        true_day = self._local(completed)
        day = self.request.day or true_day
        published = start_marker.publish(
            self.request.workspace,
            self.version.id,
            kind,
            day,
            record | {"stated": day != true_day},
            lambda version: self._unproven(version, kind, record),
        )
        with self.ledger.begin() as connection:
            self._set(connection, notice, state="complete")
        return published

    def _decided(self, kind: str) -> Any:
        """What a person decided when the notice was first complete, for the records that follow; None without that."""
        return next(
            (
                found.record["decision"]
                for found in self.version.evidence
                if found.kind == kind and "decision" in found.record
            ),
            None,
        )

    def _set(self, connection: Connection, notice: NoticeRow, **values: Any) -> None:
        connection.execute(schema.notice.update().where(schema.notice.c.notice == notice.notice).values(**values))

    def _unproven(self, version: Version, kind: str, record: Mapping[str, Any]) -> bool:
        if self.refuse_foreign(version):
            raise NoticeRefusal(f"The record that the notice of {version.id} was started is gone. Restore it from git.")
        # Not `until`: a list that is given again is an event, too, where a run died before it marked the notice complete.
        proven = [each.record.get("tree", {}).get("root") for each in version.evidence if each.kind == kind]
        return record["tree"]["root"] not in proven


def _kind(stream: str) -> str:
    """The kind of the evidence of a complete notice. Only the legal notice counts as the channel `email`."""
    return "email" if stream == "legal" else stream
