"""What is asked of a notice by mail, what it is about, and how it ended; the refusals that need no ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from policytrail.archive.clock_checks import refuse_time
from policytrail.archive.evidence_log import refuse_imported
from policytrail.archive.store import NOTICE_MANIFEST, load_versions, read_folder
from policytrail.clock import now
from policytrail.errors import NoticeRefusal, UsageError
from policytrail.model.calendar import local_day
from policytrail.model.version import Version
from policytrail.notify.channels.message import MessageTemplate, message_template
from policytrail.notify.channels.sender import Tally
from policytrail.notify.ledger.enrol import Loaded
from policytrail.notify.primitives.delivery_states import Rules
from policytrail.notify.recipients import identifiers
from policytrail.schedule.later_duties import told_late
from policytrail.schedule.status import status
from policytrail.schedule.version_order import carried, moved_forward, withdrawn
from policytrail.workspace import Workspace

from . import retraction, start_marker, voluntary_list

FLOOR = 0.95  # the part of the addressable whose mail must be accepted, unless a person decides otherwise
Say = Callable[[str], None]


@dataclass(frozen=True)
class Person:
    """Who decided something, and why."""

    by: str
    reason: str


@dataclass(frozen=True)
class NoticeRequest:
    """What is asked of one run. `sending` lacks sender and templates: the version and its ledger fill them in."""

    workspace: Workspace
    version: str
    day: date | None = None
    stream: str = "legal"
    ledger: str | None = None
    sender: str | None = None
    audience: str | None = None
    retry_failed: bool = False
    accept_bad: bool = False
    limit: int | None = None
    adopt: Person | None = None
    complete_anyway: Person | None = None
    floor: float = FLOOR
    lease: float = 900.0
    rules: Rules = field(default_factory=Rules)
    updates_from: str | None = None
    unsubscribe: str = ""


@dataclass(frozen=True)
class Result:
    """How a run ended. `sent`: what it did; `loaded`: what its list came to; `left`: how many deliveries are open."""

    state: str
    counts: Mapping[str, int]
    sent: Tally
    loaded: Loaded | None
    left: int
    published: start_marker.Published | None = None


def pending(workspace: Workspace, version: str, day: date | None, stream: str = "legal") -> tuple[Version, date]:
    """The version to give notice of, and the day. Raises NoticeRefusal where no notice is owed, or it's too late for one.

    The voluntary list is told of any version that is announced and not withdrawn.
    """
    versions = load_versions(workspace)
    found = next((each for each in versions if each.id == version), None)
    if found is None:
        known = ", ".join(each.id for each in versions) or "none yet"
        raise UsageError(f"There is no version {version!r}. Versions: {known}.")
    refuse_imported(found, stream)
    clock = local_day(now(), found.snapshot.policy.zone)
    today = day or clock
    _refuse_backdating(found, today, clock)
    if stream == retraction.STREAM:
        _refuse_standing_promise(found, versions, today)
        return found, today
    if stream == voluntary_list.STREAM and found.announced <= today and not withdrawn(found, today):
        return found, today
    if not found.duty.owed:
        raise NoticeRefusal(f"{version} owes no notice (severity: {found.severity}). Nobody was written to.")
    _refuse_standing(found, versions, today)
    _refuse_carried(found, versions)
    return found, today


def _refuse_backdating(version: Version, today: date, clock: date) -> None:
    refuse_time(today, [version])
    if today < clock and not version.reconstructed:
        raise NoticeRefusal(
            f"{version.id} was released on its own day, so its notice can't be dated back to {today}: mail that goes out on "
            f"{clock} counts from then. Leave --as-of out. Nobody was written to."
        )


def _refuse_standing(version: Version, versions: Sequence[Version], today: date) -> None:
    found = status(versions, today)
    # What was begun in time is finished: late is better than never for whoever is still on the list.
    late = told_late(version) or start_marker.started(version, "legal") is not None
    if late and version in (found.current, *found.superseded):
        return
    standing = next((state for state in found.pending if state.version.id == version.id), None)
    if standing is None:
        raise NoticeRefusal(
            f"{version.id} is in force (or was) on {today}; a notice of it comes too late. Nobody was written to."
        )
    if standing.state == "withdrawn":
        hint = " Those who were told of it are told so with --retraction." if standing.due else ""
        raise NoticeRefusal(f"{version.id} is withdrawn; nobody is told of it.{hint} Nobody was written to.")
    if standing.state == "superseded":
        raise NoticeRefusal(f"{version.id} is superseded; nobody is told of it. Nobody was written to.")


def _refuse_standing_promise(version: Version, versions: Sequence[Version], today: date) -> None:
    if not withdrawn(version, today):
        raise NoticeRefusal(
            f"{version.id} isn't withdrawn on {today}, so there is nothing to take back. Nobody was written to."
        )
    retraction.sources(version, versions)


def _refuse_carried(version: Version, versions: Sequence[Version]) -> None:
    """A correction takes over the notice of what it corrects: people who were told aren't told again, but of a nearer date."""
    if moved_forward(version, versions):
        return
    mailed = [
        evidence
        for evidence in carried(version, versions)
        if evidence.kind in (start_marker.STARTED, "email")
        and evidence not in version.evidence
        and evidence.record.get("stream", "legal") == "legal"
    ]
    if mailed:
        raise NoticeRefusal(
            f"{version.id} corrects a version whose notice by mail has begun; that notice holds, and nobody is told twice. "
            "Finish that one: its id is the date without the number."
        )


def messages_of(request: NoticeRequest, version: Version) -> dict[str, tuple[str, bytes]]:
    """The messages of a stream by language (empty: the one for everybody else): their file names and bytes."""
    if request.stream == retraction.STREAM:
        return retraction.message_of(version)
    if request.stream == voluntary_list.STREAM:
        return voluntary_list.messages(request.workspace, version.id, version.manifest, request.updates_from or "")
    files = read_folder(request.workspace, version.id).files
    found = {}
    for name, content in files.items():
        inside = name.removeprefix("notice/")
        if name.startswith("notice/mail.") and name.endswith(".eml"):
            found[inside.removeprefix("mail").removesuffix("eml").strip(".").lower()] = (inside, content)
    return found


def templates_of(request: NoticeRequest, version: Version) -> dict[str, MessageTemplate]:
    """The messages of a stream, ready to be addressed."""
    return {
        language: message_template(eml, request.unsubscribe)
        for language, (_, eml) in messages_of(request, version).items()
    }


def digest_of(workspace: Workspace, version: Version, stream: str) -> str:
    """The notice's identity."""
    if stream == retraction.STREAM:
        return retraction.digest(version)
    manifest = read_folder(workspace, version.id).files[NOTICE_MANIFEST]
    return identifiers.notice_digest(version.manifest, hashlib.sha256(manifest).hexdigest(), stream)
