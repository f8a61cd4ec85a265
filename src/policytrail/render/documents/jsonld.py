"""The practices as linked data in terms of the W3C community group's Data Privacy Vocabulary (DPV 2).

Our own keys stay what they are, as identifiers below the policy's address; each names the DPV term that it narrows,
where there is one. What the policy leaves open is left out: nothing is guessed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from policytrail.model.json_value import Json
from policytrail.model.policy import Policy, Snapshot
from policytrail.model.practice import (
    Choice,
    Collection,
    Commitment,
    Cookie,
    Disclosure,
    Practice,
    Retention,
    Right,
    Use,
)
from policytrail.model.terms.vocabulary import self_and_parents
from policytrail.render.shared.phrases import clause_anchor

from . import Document

_CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
# The nearest key at or above ours -> the DPV purpose that it is a kind of.
_PURPOSES = {
    "essential.service": "dpv:ServiceProvision",
    "essential.service.payment_processing": "dpv:PaymentManagement",
    "essential.service.operations.support": "dpv:CustomerCare",
    "essential.service.security": "dpv:EnforceSecurity",
    "essential.fraud_detection": "dpv:FraudPreventionAndDetection",
    "essential.legal_obligation": "dpv:LegalCompliance",
    "analytics": "dpv:ServiceUsageAnalytics",
    "marketing": "dpv:Marketing",
    "marketing.advertising": "dpv:Advertising",
    "marketing.advertising.first_party.targeted": "dpv:PersonalisedAdvertising",
    "marketing.advertising.third_party.targeted": "dpv:PersonalisedAdvertising",
    "personalize": "dpv:Personalisation",
}
_PROCESSING = {Collection: "dpv:Collect", Cookie: "dpv:Collect", Use: "dpv:Use", Disclosure: "dpv:Share"}
# What may be done, or never is, with data -> the DPV processing that it is a kind of.
_OPERATIONS = {
    "sell": "dpv:Disclose",
    "rent": "dpv:Disclose",
    "lend": "dpv:Disclose",
    "share": "dpv:Share",
    "disclose": "dpv:Disclose",
}
_ROLES = {"processor": "dpv:DataProcessor", "authority": "dpv:Authority"}
_NOT = frozenset({"does_not", "will_not", "prohibited", "unable"})
_ACTS = (Collection, Use, Disclosure, Cookie, Commitment)
Node = dict[str, Json]


def document(given: Document) -> bytes:
    """One JSON-LD document; its context is inside, so reading it asks no other host."""
    found = linked(given.snapshot, given.name, given.effective)
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


@dataclass(frozen=True)
class _Given:
    snapshot: Snapshot
    name: str


def linked(snapshot: Snapshot, name: str, effective: date | None) -> Node:
    """The privacy notice with all processes, rights and conditions that the practices state."""
    given, policy = _Given(snapshot, name), snapshot.policy
    practices = list(snapshot.practices.values())
    acts = [practice for practice in practices if isinstance(practice, _ACTS)]
    notice: Node = {
        "@context": _CONTEXT | {"@language": policy.language},
        "@id": _base(policy, name),
        "@type": "dpv:PrivacyNotice",
        "dct:title": policy.title,
        "dct:identifier": name,
        "dpv:hasDataController": _controller(policy),
        "dpv:hasProcess": [_process(given, act) for act in acts if act.modality not in _NOT],
        "dpv:hasProhibition": [_process(given, act, "dpv:Prohibition") for act in acts if act.modality in _NOT],
        "dpv:hasRight": [
            _right(given, practice)
            for practice in practices
            if isinstance(practice, (Right, Choice)) and practice.kind != "none"
        ],
        "dpv:hasStorageCondition": [
            _kept(given, practice) for practice in practices if isinstance(practice, Retention)
        ],
    }
    if effective:
        notice["dct:valid"] = effective.isoformat()
    return {key: value for key, value in notice.items() if value}


def _base(policy: Policy, name: str) -> str:
    return f"{policy.site_url}versions/{name}/" if name != "draft" else policy.site_url


def _controller(policy: Policy) -> Node:
    organization = policy.organization
    found: Node = {"@type": "dpv:DataController", "dpv:hasName": organization.legal_name}
    if organization.address:
        found["dpv:hasAddress"] = ", ".join(organization.address)
    contacts = [each for each in (organization.email, organization.phone) if each]
    return found | ({"dpv:hasContact": contacts} if contacts else {})


def _named(given: _Given, practice: Practice, kind: str) -> Node:
    base = _base(given.snapshot.policy, given.name)
    clause = given.snapshot.clause_of(practice.id)
    source = {"dct:source": {"@id": f"{base}#{clause_anchor(clause)}"}} if clause else {}
    return {"@id": f"{base}#practice.{practice.id}", "@type": kind, "dct:title": practice.title, **source}


def _process(given: _Given, practice: Practice, kind: str = "dpv:Process") -> Node:
    snapshot = given.snapshot
    found = _named(given, practice, kind) | {
        "dpv:hasProcessing": _processing(given, practice),
        "dpv:hasPersonalData": _terms(given, "data", practice.data, _personal),
        "dpv:hasPurpose": _terms(given, "purposes", practice.purposes, _purpose),
        "dpv:hasDataSubject": _terms(given, "subjects", practice.subjects, lambda *_: {"@type": "dpv:DataSubject"}),
        "dpv:hasRecipient": _recipients(given, practice),
        "dpv:hasDataSource": _sources(snapshot, practice),
    }
    return {key: value for key, value in found.items() if value}


def _sources(snapshot: Snapshot, practice: Practice) -> list[Node]:
    words = [
        snapshot.vocabulary.label("recipients", each).replace("_", " ") for each in getattr(practice, "source", ())
    ]
    return [{"@type": "dpv:DataSource", "skos:prefLabel": word} for word in words]


def _processing(given: _Given, practice: Practice) -> list[Node]:
    base = given.snapshot.policy.site_url
    own = next((term for kind, term in _PROCESSING.items() if isinstance(practice, kind)), None)
    named = [
        {"@id": f"{base}terms#operation.{each}", "@type": "dpv:Processing", "skos:prefLabel": each.replace("_", " ")}
        | ({"skos:broader": {"@id": _OPERATIONS[each]}} if each in _OPERATIONS else {})
        for each in getattr(practice, "operations", ())
    ]
    return named or ([{"@id": own}] if own else [])


def _terms(
    given: _Given, kind: str, keys: Iterable[str] | str, more: Callable[[Snapshot, str], Mapping[str, Json]]
) -> list[Node]:
    if isinstance(keys, str):
        return []
    snapshot, base = given.snapshot, given.snapshot.policy.site_url
    return [
        {
            "@id": f"{base}terms#{kind}.{key}",
            "skos:prefLabel": snapshot.vocabulary.label(kind, key),
            **more(snapshot, key),
        }
        for key in keys
    ]


def _personal(snapshot: Snapshot, key: str) -> Node:
    return {"@type": "dpv:SensitivePersonalData" if snapshot.vocabulary.is_sensitive(key) else "dpv:PersonalData"}


def _purpose(snapshot: Snapshot, key: str) -> Node:
    broader = next((_PURPOSES[parent] for parent in self_and_parents(key) if parent in _PURPOSES), None)
    return {"@type": "dpv:Purpose"} | ({"skos:broader": {"@id": broader}} if broader else {})


def _recipients(given: _Given, practice: Practice) -> list[Node]:
    if isinstance(practice.recipients, str):
        return []
    roles = {recipient.id: _ROLES.get(recipient.role, "dpv:Recipient") for recipient in practice.recipients}
    return _terms(given, "recipients", tuple(roles), lambda _, key: {"@type": roles[key]})


def _right(given: _Given, practice: Practice) -> Node:
    places = [
        {"@type": "dpv:RightExerciseActivity", "dct:description": each.url or each.where or each.kind.replace("_", " ")}
        for each in getattr(practice, "mechanisms", ())
    ]
    return _named(given, practice, "dpv:DataSubjectRight") | ({"dpv:isExercisedAt": places} if places else {})


def _kept(given: _Given, practice: Retention) -> Node:
    found = _named(given, practice, "dpv:StorageCondition")
    data = _terms(given, "data", practice.data, _personal)
    period = practice.period
    if period and period.value is not None:
        found["dpv:hasDuration"] = f"P{period.value}{(period.unit or 'day')[0].upper()}"
    if period and period.until:
        found["dct:description"] = f"{'until' if practice.bound == 'fixed' else 'while'} {'; '.join(period.until)}"
    return found | ({"dpv:hasPersonalData": data} if data else {})
