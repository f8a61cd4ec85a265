"""Kinds of change in how long data is kept and how it is protected."""

from __future__ import annotations

from typing import Any

from policytrail.model.change import Difference, Direction

from .registry import BROADENS, NARROWS, NEUTRAL, About, protects, rule, whole

# In twelfths of a day: 24 months are 2 years, and a month is longer than 30 days.
_TWELFTHS = {"day": 12, "month": 365, "year": 365 * 12}


def _bounded(facts: dict[str, Any] | None) -> bool:
    return facts is not None and (facts.get("bound") == "fixed" or facts.get("none_kept") is True)


def _limited(facts: dict[str, Any] | None) -> bool:
    """Whether any end is told: a fixed one, a period without that word, or what it lasts as long as."""
    return facts is not None and (_bounded(facts) or bool(facts.get("period")))


def _length(facts: dict[str, Any]) -> int | None:
    if facts.get("none_kept") is True:
        return 0
    period = facts.get("period") or {}
    return period["value"] * _TWELFTHS[period.get("unit", "day")] if period.get("value") is not None else None


@rule("retention.period", "Data is kept longer or shorter.", "CCPA 1798.100(a)(3); TRUSTe")
def period(d: Difference, about: About) -> Direction | None:
    if whole(d, "retention"):
        return (NARROWS if _bounded(d.new) else None) if d.op == "added" else BROADENS
    if d.type != "retention" or d.field not in ("period", "none_kept", "data"):
        return None
    if d.field == "none_kept":
        return NARROWS if d.after is True else BROADENS
    if d.field == "period":
        before, after = _length(d.old or {}), _length(d.new or {})
        if _limited(d.old) is not _limited(d.new):
            return NARROWS if _limited(d.new) else BROADENS
        if before is not None and "until" not in d.path:
            return BROADENS if after is None or after > before else NARROWS if after < before else NEUTRAL
    return BROADENS if d.op == "added" else NARROWS if d.op == "removed" else NEUTRAL


@rule(
    "retention.bound",
    "A fixed limit becomes 'as needed', or the other way; or an open-ended keeping is first said.",
    "a bound removed is a lengthening; TRUSTe",
)
def bound(d: Difference, about: About) -> Direction | None:
    if whole(d, "retention") and d.op == "added" and not _bounded(d.new):
        return BROADENS
    if d.type == "retention" and d.field == "bound":
        return NARROWS if d.after == "fixed" or (d.new or {}).get("none_kept") is True else BROADENS
    return None


@rule(
    "security.measure", "A security measure is removed, limited to some areas, added or extended.", "TRUSTe (security)"
)
def measure(d: Difference, about: About) -> Direction | None:
    if whole(d, "security"):
        return protects(d)
    if d.type != "security":
        return None
    if d.field in ("measure", "data"):
        return protects(d)
    if d.field == "extent":
        return BROADENS if d.after == "certain" else NARROWS
    return None


@rule(
    "security.claim",
    "A claim about security is weakened or strengthened.",
    "FTC security cases rest on claims; over-claims are a risk too",
)
def claim(d: Difference, about: About) -> Direction | None:
    if d.type != "security":
        return None
    if d.field in ("claim", "standard"):
        return NARROWS if d.before is None else BROADENS if d.after is None else NEUTRAL
    if d.field == "strength":
        order = ["may", "designed_to", "does"]
        weaker = order.index(str(d.after or "does")) < order.index(str(d.before or "does"))
        return BROADENS if weaker else NARROWS
    if d.field == "modality":
        return BROADENS if d.after == "may" else NEUTRAL
    return None


@rule("security.name", "A technology is renamed or replaced.", "a machine can't rank products")
def name(d: Difference, about: About) -> Direction | None:
    return NEUTRAL if d.type == "security" and d.field == "technology" else None
