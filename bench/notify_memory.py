"""Peak memory and seconds (of the clock, and of this process's own work) of each stage of a notice, at several sizes of the list.

    python bench/notify_memory.py [--recipients 10000 1000000] [--send N]

Stages: the list into the ledger, sending into Postfix's smtp-sink (at most N, default all), root and evidence, one proof.
Each size runs in a process of its own, so that the peaks are its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import subprocess
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from notify_speed import SINK, eml, free_port
from policytrail.notify.channels.channel import Options
from policytrail.notify.channels.message import message_template
from policytrail.notify.channels.registry import destination
from policytrail.notify.channels.sender import Sender, Sending
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.enrol import load
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.ledger.queue import Queue
from policytrail.notify.primitives.delivery_states import Rules
from policytrail.notify.recipients import identifiers
from policytrail.notify.recipients.recipient_list import open_list
from policytrail.notify.records import evidence
from policytrail.workspace import Workspace


def peak() -> float:
    """Megabytes so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(recipients: int, send: int | None, port: int) -> None:
    """Run all stages for one size and print them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "list.csv").open("w") as stream:
            stream.write("address,name,language\n")
            stream.writelines(f"user{n}@example.org,User Number {n},en\n" for n in range(recipients))
        with open_ledger(f"sqlite:///{folder}/ledger.sqlite", Workspace(folder), "") as ledger:
            with ledger.begin() as connection:
                connection.execute(
                    schema.notice.insert().values(
                        version="2030-01-01", stream="legal", digest="0" * 64, state="sending"
                    )
                )
                row = ledger.notice(connection, "2030-01-01", "legal")
            assert row is not None
            said = [f"{recipients:>9,} recipients: start {peak():.0f} MB"]

            def now() -> tuple[float, float]:
                return time.perf_counter(), time.process_time()

            def stage(what: str, began: tuple[float, float]) -> None:
                seconds, work = (here - there for here, there in zip(now(), began, strict=True))
                said.append(f"{what} {seconds:.1f} s ({work:.1f} s of work), {peak():.0f} MB")

            began = now()
            load(ledger, row, open_list(str(folder / "list.csv")), "example.org", False)
            stage("list", began)
            began = now()
            sending = Sending(
                destination(f"smtp://127.0.0.1:{port}", Options()), "a@example.org", {"": message_template(eml())}
            )
            Sender(Queue(ledger, row.notice, Rules(), limit=send), sending).run()
            stage(f"{min(send or recipients, recipients):,} sent", began)
            with ledger.begin() as connection:
                table = schema.delivery
                connection.execute(
                    table.update()
                    .where(table.c.state == "queued")
                    .values(state="accepted", accepted_at="2029-12-01T00:00:00.000Z")
                )
            log = ledger.engine.raw_connection()  # sending would have emptied it as it went
            log.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            log.close()
            began = now()
            with ledger.begin() as connection:
                record = evidence.email_record(ledger, connection, row, 0.0, {})
            stage("root and evidence", began)
            began = now()
            with ledger.begin() as connection:
                mine = identifiers.rkey(ledger.key, f"user{recipients // 2}@example.org")
                found = evidence.inclusion(connection, row.notice, mine, record["tree"]["until"])
            assert found is not None
            assert found[4].hex() == record["tree"]["root"]
            stage(f"proof of {32 * len(found[3]) + 32 + 16} bytes", began)
            assert connection.closed
            with ledger.begin() as connection:
                assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == recipients
    print("; ".join(said), flush=True)


def main() -> None:
    """One line for each size."""
    words = argparse.ArgumentParser()
    words.add_argument("--recipients", type=int, nargs="*", default=[10_000, 1_000_000])
    words.add_argument("--send", type=int)
    asked = words.parse_args()
    port = free_port()
    sink = subprocess.Popen([SINK, "-u", "nobody", f"127.0.0.1:{port}", "1000"], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    try:
        for recipients in asked.recipients:
            child = multiprocessing.get_context("spawn").Process(target=measure, args=(recipients, asked.send, port))
            child.start()
            child.join()
            assert child.exitcode == 0
    finally:
        sink.terminate()
        sink.wait()


if __name__ == "__main__":
    main()
