"""Several files at once: all of them change, or none; what a killed run left half done, the next one takes back.

Before the first file changes, a note says what each file held and will hold. The note goes when all is done.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from policytrail.errors import RepositoryError, SourceError

from .file_lock import HERE, locked
from .files import TEMPORARY, read_bytes, sync_folder, write_whole

NOTE = ".policytrail-files"
_COMMAND = re.compile(r"[a-z][a-z -]{0,40}", re.ASCII)
_MOST = 64_000_000  # an import's files, twice over


@contextmanager
def all_written(folder: Path, command: str, files: Mapping[Path, bytes | None]) -> Iterator[None]:
    """Write the files, below `folder`; where one can't be written, or the block fails, all are as they were.

    A file whose content is None is deleted.

    In: who writes, for the sentence that a later run says. Raises RepositoryError where another command is at work.
    """
    made = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder, HERE):
        sweep(folder)
        try:
            _write_note(folder, command, files)
            for path, content in files.items():
                _put(path, content, folder)
            yield
            _note(folder).unlink()
        except BaseException as error:
            _undo(folder, made, error)
            raise


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder to write into that becomes `target`, where nothing or an empty folder is, when the block ends well.

    Raises RepositoryError where another command is at work beside it.
    """
    parent = target.parent
    made = [path for path in (parent, *parent.parents) if not path.exists()]
    parent.mkdir(parents=True, exist_ok=True)
    with locked(parent, str(parent)):
        sweep(parent, f"{target.name}-")
        try:
            with tempfile.TemporaryDirectory(prefix=f"{TEMPORARY}{target.name}-", dir=parent) as scratch:
                folder = Path(scratch, target.name)
                folder.mkdir()
                yield folder
                os.rename(folder, target)
                sync_folder(parent)
        except BaseException:
            _remove_empty(made)
            raise


def sweep(folder: Path, name: str = "") -> None:
    """Delete temporary files of writers that were killed: with the lock in hand, none of them can be in use.

    `name`: only those that begin so.
    """
    for path in folder.glob(f"{TEMPORARY}{glob.escape(name)}*") if os.access(folder, os.W_OK) else ():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def git_folder(folder: Path) -> Path | None:
    """Git's own folder, where notes are never part of the tree, and never come with a clone. None where there is no git."""
    git = folder / ".git"
    if git.is_file():  # a worktree: the file names the folder
        git = folder / git.read_text("utf-8", "replace").removeprefix("gitdir:").strip()
    return git if git.is_dir() else None


def _note(folder: Path) -> Path:
    """Where the note lies. One in the tree counts only where there is no git: a stranger's commit could hold it."""
    return (git_folder(folder) or folder) / NOTE


def unfinished(folder: Path) -> bool:
    """Whether a command that wrote several files was killed here, or is at work."""
    return _note(folder).exists()


def take_back(folder: Path) -> tuple[str, ...]:
    """With the lock in hand: give each file of an unfinished command what it held before. Returns what to say.

    A file that somebody changed since is left and named. Raises OSError where a file can't be written.
    """
    if not unfinished(folder):
        return ()
    note = _note(folder)
    try:
        noted = json.loads(read_bytes(note, limit=_MOST))
        command, held = str(noted["command"]), {name: _held(each) for name, each in dict(noted["files"]).items()}
        if not _COMMAND.fullmatch(command):
            raise ValueError(command)
    except (ValueError, TypeError, KeyError, RecursionError, SourceError):
        raise RepositoryError(
            f"{note} can't be read, so what an interrupted command had changed can't be taken back. Look at what git says "
            "has changed, then delete that file."
        ) from None
    left = [name for name, each in held.items() if not _given_back(folder, name, *each)]
    sync_folder(folder)
    note.unlink()
    said = [f"'policytrail {command}' was interrupted; what it had changed is as it was before. Run it again."]
    return (*said, *(f"{name} was edited since, so it is left as it is: look at it." for name in left))


def _put(path: Path, content: bytes | None, folder: Path) -> None:
    if content is not None:
        write_whole(path, content, folder)
    elif path.exists():
        path.unlink()
        sync_folder(path.parent)


def _write_note(folder: Path, command: str, files: Mapping[Path, bytes | None]) -> None:
    noted = {}
    for path, content in files.items():
        old = path.read_bytes().decode("utf-8", "surrogateescape") if path.exists() else None
        noted[path.relative_to(folder).as_posix()] = {"old": old, "new": None if content is None else _digest(content)}
    write_whole(_note(folder), json.dumps({"command": command, "files": noted}).encode())


def _held(noted: Any) -> tuple[bytes | None, str | None]:
    """What a file held, and the digest of what it was to hold. Raises TypeError where the note says neither."""
    old, new = noted["old"], noted["new"]
    if not all(each is None or isinstance(each, str) for each in (old, new)):
        raise TypeError("no text")
    return None if old is None else old.encode("utf-8", "surrogateescape"), new


def _given_back(folder: Path, name: str, old: bytes | None, new: str | None) -> bool:
    """Whether the file is as it was before; it stays where it is neither what was written nor what it was."""
    path = folder / name
    if {"..", ".git"} & set(Path(name).parts) or not path.resolve().is_relative_to(folder.resolve()):
        return False
    try:
        now = read_bytes(path, limit=_MOST) if path.exists() else None
    except SourceError:  # no plain file, so none that we wrote
        return False
    if now == old:
        pass
    elif now is not None and _digest(now) != new:
        return False
    elif old is not None:
        write_whole(path, old, folder)
    else:
        path.unlink()
    if old is None:
        _remove_empty([parent for parent in path.parents if folder in parent.parents])
    return True


def _undo(folder: Path, made: list[Path], error: BaseException) -> None:
    try:
        take_back(folder)
        _remove_empty(made)
    except OSError as second:
        raise RepositoryError(
            f"{error}; and what was written can't be taken back now ({second.strerror}). "
            "The next command here takes it back."
        ) from error


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
