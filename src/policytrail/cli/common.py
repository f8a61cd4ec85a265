"""What several commands share: the repository's root, days, JSON output, tables, progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from policytrail.archive.recovery import recover, writing
from policytrail.errors import NoPolicyHere, SourceError, UsageError
from policytrail.model.dates import parse_date
from policytrail.storage.file_lock import HERE, locked
from policytrail.storage.files import write_whole
from policytrail.text.hidden_characters import check_characters
from policytrail.workspace import POLICY_FILE, Workspace

if TYPE_CHECKING:
    from policytrail.model.version import Version


Item = TypeVar("Item")


class Day(click.ParamType):
    """A date on the command line."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """YYYY-MM-DD to a day; else wrong usage."""
        if isinstance(value, date):
            return value
        try:
            return parse_date(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


as_of_option: Callable[[Any], Any] = click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help="The day to work for (default: today in the policy's time zone).",
)


def format_option(*names: str) -> Callable[[Any], Any]:
    """`--format` with these names; the first is the default."""
    return click.option("--format", "form", type=click.Choice(names), default=names[0], help="The format to print.")


effective_option: Callable[[Any], Any] = click.option(
    "--effective",
    type=Day(),
    metavar="DATE",
    help="When the draft is to take effect, if that is before or on the date of a pending version.",
)


def find_workspace(hold: Literal["", "shared", "alone"] = "") -> Workspace:
    """The policy repository: this folder, or the nearest one above that holds policy/.

    `hold`: keep it until the command ends, alone (it writes) or with other readers (nobody may write meanwhile).
    What an interrupted command left behind is taken back first. Raises NoPolicyHere where there is no such folder,
    RepositoryError where another command is at work on it.
    """

    workspace = _workspace()
    for sentence in recover(workspace):
        say(sentence)
    if hold:
        held = writing(workspace) if hold == "alone" else locked(workspace.policy, HERE, shared=True)
        click.get_current_context().with_resource(held)
    return workspace


def _workspace() -> Workspace:
    here = Path.cwd()
    for found in map(Workspace, (here, *here.parents)):
        if (found.root / POLICY_FILE).exists() or (found.policy.is_dir() and found.versions.is_dir()):
            return found
    raise NoPolicyHere(f"There is no policy repository in {here}: no folder here or above holds {POLICY_FILE}.")


def print_json(value: Any) -> None:
    """One JSON document on standard output."""

    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=False) + "\n")


def say(text: str) -> None:
    """A message for people, on standard error."""
    click.echo(text, err=True)


def emit(content: bytes, output: Path | None, binary: bool) -> None:
    """Write to a file, or to standard output unless that is a terminal and the content no text."""
    if output:
        refuse_device(output, "Leave --output out, or name a file.")
        write_whole(output, content)
        return
    if binary and sys.stdout.isatty():
        raise UsageError("A binary file can't be shown on a terminal. Add --output FILE, or send the output to a file.")
    click.get_binary_stream("stdout").write(content)


def refuse_device(output: Path, hint: str) -> None:
    """Raise UsageError for a pipe or device: a file would take its place."""
    if output.exists() and not (output.is_file() or output.is_dir()):
        raise UsageError(f"{output} is no plain file, so nothing is written there. {hint}")


@contextmanager
def progress(what: str) -> Iterator[None]:
    """A spinner on a terminal while something takes its time; silent in logs."""
    from rich.console import Console  # saves 45 ms

    console = Console(stderr=True)
    if console.is_terminal:
        with console.status(what):
            yield
    else:
        yield


def counted(items: Sequence[Item], what: str) -> Iterator[Item]:
    """The items, with a bar on a terminal that says how many of them are done; silent in logs."""
    from rich.console import Console  # saves 45 ms
    from rich.progress import track  # saves 45 ms

    console = Console(stderr=True)
    return iter(track(items, what, console=console, transient=True, disable=not console.is_terminal))


def version_named(versions: tuple[Version, ...], name: str) -> Version:
    """The version with that id. Raises UsageError naming those that exist."""
    for version in versions:
        if version.id == name:
            return version
    known = ", ".join(each.id for each in versions) or "none yet"
    raise UsageError(f"There is no version {name!r}. Versions: {known}; or write draft.")


def stated(text: str, what: str) -> str:
    """A reason or a name as it goes on record: one line. Raises UsageError for an empty one, and for hidden characters."""

    line = " ".join(text.split())
    if not line:
        raise UsageError(f"{what} is empty; write it out, it stays on record.")
    try:
        check_characters(what, line)
    except SourceError as error:
        raise UsageError(f"{what}: {error.problems[0].message} {error.problems[0].hint}") from None
    return line
