"""`policytrail notify VERSION`: the notice by mail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from policytrail.cli.common import as_of_option, find_workspace, format_option, print_json, refuse_device, say
from policytrail.errors import NoticeRefusal, UsageError
from policytrail.git.repository import Repository
from policytrail.notify.channels.registry import TriedOut
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.recipients.recipient_list import open_list
from policytrail.notify.records.report import export_post, in_words, report
from policytrail.notify.run.deliver import deliver
from policytrail.notify.run.voluntary_list import leave
from policytrail.workspace import Workspace

from .rehearsal import rehearse_run, send_one_sample
from .request import request_of
from .sending import (
    Number,
    Share,
    every_30_seconds,
    ledger_option,
    opened,
    progress,
    sending_of,
    sending_options,
    stops_cleanly,
)

if TYPE_CHECKING:
    from policytrail.notify.run.request import Result

LIST_VARIABLE = "POLICYTRAIL_RECIPIENTS_URL"


@click.command("notify")
@click.argument("version")
@click.option(
    "--recipients",
    metavar="FILE|URL",
    envvar=LIST_VARIABLE,
    show_envvar=True,
    help="CSV (address,name,language) or JSON Lines; or a database, with --query.",
)
@click.option("--query", metavar="SQL", help="The rows of the database: columns address, name, language.")
@click.option("--audience", metavar="TEXT", help="Who the recipients are, such as 'all customers'; it goes into git.")
@click.option("--accept-bad", is_flag=True, help="Go on although more than 1 in 100 rows have no usable address.")
@ledger_option
@click.option(
    "--connections",
    type=click.IntRange(0, 100),
    default=4,
    show_default=True,
    help="Connections to the mail server. 0: wait while 'policytrail worker' processes send.",
)
@sending_options
@click.option(
    "--stop-at-bounces",
    "stop_at",
    type=Share(),
    metavar="PERCENT",
    help="Stop once the server has refused so many of at least 200 recipients, such as 5%.",
)
@click.option("--from", "sender", metavar="ADDRESS", help="Address for returned mail (default: the mail's From).")
@click.option("--resume", is_flag=True, help="Continue with the recipients in the ledger.")
@click.option("--retry-failed", is_flag=True, help="Also try refused, expired and doubtful deliveries again.")
@click.option("--report", is_flag=True, help="Only report the state of the notice.")
@click.option(
    "--export-post",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Only write those whom no mail reached to a CSV, for notice by post.",
)
@click.option("--dry-run", is_flag=True, help="Read and check everything, send and write nothing.")
@click.option("--test-to", metavar="ADDRESS", help="Only send one sample to this address.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Send at most N mails, then end.")
@click.option(
    "--adopt",
    is_flag=True,
    help="Continue with this ledger although another began the notice (with --by, --reason).",
)
@click.option(
    "--complete-anyway",
    is_flag=True,
    help="Call it complete although the server accepted too few mails (with --by, --reason).",
)
@click.option(
    "--floor",
    type=Number(0, 100),
    default=95.0,
    show_default=True,
    metavar="PERCENT",
    help="The least share of reachable recipients whose mail the server must accept.",
)
@click.option("--retraction", is_flag=True, help="For a withdrawn VERSION: write to those who got its notice.")
@click.option(
    "--updates-from",
    metavar="'NAME <ADDRESS>'",
    help="Send an update to a voluntary list, from this sender, instead of the notice that is owed.",
)
@click.option(
    "--unsubscribe", metavar="URL", help="With --updates-from: the link to leave that list (https, with {token})."
)
@click.option(
    "--left",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="With --updates-from: addresses or tokens of those who left that list, one a line.",
)
@click.option("--by", "name", metavar="NAME", help="Who decides (--adopt, --complete-anyway).")
@click.option("--reason", metavar="TEXT", help="Why that person decides so.")
@as_of_option
@format_option("text", "json")
def command(version: str, form: str, **words: Any) -> None:
    """Send the notice of the pending VERSION to every recipient by mail, and record each outcome before the next mail.

    After a stop or kill, --resume continues and misses nobody. Exit 3 while the notice isn't complete.
    """
    workspace = find_workspace()
    words["stream"] = _stream(words)
    if words["updates_from"] and not words["unsubscribe"]:
        raise UsageError("The voluntary list needs --unsubscribe URL: people must be able to leave it with one click.")
    if words["left"]:
        _leave(workspace, words)
    if words["report"] or words["export_post"]:
        _look(workspace, version, form, words)
    elif words["test_to"]:
        send_one_sample(workspace, version, form, words)
    elif words["dry_run"]:
        rehearse_run(workspace, version, form, words)
    else:
        _deliver(workspace, version, form, words)


def _stream(words: dict[str, Any]) -> str:
    """Which notice is meant: the legal one, its retraction, or the voluntary list's update."""
    if words["retraction"] and words["updates_from"]:
        raise UsageError(
            "A retraction goes to everyone who was told, also to the voluntary list: leave --updates-from out."
        )
    return "retraction" if words["retraction"] else "updates" if words["updates_from"] else "legal"


