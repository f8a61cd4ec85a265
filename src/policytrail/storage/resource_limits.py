"""A bound on time and memory for work that strangers' texts and templates make the process do."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

try:
    import resource
except ImportError:  # Windows has neither this nor interval timers
    resource = None  # type: ignore[assignment]

SECONDS = 20
MEMORY = 512 * 2**20


class LimitExceeded(Exception):
    """The work took too long or wanted too much memory; its text says which."""


@contextmanager
def bounded(seconds: int = SECONDS, memory: int = MEMORY) -> Iterator[None]:
    """Run the block with at most so many seconds, and bytes on top of what the process has already.

    Raises LimitExceeded. In a thread other than the main one only memory is bounded: Python hands signals to the main
    thread alone. Blocks may be nested; the outer bound holds for all.
    """
    with _memory(memory), timed(seconds):
        try:
            yield
        except MemoryError as error:
            beyond = LimitExceeded(f"needs more than {memory // 2**20} MB of memory")
            raise beyond.with_traceback(error.__traceback__) from None


@contextmanager
def timed(seconds: int) -> Iterator[None]:
    """Run the block with at most so many seconds; memory isn't bounded: some C libraries end the process without it."""
    main = threading.current_thread() is threading.main_thread()
    if not main or not hasattr(signal, "setitimer") or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise LimitExceeded(f"takes longer than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)  # again each second: a library may pass over the first
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _memory(memory: int) -> Iterator[None]:
    used = _used() if resource else 0
    if not used:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = used + memory
    if soft not in (-1, resource.RLIM_INFINITY) and soft <= wanted:  # somebody has set a tighter bound already
        yield
        return
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _used() -> int:
    """Bytes of private memory that the process has; 0 where the system doesn't tell (then memory isn't bounded)."""
    try:
        with open("/proc/self/statm") as stream:
            return int(stream.read().split()[5]) * resource.getpagesize()
    except (OSError, IndexError, ValueError):
        return 0
