"""Several machines: a ledger in a real PostgreSQL, workers that are killed, frozen and restarted, engine tables dropped."""

from __future__ import annotations

import collections
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from conftest import Cli
from notices import ON, PENDING, evidence, people, with_pending, with_remote, write_list
from policytrail.notify.ledger import open_ledger
from postgres import Cluster
from sinks import Server, Sink

SOURCE = Path(__file__).parent.parent / "src"
sys.path.insert(0, str(SOURCE.parent / "bench"))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as found:
        yield found


@pytest.fixture
def database(cluster: Cluster, request: pytest.FixtureRequest) -> str:
    """The URL of an empty database."""
    name = f"t{abs(hash(request.node.name)) % 10**10}"
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return cluster.url.removesuffix("postgres") + name


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = with_pending(tmp_path / "repo")
    with_remote(made)
    return made


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "policytrail", *words], cwd=folder, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(SOURCE)})  # fmt: skip


def worker(folder: Path, url: str, database: str, *words: str) -> subprocess.Popen[str]:
    return start(folder, "worker", "--ledger", database, "--smtp", url, "--lease", "4", "--first-wait", "0.2", *words)


@contextmanager
def ended(processes: list[subprocess.Popen[str]]) -> Iterator[None]:
    try:
        yield
    finally:
        for each in processes:
            if each.poll() is None:
                each.send_signal(signal.SIGCONT)
                each.kill()
            each.communicate()


def test_one_machine_with_a_ledger_in_postgresql(root: Path, database: str) -> None:
    listing = write_list(root.parent / "list.csv", [*people(60), "once-b451+1@example.org", "b550+1@example.org"])
    with Server(Sink()) as sink:
        words = ("notify", PENDING, *ON, "--smtp", sink.url, "--ledger", database, "--first-wait", "0.1")
        cli = Cli(root)
        assert cli(*words, "--recipients", str(listing), "--limit", "10").exit_code == 0
        done = cli(*words, "--resume")
        assert done.exit_code == 0, done.output
        sent = [each.recipient for each in sink.sink.mails]
    assert sorted(sent) == sorted([*people(60), "once-b451+1@example.org"])
    assert evidence(root, "email")[0]["counts"]["refused"] == 1
    found = cli("prove", "user7@example.org", "--ledger", database)
    assert json.loads(found.stdout)["size"] == 62
    report = json.loads(cli("notify", PENDING, "--report", "--ledger", database, "--format", "json").stdout)
    assert (report["events"]["broken_at"], report["state"]) == (None, "complete")
    assert cli("notify", PENDING, *ON, "--report").exit_code == 1


@pytest.mark.slow
def test_a_restarted_database_is_waited_for(root: Path, cluster: Cluster, database: str) -> None:
    listing = write_list(root.parent / "list.csv", people(400))
    with Server(Sink()) as sink:
        asked = start(root, "notify", PENDING, *ON, "--smtp", sink.url, "--ledger", database, "--recipients", str(listing),
                      "--rate", "100")  # fmt: skip
        with ended([asked]):
            until = time.monotonic() + 60
            while len(sink.sink.mails) < 30 and time.monotonic() < until:
                time.sleep(0.05)
            cluster.restart()
            said = asked.communicate(timeout=120)[1]
            assert asked.returncode == 0, said
        assert sorted(each.recipient for each in sink.sink.mails) == sorted(people(400))
    assert evidence(root, "email")[0]["counts"]["accepted"] == 400


