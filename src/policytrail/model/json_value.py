"""Plain data as JSON has it, as a type: what is frozen, printed and published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
# One object as it is made: its entries can still be added to.
JsonObject: TypeAlias = "dict[str, Json]"
# What a practice, section or clause says, keyed for comparison (comparable.facts).
Facts: TypeAlias = "dict[str, Json]"


def texts_of(value: Json) -> list[str]:
    """The texts in a list, or the keys of an object; nothing where it is neither."""
    entries = value if isinstance(value, list | tuple | Mapping) else ()
    return [entry for entry in entries if isinstance(entry, str)]
