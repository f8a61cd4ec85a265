"""What an interrupted command left behind is taken back, or finished, by the next one.

A command that writes versions notes before it begins, inside .git, which commit was the newest. While the note lies there,
whatever is in versions/ and not in a commit is a partial write: its writer was killed. Who holds the lock can judge it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from policytrail.errors import PolicytrailError, RepositoryError, SourceError
from policytrail.storage.file_lock import HERE, locked
from policytrail.storage.files import read_bytes, write_whole
from policytrail.storage.transaction import git_folder, sweep, take_back, unfinished
from policytrail.workspace import VERSIONS, Workspace

if TYPE_CHECKING:  # every command asks whether there is a note; git's library loads only where there is one
    from policytrail.git.repository import Repository

_NOTE = "policytrail-unfinished"
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)
_VERSION = re.compile(r"versions/([^/]+)/manifest\.json")


@contextmanager
def writing(workspace: Workspace) -> Iterator[None]:
    """Hold the repository alone; afterwards what isn't committed in versions/ is taken back, however the block ended.

    Raises RepositoryError, at once, where another command is at work.
    """
    with locked(workspace.policy, HERE):
        note = _note(workspace)
        with locked(workspace.root, HERE):  # an import at work there has temporary files of its own
            _sweep_all(workspace, note)
        if note is None:
            yield
            return
        from policytrail.git.repository import Repository  # saves 59 ms

        with Repository(workspace.root) as repository:
            before = {"head": repository.head(), "kept": sorted(repository.new_files(VERSIONS))}
        write_whole(note, json.dumps(before).encode())
        try:
            yield
        finally:
            _take_back(workspace, note)


def recover(workspace: Workspace) -> tuple[str, ...]:
    """Finish or take back what a killed command left, and say so. Nothing where none was, or where one is at work.

    Raises RepositoryError where it can't be taken back, with what to do.
    """
    note = _note(workspace)
    noted = note is not None and note.exists()
    if not noted and not unfinished(workspace.root):
        return ()
    try:
        with locked(workspace.policy, HERE), locked(workspace.root, HERE):
            said = take_back(workspace.root)
            _sweep_all(workspace, note)
            return (*said, *(_take_back(workspace, note) if noted and note else ()))
    except RepositoryError as error:
        if HERE in str(error):
            return ()
        raise


def _note(workspace: Workspace) -> Path | None:
    """Where the note lies; None where there is no git."""
    git = git_folder(workspace.root)
    return git / _NOTE if git else None


def _take_back(workspace: Workspace, note: Path) -> tuple[str, ...]:
    from policytrail.git.repository import Repository  # saves 59 ms

    try:
        before = json.loads(read_bytes(note))
    except (ValueError, RecursionError, SourceError):
        before = None
    if not (isinstance(before, dict) and isinstance(before.get("kept"), list)):
        before = {"kept": []}
    head = before.get("head")
    head = head if isinstance(head, str) and _COMMIT.fullmatch(head) else None
    said = []
    try:
        with Repository(workspace.root) as repository:
            found = repository.new_files(VERSIONS)
            partial = sorted(path for path in found if path not in before["kept"])
            if partial:
                _remove(workspace, partial)
                if staged := [path for path in partial if found[path]]:
                    repository.unstage(staged)
                said.append(
                    f"A command was interrupted before its commit; what it had written is taken back: {partial[0]}"
                    f"{' ...' if len(partial) > 1 else ''}."
                )
            for identity, (commit, subject) in _untagged(repository, head).items():
                repository.tag(identity, subject, commit)
                said.append(f"The release of {identity} was interrupted after its commit; its tag is set now.")
    except (PolicytrailError, OSError) as error:
        raise RepositoryError(
            f"A command was interrupted, and what it left can't be taken back ({error}). Fix that and run any command again."
        ) from error
    note.unlink()
    return tuple(said)


def _untagged(repository: Repository, head: str | None) -> dict[str, tuple[str, str]]:
    """Versions that were committed after `head` and have no tag, each with its commit and that one's subject."""
    added = repository.added_since(head).items()
    tags = repository.tags()
    return {found[1]: how for path, how in added if (found := _VERSION.fullmatch(path)) and found[1] not in tags}


def _remove(workspace: Workspace, partial: list[str]) -> None:
    """Delete files, and folders of versions that nothing is left in, a folder made for a file that never came included."""
    for path in partial:
        (workspace.root / path).unlink(missing_ok=True)
    for folder in {workspace.root / Path(*Path(path).parts[:2]) for path in partial}:
        for inner, _, _ in os.walk(folder, topdown=False):
            if not os.listdir(inner):
                os.rmdir(inner)


def _sweep_all(workspace: Workspace, note: Path | None) -> None:
    for folder in (workspace.root, workspace.policy, workspace.versions, *([note.parent] if note else [])):
        sweep(folder)
