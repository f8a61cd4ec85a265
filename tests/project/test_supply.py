"""The supply chain: hashes for everything, licences on the list, a table with reasons, packages that build the same twice."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from places import ROOT


@pytest.fixture(scope="module")
def supply() -> ModuleType:
    spec = importlib.util.spec_from_file_location("supply", ROOT / "bench/supply.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def direct() -> set[str]:
    about = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [each for name, listed in about["optional-dependencies"].items() if name != "dev" for each in listed]
    return names([*about["dependencies"], *extras])


def names(requirements: list[str]) -> set[str]:
    """The packages that requirements name."""
    return {re.split(r"[\[<>=~!; ]", requirement)[0].lower() for requirement in requirements}


def test_every_package_is_locked_with_hashes(supply: ModuleType) -> None:
    locked = supply.locked()
    assert len(locked) > 40
    assert [name for name, (_, hashes) in locked.items() if not hashes] == []
    assert {supply.normal(name) for name in direct()} <= locked.keys()


def test_a_build_installs_a_part_of_what_the_tests_have(supply: ModuleType) -> None:
    everything, build = supply.locked(), supply.locked(ROOT / "requirements.lock")
    assert build.items() <= everything.items()  # the same versions with the same hashes
    about = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {supply.normal(name) for name in names([*about["dependencies"], "weasyprint", "hatchling"])} <= build.keys()
    extras = about["optional-dependencies"]
    others = names([*extras["engine"], *extras["timestamp"], *extras["dev"]]) - {"policytrail", "hatchling"}
    assert len(others) > 12
    assert {supply.normal(name) for name in others} & build.keys() == set()


def test_every_licence_is_on_the_list(supply: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert supply.unwanted() == []
    monkeypatch.setattr(supply, "licence", lambda _: "GPL-3.0-only")
    assert len(supply.unwanted()) > 40


def test_the_bill_of_materials_names_every_package_with_its_hashes(supply: ModuleType) -> None:
    made = supply.sbom()
    assert json.dumps(made) == json.dumps(supply.sbom())
    assert {(each["name"], each["version"]) for each in made["components"]} == {
        (name, version) for name, (version, _) in supply.locked().items()
    }
    assert all(each["hashes"] for each in made["components"])


def test_the_package_says_who_wrote_it_and_what_one_may_do_with_it() -> None:
    about = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert about["license"] == "Apache-2.0" and about["license-files"] == ["LICENSE"]
    (author,) = about["authors"]
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text and author["name"] in text
    assert {"Source", "Documentation", "Changelog"} <= about["urls"].keys()
    assert about["readme"] == "README.md" and len(about["classifiers"]) > 8


def test_every_direct_dependency_has_its_reason(supply: ModuleType) -> None:
    table = (ROOT / "docs/libraries.md").read_text().lower()
    missing = [name for name in direct() if not re.search(rf"\| [^|]*\b{re.escape(name)}\b", table)]
    assert missing == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_two_builds_of_a_package_are_the_same_bytes(tmp_path: Path, kind: str) -> None:
    digests = []
    for number in (1, 2):
        copy = tmp_path / f"{number}" / "source"
        for name in ("src", "templates", "README.md", "LICENSE", "pyproject.toml"):
            _copy(ROOT / name, copy / name)
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "1577836800", "TZ": ("UTC", "Pacific/Apia")[number - 1]}
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(tmp_path / f"{number}" / "out")],
            cwd=copy,
            env=environment,
            check=True,
            capture_output=True,
        )
        (made,) = (tmp_path / f"{number}" / "out").iterdir()
        digests.append((made.name, hashlib.sha256(made.read_bytes()).hexdigest()))
    assert digests[0] == digests[1]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    else:
        shutil.copy(source, target)


def test_the_threat_model_names_tests_that_exist() -> None:
    page = (ROOT / "docs/security.md").read_text()
    tests = {path.name: path.read_text() for path in (ROOT / "tests").rglob("test_*.py")}
    named = set(re.findall(r"\btest_\w+", page)) - {name.removesuffix(".py") for name in tests}
    assert len(named) > 20
    assert [name for name in named if not any(f"def {name}(" in text for text in tests.values())] == []
    assert set(re.findall(r"\btest_\w+\.py", page)) <= tests.keys()
