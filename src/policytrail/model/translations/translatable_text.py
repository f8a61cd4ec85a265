"""Which words of a policy, beside its clauses, a translation may have: titles, headings, labels, ways to act."""

from __future__ import annotations

from collections.abc import Iterator

from policytrail.model.policy import Snapshot
from policytrail.model.practice import Practice
from policytrail.model.terms.vocabulary import Vocabulary

_WORDED = ("title", "examples", "consequence", "term", "meaning", "entity", "unit")
_INSIDE = (
    ("mechanisms", "where"),
    ("redress", "where"),
    ("period", "until"),
    ("deadline", "until"),
    ("lifetime", "until"),
)
_KEYED = {"data": "data", "excludes": "data", "purposes": "purposes", "subjects": "subjects"}


def translatable(snapshot: Snapshot) -> tuple[str, ...]:
    """Every such string of the source, each once, in reading order. A key without a label of its own isn't among them."""
    policy = snapshot.policy
    found = [policy.title, *filter(None, [policy.disclaimer]), *(section.title for section in policy.sections)]
    found += [plan.how for plan in policy.consent_plans]
    for practice in snapshot.practices.values():
        found += _words(practice)
        found += _labels(practice, snapshot.vocabulary)
    return tuple(dict.fromkeys(found))


def _words(practice: Practice) -> Iterator[str]:
    for field in _WORDED:
        yield from _each(getattr(practice, field, None))
    for field, inner in _INSIDE:
        found = getattr(practice, field, None)
        for each in found if isinstance(found, tuple) else (found,):
            yield from _each(getattr(each, inner, None))


def _each(value: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else value


def _labels(practice: Practice, vocabulary: Vocabulary) -> Iterator[str]:
    named = [
        (kind, key)
        for field, kind in _KEYED.items()
        if not isinstance(keys := getattr(practice, field), str)
        for key in keys
    ]
    if not isinstance(practice.recipients, str):
        named += [("recipients", recipient.id) for recipient in practice.recipients]
    yield from (vocabulary.label(kind, key) for kind, key in named if vocabulary.knows(kind, key))


def unused(snapshot: Snapshot, language: str) -> tuple[str, ...]:
    """The words of a translation whose source isn't in the policy any more: they are behind it."""
    known = frozenset(translatable(snapshot))
    return tuple(word for word in snapshot.translations[language].words if word not in known)


def untranslated(snapshot: Snapshot, language: str) -> tuple[str, ...]:
    """The words of the source that a translation doesn't have."""
    return tuple(each for each in translatable(snapshot) if each not in snapshot.translations[language].words)
