"""Kinds of change in what data is used for."""

from __future__ import annotations

from policytrail.model.change import Direction
from policytrail.model.difference import Difference

from .registry import BROADENS, NARROWS, NEUTRAL, About, M, grows, negative, rule, switched, whole, wider


@rule("purpose.set", "A purpose is added or dropped.", "GDPR 13(3); Colorado 6.04; LGPD 9; CCPA 1798.100", consent=True)
def purpose(d: Difference, about: About) -> Direction | None:
    if whole(d, "use"):
        return grows(d)
    return grows(d) if d.field == "purposes" and wider(d) is None else None


@rule(
    "purpose.level",
    "A purpose is replaced by a wider or narrower one.",
    "specific to vague is a widening",
    consent=True,
)
def level(d: Difference, about: About) -> Direction | None:
    return wider(d) if d.field == "purposes" else None


@rule(
    "purpose.limit",
    "A limit such as 'only for' is removed or added.",
    "FTC Deception Statement; Gateway 2004",
    consent=True,
)
def limit(d: Difference, about: About) -> Direction | None:
    if d.field == "exclusive":
        return NARROWS if d.after is True else BROADENS
    if d.field == "limit" and d.type == "use":
        return NARROWS if d.before is None else BROADENS if d.after is None else NEUTRAL
    if whole(d, "use", "commitment", "collection") and d.was and d.was.exclusive:
        return BROADENS
    return None


@rule(
    "purpose.ai_training",
    "Training of models on personal data starts or stops.",
    "FTC, February 2024; New Jersey draft",
    consent=True,
)
def training(d: Difference, about: About) -> Direction | None:
    if d.field == "ai_training":
        return switched(d)
    if not d.path and d.practice and d.practice.ai_training is True:
        return grows(d)
    return None


@rule(
    "purpose.automated", "Profiling or automated decisions start or stop.", "GDPR 13(2)(f); Colorado 6.04", consent=True
)
def automated(d: Difference, about: About) -> Direction | None:
    if d.field == "automated_decision":
        return switched(d)
    if not d.path and d.practice and d.practice.automated_decision is True:
        return grows(d)
    return None


@rule("legal_basis", "The legal basis changes.", "GDPR 13(1)(c): always told; it has no direction", neutral=M)
def legal_basis(d: Difference, about: About) -> Direction | None:
    return NEUTRAL if d.field == "legal_basis" else None


@rule(
    "communication.set",
    "A kind, channel or frequency of messages is added or dropped.",
    "a use of contact data; TCPA and ePrivacy may ask for consent",
)
def communication(d: Difference, about: About) -> Direction | None:
    if whole(d, "communication"):
        return grows(d)
    if d.type == "communication" and d.touches("kinds", "about", "channels", "senders"):
        return NARROWS if negative(d) else grows(d)
    return NEUTRAL if d.field == "frequency" else None
