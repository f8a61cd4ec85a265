"""`policytrail review`: proposals one after another; a person accepts, corrects, rejects or leaves each."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import yaml

from policytrail.cli.common import find_workspace, format_option, print_json, say
from policytrail.errors import SourceError, UsageError
from policytrail.importers.draft.accept import accepted, waiting_text
from policytrail.importers.draft.write import to_yaml
from policytrail.sources.load import load_draft, read_sources
from policytrail.sources.proposals import Waiting, load_proposals
from policytrail.storage.files import read_text, walk
from policytrail.storage.transaction import all_written
from policytrail.workspace import POLICY, Workspace

_KEYS = {"a": "accept", "c": "correct", "r": "reject", "l": "later", "u": "undo", "q": "quit"}


@click.command("review")
@click.option("--accept", multiple=True, metavar="ID", help="Accept this proposal; give it again for further ones.")
@click.option("--reject", multiple=True, metavar="ID", help="Drop this proposal; give it again for further ones.")
@click.option("--list", "listed", is_flag=True, help="Only list what waits.")
@format_option("text", "json")
def command(accept: tuple[str, ...], reject: tuple[str, ...], listed: bool, form: str) -> int:
    """Go through the practices that policytrail read out of the text: the sentence, the practice, and what you say to it.

    Accepting writes the practice and the clause's 'states'. Without a terminal, use --list, --accept and --reject.
    """
    workspace = find_workspace("alone")
    waiting = load_proposals(workspace)
    if listed or form == "json":
        _list(waiting, form)
        return 0
    if accept or reject:
        _settle(workspace, waiting, accept, reject)
        return 0
    if not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask on. Use --list, --accept ID and --reject ID.")
    _walk(workspace)
    return 0


def _list(waiting: Sequence[Waiting], form: str) -> None:
    if form == "json":
        print_json([one.to_yaml() for one in waiting])
        return
    for one in waiting:
        click.echo(f"{one.id or 'unread':<32} {one.clause}: “{one.quote}”")
    proposed = sum(one.practice is not None for one in waiting)
    say(f"{proposed} proposals wait; {len(waiting) - proposed} sentences about data have none.")


def _settle(workspace: Workspace, waiting: Sequence[Waiting], accept: Sequence[str], reject: Sequence[str]) -> None:
    known = {one.id for one in waiting if one.id}
    unknown = [name for name in (*accept, *reject) if name not in known]
    if unknown:
        raise UsageError(f"No proposal is called {unknown[0]}. 'policytrail review --list' names them all.")
    for name in accept:
        _accept(workspace, name)
    left = [one for one in load_proposals(workspace) if one.id not in reject or not one.id]
    _write(workspace, {"proposals.yaml": waiting_text(left)})
    say(
        f"Accepted {len(accept)}, rejected {len(reject)}; {sum(one.practice is not None for one in left)} proposals wait."
    )


def _accept(workspace: Workspace, name: str, practice: Mapping[str, Any] | None = None) -> dict[str, str | None]:
    """Take one proposal over, as it is or corrected. Out: the files that it changed, as they were, to take it back.

    Raises SourceError, and leaves all as it was, where the draft wouldn't load with it.
    """
    waiting = load_proposals(workspace)
    one = next(entry for entry in waiting if entry.id == name)
    if practice is not None:
        one = Waiting(one.clause, dict(practice))
    folder = workspace.policy
    sources = read_sources(folder)[0]
    if ("clause", one.clause) not in sources.places:
        raise SourceError(f"The clause {one.clause} isn't there any more; reject the proposal {name}.")
    clause_file = sources.places["clause", one.clause][0].removeprefix(f"{POLICY}/")

    def text_of(place: str) -> str | None:
        path = folder / place
        return read_text(path) if path.exists() else None

    left = [entry for entry in waiting if entry.id != name]
    changed: dict[str, str | None] = {**accepted(one, text_of, clause_file), "proposals.yaml": waiting_text(left)}
    before = {place: text_of(place) for place in changed}
    _try_out(folder, changed)
    _write(workspace, changed)
    return before


def _try_out(folder: Path, changed: Mapping[str, str | None]) -> None:
    """Load the draft as it would be. Raises SourceError where it wouldn't load."""
    with tempfile.TemporaryDirectory(prefix="policytrail-") as scratch:
        copy = Workspace(Path(scratch)).policy
        for path in walk(folder, ""):
            place = path.relative_to(folder)
            (copy / place).parent.mkdir(parents=True, exist_ok=True)
            (copy / place).write_bytes(path.read_bytes())
        for name, text in changed.items():
            if text is not None:
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                (copy / name).write_text(text, encoding="utf-8")
        load_draft(copy)


def _write(workspace: Workspace, changed: Mapping[str, str | None]) -> None:
    files = {workspace.policy / name: None if text is None else text.encode() for name, text in changed.items()}
    with all_written(workspace.root, "review", files):
        pass


def _walk(workspace: Workspace) -> None:
    """One proposal after another on the terminal."""
    later: set[str] = set()
    undo: list[dict[str, str | None]] = []
    while True:
        waiting = [one for one in load_proposals(workspace) if one.practice and one.id not in later]
        if not waiting:
            break
        one = waiting[0]
        _show(one, len(waiting))
        answer = _ask(bool(undo))
        if answer == "quit":
            break
        if answer == "undo":
            _write(workspace, undo.pop())
        elif answer == "later":
            later.add(one.id)
        elif answer == "reject":
            kept = load_proposals(workspace)
            undo.append({"proposals.yaml": waiting_text(kept)})
            _write(workspace, {"proposals.yaml": waiting_text([entry for entry in kept if entry.id != one.id])})
        else:
            _take(workspace, one, answer == "correct", undo, later)
    _list(load_proposals(workspace), "text")


def _take(
    workspace: Workspace, one: Waiting, correct: bool, undo: list[dict[str, str | None]], later: set[str]
) -> None:
    """Accept one proposal, after a correction in the person's editor where they want one."""
    practice = _corrected(one) if correct else one.practice
    if practice is None:
        say("Nothing was changed; the proposal waits.")
        later.add(one.id)
        return
    try:
        undo.append(_accept(workspace, one.id, practice))
    except SourceError as error:
        say(f"Not accepted: {error}")
        later.add(one.id)


def _corrected(one: Waiting) -> Mapping[str, Any] | None:
    edited = click.edit(to_yaml(one.practice), extension=".yaml")
    if edited is None:
        return None
    try:
        found = yaml.safe_load(edited)
    except yaml.YAMLError as error:
        say(f"This is no YAML: {' '.join(str(error).split())}")
        return None
    return found if isinstance(found, dict) and {"id", "type"} <= found.keys() else None


def _show(one: Waiting, left: int) -> None:
    assert one.practice is not None
    fields = {name: value for name, value in one.practice.items() if name not in ("quote", "note")}
    click.echo(f"\n{left} to go. In {one.clause}:\n\n  “{one.quote}”\n", err=True)
    for line in to_yaml(fields).splitlines():
        click.echo(f"    {line}", err=True)


def _ask(can_undo: bool) -> str:
    """What a person says to a proposal: one key."""
    shown = ", ".join(f"[{key}]{name[1:]}" for key, name in _KEYS.items() if can_undo or name != "undo")
    while True:
        click.echo(f"\n{shown}: ", err=True, nl=False)
        key = click.getchar().lower()
        if key in ("\x03", "\x04", ""):
            return "quit"
        click.echo(_KEYS.get(key, ""), err=True)
        if key in _KEYS and (can_undo or _KEYS[key] != "undo"):
            return _KEYS[key]
