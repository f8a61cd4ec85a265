"""Where the tests find things: the checkout, its benches, and the data beside it that a checkout may lack."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
SHARED = Path(os.environ.get("POLICYTRAIL_SHARED", ROOT.parent / "shared"))


def seed(name: str) -> Path:
    """A file of the real policy that the example was drawn from; the test skips where it isn't there."""
    path = SHARED / "seed" / name
    if not path.exists():
        pytest.skip(f"{name} isn't here: set POLICYTRAIL_SHARED to the folder that holds seed/")
    return path
