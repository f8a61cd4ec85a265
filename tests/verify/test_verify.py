"""What verification finds, each by its name; and that it says nothing where nothing is wrong."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from samples import commit, forget, git, serving
from world import JOB, PURPOSE, TYPO, World

from conftest import needed
from policytrail.archive.manifest import pretty
from policytrail.model.change import canonical
from policytrail.verify import notice_findings
from policytrail.verify.verify import Report, verify
from policytrail.workspace import Workspace

DAY = date(2020, 4, 2)
NEW = "2020-04-01"


@pytest.fixture
def made(tmp_path: Path) -> World:
    """Two versions, the second with notice by site and email."""
    world = World(tmp_path / "repo").edit(JOB)
    world.release(NEW, "2020-03-01")
    world.evidence(NEW, "started", "2020-03-01", {"ledger": "one"})
    world.evidence(NEW, "email", "2020-03-02", {"counts": {"accepted": 8, "bounced": 1}, "total": 9})
    assert names(verify(Workspace(world.root), DAY)) == set()
    return world


def names(report: Report) -> set[str]:
    return {each.name for each in (*report.broken, *report.unproven)}


def remarks(report: Report) -> set[str]:
    return {each.name for each in report.remarks}


def change(path: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    """Change a sealed record and seal it again, as somebody would who knows how it is made."""
    record = json.loads(path.read_text())
    edit(record)
    record.pop("self", None)
    path.write_bytes(pretty({**record, "self": hashlib.sha256(canonical(record)).hexdigest()}))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sealed_again(root: Path, ids: Iterable[str]) -> None:
    """Rewrite every hash that hangs on the manifests, as a forger of the whole repository would."""
    hashes: dict[str, str] = {}
    for identity in ids:
        folder = root / "versions" / identity

        def relink(record: dict[str, Any]) -> None:
            for name in ("previous", "follows", "corrects"):
                if record.get(name):
                    record[name]["sha256"] = hashes[record[name]["id"]]

        change(folder / "manifest.json", relink)
        hashes[identity] = digest(folder / "manifest.json")
        change(folder / "notice/manifest.json", lambda each, of=identity: each.update(version_manifest=hashes[of]))  # type: ignore[misc]
        before = digest(folder / "notice/manifest.json")
        for path in sorted((folder / "evidence").glob("*.json")):
            change(path, lambda each, of=identity, link=before: each.update(version_manifest=hashes[of], previous=link))  # type: ignore[misc]
            before = digest(path)
    commit(root, "as if nothing had happened")


def test_files_more_fewer_changed_and_linked(made: World) -> None:
    folder = made.root / "versions" / NEW
    cases: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
        ("file-added", lambda: (folder / "more.txt").write_text("x"), (folder / "more.txt").unlink),
        ("file-added", lambda: (folder / "notice/more.txt").write_text("x"), (folder / "notice/more.txt").unlink),
        (
            "file-missing",
            (folder / "policy.md").unlink,
            lambda: git(made.root, "checkout", "--", str(folder / "policy.md")),
        ),
        (
            "file-changed",
            lambda: (folder / "policy.md").write_text("x"),
            lambda: git(made.root, "checkout", "--", str(folder / "policy.md")),
        ),
        ("file-linked", lambda: os.symlink("/etc/hostname", folder / "link"), (folder / "link").unlink),
        ("file-linked", lambda: os.mkfifo(folder / "pipe"), (folder / "pipe").unlink),
        (
            "file-linked",
            lambda: os.symlink(folder, folder.parent / "2021-01-01"),
            (folder.parent / "2021-01-01").unlink,
        ),
        ("id-form", (folder.parent / "2021-13-01").mkdir, (folder.parent / "2021-13-01").rmdir),
        ("id-form", (folder.parent / "２０２１-01-01").mkdir, (folder.parent / "２０２１-01-01").rmdir),
        ("id-form", (folder.parent / "2021-01-01.01").mkdir, (folder.parent / "2021-01-01.01").rmdir),
        (
            "id-form",
            lambda: folder.rename(folder.parent / "2020-04-02"),
            lambda: (folder.parent / "2020-04-02").rename(folder),
        ),
    ]
    for name, harm, heal in cases:
        harm()
        report = verify(Workspace(made.root), DAY)
        assert name in names(report), (name, report)
        heal()
    assert names(verify(Workspace(made.root), DAY)) == set()


def test_a_broken_and_a_forked_chain(made: World) -> None:
    made.edit(PURPOSE).release("2020-06-01", "2020-04-01")
    folder = made.root / "versions"
    shutil.move(folder / NEW, made.root / "aside")
    assert "chain-broken" in names(verify(Workspace(made.root), DAY))
    shutil.move(made.root / "aside", folder / NEW)
    first = {"id": "2020-01-01", "sha256": digest(folder / "2020-01-01/manifest.json")}
    change(folder / "2020-06-01/manifest.json", lambda each: each.update(previous=first))
    assert "chain-forked" in names(verify(Workspace(made.root), DAY))
    git(made.root, "checkout", "--", "versions")
    change(folder / "2020-06-01/manifest.json", lambda each: each.update(announced="2020-02-01"))
    assert "dates-order" in names(verify(Workspace(made.root), DAY))


def test_evidence_of_another_version_or_out_of_line(made: World) -> None:
    folder = made.root / "versions" / NEW / "evidence"
    change(folder / "0003-email.json", lambda each: each.update(version="2020-01-01"))
    assert "evidence-foreign" in names(verify(Workspace(made.root), DAY))
    git(made.root, "checkout", "--", "versions")
    change(folder / "0002-started.json", lambda each: each.update(previous="0" * 64))
    assert "evidence-chain" in names(verify(Workspace(made.root), DAY))
    git(made.root, "checkout", "--", "versions")
    (folder / "0002-started.json").unlink()
    assert {"evidence-chain", "file-missing"} <= names(verify(Workspace(made.root), DAY))


def test_tags_are_held_against_the_release(made: World) -> None:
    git(made.root, "tag", "--force", "-a", "-m", "moved", NEW, "HEAD")
    assert names(verify(Workspace(made.root), DAY)) == {"tag-moved"}
    added = git(made.root, "log", "--diff-filter=A", "--format=%H", "--", f"versions/{NEW}/manifest.json").strip()
    git(made.root, "tag", "--force", NEW, added)
    assert names(verify(Workspace(made.root), DAY)) == set()
    assert "tag-light" in remarks(verify(Workspace(made.root), DAY))
    git(made.root, "tag", "--delete", NEW)
    assert "tag-missing" in remarks(verify(Workspace(made.root), DAY))


def test_signed_tags_where_git_has_a_key(tmp_path: Path) -> None:
    keygen = needed("ssh-keygen", "the Debian package openssh-client")
    world = World(tmp_path / "repo").edit(JOB)
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")], check=True)
    for name, value in (("gpg.format", "ssh"), ("user.signingkey", str(tmp_path / "key.pub")), ("tag.gpgSign", "true")):
        git(world.root, "config", name, value)
    world.release(NEW, "2020-03-01")
    assert "-----BEGIN SSH SIGNATURE-----" in git(world.root, "cat-file", "tag", NEW)
    report = verify(Workspace(world.root), DAY)
    assert names(report) == set()
    assert {"tag-unsigned", "tag-unverified"} <= remarks(report)  # the first release had no key; nobody is trusted yet
    allowed = tmp_path / "allowed"
    allowed.write_text(f"test@post.example {(tmp_path / 'key.pub').read_text()}")
    git(world.root, "config", "gpg.ssh.allowedSignersFile", str(allowed))
    assert "tag-unverified" not in remarks(verify(Workspace(world.root), DAY))


def test_forged_history_is_refused_and_shallow_is_named(made: World, tmp_path: Path) -> None:
    git(made.root, "replace", "HEAD", "HEAD~1")
    assert "history-forged" in names(verify(Workspace(made.root), DAY))
    git(made.root, "replace", "--delete", git(made.root, "rev-parse", "HEAD").strip())
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{made.root}", str(clone))
    report = verify(Workspace(clone), DAY)
    assert (names(report), remarks(report)) == (set(), {"shallow", "reconstructed"})
    shutil.rmtree(clone / ".git")
    assert remarks(verify(Workspace(clone), DAY)) == {"no-git", "reconstructed"}


def test_line_ends_that_git_converted_are_no_alarm(made: World, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(
        tmp_path, "-c", "core.autocrlf=true", "clone", "--quiet", "-c", "core.autocrlf=true", str(made.root), str(clone)
    )
    assert b"\r\n" in (clone / f"versions/{NEW}/policy.md").read_bytes()
    report = verify(Workspace(clone), DAY)
    assert (names(report), "line-ends" in remarks(report)) == (set(), True)
    path = clone / f"versions/{NEW}/policy.md"
    path.write_bytes(path.read_bytes().replace(b"personal", b"public", 1))
    assert {"file-changed", "file-differs"} <= names(verify(Workspace(clone), DAY))


def test_a_git_that_converts_line_ends_freezes_the_bytes_as_they_are(tmp_path: Path) -> None:
    world = World(tmp_path / "repo").edit(JOB)
    git(world.root, "config", "core.autocrlf", "true")
    world.release(NEW, "2020-03-01")
    assert b"\r\n" in (world.root / f"versions/{NEW}/notice/mail.eml").read_bytes()
    report = verify(Workspace(world.root), DAY)
    assert (names(report), remarks(report)) == (set(), {"reconstructed"})


def test_files_that_only_this_disk_has_are_named(made: World) -> None:
    from policytrail.archive.store import append_evidence

    append_evidence(Workspace(made.root), NEW, "post", date(2020, 3, 5), {"note": "x", "by": "y"})
    assert "uncommitted" in remarks(verify(Workspace(made.root), DAY))


@pytest.mark.parametrize(
    ("kind", "on", "record", "name"),
    [
        ("post", "2020-02-28", {}, "dates-order"),
        ("post", "2031-01-01", {}, "date-future"),
        ("email", "2020-03-05", {"counts": {"accepted": 8}, "total": 9}, "record-form"),
        ("email", "2020-03-05", {"counts": {"accepted": -1}, "total": -1}, "record-form"),
        ("email", "2020-03-05", {"counts": {"accepted": True}, "total": 1}, "record-form"),
        ("observed", "2020-03-05", {}, "record-form"),
    ],
)
def test_dates_and_counts_of_the_evidence(made: World, kind: str, on: str, record: dict[str, Any], name: str) -> None:
    made.evidence(NEW, kind, on, record)
    assert names(verify(Workspace(made.root), DAY)) == {name}


def test_a_mailing_is_started_before_it_is_complete(tmp_path: Path) -> None:
    world = World(tmp_path / "repo").edit(JOB)
    world.release(NEW, "2020-03-01")
    world.evidence(NEW, "email", "2020-03-02", {})
    world.evidence(NEW, "started", "2020-03-03", {})
    assert names(verify(Workspace(world.root), DAY)) == {"dates-order"}


def test_a_version_of_the_future(made: World) -> None:
    def later(manifest: dict[str, Any]) -> None:
        manifest.update(announced="2031-01-01")

    change(made.root / "versions" / NEW / "manifest.json", later)
    sealed_again(made.root, ["2020-01-01", NEW])
    assert {"dates-order", "date-future"} <= names(verify(Workspace(made.root), DAY))
    change(
        made.root / "versions" / NEW / "manifest.json",
        lambda each: each.update(announced="2020-03-01", recorded_at="2044-01-01T00:00:00+00:00"),
    )
    sealed_again(made.root, ["2020-01-01", NEW])
    assert "date-future" in names(verify(Workspace(made.root), DAY))


def test_a_record_before_the_commit_it_builds_on_is_remarked(made: World) -> None:
    change(
        made.root / "versions" / NEW / "manifest.json",
        lambda each: each.update(recorded_at="2020-03-01T12:00:00+00:00"),
    )
    sealed_again(made.root, ["2020-01-01", NEW])
    assert "before-parent" in remarks(verify(Workspace(made.root), DAY))


def test_notice_missing_or_late(tmp_path: Path) -> None:
    world = World(tmp_path / "repo").edit(JOB)
    world.release(NEW, "2020-03-01")
    evidence = world.root / "versions" / NEW / "evidence"
    shutil.rmtree(evidence)
    commit(world.root)
    assert names(verify(Workspace(world.root), DAY)) == {"history-removed", "notice-missing"}
    forget(world.root)
    assert names(verify(Workspace(world.root), DAY)) == {"notice-missing"}
    world.evidence(NEW, "email", "2020-03-20", {})
    assert names(verify(Workspace(world.root), DAY)) == {"notice-late"}
    # It came into force later, when its notice had run: the promise was kept.
    assert world.current("2020-04-20") == NEW
    assert names(verify(Workspace(world.root), date(2020, 4, 20))) == set()


def test_a_duty_that_was_tampered_with_fails_under_any_rules(made: World) -> None:
    manifest = made.root / "versions" / NEW / "manifest.json"

    def forged(days: int, rules: str) -> Callable[[dict[str, Any]], None]:
        return lambda each: each.update(duty={**each["duty"], "days": days}, rules=rules)

    rules = json.loads(manifest.read_text())["rules"]
    for days, of, name in (
        (0, rules, "duty-below-promise"),
        (0, "other", "duty-below-promise"),
        (45, rules, "duty-wrong"),
    ):
        change(manifest, forged(days, of))
        sealed_again(made.root, ["2020-01-01", NEW])
        assert name in names(verify(Workspace(made.root), DAY)), (days, of)
    change(manifest, lambda each: each.update(duty={**each["duty"], "days": 30, "before": False}))
    sealed_again(made.root, ["2020-01-01", NEW])
    assert "duty-below-promise" in names(verify(Workspace(made.root), DAY))


def test_newer_rules_do_not_fail_an_older_version(made: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace as changed

    monkeypatch.setattr(notice_findings, "rules_digest", lambda: "rules of another release")
    real = notice_findings.duty
    monkeypatch.setattr(notice_findings, "duty", lambda *words: changed(real(*words), days=real(*words).days and 60))
    report = verify(Workspace(made.root), DAY)
    assert (names(report), "rules-changed" in remarks(report)) == (set(), True)


def test_a_correction_that_goes_beyond_its_notice(tmp_path: Path) -> None:
    world = World(tmp_path / "repo").edit(JOB)
    world.release(NEW, "2020-03-01")
    world.edit(TYPO).release(NEW, "2020-03-10")
    folder = world.root / "versions/2020-04-01.1"
    assert names(verify(Workspace(world.root), DAY)) == set()
    comparison = json.loads((folder / "comparison.json").read_text())
    comparison["changes"][0]["after"] = "user.genetic"
    comparison["changes"][0]["id"] = "c12345678"
    (folder / "comparison.json").write_bytes(pretty(comparison))
    files = {each: digest(folder / each) for each in json.loads((folder / "manifest.json").read_text())["files"]}
    change(folder / "manifest.json", lambda each: each.update(files=files))
    sealed_again(world.root, ["2020-01-01", NEW, "2020-04-01.1"])
    assert "correction-beyond" in names(verify(Workspace(world.root), DAY))


def kept(made: World, where: Path) -> list[Path]:
    """What readers may have kept: the mail, pages, feeds, API documents, a manifest, a clone."""
    site = made.site("2020-03-10")
    files = [made.root / "versions" / NEW / "notice/mail.eml", made.root / "versions" / NEW / "manifest.json"]
    files += [
        site / each
        for each in ("upcoming/index.html", "feed.atom", "feed.json", "api/v1/notice.json", "api/v1/versions.json")
    ]
    copies = [Path(shutil.copy(each, where / f"{number}{each.suffix}")) for number, each in enumerate(files)]
    git(where, "clone", "--quiet", "--bare", str(made.root), "kept.git")
    return [*copies, where / "kept.git"]


def test_a_rewritten_repository_is_found_by_any_copy_that_was_kept(made: World, tmp_path: Path) -> None:
    copies = kept(made, tmp_path)
    words = [word for each in copies for word in ("--against", str(each))]
    said = made.run("verify", "--as-of", "2020-04-02", *words)
    assert "the same here" in said.stderr
    # Rewrite everything: another text for the announced version, every hash made to fit, the tags moved along.
    folder = made.root / "versions" / NEW
    (folder / "policy.md").write_text((folder / "policy.md").read_text().replace("sell", "give"))
    change(folder / "manifest.json", lambda each: each["files"].update({"policy.md": digest(folder / "policy.md")}))
    sealed_again(made.root, ["2020-01-01", NEW])
    forget(made.root)
    for identity in ("2020-01-01", NEW):
        git(made.root, "tag", "-a", "-m", "x", identity)
    made.run("verify", "--as-of", "2020-04-02")  # by itself it proves itself: that is said in the docs
    for each in copies:
        report = verify(Workspace(made.root), DAY, [str(each)])
        assert names(report) == {"against"}, each


def test_a_remote_is_compared_by_its_name_and_by_its_address(made: World, tmp_path: Path) -> None:
    remote = tmp_path / "archive.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(made.root), str(remote))
    git(made.root, "remote", "add", "archive", remote.as_uri())
    git(made.root, "remote", "add", "beside", os.path.relpath(remote, made.root))
    evil = tmp_path / "evil"
    evil.write_text('#!/bin/sh\ntouch "$(dirname "$0")"/ran\n')
    evil.chmod(0o755)
    for name, value in (
        ("remote.archive.uploadpack", str(evil)),
        ("core.sshCommand", str(evil)),
        (f"url.ext::{evil}.insteadOf", "file://"),
    ):
        git(made.root, "config", name, value)
    places = ("archive", "beside", remote.as_uri())
    for each in places:
        said = made.run("verify", "--as-of", "2020-04-02", "--against", each)
        assert "2 fingerprint(s) of 1 kept copies" in said.stderr
    (made.root / "versions" / NEW / "policy.md").write_text("Rewritten.")
    change(
        made.root / "versions" / NEW / "manifest.json",
        lambda each: each["files"].update({"policy.md": digest(made.root / "versions" / NEW / "policy.md")}),
    )
    sealed_again(made.root, ["2020-01-01", NEW])
    for each in places:
        assert "against" in names(verify(Workspace(made.root), DAY, [each]))
    assert not (tmp_path / "ran").exists()


def test_a_remote_on_a_host_of_plain_files_is_compared(made: World, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(made.root), "archive.git")
    git(tmp_path / "archive.git", "update-server-info")
    with serving(tmp_path) as base:
        said = made.run("verify", "--as-of", "2020-04-02", "--against", f"{base}archive.git")
        assert "2 fingerprint(s) of 1 kept copies" in said.stderr
        missing = made.run("verify", "--against", f"{base}nothing.git", status=1).stderr
        assert "git fetch failed" in missing and "not found" in missing


def test_a_remote_that_is_none_is_refused_in_a_sentence(made: World, tmp_path: Path) -> None:
    for each in ("nobody", "ext::sh -c true", "--upload-pack=x", "-x", "https://", "fd::3", "host:-oProxyCommand=x"):
        assert "There is no file, folder or remote" in made.run("verify", f"--against={each}", status=2).stderr, each
    git(tmp_path, "init", "--quiet", "--bare", "empty.git")
    said = made.run("verify", "--against", (tmp_path / "empty.git").as_uri(), status=1).stderr
    assert "git fetch failed" in said
    said = made.run("verify", "--against", "https://user:hunter2@127.0.0.1:1/x.git", status=1).stderr
    assert "git fetch failed" in said and "hunter2" not in said


def test_a_copy_without_a_fingerprint_proves_nothing(made: World, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("hello")
    made.run("verify", "--against", str(tmp_path / "empty.txt"), status=2)
    made.run("verify", "--against", str(tmp_path / "nowhere"), status=2)


def test_the_json_names_every_finding(made: World) -> None:
    (made.root / "versions" / NEW / "more.txt").write_text("x")
    found = json.loads(made.run("verify", "--as-of", "2020-04-02", "--format", "json", status=1).stdout)
    broken = [each for each in found["findings"] if each["group"] == "broken"]
    assert [(each["name"], each["path"]) for each in broken] == [("file-added", f"versions/{NEW}/more.txt")]
    assert found["broken"][0].startswith(f"versions/{NEW}/more.txt: ")
