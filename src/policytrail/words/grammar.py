"""Small rules of English for sentences out of facts: lists, numbers, pronouns, sentences that aren't too long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MOST_WORDS = 25  #: in a sentence
MOST_IN_ITEM = 55  #: in all that is told of one change
_MOST_LISTED = 8
_UNITS = {"day": "day", "month": "month", "year": "year"}
_SINGULAR_S = re.compile(r"(address|business|access|process|ss|us|is|news)$")
_HEAD_ENDS = re.compile(r" (?:of|that|about|for|from|in|on|who|which|we|you|to|with|such)\b")
_CLIPPED = re.compile(r"^(?:your|the|our) ")
# A full stop behind one of these ends no sentence.
_ABBREVIATIONS = re.compile(r"(?:\b(?:Inc|Ltd|Corp|Co|No|St|Ave|Mr|Mrs|Ms|Dr|e\.g|i\.e|[A-Z]))\.$")


def listed(words: Sequence[str], joint: str = "and", more: str = "more") -> str:
    """`a`, `a and b`, `a, b and c`; of a long list the first ones and how many more there are."""
    shown = list(dict.fromkeys(words))
    if len(shown) > _MOST_LISTED:
        left = len(shown) - _MOST_LISTED + 1
        shown = [*shown[: _MOST_LISTED - 1], f"{left} {more}"]
    *most, last = shown or [""]
    return f"{', '.join(most)} {joint} {last}" if most else last


def shared(phrases: Sequence[str], starts: Sequence[str], joint: str) -> str:
    """`when you register or order`: a beginning that all have is said once."""
    for start in starts:
        if len(phrases) > 1 and all(phrase.startswith(start) for phrase in phrases):
            return start + listed([phrase.removeprefix(start) for phrase in phrases], joint)
    return listed(phrases, joint)


def amount(number: int, unit: str) -> str:
    """`1 year`, `24 months`."""
    return f"{number} {_UNITS.get(unit, unit)}{'' if number == 1 else 's'}"


def period_words(period: Mapping[str, Any] | None, joint: str = "or") -> str:
    """`for 24 months`, `while your account is active`; empty where nothing is said."""
    told = period or {}
    parts = (
        [f"for {amount(int(told['value']), str(told.get('unit') or 'day'))}"] if told.get("value") is not None else []
    )
    until = listed([str(phrase) for phrase in told.get("until") or ()], joint)
    return " and ".join([*parts, *([f"while {until}"] if until else [])])


def is_plural(phrase: str) -> bool:
    """Whether `they` stands for it: `your past orders`, but not `your email address`."""
    head = _HEAD_ENDS.split(phrase, maxsplit=1)[0].rstrip(",")
    return (head.endswith("s") and not _SINGULAR_S.search(head)) or " and " in phrase or head.endswith("people")


def pronoun(phrase: str) -> str:
    """`it` or `them`."""
    return "them" if is_plural(phrase) else "it"


def possessive_list(phrases: Sequence[str], joint: str = "and") -> str:
    """`your name, email address and phone number`: "your" once where all have it."""
    if len(phrases) > 1 and all(phrase.startswith("your ") for phrase in phrases):
        phrases = [phrases[0], *(phrase.removeprefix("your ") for phrase in phrases[1:])]
    return listed(phrases, joint, "more kinds of information")


def bare(phrase: str) -> str:
    """The phrase without its first `your`, `the` or `our`."""
    return _CLIPPED.sub("", phrase)


def capital(text: str) -> str:
    """With a capital first letter; the rest stays."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """With a small first letter where the first word is no name: `Visit records` -> `visit records`."""
    first = text.split(" ", 1)[0]
    is_name = first == "I" or first[1:] != first[1:].lower() or first.endswith("'s")
    return text if is_name else text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    """A capital and a full stop."""
    said = capital(text.strip())
    return said if not said or said.endswith((".", "!", "?", ".”")) else f"{said}."


def spaced(key: str) -> str:
    """A key as words: without `x_`, underscores and dots."""
    return re.sub(r"[_.:]+", " ", re.sub(r"(^|\.)x_", r"\1", key)).strip()


def count_words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def sentences(text: str) -> list[str]:
    """The sentences of a text that was made here."""
    found: list[str] = []
    for part in re.split(r"(?<=[.!?])\s+(?=[A-Z“])", text.strip()):
        if found and _ABBREVIATIONS.search(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return found


def fitting(parts: Iterable[str], most: int = MOST_IN_ITEM) -> str:
    """As many of the sentences, in order, as one item may have; the first one always."""
    kept: list[str] = []
    for part in (sentence for text in parts if text for sentence in sentences(text)):
        if part not in kept and (not kept or count_words(" ".join([*kept, part])) <= most):
            kept.append(part)
    return " ".join(kept)
