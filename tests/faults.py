"""Run the command line with one fault: `python tests/faults.py COUNT KIND WORDS...`.

The COUNT-th operation that changes a file fails: creating, writing, syncing, renaming, removing, changing rights, making
folders, and starting a git command that writes. KIND: an errno's name (EIO, EACCES: once; ENOSPC: from then on, for all but
removing), KILL-before or KILL-after (the process dies there). Exit status 99: the run had fewer operations. Prints the
operation on file descriptor 3 if it is open.
"""

from __future__ import annotations

import builtins
import errno
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import Any

GIT_WRITES = {"add", "commit", "tag", "reset", "push", "update-ref"}
FREES_SPACE = {"unlink", "remove", "rmdir"}


class Faults:
    """Counts operations; at the chosen one it does what was asked."""

    def __init__(self, at: int, kind: str) -> None:
        self.at, self.kind, self.seen, self.fired = at, kind, 0, False

    def around(
        self, name: str, real: Callable[..., Any], counts: Callable[..., bool] = lambda *_, **__: True
    ) -> Callable[..., Any]:
        """The operation with the fault around it."""

        def operation(*args: Any, **kwargs: Any) -> Any:
            if not counts(*args, **kwargs):
                return real(*args, **kwargs)
            self.seen += 1
            here = self.seen == self.at
            if here:
                self.fired = True
                os.environ["POLICYTRAIL_FAULT"] = f"{name} {args[:2]}"
            if here and self.kind == "KILL-before":
                os.kill(os.getpid(), signal.SIGKILL)
            lasting = self.kind == "ENOSPC" and self.seen > self.at and name not in FREES_SPACE
            if (here or lasting) and not self.kind.startswith("KILL"):
                code = getattr(errno, self.kind)
                raise OSError(
                    code, os.strerror(code), args[0] if args and isinstance(args[0], str | os.PathLike) else None
                )
            result = real(*args, **kwargs)
            if here and self.kind == "KILL-after":
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return operation


def install(faults: Faults) -> None:
    """Put the fault around everything that changes files."""
    for name in ("mkdir", "rename", "replace", "unlink", "remove", "rmdir", "chmod", "fsync"):
        setattr(os, name, faults.around(name, getattr(os, name)))
    builtins.open = faults.around("open", builtins.open, _writes)
    real_fdopen = os.fdopen

    def fdopen(handle: int, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        stream = real_fdopen(handle, mode, *args, **kwargs)
        if "w" not in mode:
            return stream

        class Stream:
            """The stream, with the fault around each write."""

            def __enter__(self) -> Any:
                return self

            def __exit__(self, *_: object) -> None:
                stream.close()

            def __getattr__(self, name: str) -> Any:
                return faults.around("write", stream.write) if name == "write" else getattr(stream, name)

        return Stream()

    os.fdopen = fdopen
    tempfile.mkstemp = faults.around("mkstemp", tempfile.mkstemp)
    subprocess.Popen.__init__ = faults.around("git", subprocess.Popen.__init__, _git_writes)  # type: ignore[method-assign]
    subprocess.Popen.communicate = faults.around("git's end", subprocess.Popen.communicate, _git_wrote)  # type: ignore[method-assign]


def _writes(path: Any, mode: str = "r", *_: Any, **__: Any) -> bool:
    return isinstance(mode, str) and any(sign in mode for sign in "wxa+") and not str(path).startswith("/dev/")


def _git_writes(_: Any, command: Any, *__: Any, **___: Any) -> bool:
    return isinstance(command, list) and bool(GIT_WRITES & set(command))


def _git_wrote(process: Any, *_: Any, **__: Any) -> bool:
    return _git_writes(process, process.args)


def main() -> None:
    """Import everything first, then arm the fault and run."""
    import policytrail.cli.build
    import policytrail.cli.decide
    import policytrail.cli.main as command_line
    import policytrail.cli.release
    import policytrail.mkdocs_plugin
    import policytrail.publish
    import policytrail.versions.freeze
    import policytrail.versions.verify  # noqa: F401

    sys.dont_write_bytecode = True
    faults = Faults(int(sys.argv[1]), sys.argv[2])
    words = sys.argv[3:]
    install(faults)
    try:
        status = command_line.run(lambda: command_line.policytrail(words, standalone_mode=False))
    except BaseException as error:
        print(f"UNCAUGHT {error!r} after {os.environ.get('POLICYTRAIL_FAULT')}", file=sys.stderr)
        raise
    print(f"fault: {os.environ.get('POLICYTRAIL_FAULT', 'none')} of {faults.seen}", file=sys.stderr)
    sys.exit(status if faults.fired else 99)


if __name__ == "__main__":
    main()
