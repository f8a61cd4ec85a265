"""The words of the vocabulary that a policy uses: only they are frozen with it."""

from __future__ import annotations

from policytrail.model.terms.vocabulary import KINDS, Term, self_and_parents

from .policy import Snapshot

_FIELDS = {"data": "data", "excludes": "data", "purposes": "purposes", "subjects": "subjects"}


def used_terms(snapshot: Snapshot) -> dict[str, dict[str, Term]]:
    """By kind and key, sorted: the terms that practices name, with the parents of each, and all registered recipients."""
    used: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for practice in snapshot.practices.values():
        for field, kind in _FIELDS.items():
            value = getattr(practice, field)
            for key in () if isinstance(value, str) else value:
                used[kind].update(self_and_parents(key))
    used["recipients"] = set(snapshot.recipients)
    return {
        kind: {key: term for key, term in sorted(snapshot.vocabulary.terms.get(kind, {}).items()) if key in used[kind]}
        for kind in KINDS
    }
