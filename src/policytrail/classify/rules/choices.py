"""Kinds of change in what people can decide and ask for."""

from __future__ import annotations

from policytrail.model.change import Direction
from policytrail.model.difference import Difference
from policytrail.model.practice import Choice, Right

from .registry import BROADENS, NARROWS, NEUTRAL, About, Judgement, M, R, protects, rule, whole


def _ways(d: Difference) -> Direction | Judgement | None:
    """One of several ways to act came, went or changed; the last one going is material."""
    if d.touches("timing", "fee", "deadline", "verification", "answer_when_refused"):
        return NEUTRAL
    if d.field != "mechanisms":
        return None
    last = d.op == "removed" and not (isinstance(d.now, Choice | Right) and d.now.mechanisms)
    return Judgement(BROADENS, M, "it was the only way") if last else protects(d)


@rule("choice.set", "A choice is removed, limited or added.", "TRUSTe (choice and consent); WP260", consent=True)
def choice(d: Difference, about: About) -> Direction | None:
    if whole(d, "choice"):
        # `none` says that there is no choice, and an assumed consent takes one away.
        stated = d.practice
        none = isinstance(stated, Choice) and (stated.kind == "none" or stated.legal_basis == "consent")
        return (BROADENS if none else NARROWS) if d.op == "added" else (NARROWS if none else BROADENS)
    if d.type != "choice":
        return None
    return protects(d) if d.touches("targets", "data", "purposes", "recipients") else None


@rule(
    "choice.default",
    "What happens without a choice is turned round.",
    "FTC Facebook 2012: the words hardly differ",
    consent=True,
)
def default(d: Difference, about: About) -> Direction | None:
    if d.type == "choice" and d.field == "kind":
        return NARROWS if d.after == "opt_in" or d.before == "none" else BROADENS
    if d.field == "default":
        return NARROWS if d.after == "off_until_opt_in" else BROADENS
    return None


@rule("choice.mechanism", "A way to use a choice is added, dropped or moved.", "Colorado 6.04 (methods); WP260")
def mechanism(d: Difference, about: About) -> Direction | Judgement | None:
    return _review(_ways(d)) if d.type == "choice" else None


@rule("choice.consequence", "What follows from refusing changes.", "CCPA 1798.125", broadens=M)
def consequence(d: Difference, about: About) -> Direction | None:
    return NEUTRAL if d.field == "consequence" else None


@rule("right.set", "A right is removed, limited or added.", "TRUSTe (access); WP260; LGPD 9")
def right(d: Difference, about: About) -> Direction | None:
    if whole(d, "right"):
        return protects(d)
    if d.type != "right":
        return None
    if d.touches("kind", "data"):
        return protects(d)
    if d.field == "limits":
        return BROADENS if d.op == "added" else NARROWS
    return None


@rule("right.mechanism", "The address, deadline, fee or check for using a right changes.", "Colorado 6.04 names it")
def right_mechanism(d: Difference, about: About) -> Direction | Judgement | None:
    return _review(_ways(d)) if d.type == "right" else None


def _review(said: Direction | Judgement | None) -> Direction | Judgement | None:
    """Ways to act are for a person to weigh, unless the only one is gone."""
    if said is None or isinstance(said, Judgement):
        return said
    return Judgement(said, R)
