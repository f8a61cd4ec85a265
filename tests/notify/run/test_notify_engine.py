"""Several machines: a ledger in a real PostgreSQL, workers that are killed, frozen and restarted, engine tables dropped."""

from __future__ import annotations

import json
import signal
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.smtp import AuthResult
from certificates import certificates
from fleet import SOURCE, ended, start, worker
from notices import ON, PENDING, evidence, leaves_hold, listed, people, settle, with_pending, with_remote, write_list
from postgres import Cluster
from samples import git
from sinks import Server, Sink

from conftest import Cli
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.ledger.queue import Queue
from policytrail.notify.ledger.sql_writer import LeaseLost
from policytrail.notify.primitives.delivery_states import Outcome, Rules
from policytrail.notify.records.evidence import counts
from policytrail.workspace import Workspace

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


def states(database: str) -> dict[str, int]:
    with open_ledger(database, Workspace(Path()), "") as ledger, ledger.begin() as connection:
        return {state: number for state, number in counts(connection, 1).items() if number}


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


def test_postgresql_makes_the_leaves_itself(database: str, tmp_path: Path) -> None:
    with open_ledger(database, Workspace(tmp_path), "first") as ledger:
        leaves_hold(ledger, tmp_path)


@pytest.mark.parametrize("batch", [1, 5])
def test_a_run_that_another_has_ended_takes_nothing_more(database: str, tmp_path: Path, batch: int) -> None:
    """It may have been frozen: neither what it has leased nor what is due is its own any more, and nothing stays with it."""
    with open_ledger(database, Workspace(tmp_path), "first") as ledger:
        notice = listed(ledger, tmp_path, people(10))
        frozen = Queue(ledger, notice, Rules(), batch=batch)
        job = settle(frozen)
        with ledger.begin() as connection:
            connection.execute(schema.run.update().values(lease_until=0.0))
        other = Queue(ledger, notice, Rules())
        assert other.heal() == 1
        with pytest.raises(LeaseLost):
            settle(frozen)
        with pytest.raises(LeaseLost):
            settle(frozen, job, Outcome("accepted", "250"))
        frozen.close()
        assert states(database) == {"queued": 10}
        other.close()


def test_what_an_ended_run_still_holds_is_taken_back(database: str, tmp_path: Path) -> None:
    with open_ledger(database, Workspace(tmp_path), "first") as ledger:
        notice = listed(ledger, tmp_path, people(10))
        lost = Queue(ledger, notice, Rules())
        settle(lost)
        with ledger.begin() as connection:
            connection.execute(schema.run.update().values(ended=1.0))
        assert states(database) == {"leased": 10}
        other = Queue(ledger, notice, Rules())
        assert (other.heal(), states(database)) == (1, {"queued": 10})
        other.close()
        lost.close()


@pytest.mark.slow
def test_a_restarted_database_is_waited_for(root: Path, cluster: Cluster, database: str) -> None:
    listing = write_list(root.parent / "list.csv", people(400))
    with Server(Sink()) as sink:
        asked = start(
            root,
            "notify",
            PENDING,
            *ON,
            "--smtp",
            sink.url,
            "--ledger",
            database,
            "--recipients",
            str(listing),
            "--rate",
            "100",
        )
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
def test_a_process_frozen_within_a_transaction_lets_go_when_its_lease_is_over(database: str, tmp_path: Path) -> None:
    """Whoever heals skips or waits for rows that somebody locks, so a lock must not outlive its owner's lease."""
    with open_ledger(database, Workspace(tmp_path), "first") as ledger:
        notice = listed(ledger, tmp_path, people(10))
        frozen = Queue(ledger, notice, Rules(), lease=1.0)
        settle(frozen)
        frozen._writer.transaction().__enter__()
        frozen._writer.alive()  # locks the row of its run, and then nothing more comes
        other = Queue(ledger, notice, Rules())
        assert other.heal() == 0
        time.sleep(1.5)
        assert (other.heal(), states(database)) == (1, {"queued": 10})
        with pytest.raises(LeaseLost):
            frozen.keep()
        other.close()


