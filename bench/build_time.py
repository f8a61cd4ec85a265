"""How long does the whole build take, against `mkdocs build` of the same pages as plain Markdown?

    python bench/build_time.py [--root FOLDER] [--runs 5]

Both run as whole processes, in turn, after one warm-up. Ours validates, compares, schedules and renders everything; the
baseline only turns finished Markdown into pages with MkDocs' own theme. Prints medians and the ratio pair by pair.
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
from pathlib import Path

from policytrail.model.policy_markdown import policy_markdown
from policytrail.publish.site_view import view
from policytrail.render.diff.diff_page import markdown
from policytrail.render.site.site_files import site_files
from policytrail.render.state.site_view import Page
from policytrail.workspace import Workspace


def plain_pages(root: Path, folder: Path) -> int:
    """Write every page of the site as Markdown below `folder`/docs, with the words that ours shows. Returns how many."""
    shown = view(Workspace(root), None)
    versions = {version.id: version for version in shown.versions}
    pages = [path for path, made in site_files(shown).items() if isinstance(made, Page) and path.endswith("index.html")]
    for path in pages:
        version = next((versions[part] for part in path.split("/") if part in versions), shown.versions[-1])
        comparison = path.endswith(("changes/index.html", "changelog/index.html", "upcoming/index.html"))
        text = markdown(version.comparison) if comparison else policy_markdown(version.snapshot)
        target = folder / "docs" / path.replace(".html", ".md")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    (folder / "mkdocs.yml").write_text("site_name: plain\ntheme: mkdocs\nplugins: []\n")
    return len(pages)


def seconds(command: list[str], folder: Path) -> float:
    """The wall-clock seconds of one whole process. Raises CalledProcessError where it fails."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[1])
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        pages = plain_pages(options.root, scratch)
        ours = [sys.executable, "-m", "policytrail", "build", "--out", str(scratch / "ours")]
        theirs = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(scratch / "theirs")]
        seconds(ours, options.root), seconds(theirs, scratch)
        pairs = [(seconds(ours, options.root), seconds(theirs, scratch)) for _ in range(options.runs)]
    finally:
        shutil.rmtree(scratch)
    ratios = sorted(one / two for one, two in pairs)
    print(f"{pages} pages, {options.runs} runs each, whole processes, in turn")
    print(f"policytrail build   median {statistics.median(one for one, _ in pairs):.2f} s")
    print(f"mkdocs build        median {statistics.median(two for _, two in pairs):.2f} s")
    print(f"ratio               median {statistics.median(ratios):.2f}, from {ratios[0]:.2f} to {ratios[-1]:.2f}")


if __name__ == "__main__":
    main()
