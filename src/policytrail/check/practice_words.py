"""The words of a change in one practice, from its YAML before and after: for tools that ask for nothing else."""

from __future__ import annotations

from typing import Any

from policytrail.classify.engine import classify
from policytrail.compare.differences import compare
from policytrail.errors import Problem, SourceError
from policytrail.model.policy import Clause, Organization, Policy, Section, Snapshot
from policytrail.model.practice import AnyPractice, Practice
from policytrail.model.validation.record import FormError, read
from policytrail.sources.vocabulary import default_vocabulary
from policytrail.storage.yaml_reader import load_yaml
from policytrail.words.grammar import capital, spaced

_NOBODY: dict[str, Any] = {"name": "The company", "legal_name": "The company"}


def practice_words(before: str | None, after: str | None) -> list[dict[str, str]]:
    """In: the YAML of one practice as it stands in `policy/practices/` (a list of one), before and after; None where it
    came or went. Out: `{"kind", "severity", "words"}` of each change, those that weigh most first; empty where nothing changed.

    An excerpt of `policy.yaml` with `organization:` is taken, too. Raises SourceError with what is wrong, with its line.
    """
    old, new = _snapshot("before", before), _snapshot("after", after)
    if not compare(old, new):
        return []
    found = classify(old, new, "before", "after")
    return [{"kind": change.kind, "severity": str(change.severity), "words": change.words} for change in found.changes]


def _snapshot(name: str, text: str | None) -> Snapshot:
    value = load_yaml(name, text).value if text else None
    organization = Organization(**_NOBODY)
    practices: dict[str, Practice] = {}
    try:
        if isinstance(value, dict):
            organization = read(Organization, _NOBODY | dict(value["organization"]))
        elif value:
            made: Practice = read(AnyPractice, _only(name, value))
            practices[made.id] = made
    except (FormError, KeyError, TypeError) as wrong:
        raise SourceError(
            Problem(name, 1, f"This is no practice: {wrong}.", "Write it as in policy/practices/.")
        ) from wrong
    clause = Clause(id="policy", title="Policy", text="", states=())
    policy = Policy(
        title="Privacy policy",
        organization=organization,
        site_url="https://example.invalid/",
        time_zone="UTC",
        sections=(Section(id="policy", title="Policy", clauses=("policy",)),),
    )
    return Snapshot(policy, practices, {"policy": clause}, {}, default_vocabulary())


def _only(name: str, value: Any) -> Any:
    """The one practice; without a title it gets one out of its id."""
    if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], dict):
        raise SourceError(
            Problem(name, 1, "This is no list of one practice.", "Write '- id: ...' and its fields below.")
        )
    title = capital(spaced(str(value[0].get("id", "")).rpartition(".")[2]))
    return {"title": title} | value[0]
