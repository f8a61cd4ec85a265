"""Random histories that are really frozen: whoever tampers with a file is found, whoever dies leaves no half a version.

The same lives as in `test_schedule_histories.py`, with every version and record written to disk and read back. git isn't asked:
what a release that was killed left is taken out here as the next command would, by what was there before.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import faults
import jinja2
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test
from test_schedule_histories import DRAFTS, History, draft

from policytrail.archive.chain_tips import read_heads
from policytrail.archive.manifest import sha256
from policytrail.archive.store import append_evidence, load_versions, write_version
from policytrail.errors import IntegrityError, PolicytrailError
from policytrail.model.version import Evidence, Version
from policytrail.release.freeze import frozen_files
from policytrail.release.gate import plan
from policytrail.release.plan import Plan
from policytrail.render.shared.templates import environment
from policytrail.workspace import Workspace

HARMS = ("flip", "cut", "empty", "remove", "rename", "swap", "add", "link")


@cache
def templates() -> jinja2.Environment:
    return environment()


class FrozenHistory(History):
    """A policy's life on disk."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="frozen-"))

    def freeze(self, made: Plan) -> None:
        self.write(made)
        self.versions = list(load_versions(Workspace(self.root)))

    def write(self, made: Plan) -> None:
        """What a release does to the tree."""
        path = write_version(
            Workspace(self.root),
            made.id,
            frozen_files(made, self.clock, templates(), read_heads(Workspace(self.root), made.id)),
        )
        for again in made.recompared:
            self.append(again.version, Evidence("compared", made.announced, {"manifest": _digest(path)}, ""))
        if made.effective > made.announced:
            append_evidence(Workspace(self.root), made.id, "site", made.announced, {})

    def append(self, version: Version, evidence: Evidence) -> None:
        append_evidence(Workspace(self.root), version.id, evidence.kind, evidence.on, evidence.record)

    def add(self, version: Version, evidence: Evidence) -> None:
        self.append(version, evidence)
        self.versions = list(load_versions(Workspace(self.root)))

    def files(self) -> dict[str, bytes]:
        """Everything that is frozen."""
        found = sorted(each for each in (self.root / "versions").rglob("*") if each.is_file())
        return {each.relative_to(self.root).as_posix(): each.read_bytes() for each in found}

    @precondition(lambda self: self.versions)
    @rule(harm=st.sampled_from(HARMS), seed=st.integers(0, 2**32))
    def tamper(self, harm: str, seed: int) -> None:
        chance, before, last = random.Random(seed), self.files(), self.last
        name = chance.choice(sorted(before))
        path, moved = self.root / name, self.root / f"{name}.moved"
        other = chance.choice(sorted(before.values()))
        content = before[name]
        place = chance.randrange(len(content))
        if harm == "rename":
            path.rename(moved)
        elif harm in ("remove", "link"):
            path.unlink()
        if harm == "link":
            path.symlink_to(self.root / "elsewhere")
            (self.root / "elsewhere").write_bytes(content)
        elif harm == "add":
            moved.write_bytes(content)
        elif harm in ("flip", "cut", "empty", "swap"):
            flipped = content[:place] + bytes([content[place] ^ (1 << chance.randrange(8))]) + content[place + 1 :]
            path.write_bytes({"flip": flipped, "cut": content[:place], "empty": b"", "swap": other}[harm])
        expected = f"{name}.moved" if harm == "add" else name
        if self.files() != before or harm == "link":
            try:
                load_versions(Workspace(self.root))
                found = ""
            except IntegrityError as error:
                found = str(error)
            # Nothing names the one file that was written last of all; a witness from outside tells (docs/security.md).
            # A record that is gone is told by the one after it.
            gone = harm in ("remove", "rename")
            after = gone and f"{path.parent.relative_to(self.root).as_posix()}/" in found
            assert expected in found or after or (harm == "remove" and name == last), (harm, name, found)
        moved.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        (self.root / "elsewhere").unlink(missing_ok=True)
        assert tuple(self.versions) == load_versions(Workspace(self.root))

    @property
    def last(self) -> str:
        """The record that nothing names yet."""
        heads = read_heads(Workspace(self.root), "")
        return " ".join(f"versions/{identity}/{head['file']}" for identity, head in heads.items())

    @rule(
        words=DRAFTS,
        ahead=st.sampled_from([31, 45, 62, 80]),
        at=st.integers(1, 100),
        kind=st.sampled_from(["KILL-after", "EIO", "ENOSPC"]),
    )
    def die(self, words: tuple[Any, ...], ahead: int, at: int, kind: str) -> None:
        """A release that is killed, or fails, at one of its operations."""
        before, new, effective = (
            self.files(),
            draft(self.zone, *words),
            self.today.fromordinal(self.today.toordinal() + ahead),
        )
        try:
            made = plan(new, tuple(self.versions), self.rulings(new, effective), effective, self.today)
        except PolicytrailError:
            return
        pid = os.fork()
        if pid == 0:
            try:
                faults.install(faults.Faults(at, kind, Path(os.devnull)))
                self.write(made)
            finally:
                os._exit(0)
        os.waitpid(pid, 0)
        load_versions(Workspace(self.root))  # never half a version, whatever it left
        for left in (self.root / "versions").glob(".tmp-*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        for name in self.files().keys() - before.keys():
            (self.root / name).unlink()
        for folder in sorted((each for each in (self.root / "versions").rglob("*") if each.is_dir()), reverse=True):
            if not any(folder.iterdir()):
                folder.rmdir()
        assert self.files() == before
        assert tuple(self.versions) == load_versions(Workspace(self.root))

    def teardown(self) -> None:
        try:
            super().teardown()
        finally:
            shutil.rmtree(self.root)


def _digest(path: Path) -> str:
    return sha256((path / "manifest.json").read_bytes())


def histories(number: int) -> None:
    run_state_machine_as_test(
        FrozenHistory,
        settings=settings(
            max_examples=number,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
def test_frozen_histories() -> None:
    """`POLICYTRAIL_FROZEN_HISTORIES=10000` runs ten thousand of them."""
    histories(int(os.environ.get("POLICYTRAIL_FROZEN_HISTORIES", "40")))