@pytest.mark.slow
def test_the_voluntary_list_and_who_left_it_in_postgresql(root: Path, database: str, tmp_path: Path) -> None:
    words = (
        "--ledger",
        database,
        "--updates-from",
        "U <u@post.example>",
        "--unsubscribe",
        "https://post.example/{token}",
    )
    cli = Cli(root)
    with Server(Sink()) as sink:
        given = ("--recipients", str(write_list(tmp_path / "list.csv", people(3))), "--smtp", sink.url)
        assert cli("notify", PENDING, *ON, *words, *given).exit_code == 0
        link = next(
            line for line in sink.sink.of("user1@example.org")[0].raw.splitlines() if b"List-Unsubscribe:" in line
        )
        (tmp_path / "left").write_text(link.decode().rpartition("/")[2].strip(">") + "\nuser2@example.org\n")
        left = cli("notify", "2020-01-01", *ON, *words, *given, "--left", str(tmp_path / "left"))
        assert (left.exit_code, "2 people left" in left.stderr) == (0, True), left.output
        assert [each.recipient for each in sink.sink.mails[3:]] == ["user0@example.org"]


@pytest.mark.slow
def test_a_notice_is_taken_back_and_a_person_erased_in_postgresql(root: Path, database: str) -> None:
    listing = write_list(root.parent / "list.csv", people(1200))
    cli = Cli(root)
    with Server(Sink()) as sink:
        words = ("notify", PENDING, "--smtp", sink.url, "--ledger", database)
        assert cli(*words, *ON, "--recipients", str(listing), "--limit", "700").exit_code == 0
        assert evidence(root, "progress")[0]["counts"]["accepted"] == 700
        told = sink.sink.mails[0].recipient
        waiting = next(each for each in people(1200) if not sink.sink.of(each))
        for address, said in ((told, "1 notice(s)."), (waiting, "1 mail(s) to this person won't be sent")):
            erased = cli("erase", address, "--ledger", database)
            assert (erased.exit_code, said in erased.stderr) == (0, True), erased.output
        later = ("--as-of", "2020-03-11", "--retraction")
        assert cli("withdraw", PENDING, "--reason", "no", "--by", "A. Lawyer", *later[:2]).exit_code == 0
        git(root, "push", "--quiet")
        taken = cli(*words, *later)
        assert taken.exit_code == 0, taken.output
        again = [each.recipient for each in sink.sink.mails[700:]]
        assert sorted(again) == sorted(each.recipient for each in sink.sink.mails[:700] if each.recipient != told)
    (record,) = evidence(root, "retraction")
    assert (record["counts"]["accepted"], record["counts"]["suppressed"]) == (699, 1)
    with psycopg.connect(database) as connection:
        left = connection.execute(
            "SELECT d.state, count(*) FROM policytrail.delivery d JOIN policytrail.notice n USING (notice) "
            "WHERE stream = 'legal' GROUP BY d.state"
        ).fetchall()
    assert dict(left) == {"accepted": 700, "suppressed": 500}
    assert cli("verify", "--as-of", "2020-04-02").exit_code == 0


@pytest.mark.slow
def test_workers_send_what_notify_leaves_to_them(root: Path, cluster: Cluster, database: str, tmp_path: Path) -> None:
    """Whoever waits for them waits for a database that crashes, too."""
    listing = write_list(root.parent / "list.csv", people(120))
    with Server(Sink()) as sink:
        workers = [worker(tmp_path, sink.url, database, "--rate", "20", lease=20.0) for _ in range(2)]
        with ended(workers):
            time.sleep(1)
            asked = start(
                root,
                "notify",
                PENDING,
                *ON,
                "--smtp",
                sink.url,
                "--ledger",
                database,
                "--recipients",
                str(listing),
                "--connections",
                "0",
            )
            with ended([asked]):
                _until(lambda: len(sink.sink.mails) > 10)
                cluster.restart()
                said = asked.communicate(timeout=120)[1]
                assert asked.returncode == 0, said
            for each in workers:
                each.send_signal(signal.SIGTERM)
            assert [each.wait(timeout=30) for each in workers] == [0, 0]
        assert sorted(each.recipient for each in sink.sink.mails) == sorted(people(120))
    assert evidence(root, "email")[0]["counts"]["accepted"] == 120


