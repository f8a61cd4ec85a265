"""Runs that are stopped, killed, upgraded, raced or out of disk: nobody is missed, and exactly one of them sends."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from notices import (
    PENDING,
    SOURCE,
    counts,
    evidence,
    notify,
    people,
    send,
    start,
    upgrade,
    wait_for,
    with_remote,
    write_list,
)
from places import ROOT
from samples import git
from sinks import Server, Sink

from conftest import Cli
from policytrail import __version__
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.workspace import Workspace


def test_ctrl_c_waits_for_the_mail_that_is_out(root: Path, sink: Server) -> None:
    """One connection, a server whose answer is long on its way: what it took must be settled, not put back."""
    listing = write_list(root.parent / "list.csv", [f"late+{number}@example.org" for number in range(10)])
    process = start(root, "--recipients", str(listing), "--smtp", sink.url, "--connections", "1")
    wait_for(sink, 2)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    stopped = len(sink.sink.mails)
    assert counts(root) == {"accepted": stopped, "queued": 10 - stopped}


@pytest.mark.parametrize("how", [signal.SIGINT, pytest.param(signal.SIGHUP, marks=pytest.mark.slow)])
def test_ctrl_c_stops_cleanly_and_a_second_run_hears_of_the_first(
    root: Path, sink: Server, how: signal.Signals
) -> None:
    sink.sink.delay = 0.03
    listing = write_list(root.parent / "list.csv", people(150))
    process = start(root, "--recipients", str(listing), "--smtp", sink.url)
    wait_for(sink, 10)
    second = notify(root, "--resume", "--smtp", sink.url)
    assert (second.exit_code, f"process {process.pid}" in second.stderr) == (3, True), second.output
    process.send_signal(how)
    said = process.communicate(timeout=60)[1]
    assert (process.returncode, "written down" in said) == (130, True), said
    stopped = len(sink.sink.mails)
    assert stopped < 150
    assert counts(root) == {"accepted": stopped, "queued": 150 - stopped}
    sink.sink.delay = 0.0
    assert notify(root, "--resume", "--smtp", sink.url).exit_code == 0
    assert sorted(each.recipient for each in sink.sink.mails) == sorted(people(150))


@pytest.mark.parametrize(("held", "state"), [(False, "accepted"), (True, "in_doubt")])
def test_a_killed_run_is_healed(root: Path, sink: Server, held: bool, state: str) -> None:
    sink.sink.delay = 0.2
    words = ("--connections", "2", *(("--hold-doubtful",) if held else ()))
    listing = write_list(root.parent / "list.csv", people(40))
    process = start(root, "--recipients", str(listing), "--smtp", sink.url, *words)
    wait_for(sink, 6)
    time.sleep(0.05)
    process.kill()
    process.communicate()
    sink.sink.delay = 0.0
    time.sleep(0.3)
    result = notify(root, "--resume", "--smtp", sink.url, *words)
    sent = [each.recipient for each in sink.sink.mails]
    if held:
        assert result.exit_code == 3
        assert counts(root)["in_doubt"] in (1, 2)
        assert len(sent) == len(set(sent))
    else:
        assert result.exit_code == 0, result.output
        assert set(sent) == set(people(40))
        assert len(sent) - 40 <= 2
        repeated = {each for each in sent if sent.count(each) > 1}
        assert all(len({(got.date, got.body) for got in sink.sink.of(each)}) == 1 for each in repeated)
    assert json.loads(notify(root, "--report", "--format", "json").stdout)["events"]["broken_at"] is None


@pytest.mark.slow
@pytest.mark.parametrize("connections", [1, 4, 20])
def test_nobody_is_missed_after_many_kills(tmp_path: Path, connections: int) -> None:
    sys.path.insert(0, str(ROOT / "bench"))
    from notify_kill import kill_often

    found = kill_often(tmp_path, recipients=1500, kills=8, connections=connections, seed=connections)
    assert not found.broken(connections), found


@pytest.mark.slow
def test_a_newer_release_goes_on_in_mid_notice(root: Path, sink: Server, tmp_path: Path) -> None:
    """Killed, a remark added to the code; given the list again, killed, upgraded; resumed to its end."""
    code = shutil.copytree(SOURCE, tmp_path / "code")
    listing = write_list(root.parent / "list.csv", people(300))
    sink.sink.delay = 0.02
    words = ("--smtp", sink.url, "--connections", "2")
    for number, resumed in ((60, False), (150, False), (240, True)):
        process = start(root, *words, *(("--resume",) if resumed else ("--recipients", str(listing))), code=code)
        wait_for(sink, number)
        process.kill()
        process.communicate()
        if not resumed:
            upgrade(code, release=number > 60)
    done = start(root, *words, "--resume", code=code)
    said = done.communicate(timeout=120)[1]
    assert done.returncode == 0, said
    mails = sink.sink.mails
    assert {each.recipient for each in mails} == set(people(300))
    assert len(mails) - 300 <= 2 * 3
    assert len({(each.recipient, each.message_id, each.date, each.body) for each in mails}) == 300
    tools = [evidence(root, kind)[0]["tool"] for kind in ("started", "email")]
    major, _, rest = __version__.partition(".")
    assert tools == [f"policytrail {__version__}", f"policytrail {int(major) + 1}.{rest}"]
    assert evidence(root, "email")[0]["counts"]["accepted"] == 300
    assert Cli(root)("verify", "--as-of", "2020-03-05").exit_code == 0
    assert Cli(root)("prove", "user7@example.org").exit_code == 0


def race(root: Path, folder: Path, runners: int) -> tuple[list[int], int]:
    """So many clones start the same notice at once. Out: their exit statuses, and how many mails went out."""
    remote = root.with_name("repo.git")
    with Server(Sink()) as sink:
        processes = []
        for number in range(runners):
            clone = folder / f"clone{number}"
            git(folder, "clone", "--quiet", str(remote), str(clone))
            git(clone, "config", "user.name", "Test")
            git(clone, "config", "user.email", "test@post.example")
            listing = write_list(folder / "list.csv", people(6))
            processes.append(start(clone, "--recipients", str(listing), "--smtp", sink.url))
        statuses = []
        for each in processes:
            said = each.communicate(timeout=120)[1]
            statuses.append(each.returncode)
            assert each.returncode in (0, 3), said
        return statuses, len(sink.sink.mails)


def test_of_runners_that_start_at_once_exactly_one_sends(root: Path, tmp_path: Path) -> None:
    statuses, mails = race(root, tmp_path, 3)
    assert (sorted(statuses), mails) == ([0, 3, 3], 6)


@pytest.mark.slow
def test_eight_races_of_four(pending_once: Path, tmp_path: Path) -> None:
    for number in range(8):
        folder = tmp_path / str(number)
        shutil.copytree(pending_once, folder / "repo")
        with_remote(folder / "repo")
        statuses, mails = race(folder / "repo", folder, 4)
        assert (sorted(statuses), mails) == ([0, 3, 3, 3], 6), number


def test_a_full_disk_stops_before_the_next_mail(root: Path, sink: Server) -> None:
    from policytrail.errors import DeliveryError
    from policytrail.notify.channels.channel import Options
    from policytrail.notify.channels.message import message_template
    from policytrail.notify.channels.registry import destination
    from policytrail.notify.channels.sender import Sender, Sending
    from policytrail.notify.ledger.queue import Queue
    from policytrail.notify.primitives.delivery_states import Rules

    assert send(root, sink, people(400), "--limit", "1").exit_code == 0
    with open_ledger(None, Workspace(root), "") as ledger:
        with ledger.begin() as connection:
            row = ledger.notice(connection, PENDING, "legal")
        assert row is not None
        queue = Queue(ledger, row.notice, Rules())
        pages = queue._connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        queue._connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 6}")
        queue._connection.rollback()
        made = message_template((root / f"versions/{PENDING}/notice/mail.eml").read_bytes())
        with pytest.raises(DeliveryError, match="full"):
            Sender(queue, Sending(destination(sink.url, Options()), "a@example.org", {"": made}, connections=4)).run()
    assert 1 < len(sink.sink.mails) < 400
    resumed = notify(root, "--resume", "--smtp", sink.url)
    assert resumed.exit_code == 0, resumed.output
    assert {each.recipient for each in sink.sink.mails} == set(people(400))
    assert len(sink.sink.mails) - 400 <= 4


@pytest.mark.slow
def test_on_a_disk_that_fills_up_what_was_sent_is_written_down(root: Path, tmp_path: Path) -> None:
    """A real disk, small; the ballast gives the room. Afterwards nobody has it twice."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)]).returncode:
        pytest.skip("only root can mount a small disk")

    class Filling(Sink):
        def record(self, recipient: str, raw: bytes) -> None:
            super().record(recipient, raw)
            if len(self.mails) == 20:
                with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as filler:
                    while True:
                        filler.write(bytes(4096))

    try:
        ledger = ("--ledger", f"sqlite:///{disk}/ledger.sqlite")
        with Server(Filling()) as sink:
            stopped = send(root, sink, people(600), *ledger)
            assert (stopped.exit_code, "all that was sent is written down" in stopped.stderr) == (1, True), (
                stopped.output
            )
            assert 20 <= len(sink.sink.mails) < 600
            (disk / "filler").unlink()
            assert notify(root, "--resume", "--smtp", sink.url, *ledger).exit_code == 0
            assert sorted(each.recipient for each in sink.sink.mails) == sorted(people(600))
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_two_connections_never_take_the_same_delivery(root: Path, sink: Server) -> None:
    assert send(root, sink, people(200), "--connections", "12").exit_code == 0
    assert len(sink.sink.mails) == len({each.recipient for each in sink.sink.mails}) == 200
    assert threading.active_count() < 30
