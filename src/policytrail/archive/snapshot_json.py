"""A snapshot as canonical JSON and back: what `versions/ID/policy.json` holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from policytrail.model.policy import Clause, Policy, RegisteredRecipient, Snapshot
from policytrail.model.practice import AnyPractice, Practice
from policytrail.model.terms.vocabulary import KINDS, Term, Vocabulary
from policytrail.model.translations.translation import Translation
from policytrail.model.used_terms import used_terms
from policytrail.model.validation.record import read

FORMAT = 1
_READ: dict[str, Practice] = {}
_MOST = 16_384


def to_record(snapshot: Snapshot) -> dict[str, Any]:
    """Everything the snapshot says, with only those terms of the vocabulary that it uses."""
    return {
        "format": FORMAT,
        "policy": snapshot.policy.model_dump(mode="json", exclude_defaults=True, exclude={"lints"}),
        "practices": [
            practice.model_dump(mode="json", exclude_defaults=True) | {"type": practice.type}
            for practice in snapshot.practices.values()
        ],
        "clauses": [clause.model_dump(mode="json") for clause in snapshot.clauses.values()],
        "recipients": [
            recipient.model_dump(mode="json", exclude_defaults=True) for recipient in snapshot.recipients.values()
        ],
        "vocabulary": _used(snapshot),
    } | _translations(snapshot)


def _translations(snapshot: Snapshot) -> dict[str, Any]:
    """Only where there are some: versions frozen before look the same."""
    made = [translation_record(translation) for translation in snapshot.translations.values()]
    return {"translations": made} if made else {}


def translation_record(made: Translation) -> dict[str, Any]:
    """One translation as plain data."""
    return made.model_dump(mode="json", exclude_defaults=True)


def translation_from(record: Mapping[str, Any]) -> Translation:
    """The translation back. Raises ValueError (FormError) where the record isn't one."""
    return Translation.model_validate(dict(record))


def from_record(record: dict[str, Any]) -> Snapshot:
    """The snapshot back. Raises ValueError (FormError) where the record isn't one."""
    practices = [_practice(practice) for practice in record["practices"]]
    clauses = [Clause.model_validate(clause) for clause in record["clauses"]]
    recipients = [RegisteredRecipient.model_validate(recipient) for recipient in record["recipients"]]
    terms = {kind: {term["key"]: _term_from(term) for term in record["vocabulary"].get(kind, [])} for kind in KINDS}
    policy = Policy.model_validate(record["policy"])
    _refuse_gaps(policy, clauses, practices)
    return Snapshot(
        policy,
        {practice.id: practice for practice in practices},
        {clause.id: clause for clause in clauses},
        {recipient.id: recipient for recipient in recipients},
        Vocabulary(terms),
        {translation.language: translation for translation in map(translation_from, record.get("translations", ()))},
    )


def _refuse_gaps(policy: Policy, clauses: Sequence[Clause], practices: Sequence[Practice]) -> None:
    """Raise ValueError where sections, clauses and practices don't name each other, as the sources' check saw to."""
    placed = [name for section in policy.sections for name in section.clauses]
    if sorted(placed) != sorted(clause.id for clause in clauses):
        raise ValueError("its sections and its clauses aren't the same")
    stated = {name for clause in clauses for name in clause.states}
    if lacking := stated - {practice.id for practice in practices}:
        raise ValueError(f"a clause states {min(lacking)!r}, which isn't there")


def _term_from(record: Mapping[str, Any]) -> Term:
    key, label, sensitive = record["key"], record["label"], record.get("sensitive", False)
    if not (isinstance(key, str) and isinstance(label, str) and isinstance(sensitive, bool)):
        raise ValueError(f"the word {key!r} of its vocabulary isn't text")
    return Term(key, label, sensitive)


def _practice(record: Mapping[str, Any]) -> Practice:
    """The practice that a record is; most practices of a version stand in the next one as they are, and are read once."""
    key = repr(record)
    if key not in _READ:
        if len(_READ) >= _MOST:
            _READ.clear()
        _READ[key] = read(AnyPractice, record)
    return _READ[key]


def _used(snapshot: Snapshot) -> dict[str, list[dict[str, Any]]]:
    return {kind: [_term(term) for term in terms.values()] for kind, terms in used_terms(snapshot).items()}


def _term(term: Term) -> dict[str, Any]:
    return {"key": term.key, "label": term.label} | ({"sensitive": True} if term.sensitive else {})
