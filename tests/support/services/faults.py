"""Run the command line in a child process with one fault, without starting Python again: the parent is forked.

The COUNT-th operation that changes a file fails: creating, writing, syncing, renaming, removing, changing rights, making
folders, and starting a git command that writes or waiting for it. KIND: an errno's name (EIO, EACCES: once; ENOSPC: from
then on, for all but removing), KILL-before or KILL-after (the process dies there).

What a kill leaves on disk is what is there at that moment, so one run tells for all moments: `photographed` copies the folder
after each operation, and goes on. Only while git runs a real kill is needed.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import policytrail.cli.main as command_line
import policytrail.publish.build_site
import policytrail.publish.mkdocs_build
import policytrail.release.freeze
import policytrail.verify.verify  # noqa: F401 - imported before the fork, so that the child needn't

for _module, _ in command_line.COMMANDS.values():
    import_module(f"policytrail.cli.{_module}")

GIT_WRITES = {"add", "commit", "tag", "reset", "push", "update-ref", "fetch", "merge"}
UNHARMED = {"unlink", "remove", "rmdir", "mail", "answer"}  # by a full disk


class Faults:
    """Counts operations; at the chosen one it does what was asked."""

    def __init__(self, at: int, kind: str, log: Path) -> None:
        self.at, self.kind, self.seen = at, kind, 0
        self.after: Callable[[int, str], None] | None = None
        self.relieve: Callable[[], None] = lambda: None  # ends a fault that lasts until the next operation
        self._watching = True
        self._lock = threading.Lock()
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def reached(self, what: str) -> bool:
        """Count one operation. Out: whether it's the one that fails; a process that is to die before it has died here."""
        self.relieve()
        with self._lock:
            self.seen += 1
            here = self.seen == self.at
        os.write(self._log, f"{'!' if here else ''}{what}\n".encode())
        if here and self.kind == "KILL-before":
            os.kill(os.getpid(), signal.SIGKILL)
        return here

    @property
    def lasts(self) -> bool:
        """Whether the disk is full since an earlier operation."""
        return self.kind == "ENOSPC" and self.seen > self.at

    def around(
        self, name: str, real: Callable[..., Any], counts: Callable[..., bool] = lambda *_, **__: True
    ) -> Callable[..., Any]:
        """The operation with the fault around it."""

        def operation(*args: Any, **kwargs: Any) -> Any:
            if not self._watching or not counts(*args, **kwargs):
                return real(*args, **kwargs)
            here = self.reached(f"{name} {_shown(args)}")
            if (here or (self.lasts and name not in UNHARMED)) and not self.kind.startswith("KILL"):
                code = getattr(errno, self.kind)
                raise OSError(
                    code, os.strerror(code), args[0] if args and isinstance(args[0], str | os.PathLike) else None
                )
            result = real(*args, **kwargs)
            if here and self.kind == "KILL-after":
                os.kill(os.getpid(), signal.SIGKILL)
            if self.after:
                self._watching = False
                self.after(self.seen, name)
                self._watching = True
            return result

        return operation


def install(faults: Faults) -> None:
    """Put the fault around everything that changes files."""
    for name in ("mkdir", "rename", "replace", "unlink", "remove", "rmdir", "chmod", "fsync"):
        setattr(os, name, faults.around(name, getattr(os, name)))
    builtins.open = io.open = _writing(faults, faults.around("open", builtins.open, _writes), _writes)
    os.fdopen = _writing(faults, os.fdopen, lambda _, mode="r", *__, **___: "w" in mode)
    tempfile.mkstemp = faults.around("mkstemp", tempfile.mkstemp)
    subprocess.Popen.__init__ = faults.around("git", subprocess.Popen.__init__, _git_writes)  # type: ignore[method-assign]
    if faults.kind in ("KILL-after", "PHOTO"):  # only a kill can come between git's start and its end
        subprocess.Popen.communicate = faults.around("git's end", subprocess.Popen.communicate, _git_wrote)  # type: ignore[method-assign]


