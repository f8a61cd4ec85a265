"""Kinds of change in plain text, one small rule each: what came, went or changed in a passage, and in which direction.

A rule gets a `Reading` of one passage and says a verdict, or None where the passage isn't its business. Where several
speak, the highest severity wins. Ids, reasons and sources are those of the structured kinds (`classify/registry`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ...model.change import Direction, Severity
from ..cues import force_cues
from .concepts import ACTS, PROMISES, concepts, is_sensitive

M, R, E = Severity.MATERIAL, Severity.REVIEW, Severity.EDITORIAL
BROADENS, NARROWS, NEUTRAL = Direction.BROADENS, Direction.NARROWS, Direction.NEUTRAL
Concept = tuple[str, str]
_SELF_HELP = re.compile(
    r"\b(?:you (?:can|may|could|have the right)|opt(?:ing)? ?out|to (?:opt|unsubscribe|learn|read|view|see)|click|visit|contact us|please)\b"
)
_NEGATED = re.compile(r"\b(?:not|never|no longer|cannot|without|neither|nor|\w+n't)\b")
_UNIT = re.compile(r"\b([0-9]+)\s+(day|month|year|hour|week|minute)s?\b")
_AGE = re.compile(
    r"\b(?:under|age of|aged|over|least|younger than|older than|below|between)\s+(?:the age of\s+)?([0-9]{1,2})\b"
)
_ENTITY = re.compile(r"\b(?:inc|ltd|llc|gmbh|limited|corp|corporation|company|bv|ab|sa|ag|oü|plc|sarl|unlimited|pty)\b")
_LIMIT = re.compile(r"\b(?:only|solely|exclusively|never|strictly)\b")


@dataclass(frozen=True)
class Reading:
    """One changed passage as rules see it: both sides as lower-case words, and what each speaks of.

    `came` and `went` are concepts that only one side has; `unknown` those that came and that the old policy never named.
    """

    old: str
    new: str
    came: frozenset[Concept]
    went: frozenset[Concept]
    unknown: frozenset[Concept]

    @property
    def op(self) -> str:
        """`added`, `removed` or `changed`."""
        return "added" if not self.old else "removed" if not self.new else "changed"

    def names(self, side: frozenset[Concept], *families: str) -> list[str]:
        """The concepts of these families (or `other:NAME`), in order."""
        return sorted(name for family, name in side if family in families or f"{family}:{name}" in families)

    @property
    def practice(self) -> bool:
        """Whether the new words say that something is done with data, and not what a person can do against it."""
        offers = bool(_SELF_HELP.search(self.new)) or bool(
            self.names(concepts(self.new), "other:choice", "other:right")
        )
        return bool(ACTS.search(self.new)) and not offers and not _NEGATED.search(self.new)


@dataclass(frozen=True)
class Verdict:
    """What a rule says of a passage. `rule` is the id of a kind; `evidence` the words it goes by."""

    rule: str
    direction: Direction
    severity: Severity
    evidence: str


Rule = Callable[[Reading], Verdict | None]
RULES: list[Rule] = []


def rule(judge: Rule) -> Rule:
    """Enter a rule."""
    RULES.append(judge)
    return judge


def _evidence(words: list[str]) -> str:
    return ", ".join(words)


@rule
def data(reading: Reading) -> Verdict | None:
    """Another kind of data is named where something is done with it (Colorado 6.04; CCPA 1798.100)."""
    names = reading.names(reading.came, "data")
    if not names:
        return None
    told = reading.practice or (
        reading.op == "added" and len(reading.new.split()) < 14 and not _SELF_HELP.search(reading.new)
    )
    sensitive = any(is_sensitive(each) for each in names)
    kind = "collection.sensitive" if sensitive else "collection.data"
    grew = reading.op == "added" or len(reading.new.split()) > len(reading.old.split())
    return (
        Verdict(kind, BROADENS, M, _evidence(names)) if told and grew else Verdict(kind, NEUTRAL, R, _evidence(names))
    )


@rule
def purpose(reading: Reading) -> Verdict | None:
    """A purpose is named that wasn't (GDPR 13(3); WP260)."""
    names = reading.names(reading.came, "purpose")
    if not names:
        return None
    kind = (
        "purpose.ai_training"
        if "ai" in names
        else "purpose.automated"
        if "automated decisions" in names
        else "purpose.set"
    )
    grew = reading.op == "added" or len(reading.new.split()) > len(reading.old.split())
    certain = grew and reading.practice
    return Verdict(kind, BROADENS, M, _evidence(names)) if certain else Verdict(kind, NEUTRAL, R, _evidence(names))


@rule
def recipient(reading: Reading) -> Verdict | None:
    """A category of recipients, or a named one, gets data (FTC 1Health 2023; Regulation P 1016.8)."""
    names = reading.names(reading.came, "recipient")
    sharing = re.search(r"\b(?:shar|disclos|provid|transfer|sell|sold|receiv|access|send|collect)\w*", reading.new)
    if not names or not sharing:
        return None
    certain = reading.practice and any(("recipient", each) in reading.unknown for each in names)
    return (
        Verdict("recipient.category", BROADENS, M, _evidence(names))
        if certain
        else Verdict("recipient.named", NEUTRAL, R, _evidence(names))
    )


