"""What a person asks of `notify`, as the value that a run takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policytrail.cli.common import stated
from policytrail.errors import UsageError
from policytrail.notify.recipients.addresses import normalised
from policytrail.notify.run.request import NoticeRequest, Person
from policytrail.notify.run.voluntary_list import checked_unsubscribe
from policytrail.workspace import Workspace

from .sending import (
    rules_of,
)

if TYPE_CHECKING:
    from policytrail.notify.run.request import NoticeRequest, Person


def request_of(workspace: Workspace, version: str, words: dict[str, Any]) -> NoticeRequest:
    """What the words on the command line ask for. Raises UsageError for a decision without a name and a reason."""

    person = _person(words) if words["adopt"] or words["complete_anyway"] else None
    try:
        sender = normalised(words["sender"]) if words["sender"] else None
    except ValueError as error:
        raise UsageError(f"--from: {error}.") from None
    return NoticeRequest(
        workspace,
        version,
        words["as_of"],
        ledger=words["ledger"],
        sender=sender,
        audience=_audience(words["audience"]),
        retry_failed=words["retry_failed"],
        accept_bad=words["accept_bad"],
        limit=words["limit"],
        adopt=person if words["adopt"] else None,
        complete_anyway=person if words["complete_anyway"] else None,
        stream=words["stream"],
        updates_from=words["updates_from"],
        unsubscribe=checked_unsubscribe(words["unsubscribe"]) if words["unsubscribe"] else "",
        floor=words["floor"] / 100,
        lease=words["lease"],
        rules=rules_of(words),
    )


def _person(words: dict[str, Any]) -> Person:

    if not words["name"] or not words["reason"]:
        raise UsageError("That is a person's decision: say --by NAME and --reason TEXT.")
    return Person(stated(words["name"], "The name"), stated(words["reason"], "The reason"))


def _audience(given: str | None) -> str | None:
    """Who 'users' are, as it goes into git: in words, nobody's address."""
    if given is None:
        return None
    if "@" in given:
        raise UsageError("--audience goes into git: say who 'users' are in words, without an address.")
    return stated(given, "--audience")
