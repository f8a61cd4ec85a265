"""Numbers in the text equal the fields of the practices that it states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .registry import Draft, Finding, Said, lint

_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty".split()
)
_WORDS = {word: number for number, word in enumerate(_SMALL, 1)} | {
    "thirty": 30,
    "forty": 40,
    "forty-five": 45,
    "fifty": 50,
    "sixty": 60,
    "ninety": 90,
}
_PERIOD = re.compile(
    rf"\b(?P<number>[0-9]{{1,4}}|{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?: \([0-9]+\))?[ -]"
    r"(?:full |calendar |business |working )?(?P<unit>day|week|month|year)s?\b(?!-old| old| of age)",
    re.IGNORECASE,
)
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


@lint("number.unlike-field", "a period in the text that no stated practice has in its fields")
def _unlike(draft: Draft) -> Said:
    for clause in draft.clauses:
        known = {each for name in clause.states for each in _periods(draft.snapshot.practices[name])}
        told = set()
        for found in _PERIOD.finditer(clause.text):
            number = int(found["number"]) if found["number"].isdigit() else _WORDS[found["number"].lower()]
            unit = found["unit"].lower()
            if (number, unit) in known or (number * _DAYS[unit], "day") in known or found[0] in told:
                continue
            told.add(found[0])
            fields = ", ".join(f"{value} {unit}(s)" for value, unit in sorted(known)) or "no period at all"
            body = draft.bodies[clause.id]
            message = f"The text says {found[0]!r}; the practices that the clause states have {fields}."
            yield Finding(
                body.path,
                body.line_of(found[0]),
                "",
                clause.id,
                message,
                "Correct one of them, or let a variable fill the number in.",
            )


def _periods(practice: Any) -> Iterator[tuple[int, str]]:
    days = getattr(practice, "period_days", None)
    if days is not None:
        yield days, "day"
    for name in ("period", "deadline", "lifetime"):
        period = getattr(practice, name, None)
        if period and period.value is not None:
            yield period.value, period.unit or "day"
    for text in (
        practice.frequency,
        getattr(practice, "timing", None),
        getattr(practice, "limit", None),
        *practice.requires,
    ):
        for found in _PERIOD.finditer(str(text or "").replace("_", " ")):
            number = int(found["number"]) if found["number"].isdigit() else _WORDS[found["number"].lower()]
            yield number, found["unit"].lower()
