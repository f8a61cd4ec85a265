"""How long does `policytrail check` take as a process, against `mkdocs --version`?

    python bench/check.py [--root FOLDER] [--runs 9]

On a copy of the policy in FOLDER (default: this repository's, the Stamps.com policy) with one clause reworded, so that
there is a change to judge; where nothing is released yet, the copy's draft is released first. Both run as whole
processes, in turn, after one warm-up, with compiled modules as pip installs them. Prints medians and the ratio pair by
pair, of the clock and of the processor's time (which other work on the machine disturbs less).
"""

from __future__ import annotations

import argparse
import compileall
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GIT = ["git", "-c", "user.name=Bench", "-c", "user.email=bench@policy.example"]


def seconds(command: list[str], folder: Path) -> tuple[float, float]:
    """The seconds of one whole process by the clock and by the processor; exit 3 (a change waits for a ruling) is fine."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, capture_output=True)
    taken, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        raise SystemExit(done.stderr.decode())
    return taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def prepare(root: Path, folder: Path) -> None:
    """A repository of its own with a released policy and one reworded clause."""
    for name in ("policy", "versions"):
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name)
    subprocess.run([*GIT, "init", "--quiet"], cwd=folder, check=True)
    subprocess.run([*GIT, "add", "--all"], cwd=folder, check=True)
    subprocess.run([*GIT, "commit", "--quiet", "-m", "bench"], cwd=folder, check=True)
    if not (folder / "versions").is_dir():
        day = time.strftime("%Y-%m-%d")
        words = [sys.executable, "-m", "policytrail", "release", "--effective", day, "--as-of", day]
        subprocess.run(words, cwd=folder, check=True, capture_output=True)
    clause = sorted((folder / "policy/clauses").rglob("*.md"))[0]
    clause.write_text(clause.read_text().rstrip() + " Write to us if you have a question.\n")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        folder = Path(scratch) / "repo"
        folder.mkdir()
        prepare(options.root, folder)
        scripts = Path(sys.executable).parent
        check, mkdocs = [str(scripts / "policytrail"), "check"], [str(scripts / "mkdocs"), "--version"]
        compileall.compile_dir(ROOT / "src", quiet=1)
        seconds(check, folder), seconds(mkdocs, folder)
        pairs = [(seconds(check, folder), seconds(mkdocs, folder)) for _ in range(options.runs)]
    print(f"{options.runs} runs each, whole processes, in turn")
    for place, what in enumerate(("clock", "processor")):
        ratios = sorted(one[place] / two[place] for one, two in pairs)
        print(
            f"{what}: mkdocs --version {statistics.median(two[place] for _, two in pairs):.3f} s, "
            f"policytrail check {statistics.median(one[place] for one, _ in pairs):.3f} s; "
            f"ratio {statistics.median(ratios):.2f}, from {ratios[0]:.2f} to {ratios[-1]:.2f}"
        )


if __name__ == "__main__":
    main()
