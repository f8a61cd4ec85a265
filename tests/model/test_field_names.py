"""The names that rules ask for are those of the classes, and a name that isn't one is a type error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from places import ROOT

from policytrail.model.policy import Policy, RegisteredRecipient
from policytrail.model.practice import TYPES
from policytrail.model.terms.field_names import EventName, FieldName, PracticeType


def test_the_names_are_those_of_the_classes() -> None:
    declared = {name for part in (*TYPES.values(), Policy, RegisteredRecipient) for name in part.fields()}
    assert set(get_args(FieldName)) == declared | set(get_args(EventName))
    assert get_args(PracticeType) == tuple(TYPES)


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked",
    [
        'd.field == "is_sold"',
        'd.touches("is_sold")',
        'd.type == "sharing"',
        'd.is_of("sharing")',
        "d.practice is not None and d.practice.is_sold",
        "isinstance(d.practice, Disclosure) and d.practice.is_sold",
    ],
)
def test_a_field_that_is_renamed_is_a_type_error_in_a_rule(asked: str, tmp_path: Path) -> None:
    head = "from policytrail.model.difference import Difference\nfrom policytrail.model.practice import Disclosure\n"
    (tmp_path / "rule.py").write_text(
        f"{head}\ndef rule(d: Difference) -> bool:\n    return bool({asked})\n\nDisclosure\n"
    )
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--config-file",
        ROOT / "pyproject.toml",
        "--cache-dir",
        ROOT / ".mypy_cache",
    ]
    found = subprocess.run([*command, tmp_path / "rule.py"], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 1, found.stdout
    assert "is_sold" in found.stdout or "overlap" in found.stdout or "sharing" in found.stdout, found.stdout
