"""A changed, added, removed, renamed, linked or swapped file of a frozen version is found and named; what is whole raises no alarm."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from releases import EDITORIAL, change, pending, reseal
from samples import commit, forget, git

from conftest import Cli
from policytrail.archive.manifest import sha256
from policytrail.archive.store import check_chain, check_folder, read_folder, version_ids
from policytrail.workspace import Workspace

DAY = ("--as-of", "2020-06-01")


@pytest.fixture(scope="module")
def history_once(released_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three versions, the second with its site notice as evidence; made once."""
    root = tmp_path_factory.mktemp("history") / "repo"
    shutil.copytree(released_once, root, symlinks=True)
    cli = Cli(root)
    pending(root, cli)
    change(root, EDITORIAL)
    result = cli("release", "--effective", "2020-05-01", "--as-of", "2020-04-20")
    assert result.exit_code == 0, result.output
    return root


@pytest.fixture
def history(repo: Path, history_once: Path) -> Path:
    """A copy of it, where `cli` works."""
    shutil.rmtree(repo)
    shutil.copytree(history_once, repo, symlinks=True)
    return repo


LAST = "versions/2020-05-01/evidence/0001-site.json"


def frozen(root: Path) -> list[Path]:
    return sorted(path for path in (root / "versions").rglob("*") if path.is_file())


def found(root: Path) -> str:
    """What the files alone tell, without git."""
    folders = [read_folder(Workspace(root), identity) for identity in version_ids(Workspace(root))]
    problems = [each for folder in folders for each in check_folder(folder)] + check_chain(folders)
    return "\n".join(map(str, problems))


@contextmanager
def spoiled(path: Path) -> Iterator[bytes]:
    content = path.read_bytes()
    yield content
    if path.is_symlink() or path.exists():
        path.unlink()
    path.write_bytes(content)


def flips(root: Path, per_file: int | None, chance: random.Random) -> Iterator[tuple[Path, int]]:
    for path in frozen(root):
        size = path.stat().st_size
        places = range(size) if per_file is None else {0, size - 1, *(chance.randrange(size) for _ in range(per_file))}
        yield from ((path, place) for place in places)


def check_flips(root: Path, per_file: int | None) -> int:
    chance = random.Random(7)
    count = 0
    for path, place in flips(root, per_file, chance):
        content = path.read_bytes()
        bit = 1 << chance.randrange(8)
        path.write_bytes(content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :])
        problems = check_folder(read_folder(Workspace(root), path.relative_to(root).parts[1]))
        assert path.relative_to(root).as_posix() in {each.path for each in problems}, (path, place, bit)
        path.write_bytes(content)
        count += 1
    assert found(root) == ""
    return count


def test_a_flipped_bit_is_found_and_the_file_named(history: Path) -> None:
    assert check_flips(history, 6) > 200


@pytest.mark.slow
def test_every_byte_of_every_file(history: Path) -> None:
    assert check_flips(history, None) > 50_000


def test_a_record_of_evidence_has_the_name_that_its_kind_gives(history: Path) -> None:
    for path in (each for each in frozen(history) if each.parent.name == "evidence"):
        for name in (f"{path.name}.moved", f"{path.name[:5]}email.json", f"{path.stem}.txt", f"{path.stem}s.json"):
            moved = path.with_name(name)
            path.rename(moved)
            assert f"{moved.relative_to(history).as_posix()}:" in found(history)
            moved.rename(path)
    assert found(history) == ""


def test_added_removed_renamed_linked_and_cut_files(history: Path, cli: Cli) -> None:
    for path in frozen(history):
        name = path.relative_to(history).as_posix()
        for harm in (_remove, _rename, _link, _cut, _empty, _longer):
            with spoiled(path) as content:
                harm(path, content)
                # Nothing points at the record that was written last of all: git tells.
                cut_off = name == LAST and harm in (_remove, _rename)
                said = cli("verify", *DAY).stderr if cut_off else found(history)
                assert f"{name}:" in said, (name, harm.__name__)
        (path.parent / f"{path.stem}.tmp-1").unlink(missing_ok=True)
    for extra in (
        "more.txt",
        "notice/more.txt",
        "evidence/0009-site.json",
        "evidence/x",
        "deep/er/file",
        ".hidden",
        "MANIFEST.json",
    ):
        path = history / "versions/2020-04-01" / extra
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
        assert f"versions/2020-04-01/{extra}:" in found(history), extra
        path.unlink()
    os.mkfifo(history / "versions/2020-04-01/pipe")
    assert "versions/2020-04-01/pipe:" in found(history)
    (history / "versions/2020-04-01/pipe").unlink()
    assert cli("verify", *DAY).exit_code == 0


