"""A notice by three workers on PostgreSQL, with everything that can happen to them at once: who is missed, who told twice?

    python bench/notify_fleet.py [--recipients 40000] [--every 5] [--rate 60] [--seed 1]

One of the three is killed every few seconds from the first mail to the last, the database crashes and starts five times,
the first worker's clock is two hours ahead, one is frozen past its lease, the code is upgraded twice and the engine's tables
are dropped once. Needs Debian's postgresql and faketime. Exit 1 where a promise is broken.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import tests_on_path  # noqa: F401

import psycopg
from fleet import Fleet, ended, start
from notices import ON, PENDING, people, with_pending, with_remote, write_list
from postgres import Cluster

from notify_kill import Score, recording_sink, score


@dataclass(frozen=True)
class Storm:
    """How much is sent, by how many connections a worker and how fast; `every` how many seconds one of them is killed."""

    recipients: int = 40_000
    every: float = 5.0
    rate: int = 60
    connections: int = 4
    lease: float = 20.0
    restarts: int = 5
    seed: int = 1

    def troubles(self) -> list[tuple[float, str]]:
        """What happens besides the kills, each at a share of the notice."""
        restarts = [((each + 1) / (self.restarts + 1), "restart") for each in range(self.restarts)]
        return sorted([*restarts, (0.2, "freeze"), (0.25, "upgrade"), (0.55, "drop"), (0.75, "upgrade")])


def weather(root: Path, cluster: Cluster, database: str, folder: Path, storm: Storm) -> Score:
    """Give the notice through the storm. Raises AssertionError where `notify` doesn't complete it."""
    addresses = people(storm.recipients)
    listing = write_list(folder / "list.csv", addresses)
    log = folder / "mails"
    log.touch()
    began = time.monotonic()
    with recording_sink(log) as url:
        fleet = Fleet(folder, url, database, storm.connections, storm.rate, storm.lease)
        words = ("notify", PENDING, *ON, "--smtp", url, "--ledger", database, "--lease", f"{storm.lease:g}")
        first = start(root, *words, "--recipients", str(listing), "--connections", "0")
        with ended([first]), ended(fleet.workers):
            _rage(fleet, cluster, log, first, storm)
            said = first.communicate(timeout=600)[1]
            assert first.returncode == 0, said
    return score(log, addresses, fleet.hurt, time.monotonic() - began)


def _rage(fleet: Fleet, cluster: Cluster, log: Path, first: subprocess.Popen[str], storm: Storm) -> None:
    """From the first mail until nearly everybody is told. The frozen worker is left to freeze."""
    chance = random.Random(storm.seed)
    troubles = storm.troubles()
    until = time.monotonic() + 300 + 3 * storm.recipients / storm.rate
    while not log.stat().st_size:
        assert time.monotonic() < until and not first.poll(), "no mail was sent"
        time.sleep(0.05)
    next_kill = time.monotonic() + storm.every
    while (told := _told(log)) < 0.99 * storm.recipients:
        assert time.monotonic() < until, f"only {told} mails were sent"
        time.sleep(0.2)
        fleet.thaw()
        well = [each for each in range(len(fleet.workers)) if each not in fleet.frozen]
        if time.monotonic() > next_kill:
            next_kill += storm.every
            fleet.kill(chance.choice(well))
        elif troubles and told >= troubles[0][0] * storm.recipients:
            fleet.harm(troubles.pop(0)[1], chance.choice(well), cluster)
    assert not troubles, troubles


def _told(log: Path) -> int:
    with log.open("rb") as stream:
        return sum(1 for _ in stream)


def main() -> None:
    """One storm; exit 1 where somebody was missed or told too often."""
    words = argparse.ArgumentParser()
    words.add_argument("--recipients", type=int, default=Storm.recipients)
    words.add_argument("--every", type=float, default=Storm.every)
    words.add_argument("--rate", type=int, default=Storm.rate)
    words.add_argument("--seed", type=int, default=Storm.seed)
    storm = Storm(**vars(words.parse_args()))
    with tempfile.TemporaryDirectory() as made, Cluster() as cluster:
        folder = Path(made)
        root = with_pending(folder / "repo")
        with_remote(root)
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE storm")
        found = weather(root, cluster, cluster.url.removesuffix("postgres") + "storm", folder, storm)
    print(f"{storm}\n{found}, {found.repeats / found.kills:.2f} repeats a killed or frozen worker")
    sys.exit(found.broken(storm.connections))


if __name__ == "__main__":
    main()
