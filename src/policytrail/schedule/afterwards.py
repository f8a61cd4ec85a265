"""What some regimes ask for once a text is in force: telling everyone within so many days, a review every so often. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ..model.dates import in_words
from ..model.version import Due, Evidence, Version
from .calendar import add_months
from .proof import channel
from .regimes import REGIMES, binding

REVIEW = "review"  # the evidence that somebody went through the policy and left it as it is


def afterwards(
    current: Version, since: date, evidence: Sequence[Evidence], as_of: date
) -> tuple[tuple[Due, ...], tuple[str, ...]]:
    """What is due of the text in force, and which duties are broken by now. In: since when it is in force, all evidence
    that counts for its notice (and its own reviews), the day."""
    known = [each for each in evidence if each.on <= as_of]
    told, broken = _tell(current, since, known, as_of)
    return (*told, *_review(current, since, known)), broken


def _tell(
    current: Version, since: date, known: Sequence[Evidence], as_of: date
) -> tuple[tuple[Due, ...], tuple[str, ...]]:
    """A notice may be complete by the site alone, and people still be owed one of their own, by mail or post."""
    due, broken = [], []
    for regime in (REGIMES[name] for name in current.duty.regimes if name in REGIMES):
        if regime.after_days is None or any(channel(kind, known, True) for kind in regime.after):
            continue
        by, ways = since + timedelta(days=regime.after_days), " or ".join(regime.after)
        due.append(Due(f"tell everyone of {current.id} by {ways} ({regime.id})", by))
        if as_of > by:
            broken.append(
                f"{current.id} took effect on {in_words(since)}; {regime.id} asks that everyone is told by {ways} within "
                f"{regime.after_days} days, by {in_words(by)}, and that isn't proven. Tell them, then record it: policytrail "
                f"attest {current.id} post --note TEXT --by NAME."
            )
    return tuple(due), tuple(broken)


def _review(current: Version, since: date, known: Sequence[Evidence]) -> tuple[Due, ...]:
    last = max([since, *(each.on for each in known if each.kind == REVIEW)])
    asked = [each for each in binding(current.snapshot.policy.regimes) if each.review_months is not None]
    return tuple(
        Due(f"review the policy ({each.id}: every {each.review_months} months; then release, or 'policytrail attest "
            f"{current.id} review')", add_months(last, each.review_months or 0))
        for each in asked
    )  # fmt: skip