def _remove(path: Path, _: bytes) -> None:
    path.unlink()


def _rename(path: Path, _: bytes) -> None:
    path.rename(path.parent / f"{path.stem}.tmp-1")


def _link(path: Path, content: bytes) -> None:
    path.unlink()
    outside = path.parents[len(path.parts) - 4] / "outside"
    outside.write_bytes(content)
    path.symlink_to(outside)


def _cut(path: Path, content: bytes) -> None:
    path.write_bytes(content[: len(content) // 2])


def _empty(path: Path, _: bytes) -> None:
    path.write_bytes(b"")


def _longer(path: Path, content: bytes) -> None:
    path.write_bytes(content + b"\n")


def test_folders_removed_renamed_swapped_and_linked(history: Path, cli: Cli) -> None:
    versions = history / "versions"

    def alarm(*names: str) -> None:
        result = cli("verify", *DAY)
        assert result.exit_code == 1, result.output
        assert any(name in result.stderr for name in names), (names, result.stderr)

    for name in ("2020-01-01", "2020-04-01", "2020-05-01"):
        (versions / name).rename(history / "away")
        alarm(name, "2020-04-01", "2020-05-01")
        (history / "away").rename(versions / name)
        (versions / name).rename(versions / "2020-02-02")
        alarm(name, "2020-02-02")
        (versions / "2020-02-02").rename(versions / name)
        shutil.move(versions / name, history / "away")
        (versions / name).symlink_to(history / "away")
        alarm(name)
        (versions / name).unlink()
        shutil.move(history / "away", versions / name)
    (versions / "2020-01-01").rename(history / "away")
    (versions / "2020-04-01").rename(versions / "2020-01-01")
    (history / "away").rename(versions / "2020-04-01")
    alarm("2020-01-01", "2020-04-01")
    (versions / "2020-01-01").rename(history / "away")
    (versions / "2020-04-01").rename(versions / "2020-01-01")
    (history / "away").rename(versions / "2020-04-01")
    assert cli("verify", *DAY).exit_code == 0


def test_recomputed_manifests_break_what_points_at_them(history: Path) -> None:
    version = history / "versions/2020-04-01"

    def rewritten(record: dict[str, Any]) -> None:
        record["files"]["policy.md"] = sha256((version / "policy.md").read_bytes())

    (version / "policy.md").write_text("Other words.\n")
    reseal(version / "manifest.json", rewritten)
    said = found(history)
    assert "versions/2020-05-01/manifest.json:" in said  # the version after it names the old hash
    assert "versions/2020-04-01/notice/manifest.json:" in said  # so does its own notice


def test_the_newest_version_rewritten_with_all_its_manifests_differs_from_git(history: Path, cli: Cli) -> None:
    version, kept = history / "versions/2020-05-01", history.parent / "kept.eml"
    kept.write_bytes((version / "notice/mail.eml").read_bytes())
    (version / "policy.md").write_text("Other words.\n")
    reseal(
        version / "manifest.json",
        lambda record: record["files"].update({"policy.md": sha256((version / "policy.md").read_bytes())}),
    )
    digest = sha256((version / "manifest.json").read_bytes())
    reseal(version / "notice/manifest.json", lambda record: record.update({"version_manifest": digest}))
    result = cli("verify", *DAY)
    assert (result.exit_code, "versions/2020-05-01/policy.md" in result.stderr) == (1, True)
    commit(history, "as if it had always been so")
    result = cli("verify", *DAY)
    assert (result.exit_code, f"{LAST}: This evidence belongs to another version" in result.stderr) == (1, True)

    before = sha256((version / "notice/manifest.json").read_bytes())
    reseal(history / LAST, lambda record: record.update({"version_manifest": digest, "previous": before}))
    commit(history, "all of it")
    said = cli("verify", *DAY).stderr
    assert f"{LAST}: This frozen file was changed by the commit" in said  # git's own history tells,
    forget(history)
    assert cli("verify", *DAY).exit_code == 0  # the newest version, rewritten with all of history, proves itself:
    assert cli("verify", *DAY, "--against", str(kept)).exit_code == 1  # whoever kept something can tell


def test_a_record_that_was_written_last_is_missed_by_who_kept_the_api(history: Path, cli: Cli, tmp_path: Path) -> None:
    assert cli("build", *DAY).exit_code == 0
    kept = shutil.copy(history / "site/api/v1/versions/2020-05-01.json", tmp_path / "kept.json")
    assert cli("verify", *DAY, "--against", str(kept)).exit_code == 0
    (history / LAST).unlink()
    commit(history, "as if nobody had looked")
    assert f"{LAST}: This frozen file was deleted by the commit" in cli("verify", *DAY).stderr
    forget(history)
    assert "0001-site.json" not in cli("verify", *DAY).stderr  # nothing names it, and git holds what it was told
    result = cli("verify", *DAY, "--against", str(kept))
    assert (result.exit_code, "names the fingerprint" in result.stderr) == (1, True), result.stderr


DATES = [
    ("effective", "2020-03-15"),
    ("announced", "2019-01-01"),
    ("announced", "2020-04-02"),
    ("id", "2020-03-15"),
    ("severity", "editorial"),
]


@pytest.mark.parametrize(("field", "value"), DATES)
def test_a_forged_date_or_severity_in_the_newest_manifest(released: Path, cli: Cli, field: str, value: str) -> None:
    pending(released, cli)
    reseal(released / "versions/2020-04-01/manifest.json", lambda record: record.update({field: value}))
    result = cli("verify", *DAY)
    assert (result.exit_code, "versions/2020-04-01/" in result.stderr) == (1, True), result.output


def test_evidence_swapped_between_versions(history: Path, cli: Cli) -> None:
    other = history / "versions/2020-05-01/evidence/0001-site.json"
    mine = history / "versions/2020-04-01/evidence/0001-site.json"
    if other.exists():
        one, two = mine.read_bytes(), other.read_bytes()
        mine.write_bytes(two), other.write_bytes(one)
    else:
        other.parent.mkdir(exist_ok=True)
        shutil.copy(mine, other)
    said = found(history)
    assert "versions/2020-05-01/evidence/0001-site.json:" in said
    assert cli("verify", *DAY).exit_code == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("version", "2020-01-01"), ("version_manifest", "0" * 64), ("on", "2020-02-01"), ("previous", "0" * 64)],
)
def test_evidence_that_is_not_of_this_version(history: Path, cli: Cli, field: str, value: str) -> None:
    path = history / "versions/2020-04-01/evidence/0001-site.json"
    reseal(path, lambda record: record.update({field: value}))
    commit(history, "forged")
    result = cli("verify", *DAY)
    assert (result.exit_code, "versions/2020-04-01/" in result.stderr) == (1, True), result.output