@rule
def sale(reading: Reading) -> Verdict | None:
    """Selling starts to be said, or a promise not to sell goes (CCPA 1798.120)."""
    came, went = reading.names(reading.came, "other:sale"), reading.names(reading.went, "other:sale")
    if came and not _NEGATED.search(reading.new):
        return Verdict("disclosure.sale", BROADENS, M, "sale")
    return (
        Verdict("disclosure.rule", BROADENS, M, "a promise on sale went")
        if went and _NEGATED.search(reading.old)
        else None
    )


@rule
def promise(reading: Reading) -> Verdict | None:
    """A promise, limit or protection went (FTC Deception Statement 1983; Gateway 2004)."""
    if reading.op == "removed":
        bound = _NEGATED.search(reading.old) or _LIMIT.search(reading.old)
        kept = bound and ACTS.search(reading.old) and PROMISES.search(reading.old) and concepts(reading.old)
        return Verdict("disclosure.rule", BROADENS, M, bound.group()) if kept and bound else None
    if reading.op != "changed":
        return None
    lost = [
        each
        for each in force_cues(reading.old, reading.new)
        if each in ("'not' removed", "'never' removed", "'only' removed", "'solely' removed")
    ]
    return Verdict("wording.force", BROADENS, M, "; ".join(lost)) if lost and ACTS.search(reading.old) else None


@rule
def choice(reading: Reading) -> Verdict | None:
    """A choice or right goes or comes (TRUSTe; WP260)."""
    went = reading.names(reading.went, "other:choice", "other:right")
    if went and reading.op == "removed" and re.search(r"\byou (?:can|may|have)|right to\b", reading.old):
        return Verdict("choice.set", BROADENS, R, _evidence(went))
    came = reading.names(reading.came, "other:choice", "other:right")
    return Verdict("choice.set", NARROWS, R, _evidence(came)) if came else None


@rule
def period(reading: Reading) -> Verdict | None:
    """A number of days, months or years differs (CCPA 1798.100(a)(3); the policy's own promise)."""
    one, two = (_UNIT.findall(side) for side in (reading.old, reading.new))
    if reading.op != "changed" or one == two:
        return None
    about = concepts(reading.old) | concepts(reading.new)
    kept = ("other", "retention") in about
    kind = "retention.period" if kept else "wording.force"
    certain = kept and len(one) == len(two)
    return Verdict(kind, NEUTRAL, M if certain else R, f"{_spans(one)} became {_spans(two)}")


def _spans(found: list[tuple[str, str]]) -> str:
    return ", ".join(f"{number} {unit}s" for number, unit in found) or "no period"


@rule
def age(reading: Reading) -> Verdict | None:
    """The age of children, or a word about them, differs (COPPA)."""
    one, two = (_AGE.findall(side) for side in (reading.old, reading.new))
    if one != two and reading.op == "changed":
        return Verdict("children", NEUTRAL, M, f"{', '.join(one) or 'no age'} became {', '.join(two) or 'no age'}")
    return (
        Verdict("children", NEUTRAL, R, "children")
        if reading.names(reading.came | reading.went, "other:children")
        else None
    )


@rule
def kept(reading: Reading) -> Verdict | None:
    """Something about keeping data is said for the first time, or no longer (TRUSTe)."""
    if reading.op == "added" and reading.names(reading.came, "other:retention") and reading.practice:
        return Verdict("retention.bound", BROADENS, M, "retention")
    return (
        Verdict("retention.bound", NEUTRAL, R, "retention")
        if reading.names(reading.came | reading.went, "other:retention")
        else None
    )


@rule
def transfer(reading: Reading) -> Verdict | None:
    """A transfer, country or mechanism comes or goes (WP260 para 30)."""
    return (
        Verdict("transfer", NEUTRAL, R, "transfer")
        if reading.names(reading.came | reading.went, "other:transfer")
        else None
    )


@rule
def security(reading: Reading) -> Verdict | None:
    """A security promise comes or goes (TRUSTe; FTC security cases)."""
    went = reading.names(reading.went, "other:security")
    if went and reading.op == "removed" and ACTS.search(reading.old):
        return Verdict("security.measure", BROADENS, M, _evidence(went))
    return (
        Verdict("security.measure", NEUTRAL, R, "security")
        if went or reading.names(reading.came, "other:security")
        else None
    )


@rule
def controller(reading: Reading) -> Verdict | None:
    """Another entity is named (WP260; Colorado 6.04)."""
    about = ("other", "controller") in concepts(reading.old) | concepts(reading.new)
    if about and _ENTITY.findall(reading.old) != _ENTITY.findall(reading.new):
        return Verdict("controller.identity", NEUTRAL, R, "another entity")
    return None


@rule
def words(reading: Reading) -> Verdict | None:
    """What no other rule knows is for a person (FTC Deception Statement)."""
    cues = force_cues(reading.old, reading.new)
    kind = "wording.force" if cues and reading.op == "changed" else "example"
    return Verdict(kind, NEUTRAL, R, "; ".join(cues[:6]))
