"""Workers of a notice whose ledger is in PostgreSQL: started as a person would, killed, frozen, upgraded, with a wrong clock."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from notices import upgrade
from places import ROOT
from postgres import Cluster

from conftest import needed

SOURCE = ROOT / "src"


def start(folder: Path, *words: str, code: Path = SOURCE, clock: str = "") -> subprocess.Popen[str]:
    """Start `policytrail`, from another copy of the code or with another clock (faketime's words) if they're given."""
    more = {"PYTHONPATH": str(code)}
    if clock:  # not by its command, which stays between us and the process
        needed("faketime", "the Debian package faketime")
        (library,) = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
        more |= {"LD_PRELOAD": str(library), "FAKETIME": clock, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "policytrail", *words],
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **more},
    )


def worker(
    folder: Path, url: str, database: str, *words: str, lease: float = 4.0, code: Path = SOURCE, clock: str = ""
) -> subprocess.Popen[str]:
    """Start a worker with a short lease (seconds)."""
    more = ("worker", "--ledger", database, "--smtp", url, "--lease", f"{lease:g}", "--first-wait", "0.2", *words)
    return start(folder, *more, code=code, clock=clock)


@contextmanager
def ended(processes: list[subprocess.Popen[str]]) -> Iterator[None]:
    """Whatever happens within, these processes end with it, frozen ones too."""
    try:
        yield
    finally:
        for each in processes:
            if each.poll() is None:
                each.send_signal(signal.SIGCONT)
                each.kill()
            each.communicate()


class Fleet:
    """Three workers from one folder of code, which may be upgraded; the first one's clock is two hours ahead.

    `hurt` counts who was killed or frozen: each may have told as many people twice as it has connections. So may one that
    gets no time, or no database, for longer than its lease: it should be long enough for the machine.
    """

    def __init__(self, folder: Path, url: str, database: str, connections: int, rate: int, lease: float) -> None:
        self.folder, self.url, self.database = folder, url, database
        self.connections, self.rate, self.lease = connections, rate, lease
        self.code = folder / "code"
        shutil.copytree(SOURCE, self.code)
        self.workers = [self._started(number) for number in range(3)]
        self.frozen: dict[int, float] = {}
        self.hurt = 0

    def _started(self, number: int) -> subprocess.Popen[str]:
        more = ("--connections", str(self.connections), "--rate", str(self.rate))
        clock = "" if number else "+2h"
        return worker(self.folder, self.url, self.database, *more, lease=self.lease, code=self.code, clock=clock)

    def kill(self, number: int) -> None:
        """SIGKILL one and start it again."""
        self.frozen.pop(number, None)
        self.workers[number].kill()
        self.workers[number].communicate()
        self.workers[number] = self._started(number)
        self.hurt += 1

    def freeze(self, number: int) -> None:
        """Stop one as it is; `thaw` lets it go on when its lease is over."""
        self.workers[number].send_signal(signal.SIGSTOP)
        self.frozen[number] = time.monotonic()
        self.hurt += 1

    def thaw(self) -> None:
        """Let those go on who were frozen for longer than their lease."""
        for number in [each for each, since in self.frozen.items() if time.monotonic() > since + 1.3 * self.lease]:
            del self.frozen[number]
            self.workers[number].send_signal(signal.SIGCONT)

    def harm(self, trouble: str, number: int, cluster: Cluster) -> None:
        """One piece of trouble: `kill`, `upgrade`, `restart` (the database), `freeze` or `drop` (the engine's tables)."""
        if trouble == "upgrade":
            upgrade(self.code)
        if trouble in ("kill", "upgrade"):
            self.kill(number)
        elif trouble == "restart":
            cluster.restart()
        elif trouble == "freeze":
            self.freeze(number)
        else:
            self._drop()

    def _drop(self) -> None:
        """Drop the engine's tables while workers use them. Where both waited for each other, PostgreSQL ends one: again."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            for _ in range(20):
                with suppress(psycopg.errors.DeadlockDetected):
                    connection.execute("DROP SCHEMA IF EXISTS policytrail_engine CASCADE")
                    return
        raise AssertionError("The engine's tables can't be dropped: twenty deadlocks in a row.")
