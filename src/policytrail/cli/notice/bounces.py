"""`policytrail bounces MAILBOX`: returned mail enters the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from policytrail.cli.common import find_workspace, format_option, print_json, say
from policytrail.errors import UsageError
from policytrail.git.repository import Repository
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.records.bounces import Returned, enter, lift

from .sending import ledger_option


@click.command("bounces")
@click.argument("mailbox", type=click.Path(path_type=Path), required=False)
@click.option(
    "--lift",
    "lifted",
    metavar="ADDRESS",
    help="Write to ADDRESS again, although mail to it came back, or it complained.",
)
@ledger_option
@format_option("text", "json")
def command(mailbox: Path | None, lifted: str | None, ledger: str | None, form: str) -> None:
    """Read the returned mail in MAILBOX (a maildir or mbox; it isn't changed) and mark whom no mail reached.

    A returned mail counts if it quotes the message that came back. Later notices skip an address only if the report says that
    the address is bad (5.1.x), or the person complained; --lift ends that.
    """

    if (mailbox is None) == (lifted is None):
        raise UsageError("Give a MAILBOX to read, or an address with --lift.")
    workspace = find_workspace()
    with Repository(workspace.root) as repository:
        first = repository.first_commit()
    with open_ledger(ledger, workspace, first, create=False) as book:
        if lifted is not None:
            _lifted(lift(book, lifted), form)
        if mailbox is not None:
            _read(enter(book, mailbox), form)


def _lifted(found: tuple[int, int], form: str) -> None:
    ended, waiting = found
    if form == "json":
        print_json({"lifted": ended, "queued": waiting})
    say(
        f"{ended} suppression(s) lifted; {waiting} delivery(s) wait in the queue for it."
        if ended
        else "Nothing was lifted."
    )


def _read(found: Returned, form: str) -> None:
    if form == "json":
        print_json(vars(found))
    say(
        f"{found.mails:,} mails: {found.bounced:,} bounced, {found.known:,} known already, {found.temporary:,} only delayed, "
        f"{found.complaints:,} complaints, {found.unknown:,} about nobody in this ledger, {found.unproven:,} that don't quote "
        f"our message, {found.unread:,} that look returned and couldn't be read, {found.other:,} no returned mail. Later notices "
        f"skip {found.suppressed + found.complaints:,} more addresses. "
        "Write those whom no mail reached to a list for post: policytrail notify VERSION --export-post FILE"
    )
    if found.late:
        say(f"{found.late:,} came back after their notice was complete; record it: policytrail notify VERSION --resume")
