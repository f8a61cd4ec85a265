"""Plain words for what the model calls by keys: one place, so that site, mail and feeds say the same."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from policytrail.languages import ENGLISH, Catalogue
from policytrail.model.change import Change, Comparison, Consent, Direction, Severity

SEVERITIES = {
    Severity.NONE: "No change",
    Severity.EDITORIAL: "Editorial",
    Severity.REVIEW: "Review",
    Severity.MATERIAL: "Material",
}
DIRECTIONS = {
    Direction.BROADENS: "Broadens what is done with data",
    Direction.NARROWS: "Narrows what is done with data",
    Direction.NEUTRAL: "Neither broadens nor narrows",
}
CONSENTS = {
    Consent.NONE: "Not needed",
    Consent.ASK: "Needed where it reaches data already held",
    Consent.REQUIRED: "Needed for data already held",
}
STATES = {
    "announcing": "Announced",
    "noticed": "Announced, notice given",
    "effective": "In force",
    "superseded": "No longer in force",
    "withdrawn": "Withdrawn",
    "blocked": "Held back",
}
_EVIDENCE = {
    "site": "Notice on this site",
    "started": "Notice by email begun",
    "progress": "Notice by email, so far",
    "email": "Notice by email",
    "withdrawn": "Withdrawal",
    "retraction": "Retraction",
    "translation": "Translation",
}
# The first word of a change's kind -> what a reader would call it.
_TOPICS = {
    "collection": "what we collect",
    "purpose": "how we use data",
    "use": "how we use data",
    "legal_basis": "legal basis",
    "communication": "messages we send",
    "recipient": "sharing",
    "disclosure": "sharing",
    "transfer": "transfers to other countries",
    "tracker": "cookies and tracking",
    "cookie": "cookies and tracking",
    "signal": "Do Not Track",
    "choice": "your choices",
    "right": "your rights",
    "children": "children",
    "retention": "how long we keep data",
    "security": "security",
    "controller": "who is responsible",
    "merger": "mergers",
    "scope": "what the policy covers",
    "definition": "definitions",
    "jurisdiction": "sections for a state or country",
    "governed_by": "whose policy applies",
    "notice": "how we tell you about changes",
    "acceptance": "how you accept changes",
    "application": "data we already hold",
    "redress": "complaints",
    "program": "privacy programmes",
    "contact": "contact details",
    "commitment": "our commitments",
    "assurance": "explanations",
    "link": "links",
    "recipient_registry": "sharing",
}


def topic(kind: str) -> str:
    """What a reader calls the subject of a change of this kind."""
    return _TOPICS.get(kind.partition(".")[0], "the wording")


def topics(changes: Iterable[Change], words: Catalogue = ENGLISH) -> tuple[str, ...]:
    """The topics of these changes, each once, in their order."""
    return tuple(dict.fromkeys(words.say(topic(change.kind)) for change in changes))


def evidence_words(kind: str, words: Catalogue = ENGLISH) -> str:
    """What a record about a notice is called; its own name where there is no other."""
    said = _EVIDENCE.get(kind, kind.replace("_", " ").capitalize())
    return words.say(said) if words.knows(said) else said


def and_list(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return ENGLISH.and_list(words)


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 change`, `2 changes`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def sentence_case(text: str) -> str:
    """With a capital first letter; the rest stays."""
    return text[:1].upper() + text[1:]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """00:00 of the day in that time zone: the instant at which a version takes effect."""
    return datetime.combine(day, time(), zone)


def instant(day: date, zone: ZoneInfo) -> str:
    """The same instant with its UTC offset: `2014-01-01T00:00:00-08:00`."""
    return midnight(day, zone).isoformat()


def instant_words(day: date, zone: ZoneInfo, words: Catalogue = ENGLISH) -> str:
    """`1 January 2014 at 00:00 (America/Los Angeles time, UTC-08:00)`: the day, the zone and its offset on that day."""
    offset, place = midnight(day, zone).isoformat()[19:25], zone.key.replace("_", " ")
    return words.say("{day} at 00:00 ({place} time, UTC{offset})", day=words.day(day), place=place, offset=offset)


def worst_first(changes: Iterable[Change]) -> tuple[Change, ...]:
    """In order of severity, then those that need consent, then those that broaden; else as they stood."""
    directions = (Direction.BROADENS, Direction.NEUTRAL, Direction.NARROWS)
    consents = (Consent.REQUIRED, Consent.ASK, Consent.NONE)
    return tuple(
        sorted(
            changes,
            key=lambda change: (
                -change.severity.rank,
                consents.index(change.consent),
                directions.index(change.direction),
            ),
        )
    )


def sentence(change: Change) -> str:
    """What readers are told of the change; of one that has no words, a neutral sentence, else the bare facts."""
    text = change.words or change.summary or change.title or f"{change.subject}: {change.kind}"
    return text if text.endswith((".", "!", "?")) else f"{text}."


_TALLIES = {
    "material": ("{n} material change", "{n} material changes"),
    "undecided": ("{n} undecided change", "{n} undecided changes"),
    "reviewed": ("{n} reviewed change", "{n} reviewed changes"),
    "editorial": ("{n} editorial change", "{n} editorial changes"),
}


def tally(comparison: Comparison, words: Catalogue = ENGLISH) -> str:
    """`3 material changes, 1 undecided change and 2 editorial changes`."""
    named = (
        ("material", comparison.of(Severity.MATERIAL)),
        ("undecided", comparison.undecided),
        ("reviewed", [change for change in comparison.of(Severity.REVIEW) if not change.undecided]),
        ("editorial", comparison.of(Severity.EDITORIAL)),
    )
    said = [words.many(len(listed), *_TALLIES[name]) for name, listed in named if listed]
    return words.and_list(said) if said else words.say("no changes")


def clause_anchor(clause_id: str) -> str:
    """The id of a clause on a page: with a slash, so that it's never the id of a section."""
    return clause_id if "/" in clause_id else f"clause/{clause_id}"


def wrapped(text: str, mark: str = "") -> str:
    """Text in lines of at most 72 characters, hanging below its mark; no word or address is broken."""
    return textwrap.fill(
        text, 72, initial_indent=mark, subsequent_indent=" " * len(mark), break_long_words=False, break_on_hyphens=False
    )