def test_whoever_waits_for_workers_hears_that_there_are_none(root: Path, database: str) -> None:
    listing = write_list(root.parent / "list.csv", people(3))
    words = ("--ledger", database, "--recipients", str(listing), "--connections", "0", "--patience", "1")
    with Server(Sink()) as sink:
        began = time.monotonic()
        asked = Cli(root)("notify", PENDING, *ON, "--smtp", sink.url, *words)
        assert asked.exit_code == 3, asked.output
        assert "No worker has sent anything for 1 seconds" in asked.stderr
        assert time.monotonic() - began < 60
        assert states(database) == {"queued": 3}


class Rejecting(Sink):
    """Takes no password."""

    async def auth_PLAIN(self, server: Any, words: Any) -> AuthResult:  # noqa: N802
        self.auths.append("PLAIN")
        return AuthResult(success=False, handled=False)

    async def auth_LOGIN(self, server: Any, words: Any) -> AuthResult:  # noqa: N802
        return AuthResult(success=False, handled=False)


@pytest.mark.slow
def test_a_wrong_password_ends_a_worker_with_one_sentence(root: Path, database: str, tmp_path: Path) -> None:
    """Each try is a login that a mail server counts, and may lock the account for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificates(tmp_path)["good"])
    sink = Rejecting()
    listing = write_list(root.parent / "list.csv", people(3))
    with Server(sink, ssl_context=context, auth_required=True, auth_require_tls=False) as at:
        with Server(Sink()) as plain:
            words = ("--ledger", database, "--recipients", str(listing), "--connections", "0", "--patience", "0.5")
            assert Cli(root)("notify", PENDING, *ON, "--smtp", plain.url, *words).exit_code == 3
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
            one = worker(tmp_path, at.url.replace("smtp://", "smtps://me:wrong@"), database, "--connections", "2")
        with ended([one]):
            said = one.communicate(timeout=60)[1]
    assert one.returncode == 2, said
    assert 1 <= len(sink.auths) <= 2
    told = [line for line in said.splitlines() if "password" in line and "command line" not in line]
    assert len(told) == 1 and len(said.splitlines()) <= 4, said


@pytest.mark.slow
def test_a_worker_keeps_its_rate_and_its_connections(root: Path, database: str, tmp_path: Path) -> None:
    """Also where the engine hands it several jobs at once."""
    listing = write_list(root.parent / "list.csv", people(160))
    with Server(Sink()) as sink, ended([worker(tmp_path, sink.url, database, "--rate", "20", "--connections", "2")]):
        words = ("--ledger", database, "--recipients", str(listing), "--connections", "0")
        assert Cli(root)("notify", PENDING, *ON, "--smtp", sink.url, *words).exit_code == 0
        times = sorted(sink.sink.times)
    assert len(times) == 160
    assert times[-1] - times[0] >= 0.85 * 160 / 20


@pytest.mark.slow
def test_whoever_waits_for_workers_has_the_same_patience(root: Path, database: str, tmp_path: Path) -> None:
    """One greylisting mailbox doesn't hold the command for three days."""
    listing = write_list(root.parent / "list.csv", [*people(20), "b451+1@example.org"])
    with Server(Sink()) as sink, ended([worker(tmp_path, sink.url, database)]):
        _until(lambda: _at_work(database))
        asked = Cli(root)(
            "notify",
            PENDING,
            *ON,
            "--smtp",
            sink.url,
            "--ledger",
            database,
            "--recipients",
            str(listing),
            "--connections",
            "0",
            "--patience",
            "1",
        )
        assert (asked.exit_code, "1 to be tried again" in asked.stderr) == (3, True), asked.output
        assert states(database) == {"queued": 1, "accepted": 20}


