"""`policytrail lint`: what a careful reader would stumble over. Warnings; nothing is blocked unless asked for."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date

import click

from policytrail.cli.common import as_of_option, find_workspace, format_option, print_json, progress, say
from policytrail.lint.engine import listed
from policytrail.lint.load import look_over


@click.command("lint")
@format_option("text", "json")
@click.option("--strict", is_flag=True, help="Exit 1 if there is a finding.")
@click.option("--network", is_flag=True, help="Also open the addresses that the text links to.")
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="With --network: open this host although its address isn't public.",
)
@click.option("--list", "listing", is_flag=True, help="List every lint with what it looks for.")
@as_of_option
def command(form: str, strict: bool, network: bool, hosts: tuple[str, ...], listing: bool, as_of: date | None) -> int:
    """Find contradictions, missing statements, vague words, long sentences, broken links and more in the draft.

    Switch a lint off in policy/policy.yaml: lints: {off: [{id: wording.vague, reason: ...}]}.
    """
    if listing:
        for known in listed():
            click.echo(f"{known.id:<32} {known.about}")
        return 0

    with progress("Asking the addresses that the text links to") if network else nullcontext():
        found = look_over(find_workspace().policy, as_of, network, hosts)
    if form == "json":
        print_json({"findings": [finding.to_json() for finding in found]})
    else:
        for finding in found:
            click.echo(str(finding))
    say(f"{len(found)} finding(s)." if found else "No finding.")
    return 1 if found and strict else 0
