"""What a command loads before it does anything: each library costs time in every commit hook."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

_RUN = (
    "import sys; sys.argv = ['policytrail', *sys.argv[1:]]; from policytrail.cli.main import policytrail as group; "
    "group(standalone_mode=False); print(*sorted(sys.modules), file=sys.stderr)"
)
HEAVY = ("deepdiff", "docx", "git", "jinja2", "mammoth", "mkdocs", "rich", "sqlalchemy", "weasyprint")


def loaded(folder: Path, *words: str) -> set[str]:
    """The modules that one command has loaded when it ends."""
    command = [sys.executable, "-c", _RUN, *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


def test_the_overview_loads_no_command(tmp_path: Path) -> None:
    found = loaded(tmp_path, "--help")
    assert "policytrail.cli.main" in found
    assert not [each for each in found if each.startswith(("policytrail.cli.draft", "policytrail.cli.versions"))]


@pytest.mark.parametrize("library", HEAVY)
def test_check_loads_no_library_that_it_does_not_need(library: str, unchanged: set[str]) -> None:
    assert "policytrail.check.run" in unchanged
    assert library not in unchanged


@pytest.fixture(scope="module")
def unchanged() -> set[str]:
    """What `policytrail check` loads where the draft is the newest version."""
    return loaded(ROOT, "check", "--as-of", "2014-02-01")
