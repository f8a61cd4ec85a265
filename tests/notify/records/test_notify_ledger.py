"""The ledger that a notice belongs to, and what is proven from it: another, an older or a missing one, proofs, records."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from notices import ON, PENDING, evidence, notify, people, send, with_pending
from samples import git
from sinks import Server

from conftest import Cli
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.workspace import Workspace


def test_another_ledger_is_refused_unless_a_person_adopts(root: Path, sink: Server, tmp_path: Path) -> None:
    assert send(root, sink, people(5), "--limit", "2").exit_code == 0
    other = f"sqlite:///{tmp_path}/other.sqlite"
    refused = send(root, sink, people(5), "--ledger", other)
    assert (refused.exit_code, "was started with ledger" in refused.stderr, len(sink.sink.mails)) == (3, True, 2)
    assert send(root, sink, people(5), "--ledger", other, "--adopt").exit_code == 2
    adopted = send(
        root, sink, people(5), "--ledger", other, "--adopt", "--by", "A. Lawyer", "--reason", "the disk is gone"
    )
    assert adopted.exit_code == 0, adopted.output
    assert evidence(root, "started")[1]["adopts"]["by"] == "A. Lawyer"
    back = notify(root, "--resume", "--smtp", sink.url)
    assert (back.exit_code, len(sink.sink.mails)) == (3, 7)
    assert Cli(root)("verify", "--as-of", "2020-03-05").exit_code == 0


def test_a_restored_backup_is_refused(root: Path, sink: Server) -> None:
    ledger = root / ".policytrail/ledger.sqlite"
    before = send(root, sink, people(3), "--dry-run")
    assert (before.exit_code, ledger.exists()) == (0, False)
    assert send(root, sink, people(3), "--limit", "1").exit_code == 0
    backup = ledger.read_bytes()
    assert notify(root, "--resume", "--smtp", sink.url).exit_code == 0
    for each in ledger.parent.glob("ledger.sqlite-*"):
        each.unlink()
    ledger.write_bytes(backup)
    result = notify(root, "--resume", "--smtp", sink.url)
    assert (result.exit_code, "backup" in result.stderr, len(sink.sink.mails)) == (3, True, 3), result.output


def test_a_ledger_of_another_repository_is_refused(root: Path, sink: Server, tmp_path: Path) -> None:
    other = with_pending(tmp_path / "other")
    git(other, "commit", "--amend", "-m", "another root", "--allow-empty", "--quiet")
    assert send(root, sink, people(2)).exit_code == 0
    git(other, "checkout", "--quiet", "--orphan", "fresh")
    git(other, "commit", "--quiet", "-m", "a new root")
    result = Cli(other)(
        "notify",
        PENDING,
        *ON,
        "--resume",
        "--smtp",
        sink.url,
        "--ledger",
        f"sqlite:///{root}/.policytrail/ledger.sqlite",
    )
    assert (result.exit_code, "another policy repository" in result.stderr) == (3, True), result.output


def test_a_ledger_with_other_messages_for_the_version_is_refused(root: Path, sink: Server) -> None:
    """As a clone would have made it that released other words for the same day."""
    assert send(root, sink, people(3), "--limit", "1").exit_code == 0
    with open_ledger(None, Workspace(root), "") as ledger, ledger.begin() as connection:
        connection.execute(schema.notice.update().values(digest="ab" * 32))
    refused = notify(root, "--resume", "--smtp", sink.url)
    assert (refused.exit_code, "another notice of 2020-04-01 (other messages)" in refused.stderr) == (3, True)
    assert len(sink.sink.mails) == 1


def test_a_ledger_that_is_gone_from_this_machine(root: Path, sink: Server) -> None:
    assert send(root, sink, people(2), "--limit", "1").exit_code == 0
    shutil.rmtree(root / ".policytrail")
    result = send(root, sink, people(2))
    assert (result.exit_code, len(sink.sink.mails)) == (3, 1)
    assert notify(root, "--report", "--ledger", f"sqlite:///{root}/none.sqlite").exit_code == 1


def test_one_person_s_proof_and_its_check(root: Path, sink: Server) -> None:
    assert send(root, sink, [*people(36), "once-b550+1@example.org"]).exit_code == 0
    cli = Cli(root)
    made = cli("prove", "User5@Example.org")
    assert made.exit_code == 1  # another local part, so another person
    made = cli("prove", "user5@EXAMPLE.org")
    assert made.exit_code == 0, made.output
    proof = json.loads(made.stdout)
    assert (proof["size"], proof["leaf"]["state"], proof["root"]) == (
        37,
        "accepted",
        evidence(root, "email")[0]["tree"]["root"],
    )
    assert "user5" not in made.stdout
    path = root.parent / "proof.json"
    path.write_text(made.stdout)
    assert notify(root, "--retry-failed", "--smtp", sink.url).exit_code == 0
    assert [each["counts"]["accepted"] for each in evidence(root, "email")] == [36, 37]  # the older proof still holds
    shutil.rmtree(root / ".policytrail")
    checked = cli("prove", "--check", str(path))
    assert (checked.exit_code, "The proof holds" in checked.stderr) == (0, True), checked.output
    for change in (
        {"index": (proof["index"] + 1) % 37},
        {"root": "00" * 32},
        {"path": proof["path"][1:]},
        {"leaf": proof["leaf"] | {"state": "refused"}},
        {"leaf": 1},
    ):
        path.write_text(json.dumps(proof | change))
        assert cli("prove", "--check", str(path)).exit_code == 1, change
    assert cli("prove").exit_code == 2


def test_a_record_that_says_other_than_it_must_is_named(root: Path, sink: Server) -> None:
    from policytrail.archive.manifest import sealed

    assert send(root, sink, people(3)).exit_code == 0
    path = next((root / f"versions/{PENDING}/evidence").glob("*-email.json"))
    whole = json.loads(path.read_text())
    for change, sentence in (
        ({"counts": whole["record"]["counts"] | {"accepted": 2}}, "add up"),
        ({"messages": {"mail.eml": "0" * 64}}, "frozen ones"),
        ({"ledger": "0" * 32}, "doesn't belong"),
        ({"stated": False}, "isn't the day"),
        ({"last_accepted": "2019-01-01T00:00:00.000Z"}, "contradict"),
        ({"tree": {}}, "lacks"),
    ):
        forged = {key: value for key, value in whole.items() if key != "self"} | {"record": whole["record"] | change}
        path.write_bytes(sealed(forged))
        git(root, "commit", "--quiet", "--all", "-m", "forged")
        found = Cli(root)("verify", "--as-of", "2020-03-05")
        assert (found.exit_code, sentence in found.stderr, path.name in found.stderr) == (1, True, True), (
            change,
            found.output,
        )
