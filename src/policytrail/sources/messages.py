"""pydantic's findings in plain words, each at the line where it stands."""

from __future__ import annotations

import difflib
from typing import Any, get_args

from pydantic import ValidationError

from ..errors import Problem
from ..model.practice import AnyPractice
from .yaml import Document

_TYPES = {get_args(each.model_fields["type"].annotation)[0]: each for each in get_args(get_args(AnyPractice)[0])}


def problems_of(document: Document, error: ValidationError, path: tuple[str | int, ...], value: Any) -> list[Problem]:
    """In: the document, what pydantic found, where the value stands in it. Out: one problem for each place."""
    found: dict[tuple[str | int, ...], Problem] = {}
    for each in error.errors(include_url=False):
        inner = tuple(part for part in each["loc"] if part not in _TYPES or len(path) == 0)
        place = _known(document, (*path, *inner))
        line = document.line(place)
        if place in found:
            continue
        message, mend = _sentence(each, inner, value)
        found[place] = Problem(document.path, line, message, mend)
    return list(found.values())


def _known(document: Document, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The part of a finding's path that exists in the document: pydantic adds names of union members to it."""
    known: tuple[str | int, ...] = ()
    for part in path:
        if (*known, part) in document.lines:
            known = (*known, part)
    return known


def _sentence(finding: Any, inner: tuple[str | int, ...], value: Any) -> tuple[str, str]:
    name = ".".join(str(part) for part in inner if not isinstance(part, int)) or "this entry"
    kind, given = finding["type"], finding.get("input")
    shown = f" {given!r}" if isinstance(given, str | int | bool) and len(str(given)) < 60 else ""
    if kind == "extra_forbidden":
        return f"{str(inner[-1])!r} is no field here.", _similar(str(inner[-1]), value)
    if kind == "missing":
        return f"The field {name!r} is missing.", "Add it."
    if kind.startswith("union_tag"):
        return "The 'type' of this practice is missing or unknown.", f"Use one of: {', '.join(sorted(_TYPES))}."
    if kind in ("literal_error", "enum"):
        return f"{name!r} can't be{shown}.", f"Use one of: {finding['ctx']['expected']}."
    if kind == "string_pattern_mismatch":
        return f"{name!r} can't be{shown}.", "Check its spelling against the reference in docs/sources.md."
    if kind == "value_error":
        return f"{name!r}: {finding['ctx']['error']}.", ""
    return f"{name!r} isn't right:{shown or ''} {finding['msg'][:1].lower()}{finding['msg'][1:]}.", "Correct the value."


def _similar(name: str, value: Any) -> str:
    model = _TYPES.get(value.get("type")) if isinstance(value, dict) else None
    near = difflib.get_close_matches(name, list(model.model_fields), 1) if model else []
    return f"Did you mean {near[0]!r}?" if near else "Take it out, or check its spelling."
