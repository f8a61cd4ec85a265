"""What was rendered once is read back: a folder of results by the hash of everything that they were made from.

It is in the user's own cache folder, so that a build changes nothing in the repository but site/. It may be deleted at
any time: the next build makes the same bytes again. A damaged entry is made anew; a folder that can't be written to is
no error.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_MADE_WITH = ("jinja2", "markdown-it-py", "rapidfuzz", "weasyprint")
_KEEP_DAYS = 90
Make = Callable[[], bytes]


class Cache:
    """Results by key. `folder` None: nothing is kept, everything is made anew.

    `stamp` goes into every key: the code and the templates that results are made with.
    """

    def __init__(self, folder: Path | None, stamp: bytes = b"") -> None:
        self.folder = folder
        self._stamp = stamp

    def once(self, key: Iterable[str | bytes], make: Make) -> bytes:
        """The bytes for a key: as kept, else as `make` makes them now. The key names everything they depend on."""
        if self.folder is None:
            return make()
        path = self._path(key)
        found = _read(path)
        if found is None:
            found = make()
            _write(path, found)
        return found

    def _path(self, key: Iterable[str | bytes]) -> Path:
        assert self.folder is not None
        parts = [self._stamp, *(each.encode() if isinstance(each, str) else each for each in key)]
        name = hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()
        return self.folder / name[:2] / name[2:]

    def tidy(self) -> None:
        """Take out what no build has asked for in a long time."""
        if self.folder is None:
            return
        before = time.time() - _KEEP_DAYS * 86_400
        for path in self.folder.glob("??/*"):
            try:
                if path.stat().st_mtime < before:
                    path.unlink()
            except OSError:
                continue


def user_cache(*templates: Path) -> Cache:
    """The cache in the user's cache folder, for these folders of templates.

    The environment variable POLICYTRAIL_CACHE names another folder; `off` switches it off.
    """
    named = os.environ.get("POLICYTRAIL_CACHE", "")
    if named == "off":
        return Cache(None)
    base = os.environ.get("XDG_CACHE_HOME") or ("~/.cache" if os.environ.get("HOME") else "")
    if not named and not base:
        return Cache(None)
    folder = Path(named) if named else Path(base).expanduser() / "policytrail" / "render"
    return Cache(folder, _code() + _content(templates))


@cache
def _code() -> bytes:
    """A hash of our own code and of the libraries that make what is kept."""
    libraries = []
    for name in _MADE_WITH:
        try:
            libraries.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return hashlib.sha256(_content([_PACKAGE]) + "\n".join(libraries).encode()).digest()


def _content(folders: Iterable[Path]) -> bytes:
    found = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                with path.open("rb") as stream:  # in pieces: whatever lies there fits into memory
                    digest = hashlib.file_digest(stream, "sha256").hexdigest()
                found.update(f"{path.relative_to(folder)} {digest}\n".encode("utf-8", "surrogateescape"))
    return found.digest()


def _read(path: Path) -> bytes | None:
    try:
        content = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    digest, found = content[:32], content[32:]
    return found if hashlib.sha256(found).digest() == digest else None


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all; two builds at once may both write the same."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(content).digest() + content)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError:
        return
