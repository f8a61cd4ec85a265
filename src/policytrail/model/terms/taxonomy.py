"""fideslang's names for kinds of data, purposes and people, by their keys: what a policy's own labels are told from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("taxonomy.json")


@cache
def names() -> Mapping[str, Mapping[str, str]]:
    """The names in lower case, by kind (`data`, `purposes`, `subjects`), then by key."""
    found: dict[str, dict[str, str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found