def _writing(faults: Faults, opens: Callable[..., Any], counts: Callable[..., bool]) -> Callable[..., Any]:
    """A way to open files, with the fault around each write to one."""

    def opened(*args: Any, **kwargs: Any) -> Any:
        stream = opens(*args, **kwargs)
        return Stream(stream) if counts(*args, **kwargs) else stream

    class Stream:
        """The stream, with the fault around each write."""

        def __init__(self, stream: Any) -> None:
            self._stream = stream

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None:
            self._stream.close()

        def __getattr__(self, name: str) -> Any:
            real = getattr(self._stream, name)
            return faults.around("write", real) if name == "write" else real

    return opened


def _shown(args: tuple[Any, ...]) -> str:
    return next((str(each) for each in args if isinstance(each, str | Path | list)), "").replace("\n", " ")


def _writes(path: Any, mode: str = "r", *_: Any, **__: Any) -> bool:
    if isinstance(path, int):  # a pipe to git, or a file that was opened by mkstemp
        return False
    return isinstance(mode, str) and any(sign in mode for sign in "wxa+") and not str(path).startswith("/dev/")


def _git_writes(_: Any, command: Any, *__: Any, **___: Any) -> bool:
    return isinstance(command, list) and bool(GIT_WRITES & set(command))


def _git_wrote(process: Any, *_: Any, **__: Any) -> bool:
    return _git_writes(process, process.args)


@dataclass(frozen=True)
class Result:
    """How the child ended: exit status (negative: the signal), what it said, the operations it made, the one that failed."""

    status: int
    out: str
    err: str
    operations: list[str]
    fault: str


def photographed(root: Path, words: tuple[str, ...], environment: dict[str, str], album: Path) -> Result:
    """Run `policytrail WORDS` in `root`; `album`/N is the folder as it was after operation N."""

    def photograph(number: int, name: str) -> None:
        if name != "git":  # it has only begun: what it leaves behind is seen at its end
            shutil.copytree(root, album / str(number), symlinks=True)

    return run(root, words, 0, "PHOTO", environment, photograph)


def run(
    root: Path,
    words: tuple[str, ...],
    count: int,
    kind: str,
    environment: dict[str, str],
    after: Callable[[int, str], None] | None = None,
    also: Callable[[Faults], None] | None = None,
) -> Result:
    """Run `policytrail WORDS` in `root`, with the fault at operation `count` (0: none); `after` is called after each one.

    `also` puts the fault around more than files and git.
    """
    scratch = Path(tempfile.mkdtemp(prefix="faults-"))
    pid = os.fork()
    if pid == 0:
        faults = Faults(count, kind, scratch / "seen")
        faults.after = after
        _child(root, words, faults, environment, scratch, also)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    told = [(scratch / name).read_text() if (scratch / name).exists() else "" for name in ("out", "err", "seen")]
    shutil.rmtree(scratch)
    lines = told[2].splitlines()
    return Result(status, told[0], told[1], lines, next((line for line in lines if line.startswith("!")), ""))


def _child(
    root: Path,
    words: tuple[str, ...],
    faults: Faults,
    environment: dict[str, str],
    scratch: Path,
    also: Callable[[Faults], None] | None,
) -> NoReturn:
    status, said = 70, (io.StringIO(), io.StringIO())
    try:
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(scratch / name, os.O_WRONLY | os.O_CREAT), number)
        sys.stdout, sys.stderr = said
        os.chdir(root)
        os.environ.update(environment)
        install(faults)
        if also:
            also(faults)
        status = command_line.run(lambda: command_line.policytrail(list(words), standalone_mode=False))
    except BaseException:
        traceback.print_exc()
    finally:
        faults.relieve()
        for number, stream in enumerate(said, 1):
            os.write(number, stream.getvalue().encode())
        os._exit(status)
