"""How does the site's build grow with the number of versions, against `mkdocs build` of as many plain pages?

    python bench/site_growth.py [--versions 200] [--kilobytes 30] [--runs 3]

Makes a repository with that many versions of a policy of that size, each one editing some of its text, and measures
whole processes in turn: the first build (empty cache), a build after one new version (the cache of the build before),
and `mkdocs build` of the same number of pages as plain Markdown. A second repository of half the versions shows
whether the time grows linearly.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from build_time import plain_pages
from policytrail.archive.manifest import sha256
from policytrail.archive.store import append_evidence, write_version
from policytrail.classify.engine import classify
from policytrail.model.change import Comparison, Decision, Severity
from policytrail.model.policy import Snapshot
from policytrail.model.version import Evidence, Version
from policytrail.release.freeze import frozen_files
from policytrail.release.gate import plan
from policytrail.render.shared.templates import environment
from policytrail.sources.load import load_draft
from policytrail.workspace import Workspace

FIRST, EVERY = date(2001, 1, 1), timedelta(days=42)
WORDS = (
    "account address after agree apply before browser collect company consent contact cookie data date delete email "
    "every from information keep law legal letter mail need notice number offer order partner person policy print "
    "protect provide reason receive record request right send service share site store text until use visit when"
).split()
PRACTICE = """\
- id: collection.part{0}
  type: collection
  title: Data of part {0}
  data: [user.name, user.contact.email]
  purposes: [essential.service]
  source: [given]
"""
POLICY = """\
title: Privacy policy
organization: {{name: Example Post, legal_name: Example Post Ltd., email: privacy@post.example}}
site_url: https://policy.post.example/
time_zone: America/Los_Angeles
sections:
{0}"""


def words(random: Random, length: int) -> str:
    """A paragraph of so many words, in sentences."""
    chosen = [random.choice(WORDS) for _ in range(length)]
    sentences = [" ".join(chosen[place : place + 12]).capitalize() + "." for place in range(0, length, 12)]
    return " ".join(sentences)


def write_sources(root: Path, kilobytes: int) -> None:
    """A policy of that size: ten sections of clauses with about 500 characters each."""
    random, count = Random(1), kilobytes * 2
    files = {}
    for number in range(count):
        body = words(random, 42) + "\n\n" + words(random, 42)
        head = f"---\ntitle: Part {number}\nstates: [collection.part{number}]\n---\n"
        files[f"clauses/s{number % 10}/part{number}.md"] = head + body + "\n"
    files["practices/all.yaml"] = "".join(PRACTICE.format(number) for number in range(count))
    sections = ""
    for place in range(10):
        listed = ", ".join(f"s{place}/part{each}" for each in range(place, count, 10))
        sections += f"  - {{id: s{place}, title: Section {place}, clauses: [{listed}]}}\n"
    files["policy.yaml"] = POLICY.format(sections)
    for name, content in files.items():
        path = root / "policy" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def edited(draft: Snapshot, number: int) -> Snapshot:
    """The same policy with a sentence more in one clause, and one clause said anew."""
    random = Random(number)
    clauses = dict(draft.clauses)
    one, two = random.sample(sorted(clauses), 2)
    clauses[one] = clauses[one].model_copy(update={"text": clauses[one].text + f"\n\n{words(random, 12)}"})
    clauses[two] = clauses[two].model_copy(update={"text": words(random, 42) + "\n\n" + words(random, 42)})
    return replace(draft, clauses=clauses)


def decided(comparison: Comparison) -> tuple[Decision, ...]:
    """A ruling on every change that asks for one: one in five is material."""
    return tuple(
        Decision(each.id, each.fingerprint, Severity.EDITORIAL, "Looked at.", "R. Counsel", "2001-01-01")
        for each in comparison.undecided
    )


def add_version(root: Path, versions: list[Version], draft: Snapshot) -> Version:
    """Freeze one more version on disk, as `policytrail release` does, without git."""
    old = versions[-1] if versions else None
    effective = old.effective + EVERY if old else FIRST
    announced = effective - timedelta(days=35) if old else effective
    comparison = classify(old.snapshot if old else None, draft, old.id if old else None, effective.isoformat())
    made = plan(draft, tuple(versions), decided(comparison), effective, announced)
    moment = datetime(announced.year, announced.month, announced.day, 18, tzinfo=UTC)
    files = frozen_files(made, moment, environment())
    write_version(Workspace(root), made.id, files)
    evidence: tuple[Evidence, ...] = ()
    if announced < effective:
        record = {"urls": [draft.policy.site_url]}
        append_evidence(Workspace(root), made.id, "site", announced, record, heads={})
        evidence = (Evidence("site", announced, record, ""),)
    return Version(
        made.id,
        effective,
        announced,
        draft,
        made.comparison,
        made.duty,
        evidence,
        sha256(files["manifest.json"]),
        old.manifest if old else None,
    )


def grow(root: Path, versions: list[Version], count: int) -> None:
    """Add so many versions after the newest one, on disk and to the list."""
    for _ in range(count):
        newest = versions[-1] if versions else None
        draft = edited(newest.snapshot, newest.effective.toordinal()) if newest else load_draft(root / "policy")
        versions.append(add_version(root, versions, draft))


def seconds(command: list[str], folder: Path, cache: Path) -> float:
    """The wall-clock seconds of one whole process. Raises CalledProcessError where it fails."""
    start = time.perf_counter()
    own = {"NO_MKDOCS_2_WARNING": "1", "XDG_CACHE_HOME": str(cache)}
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={**os.environ, **own})
    return time.perf_counter() - start


def measured(scratch: Path, versions: int, kilobytes: int, runs: int) -> dict[str, float]:
    """Median seconds for one number of versions."""
    root, plain = scratch / f"policy{versions}", scratch / f"plain{versions}"
    write_sources(root, kilobytes)
    made: list[Version] = []
    grow(root, made, versions)
    pages = plain_pages(root, plain)
    ours = [sys.executable, "-m", "policytrail", "build", "--out", str(scratch / "ours")]
    theirs = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(scratch / "theirs")]
    found: dict[str, list[float]] = {"full": [], "again": [], "plain": []}
    for _ in range(runs):
        cache = Path(tempfile.mkdtemp(dir=scratch))
        found["full"].append(seconds(ours, root, cache))
        grow(root, made, 1)
        found["again"].append(seconds(ours, root, cache))
        found["plain"].append(seconds(theirs, plain, cache))
    return {name: statistics.median(each) for name, each in found.items()} | {"pages": pages}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--versions", type=int, default=200)
    parser.add_argument("--kilobytes", type=int, default=30)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        half, whole = (
            measured(scratch, count, options.kilobytes, options.runs)
            for count in (options.versions // 2, options.versions)
        )
    finally:
        shutil.rmtree(scratch)
    for count, found in ((options.versions // 2, half), (options.versions, whole)):
        print(
            f"{count} versions of {options.kilobytes} KB, {found['pages']:.0f} pages: mkdocs build {found['plain']:.1f} s"
        )
        for name in ("full", "again"):
            print(f"  {name:6} {found[name]:6.1f} s, ratio {found[name] / found['plain']:.2f}")
    print(f"twice the versions take {whole['full'] / half['full']:.2f} times as long")


if __name__ == "__main__":
    main()
