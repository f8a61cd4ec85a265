"""`policytrail import --history REPO:PATH`: the past of a policy that lived in git as one text."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policytrail.archive.store import has_versions
from policytrail.cli.common import counted, find_workspace, print_json, progress, say
from policytrail.clock import now
from policytrail.errors import NoPolicyHere, RepositoryError, SourceError, UsageError
from policytrail.git.repository import Repository
from policytrail.history_import.freeze import frozen
from policytrail.history_import.report import Past, Revision, Unread, past, to_json, to_markdown, unannounced
from policytrail.history_import.select import taking
from policytrail.history_import.workspace import Unfit, ground
from policytrail.importers.formats.read import read_past
from policytrail.model.calendar import local_day
from policytrail.model.json_value import Json
from policytrail.storage.file_lock import HERE, locked
from policytrail.storage.files import write_whole
from policytrail.storage.transaction import all_written, new_folder, take_back, unfinished
from policytrail.workspace import POLICY, VERSIONS, Workspace

from .git_place import place_in_git

if TYPE_CHECKING:
    from policytrail.git.file_history import Commit
    from policytrail.history_import.select import Taking
    from policytrail.history_import.workspace import Ground

_REPORT = "history"  # the folder of the report beside versions/


@dataclass(frozen=True)
class _Text:
    """What a commit left: its bytes, and the text as Markdown; None with the reason where it can't be read."""

    commit: Commit
    raw: bytes
    text: str | None
    reason: str = ""


@dataclass(frozen=True)
class _Past:
    """The past of one file, judged, and the versions that are made of it, if any."""

    path: str
    found: tuple[Past, ...]
    unread: tuple[Unread, ...]
    taken: Taking | None = None

    def to_json(self) -> dict[str, Json]:
        return to_json(self.found, self.unread, *self._of_versions())

    def to_markdown(self) -> str:
        return to_markdown(self.found, self.path, self.unread, *self._of_versions())

    def _of_versions(self) -> tuple[()] | tuple[Callable[[Past], str | None], Sequence[str]]:
        """What a report says of the versions that were made; nothing where there are none."""
        return (self.taken.holding, self.taken.remarks) if self.taken else ()

    def files(self) -> dict[str, bytes]:
        shown = json.dumps(self.to_json(), ensure_ascii=False, indent=2) + "\n"
        return {"report.md": self.to_markdown().encode(), "report.json": shown.encode()}


def history(place: str, into: Path | None, form: str, dry_run: bool, new_draft: bool, as_of: date | None) -> int:
    """In: `REPO:PATH`, a folder for the texts alone, `text`, `json` or `markdown`, whether nothing is to be written, whether
    the newest text becomes the draft, the day of now (None: the clock's). Out: the exit status, 0.
    """
    repository, path = place_in_git(place)
    _refuse_taken(into)
    texts = _texts(repository, path)
    if into:
        made = _judged(path, texts, None)
        if not dry_run:
            _write_texts(into, made)
        _print(made, form)
        return 0

    try:
        on = _ground(texts, path, new_draft, as_of)
    except Unfit as unfit:
        _print(_judged(path, texts, None), form)
        say(f"Nothing was frozen: {unfit}")
        return 0
    _take_over(on, path, texts, form, dry_run, as_of)
    return 0


def _refuse_taken(into: Path | None) -> None:
    if into and into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UsageError(f"{into} isn't an empty folder, and policytrail overwrites nothing. Name a new one.")


def _texts(folder: Path, path: str) -> list[_Text]:
    """Every commit that changed the file, oldest first, with its text."""

    with Repository(folder) as repository:
        if repository.is_shallow():
            say("Note: this is a shallow clone without the older history. Fetch all of it for the whole past.")
        return [_text(commit, repository.text_at(commit)) for commit in repository.history(path)]


def _text(commit: Commit, raw: bytes | None) -> _Text:

    if raw is None or not raw.strip():
        return _Text(commit, b"", None, f"{commit.path} was deleted, emptied or made a link.")
    try:
        return _Text(commit, raw, read_past(commit.path, raw).markdown)
    except SourceError as error:
        return _Text(commit, raw, None, str(error))


def _judged(path: str, texts: list[_Text], on: Ground | None) -> _Past:
    """The past, by the words of whole texts, or, where versions are made of it, as those are compared."""
    revisions, unread = [], []
    for text in texts:
        when = text.commit.when.astimezone(on.head.zone) if on else text.commit.when
        reason = text.reason
        if text.text is not None and on is not None:
            try:
                on.snapshot(text.text)
            except SourceError as error:
                reason = str(error)
        if text.text is None or reason:
            unread.append(Unread(text.commit.id, when.date(), reason))
        else:
            revisions.append(Revision(text.commit.id, when.date(), text.commit.subject, text.commit.path, text.text))
    shown = counted(revisions, "Comparing every version with the one before")
    return _Past(path, past(shown, on.compare) if on else past(shown), tuple(unread))


