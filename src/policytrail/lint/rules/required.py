"""Statements that a law asks a policy for, by the regimes that it names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from policytrail.model.practice import Practice
from policytrail.workspace import POLICY_FILE

from .registry import Draft, Finding, Said, lint

_CALIFORNIA = frozenset({"caloppa", "ccpa"})
_EUROPE = frozenset({"gdpr", "uk"})
Has = Callable[[Draft], bool]


def _any(kind: str, test: Callable[[Any], bool] = lambda _: True) -> Has:
    return lambda draft: any(test(practice) for practice in draft.of(kind))


def _says(pattern: str) -> Has:
    found = re.compile(pattern, re.IGNORECASE)
    return lambda draft: any(found.search(clause.text) for clause in draft.clauses)


def _either(*tests: Has) -> Has:
    return lambda draft: any(test(draft) for test in tests)


def _right(kind: str) -> Has:
    return _any("right", lambda each: kind in each.kind)


def _each_use(test: Callable[[Practice], bool]) -> Has:
    """Every collection and use of our own passes."""
    return lambda draft: all(
        test(practice) for practice in (*draft.of("collection"), *draft.of("use")) if practice.actor == "company"
    )


def _tracks(practice: Practice) -> bool:
    return getattr(practice, "set_by", "company") != "company" or bool(getattr(practice, "cross_site", False))


_CALOPPA: dict[str, tuple[str, Has]] = {
    "effective-date": ("its effective date", lambda draft: bool(draft.snapshot.policy.last_updated)),
    "categories": ("the categories of data collected", _any("collection", lambda each: bool(each.data))),
    "third-parties": (
        "with whom data may be shared",
        _either(_any("disclosure"), _any("commitment", lambda e: bool(e.operations))),
    ),
    "change-process": ("how people are told of material changes", _any("notice", lambda each: bool(each.on.severity))),
    "do-not-track": ("how Do Not Track is answered", _any("signal", lambda each: each.name == "dnt")),
    "third-party-tracking": (
        "whether others track people across sites",
        _either(_any("cookie", _tracks), _says(r"third part\w+.{0,80}(?:track|cookie)")),
    ),
    "contact": ("how to reach you", _any("contact", lambda each: bool(each.channels))),
    "choices": ("how people review, change or refuse", _either(_any("choice"), _any("right"))),
}
_GDPR: dict[str, tuple[str, Has]] = {
    "controller": (
        "who the controller is, with an address",
        lambda draft: bool(draft.snapshot.policy.organization.address),
    ),
    "contact": ("the controller's contact", _any("contact", lambda each: bool(each.channels))),
    "purposes": (
        "a purpose for each collection and use",
        _each_use(lambda each: bool(each.purposes) and each.purposes != "unstated"),
    ),
    "legal-bases": ("a legal basis for each collection and use", _each_use(lambda each: bool(each.legal_basis))),
    "recipients": (
        "who receives data",
        _either(_any("disclosure", lambda each: bool(each.recipients)), _any("commitment")),
    ),
    "retention": ("how long data is kept", _any("retention")),
    "transfers": (
        "transfers to other countries, or that there are none",
        _either(
            _any("disclosure", lambda each: bool(each.countries or each.transfer_mechanism)),
            _says(r"transfer\w*.{0,80}(?:countr|outside)"),
        ),
    ),
    "right-access": ("the right of access", _right("access")),
    "right-correct": ("the right to have data corrected", _right("correct")),
    "right-delete": ("the right to have data deleted", _right("delete")),
    "right-restrict": ("the right to restrict processing", _right("restrict")),
    "right-object": ("the right to object", _right("object")),
    "right-port": ("the right to take data along", _right("port")),
    "complaint": (
        "the right to complain to an authority",
        _either(
            lambda draft: bool(draft.snapshot.policy.complaints),
            _says(r"(?:supervisory|data protection) authority|lodge a complaint"),
        ),
    ),
    "automated": (
        "whether decisions are made by machines alone",
        lambda draft: (
            any(practice.automated_decision is not None for practice in draft.practices)
            or _says(r"automated (?:decision|processing)|profiling")(draft)
        ),
    ),
}


def _missing(draft: Draft, regimes: frozenset[str], law: str, wanted: dict[str, tuple[str, Has]]) -> Said:
    binding = sorted(set(draft.snapshot.policy.regimes) & regimes)
    if not binding:
        return
    for name, (what, has) in wanted.items():
        if not has(draft):
            message = f"The policy doesn't say {what}; {law} asks for it (regime {binding[0]})."
            yield Finding(POLICY_FILE, 0, "", name, message, "Declare the practice and the clause that states it.")


@lint(
    "required.caloppa", "a statement that California asks for is missing (regimes caloppa, ccpa)", "Cal. B&P 22575(b)"
)
def _caloppa(draft: Draft) -> Said:
    yield from _missing(draft, _CALIFORNIA, "Cal. B&P 22575(b)", _CALOPPA)


@lint("required.gdpr", "a statement that the GDPR asks for is missing (regimes gdpr, uk)", "GDPR 13, 14")
def _gdpr(draft: Draft) -> Said:
    yield from _missing(draft, _EUROPE, "GDPR 13-14", _GDPR)
