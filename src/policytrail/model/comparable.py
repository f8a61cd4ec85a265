"""A practice as facts for comparison: keyed by id, without defaults and remarks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .practice import Practice
from .practice_fields import Channel

# Words about the practice, not part of what it says: comparing them would raise changes that aren't there.
NOT_COMPARED = frozenset({"id", "source_refs", "note", "since", "consent_plan", "proposed", "quote"})


def facts(practice: Practice) -> dict[str, Any]:
    """The practice as an id-keyed structure for comparison: no defaults, sets as maps, no remarks.

    In: a practice. Out: field -> value; a list of keys becomes `{key: True}`, a list of parts becomes
    `{id: {...}}`. Order matters only in `requires`, where the position is the value.
    """
    dumped = practice.model_dump(mode="json", exclude=set(NOT_COMPARED), exclude_defaults=True)
    return {name: _keyed(name, value) for name, value in dumped.items()} | {"type": practice.type}


def _keyed(name: str, value: object) -> object:
    if isinstance(value, dict):
        return {key: _keyed(key, inner) for key, inner in value.items() if inner is not None}
    if not isinstance(value, list):
        return value
    if name == "requires":
        return {each: place for place, each in enumerate(value)}
    entries = [_entry(entry) for entry in value]
    return dict(zip(_numbered([key for key, _ in entries]), [rest for _, rest in entries], strict=True))


def channel_keys(channels: Iterable[Channel]) -> tuple[str, ...]:
    """The keys under which ways to reach people stand in the facts: their kinds, the second of a kind as `kind#2`."""
    return tuple(_numbered([channel.kind for channel in channels]))


def _numbered(keys: list[str]) -> list[str]:
    return [f"{key}#{before + 1}" if (before := keys[:place].count(key)) else key for place, key in enumerate(keys)]


def _entry(value: object) -> tuple[str, object]:
    if not isinstance(value, dict):
        return str(value), True
    name = next(each for each in ("id", "kind") if each in value)
    rest = {field: _keyed(field, inner) for field, inner in value.items() if field != name and inner is not None}
    return str(value[name]), rest or True
