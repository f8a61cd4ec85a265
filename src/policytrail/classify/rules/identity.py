"""Kinds of change in who speaks, what the policy covers, and what its words mean."""

from __future__ import annotations

from policytrail.model.change import Direction
from policytrail.model.comparable import channel_keys
from policytrail.model.difference import Difference
from policytrail.model.practice import Contact, ScopeStatement

from .registry import BROADENS, NARROWS, NEUTRAL, About, E, Judgement, M, R, grows, negative, protects, rule, whole


def _organization(d: Difference, *names: str) -> bool:
    return d.subject == "policy" and d.field == "organization" and d.key in names


@rule(
    "controller.identity",
    "Another entity is responsible, or one joins or leaves.",
    "WP260; Colorado 6.04; LGPD 9",
    neutral=M,
)
def identity(d: Difference, about: About) -> Direction | None:
    if _organization(d, "legal_name", "group") or (d.type == "contact" and d.field == "entity"):
        return NEUTRAL
    return None


@rule("controller.name", "The name of the company changes.", "it must be proven to be the same entity")
def name(d: Difference, about: About) -> Direction | None:
    return NEUTRAL if _organization(d, "name") else None


@rule(
    "scope.cover", "Something moves out of, or into, what the policy covers.", "outside the policy there is no promise"
)
def cover(d: Difference, about: About) -> Direction | Judgement | None:
    if whole(d, "scope"):
        leaves = isinstance(d.practice, ScopeStatement) and d.practice.not_covered
        return (BROADENS if leaves else NARROWS) if d.op == "added" else (NARROWS if leaves else BROADENS)
    if d.is_of("scope", "program") and d.field == "covers":
        return protects(d)
    if d.is_of("scope", "program") and d.field == "not_covered":
        return BROADENS if d.op == "added" else NARROWS
    if d.subject == "policy" and d.field == "documents":
        return NEUTRAL
    # A practice that holds in fewer places is better or worse as the practice is: a person reads it.
    return Judgement(NEUTRAL, R) if d.field == "scope" and not d.subject.startswith("section:") else None


@rule(
    "scope.placement",
    "The same words come under a heading that limits whom or where they are for.",
    "only the path differs: scope is compared, not text",
)
def placement(d: Difference, about: About) -> Direction | Judgement | None:
    if d.subject.startswith("section:") and d.field == "scope":
        return NARROWS if d.op == "removed" else BROADENS
    if d.subject.startswith("clause:") and d.field == "section":
        scopes = [side.policy.section_of(d.subject.removeprefix("clause:")).scope for side in (about.old, about.new)]
        return Judgement(NEUTRAL, M) if scopes[0] != scopes[1] else None
    return None


@rule("definition", "What a defined word means changes.", "it moves every statement that uses the word")
def definition(d: Difference, about: About) -> Direction | Judgement | None:
    if d.type != "definition":
        return None
    if not d.path:
        return NARROWS if d.op == "added" else BROADENS
    return Judgement(NEUTRAL, M) if d.touches("term", "meaning", "data") else None


@rule(
    "jurisdiction.section",
    "A section for a state or country is added or dropped.",
    "added rights narrow; look for sales",
)
def jurisdiction(d: Difference, about: About) -> Direction | None:
    section = about.section(d) if not d.path else None
    scoped = section is not None and section.scope.get("jurisdictions")
    return protects(d) if scoped else None


@rule("governed_by", "Data comes under somebody else's policy, or back under this one.", "a transfer of promises")
def governed(d: Difference, about: About) -> Direction | None:
    if d.field == "governed_by":
        return BROADENS if d.after == "recipient_policy" else NARROWS
    if not d.path and d.practice and d.practice.governed_by == "recipient_policy" and not negative(d):
        return grows(d)
    return None


@rule(
    "contact",
    "An address, phone number, mailbox or unit changes.",
    "WP260: how to exercise rights",
    broadens=R,
    narrows=E,
)
def contact(d: Difference, about: About) -> Direction | Judgement | None:
    if _organization(d, "address", "phone", "email"):
        told = any(difference.type == "contact" and difference.field == "channels" for difference in about.differences)
        return Judgement(NEUTRAL, E, "the contact practice holds the same change") if told else NEUTRAL
    if d.subject == "policy" and d.field == "sender":
        return Judgement(NEUTRAL, E, "the sender's address of notices, not a way to use rights")
    if d.type != "contact":
        return None
    if not d.path:
        return protects(d)
    if d.field == "channels" and d.op == "added" and len(d.path) == 2:
        return NARROWS
    if d.field == "serves":
        return protects(d)
    if d.field == "channels":
        was, now = (side if isinstance(side, Contact) else None for side in (d.was, d.now))
        others = set(channel_keys(was.channels)) & set(channel_keys(now.channels)) - {d.key} if was and now else set()
        free = was and now and others and not was.serves and not now.serves
        return Judgement(NEUTRAL, E, "another way remains and no right hangs on it") if free else NEUTRAL
    return NEUTRAL if d.field == "unit" else None