def _deliver(workspace: Workspace, version: str, form: str, words: dict[str, Any]) -> None:

    if words["retraction"] and not words["adopt"] and _from_environment("recipients"):
        words["recipients"] = None
    if not any(words[each] for each in ("recipients", "resume", "retry_failed", "retraction")):
        raise UsageError("Give the recipients with --recipients FILE, or go on with the ledger's: --resume.")
    request = request_of(workspace, version, words)
    sending = sending_of(words)
    place = TriedOut(sending.destination)
    due = every_30_seconds()
    only_named = words["resume"] and not words["query"] and "://" in (words["recipients"] or "")  # by the environment
    listing = open_list(words["recipients"], words["query"]) if words["recipients"] and not only_named else None
    if listing is not None:
        listing.watch(lambda rows: say(f"Reading the list: {rows:,} rows so far.") if due() else None)
    with stops_cleanly(), progress(f"{_what(words).capitalize()} of {version}") as watch:
        sending = replace(sending, destination=place)
        result = deliver(request, listing, sending, say, watch, before=place.try_out)
        place.close()
    _tell(version, form, words, result)


def _from_environment(option: str) -> bool:
    return click.get_current_context().get_parameter_source(option) is ParameterSource.ENVIRONMENT


def _tell(version: str, form: str, words: dict[str, Any], result: Result) -> None:
    if form == "json":
        print_json(
            {
                "version": version,
                "state": result.state,
                "counts": dict(result.counts),
                "left": result.left,
                "sent": vars(result.sent),
                "evidence": result.published and result.published.path,
            }
        )
    loaded = result.loaded
    if loaded:
        say(
            f"List: {loaded.rows:,} rows, {loaded.new:,} new recipients, {loaded.known:,} known, "
            f"{loaded.duplicates:,} duplicate, {loaded.invalid:,} without a usable address, "
            f"{loaded.suppressed:,} known to be dead, "
            f"{loaded.vanished:,} no longer listed."
        )
        for each in loaded.bad or ():
            say(f"  row {each.row}: {each.reason}")
        if loaded.cleaned:
            say(
                f"  {loaded.cleaned:,} names or languages were cleaned or left out; these people are written to as well."
            )
        if loaded.twins:
            say(f"  {loaded.twins:,} addresses look like one person's twice; each was written to.")
    counts = {state: number for state, number in result.counts.items() if number}
    say(", ".join(f"{state.replace('_', ' ')} {number:,}" for state, number in counts.items()) or "Nobody is listed.")
    if result.state == "complete":
        evidence = f" Evidence: {result.published.path}" if result.published else ""
        say(f"The {_what(words)} of {version} is complete.{evidence}")
    elif words["limit"]:
        say(f"{result.left:,} left; go on with --resume.")
    else:
        raise NoticeRefusal(_not_complete(version, _what(words), result))


def _what(words: dict[str, Any]) -> str:
    return "retraction" if words["retraction"] else "notice"


def _not_complete(version: str, what: str, result: Result) -> str:
    counts = result.counts
    parts = (
        [f"{counts['queued'] + counts['leased']:,} to be tried again"] if counts["queued"] + counts["leased"] else []
    )
    if counts["in_doubt"]:
        parts.append(
            f"{counts['in_doubt']:,} in doubt (they may have it; --retry-failed sends them the same mail again)"
        )
    return f"The {what} of {version} isn't complete: {', '.join(parts)}. Run again with --resume."


def _leave(workspace: Workspace, words: dict[str, Any]) -> None:

    if not words["updates_from"]:
        raise UsageError("--left is for the voluntary list (--updates-from); nobody leaves the legal notice.")
    with Repository(workspace.root) as repository:
        first = repository.first_commit()
    with open_ledger(words["ledger"], workspace, first) as ledger:
        say(f"{leave(ledger, words['left']):,} people left the voluntary list.")


def _look(workspace: Workspace, version: str, form: str, words: dict[str, Any]) -> None:

    with opened(workspace, version, words) as (ledger, notice):
        if file := words["export_post"]:
            refuse_device(file, "Name a file.")
            number = export_post(ledger, notice, file)
            if form == "json":
                print_json({"version": version, "by_post": number, "file": str(file)})
            say(f"{number:,} people whom no mail reached are in {file}. Personal data: keep it out of git.")
        elif form == "json":
            print_json(report(ledger, notice))
        else:
            click.echo(in_words(report(ledger, notice)))
