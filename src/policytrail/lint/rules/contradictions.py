"""Two practices that can't both be true, or that a reader would hold against each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from policytrail.model.practice import Practice
from policytrail.model.terms.vocabulary import self_and_parents

from .registry import NEGATIVE, Draft, Finding, Said, lint, named, overlap, same_people

_GIVING = frozenset({"sell", "rent", "share", "transfer", "disclose", "give", "trade", "lend"})
_GIVEN = frozenset({"given"})
_IDENTIFIES = (
    "user.device.ip_address",
    "user.device.cookie_id",
    "user.device.device_id",
    "user.unique_id",
    "user.name",
    "user.contact",
    "user.account",
    "user.authorization",
    "user.government_id",
    "user.financial",
    "user.biometric",
    "user.location",
)
_KNOWS_WHO = ("user.name", "user.contact", "user.account", "user.unique_id", "user.government_id", "user.financial")
_AREAS = {"collection": ("collection", "cookie"), "use": ("use",), "disclosure": ("disclosure",)}


def finding(draft: Draft, practice: Practice, message: str, hint: str, others: Iterable[Practice]) -> Finding:
    return Finding(*draft.at(practice), "", practice.id, message, hint, tuple(other.id for other in others))


def _below(practice: Practice, keys: tuple[str, ...]) -> list[str]:
    data = () if isinstance(practice.data, str) else practice.data
    return [each for each in data if set(self_and_parents(each)) & set(keys)]


def linked(one: Practice, other: Practice) -> bool:
    return one.exception_to == other.id or other.exception_to == one.id


@lint(
    "contradiction.only-when-given",
    'data is collected "only when you choose", and elsewhere without a choice',
    "FTC Deception Statement 1983: an express limit is presumed to matter",
)
def _only_when_given(draft: Draft) -> Said:
    for promise in draft.of("collection"):
        if not promise.exclusive or "voluntary" not in promise.requires:
            continue
        against = [
            practice
            for practice in draft.practices
            if _unasked(practice)
            and overlap(promise, practice)
            and same_people(promise, practice)
            and not linked(promise, practice)
        ]
        if against:
            message = (
                f"{promise.id} says that data is collected only when people choose to give it, but {named(against)} "
                "collect it without that choice."
            )
            yield finding(draft, promise, message, "Narrow the promise, or name them as exceptions.", against)


def _unasked(practice: Practice) -> bool:
    """Collected by watching, by working out, or from others; a cookie that records is set by itself."""
    if practice.modality in NEGATIVE or "voluntary" in practice.requires or practice.actor in ("provider", "partner"):
        return False
    if practice.type == "cookie":
        return practice.linkage != "not_tied"
    source: tuple[str, ...] = getattr(practice, "source", ())
    return practice.type == "collection" and bool(source) and not set(source) <= _GIVEN


@lint(
    "contradiction.non-personal",
    "data that tells a person or a device is called non-personal",
    "GDPR recital 30; CCPA 1798.140(v): online identifiers are personal data",
)
def _non_personal(draft: Draft) -> Said:
    meanings = [each for each in draft.of("definition") if "personal" in str(getattr(each, "term", "")).lower()]
    for practice in draft.practices:
        keys = _below(practice, _IDENTIFIES) if practice.personal == "no_as_claimed" else []
        if not keys:
            continue
        labels = ", ".join(draft.snapshot.vocabulary.label("data", key) for key in keys)
        beside = f", and {meanings[0].id} defines personal information by what identifies a person" if meanings else ""
        message = f"{practice.id} calls data non-personal that can tell a person or device ({labels}){beside}."
        yield finding(draft, practice, message, "Drop the claim, or say that the law may see it differently.", meanings)


@lint(
    "contradiction.not-tied",
    "a technique isn't tied to people, and elsewhere tells what a known person did",
    "FTC Deception Statement 1983",
)
def _not_tied(draft: Draft) -> Said:
    for promise in draft.practices:
        if promise.linkage != "not_tied":
            continue
        mine = technologies(promise)
        against = [
            practice
            for practice in draft.practices
            if practice is not promise
            and practice.modality not in NEGATIVE
            and (mine & technologies(practice) if mine else overlap(promise, practice))
            and (practice.linkage == "tied" or _below(practice, _KNOWS_WHO))
        ]
        if against:
            message = (
                f"{promise.id} says that this isn't tied to people, but {named(against)} tell what a known person did."
            )
            yield finding(draft, promise, message, "Say for which use it isn't tied, or stop the other.", against)


def technologies(practice: Practice) -> frozenset[str]:
    """What a tracker works with: cookie, clear_gif and so on."""
    return frozenset(getattr(practice, "technology", ()) if practice.type == "cookie" else ())


def _never_given(draft: Draft) -> list[Practice]:
    return [
        practice
        for practice in draft.practices
        if practice.modality in NEGATIVE
        and practice.actor == "company"
        and set(getattr(practice, "operations", ())) & _GIVING
    ]


def _affected(draft: Draft, rule: Practice) -> list[Practice]:
    """The disclosures of our own that do what the rule says is not done, to data that it covers."""
    never = set(getattr(rule, "operations", ()))
    return [
        practice
        for practice in draft.of("disclosure")
        if never & _acts(practice)
        and practice.modality not in NEGATIVE
        and practice.actor == "company"
        and practice is not rule
        and overlap(rule, practice)
    ]


@lint(
    "contradiction.never-shared",
    "data is never shared, and a disclosure that is no exception shares it",
    "FTC Gateway Learning 2004",
)
def _never_shared(draft: Draft) -> Said:
    for rule in _never_given(draft):
        open_list = rule.lists.get("exceptions") == "open"
        against = [
            practice
            for practice in _affected(draft, rule)
            if practice.exception_to != rule.id and not _only_affiliates(practice)
        ]
        if against and not open_list:
            message = f"{rule.id} says that data is never given away, but {named(against)} give it and are no exceptions to it."
            yield finding(
                draft, rule, message, "Name each as an exception (exceptions, exception_to), or drop one.", against
            )


def _acts(disclosure: Any) -> set[str]:
    """What a disclosure does: it shares, unless it says more exactly; a sale sells."""
    said = set(disclosure.operations) & _GIVING or {"share", "disclose"}
    return said | ({"sell"} if disclosure.is_sale is True else set())


def _only_affiliates(practice: Practice) -> bool:
    recipients = () if isinstance(practice.recipients, str) else practice.recipients
    return bool(recipients) and all(
        recipient.affiliate is True or recipient.role == "processor" for recipient in recipients
    )


@lint(
    "contradiction.sold-by-default",
    "data is never sold or shared, and yet given for others' own use unless one objects",
    "CCPA 1798.140(ad): a sale for other valuable consideration",
)
def _sold_by_default(draft: Draft) -> Said:
    for rule in _never_given(draft):
        against = [
            practice
            for practice in _affected(draft, rule)
            if practice.exception_to == rule.id and _given_unasked(practice)
        ]
        if against:
            message = (
                f"{rule.id} promises never to give data away, but its exception {named(against)} gives it to others "
                "for their own use until a person opts out."
            )
            yield finding(draft, rule, message, "Say so in the promise itself, or ask first.", against)


def _given_unasked(practice: Practice) -> bool:
    recipients = () if isinstance(practice.recipients, str) else practice.recipients
    own = any(recipient.role == "own_purposes" for recipient in recipients)
    values: Any = practice
    return values.is_sale is True or (own and values.default == "on_until_opt_out")


@lint(
    "contradiction.notice-scope",
    "advance notice is promised for fewer kinds of change than the policy speaks of",
    "Cal. B&P 22575(b)(3); read in favor of the reader",
)
def _notice_scope(draft: Draft) -> Said:
    for promise in draft.of("notice"):
        on: Any = getattr(promise, "on", None)
        if not on.scope or on.severity != "material":
            continue
        left_out = [area for area, types in _AREAS.items() if area not in on.scope and any(map(draft.of, types))]
        for area in left_out:
            against = speaking_of(draft, promise, area)
            beside = f", which {named(against)} speaks of" if against else ""
            message = f"{promise.id} promises notice of material changes of {' and '.join(on.scope)}, but not of {area}{beside}."
            yield finding(draft, promise, message, f"Add {area} to its scope and its words, or say why not.", against)


_SPEAKS = {"collection": r"collect", "use": r"\bus(?:e|ed|ing)\b", "disclosure": r"disclos|\bshar(?:e|ed|ing)\b"}


def speaking_of(draft: Draft, promise: Practice, area: str) -> list[Practice]:
    """What else is said about changes, in the same section, by clauses that do name this area."""
    mine = draft.snapshot.stating(promise.id)
    beside = {name for clause in mine for name in draft.snapshot.policy.section_of(clause).clauses} - set(mine)
    told = [each for each in draft.clauses if each.id in beside and re.search(_SPEAKS[area], each.text)]
    return [draft.snapshot.practices[name] for each in told for name in each.states]
