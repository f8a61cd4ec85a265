"""The command `policytrail`: one file a command; here only what all of them share."""

from __future__ import annotations

import gc
import io
import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

import click

from policytrail import __version__
from policytrail.errors import PolicytrailError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# Set, an error that nobody foresaw shows all of where it happened.
TRACEBACK = "POLICYTRAIL_TRACEBACK"
# Name, module and one line for the overview: modules load only when their command runs.
COMMANDS = {
    "init": ("draft.init", "Start a new policy repository from starter files."),
    "build": ("draft.build", "Validate, compare, schedule and render everything to site/."),
    "check": ("draft.check", "Validate the sources and say what blocks a release."),
    "lint": ("draft.lint", "Find contradictions, gaps, vague words and broken links in the draft."),
    "translations": ("draft.translations", "Show what each translation of the draft lacks; publish one."),
    "diff": ("draft.diff", "Compare two versions, the draft, or two plain files."),
    "decide": ("draft.decide", "Record a person's ruling on changes of the draft."),
    "release": ("versions.release", "Freeze the draft as a version, with its notice."),
    "status": ("versions.status", "Show every version's state on a day, what is due, and by when."),
    "verify": ("versions.verify", "Prove that versions are unchanged and notice was in time."),
    "at": ("versions.at", "Show which version was in force on a date, and its text."),
    "notice": ("notice.preview", "The notice as people will get it, of the draft or a version."),
    "notify": ("notice.notify", "Send the notice of a version by mail; resume it, report on it."),
    "bounces": ("notice.bounces", "Enter returned mail into the ledger."),
    "prove": ("notice.prove", "Prove that one person got a notice, or check such a proof."),
    "erase": ("notice.erase", "Remove a person's address and name from the ledger; proofs stay."),
    "worker": ("notice.worker", "Send mails of a notice that another machine started."),
    "withdraw": ("versions.withdraw", "Withdraw a pending version; its record stays."),
    "reschedule": ("versions.reschedule", "Give a pending version another date."),
    "observe": ("versions.observe", "Check that the published site shows the notice, and record it."),
    "timestamp": ("versions.timestamp", "Have a version's records stamped by a third party (RFC 3161)."),
    "attest": ("versions.attest", "Record a notice given another way, stated by a named person."),
    "import": ("imports.import_", "Turn an existing policy (.md .txt .html .docx) into sources."),
    "review": ("imports.review", "Accept or reject the practices that were read out of the text."),
    "export": ("draft.export", "Write the policy as a document: pdf, docx, md, txt, jsonld."),
    "serve": ("draft.serve", "Show a live preview of the site and the draft."),
}


class Commands(click.Group):
    """Loads a command's module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order in which people meet them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command by its name, None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"policytrail.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        command.short_help = COMMANDS[cmd_name][1]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview of `--help`, for which no command's module is loaded."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names that begin with what is typed, for which no command's module is loaded, and options."""
        from click.shell_completion import CompletionItem  # saves 2 ms of every command

        names = [CompletionItem(name, help=line) for name, (_, line) in COMMANDS.items() if name.startswith(incomplete)]
        return names + click.Command.shell_complete(self, ctx, incomplete)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="policytrail")
def policytrail() -> None:
    """Privacy policies as structured, versioned source: publish, compare, give notice, prove it.

    Exit status: 0 fine; 1 the sources or versions have problems; 2 wrong usage; 3 refused by the notice rules.
    """


def main() -> None:
    """Run the command line; every refusal is one clear sentence on standard error, and its exit status."""
    for name in ("stdout", "stderr"):  # whoever closed one doesn't want what is said there
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  (for the whole process)
    for stream in (sys.stdout, sys.stderr):  # what a policy says can't be spelt in every machine's own encoding
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # Little of what a command makes is garbage in cycles: looking for it seldom, and not once more at the end, takes an
    # eighth off the time of a short command.
    gc.set_threshold(100_000, 20, 20)
    status = run(lambda: policytrail(prog_name="policytrail", standalone_mode=False))
    gc.freeze()
    sys.exit(status)


def run(command: Callable[[], object]) -> int:
    """Run something and turn what it raises into an exit status."""
    try:
        result = command()
        return result if isinstance(result, int) else 0
    except PolicytrailError as error:
        click.echo(str(error), err=True)
        return error.exit_status
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        return 130
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.UsageError as error:
        said = error.format_message()
        more = f" See '{error.ctx.command_path} --help'." if error.ctx else ""
        click.echo(f"{said}{'' if said.endswith(('.', '?')) else '.'}{more}", err=True)
        return 2
    except click.ClickException as error:
        error.show()
        return 2
    except BrokenPipeError:
        return 0
    except OSError as error:
        click.echo(f"{error.filename or 'A file'}: {error.strerror}. Nothing was changed.", err=True)
        return 1
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        click.echo(_own_mistake(error), err=True)
        return 1


def _own_mistake(error: Exception) -> str:
    """One sentence for what nobody foresaw, as for everything else: where it happened, and how to tell us more."""

    if isinstance(error, MemoryError):
        return "There isn't enough memory for this. Give the machine more, or split what it works on."
    place = traceback.extract_tb(error.__traceback__)[-1]
    what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return (
        f"This is a mistake in policytrail ({what}; {os.path.basename(place.filename)}:{place.lineno}). "
        f"Run it again with {TRACEBACK}=1 and report what that says."
    )
