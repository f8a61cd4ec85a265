"""The walls between the package's folders: contracts that hold, that would notice, and that the docs show as they are."""

from __future__ import annotations

import ast
import graphlib
import importlib
import importlib.util
import re
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


def test_no_file_imports_itself_by_way_of_others() -> None:
    grimp = importlib.import_module("grimp")
    graph = grimp.build_graph("policytrail", cache_dir=None)  # imports inside functions and for types alone count
    found = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(found) > 400
    graphlib.TopologicalSorter(found).prepare()  # raises CycleError, which names them


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("model/dates.py", "import subprocess"),
        ("schedule/status.py", "def _later():\n    from policytrail.archive.store import load_versions"),
        ("render/shared/phrases.py", "from policytrail.storage.files import read_text"),
        ("model/policy.py", "def _later():\n    import policytrail.sources.load"),
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


def imports_inside_functions() -> list[tuple[str, str]]:
    """Every import inside a function of the package: the file, and its line with the one above it."""
    found = set()
    for path in sorted((ROOT / "src").rglob("*.py")):
        text = path.read_text()
        lines = text.splitlines()
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                inner = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
                found |= {(path, "\n".join(lines[node.lineno - 2 : node.end_lineno])) for node in inner}
    return [(path.relative_to(ROOT).as_posix(), lines) for path, lines in sorted(found)]


def test_an_import_inside_a_function_says_what_it_saves() -> None:
    found = imports_inside_functions()
    assert len(found) < 60
    for path, lines in found:
        assert re.search(r"# .*([0-9] ms\b|extra|development)", lines), f"{path}: say how many ms this saves\n{lines}"
