"""`policytrail init [FOLDER]`: a new policy repository."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from policytrail.cli.common import as_of_option, say
from policytrail.cli.imports.init_from import guesses, repository_files, source, take_past, tell
from policytrail.clock import now
from policytrail.errors import RepositoryError, UsageError
from policytrail.starters.answers import OWN_TEXT, Answers, check, check_one
from policytrail.starters.make import starter_files
from policytrail.storage.file_lock import HERE, locked
from policytrail.storage.transaction import all_written, take_back, unfinished
from policytrail.workspace import POLICY_FILE

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
@click.option(
    "--from",
    "begin",
    metavar="FILE|REPO:PATH",
    help="Begin with a policy as it stands: a Word file, a page, Markdown, text, or a file in a git repository with its past.",
)
@click.option(
    "--tracked-changes",
    type=click.Choice(["accept", "reject"]),
    help="With --from: what to do with open tracked changes of a Word file.",
)
@click.option(
    "--git", "with_git", is_flag=True, help="Also start a git repository and commit the files (--from always does)."
)
@click.option("--yes", is_flag=True, help="Ask nothing; a missing answer without a default is an error.")
@as_of_option
def command(
    folder: Path,
    begin: str | None,
    tracked_changes: str | None,
    with_git: bool,
    yes: bool,
    as_of: date | None,
    **given: Any,
) -> None:
    """Make a new policy repository in FOLDER (default: here) from your own policy or starter files.

    --from takes your policy as it stands, releasable without an edit. Else you get starter files for a website, app, shop or
    SaaS, in which CONFIRM marks what a person must check. It overwrites nothing.
    """
    day = as_of or now().date()
    ask = not yes and sys.stdin.isatty()
    if begin is None:
        answers = check(_answers(given, {}, day, ask))
        made = starter_files(answers)
        _write(folder, made, with_git)
        if with_git:
            _start(folder, made, answers)
        say(
            f"Wrote {len(made)} files to {folder}/ (kind: {answers.kind}). Next: read README.md, then 'policytrail check'."
        )
        return
    begun = source(begin, tracked_changes)
    tell(begun)
    answers = check(_answers({**given, "kind": OWN_TEXT}, guesses(begun.draft), day, ask))
    made = repository_files(begun, answers)
    _write(folder, made, with_git=True)
    _start(folder, made, answers)
    where = "" if folder == Path(".") else f"cd {folder}, then "
    if take_past(folder, begun, as_of):
        _commit_past(folder)
        say(f"Wrote {folder}/ with the policy and its past. Next: {where}'policytrail build' for the site.")
    else:
        say(
            f"Wrote {len(made)} files to {folder}/. Next: {where}'policytrail release --effective YYYY-MM-DD' puts the text in "
            "force, and 'policytrail build' makes the site."
        )


def _start(folder: Path, made: Mapping[str, bytes], answers: Answers) -> None:
    """Make the folder a git repository with the files as its first commit."""
    from policytrail.git.repository import Repository, start  # saves 59 ms

    start(folder, sorted(made), f"Start the policy of {answers.name}")
    with Repository(folder) as repository:
        if repository.introduce(answers.name, answers.email):
            say(f"git doesn't know who you are yet: commits here are by {answers.name} <{answers.email}>.")
            say('For your own name: git config user.name "YOUR NAME", and git config user.email YOU@EXAMPLE.COM')


def _commit_past(folder: Path) -> None:
    """Commit what the past of the text became."""
    from policytrail.git.repository import Repository  # saves 59 ms

    with Repository(folder) as repository:
        written = [name for name in ("versions", "history") if (folder / name).is_dir()]
        repository.commit(written, "Take over the past of the policy")


def _answers(given: dict[str, Any], guessed: Mapping[str, str], day: date, ask: bool) -> Answers:
    """Options first, then questions on a terminal, where what the text tells is offered; else that is taken.

    The legal name is the name unless somebody says otherwise.
    """
    given = _asked(given, guessed) if ask else {**given, **_unasked(given, guessed)}
    missing = [name for name in ("kind", *_QUESTIONS) if not given[name] and name != "legal_name"]
    if missing:
        options = ["--" + name.replace("_", "-") for name in missing]
        given_as = "it as an option" if len(options) == 1 else "them as options"
        is_missing = f"{', '.join(options)} {'is' if len(options) == 1 else 'are'} missing"
        raise UsageError(f"{is_missing}. Give {given_as}, or run 'policytrail init' on a terminal.")
    given["legal_name"] = given["legal_name"] or given["name"]
    url = given["url"] if given["url"].endswith("/") else given["url"] + "/"
    return Answers(**{**given, "url": url, "address": tuple(given["address"])}, day=day)


def _unasked(given: Mapping[str, Any], guessed: Mapping[str, str]) -> dict[str, Any]:
    """What the text tells of the answers that nobody gave; each is said, so that a wrong one is seen."""
    taken = {name: said for name, said in guessed.items() if not given[name]}
    for name, said in taken.items():
        say(f"Taken from the text: {_QUESTIONS[name].partition(' (')[0]}: {said}")
    return {name: (said,) if name == "address" else said for name, said in taken.items()}


def _asked(given: Mapping[str, Any], guessed: Mapping[str, str]) -> dict[str, Any]:
    """One question after the other; an answer that the sources would refuse is asked for again at once."""
    answers = dict(given)
    if not answers["kind"]:
        answers["kind"] = click.prompt("What is the policy for", type=click.Choice(KIND_NAMES), err=True)
    for name, question in _QUESTIONS.items():
        if not answers[name]:
            default = guessed.get(name) or (answers["name"] if name == "legal_name" else None)
            said = _ask(name, question, default)
            answers[name] = [said] if name == "address" else said
    return answers


def _ask(name: str, question: str, default: str | None) -> str:
    while True:
        said = str(click.prompt(question, default=default, err=True)).strip()
        try:
            check_one(name, said)
        except UsageError as error:
            say(str(error).replace("--" + name.replace("_", "-"), "This", 1))
        else:
            return said


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
