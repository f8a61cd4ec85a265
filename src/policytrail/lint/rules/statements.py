"""The text and the practices say the same things: what one has, the other has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from policytrail.model.policy import Clause
from policytrail.model.practice import Practice
from policytrail.model.terms.vocabulary import is_parent

from .registry import Draft, Finding, Said, lint

# Words for data -> the keys that a practice would have for it. Only words that can hardly mean anything else.
_DATA: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"e-?mail address(?:es)?", ("user.contact.email", "user.contact", "user.name")),
    (r"(?:tele)?phone numbers?", ("user.contact.phone_number",)),
    (r"(?:home|postal|street|billing|shipping|mailing) address(?:es)?", ("user.contact.address",)),
    (r"IP address(?:es)?", ("user.device.ip_address",)),
    (r"(?:precise |geo-?)?location(?: data| information)?(?= of your|\b)", ("user.location",)),
    (r"date of birth|birthdays?|birth dates?", ("user.demographic.date_of_birth", "user.demographic")),
    (r"health (?:data|information|records?)|medical", ("user.health_and_medical",)),
    (r"biometrics?|fingerprints?|face(?:prints?| recognition)", ("user.biometric", "user.biometric_health")),
    (r"social security numbers?|passport|driver'?s licen[cs]e", ("user.government_id",)),
    (r"credit cards?|bank accounts?|card numbers?", ("user.financial", "user.payment")),
    (r"browsing history|pages (?:that )?you (?:visit|request|view)", ("user.behavior.browsing_history",)),
    (r"gender|ethnicity|religio\w+|political opinions?|sexual orientation", ("user.demographic",)),
    (r"contact lists?|address books?", ("user.x_address_book", "user.social", "user.contact")),
    (r"passwords?", ("user.authorization", "user.account")),
)
_PATTERNS = tuple((re.compile(rf"\b(?:{words})\b", re.IGNORECASE), keys) for words, keys in _DATA)


def _kinds(*kinds: str) -> frozenset[str]:
    return frozenset(kinds)


# Words for doing -> the types of practice of which one must be stated there.
_DOING: tuple[tuple[re.Pattern[str], frozenset[str], str], ...] = tuple(
    (re.compile(words, re.IGNORECASE), kinds, name)
    for words, kinds, name in (
        (
            r"\bsell(?:s|ing)?\b|\bsold\b|\brent(?:s|ed|ing)?\b",
            _kinds("disclosure", "commitment"),
            "selling or renting",
        ),
        (
            r"\bcookies?\b|\bweb beacons?\b|\bclear gifs?\b|\bpixels?\b",
            _kinds("cookie", "use", "choice", "signal", "definition", "scope", "assurance"),
            "cookies or the like",
        ),
        (r"\bencrypt\w*", _kinds("security"), "encryption"),
        (r"\bopt(?:ing)?[- ](?:out|in)\b|\bunsubscrib\w+", _kinds("choice"), "opting out or in"),
        (
            r"\b(?:retain|store|keep)s? (?:your|this|the|such|it|personal|that)\b.{0,60}\b(?:for|until|while|as long)\b",
            _kinds("retention", "use", "collection"),
            "how long data is kept",
        ),
        (r"\bdo not track\b", _kinds("signal"), "Do Not Track"),
        (r"\bsubpoenas?\b|\bcourt orders?\b", _kinds("disclosure"), "answering courts"),
        (
            r"\b(?:children|minors) (?:under|below|younger)\b|\bunder the age of\b",
            _kinds("commitment", "collection", "scope", "definition"),
            "children",
        ),
        (
            r"\btrain(?:s|ing)? (?:\w+ )?(?:models?|AI|algorithms?)\b|\bmachine learning\b",
            _kinds("use"),
            "training models",
        ),
    )
)


@lint("text.undeclared", "the text names data or a doing that no practice of its clause declares")
def _undeclared(draft: Draft) -> Said:
    for clause in draft.clauses:
        stated = [draft.snapshot.practices[state] for state in clause.states]
        body = draft.bodies[clause.id]
        for pattern, keys in _PATTERNS:
            found = pattern.search(clause.text)
            if found and not any(_speaks_of(practice, keys) for practice in stated):
                message = f"The text names {found[0]!r}, but no practice that the clause states has data of that kind."
                yield Finding(
                    body.path, body.line_of(found[0]), "", clause.id, message, f"Add {keys[0]} to a practice."
                )
        for pattern, kinds, name in _DOING:
            found = pattern.search(clause.text)
            if found and stated and not any(practice.type in kinds for practice in stated):
                message = f"The text speaks of {name} ({found[0]!r}), but the clause states no practice of type {' or '.join(sorted(kinds))}."
                yield Finding(
                    body.path, body.line_of(found[0]), "", clause.id, message, "Declare it, and name it under states."
                )


def _speaks_of(practice: Practice, keys: tuple[str, ...]) -> bool:
    """Whether a practice has the data, data below or above it, or leaves it open; contacts, and what isn't about data, do."""
    if practice.type in ("contact", "notice", "communication", "choice", "right", "link", "program"):
        return True
    if practice.data == "unstated":
        return True
    mine = (*practice.data, *practice.excludes)
    return any(a == b or is_parent(a, b) or is_parent(b, a) for a in mine for b in keys)


