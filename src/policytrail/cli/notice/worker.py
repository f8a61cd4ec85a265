"""`policytrail worker`: send for notices whose ledger is in PostgreSQL, on as many machines as needed."""

from __future__ import annotations

from typing import Any

import click

from policytrail.cli.common import say
from policytrail.errors import UsageError

from .sending import ledger_option, rules_of, sending_of, sending_options


@click.command("worker")
@ledger_option
@click.option(
    "--connections", type=click.IntRange(1, 100), default=4, show_default=True, help="Connections to the mail server."
)
@sending_options
def command(ledger: str | None, **words: Any) -> None:
    """Send the mails of notices that 'policytrail notify' began, until stopped (SIGTERM, Ctrl-C).

    Any number of workers share a ledger in PostgreSQL; you can kill, restart and add them at any moment. Needs the extra:
    pip install 'policytrail[engine]'.
    """
    if not ledger or not ledger.startswith("postgresql"):
        raise UsageError("Workers share a ledger in PostgreSQL: give --ledger postgresql://user@host/database.")
    try:
        from policytrail.notify.run.worker_engine import Worker, serve  # comes with the extra
    except ImportError as error:
        raise UsageError(
            f"Workers need the extra (pip install 'policytrail[engine]'): {error.name} is missing."
        ) from None
    sending = sending_of(words)
    say(f"Sending to {sending.destination}; stop with Ctrl-C.")
    serve(Worker(ledger, sending, rules_of(words), words["lease"]))
