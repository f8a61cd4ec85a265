"""Speed of a notice, ledger on and each mail settled, against Postfix's smtp-source into the same sink in the same run.

    python bench/notify_speed.py [--mails 20000] [--sessions 1 4 20] [--rounds 3] [--postgresql] [--workers 2] [--folder F]

A 12 KB multipart message, personalised, into Postfix's smtp-sink (Debian: postfix). --postgresql starts a server of its
own; with --workers several processes share its ledger, as on several machines. The ledger (and the server's data) lie in
--folder, else where temporary files do; how long its disk takes for a sync is printed, because each mail waits for one.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import os
import resource
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Barrier
from pathlib import Path

import sqlalchemy as sa

from policytrail.notify.channels.channel import Options
from policytrail.notify.channels.message import message, message_template
from policytrail.notify.channels.registry import destination
from policytrail.notify.channels.sender import Sender, Sending
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.enrol import load
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.ledger.queue import Queue
from policytrail.notify.primitives.delivery_states import Rules
from policytrail.notify.recipients.recipient_list import open_list
from policytrail.render.notice.content import Notice
from policytrail.render.notice.mail import message as frozen_message
from policytrail.workspace import Workspace

SINK, SOURCE = "/usr/sbin/smtp-sink", "/usr/sbin/smtp-source"
SIZE = 12_000


def eml() -> bytes:
    """A frozen notice whose mails have 12 KB."""
    from datetime import date

    notice = Notice(
        "2030-01-01",
        "Our policy changes on 1 January 2030",
        "en",
        "Example",
        "Example <a@example.org>",
        None,
        "example.org",
        date(2029, 1, 1),
        "2029-01-01T00:00:00+00:00",
        date(2030, 1, 1),
        "",
        (),
        (),
    )
    words = "This is one line of a notice that says what changes, and from when on.\n"
    return frozen_message(notice, "a" * 64, f"<html><body><p>{words * 80}</p></body></html>\n", words * 78)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sync_time(folder: Path) -> float:
    """Milliseconds that a sync of 16 KB takes in a folder: the median of 200."""
    times = []
    with tempfile.TemporaryFile(dir=folder) as stream:
        for number in range(200):
            os.pwrite(stream.fileno(), os.urandom(16_384), number % 20 * 16_384)
            began = time.perf_counter()
            os.fdatasync(stream.fileno())
            times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


@contextmanager
def ledgers(postgresql: bool) -> Iterator[Callable[[Path], str]]:
    """Where ledgers are made: the URL of one, given a folder."""
    if not postgresql:
        yield lambda folder: f"sqlite:///{folder}/ledger.sqlite"
        return
    import tests_on_path  # noqa: F401

    from postgres import Cluster

    with Cluster() as cluster:
        yield lambda _: cluster.url


def source(port: int, mails: int, sessions: int) -> float:
    """Mails a second of smtp-source."""
    began = time.perf_counter()
    subprocess.run(
        [
            SOURCE,
            "-s",
            str(sessions),
            "-m",
            str(mails),
            "-l",
            str(SIZE),
            "-f",
            "a@example.org",
            "-t",
            "b@example.org",
            f"127.0.0.1:{port}",
        ],
        check=True,
    )
    return mails / (time.perf_counter() - began)


def work(url: str, notice: int, port: int, sessions: int, raw: bytes, start: Barrier | None = None) -> None:
    with open_ledger(url, Workspace(Path()), "") as ledger:
        if start:
            start.wait()
        sending = Sending(
            destination(f"smtp://127.0.0.1:{port}", Options()), "a@example.org", {"": message_template(raw)}, sessions
        )
        Sender(Queue(ledger, notice, Rules()), sending).run()


def ours(url: str, folder: Path, port: int, mails: int, sessions: int, workers: int) -> float:
    """Mails a second of a notice: the time of the sending, the list being in the ledger."""
    raw = eml()
    listing = folder / "list.csv"
    with listing.open("w", newline="") as stream:
        csv.writer(stream).writerows(
            [
                ("address", "name", "language"),
                *((f"user{n}@example.org", f"User Number {n}", "en") for n in range(mails)),
            ]
        )
    name = f"{time.time():.6f}"[-10:]
    with open_ledger(url, Workspace(folder), "") as ledger:
        with ledger.begin() as connection:
            connection.execute(
                schema.notice.insert().values(
                    version=name, stream="legal", digest=name.rjust(64, "0").replace(".", "0"), state="sending"
                )
            )
            row = ledger.notice(connection, name, "legal")
        assert row is not None
        load(ledger, row, open_list(str(listing)), "example.org", False)
        began = time.perf_counter()
        share = max(1, sessions // workers)
        if workers == 1:
            work(url, row.notice, port, sessions, raw)
        else:
            spawn = multiprocessing.get_context("spawn")
            start = spawn.Barrier(workers + 1)
            processes = [
                spawn.Process(target=work, args=(url, row.notice, port, share, raw, start)) for _ in range(workers)
            ]
            for process in processes:
                process.start()
            start.wait()  # workers are running when a notice begins
            began = time.perf_counter()
            for process in processes:
                process.join()
        seconds = time.perf_counter() - began
        with ledger.begin() as connection:
            table = schema.delivery.c
            done = connection.execute(
                sa.select(sa.func.count()).where(table.notice == row.notice, table.state == "accepted")
            ).scalar()
            assert done == mails, f"{done} of {mails}"
    return mails / seconds


def main() -> None:
    """Print mails a second of both, and the ratio: the median of the rounds, the lowest and the highest."""
    words = argparse.ArgumentParser()
    words.add_argument("--mails", type=int, default=20_000)
    words.add_argument("--sessions", type=int, nargs="*", default=[1, 4, 20])
    words.add_argument("--postgresql", action="store_true")
    words.add_argument("--workers", type=int, default=1)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--folder", type=Path)
    asked = words.parse_args()
    if asked.workers > 1 and not asked.postgresql:
        words.error("several workers need --postgresql")
    if asked.folder:
        tempfile.tempdir = str(asked.folder)
    port = free_port()
    sink = subprocess.Popen([SINK, "-u", "nobody", f"127.0.0.1:{port}", "1000"], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    try:
        with ledgers(asked.postgresql) as url:
            report(asked, url, port)
    finally:
        sink.terminate()
        sink.wait()


def report(asked: argparse.Namespace, url: Callable[[Path], str], port: int) -> None:
    size = len(message(message_template(eml()), "user1@example.org", "User Number 1", "0" * 32 + "@example.org", 0.0))
    print(f"{asked.mails} mails of {size} bytes, {asked.workers} process(es), {asked.rounds} rounds")
    for sessions in asked.sessions:
        pairs, syncs = [], []
        for _ in range(asked.rounds):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                syncs.append(sync_time(folder))
                theirs = source(port, asked.mails, sessions)
                pairs.append((theirs, ours(url(folder), folder, port, asked.mails, sessions, asked.workers)))
        theirs, mine = (statistics.median(each) for each in zip(*pairs, strict=True))
        ratios = sorted(each[1] / each[0] for each in pairs)
        print(
            f"{sessions:>3} sessions: smtp-source {theirs:,.0f}/s, policytrail {mine:,.0f}/s, ratio "
            f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}), sync {statistics.median(syncs):.1f} ms",
            flush=True,
        )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
