"""`policytrail serve`: live preview."""

from __future__ import annotations

import errno
import socket

import click
from mkdocs.commands.serve import serve

from policytrail.cli.common import find_workspace, say
from policytrail.errors import Problem, SourceError, UsageError


@click.command("serve")
@click.option("--address", default="127.0.0.1:8000", show_default=True, metavar="HOST:PORT", help="Where to serve it.")
def command(address: str) -> None:
    """Serve the site on this machine and renew it at every save.

    The page /draft/ shows mistakes beside their clauses, open decisions, the redline and the notice.
    """

    _check(address)
    config = find_workspace().configuration
    if not config.exists():
        raise SourceError(
            Problem("mkdocs.yml", 0, "This file is missing.", "'policytrail init' makes one; copy it here.")
        )
    say(
        f"The draft is at http://{address}/draft/, the site at http://{address}/; both are renewed at every save. "
        "Ctrl and C together stop this."
    )
    try:
        serve(config_file=str(config), livereload=True, dev_addr=address)
    except OSError as error:
        why = _UNUSABLE.get(error.errno or 0)
        if why is None:
            raise
        raise UsageError(f"{address} {why}. Give another: --address HOST:PORT.") from None


_UNUSABLE = {
    errno.EADDRINUSE: "is in use by another program",
    errno.EADDRNOTAVAIL: "isn't an address of this machine",
    errno.EACCES: "can't be used: only the system may use ports below 1024",
}


def _check(address: str) -> None:
    """Raise UsageError for what is no HOST:PORT, or names no machine."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise UsageError(f"--address can't be {address!r}. Write HOST:PORT, for example 127.0.0.1:8080.")
    try:
        socket.getaddrinfo(host.strip("[]"), int(port))
    except OSError:
        raise UsageError(f"--address can't be {address!r}: there is no machine called {host!r}.") from None
