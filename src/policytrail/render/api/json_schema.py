"""A JSON Schema out of a frozen dataclass: what the API publishes about its own documents.

Known hints: `str`, `int`, `bool`, `Literal`, `list`, `dict[str, X]`, unions with None, other dataclasses, and text `Annotated`
with its pattern. A field is named by `name` in its metadata where its own name can't be written in Python.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from inspect import cleandoc
from typing import Annotated, Literal, Union, get_args, get_origin, get_type_hints

from policytrail.model.json_value import Json, JsonObject

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SIMPLE = {str: "string", int: "integer", bool: "boolean", types.NoneType: "null"}


@dataclass(frozen=True)
class Matching:
    """Marks text: what it matches, as JSON Schema writes it."""

    pattern: str


def schema_of(model: type) -> JsonObject:
    """The schema of a document. A field that it doesn't know is no error, so that fields can be added."""
    definitions = {part.__name__: part for part in _parts(model)}
    return {"$defs": {name: _object(definitions[name]) for name in sorted(definitions)}, **_object(model)}


def _parts(model: type) -> Iterator[type]:
    """Every dataclass that a field of this one speaks of, and those that its fields speak of."""
    for hint in get_type_hints(model, include_extras=True).values():
        for part in _classes(hint):
            yield part
            yield from _parts(part)


def _classes(hint: object) -> Iterator[type]:
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for inner in get_args(hint):
        yield from _classes(inner)


def _object(model: type) -> JsonObject:
    hints = get_type_hints(model, include_extras=True)
    declared = {_name(field): (field, hints[field.name]) for field in fields(model)}
    return {
        "description": cleandoc(model.__doc__ or ""),
        "properties": {name: _property(name, *field) for name, field in declared.items()},
        "required": [name for name, (field, _) in declared.items() if field.default is MISSING],
        "title": model.__name__,
        "type": "object",
    }


def _name(field: Field[object]) -> str:
    return str(field.metadata.get("name", field.name))


def _property(name: str, field: Field[object], hint: object) -> JsonObject:
    found = _value(hint)
    if field.default is None:
        found["default"] = None
    if not list(_classes(hint)) or get_origin(hint) is list:
        found["title"] = name.replace("_", " ").title()
    return dict(sorted(found.items()))


def _value(hint: object) -> JsonObject:
    """The schema of one value, its keys in alphabetical order."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        mark: Matching = inner[1]
        return {"pattern": mark.pattern, "type": "string"}
    if origin is Literal:
        return {"enum": list(inner), "type": "string"}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_value(each) for each in inner]}
    if origin is list:
        return {"items": _value(inner[0]), "type": "array"}
    if origin is dict:
        entries: Json = True if inner[1] is object else _value(inner[1])
        return {"additionalProperties": entries, "type": "object"}
    if isinstance(hint, type) and is_dataclass(hint):
        return {"$ref": f"#/$defs/{hint.__name__}"}
    assert isinstance(hint, type)
    return {"type": _SIMPLE[hint]}
