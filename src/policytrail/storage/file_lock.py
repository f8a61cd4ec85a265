"""One writer at a time: a lock that the system itself gives back when its process dies, and that leaves no file behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from policytrail.errors import RepositoryError

try:
    import fcntl
except ImportError:  # Windows: no such lock; git's own index lock still keeps two commits apart
    fcntl = None  # type: ignore[assignment]

HERE = "this repository"


@contextmanager
def locked(folder: Path, what: str, shared: bool = False) -> Iterator[None]:
    """Hold a lock on a folder. In: the folder, what to call it in the refusal, whether others may share it.

    Raises RepositoryError, at once, where another process holds it. A file system without such locks has none to offer.
    """
    if fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise RepositoryError(
            f"Another policytrail command is at work on {what}. Run again when it has ended."
        ) from None
    except OSError:
        pass  # some network file systems
    try:
        yield
    finally:
        os.close(handle)
