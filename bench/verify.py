"""How long `verify` and `status` take with many versions: python bench/verify.py [VERSIONS] (default 200)."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import tests_on_path  # noqa: F401

from samples import commit, repository

from policytrail.archive.store import append_evidence, load_versions, read_folder, versions_of, write_version
from policytrail.classify.engine import classify
from policytrail.model.change import Decision, Severity
from policytrail.model.policy import Snapshot
from policytrail.model.version import Version
from policytrail.release.freeze import frozen_files
from policytrail.release.gate import plan
from policytrail.render.shared.templates import environment
from policytrail.schedule.status import status
from policytrail.sources.load import load_draft
from policytrail.verify.verify import verify
from policytrail.workspace import Workspace

Result = TypeVar("Result")
NO_RULINGS: tuple[Decision, ...] = ()


def grown(base: Snapshot, number: int) -> Snapshot:
    """The sample with one more kind of data collected, or that one dropped again."""
    practice = base.practices["collection.registration"]
    data = ("user.name", "user.contact.email", *(["user.job_title"] if number % 2 else []))
    return replace(base, practices={**base.practices, practice.id: practice.model_copy(update={"data": data})})


def main(number: int) -> None:
    """Freeze that many versions, half of them material, then measure."""
    with tempfile.TemporaryDirectory() as folder:
        root = repository(Path(folder) / "repo")
        base, env = load_draft(root / "policy"), environment()
        versions: tuple[Version, ...] = ()
        for n in range(number):
            day, draft, rulings = date(2000, 1, 1) + timedelta(days=40 * n), grown(base, n), NO_RULINGS
            if versions:
                found = classify(versions[-1].snapshot, draft, "a", "b")
                rulings = tuple(
                    Decision(each.id, each.fingerprint, Severity.REVIEW, "x", "y", "2000-01-01")
                    for each in found.undecided
                )
            made = plan(draft, versions, rulings, day + timedelta(days=35 if n else 0), day)
            write_version(Workspace(root), made.id, frozen_files(made, datetime(2024, 1, 1, tzinfo=UTC), env))
            if n:
                append_evidence(Workspace(root), made.id, "site", day, {"pages": {}}, heads={})
            versions = (*versions, load_one(root, made.id))
        commit(root, "all of them")
        timed("load", number, lambda: load_versions(Workspace(root)))
        timed("status", number, lambda: status(versions, date(2030, 1, 1)))
        report = timed("verify", number, lambda: verify(Workspace(root)))
        assert not report.broken, report.broken[:3]
        assert not report.unproven, report.unproven[:3]


def timed(name: str, number: int, run: Callable[[], Result]) -> Result:
    """Run it once, print its seconds, and hand back what it returns."""
    began, busy = time.perf_counter(), time.process_time()
    result = run()
    spent = time.process_time() - busy
    print(f"{name}: {spent:.2f} s of this process, {time.perf_counter() - began:.2f} s in all, {number} versions")
    return result


def load_one(root: Path, identity: str) -> Version:
    """One version, as it lies on disk."""
    return versions_of([read_folder(Workspace(root), identity)])[0]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
