"""Kinds of change in how long data is kept and how it is protected."""

from __future__ import annotations

from policytrail.model.change import Direction
from policytrail.model.difference import Difference
from policytrail.model.practice import Practice, Retention
from policytrail.model.practice_fields import Period

from .registry import BROADENS, NARROWS, NEUTRAL, About, protects, rule, whole

# In twelfths of a day: 24 months are 2 years, and a month is longer than 30 days.
_TWELFTHS = {"day": 12, "month": 365, "year": 365 * 12}


def _bounded(practice: Practice | None) -> bool:
    return isinstance(practice, Retention) and (practice.bound == "fixed" or practice.none_kept)


def _limited(practice: Practice | None) -> bool:
    """Whether any end is told: a fixed one, a period without that word, or what it lasts as long as."""
    return _bounded(practice) or (isinstance(practice, Retention) and practice.period not in (None, Period()))


def _length(practice: Practice | None) -> int | None:
    if not isinstance(practice, Retention):
        return None
    if practice.none_kept:
        return 0
    period = practice.period
    return period.value * _TWELFTHS[period.unit or "day"] if period and period.value is not None else None


def _period(old: Practice | None, new: Practice | None) -> Direction:
    """Longer or shorter; an end in days is shorter than one that nobody can count; then what else it lasts as long as."""
    if _limited(old) is not _limited(new):
        return NARROWS if _limited(new) else BROADENS
    before, after = _length(old), _length(new)
    if before is None or after is None:
        if before is not after:
            return BROADENS if after is None else NARROWS
    elif before != after:
        return BROADENS if after > before else NARROWS
    one, two = (set(side.period.until) if isinstance(side, Retention) and side.period else set() for side in (old, new))
    return BROADENS if one < two else NARROWS if two < one else NEUTRAL


@rule("retention.period", "Data is kept longer or shorter.", "CCPA 1798.100(a)(3); TRUSTe")
def period(d: Difference, about: About) -> Direction | None:
    if whole(d, "retention"):
        return (NARROWS if _bounded(d.now) else None) if d.op == "added" else BROADENS
    if d.type != "retention" or not d.touches("period", "none_kept", "data"):
        return None
    if d.field == "none_kept":
        return NARROWS if d.after is True else BROADENS
    if d.field == "period":
        return _period(d.was, d.now)
    return BROADENS if d.op == "added" else NARROWS if d.op == "removed" else NEUTRAL


@rule(
    "retention.bound",
    "A fixed limit becomes 'as needed', or the other way; or an open-ended keeping is first said.",
    "a bound removed is a lengthening; TRUSTe",
)
def bound(d: Difference, about: About) -> Direction | None:
    if whole(d, "retention") and d.op == "added" and not _bounded(d.now):
        return BROADENS
    if d.type == "retention" and d.field == "bound":
        return NARROWS if d.after == "fixed" or (isinstance(d.now, Retention) and d.now.none_kept) else BROADENS
    return None


@rule(
    "security.measure", "A security measure is removed, limited to some areas, added or extended.", "TRUSTe (security)"
)
def measure(d: Difference, about: About) -> Direction | None:
    if whole(d, "security"):
        return protects(d)
    if d.type != "security":
        return None
    if d.touches("measure", "data"):
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
    if d.touches("claim", "standard"):
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
