"""The walls between the package's folders: contracts that hold, that would notice, and that the docs show as they are."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

pytest.importorskip("importlinter", reason="an environment from before the dev extra had it")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter over the package in `folder`, as `make check` does."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(folder / "src")}, capture_output=True, text=True)


def test_every_contract_is_kept() -> None:
    found = lint_imports(ROOT)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("model/dates.py", "import subprocess"),
        ("schedule/status.py", "def _later():\n    from policytrail.archive.store import load_versions"),
        ("render/shared/phrases.py", "from policytrail.storage.files import read_text"),
        ("sources/vocabulary.py", "from .load import load_draft"),
        ("release/plan.py", "import sqlalchemy"),
    ],
)
def test_an_import_through_a_wall_is_noticed(module: str, line: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "src/policytrail" / module
    assert path.is_file()
    path.write_text(path.read_text() + f"\n{line}\n")
    found = lint_imports(tmp_path)
    assert found.returncode == 1
    assert "BROKEN" in found.stdout


def test_the_table_of_folders_is_what_the_contracts_say() -> None:
    spec = importlib.util.spec_from_file_location("make_folder_table", ROOT / "docs/make_folder_table.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (ROOT / "docs/architecture.md").read_text()
    assert module.with_table(page) == page, "docs/architecture.md is stale: python docs/make_folder_table.py"