@pytest.mark.slow
def test_a_worker_that_is_stopped_waits_for_the_mail_that_is_out(root: Path, database: str, tmp_path: Path) -> None:
    """The answer takes longer than the engine's patience with its jobs; what the server took must be settled."""
    listing = write_list(root.parent / "list.csv", [f"late+{number}@example.org" for number in range(10)])
    with Server(Sink()) as sink:
        sink.sink.late = 4.0
        asked = start(
            root,
            "notify",
            PENDING,
            *ON,
            "--smtp",
            sink.url,
            "--ledger",
            database,
            "--recipients",
            str(listing),
            "--connections",
            "0",
        )
        one = worker(tmp_path, sink.url, database, "--connections", "2")
        with ended([asked, one]):
            _until(lambda: len(sink.sink.mails) >= 3)
            one.send_signal(signal.SIGTERM)
            time.sleep(1)
            one.send_signal(signal.SIGTERM)  # once more, as an impatient person would
            assert one.wait(timeout=60) == 0
            sent = len(sink.sink.mails)
            assert states(database) == {"accepted": sent, "queued": 10 - sent}


def _at_work(database: str) -> bool:
    """Whether a worker has told its engine that it is there."""
    with psycopg.connect(database) as connection:
        table = "policytrail_engine.procrastinate_workers"
        known = connection.execute("SELECT to_regclass(%s)", [table]).fetchone()
        return bool(known and known[0] and connection.execute(f"SELECT 1 FROM {table}".encode()).fetchone())


def _until(done: Callable[[], bool], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_worker_without_its_needs_is_told(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    assert cli("worker", "--smtp", "smtp://localhost").exit_code == 2
    assert cli("worker", "--smtp", "smtp://localhost", "--ledger", "sqlite:///x").exit_code == 2
    part = cli("worker", "--smtp", "smtp://localhost", "--ledger", "postgresql://me:can@canary@127.0.0.1/x")
    assert (part.exit_code, "%40" in part.stderr, "canary" in part.output) == (2, True, False)


@pytest.mark.slow
def test_a_worker_says_once_what_is_wrong_and_waits_for_the_database(cluster: Cluster, tmp_path: Path) -> None:
    url = cluster.url.replace("ledger@", "ledger:canary-s3cret@").removesuffix("postgres") + "later"
    one, two = (worker(tmp_path, "smtp://127.0.0.1:1", url) for _ in range(2))
    with ended([one, two]):
        assert one.stderr is not None and two.stderr is not None
        lines = [one.stderr.readline() for _ in range(2)]
        assert "Sending to" in lines[0]
        assert 'database "later" does not exist' in lines[1] and "trying again" in lines[1]
        assert "Sending to" in two.stderr.readline() and "trying again" in two.stderr.readline()
        two.send_signal(signal.SIGTERM)
        assert two.wait(timeout=30) == 0
        time.sleep(5)
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE later")

        def up() -> bool:
            with psycopg.connect(url) as connection:
                return connection.execute("SELECT to_regnamespace('policytrail_engine')").fetchone() != (None,)

        _until(up, 30)
        one.send_signal(signal.SIGTERM)
        rest = one.communicate(timeout=30)
        assert (one.returncode, "does not exist" in rest[1], "canary" in "".join([*lines, *rest])) == (0, False, False)


@pytest.mark.slow
def test_much_trouble_misses_nobody(root: Path, cluster: Cluster, database: str, tmp_path: Path) -> None:
    """Kills, an upgrade, a freeze past the lease, a crashing database, dropped engine tables; a clock two hours ahead."""
    from notify_fleet import Storm, weather

    storm = Storm(recipients=3000, every=2.0, rate=120)
    found = weather(root, cluster, database, tmp_path, storm)
    assert not found.broken(storm.connections), found
    assert evidence(root, "email")[0]["counts"]["accepted"] == storm.recipients
