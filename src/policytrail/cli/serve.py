"""`policytrail serve`: live preview."""

from __future__ import annotations

import click

from .common import find_root


@click.command("serve")
@click.option("--address", default="127.0.0.1:8000", show_default=True, metavar="HOST:PORT")
def command(address: str) -> None:
    """Show the site at an address of this machine and rebuild it when a source changes (mkdocs serve)."""
    from mkdocs.commands.serve import serve

    serve(config_file=str(find_root() / "mkdocs.yml"), livereload=True, dev_addr=address)
