"""policy.yaml and practice files after clauses came, went or moved: spliced, so that all other lines stay as they are.

Every result is read back: a file in a form that splicing doesn't fit comes out as None, and a person edits it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from policytrail.errors import SourceError
from policytrail.storage.yaml_reader import load_yaml

from .structure import Structure

Splice = tuple[int, int, str]  # text[start:end] gives way to new text


def rearranged(text: str, wanted: Structure) -> str | None:
    """policy.yaml with the sections and clauses that the structure asks for; None where it must be done by hand."""
    value = _value(text)
    if not isinstance(value, dict) or not isinstance(value.get("sections"), list):
        return None
    value["sections"] = _sections(value["sections"], wanted)
    made = _spliced(text, wanted)
    if made is not None:
        made = _in_order(made, [each["id"] for each in value["sections"]])
    return made if made is not None and _value(made) == value else None


def _sections(old: list[dict[str, Any]], wanted: Structure) -> list[dict[str, Any]]:
    known = {each["id"]: each for each in old}
    made = [
        known[name] | {"clauses": listed}
        for name, listed in wanted.arrangement.items()
        if name in known and name not in wanted.gone
    ]
    for name, (title, after) in reversed(wanted.sections.items()):
        place = next((place for place, each in enumerate(made) if each["id"] == after), -1)
        made.insert(place + 1, {"id": name, "title": title, "clauses": wanted.arrangement[name]})
    return made


def _spliced(text: str, wanted: Structure) -> str | None:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    items = _entries(root).get("sections")
    if not isinstance(items, yaml.SequenceNode) or items.flow_style:
        return None
    splices: list[Splice] = []
    for number, item in enumerate(items.value):
        entries = _entries(item)
        name = entries["id"].value
        start, end = _lines(text, items.value, number)
        if name in wanted.gone:
            splices.append((start, end, ""))
        elif [each.value for each in entries["clauses"].value] != wanted.arrangement[name]:
            listed = _list(text, entries["clauses"], wanted.arrangement[name])
            if listed is None:
                return None
            splices.append(listed)
        new = "".join(
            _section(each, wanted, item.start_mark.column)
            for each, (_, after) in wanted.sections.items()
            if after == name
        )
        splices += [(end, end, new)] if new else []
    for start, end, new in sorted(splices, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _in_order(text: str, names: list[str]) -> str:
    """The entries of `sections:` in this order, each with the remarks right above it."""
    items = _entries(yaml.compose(text, Loader=yaml.SafeLoader))["sections"].value
    found = [_entries(item)["id"].value for item in items]
    if found == names or sorted(found) != sorted(names):
        return text
    starts = [_remarks_above(text, _lines(text, items, number)[0]) for number in range(len(items))]
    end = _lines(text, items, len(items) - 1)[1]
    cut = {
        name: text[start:stop].rstrip("\n") + "\n"
        for name, start, stop in zip(found, starts, [*starts[1:], end], strict=True)
    }
    return text[: starts[0]] + "".join(cut[name] for name in names) + text[end:]


def _remarks_above(text: str, start: int) -> int:
    """Where the lines of remarks right above a place begin; the place itself where there are none."""
    above = text.rfind("\n", 0, max(start - 1, 0)) + 1
    return _remarks_above(text, above) if above < start and text[above:start].lstrip().startswith("#") else start


def _entries(node: Any) -> Mapping[str, Any]:
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _lines(text: str, items: list[yaml.Node], number: int) -> tuple[int, int]:
    """Where the lines of one entry of a list begin and end."""
    start = text.rfind("\n", 0, items[number].start_mark.index) + 1
    if number + 1 < len(items):
        return start, text.rfind("\n", 0, items[number + 1].start_mark.index) + 1
    end = text.rfind("\n", start, items[number].end_mark.index) + 1
    return start, end if end > start else (text.find("\n", start) + 1 or len(text))


def _list(text: str, node: Any, names: list[str]) -> Splice | None:
    """A list of clauses in the style that it had; None for one with remarks inside, which would be lost."""
    if not isinstance(node, yaml.SequenceNode):
        return None
    start = node.start_mark.index
    end = node.end_mark.index if node.flow_style or not node.value else node.value[-1].end_mark.index
    if "#" in text[start:end]:
        return None
    if node.flow_style or not names:
        return start, end, f"[{', '.join(names)}]"
    return start, end, ("\n" + " " * node.start_mark.column).join(f"- {name}" for name in names)


def _section(name: str, wanted: Structure, column: int) -> str:
    pad, title = " " * column, json.dumps(wanted.sections[name][0], ensure_ascii=False)
    listed = ", ".join(wanted.arrangement[name])
    return f"{pad[:-2]}- id: {name}\n{pad}title: {title}\n{pad}clauses: [{listed}]\n"


def without(text: str, names: list[str]) -> str | None:
    """A file of practices without some of them; None where that must be done by hand."""
    value = _value(text)
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(value, list) or not isinstance(root, yaml.SequenceNode) or root.flow_style:
        return None
    made = text
    for number in reversed(range(len(root.value))):
        if _entries(root.value[number])["id"].value in names:
            start, end = _lines(text, root.value, number)
            made = made[:start] + made[end:]
    return made if (_value(made) or []) == [each for each in value if each.get("id") not in names] else None


def _value(text: str) -> Any:
    try:
        return load_yaml("policy.yaml", text).value
    except SourceError:
        return None
