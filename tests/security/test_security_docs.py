"""The threat model names a test for each threat and promise: each of them exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from places import TESTS

PAGE = (TESTS.parent / "docs/security.md").read_text()
NAMED = sorted(set(re.findall(r"`((?:test_\w+\.py)?(?:::)?(?:test_\w+)?|bench/\w+\.py)`", PAGE)) - {""})


def functions(path: Path) -> set[str]:
    return set(re.findall(r"^def (test_\w+)\(", path.read_text(), re.MULTILINE))


def found(file: str) -> list[Path]:
    """Where a test file stands: its name is the only one of its kind."""
    return list(TESTS.rglob(file))


@pytest.mark.parametrize("name", NAMED)
def test_what_the_page_names_exists(name: str) -> None:
    file, _, function = name.rpartition("::")
    if name.startswith("bench/"):
        assert (TESTS.parent / name).is_file()
    elif name.endswith(".py"):
        assert functions(found(name)[0])
    else:
        files = found(file) if file else sorted(TESTS.rglob("test_*.py"))
        assert any(function in functions(each) for each in files), f"docs/security.md names {name}"


def test_every_promise_and_threat_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    tables = PAGE[PAGE.index("## Threats") : PAGE.index("## Size")]
    shown = [row for row in rows if row in tables and not row.startswith(("| threat", "| | promise"))]
    assert len(shown) > 25
    unproven = ("see below",)  # said in the row of dying machines
    assert [row for row in shown if "test_" not in row and not any(word in row for word in unproven)] == []
    assert len(re.findall(r"^\| [0-9] \|", PAGE, re.MULTILINE)) >= 7
