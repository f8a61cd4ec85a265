"""`policytrail erase ADDRESS`: a person's address and name leave the ledger; the proofs stay."""

from __future__ import annotations

import sys

import click

from policytrail.cli.common import find_workspace, say
from policytrail.errors import UsageError
from policytrail.git.repository import Repository
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.records.erasure import erase

from .sending import ledger_option


@click.command("erase")
@click.argument("address")
@ledger_option
def command(address: str, ledger: str | None) -> None:
    """Remove ADDRESS and its name from every notice in the ledger ('-': one address a line from standard input).

    A keyed hash, the outcome and its time stay, so that every count and proof still holds and 'prove ADDRESS' still works.
    Take the person out of your list, too, or the next notice enters them again.
    """

    workspace = find_workspace()
    lines = sys.stdin.read().splitlines() if address == "-" else [address]
    asked = [line.strip() for line in lines if line.strip()]
    if not asked:
        raise UsageError("There is no address on standard input.")
    with Repository(workspace.root) as repository:
        first = repository.first_commit()
    with open_ledger(ledger, workspace, first, create=False) as book:
        for number, each in enumerate(asked, 1):
            found = erase(book, each)
            said = f"Erased from {found.notices} notice(s)" if found.notices else "Nothing was left to erase"
            unsent = f"; {found.unsent} mail(s) to this person won't be sent" if found.unsent else ""
            twins = (
                f" {found.twins} address(es) that look like this person's are left; name each." if found.twins else ""
            )
            say(f"{f'{number}: ' if len(asked) > 1 else ''}{said}{unsent}.{twins}")
