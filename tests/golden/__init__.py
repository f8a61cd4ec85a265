"""Files that the output must equal byte for byte. POLICYTRAIL_REGENERATE=1 writes them anew; then read the diff."""

from __future__ import annotations

import os
from pathlib import Path

_FOLDER = Path(__file__).parent


def same_as_golden(name: str, made: str | bytes) -> None:
    """Fail unless `made` equals the file of that name."""
    content = made.encode() if isinstance(made, str) else made
    path = _FOLDER / name
    if os.environ.get("POLICYTRAIL_REGENERATE"):
        path.write_bytes(content)
    assert path.is_file(), f"tests/golden/{name} is missing; write it with POLICYTRAIL_REGENERATE=1"
    assert content == path.read_bytes(), (
        f"{name} differs; if that is meant, write it anew with POLICYTRAIL_REGENERATE=1"
    )
