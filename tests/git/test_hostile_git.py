"""A repository from a stranger, its .git included: whatever its configuration, refs and objects say, no program of theirs runs."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from releases import pending, tree
from samples import git

from conftest import Cli

DAY = ("--as-of", "2020-03-31")
READS = (("check",), ("status", *DAY), ("diff", "2020-01-01", "2020-04-01"), ("verify", *DAY))
SIGNED = {
    "x509": "-----BEGIN SIGNED MESSAGE-----\nabc\n-----END SIGNED MESSAGE-----",
    "openpgp": "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----",
    "ssh": "-----BEGIN SSH SIGNATURE-----\nabc\n-----END SSH SIGNATURE-----",
}


class Trap:
    """A program that leaves a mark when it runs."""

    def __init__(self, folder: Path) -> None:
        self.mark, self.program = folder / "mark", folder / "trap"
        self.program.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{self.mark}'\nexit 1\n")
        self.program.chmod(0o755)

    def set(self, root: Path, **values: str) -> None:
        """Configure git; TRAP in a value is the program. The mark of git's own commands here doesn't count."""
        for key, value in values.items():
            git(root, "config", key.replace("__", "."), value.replace("TRAP", str(self.program)))

    def springs(self, root: Path, *commands: tuple[str, ...]) -> list[str]:
        """Run the commands; what ran of the stranger's, and every traceback."""
        self.mark.unlink(missing_ok=True)
        found = []
        for words in commands:
            result = Cli(root)(*words)
            if result.exception and not isinstance(result.exception, SystemExit):
                found.append(f"{words[0]}: {result.exception!r}")
        return found + (self.mark.read_text().splitlines() if self.mark.exists() else [])


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    return Trap(tmp_path)


@pytest.fixture
def theirs(released: Path, cli: Cli) -> Path:
    pending(released, cli)
    return released


def test_the_trap_works(theirs: Path, trap: Trap) -> None:
    trap.set(theirs, core__fsmonitor="TRAP")
    git(theirs, "status")
    assert trap.mark.exists()


def test_filters(theirs: Path, trap: Trap) -> None:
    """Also where a note says that a command was interrupted, which anything that runs would take back."""
    trap.set(theirs, filter__evil__clean="TRAP", filter__evil__smudge="TRAP", filter__evil__process="TRAP")
    (theirs / ".git/info").mkdir(exist_ok=True)
    (theirs / ".git/info/attributes").write_text("* filter=evil\n")
    head = git(theirs, "rev-parse", "HEAD").strip()
    (theirs / ".git/policytrail-unfinished").write_text(json.dumps({"head": head, "kept": []}))
    for path in theirs.rglob("*.*"):
        if ".git" not in path.parts:
            os.utime(path, (1, 1))
    assert trap.springs(theirs, *READS, ("build", *DAY)) == []
    assert not (theirs / ".git/policytrail-unfinished").exists()


def test_missing_objects_are_not_fetched(theirs: Path, trap: Trap) -> None:
    trap.set(
        theirs,
        extensions__partialClone="origin",
        remote__origin__promisor="true",
        remote__origin__url="ext::TRAP x",
        protocol__ext__allow="always",
        remote__origin__uploadpack="TRAP",
        core__repositoryformatversion="1",
    )
    for name in ("HEAD:policy/policy.yaml", "HEAD~1:policy", "HEAD~1"):
        each = git(theirs, "rev-parse", name).strip()
        (theirs / ".git/objects" / each[:2] / each[2:]).unlink()
    assert trap.springs(theirs, *READS, ("import", "--history", ".:policy/policy.yaml")) == []
    said = Cli(theirs)("verify", *DAY)
    assert (said.exit_code, ".git: git can't read this repository" in said.stderr) == (1, True), said.stderr


@pytest.mark.parametrize("kind", SIGNED)
def test_signatures_are_checked_by_programs_of_ours(theirs: Path, trap: Trap, kind: str) -> None:
    trap.set(
        theirs,
        gpg__program="TRAP",
        gpg__x509__program="TRAP",
        gpg__ssh__program="TRAP",
        gpg__openpgp__program="TRAP",
        gpg__ssh__allowedSignersFile="/dev/null",
    )
    commit = git(theirs, "rev-parse", "2020-04-01^{commit}").strip()
    tag = (
        f"object {commit}\ntype commit\ntag 2020-04-01\ntagger T <t@x.example> 1580000000 +0000\n\nm\n{SIGNED[kind]}\n"
    )
    made = subprocess.run(
        ["git", "hash-object", "-t", "tag", "-w", "--stdin"],
        cwd=theirs,
        input=tag,
        text=True,
        capture_output=True,
        check=True,
    )
    git(theirs, "update-ref", "refs/tags/2020-04-01", made.stdout.strip())
    assert trap.springs(theirs, ("verify", *DAY)) == []
    assert "The signature of the git tag 2020-04-01 can't be verified here" in Cli(theirs)("verify", *DAY).stderr


def test_submodules_are_left_alone(theirs: Path, trap: Trap) -> None:
    modules = '[submodule "x"]\n\tpath = policy/sub\n\turl = ext::{0} x\n[submodule "-y"]\n\tpath = -y\n\turl = --upload-pack={0}\n'
    (theirs / ".gitmodules").write_text(modules.format(trap.program))
    trap.set(
        theirs,
        protocol__ext__allow="always",
        submodule__recurse="true",
        submodule__x__update="!TRAP",
        submodule__x__url="ext::TRAP x",
        diff__submodule="log",
        status__submoduleSummary="true",
    )
    git(theirs, "add", ".gitmodules")
    head = git(theirs, "rev-parse", "HEAD").strip()
    git(theirs, "update-index", "--add", "--cacheinfo", f"160000,{head},policy/sub")
    git(theirs, "commit", "--quiet", "-m", "a module")
    assert trap.springs(theirs, *READS, ("build", *DAY)) == []
    assert Cli(theirs)("verify", *DAY).exit_code == 0


def test_objects_from_elsewhere_change_no_verdict(theirs: Path, trap: Trap, tmp_path: Path) -> None:
    alternates = theirs / ".git/objects/info/alternates"
    alternates.parent.mkdir(exist_ok=True)
    alternates.write_text("/nowhere/objects\n/etc\n../../../other\n")
    before = tree(theirs)
    assert trap.springs(theirs, *READS) == []
    assert Cli(theirs)("verify", *DAY).exit_code == 0
    assert tree(theirs) == before


def test_refs_that_look_like_options(theirs: Path, trap: Trap) -> None:
    included = (
        "[core]\n\tfsmonitor = {0}\n\tpager = {0}\n[diff]\n\texternal = {0}\n[alias]\n\tlog = !{0}\n\tstatus = !{0}\n"
    )
    (theirs / ".git/evil").write_text(included.format(trap.program))
    git(theirs, "config", "include.path", "evil")
    head = git(theirs, "rev-parse", "HEAD").strip()
    for name in ("refs/heads/--output=x", "refs/tags/--upload-pack=x", "refs/tags/-x", "refs/heads/$(touch y)"):
        path = theirs / ".git" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{head}\n")
    before = tree(theirs)
    assert trap.springs(theirs, *READS) == []
    assert tree(theirs) == before
