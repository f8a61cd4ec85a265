"""The edge to the file system: read regular files only, follow no links, stay inside the root; write whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from policytrail.errors import Problem, SourceError

MAX_BYTES = 8_000_000
TEMPORARY = ".tmp-"


def read_bytes(path: Path, shown: str | None = None, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file. Raises SourceError for links, pipes, folders, missing and oversized files."""
    name = shown or str(path)
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise SourceError(Problem(name, 0, "This file is missing.", "Add it, or take its name out.")) from None
    except OSError as error:
        link = " It's a symbolic link; put the file itself here." if path.is_symlink() else ""
        raise SourceError(Problem(name, 0, f"This file can't be opened ({error.strerror}).{link}")) from None
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        raise SourceError(Problem(name, 0, "This isn't a regular file.", "Put a plain file here."))
    with os.fdopen(handle, "rb") as stream:
        if about.st_size > limit:
            size = f"{limit // 1000} KB" if limit < 1_000_000 else f"{limit // 1_000_000} MB"
            raise SourceError(Problem(name, 0, f"This file is larger than {size}.", "Split or shorten it."))
        return stream.read()


def read_text(path: Path, shown: str | None = None, limit: int = MAX_BYTES) -> str:
    """The text of a UTF-8 file with Unix line ends. Raises SourceError for other encodings, naming the line."""
    raw = read_bytes(path, shown, limit).removeprefix(b"\xef\xbb\xbf")
    try:
        return raw.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        hint = "Save it as UTF-8."
        raise SourceError(Problem(shown or str(path), line, "This file isn't UTF-8 text.", hint)) from None


def walk(folder: Path, suffix: str) -> Iterator[Path]:
    """Every file with that suffix below the folder, in the order of names; linked files are reported when they are read.

    Raises SourceError for a linked folder.
    """
    refuse_link(folder)
    for found, folders, names in os.walk(folder):
        folders.sort()
        for each in folders:
            refuse_link(Path(found, each))
        yield from (Path(found, name) for name in sorted(names) if name.endswith(suffix) and not name.startswith("."))


def refuse_link(folder: Path) -> None:
    """Raise SourceError where a folder of the repository is a symbolic link, or no folder.

    What a link leads to isn't in the repository.
    """
    if folder.is_symlink():
        raise SourceError(Problem(str(folder), 0, "This folder is a symbolic link.", "Put the folder itself here."))
    if folder.exists() and not folder.is_dir():
        raise SourceError(Problem(str(folder), 0, "This isn't a folder.", "A folder of this name belongs here."))


def write_whole(path: Path, content: bytes, scratch: Path | None = None) -> None:
    """Write to a temporary file, fsync, rename: after a crash there is the old file or the new one.

    `scratch`: the folder for the temporary file, on the same file system (default: beside the file).
    """
    with writing(path, scratch) as stream:
        stream.write(content)


@contextmanager
def writing(path: Path, scratch: Path | None = None, mode: int = 0o644) -> Iterator[BinaryIO]:
    """The same for content that comes piece by piece: the file is there when the block ends, and only if it ends well."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=TEMPORARY, dir=scratch or path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(name, mode)
            os.replace(name, path)
            sync_folder(path.parent)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:  # its own names are those of temporary files
        raise OSError(error.errno, error.strerror, str(path)) from None


def exchange(new: Path, target: Path) -> None:
    """Put a folder in the place of another one; what was there before is found under the name `new` afterwards.

    On Linux in one step, so that a reader, or a crash, meets the old folder or the new one. Elsewhere in two.
    """
    if not target.exists():
        os.rename(new, target)
        return
    if _exchanged_at_once(new, target):
        return
    aside = new.with_name(f"{new.name}.old")
    os.rename(target, aside)
    try:
        os.rename(new, target)
    except OSError:
        os.rename(aside, target)
        raise
    os.rename(aside, new)


def _exchanged_at_once(one: Path, other: Path) -> bool:
    import ctypes  # saves 2 ms

    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return False
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE of linux/fcntl.h and linux/fs.h
    return bool(call(here, os.fsencode(one), here, os.fsencode(other), swap) == 0)


def sync_folder(folder: Path) -> None:
    """Make renames in the folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
