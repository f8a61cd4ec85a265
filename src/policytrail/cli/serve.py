"""`policytrail serve`: live preview."""

from __future__ import annotations

import errno

import click

from ..errors import Problem, SourceError, UsageError
from .common import find_root


@click.command("serve")
@click.option("--address", default="127.0.0.1:8000", show_default=True, metavar="HOST:PORT")
def command(address: str) -> None:
    """Show the site at an address of this machine, with the draft reviewed, and renew it at every save.

    The page /draft/ has mistakes beside their clauses, what is left to settle, the redline and the notice as it would be.
    """
    from mkdocs.commands.serve import serve

    config = find_root() / "mkdocs.yml"
    if not config.exists():
        raise SourceError(
            Problem("mkdocs.yml", 0, "This file is missing.", "'policytrail init' makes one; copy it here.")
        )
    try:
        serve(config_file=str(config), livereload=True, dev_addr=address)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise UsageError(f"Something else answers at {address} already. Give another: --address HOST:PORT.") from None
