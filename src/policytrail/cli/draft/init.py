"""`policytrail init [FOLDER]`: a new policy repository."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policytrail.cli.common import as_of_option, say
from policytrail.clock import now
from policytrail.errors import RepositoryError, UsageError
from policytrail.starters.answers import Answers, check
from policytrail.starters.make import starter_files
from policytrail.storage.file_lock import HERE, locked
from policytrail.storage.transaction import all_written, take_back, unfinished
from policytrail.workspace import POLICY_FILE

if TYPE_CHECKING:
    from policytrail.starters.answers import Answers

KIND_NAMES = ("website", "app", "shop", "saas")
_QUESTIONS = {
    "name": "What do people call you (trade name)",
    "legal_name": "Legal name",
    "email": "Email address for questions about privacy",
    "address": "Postal address (one line)",
    "time_zone": "Time zone in which days are counted (for example Europe/Berlin)",
    "url": "Address at which the policy will be published (for example https://privacy.example.com/)",
}


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--kind", type=click.Choice(KIND_NAMES), help="What the policy is for.")
@click.option("--name", help="What people call you (trade name).")
@click.option("--legal-name", help="The legal name (default: the name).")
@click.option("--email", help="The address for questions about privacy.")
@click.option("--address", multiple=True, help="Postal address, one line each.")
@click.option("--time-zone", help="Time zone in which days are counted, for example Europe/Berlin.")
@click.option("--url", help="Address at which the policy will be published.")
@click.option(
    "--ci",
    type=click.Choice(["github", "gitlab", "both", "none"]),
    default="both",
    show_default=True,
    help="Whose CI files to write.",
)
@click.option("--git", "with_git", is_flag=True, help="Also start a git repository and commit the files.")
@click.option("--yes", is_flag=True, help="Ask nothing; a missing answer without a default is an error.")
@as_of_option
def command(folder: Path, with_git: bool, yes: bool, as_of: date | None, **given: Any) -> None:
    """Make a new policy repository in FOLDER (default: here) from starter files for a website, app, shop or SaaS.

    It overwrites nothing. CONFIRM marks what a person must check.
    """

    answers = check(_answers(given, as_of or now().date(), ask=not yes and sys.stdin.isatty()))
    made = starter_files(answers)
    _write(folder, made, with_git)
    if with_git:
        from policytrail.git.repository import Repository, start

        start(folder, sorted(made), f"Start the policy of {answers.name}")
        with Repository(folder) as repository:
            if repository.introduce(answers.name, answers.email):
                say(f"git doesn't know who you are yet: commits here are by {answers.name} <{answers.email}>.")
                say('For your own name: git config user.name "YOUR NAME", and git config user.email YOU@EXAMPLE.COM')
    say(f"Wrote {len(made)} files to {folder}/ (kind: {answers.kind}). Next: read README.md, then 'policytrail check'.")


def _answers(given: dict[str, Any], day: date, ask: bool) -> Answers:
    """Flags first, then questions on a terminal; the legal name is the name unless somebody says otherwise."""

    if ask:
        given = _asked(given)
    missing = [name for name in ("kind", *_QUESTIONS) if not given[name] and name != "legal_name"]
    if missing:
        options = ["--" + each.replace("_", "-") for each in missing]
        given_as = "it as an option" if len(options) == 1 else "them as options"
        is_missing = f"{', '.join(options)} {'is' if len(options) == 1 else 'are'} missing"
        raise UsageError(f"{is_missing}. Give {given_as}, or run 'policytrail init' on a terminal.")
    given["legal_name"] = given["legal_name"] or given["name"]
    url = given["url"] if given["url"].endswith("/") else given["url"] + "/"
    return Answers(**{**given, "url": url, "address": tuple(given["address"])}, day=day)


def _asked(given: dict[str, Any]) -> dict[str, Any]:
    answers = dict(given)
    if not answers["kind"]:
        answers["kind"] = click.prompt("What is the policy for", type=click.Choice(KIND_NAMES), err=True)
    for name, question in _QUESTIONS.items():
        if not answers[name]:
            default = answers["name"] if name == "legal_name" else None
            said = click.prompt(question, default=default, err=True)
            answers[name] = [said] if name == "address" else said
    return answers


def _write(folder: Path, made: dict[str, bytes], with_git: bool) -> None:
    """All files or none: what exists is named before anything is written, what a killed run wrote is taken back."""

    if unfinished(folder):
        with locked(folder, HERE):
            for sentence in take_back(folder):
                say(sentence)
    taken = sorted(path for path in made if (folder / path).exists() or (folder / path).is_symlink())
    if with_git and len(taken) == len(made) and all((folder / path).read_bytes() == made[path] for path in made):
        return  # a run was interrupted before its commit
    if taken:
        raise RepositoryError(f"{folder / taken[0]} exists already. Choose an empty folder, or move it away first.")
    # A folder without policy.yaml is no policy repository to any other command: it comes last.
    paths = sorted(made, key=lambda path: (path == POLICY_FILE, path))
    with all_written(folder, "init", {folder / path: made[path] for path in paths}):
        pass
