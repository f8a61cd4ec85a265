"""`notify --dry-run` and `--test-to`: everything is read and checked, and nothing is sent to the recipients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policytrail.archive.store import load_versions
from policytrail.cli.common import print_json, say
from policytrail.errors import NoticeRefusal, UsageError
from policytrail.notify.recipients.addresses import normalised
from policytrail.notify.recipients.recipient_list import open_list
from policytrail.notify.run.request import pending, templates_of
from policytrail.notify.run.retraction import elsewhere, sources, would_tell
from policytrail.notify.run.sample import rehearse, send_sample
from policytrail.schedule.version_order import told_instead
from policytrail.workspace import Workspace

from .request import request_of
from .sending import (
    opened,
    sending_of,
)

if TYPE_CHECKING:
    pass


def send_one_sample(workspace: Workspace, version: str, form: str, words: dict[str, Any]) -> None:

    try:
        address = normalised(words["test_to"])
    except ValueError as error:
        raise UsageError(f"--test-to: {error}.") from None
    found, _ = pending(workspace, version, words["as_of"], words["stream"])
    request, sending = request_of(workspace, version, words), sending_of(words)
    said = send_sample(templates_of(request, found), address, sending, request.sender)
    if form == "json":
        print_json({"version": version, "server": str(sending.destination), "answer": said})
    say(f"A sample went to {sending.destination}: {said}. It counts for nothing.")


def rehearse_run(workspace: Workspace, version: str, form: str, words: dict[str, Any]) -> None:

    if words["retraction"]:
        _rehearse_retraction(workspace, version, form, words)
        return
    if not words["recipients"]:
        raise UsageError("--dry-run reads the recipients: give --recipients FILE.")
    frozen, _ = pending(workspace, version, words["as_of"], words["stream"])
    listing = open_list(words["recipients"], words["query"])
    found = rehearse(templates_of(request_of(workspace, version, words), frozen), listing)
    if found.too_bad and not words["accept_bad"]:
        found.refuse(listing.source)
    found.refuse_nobody(listing.source)
    if form == "json":
        print_json(
            {
                "version": version,
                "rows": found.rows,
                "would_send": found.new,
                "duplicates": found.duplicates,
                "invalid": found.invalid,
            }
        )
    for each in found.bad or ():
        say(f"  row {each.row}: {each.reason}")
    say(
        f"Dry run: {found.new:,} mails would go out; {found.duplicates:,} duplicate rows and "
        f"{found.invalid:,} rows without a usable address "
        "would not. Nothing was sent or written."
    )


def _rehearse_retraction(workspace: Workspace, version: str, form: str, words: dict[str, Any]) -> None:

    found, day = pending(workspace, version, words["as_of"], words["stream"])
    versions = load_versions(workspace)
    told = sources(found, versions)
    with opened(workspace, told[0].version.id, words | {"stream": told[0].stream}) as (ledger, _):
        if elsewhere(ledger, told):
            raise NoticeRefusal(
                f"Another ledger than this one knows who was told of {version}. Give that one with --ledger."
            )
        number = would_tell(ledger, told, told_instead(found, versions, day))
    if form == "json":
        print_json({"version": version, "would_send": number})
    say(
        f"Dry run: {number:,} people were told of {version} or may have been, and would be told that it doesn't come. "
        "Nothing was sent or written."
    )
