"""Sentences that only stand elsewhere in their clause: whether each still says what it said."""

from __future__ import annotations

from collections import defaultdict

from policytrail.compare.sections import TextClause

from .plain_words import is_item, plain_words
from .sentence_context import Unit, self_contained, sentences

# Words that point to what stands around a sentence, wherever in it they are.
_POINTS = frozenset({"following", "foregoing", "above", "below"})


def says_the_same(old: str, new: str) -> bool:
    """Whether the sentences of a text, put in another order, mean what they meant. Pure.

    In: the clause before and after. Each sentence that follows another one than before must be full and point to
    nothing around it; an entry of a list must have the line that introduces it. What came or went is not for us.
    """
    before: defaultdict[str, list[Unit]] = defaultdict(list)
    for unit in sentences(TextClause("", (), old, 0)):
        before[unit.key].append(unit)
    for unit in sentences(TextClause("", (), new, 0)):
        known = before[unit.key].pop(0) if before[unit.key] else None
        if known and plain_words(known.previous) != plain_words(unit.previous) and not _apart(known, unit):
            return False
    return True


def _apart(old: Unit, new: Unit) -> bool:
    if is_item(old.raw) and is_item(new.raw):
        return plain_words(old.lead) == plain_words(new.lead)
    return self_contained(old) and self_contained(new) and _POINTS.isdisjoint(plain_words(new.raw))