def test_what_is_whole_raises_no_alarm(history: Path, tmp_path: Path) -> None:
    (history / ".gitattributes").write_text("versions/** -text\n")
    commit(history)
    ways = {
        "clone": ["clone", "--quiet", str(history)],
        "shallow": ["clone", "--quiet", "--depth", "1", f"file://{history}"],
        "crlf": ["clone", "--quiet", "-c", "core.autocrlf=true", str(history)],
        "no-tags": ["clone", "--quiet", "--no-tags", str(history)],
        "case": ["clone", "--quiet", "-c", "core.ignoreCase=true", str(history)],
        "modes": ["clone", "--quiet", "-c", "core.fileMode=false", str(history)],
    }
    for name, words in ways.items():
        git(tmp_path, *words, name)
        result = Cli(tmp_path / name)("verify", *DAY)
        assert result.exit_code == 0, (name, result.output)
    shutil.copytree(history, tmp_path / "tarball", ignore=shutil.ignore_patterns(".git"))
    assert Cli(tmp_path / "tarball")("verify", *DAY).exit_code == 0


def test_a_version_taken_away_is_missed_by_history_and_by_its_tag(history: Path, cli: Cli) -> None:
    shutil.rmtree(history / "versions/2020-05-01")
    git(history, "tag", "-d", "2020-05-01")
    commit(history, "as if it had never been")
    result = cli("verify", *DAY)
    assert (
        result.exit_code,
        "versions/2020-05-01/manifest.json: This frozen file was deleted by" in result.stderr,
    ) == (1, True)
    git(history, "reset", "--quiet", "--hard", "HEAD~2")
    assert cli("verify", *DAY).exit_code == 0  # an older state is whole in itself
    git(history, "tag", "-a", "-m", "kept", "2020-05-01", "HEAD@{1}")
    result = cli("verify", *DAY)
    assert (result.exit_code, "Git tags name versions that aren't here: 2020-05-01." in result.stderr) == (0, True), (
        result.stderr
    )