@pytest.mark.slow
def test_a_process_frozen_within_a_transaction_lets_go_of_its_rows(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever heals skips rows that somebody locks, so a lock must not outlive its owner's lease."""
    monkeypatch.setattr("policytrail.notify.ledger._FROZEN_AFTER", 500)
    lock = sa.text("SELECT ledger_id FROM meta FOR UPDATE SKIP LOCKED")
    with open_ledger(database, tmp_path, "first") as ledger:
        frozen, other = ledger.engine.connect(), ledger.engine.connect()
        assert len(frozen.execute(lock).all()) == 1
        assert other.execute(lock).all() == []
        other.rollback()
        time.sleep(1.5)
        assert len(other.execute(lock).all()) == 1
        other.close()
        frozen.invalidate()


def test_workers_send_what_notify_leaves_to_them(root: Path, database: str, tmp_path: Path) -> None:
    listing = write_list(root.parent / "list.csv", people(120))
    with Server(Sink()) as sink:
        workers = [worker(tmp_path, sink.url, database) for _ in range(2)]
        with ended(workers):
            time.sleep(1)
            asked = start(root, "notify", PENDING, *ON, "--smtp", sink.url, "--ledger", database, "--recipients", str(listing),
                          "--connections", "0")  # fmt: skip
            said = asked.communicate(timeout=120)[1]
            assert asked.returncode == 0, said
            for each in workers:
                each.send_signal(signal.SIGTERM)
            assert [each.wait(timeout=30) for each in workers] == [0, 0]
        assert sorted(each.recipient for each in sink.sink.mails) == sorted(people(120))
    assert evidence(root, "email")[0]["counts"]["accepted"] == 120


def test_a_worker_without_its_needs_is_told(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    assert cli("worker", "--smtp", "smtp://localhost").exit_code == 2
    assert cli("worker", "--smtp", "smtp://localhost", "--ledger", "sqlite:///x").exit_code == 2


@pytest.mark.slow
def test_killed_frozen_and_orphaned_workers_miss_nobody(
    root: Path, cluster: Cluster, database: str, tmp_path: Path
) -> None:
    """Kills, a freeze past the lease, a restarted database and dropped engine tables, one after the other."""
    _trouble(root, cluster, database, tmp_path, recipients=2000, kills=2, restarts=1, seed=1)


@pytest.mark.slow
def test_much_trouble_misses_nobody(root: Path, cluster: Cluster, database: str, tmp_path: Path) -> None:
    _trouble(root, cluster, database, tmp_path, recipients=20_000, kills=10, restarts=5, seed=2)


def _trouble(
    root: Path, cluster: Cluster, database: str, folder: Path, recipients: int, kills: int, restarts: int, seed: int
) -> None:
    from notify_kill import recording_sink

    chance = random.Random(seed)
    listing = write_list(root.parent / "list.csv", people(recipients))
    log = folder / "mails"
    connections = 3
    hurt = 0
    with recording_sink(log) as url:
        more = ("--connections", str(connections), "--rate", "150")
        workers = [worker(folder, url, database, *more) for _ in range(3)]
        asked = start(root, "notify", PENDING, *ON, "--smtp", url, "--ledger", database, "--recipients", str(listing),
                      "--connections", "0", "--lease", "4")  # fmt: skip
        with ended(workers), ended([asked]):
            until = time.monotonic() + 120
            while not log.exists() or log.stat().st_size == 0:
                assert time.monotonic() < until
                time.sleep(0.1)
            troubles = ["kill"] * kills + ["restart"] * restarts + ["freeze", "drop"]
            chance.shuffle(troubles)
            for trouble in troubles:
                time.sleep(chance.uniform(0.5, 1.5))
                number = chance.randrange(3)
                if trouble == "kill":
                    workers[number].kill()
                    workers[number].communicate()
                    workers[number] = worker(folder, url, database, *more)
                    hurt += 1
                elif trouble == "restart":
                    cluster.restart()
                elif trouble == "freeze":
                    workers[number].send_signal(signal.SIGSTOP)
                    time.sleep(6)
                    workers[number].send_signal(signal.SIGCONT)
                    hurt += 1
                else:
                    with psycopg.connect(database, autocommit=True) as connection:
                        connection.execute("DROP SCHEMA policytrail_engine CASCADE")
            for _ in range(2):  # the lock's holder may have lost its session in a restart: then it's run again
                said = asked.communicate(timeout=600)[1]
                if asked.returncode == 0:
                    break
                asked = start(
                    root, "notify", PENDING, *ON, "--smtp", url, "--ledger", database, "--resume", "--lease", "4"
                )
            assert asked.returncode == 0, said
    found: dict[str, list[str]] = collections.defaultdict(list)
    for line in log.read_text().splitlines():
        recipient, *identity = line.split()[:4]
        found[recipient].append(" ".join(identity))
    assert not set(people(recipients)) - found.keys()
    assert all(len(set(each)) == 1 for each in found.values())
    assert sum(len(each) - 1 for each in found.values()) <= hurt * connections
    assert evidence(root, "email")[0]["counts"]["accepted"] == recipients
