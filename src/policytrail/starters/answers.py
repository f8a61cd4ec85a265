"""What a person is asked before a new policy repository is made; every answer is checked as the model would check it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import urlsplit

from policytrail.errors import SourceError, UsageError
from policytrail.model.policy import Policy
from policytrail.model.validation.field_types import Finding
from policytrail.model.validation.record import FormError
from policytrail.text.hidden_characters import check_characters

Ci = Literal["github", "gitlab", "both", "none"]


@dataclass(frozen=True)
class Kind:
    """One common case: what people call it, what its policy covers, and the subjects that it needs."""

    words: str
    what: str
    covers: tuple[str, ...]
    topics: frozenset[str]


OWN_TEXT = "own text"  # no starter: the policy's text is there already
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        OWN_TEXT: Kind("a policy of its own", "what we do", (), frozenset()),
        "website": Kind("website without accounts", "our website", ("website",), frozenset({"visits"})),
        "app": Kind("app with accounts", "our app", ("app",), frozenset({"app", "account"})),
        "shop": Kind(
            "online shop",
            "our website and our online shop",
            ("website", "shop"),
            frozenset({"visits", "account", "orders", "payment", "promotions"}),
        ),
        "saas": Kind(
            "online service for businesses",
            "our website and our online service",
            ("website", "service"),
            frozenset({"visits", "account", "billing", "payment", "content", "promotions"}),
        ),
    }
)


@dataclass(frozen=True)
class Answers:
    """Everything that the starter files need to know. `day`: the date label of the draft."""

    kind: str
    name: str
    legal_name: str
    email: str
    address: tuple[str, ...]
    time_zone: str
    url: str
    ci: Ci
    day: date


# The field of the policy's model that judges an answer, and the option that gives it.
_FIELDS = {
    ("organization", "name"): "--name",
    ("organization", "legal_name"): "--legal-name",
    ("organization", "email"): "--email",
    ("organization", "address"): "--address",
    ("time_zone",): "--time-zone",
    ("site_url",): "--url",
}


def check_one(name: str, value: str) -> None:
    """In: the field of one answer, what a person gave. Raises UsageError where the sources would refuse it, saying why."""
    fields: dict[str, Any] = {
        "kind": "website",
        "name": "A",
        "legal_name": "A",
        "email": "privacy@example.com",
        "address": ("A",),
        "time_zone": "UTC",
        "url": "https://privacy.example.com/",
        "ci": "none",
        "day": date(2020, 1, 1),
    }
    check(Answers(**{**fields, name: (value,) if name == "address" else value}))


def check(answers: Answers) -> Answers:
    """The answers, if the sources made from them would be sound. Raises UsageError naming the option and how to mend it."""
    if answers.kind not in KINDS:
        raise UsageError(f"--kind can't be {answers.kind!r}. Use one of: {', '.join(KINDS)}.")
    if not answers.address or not all(answers.address):
        raise UsageError("--address is missing: people must be able to write to you.")
    if not urlsplit(answers.url).hostname:
        raise UsageError(f"--url can't be {answers.url!r}. Write a full address, such as https://privacy.example.com/.")
    _refuse_hidden(answers)
    try:
        Policy.model_validate(_as_policy(answers))
    except FormError as error:
        raise UsageError(_sentence(error.findings[0])) from None
    return answers


def _refuse_hidden(answers: Answers) -> None:
    given = {"--name": answers.name, "--legal-name": answers.legal_name, "--email": answers.email, "--url": answers.url}
    for option, text in (*given.items(), *(("--address", line) for line in answers.address)):
        if "\n" in text or "\t" in text:
            raise UsageError(f"{option} can't be {text!r}: write it on one line.")
        try:
            check_characters(option, text)
        except SourceError as error:
            raise UsageError(f"{option}: {error.problems[0].message} {error.problems[0].hint}") from None


def _as_policy(answers: Answers) -> dict[str, Any]:
    organization = {
        "name": answers.name,
        "legal_name": answers.legal_name,
        "email": answers.email,
        "address": list(answers.address),
    }
    return {
        "title": "Privacy policy",
        "organization": organization,
        "site_url": answers.url,
        "time_zone": answers.time_zone,
        "sections": [{"id": "about", "title": "About", "clauses": []}],
    }


def _sentence(finding: Finding) -> str:
    place = tuple(part for part in finding.place if isinstance(part, str))
    why = {"value": finding.expected, "form": "check its spelling"}.get(finding.kind, f"it must be {finding.expected}")
    given = str(finding.given)
    shown = given if len(given) <= 60 else given[:60] + "…"
    return f"{_FIELDS.get(place, '.'.join(place))} can't be {shown!r}: {why}."
