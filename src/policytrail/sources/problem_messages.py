"""What is wrong with a value, in plain words at the line where it stands."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from policytrail.errors import Problem
from policytrail.model.practice import TYPES
from policytrail.model.validation.field_types import Finding
from policytrail.model.validation.record import FormError
from policytrail.storage.yaml_reader import Document


def problems_of(document: Document, error: FormError, path: tuple[str | int, ...], value: object) -> list[Problem]:
    """In: the document, what is wrong with the value, where the value stands in it. Out: one problem for each place."""
    found: dict[tuple[str | int, ...], Problem] = {}
    for finding in error.findings:
        place = (*path, *finding.place)
        if place not in found:
            found[place] = Problem(document.path, document.line(place), *_sentence(finding, value))
    return list(found.values())


def _sentence(finding: Finding, value: object) -> tuple[str, str]:
    name = ".".join(str(part) for part in finding.place if not isinstance(part, int)) or "this entry"
    given, right = finding.given, finding.expected
    shown = f" {given!r}" if isinstance(given, str | int | bool) and len(str(given)) < 60 else ""
    match finding.kind:
        case "unknown":
            return f"{str(finding.place[-1])!r} is no field here.", _similar(str(finding.place[-1]), value)
        case "missing":
            return f"The field {name!r} is missing.", "Add it."
        case "tag":
            return "The 'type' of this practice is missing or unknown.", f"Use one of: {right}."
        case "choice":
            return f"{name!r} can't be{shown or ' this'}.", f"Use one of: {right}."
        case "form":
            return (
                f"{name!r} can't be{shown or ' this'}.",
                "Check its spelling against docs/reference/keys.md.",
            )
        case "value":
            return f"{name!r}: {right}.", ""
    what = repr(name) if finding.place else "This entry"
    return f"{what} can't be{shown or _held(given)}: it must be {right}.", "Correct the value."


def _held(given: object) -> str:
    if given is None:
        return " empty"
    return next(
        (f" {name}" for kind, name in ((list, "a list"), (dict, "a mapping")) if isinstance(given, kind)), " this"
    )


def _similar(name: str, value: object) -> str:
    model = TYPES.get(str(value.get("type"))) if isinstance(value, dict) else None
    near = difflib.get_close_matches(name, list(model.fields()), 1) if model else []
    return f"Did you mean {near[0]!r}?" if near else "Take it out, or check its spelling."


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence with the known name that is much like this one; empty where none is."""
    found = difflib.get_close_matches(name, list(known), 1, 0.75)
    return f"Did you mean {found[0]!r}?" if found else ""
