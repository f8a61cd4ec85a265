"""Proof that a misspelt English word was put right: no dictionary has the old word, one has the new one, and they are alike.

The dictionary is that of `pyspellchecker` (extra `spelling`). Without it the proof falls away, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache

from rapidfuzz.distance import OSA

from policytrail.classify.wording_checks.force import FORCE, is_turning
from policytrail.classify.wording_checks.words import counted, spelt
from policytrail.text.alignment import steps

_WORD = re.compile(r"[A-Za-z]+")
_DENIES = re.compile(r"^(?:un|in|im|il|ir|dis|non|mis|anti|counter|de|re|pre|post|over|under|sub|super)")
_SHORT = 3  # letters: a shorter word has too many neighbours
_ENGLISH = re.compile(
    r"\b(?:the|and|of|to|we|you|your|our|is|are|with|for|this|that|information|data)\b", re.IGNORECASE
)


@lru_cache(maxsize=1)
def english() -> Container[str] | None:
    """The words of English, in small letters; None where no dictionary is installed."""
    try:
        from spellchecker import SpellChecker  # saves 500 ms: only where a word became one that is like it
    except ImportError:
        return None
    words: Container[str] = SpellChecker(language="en", distance=1).word_frequency.dictionary
    return words


def put_right(old: str, new: str) -> str:
    """The old text with the spelling of the new one, where that is all that differs in a word; else as it is."""
    one, two = list(_WORD.finditer(old)), list(_WORD.finditer(new))
    changed = [step for step in steps([word[0] for word in one], [word[0] for word in two]) if not step.same]
    pairs = [
        (one[i], two[j][0])
        for step in changed
        if step.i2 - step.i1 == step.j2 - step.j1
        for i, j in zip(range(step.i1, step.i2), range(step.j1, step.j2), strict=True)
    ]
    for found, right in reversed(pairs):
        if is_slip(found[0], right):
            old = old[: found.start()] + right + old[found.end() :]
    return old


def is_slip(wrong: str, right: str) -> bool:
    """Whether the first word is the second one misspelt. Never where that word turns a clause or is a number."""
    one, two = wrong.casefold(), right.casefold()
    if {one, two} == {"a", "an"} or one == two:
        return True
    if (
        len(one) < _SHORT
        or len(two) < _SHORT
        or wrong.isupper()
        or (wrong[1:] != wrong[1:].lower() and wrong[:2].islower())
    ):
        return False
    if two in FORCE or is_turning(two) or counted(two) != two or bool(_DENIES.match(one)) != bool(_DENIES.match(two)):
        return False
    far = OSA.distance(one, two)
    if far > (1 if len(two) < 6 else 2) or (one[0] != two[0] and far > 1):
        return False
    known = english()
    return known is not None and two in known and one not in known and spelt(one) not in known


def is_english(text: str) -> bool:
    """Whether a text has the small words of English."""
    return len(_ENGLISH.findall(text)) >= 1
