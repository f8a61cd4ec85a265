"""What the commands that send mail share: their options, the ledger, a clean stop, progress."""

from __future__ import annotations

import math
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from policytrail.cli.common import say
from policytrail.errors import DeliveryError, UsageError
from policytrail.notify.channels.channel import Options, Timeouts
from policytrail.notify.channels.registry import destination
from policytrail.notify.channels.sender import Sending
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.primitives.delivery_states import Rules
from policytrail.notify.primitives.redact import secrets_in
from policytrail.workspace import Workspace

if TYPE_CHECKING:
    from policytrail.notify.channels.sender import Sending, Tally
    from policytrail.notify.primitives.delivery_states import Rules

LEDGER_VARIABLE, SMTP_VARIABLE = "POLICYTRAIL_LEDGER_URL", "POLICYTRAIL_SMTP_URL"
SECONDS_BETWEEN_LINES = 30.0
PASSWORD_VARIABLE = "POLICYTRAIL_SMTP_PASSWORD"


class Number(click.FloatRange):
    """A number within bounds; neither infinity nor 'nan', which no bound keeps out."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number. Fails as click's types do."""
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{value!r} is no number.", param, ctx)
        return found


class Share(click.ParamType):
    """A percentage, with or without its sign, as a share of 1."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The share. Fails as click's types do."""
        try:
            found = float(str(value).strip().removesuffix("%")) / 100
        except ValueError:
            found = -1.0
        if not 0 < found <= 1:
            self.fail(f"{value!r} is no percentage such as 5%.", param, ctx)
        return found


ledger_option: Callable[[Any], Any] = click.option(
    "--ledger",
    metavar="URL",
    envvar=LEDGER_VARIABLE,
    show_envvar=True,
    help="The database of deliveries, a SQLAlchemy URL (default: an SQLite file in .policytrail/).",
)


def sending_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of everything that sends mail, but `--connections`."""
    options = [
        click.option(
            "--smtp", metavar="URL", help=f"smtp://, smtps:// or smtp+starttls:// (default: {SMTP_VARIABLE})."
        ),
        click.option("--allow-plain", is_flag=True, help="Send unencrypted to another machine (not advised)."),
        click.option("--rate", type=Number(min=0, min_open=True), metavar="N", help="At most N mails a second."),
        click.option(
            "--timeout",
            type=Number(min=0, min_open=True),
            metavar="SECONDS",
            help="Longest wait for an answer of the mail server (default: 60; 600 after a message).",
        ),
        click.option(
            "--patience",
            type=Number(min=0),
            default=60.0,
            show_default=True,
            metavar="SECONDS",
            help="Longest wait for later attempts, or for a server that is gone; then end.",
        ),
        click.option("--hold-doubtful", is_flag=True, help="List doubtful mails instead of sending them again."),
        click.option("--lease", type=Number(min=0.1), default=900.0, hidden=True),
        click.option("--first-wait", type=Number(min=0.01), default=5.0, hidden=True),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def rules_of(words: dict[str, Any]) -> Rules:
    """How patient a notice is, and whether what may be out is sent again."""

    return Rules(first_wait=words["first_wait"], hold_doubtful=words["hold_doubtful"])


def sending_of(words: dict[str, Any]) -> Sending:
    """Server, connections, rate and waits from the command line and the environment. Raises UsageError."""

    url = words["smtp"] or os.environ.get(SMTP_VARIABLE)
    if not url:
        raise UsageError(f"Give the mail server with --smtp URL, or in {SMTP_VARIABLE}.")
    timeouts = Timeouts(words["timeout"], words["timeout"]) if words["timeout"] else Timeouts()
    options = Options(os.environ.get(PASSWORD_VARIABLE, ""), words["allow_plain"], timeouts)
    found = destination(url, options)
    if words["smtp"] and secrets_in(url):
        say(f"Others on this machine can see a password on the command line; put the URL in {SMTP_VARIABLE}.")
    return Sending(found, "", {}, words["connections"], words["rate"], words["patience"], words.get("stop_at"))


@contextmanager
def opened(workspace: Workspace, version: str, words: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """The ledger and its row of a notice. Raises DeliveryError where it has none."""
    from policytrail.git.repository import Repository  # saves 59 ms

    with Repository(workspace.root) as repository:
        first = repository.first_commit()
    stream = words.get("stream", "legal")
    with open_ledger(words["ledger"], workspace, first, create=False) as ledger:
        with ledger.begin() as connection:
            notice = ledger.notice(connection, version, stream)
        if notice is None:
            raise DeliveryError(f"This ledger has no notice of {version!r}.")
        yield ledger, notice


@contextmanager
def stops_cleanly() -> Iterator[None]:
    """Ctrl-C, a termination, a closed terminal end the run after the messages in flight; a second one ends it at once."""
    listened = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        listened.append(signal.SIGHUP)

    def stop(*_: object) -> None:
        for signals in listened:
            signal.signal(signals, signal.SIG_DFL)
        raise KeyboardInterrupt

    before = {signals: signal.signal(signals, stop) for signals in listened}
    try:
        yield
    except KeyboardInterrupt:
        say("Stopped: what was sent is written down. Go on with --resume.")
        raise
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def every_30_seconds() -> Callable[[], bool]:
    """Whether it's time for another line of progress."""
    last = time.monotonic()

    def due() -> bool:
        nonlocal last
        if time.monotonic() - last < SECONDS_BETWEEN_LINES:
            return False
        last = time.monotonic()
        return True

    return due


def _told_now_and_then(what: str) -> Callable[[Tally], None]:
    due, began = every_30_seconds(), time.monotonic()

    def watch(tally: Tally) -> None:
        if due():
            done = tally.accepted + tally.refused
            rate = done / max(time.monotonic() - began, 0.001)
            say(f"{what}: {done:,} of {tally.due:,} done, {tally.refused:,} of them refused; {rate:.0f} a second.")

    return watch


@contextmanager
def progress(what: str) -> Iterator[Callable[[Tally], None]]:
    """A bar with rate and time left on a terminal; elsewhere a line every 30 seconds."""
    from rich.console import Console  # saves 45 ms
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # saves 45 ms

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _told_now_and_then(what)
        return
    speed = TextColumn("{task.fields[rate]:.0f}/s")
    with Progress(
        TextColumn(what), BarColumn(), MofNCompleteColumn(), speed, TimeRemainingColumn(), console=console
    ) as bar:
        task = bar.add_task(what, total=None, rate=0.0)

        def watch(tally: Tally) -> None:
            done = tally.accepted + tally.refused
            bar.update(task, completed=done, total=tally.due or None, rate=bar.tasks[0].speed or 0.0)

        yield watch
