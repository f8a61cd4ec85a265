"""SIGKILL at random moments during a notice into a real SMTP server that records: who is missed, who is told twice?

    python bench/notify_kill.py [--recipients 40000] [--kills 200] [--connections 1 4 20] [--seed 1]

Prints for each number of connections: missed (must be 0), repeats (at most connections x kills), repeats a kill, and
whether every repeat had the same Message-ID, Date and bytes as the first.
"""

from __future__ import annotations

import argparse
import collections
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tests_on_path  # noqa: F401

from notices import PENDING, with_pending, with_remote, write_list

TESTS = Path(__file__).resolve().parent.parent / "tests"


@dataclass(frozen=True)
class Score:
    """What a run of kills came to."""

    recipients: int
    kills: int
    missed: int
    repeats: int
    different: int
    strangers: int
    seconds: float

    def broken(self, connections: int) -> bool:
        """Whether somebody was missed, told too often, told other words, or shouldn't have been told at all."""
        too_often = self.repeats > connections * self.kills
        return bool(self.missed or self.different or self.strangers or too_often)


@contextmanager
def recording_sink(target: Path) -> Iterator[str]:
    """A mail server in a process of its own; yields its URL."""
    process = subprocess.Popen(
        [sys.executable, str(TESTS / "support/services/sinks.py"), "0", str(target)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield f"smtp://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.terminate()
        process.wait()


def command(root: Path, *words: str) -> subprocess.Popen[str]:
    """Start `policytrail notify` as a person would."""
    return subprocess.Popen(
        [sys.executable, "-m", "policytrail", "notify", PENDING, "--as-of", "2020-03-02", *words],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(TESTS.parent / "src")},
    )


def kill_often(
    folder: Path, recipients: int, kills: int, connections: int, seed: int, ledger: str | None = None
) -> Score:
    """Kill the notice again and again until so many kills were done, then let it end, and count."""
    chance = random.Random(seed)
    root = with_pending(folder / "repo")
    with_remote(root)
    addresses = [f"user{each}@example.org" for each in range(recipients)]
    listing = write_list(folder / "list.csv", addresses)
    log = folder / "mails"
    began = time.monotonic()
    words = ["--connections", str(connections), *(["--ledger", ledger] if ledger else [])]
    with recording_sink(log) as url:
        first = command(root, "--recipients", str(listing), "--smtp", url, "--limit", "1", *words)
        assert first.wait() == 0, first.stderr and first.stderr.read()
        done = 0
        while done < kills:
            before = log.stat().st_size
            process = command(root, "--resume", "--smtp", url, *words)
            while process.poll() is None and log.stat().st_size == before:
                time.sleep(0.005)
            share = (recipients - _lines(log)) / max(1, kills - done) / 1000
            time.sleep(chance.uniform(0, 2 * min(share, 3.0)))
            if process.poll() is not None:
                break
            process.send_signal(signal.SIGKILL)
            process.wait()
            done += 1
        last = command(root, "--resume", "--smtp", url, *words)
        said = last.communicate()[1]
        assert last.returncode == 0, said
    return score(log, addresses, done, time.monotonic() - began)


def _lines(log: Path) -> int:
    with log.open("rb") as stream:
        return sum(1 for _ in stream)


def score(log: Path, addresses: list[str], kills: int, seconds: float) -> Score:
    """Who is missed and who told twice, by the server's own log."""
    found: dict[str, list[tuple[str, ...]]] = collections.defaultdict(list)
    for line in log.read_text().splitlines():
        recipient, *identity = line.split()[:4]
        found[recipient].append(tuple(identity))
    return Score(
        recipients=len(addresses),
        kills=kills,
        missed=sum(each not in found for each in addresses),
        repeats=sum(len(each) - 1 for each in found.values()),
        different=sum(len(set(each)) > 1 for each in found.values()),
        strangers=len(found.keys() - set(addresses)),
        seconds=seconds,
    )


def main() -> None:
    """One line for each number of connections; exit 1 where a promise is broken."""
    words = argparse.ArgumentParser()
    words.add_argument("--recipients", type=int, default=40_000)
    words.add_argument("--kills", type=int, default=200)
    words.add_argument("--connections", type=int, nargs="*", default=[1, 4, 20])
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--ledger")
    asked = words.parse_args()
    broken = False
    for connections in asked.connections:
        with tempfile.TemporaryDirectory() as folder:
            found = kill_often(Path(folder), asked.recipients, asked.kills, connections, asked.seed, asked.ledger)
        print(
            f"{connections:>3} connections: {found}, {found.repeats / max(1, found.kills):.2f} repeats a kill",
            flush=True,
        )
        broken |= found.broken(connections)
    sys.exit(broken)


if __name__ == "__main__":
    main()
