"""A person is erased: nothing readable is left in the ledger, and everything that was proven still is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from notices import people, settle
from test_ledger_rows import listed

from policytrail.errors import DeliveryError, NoticeRefusal
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import Ledger, open_ledger
from policytrail.notify.ledger.queue import Queue
from policytrail.notify.ledger.recovery import requeue
from policytrail.notify.primitives import merkle
from policytrail.notify.primitives.delivery_states import Outcome, Rules
from policytrail.notify.recipients import identifiers
from policytrail.notify.records import evidence
from policytrail.notify.records.erasure import Erased, erase
from policytrail.workspace import Workspace

ANN = "ann.readable-canary@example.org"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(f"sqlite:///{tmp_path}/ledger.sqlite", Workspace(tmp_path), "first") as found:
        yield found


def send(ledger: Ledger, notice: int, **outcomes: str) -> None:
    """Settle everything that is queued; whom `outcomes` doesn't name by the part before the @ is accepted."""
    queue = Queue(ledger, notice, Rules(hold_doubtful=True))
    job = settle(queue)
    while job is not None:
        said = outcomes.get(job.address.partition(".")[0], "accepted")
        job = settle(queue, job, Outcome(said, "250"))  # type: ignore[arg-type]
    queue.close()


def row_of(ledger: Ledger, address: str) -> tuple[object, ...]:
    with ledger.begin() as connection:
        mark = schema.delivery.c.rkey == identifiers.rkey(ledger.key, address)
        found = connection.execute(sa.select(schema.delivery).where(mark)).one()
        return found.address, found.name, found.lang, found.state


def test_nothing_readable_is_left_and_every_proof_holds(ledger: Ledger, tmp_path: Path) -> None:
    notice = listed(ledger, tmp_path, [*people(20), ANN]).notice
    send(ledger, notice)
    with ledger.begin() as connection:
        before = evidence.tree(connection, notice)
        counts = evidence.counts(connection, notice)
    assert erase(ledger, "ann.readable-canary@EXAMPLE.org") == Erased(1, 0, 0)
    assert row_of(ledger, ANN) == (None, None, "", "accepted")
    (tmp_path / "list.csv").unlink()
    for path in tmp_path.iterdir():
        assert b"readable-canary" not in path.read_bytes(), path
    with ledger.begin() as connection:
        assert evidence.tree(connection, notice)["root"] == before["root"]
        assert evidence.counts(connection, notice) == counts
        assert evidence.broken_events(connection, notice) is None
        mark = identifiers.rkey(ledger.key, ANN)
        found = evidence.inclusion(connection, notice, mark, before["until"])
        assert found is not None
        leaf, index, size, path_, root = found
        assert merkle.verify(leaf.digest, index, size, path_, root)
    assert erase(ledger, ANN) == Erased(0, 0, 0)  # again: nothing to do


@pytest.mark.parametrize("state", ["queued", "in_doubt"])
def test_who_still_waits_is_not_written_to_and_holds_nothing_up(ledger: Ledger, tmp_path: Path, state: str) -> None:
    notice = listed(ledger, tmp_path, [ANN, *people(2)]).notice
    if state == "in_doubt":
        send(ledger, notice, ann="doubtful")
        assert row_of(ledger, ANN)[3] == "in_doubt"
    assert erase(ledger, ANN) == Erased(1, 1, 0)
    send(ledger, notice)
    with ledger.begin() as connection:
        requeue(connection, ledger, notice)  # --retry-failed leaves the erased alone
        found = evidence.counts(connection, notice)
    assert {name: number for name, number in found.items() if number} == {"accepted": 2, "suppressed": 1}


def test_a_mail_in_hand_is_waited_for(ledger: Ledger, tmp_path: Path) -> None:
    notice = listed(ledger, tmp_path, [ANN]).notice
    queue = Queue(ledger, notice, Rules())
    job = settle(queue)
    with pytest.raises(NoticeRefusal, match="in the hands of a run"):
        erase(ledger, ANN)
    assert row_of(ledger, ANN)[0] == ANN
    settle(queue, job, Outcome("accepted", "250"), more=False)
    queue.close()
    assert erase(ledger, ANN).notices == 1


def test_a_log_that_somebody_reads_is_named(ledger: Ledger, tmp_path: Path) -> None:
    listed(ledger, tmp_path, [ANN])
    ledger.engine.dispose()
    sa.event.listen(ledger.engine, "connect", lambda driver, _: driver.execute("PRAGMA busy_timeout = 100"))
    with ledger.reading() as connection:
        connection.execute(sa.select(schema.delivery)).all()
        with pytest.raises(DeliveryError, match="Erase it again"):
            erase(ledger, ANN)
    assert erase(ledger, ANN) == Erased(0, 0, 0)


def test_strangers_and_twins_are_told(ledger: Ledger, tmp_path: Path) -> None:
    notice = listed(ledger, tmp_path, [ANN, "Ann.Readable-Canary@example.org", *people(1)]).notice
    for nobody in ("bob@example.org", "no address", "ann@example.org\nx@example.org"):
        with pytest.raises(DeliveryError):
            erase(ledger, nobody)
    assert erase(ledger, ANN) == Erased(1, 1, 1)
    assert row_of(ledger, "Ann.Readable-Canary@example.org")[3] == "queued"
    # The list given again doesn't bring the person back into this notice.
    listed(ledger, tmp_path, [ANN, *people(1)])
    assert row_of(ledger, ANN)[:2] == (None, None)
    assert notice


@pytest.mark.slow
def test_the_command(tmp_path: Path) -> None:

    from notices import ON, PENDING, with_pending, write_list
    from sinks import Server, Sink

    from conftest import Cli

    root = with_pending(tmp_path / "repo")
    cli = Cli(root)
    assert cli("erase", ANN).exit_code == 1
    with Server(Sink()) as sink:
        listing = str(write_list(tmp_path / "list.csv", [ANN, *people(3)]))
        assert cli("notify", PENDING, *ON, "--recipients", listing, "--smtp", sink.url).exit_code == 0
    done = cli("erase", ANN)
    assert (done.exit_code, "Erased from 1 notice(s)." in done.stderr) == (0, True), done.output
    assert cli("erase", "stranger@example.org").exit_code == 1
    assert cli("prove", ANN).exit_code == 0
    assert cli("verify", "--as-of", "2020-03-05").exit_code == 0
    assert cli("erase", "-").exit_code == 2