def _write_texts(into: Path, made: _Past) -> None:

    with new_folder(into) as folder:
        for version in made.found:
            write_whole(folder / "versions" / f"{version.id}.md", version.revision.text.encode())
        for name, content in made.files().items():
            write_whole(folder / name, content)
    say(
        f"Wrote {len(made.found)} versions and report.md, report.json to {into}. Without --into they become frozen versions."
    )


def _print(made: _Past, form: str) -> None:
    if form == "json":
        print_json(made.to_json())
    elif form == "markdown":
        click.echo(made.to_markdown(), nl=False)
    else:
        for version in made.found:
            click.echo(f"{version.id:<13} {version.severity:<9} {version.announced:<10} {version.revision.subject}")
    for each in made.unread:
        say(f"Not read: {each.commit[:10]} of {each.day}: {each.reason}")
    for remark in made.taken.remarks if made.taken else ():
        say(f"Note: {remark}")
    late = len(unannounced(made.found))
    say(f"{len(made.found)} version(s); {late} with material changes not announced 30 days ahead.")


def _ground(texts: list[_Text], path: str, new_draft: bool, as_of: date | None) -> Ground:
    """Where versions are to be made. Raises Unfit where they can't be."""

    here = Path.cwd()
    if unfinished(here):  # a run in an empty folder was killed: nothing else would find it
        with locked(here, HERE):
            for sentence in take_back(here):
                say(sentence)
    try:
        workspace: Workspace | None = find_workspace()
    except NoPolicyHere:
        workspace = None
    newest = next((text.text for text in reversed(texts) if text.text is not None), None)
    if newest is None:
        raise Unfit(f"no commit holds a readable text of {path}.")
    if new_draft and workspace is not None:
        _refuse_uncommitted(workspace)
    return ground(Workspace(here), workspace, newest, path, new_draft, as_of or now().date())


def _refuse_uncommitted(workspace: Workspace) -> None:
    """The draft that is replaced must be in git: what a person wrote is never lost."""

    with Repository(workspace.root) as repository:
        dirty = repository.dirty([POLICY])
    if dirty:
        raise RepositoryError(
            f"There are changes that aren't committed ({dirty[0]}), and --new-draft replaces the draft. Commit them first."
        )


def _take_over(on: Ground, path: str, texts: list[_Text], form: str, dry_run: bool, as_of: date | None) -> None:

    recorded = now()
    today = min(as_of or date.max, local_day(recorded, on.head.zone))
    made = _judged(path, texts, on)
    with progress("Freezing the versions"):
        made = replace(made, taken=taking(made.found, today, on.compare))
        assert made.taken is not None
        raw = {text.commit.id: text.raw for text in texts}
        versions = frozen(made.taken, on.snapshot, lambda each: raw[each.commit], recorded)
        if made.taken.versions and not dry_run:
            _write(on, made, versions)
    _print(made, form)
    _say_next(on, made, dry_run)


def _write(on: Ground, made: _Past, versions: dict[str, bytes]) -> None:
    """All files or none. policy.yaml comes last: without it a folder is no policy repository to any other command."""

    files: dict[str, bytes | None] = {f"{_REPORT}/{name}": content for name, content in made.files().items()}
    files |= {f"{VERSIONS}/{name}": content for name, content in versions.items()} | dict(on.written)
    policy, root = on.workspace.policy, on.workspace.root
    with locked(policy, HERE) if policy.exists() else nullcontext():
        if has_versions(on.workspace):
            raise RepositoryError("Another command made a version meanwhile; nothing was written.")
        with all_written(root, "import", {root / name: content for name, content in files.items()}):
            pass


def _say_next(on: Ground, made: _Past, dry_run: bool) -> None:
    assert made.taken is not None
    ids = [version.id for version in made.taken.versions]
    if not ids:
        say("Nothing was frozen: no text of the past is in force yet.")
        return
    what = f"{len(ids)} version(s), {ids[0]} to {ids[-1]}"
    if dry_run:
        say(f"Would freeze {what}; nothing was written (--dry-run).")
        return
    say(f"Froze {what}, in versions/, with no notice on record; the report is {_REPORT}/report.md.")
    guessed = [each for each in on.head.proposed if each not in ("title", "last_updated")]
    if guessed:
        say(
            f"Check policy/policy.yaml before you commit: {', '.join(guessed)} are guesses, and every version holds them. "
            "If one is wrong, correct it, remove its name from 'proposed:', delete versions/ and run this again."
        )
    begin = "" if (on.workspace.root / ".git").exists() else "git init && "
    say(f"Next, in {on.workspace.root}: {begin}git add --all && git commit -m 'Take over the past of the policy'")
