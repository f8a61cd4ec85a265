"""What is frozen with a version beside its facts and words: labels, and fields that no other comparison looks at. Pure.

Whatever is sealed and differs is a difference here or elsewhere, so that nothing changes in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from policytrail.model.change import Op, canonical
from policytrail.model.comparable import NOT_COMPARED, facts
from policytrail.model.difference import Difference
from policytrail.model.policy import Snapshot
from policytrail.model.terms.vocabulary import Term
from policytrail.model.used_terms import used_terms

VOCABULARY = "vocabulary:"  # the prefix of the subject: `vocabulary:data:user.name`
_POLICY = frozenset({"consent_plans", "translations", "source_refs", "proposed"})
SEALED = _POLICY | NOT_COMPARED - {"id"}  # the fields that no other comparison looks at


def sealed_differences(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    """Labels of words that both sides use, and sealed fields outside the comparison of facts."""
    yield from _labels(old, new)
    yield from _fields("policy", _policy(old), _policy(new))
    for name in sorted(new.practices.keys() & old.practices.keys()):
        whole = facts(old.practices[name]), facts(new.practices[name])
        for d in _fields(name, _beside(old, name), _beside(new, name), new.clause_of(name)):
            yield replace(d, old=whole[0], new=whole[1])
    yield from _unnamed_recipients(old, new)


def _labels(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    before, after = used_terms(old), used_terms(new)
    for kind in sorted(before):
        for key in sorted(before[kind].keys() & after[kind].keys()):
            if kind == "recipients" and old.recipients[key].label != new.recipients[key].label:
                continue  # told as an entry of the registry
            was, now = _term(before[kind][key]), _term(after[kind][key])
            yield from _fields(f"{VOCABULARY}{kind}:{key}", was, now)


def _term(term: Term) -> dict[str, Any]:
    return {"label": term.label, "sensitive": term.sensitive}


def _policy(snapshot: Snapshot) -> dict[str, Any]:
    return snapshot.policy.model_dump(mode="json", include=set(_POLICY))


def _beside(snapshot: Snapshot, name: str) -> dict[str, Any]:
    return snapshot.practices[name].model_dump(mode="json", include=set(NOT_COMPARED - {"id"}), exclude_defaults=True)


def _fields(
    subject: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    clause: str | None = None,
) -> Iterator[Difference]:
    for field in {**before, **after}:
        was, now = before.get(field), after.get(field)
        if canonical(was) != canonical(now):
            op: Op = "added" if not was else "removed" if not now else "changed"
            yield Difference(subject, (field,), op, was, now, dict(before), dict(after), clause)


def _unnamed_recipients(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    """Entries of the registry that came or went and that no practice names: nothing else tells of them."""
    for side, other, op in ((new, old, "added"), (old, new, "removed")):
        named = {
            recipient.id
            for practice in side.practices.values()
            if not isinstance(practice.recipients, str)
            for recipient in practice.recipients
        }
        for key in sorted(side.recipients.keys() - other.recipients.keys() - named):
            whole = side.recipients[key].model_dump(mode="json")
            came, went = (whole, None) if op == "added" else (None, whole)
            yield Difference(f"recipient:{key}", (), op, went, came, went, came)  # type: ignore[arg-type]
