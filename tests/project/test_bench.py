"""Every bench can be imported and runs to its end: each script of bench/ on its smallest size, as a person would start it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

BENCH = ROOT / "bench"
# The words of the smallest run, and what it prints. {pairs} is a file of labelled pairs, {root} a small repository, {out} a folder.
QUICK = {
    "diff.py": ("{pairs}", "words changed against the fewest"),
    "figures.py": ("--rev HEAD --since HEAD", "most files on one level"),
    "fuzz.py": ("text --minutes 0.01 --keep {out}", "0 findings"),
    "materiality.py": ("{pairs} --mutate 1", "misses (M or R called editorial): 0"),
    "notice.py": ("--shared {out}", "fields"),
    "supply.py": ("licences", "every licence is on the list"),
    "verify.py": ("2", "2 versions"),
}
SLOW = {
    "notice.py": ("--shared {out}", "silent: []"),
    "build_time.py": ("--root {root} --runs 1", "policytrail build   median"),
    "check.py": ("--root {root} --runs 1", "policytrail check"),
    "notify_fleet.py": ("--recipients 200 --rate 40 --every 2", "missed=0"),
    "notify_kill.py": ("--recipients 20 --kills 1 --connections 1", "missed=0"),
    "notify_memory.py": ("--recipients 50", "50 sent"),
    "notify_speed.py": ("--mails 20 --sessions 1 --rounds 1", "1 sessions: smtp-source"),
    "scale.py": ("languages --sizes 1", "most memory"),
    "site_growth.py": ("--versions 2 --kilobytes 1 --runs 1", "2 versions of 1 KB"),
}
OF_OTHERS = {"mutations.py", "tests_on_path.py"}  # the other benches import them: they have no run of their own
PAIR = {
    "id": "a",
    "old_text": "We ask for your name.",
    "new_text": "We ask for your name and your phone number.",
    "label": "M",
}


def test_every_script_has_its_smallest_run_here() -> None:
    scripts = {path.name for path in BENCH.glob("*.py")}
    assert scripts == QUICK.keys() | SLOW.keys() | OF_OTHERS
    assert {name for name in scripts if "__main__" in (BENCH / name).read_text()} == QUICK.keys() | SLOW.keys()


@pytest.mark.parametrize("name", QUICK)
def test_a_bench_runs(name: str, released: Path, tmp_path: Path) -> None:
    check_run(name, *QUICK[name], released, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_a_slow_bench_runs(name: str, released: Path, tmp_path: Path) -> None:
    check_run(name, *SLOW[name], released, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "size"), [("clauses", 2), ("versions", 2)])
def test_every_kind_of_scale_runs(kind: str, size: int, released: Path, tmp_path: Path) -> None:
    check_run("scale.py", f"{kind} --sizes {size}", "most memory", released, tmp_path)


def check_run(name: str, words: str, prints: str, root: Path, folder: Path) -> None:
    """Start a bench as a person would; it must end well and print what it is for."""
    pairs = folder / "pairs.jsonl"
    pairs.write_text(json.dumps(PAIR) + "\n")
    arguments = words.format(pairs=pairs, root=root, out=folder).split()
    done = subprocess.run([sys.executable, BENCH / name, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert prints in done.stdout
