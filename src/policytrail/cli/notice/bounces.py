"""`policytrail bounces MAILBOX`: returned mail enters the ledger."""

from __future__ import annotations

from pathlib import Path

import click

from policytrail.cli.common import find_workspace, format_option, print_json, say
from policytrail.git.repository import Repository
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.records.bounces import enter

from .sending import ledger_option


@click.command("bounces")
@click.argument("mailbox", type=click.Path(path_type=Path))
@ledger_option
@format_option("text", "json")
def command(mailbox: Path, ledger: str | None, form: str) -> None:
    """Read the returned mail in MAILBOX (a maildir or mbox, left unchanged) and mark whom no mail reached."""

    workspace = find_workspace()
    with Repository(workspace.root) as repository:
        first = repository.first_commit()
    with open_ledger(ledger, workspace, first, create=False) as book:
        found = enter(book, mailbox)
    if form == "json":
        print_json(vars(found))
    say(
        f"{found.mails:,} mails: {found.bounced:,} bounced, {found.known:,} known already, {found.temporary:,} only delayed, "
        f"{found.unknown:,} about nobody in this ledger, {found.other:,} no returned mail. "
        "Write those whom no mail reached to a list for post: policytrail notify VERSION --export-post FILE"
    )
