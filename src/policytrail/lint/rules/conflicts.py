"""Two practices that say different things of the same data: how long, whether at all, for what alone."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from policytrail.model.practice import Practice
from policytrail.model.terms.vocabulary import is_parent

from .contradictions import finding, linked, technologies
from .registry import NEGATIVE, Draft, Said, lint, named, overlap, same_people


@lint("contradiction.retention", "the same data is kept for two different times", "GDPR 5(1)(e); CCPA 1798.100(a)(3)")
def _retention(draft: Draft) -> Said:
    for one, two in combinations(draft.of("retention"), 2):
        if not overlap(one, two) or not same_people(one, two) or _apart(one, two):
            continue
        kept = [_kept(practice) for practice in (one, two)]
        if all(kept) and kept[0] != kept[1]:
            message = f"{one.id} keeps data for {kept[0]}, {two.id} keeps the same data for {kept[1]}."
            yield finding(draft, one, message, "Make them agree, or tell by purpose which holds when.", [two])


def _kept(practice: Any) -> str:
    if practice.none_kept:
        return "no time"
    period = practice.period
    return f"{period.value} {period.unit}(s)" if period and period.value is not None else ""


def _apart(one: Practice, two: Practice) -> bool:
    """Told apart by purpose, product, place or occasion."""
    if one.scope != two.scope or one.trigger != two.trigger:
        return True
    return bool(one.purposes and two.purposes) and not set(one.purposes) & set(two.purposes)


@lint("contradiction.modality", "one practice does what another says is not done")
def _modality(draft: Draft) -> Said:
    for one, two in combinations(list(draft.practices), 2):
        if one.type != two.type or one.type not in ("collection", "use", "communication", "disclosure", "cookie"):
            continue
        no, yes = (one, two) if one.modality in NEGATIVE else (two, one)
        if no.modality not in NEGATIVE or yes.modality in NEGATIVE or no.linkage or linked(no, yes) or _apart(no, yes):
            continue
        if no.type == "use" and not no.purposes:
            continue  # what isn't done is something else than a purpose, such as deciding by machine
        same_way = not technologies(no) or technologies(no) == technologies(yes)
        if (
            no.actor == yes.actor
            and no.data
            and _within(no, yes)
            and same_people(no, yes)
            and same_way
            and _same_others(no, yes)
        ):
            message = f"{no.id} says that something is not done, and {yes.id} says that it is."
            yield finding(draft, no, message, "Drop one, or make one an exception to the other.", [yes])


def _within(rule: Practice, other: Practice) -> bool:
    """Whether all data of the other lies under the rule's."""
    if isinstance(rule.data, str) or isinstance(other.data, str) or not other.data:
        return False
    return all(any(a == b or is_parent(a, b) for a in rule.data) for b in other.data)


def _same_others(no: Practice, yes: Practice) -> bool:
    mine, theirs = (
        {recipient.id for recipient in side.recipients if not isinstance(recipient, str)} for side in (no, yes)
    )
    return not mine or bool(mine & theirs)


@lint(
    "contradiction.only-for",
    "data is used only for some purposes, and elsewhere for another",
    "FTC Gateway Learning 2004",
)
def _only_for(draft: Draft) -> Said:
    for rule in draft.of("use"):
        if not rule.exclusive or isinstance(rule.purposes, str) or isinstance(rule.data, str):
            continue
        allowed = set(rule.purposes)
        against = [
            practice
            for practice in draft.of("use")
            if practice is not rule
            and practice.modality not in NEGATIVE
            and not isinstance(practice.data, str)
            and practice.data
            and overlap(rule, practice)
            and same_people(rule, practice)
            and not isinstance(practice.purposes, str)
            and set(practice.purposes) - allowed
            and practice.scope == rule.scope
        ]
        if against:
            message = (
                f"{rule.id} uses data only for {', '.join(sorted(allowed))}, but {named(against)} use it for more."
            )
            yield finding(draft, rule, message, "Widen the rule's words, or stop the other use.", against)
