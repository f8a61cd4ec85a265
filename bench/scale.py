"""Do the commands stay linear? Processor seconds and peak memory of whole processes at growing sizes.

    python bench/scale.py clauses|versions|languages [--sizes 500 1000 2000] [--keep FOLDER]

`clauses`: a policy of N clauses and 2.5 N practices, one version released, a tenth of its clauses changed in the draft.
`versions`: N versions of a small policy, an editorial change each.
`languages`: twenty versions of it in N languages besides its own. Processor time of the process and its children, so that a
busy machine doesn't blur it. Prints a table, and for each command the factor between the last two sizes divided by the
factor of the sizes: 1.0 is linear, 2.0 with sizes that double is quadratic. Exit 1 above 1.5, or
where a command takes more than 1,000 MB of memory.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import tests_on_path  # noqa: F401

from samples import POLICY, clause, commit, edit, git, repository

from policytrail.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]

LANGUAGES = (
    "fr es de it pt nl sv da nb fi is et lv lt pl cs sk sl hr sr bg ro hu el tr ru uk be "
    "ka hy az kk uz he ar fa ur hi bn ta te ml th vi id ms ja ko zh sw"
).split()
MEMORY = 1000  # MB
Kind = Callable[[Path, int], dict[str, str]]
COMMANDS = {
    "check": ["check"],
    "diff": ["diff", "2020-01-01", "{other}", "--format", "json"],
    "release": ["release", "--effective", "{next}", "--as-of", "{today}"],
    "build": ["build", "--as-of", "{today}", "--out", "site"],
    "verify": ["verify", "--as-of", "{today}"],
}


def large_policy(root: Path, clauses: int) -> dict[str, str]:
    """N clauses in sections of fifty, 2.5 N practices in files of two hundred; the first version released."""
    repository(root)
    practices = [
        f"""\
- id: use.p{number}
  type: use
  title: Use number {number}
  data: [user.contact.email]
  purposes: [essential.service]
"""
        for number in range(clauses * 5 // 2)
    ]
    for start in range(0, len(practices), 200):
        (root / f"policy/practices/more-{start // 200}.yaml").write_text("".join(practices[start : start + 200]))
    sections = ""
    for number in range(clauses):
        states = [f"use.p{place}" for place in range(number * 5 // 2, (number + 1) * 5 // 2)]
        text = f"Clause {number}: we use your email address for purpose {number}, and for nothing else, whatever others say."
        path = root / f"policy/clauses/more/c{number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(clause(f"Clause {number}", states, text))
        if number % 50 == 0:
            sections += f"  - id: more-{number // 50}\n    title: More {number // 50}\n    clauses:\n"
        sections += f"      - more/c{number}\n"
    (root / "policy/policy.yaml").write_text(POLICY + sections)
    commit(root)
    run(root, ["release", "--effective", "2020-01-01", "--as-of", "2020-01-01"])
    for number in range(0, clauses, 10):
        edit(root, f"clauses/more/c{number}.md", "nothing else, whatever", "nothing else - whatever")
    commit(root)
    return {"other": "draft", "next": "2020-02-01", "today": "2020-02-01"}


def many_languages(root: Path, count: int) -> dict[str, str]:
    """Twenty versions in N languages besides the source's, every clause translated."""
    return many_versions(root, 20, LANGUAGES[:count])


def translate(root: Path, languages: Sequence[str]) -> None:
    """Every clause as it is now in every language; the words don't matter."""
    from policytrail.sources.load import load_draft

    clauses = load_draft(root / "policy").clauses.values() if languages else ()
    for language in languages:
        for each in clauses:
            path = root / f"policy/translations/{language}/{each.id}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"---\ntitle: {each.title}\nof: '{each.digest}'\n---\n{each.text}\n")


def many_versions(root: Path, count: int, languages: Sequence[str] = ()) -> dict[str, str]:
    """N versions, each with an editorial change against the one before, frozen by the release's own functions."""
    from policytrail.archive.folder import read_folder
    from policytrail.archive.store import append_evidence, versions_of, write_version
    from policytrail.model.version import Version
    from policytrail.release.freeze import frozen_files
    from policytrail.release.gate import plan
    from policytrail.render.shared.templates import environment
    from policytrail.sources.load import load_draft

    repository(root)
    words = ("information, except", "information - except")
    templates = environment()
    versions: tuple[Version, ...] = ()
    day = date(2020, 1, 1)
    for number in range(count):
        translate(root, languages)
        made = plan(load_draft(root / "policy"), versions, (), day, day)
        write_version(Workspace(root), made.id, frozen_files(made, datetime(2020, 1, 1, tzinfo=UTC), templates))
        append_evidence(
            Workspace(root), made.id, "site", day, {"for_whole_window": True, "pages": {}, "urls": []}, heads={}
        )
        versions = (*versions, *versions_of([read_folder(Workspace(root), made.id)]))
        edit(root, "clauses/sharing/promise.md", words[number % 2], words[1 - number % 2])
        day += timedelta(days=1)
    translate(root, languages)
    commit(root)
    return {"other": (day - timedelta(days=1)).isoformat(), "next": day.isoformat(), "today": day.isoformat()}


def run(root: Path, words: list[str]) -> tuple[float, float]:
    """One command as a process: processor seconds with those of git, and the peak of its memory in MB."""
    script = (
        "import resource, sys; from policytrail.cli.main import policytrail, run\n"
        "status = run(lambda: policytrail(sys.argv[1:], standalone_mode=False))\n"
        "own, git = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "seconds = own.ru_utime + own.ru_stime + git.ru_utime + git.ru_stime\n"
        "print(f'\\nSCALE {seconds} {own.ru_maxrss / 1024}', file=sys.stderr); sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words], cwd=root, capture_output=True, text=True, env={**os.environ}
    )
    found = re.search(r"SCALE ([0-9.]+) ([0-9.]+)", done.stderr)
    if found is None or done.returncode not in (0, 3):
        raise SystemExit(f"{words}: {done.stderr}")
    return float(found[1]), float(found[2])


def main() -> int:
    """Measure and print."""
    kinds: dict[str, Callable[[Path, int], dict[str, str]]] = {
        "clauses": large_policy,
        "versions": many_versions,
        "languages": many_languages,
    }
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=list(kinds))
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 1000, 2000])
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    scratch = options.keep or Path(tempfile.mkdtemp(prefix="scale-"))
    rows: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    for size in options.sizes:
        root = scratch / f"{options.kind}-{size}"
        names = kinds[options.kind](root, size)
        git(root, "tag", "ready")
        for name, words in COMMANDS.items():
            rows[name].append(run(root, [word.format(**names) for word in words]))
            print(f"{size:>6} {name:<8} {rows[name][-1][0]:7.1f} s {rows[name][-1][1]:7.0f} MB", flush=True)
    if not options.keep:
        shutil.rmtree(scratch)
    return _verdict(rows, options.sizes)


def _verdict(rows: dict[str, list[tuple[float, float]]], sizes: list[int]) -> int:
    most = max(memory for found in rows.values() for _, memory in found)
    print(f"most memory: {most:.0f} MB of {MEMORY} MB")
    if len(sizes) < 2 or most > MEMORY:
        return int(most > MEMORY)
    growth = {name: found[-1][0] / found[-2][0] / (sizes[-1] / sizes[-2]) for name, found in rows.items()}
    print("growth, where 1.0 is linear: " + ", ".join(f"{name} {factor:.2f}" for name, factor in growth.items()))
    return 1 if max(growth.values()) > 1.5 else 0


if __name__ == "__main__":
    sys.exit(main())
