"""A single practice that leaves its reader without what it promises."""

from __future__ import annotations

import re
from typing import Any

from policytrail.model.practice import Practice

from .registry import NEGATIVE, Draft, Finding, Said, lint

_EXCEPTION = re.compile(
    r"\b(?:except(?:ions?)?(?! that)\b|with the exception of|unless\b|other than as)", re.IGNORECASE
)
_REACHES = {
    "email": ("email",),
    "phone": ("phone",),
    "post": ("post", "mail"),
    "contact": (),
    "web_form": ("web_form", "form"),
}


def _finding(draft: Draft, practice: Practice, message: str, hint: str, *others: str) -> Finding:
    return Finding(*draft.at(practice), "", practice.id, message, hint, others)


@lint("exception.no-rule", "words of exception in a clause that states no rule with exceptions")
def _no_rule(draft: Draft) -> Said:
    for clause in draft.clauses:
        found = _EXCEPTION.search(clause.text)
        stated = [draft.snapshot.practices[state] for state in clause.states]
        if not found or any(
            practice.exceptions or practice.exception_to or practice.excludes or practice.requires
            for practice in stated
        ):
            continue
        if any(practice.type in ("right", "choice", "retention") for practice in stated):
            continue  # limits of these are fields of their own
        body = draft.bodies[clause.id]
        message = f"The clause speaks of an exception ({found[0]!r}), but no practice that it states is a rule with exceptions."
        yield Finding(
            body.path,
            body.line_of(found[0]),
            "",
            clause.id,
            message,
            "Name the rule (exceptions) and what is excepted (exception_to).",
        )


@lint(
    "contact.only-way",
    "a right or choice whose only way to use it has no contact behind it",
    "WP260 para 29: how to exercise",
)
def _only_way(draft: Draft) -> Said:
    contacts: list[Any] = draft.of("contact")
    kinds = {channel.kind for contact in contacts for channel in contact.channels}
    for practice in draft.practices:
        ways = [each.kind for each in getattr(practice, "mechanisms", ()) if each.kind in _REACHES and not each.where]
        if practice.type not in ("right", "choice") or not ways or len(ways) < len(getattr(practice, "mechanisms", ())):
            continue
        if not any(set(_REACHES[way] or kinds) & kinds for way in ways):
            message = f"{practice.id} can only be used by {' or '.join(ways)}, but no contact offers that any more."
            yield _finding(draft, practice, message, "Add the channel to a contact, or another mechanism.")


@lint("contact.no-channel", "a contact that names no way to reach it")
def _no_channel(draft: Draft) -> Said:
    for practice in draft.of("contact"):
        if not getattr(practice, "channels", ()):
            serves = tuple(getattr(practice, "serves", ()))
            message = f"{practice.id} names no channel" + (f", and {', '.join(serves)} hang on it." if serves else ".")
            yield _finding(draft, practice, message, "Add post, phone, email or a form.", *serves)


@lint("choice.no-mechanism", "a right or choice without a way to use it", "WP260 para 29; CCPA 1798.130")
def _no_mechanism(draft: Draft) -> Said:
    served = {name for each in draft.of("contact") for name in getattr(each, "serves", ())}
    for practice in (*draft.of("choice"), *draft.of("right")):
        kind = getattr(practice, "kind", ())
        if kind in ("none", "opt_in") or practice.modality in NEGATIVE or practice.id in served:
            continue
        if not getattr(practice, "mechanisms", ()):
            message = f"{practice.id} grants something, but names no way to use it."
            yield _finding(draft, practice, message, "Add a mechanism, or let a contact serve it.")


@lint("practice.proposed", "a practice that an import proposed and no person confirmed; it blocks a release")
def _proposed(draft: Draft) -> Said:
    for practice in draft.practices:
        if practice.proposed:
            yield _finding(
                draft, practice, f"{practice.id} is only proposed.", "Confirm it: take out 'proposed: true'."
            )
