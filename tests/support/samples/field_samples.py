"""A practice of every type, and for every field two values that it can take: to walk the model by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from policytrail.model.comparable import NOT_COMPARED
from policytrail.model.practice import TYPES

BASES: dict[str, dict[str, Any]] = {
    "collection": {"data": ["user.name"], "occasion": ["registration"]},
    "use": {"data": ["user.name"], "purposes": ["essential.service"]},
    "disclosure": {"data": ["user.name"], "recipients": [{"id": "insurers"}]},
    "cookie": {"data": ["user.device.cookie"], "purposes": ["analytics"]},
    "signal": {"name": "gpc", "response": "honoured"},
    "choice": {"kind": "opt_out", "purposes": ["marketing.communications.email"]},
    "right": {"kind": ["access"], "data": ["user.name"]},
    "communication": {"kinds": ["newsletters"]},
    "retention": {"data": ["user.name"], "period": {"value": 3, "unit": "month"}},
    "security": {"measure": ["encryption"], "data": ["user.name"]},
    "commitment": {"operations": ["sell"], "data": ["user.name"], "modality": "does_not"},
    "definition": {"term": "cookie", "meaning": "a file in your browser"},
    "scope": {"covers": ["website"]},
    "notice": {"on": {"severity": "material"}, "channels": {"any_of": [{"kind": "email"}]}},
    "contact": {"entity": "Example Inc.", "channels": [{"kind": "post", "value": "1 Main Street"}]},
    "program": {"name": "TRUSTe", "status": "licensee"},
    "link": {"kind": "requirements", "target": "https://www.example.org/rules"},
    "assurance": {},
}
# For each field a first and a second value; by type where a field of that name means another thing there.
_VALUES: dict[str, tuple[Any, Any]] = {
    "title": ("One thing", "Another thing"),
    "modality": ("may", "will"),
    "exclusive": (True, False),
    "hedge": ("generally", "certain"),
    "actor": ("partner", "provider"),
    "subjects": (["employee"], ["job_applicant"]),
    "data": (["user.contact.email"], ["user.contact.phone_number"]),
    "excludes": (["user.payment"], ["user.location"]),
    "personal": ("yes", "no_as_claimed"),
    "aggregated": (True, False),
    "linkage": ("tied", "not_tied"),
    "purposes": (["sales"], ["personalize"]),
    "recipients": ([{"id": "lenders", "role": "processor"}], [{"id": "lenders", "role": "own_purposes"}]),
    "requires": (["consent"], ["prior_notice", "consent"]),
    "safeguard": (["encryption"], ["audit"]),
    "exceptions": (["sharing.one"], ["sharing.two"]),
    "exception_to": ("sharing.one", "sharing.two"),
    "examples": (["a red form"], ["a blue form"]),
    "lists": ({"data": "open"}, {"data": "closed"}),
    "scope": ({"channels": ["app"]}, {"jurisdictions": ["california"]}),
    "governed_by": ("recipient_policy", "this"),
    "applies_to": ("all_data", "collected_from_effective"),
    "legal_basis": ("contract", "legitimate_interests"),
    "informational": (True, False),
    "trigger": (["first_visit"], ["merger"]),
    "frequency": ("daily", "monthly"),
    "ai_training": (True, False),
    "automated_decision": (True, False),
    "source": (["given"], ["data_brokers"]),
    "occasion": (["order"], ["survey"]),
    "necessity": ("required", "optional"),
    "storage": ("company_servers", "cloud_servers"),
    "collected_for": ("usps", "banks"),
    "limit": ("necessary", "collection_purpose"),
    "operations": (["rent"], ["transfer"]),
    "default": ("on_until_opt_out", "off_until_opt_in"),
    "standard": ("reasonable_need", "good_faith"),
    "public": (True, False),
    "is_sale": (True, False),
    "is_ads": (True, False),
    "countries": (["in"], ["de"]),
    "transfer_mechanism": ("standard_clauses", "privacy_shield"),
    "technology": (["widget"], ["local_storage"]),
    "set_by": ("third_party", "partner"),
    "identifier": ("unique_per_browser", "unique_per_person"),
    "cross_site": (True, False),
    "channel": (["app"], ["email"]),
    "lifetime": ({"value": 30, "unit": "day"}, {"value": 2, "unit": "year"}),
    "name": ("dnt", "gpc"),
    "response": ("not_honoured", "varies"),
    "third_parties": ("honoured", "varies"),
    "kind": ("opt_in", "none"),
    "targets": (["sharing.one"], ["sharing.two"]),
    "mechanisms": ([{"kind": "email"}], [{"kind": "account_settings", "where": "My Account"}]),
    "timing": ("any_time", "at_registration"),
    "fee": (True, False),
    "consequence": ("offers may not reach you", "your account closes"),
    "deadline": ({"value": 30, "unit": "day"}, {"value": 45, "unit": "day"}),
    "verification": ("email", "government_id"),
    "limits": (["inaccurate_only"], ["as_law_allows"]),
    "answer_when_refused": (True, False),
    "kinds": (["newsletters"], ["surveys"]),
    "about": (["own_products"], ["partner_products"]),
    "channels": ([{"kind": "email", "value": "a@example.org"}], [{"kind": "email", "value": "b@example.org"}]),
    "senders": (["agents"], ["partners"]),
    "period": ({"value": 90, "unit": "day"}, {"value": 2, "unit": "year"}),
    "bound": ("fixed", "none"),
    "none_kept": (True, False),
    "measure": (["firewall"], ["physical"]),
    "extent": ("certain", "all"),
    "claim": ("follows_federal_rules", "beyond_the_law"),
    "strength": ("designed_to", "may"),
    "promises": ("notify_breach", "confidentiality"),
    "term": ("beacon", "tracker"),
    "meaning": ("a small picture", "a small file"),
    "covers": (["app"], ["offline"]),
    "not_covered": (["employees"], ["linked_sites"]),
    "on": ({"event": "merger"}, {"severity": "any"}),
    "period_days": (30, 14),
    "count": ("at_least", "full_days"),
    "always": (["policy_page"], ["banner"]),
    "new_users": ("at_signup", "at_effective"),
    "acceptance_by_use": (True, False),
    "discretion": (True, False),
    "entity": ("Other Inc.", "Third Inc."),
    "unit": ("Privacy Office", "Support Desk"),
    "serves": (["right.one"], ["right.two"]),
    "status": ("certified", "withdrawn"),
    "redress": ({"kind": "web_link", "url": "https://example.org/one"}, {"kind": "email"}),
    "approval_gate": (True, False),
    "target": ("https://www.example.org/one", "https://www.example.net/two"),
    "part_of": ("program.one", "program.two"),
}
_BY_TYPE: dict[tuple[str, str], tuple[Any, Any]] = {
    ("right", "kind"): (["delete"], ["port"]),
    ("link", "kind"): ("guide", "rules"),
    ("program", "name"): ("SealOne", "SealTwo"),
    ("security", "technology"): ("SSL", "TLS"),
    ("communication", "channels"): (["email"], ["sms"]),
    ("notice", "timing"): ("before_effective", "unstated"),
    ("notice", "channels"): ({"any_of": [{"kind": "site"}]}, {"all_of": [{"kind": "email"}, {"kind": "site"}]}),
}


# Fields of which no reader is told, each with the reason.
NO_NEWS = {
    ("assurance", "informational"): "an assurance always is: it has no other value in use",
}


def value_pairs(kind: str, name: str) -> tuple[Any, Any]:
    """Two values of a field of a type. Raises KeyError for a field that nobody has thought of here."""
    return _BY_TYPE.get((kind, name)) or _VALUES[name]


def fields() -> Iterator[tuple[str, str]]:
    """Every type with every field that is compared."""
    for kind, model in TYPES.items():
        for name in model.fields():
            if name not in NOT_COMPARED and name != "type":
                yield kind, name


def practice_yaml(type_: str, /, **values: Any) -> str:
    """The YAML of one practice of the type: its base, with these values (None: without the field)."""
    made = {"id": f"{type_}.sample", "type": type_, "title": "The sample"} | BASES[type_] | values
    kept = {("on" if name == "on" else name): value for name, value in made.items() if value is not None}
    text: str = yaml.safe_dump([kept], allow_unicode=True, sort_keys=False)
    return text


def changes_of(kind: str, name: str) -> Iterator[tuple[str, str, str]]:
    """What can happen to a field, as the YAML before and after: it comes, it goes, it changes."""
    first, second = value_pairs(kind, name)
    needed = TYPES[kind].fields()[name].default.__class__ is object
    base = BASES[kind].get(name, "The sample" if name == "title" else None)
    one, two = (practice_yaml(kind, **{name: value}) for value in (first, second))
    yield "changed", one, two
    yield "changed back", two, one
    if not needed:
        without = practice_yaml(kind, **{name: None})
        yield "came", without, one
        yield "went", one, without
    elif base is not None and base != first:
        yield "from base", practice_yaml(kind), one
