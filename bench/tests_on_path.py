"""Benches share the tests' samples and servers: importing this puts their folders on the path."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests"
FOLDERS = (TESTS, *(TESTS / name for name in ("support", "support/samples", "support/services")))
sys.path[:0] = map(str, FOLDERS)