@lint("text.unsaid", "a practice declares something concrete that none of the clauses that state it says")
def _unsaid(draft: Draft) -> Said:
    for practice in draft.practices:
        told = [draft.snapshot.clauses[each] for each in draft.snapshot.stating(practice.id)]
        text = _plain(" ".join(f"{clause.title} {clause.text}" for clause in told))
        missing = [each for each in _concrete(draft, practice) if not any(_stands(word, text) for word in each)]
        for each in missing:
            message = f"{practice.id} declares {each[0]!r}, but no clause that states it says so ({_ids(told)})."
            yield Finding(*draft.at(practice), "", practice.id, message, "Say it in the text, or correct the practice.")


def _concrete(draft: Draft, practice: Any) -> Iterable[tuple[str, ...]]:
    """What must stand in the text word for word, each with its other spellings."""
    if practice.type == "notice" and practice.period_days is not None:
        yield _spellings(practice.period_days, "day")
    if practice.type == "retention" and practice.period and practice.period.value is not None:
        yield _spellings(practice.period.value, practice.period.unit or "day")
    if practice.type == "contact":
        yield from ((channel.value,) for channel in practice.channels if channel.value)
    if practice.type in ("definition", "program"):
        yield (getattr(practice, "term", None) or practice.name,)
    if practice.type == "link" and practice.target != "unstated":
        yield (practice.target,)
    if practice.type == "security" and practice.technology:
        yield (practice.technology,)
    for recipient in practice.recipients if not isinstance(practice.recipients, str) else ():
        if recipient.kind == "named":
            yield (draft.snapshot.vocabulary.label("recipients", recipient.id),)


def _stands(words: str, text: str) -> bool:
    """Whether words stand in a text, both plain; "30 days" doesn't stand in "130 days"."""
    return re.search(rf"(?<!\w){re.escape(_plain(words))}", text) is not None


def _spellings(number: int, unit: str) -> tuple[str, ...]:
    return (
        f"{number} {unit}",
        *(f"{number} {kind} {unit}" for kind in ("full", "calendar", "business", "working")),
        f"{number}-{unit}",
    )


def _plain(text: str) -> str:
    """Words and numbers in one spelling: no marks, no capitals, single spaces."""
    return " ".join(re.sub(r"[*`\\]|[^\w\s@.:/?=&+()-]", " ", text).casefold().split())


def _ids(clauses: Iterable[Clause]) -> str:
    return ", ".join(clause.id for clause in clauses)
