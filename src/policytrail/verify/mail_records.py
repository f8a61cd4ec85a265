"""What records of a notice by mail must say, checked offline: nothing here needs the ledger. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from policytrail.errors import Problem
from policytrail.model.calendar import local_day
from policytrail.model.version import Evidence, Version
from policytrail.workspace import VERSIONS

RETRACTION_FILE = "retraction.eml"
_ALL = ("queued", "leased", "in_doubt", "accepted", "bounced", "refused", "expired", "suppressed")
_OPEN = _ALL[:3]
_STATED = "The day was given by hand; the mails went out at other instants, which this record also holds."
_MEND = "Restore the records from git."


def check_delivery(version: Version, messages: Mapping[str, str]) -> tuple[list[Problem], list[Problem]]:
    """Problems and remarks about one version's `started` and `email` records. `messages`: file name to SHA-256, as frozen."""
    problems: list[Problem] = []
    remarks: list[Problem] = []
    begun: dict[str, Evidence] = {}
    frozen = {"legal": messages, "retraction": _retraction(version)}
    for number, evidence in enumerate(version.evidence, 1):
        if "notice" not in evidence.record:  # a record that a person wrote, not a run of `notify`
            continue
        stream = str(evidence.record.get("stream"))
        where = f"{VERSIONS}/{version.id}/evidence/{number:04d}-{evidence.kind}.json"
        try:
            if evidence.kind == "started":
                wrong = list(_started(evidence.record, begun.get(stream), frozen.get(stream)))
                begun[stream] = evidence
            elif evidence.kind == "progress":
                wrong = list(_progress(evidence.record, begun.get(stream)))
            else:
                wrong = list(_complete(version, evidence, begun.get(stream), frozen.get(stream)))
            if evidence.record.get("stated"):
                remarks.append(Problem(where, 0, _STATED, "", "stated"))
        except (KeyError, TypeError, ValueError):
            wrong = ["This record lacks what it must say."]
        problems += [Problem(where, 0, sentence, _MEND, "mail-record") for sentence in wrong]
    return problems, remarks


def _retraction(version: Version) -> dict[str, str]:
    """The messages that take the announcement back: their names and SHA-256."""
    return {name: hashlib.sha256(eml).hexdigest() for name, eml in retraction_messages(version).values()}


def retraction_messages(version: Version) -> dict[str, tuple[str, bytes]]:
    """The mails that the record of a withdrawal keeps: name and bytes by language, the empty one for everybody else."""
    withdrawals = (
        evidence.record.get("retraction", {}) for evidence in version.evidence if evidence.kind == "withdrawn"
    )
    kept: Mapping[str, Any] = next(
        (withdrawal for withdrawal in withdrawals if isinstance(withdrawal.get("eml"), str)), {}
    )
    if not kept:
        return {}
    others = {
        tag.lower(): (f"retraction.{tag}.eml", str(letter["eml"]).encode("ascii"))
        for tag, letter in sorted(kept.get("languages", {}).items())
    }
    return {"": (RETRACTION_FILE, str(kept["eml"]).encode("ascii")), **others}


def _started(record: Mapping[str, Any], before: Evidence | None, messages: Mapping[str, str] | None) -> Iterator[str]:
    datetime.fromisoformat(record["at"])
    if (
        before
        and before.record["ledger"] != record["ledger"]
        and record.get("adopts", {}).get("ledger") != before.record["ledger"]
    ):
        yield "The notice goes on with another ledger, and nobody put a name to that."
    if _foreign(record, messages):
        yield "The messages of this record aren't the frozen ones."


def _progress(record: Mapping[str, Any], begun: Evidence | None) -> Iterator[str]:
    datetime.fromisoformat(record["at"])
    if begun is None or begun.record["ledger"] != record["ledger"] or begun.record["notice"] != record["notice"]:
        yield "This record doesn't belong to the notice that was started before it."
    if any(type(record["counts"][state]) is not int or record["counts"][state] < 0 for state in _ALL):
        yield "The counts of this record aren't whole numbers."


def _complete(
    version: Version, evidence: Evidence, begun: Evidence | None, messages: Mapping[str, str] | None
) -> Iterator[str]:
    record = evidence.record
    counts, tree = record["counts"], record["tree"]
    completed = datetime.fromisoformat(record["completed"]).astimezone(UTC)
    if begun is None or begun.record["ledger"] != record["ledger"] or begun.record["notice"] != record["notice"]:
        yield "This record doesn't belong to the notice that was started before it."
    if _foreign(record, messages):
        yield "The messages of this record aren't the frozen ones."
    if sum(counts[state] for state in _ALL) != tree["size"]:
        yield "The counts don't add up to the number of recipients."
    if any(counts[state] for state in _OPEN):
        yield "The notice is called complete, but deliveries were open."
    if len(bytes.fromhex(tree["root"])) != 32:
        yield "The root is no SHA-256."
    first, last = (record[key] and datetime.fromisoformat(record[key]) for key in ("first_accepted", "last_accepted"))
    if bool(counts["accepted"] + counts["bounced"]) != bool(last) or (last and not first <= last <= completed):
        yield "The instants of this record contradict each other."
    if not record.get("stated") and evidence.on != local_day(completed, version.snapshot.policy.zone):
        yield "The day of this record isn't the day on which the notice was complete."


def _foreign(record: Mapping[str, Any], messages: Mapping[str, str] | None) -> bool:
    """Whether a record names other messages than its stream's frozen ones (None: the voluntary list freezes none)."""
    named = record["messages"]
    return messages is not None and (not named or any(messages.get(name) != digest for name, digest in named.items()))
