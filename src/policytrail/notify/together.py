"""Settlements that wait at the same moment share one commit; none of them goes on before it is durable."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

J = TypeVar("J")
R = TypeVar("R")
# Of what the last commit took: so long a commit waits for those who are about to come. More makes fewer syncs, but whoever
# waits has a mail out that isn't written down: a repeat, if the process dies now.
_PATIENCE = 0.25


@dataclass(slots=True)
class Request(Generic[J, R]):
    """What one connection has to say: what it sent and what came of it (None at first), whether it wants more."""

    conn: int
    job: J | None
    outcome: R | None
    more: bool
    next: J | None = None
    done: bool = False
    error: BaseException | None = None


class Together(Generic[J, R]):
    """Whoever holds `lock` commits for all that wait. `commit` writes a batch, and says in it what each gets next."""

    def __init__(self, lock: threading.Lock, commit: Callable[[list[Request[J, R]]], None]) -> None:
        self._lock, self._commit = lock, commit
        self._door = threading.Condition()
        self._waiting: list[Request[J, R]] = []
        self._out: set[int] = set()
        self._took = 0.0

    def settle(self, request: Request[J, R]) -> J | None:
        """Have it written, alone or with others. Out: what the connection gets next. Raises whatever `commit` raised."""
        with self._door:
            self._waiting.append(request)
            self._out.discard(request.conn)
            if not self._out:
                self._door.notify()
        with self._lock:
            if not request.done:
                self._write()
        if request.error is not None:
            raise request.error
        return request.next

    def _write(self) -> None:
        with self._door:
            # Where a commit takes long it's better to wait for those who are about to come than to let them wait for it.
            self._door.wait_for(lambda: not self._out, self._took * _PATIENCE)
            # Nobody may join a batch that is being written: it would count as written, too.
            batch, self._waiting = self._waiting, []
        began = time.monotonic()
        error: BaseException | None = None
        try:
            self._commit(batch)
        except BaseException as failed:  # none of it counts as written, and everyone in it hears so
            error = failed
        self._took = time.monotonic() - began
        with self._door:
            self._out.update(each.conn for each in batch if each.next is not None)
        for each in batch:
            each.error, each.done = error, True
