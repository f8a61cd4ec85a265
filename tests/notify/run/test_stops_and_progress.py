"""A list that the server refuses in great part ends the run; a log shows how far it is; files are for their owner alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from notices import counts, notify, people, send, write_list
from sinks import Server

import policytrail.cli.notice.sending


def test_a_run_stops_where_too_many_are_refused(root: Path, sink: Server) -> None:
    known = [f"b550+{number}@example.org" if number % 10 == 9 else f"user{number}@example.org" for number in range(600)]
    stopped = send(root, sink, known, "--stop-at-bounces", "5%", "--connections", "1")
    assert stopped.exit_code == 1, stopped.output
    found = counts(root)
    assert f"refused {found['refused']} of the first 200 recipients" in stopped.stderr
    assert (found["accepted"] + found["refused"], found["queued"]) == (200, 400)
    gone_on = notify(root, "--resume", "--smtp", sink.url)
    assert gone_on.exit_code == 3  # below the floor: a person decides
    assert counts(root) == {"accepted": 540, "refused": 60}


def test_a_run_goes_on_below_the_share_and_below_two_hundred(root: Path, sink: Server) -> None:
    few = [*people(150), *(f"b550+{number}@example.org" for number in range(40))]
    assert send(root, sink, few, "--stop-at-bounces", "5%", "--floor", "50").exit_code == 0
    assert counts(root) == {"accepted": 150, "refused": 40}


@pytest.mark.parametrize("share", ["0", "-5%", "101%", "nan", "five"])
def test_a_share_is_a_percentage(root: Path, sink: Server, share: str) -> None:
    assert send(root, sink, people(1), "--stop-at-bounces", share).exit_code == 2


def test_a_log_shows_how_far_the_list_and_the_sending_are(
    root: Path, sink: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policytrail.cli.notice.sending, "SECONDS_BETWEEN_LINES", 0.0)
    listing = write_list(root.parent / "list.csv", people(1200))
    found = notify(root, "--recipients", str(listing), "--smtp", sink.url, "--limit", "100")
    assert found.exit_code == 0, found.output
    assert "Reading the list: 1,000 rows so far." in found.stderr
    assert "Notice of 2020-04-01: 100 of 100 done" in found.stderr


def test_the_ledger_and_its_folder_are_for_their_owner(root: Path, sink: Server) -> None:
    folder = root / ".policytrail"
    folder.mkdir(mode=0o755)
    assert send(root, sink, people(3), "--limit", "1").exit_code == 0
    assert folder.stat().st_mode & 0o777 == 0o700
    (folder / "ledger.sqlite").chmod(0o644)  # as an older release made it
    assert notify(root, "--resume", "--smtp", sink.url).exit_code == 0
    assert {
        path.name: path.stat().st_mode & 0o077 for path in folder.glob("ledger.sqlite*") if "lock" not in path.name
    } == {path.name: 0 for path in folder.glob("ledger.sqlite*") if "lock" not in path.name}
