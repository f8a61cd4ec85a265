"""Choices, rights and children."""

from __future__ import annotations

import re

from policytrail.classify.plaintext.changed_passage import (
    BROADENS,
    NARROWS,
    NEGATED,
    NEUTRAL,
    M,
    R,
    Reading,
    Verdict,
    listed,
    rule,
)

_AGE = re.compile(
    r"\b(?:under|age of|aged?|over|least|younger than|older than|below|between)\s+(?:the age of\s+)?([0-9]{1,2})\b(?! (?:days?|months?|hours?|weeks?|minutes?))"
    r"|\b([0-9]{1,2}) (?:years? old|years? of age|or older|or younger)\b"
)
_HELD = re.compile(r"\byou (?:can|may|have|are entitled|could)\b|\bright to\b|\byour (?:choice|right)s?\b|\bopt out\b")


@rule
def choice(reading: Reading) -> Verdict | None:
    """A choice or right goes or comes (TRUSTe; WP260)."""
    went = _whole(reading.names(reading.went, "choice", "right"), reading)
    if went and reading.op == "removed" and _HELD.search(reading.old):
        gone = [each for each in went if not _stays(each, reading)]
        kind = "right.set" if reading.names(reading.went, "right") else "choice.set"
        return Verdict(kind, BROADENS, M if gone else R, listed(gone or went))
    came = reading.names(reading.came, "choice", "right")
    if came:
        return Verdict("choice.set", NARROWS, R, listed(came))
    return Verdict("choice.set", NEUTRAL, R, listed(went)) if went else None


def _whole(names: list[str], reading: Reading) -> list[str]:
    return [] if reading.log else names


def _stays(name: str, reading: Reading) -> bool:
    """Whether the new policy still speaks of the choice or right anywhere."""
    return any(reading.after.names((family, name)) for family in ("choice", "right") if (family, name) in reading.went)


@rule
def age(reading: Reading) -> Verdict | None:
    """The age of children, or a word about them, differs (COPPA)."""
    one, two = (sorted(a or b for a, b in _AGE.findall(side)) for side in (reading.old, reading.new))
    if one != two and reading.op == "changed" and (one or reading.names(reading.about, "other:children")):
        return Verdict("children", NEUTRAL, M, f"{', '.join(one) or 'no age'} became {', '.join(two) or 'no age'}")
    if not reading.names(reading.came | reading.went, "other:children"):
        return None
    told = reading.names(reading.came, "other:children") and not NEGATED.search(reading.new)
    wider = told and (reading.practice or two)
    return Verdict("children", BROADENS, M, "children") if wider else Verdict("children", NEUTRAL, R, "children")