def test_of_two_releases_side_by_side_one_may_go(released: Path, cli: Cli) -> None:
    git(released, "checkout", "--quiet", "-b", "other")
    change(released, EDITORIAL)
    assert cli("release", "--effective", "2020-03-01", "--as-of", "2020-03-01").exit_code == 0
    git(released, "checkout", "--quiet", "-b", "mine", "other~2")
    change(released, ("clauses/sharing/promise.md", "information, except", "information -- except"))
    assert cli("release", "--effective", "2020-03-02", "--as-of", "2020-03-02").exit_code == 0
    git(released, "merge", "--quiet", "--strategy", "ours", "--no-commit", "other")
    git(released, "checkout", "other", "--", "versions")
    commit(released, "both")
    assert "forked" in cli("verify", *DAY).stderr
    git(released, "rm", "--quiet", "-r", "versions/2020-03-01")
    git(released, "tag", "-d", "2020-03-01")
    commit(released, "the one that nobody saw goes")
    result = cli("verify", *DAY)
    assert result.exit_code == 0, result.stderr


@pytest.mark.parametrize(
    ("command", "status", "says"),
    [
        ("git tag -f 2020-04-01 $(git rev-parse HEAD:policy)", 1, "tag 2020-04-01: This tag points elsewhere"),
        (
            "git tag -f 2020-04-01 $(git rev-parse HEAD:policy/policy.yaml)",
            1,
            "tag 2020-04-01: This tag points elsewhere",
        ),
        ("echo junk > .git/refs/tags/2020-04-01", 0, "There is no git tag 2020-04-01"),
        ("printf '%040d' 1 > .git/refs/tags/2020-04-01", 1, ".git: git can't read this repository"),
        (
            "o=.git/objects/$(git rev-parse HEAD | sed 's/../&\\//'); chmod u+w $o; echo junk > $o",
            1,
            ".git: git can't read this repository",
        ),
        (
            "o=.git/objects/$(git rev-parse HEAD:versions/2020-01-01/policy.md | sed 's/../&\\//'); rm -f $o",
            1,
            ".git: git can't read this repository",
        ),
        ("rm .git/config; mkfifo .git/config", 1, ".git/config is a pipe"),
        ("rm -f .git/packed-refs; mkfifo .git/packed-refs", 1, ".git/packed-refs is a pipe"),
        ("mkfifo .git/objects/info/alternates", 1, ".git/objects/info/alternates is a pipe"),
        ("mkfifo .git/refs/tags/x", 1, ".git/refs/tags/x is a pipe"),
        ("mkfifo .git/inc; git config include.path inc", 1, ".git/inc is a pipe"),
    ],
)
def test_broken_tags_objects_and_pipes_of_git_are_named(
    history: Path, cli: Cli, command: str, status: int, says: str
) -> None:
    subprocess.run(["sh", "-c", command], cwd=history, check=False, capture_output=True, timeout=20)
    result = cli("verify", *DAY)
    assert (result.exit_code, says in result.stderr) == (status, True), result.stderr
