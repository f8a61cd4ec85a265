"""Words of force, and proofs that two pieces of text say the same."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORCE = re.compile(r"\b(may|will|must|should|not|never|only|always|solely|generally|certain|unless|except|if|such as|and|or|\d+)\b", re.I)


@dataclass(frozen=True)
class Proof:
    """Why two texts say the same: the rule and a sentence."""

    rule: str
    sentence: str


def editorial_proof(old: str, new: str) -> Proof | None:
    """A proof that only typography differs, None without one."""
    same = re.sub(r"\W+", "", old).casefold() == re.sub(r"\W+", "", new).casefold()
    return Proof("typography", "letters and digits are equal") if same else None


def force_cues(old: str, new: str) -> tuple[str, ...]:
    """Words of force that only one side has."""
    one, two = ({each.lower() for each in _FORCE.findall(text)} for text in (old, new))
    return tuple(sorted(one ^ two))
