"""A ledger restored from a backup doesn't know who was told since: it is recognised, and a person says how to go on."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from notices import ON, PENDING, evidence, people, start, wait_for, write_list
from samples import commit, git
from sinks import Server

from conftest import Cli
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.workspace import Workspace

pytestmark = pytest.mark.slow  # seconds each; the plain case is in test_notify_ledger.py
PERSON = ("--adopt", "--by", "A. Lawyer", "--reason", "the newest copy is lost")


def notify(root: Path, sink: Server, status: int, *words: str) -> Result:
    result = Cli(root)("notify", PENDING, *ON, "--smtp", sink.url, *words)
    assert result.exit_code == status, result.output
    return result


def ledger_of(root: Path) -> Path:
    return root / ".policytrail/ledger.sqlite"


def restore(root: Path, backup: bytes) -> None:
    for each in ledger_of(root).parent.glob("ledger.sqlite-*"):
        each.unlink()
    ledger_of(root).write_bytes(backup)


def states(root: Path) -> dict[str, int]:
    with open_ledger(None, Workspace(root), "") as ledger, ledger.begin() as connection:
        table = schema.delivery.c
        return dict(connection.execute(sa.select(table.state, sa.func.count()).group_by(table.state)).all())


def backed_up_after(root: Path, sink: Server, number: int, of: int) -> bytes:
    """Send a few, and copy the ledger as it stands then."""
    listing = write_list(root.parent / "list.csv", people(of))
    notify(root, sink, 0, "--recipients", str(listing), "--limit", str(number))
    return ledger_of(root).read_bytes()


def forget_the_note(root: Path) -> None:
    """As on another machine: only the records in git are there."""
    for each in (root / ".git").glob("policytrail-sent-*"):
        each.unlink()


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_backup_from_mid_send_is_refused(root: Path, sink: Server, elsewhere: bool) -> None:
    backup = backed_up_after(root, sink, 2, 9)
    notify(root, sink, 0, "--resume", "--limit", "4")
    restore(root, backup)
    if elsewhere:
        forget_the_note(root)
    refused = notify(root, sink, 3, "--resume")
    assert "older than the record in git of" in refused.stderr
    assert "4 mails that were accepted are missing from it" in refused.stderr
    assert "--adopt --by NAME --reason TEXT" in refused.stderr
    assert len(sink.sink.mails) == 6


def test_going_on_tells_everybody_at_least_once(root: Path, sink: Server) -> None:
    backup = backed_up_after(root, sink, 2, 9)
    notify(root, sink, 0, "--resume", "--limit", "4")
    restore(root, backup)
    assert Cli(root)("notify", PENDING, *ON, "--resume", "--smtp", sink.url, "--adopt").exit_code == 2
    notify(root, sink, 0, "--resume", *PERSON)
    told = [each.recipient for each in sink.sink.mails]
    assert (set(told), len(told)) == (set(people(9)), 13)
    assert all(
        len({each.message_id for each in sink.sink.of(name)}) == 1 for name in people(9)
    )  # receivers can tell a repeat
    assert evidence(root, "started")[-1]["adopts"]["reason"] == "the newest copy is lost"
    assert Cli(root)("verify", "--as-of", "2020-03-05").exit_code == 0


def test_going_on_with_held_ones_tells_nobody_twice(root: Path, sink: Server) -> None:
    backup = backed_up_after(root, sink, 2, 9)
    notify(root, sink, 0, "--resume", "--limit", "4")
    restore(root, backup)
    held = notify(root, sink, 3, "--resume", "--hold-doubtful", *PERSON)
    assert "7 in doubt" in held.stderr
    assert (len(sink.sink.mails), states(root)) == (6, {"accepted": 2, "in_doubt": 7})
    post = root.parent / "post.csv"
    notify(root, sink, 0, "--export-post", str(post))
    assert post.read_text().count("in_doubt") == 7
    # The decision holds: later runs aren't refused, and --retry-failed tells them after all.
    notify(root, sink, 0, "--retry-failed")
    assert states(root) == {"accepted": 9}
    assert Cli(root)("verify", "--as-of", "2020-03-05").exit_code == 0


def test_after_going_on_a_still_older_backup_is_refused_again(root: Path, sink: Server) -> None:
    backup = backed_up_after(root, sink, 1, 9)
    notify(root, sink, 0, "--resume", "--limit", "4")
    restore(root, backup)
    notify(root, sink, 0, "--resume", "--limit", "2", *PERSON)
    restore(root, backup)
    forget_the_note(root)
    assert "older than the record in git" in notify(root, sink, 3, "--resume").stderr


def test_a_backup_from_within_a_run_that_was_killed_is_refused_where_it_ran(root: Path, sink: Server) -> None:
    """No record in git tells of a killed run; the note on the machine does."""
    sink.sink.delay = 0.05
    listing = write_list(root.parent / "list.csv", people(200))
    process = start(root, "--recipients", str(listing), "--smtp", sink.url)
    wait_for(sink, 8)
    with open_ledger(None, Workspace(root), "") as ledger, ledger.engine.connect() as connection:
        copy = root.parent / "copy.sqlite"
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql(f"VACUUM INTO '{copy}'")
    wait_for(sink, 110)
    process.kill()
    process.communicate()
    killed = len(sink.sink.mails)
    assert evidence(root, "progress") == []
    newest = (
        ledger_of(root).read_bytes(),
        {each.name: each.read_bytes() for each in ledger_of(root).parent.glob("*-wal")},
    )
    restore(root, copy.read_bytes())
    refused = notify(root, sink, 3, "--resume")
    assert "older than a note of the last run on this machine" in refused.stderr
    # The newest one is taken as always, killed or not: the note is never ahead of what it holds.
    restore(root, newest[0])
    for name, content in newest[1].items():
        (ledger_of(root).parent / name).write_bytes(content)
    sink.sink.delay = 0.0
    notify(root, sink, 0, "--resume")
    assert len(sink.sink.mails) - 200 <= 4
    assert killed <= 200


def killed_after(root: Path, sink: Server, mails: int, *words: str) -> None:
    """A run in a process of its own, killed when so many mails are out."""
    sink.sink.delay = 0.05
    process = start(root, "--smtp", sink.url, "--connections", "2", *words)
    wait_for(sink, mails)
    process.kill()
    process.communicate()
    sink.sink.delay = 0.0


def test_a_backup_from_before_a_run_that_was_killed_is_refused_on_another_machine(root: Path, sink: Server) -> None:
    """The run recorded in git that it goes on, before its first mail."""
    backup = backed_up_after(root, sink, 2, 200)
    killed_after(root, sink, 20, "--resume")
    restore(root, backup)
    forget_the_note(root)
    sent = len(sink.sink.mails)
    assert "older than the record in git of" in notify(root, sink, 3, "--resume").stderr
    assert len(sink.sink.mails) == sent < 200


def test_a_copy_from_within_a_run_that_was_killed_is_refused_on_another_machine(root: Path, sink: Server) -> None:
    """Nothing tells how old it is: it lies in another file, and the run never ended in it."""
    listing = write_list(root.parent / "list.csv", people(200))
    killed_after(root, sink, 20, "--recipients", str(listing))
    copy = root.parent / "elsewhere/ledger.sqlite"
    shutil.copytree(ledger_of(root).parent, copy.parent)
    forget_the_note(root)
    sent = len(sink.sink.mails)
    there = ("--resume", "--ledger", f"sqlite:///{copy}")
    refused = notify(root, sink, 3, *there)
    assert "a copy, made before a run on it had ended" in refused.stderr
    assert len(sink.sink.mails) == sent
    held = notify(root, sink, 3, *there, "--hold-doubtful", *PERSON)
    assert "in doubt" in held.stderr
    assert len(sink.sink.mails) == sent
    notify(root, sink, 0, "--retry-failed", *there[1:])  # the decision holds
    assert {each.recipient for each in sink.sink.mails} == set(people(200))


def test_a_person_s_word_counts_where_no_witness_speaks(root: Path, sink: Server) -> None:
    """As with an image of the whole disk: a copy from within the killed run, in the same file, and no note."""
    listing = write_list(root.parent / "list.csv", people(200))
    killed_after(root, sink, 8, "--recipients", str(listing))
    image = {each.name: each.read_bytes() for each in ledger_of(root).parent.glob("ledger.sqlite*")}
    killed_after(root, sink, 40, "--resume")
    for name in (each for each in image if not each.endswith("-shm")):
        (ledger_of(root).parent / name).write_bytes(image[name])
    ledger_of(root).with_name("ledger.sqlite-shm").unlink()
    forget_the_note(root)
    for record in (root / f"versions/{PENDING}/evidence").glob("*-progress.json"):
        git(
            root, "rm", "--quiet", "--force", str(record)
        )  # the record that the second run goes on: as if both had been one run
    commit(root, "one run")
    git(root, "push", "--quiet")
    sent = len(sink.sink.mails)
    held = notify(root, sink, 3, "--resume", "--hold-doubtful", *PERSON)
    assert "in doubt" in held.stderr
    assert (len(sink.sink.mails), states(root).get("queued")) == (sent, None)
    assert evidence(root, "started")[-1]["adopts"]["ledger"] == evidence(root, "started")[0]["ledger"]


def test_the_ledger_itself_is_taken_on_another_machine_after_a_kill(root: Path, sink: Server) -> None:
    """Its disk moved: the same file in another place, no note."""
    listing = write_list(root.parent / "list.csv", people(200))
    killed_after(root, sink, 20, "--recipients", str(listing))
    moved = ledger_of(root).parent.rename(root.parent / "moved")
    forget_the_note(root)
    notify(root, sink, 0, "--resume", "--ledger", f"sqlite:///{moved}/ledger.sqlite")
    assert {each.recipient for each in sink.sink.mails} == set(people(200))
    assert len(sink.sink.mails) - 200 <= 2


def test_a_run_that_is_stopped_records_how_far_it_came(root: Path, sink: Server) -> None:
    sink.sink.delay = 0.05
    listing = write_list(root.parent / "list.csv", people(100))
    process = start(root, "--recipients", str(listing), "--smtp", sink.url)
    wait_for(sink, 8)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    (record,) = evidence(root, "progress")
    assert (record["counts"]["accepted"], process.returncode) == (len(sink.sink.mails), 130)
    assert git(root.with_name("repo.git"), "log", "-1", "--format=%s").strip().endswith("notice progress")
    assert Cli(root)("verify", "--as-of", "2020-03-05").exit_code == 0


def test_a_retraction_out_of_an_old_ledger_tells_everybody_if_a_person_says_so(root: Path, sink: Server) -> None:
    backup = backed_up_after(root, sink, 2, 9)
    notify(root, sink, 0, "--resume", "--limit", "4")
    restore(root, backup)
    words = ("withdraw", PENDING, "--reason", "no", "--by", "A. Lawyer", "--as-of", "2020-03-10")
    assert Cli(root)(*words).exit_code == 0
    git(root, "push", "--quiet")
    later = ("--as-of", "2020-03-11", "--retraction")
    assert "everybody on its list is told that it doesn't come" in notify(root, sink, 3, *later).stderr
    notify(root, sink, 0, *later, *PERSON, "--limit", "3")
    notify(root, sink, 0, *later, "--resume")
    assert sorted(each.recipient for each in sink.sink.mails[6:]) == people(9)
    assert Cli(root)("verify", "--as-of", "2020-04-02").exit_code == 0


def test_a_forged_record_of_progress_is_named(root: Path, sink: Server) -> None:
    from policytrail.archive.store import frozen_messages, load_versions
    from policytrail.verify.mail_records import check_delivery

    backed_up_after(root, sink, 1, 3)
    version = next(each for each in load_versions(Workspace(root)) if each.id == PENDING)
    assert check_delivery(version, frozen_messages(Workspace(root), PENDING))[0] == []
    place = next(number for number, each in enumerate(version.evidence) if each.kind == "progress")
    from dataclasses import replace

    for change, sentence in (
        ({"ledger": "0" * 32}, "doesn't belong"),
        ({"counts": {}}, "lacks"),
        ({"counts": version.evidence[place].record["counts"] | {"accepted": -1}}, "whole numbers"),
    ):
        forged = replace(version.evidence[place], record={**version.evidence[place].record, **change})
        listed = (*version.evidence[:place], forged, *version.evidence[place + 1 :])
        found, _ = check_delivery(replace(version, evidence=listed), frozen_messages(Workspace(root), PENDING))
        assert sentence in str(found[0]), change
