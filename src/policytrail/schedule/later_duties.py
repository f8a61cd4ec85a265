"""What is owed once a text is in force: notice that didn't come before, telling everyone within so many days, reviews. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from policytrail.model.calendar import add_months
from policytrail.model.dates import in_words
from policytrail.model.version import Due, Evidence, Version
from policytrail.schedule.duties.regimes import REGIMES, binding

from .notice_completion import channel, channels

REVIEW = "review"  # the evidence that somebody went through the policy and left it as it is


def told_late(version: Version) -> bool:
    """Whether people are told of it by mail although it is in force: it didn't wait, or a regime gives days afterwards."""
    duty = version.duty
    at_once = duty.owed and not duty.before and "email" in (*duty.any_of, *duty.all_of)
    return at_once or any("email" in REGIMES[name].after for name in duty.regimes if name in REGIMES)


def at_once(version: Version, complete: date | None, as_of: date) -> tuple[tuple[Due, ...], tuple[str, ...]]:
    """The notice of a version in force that didn't wait for it: owed by its date, and from the day after a problem."""
    if version.duty.before or not version.duty.owed or complete:
        return (), ()
    due = Due(f"complete the notice of {version.id} ({channels(version)})", version.effective)
    if as_of <= version.effective:
        return (due,), ()
    return (due,), (
        f"{version.id} took effect on {in_words(version.effective)} without waiting; its notice ({channels(version)}) "
        "was owed the same day and isn't proven. Give it now.",
    )


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
                f"{regime.after_days} days, by {in_words(by)}, and that isn't proven. Tell them with 'policytrail notify "
                f"{current.id}', or record how they were told: policytrail attest {current.id} post --note TEXT --by NAME."
            )
    return tuple(due), tuple(broken)


def _review(current: Version, since: date, known: Sequence[Evidence]) -> tuple[Due, ...]:
    last = max([since, *(evidence.on for evidence in known if evidence.kind == REVIEW)])
    asked = [regime for regime in binding(current.snapshot.policy.regimes) if regime.review_months is not None]
    return tuple(
        Due(
            f"review the policy ({regime.id}: every {regime.review_months} months; then release, or 'policytrail attest "
            f"{current.id} review')",
            add_months(last, regime.review_months or 0),
        )
        for regime in asked
    )
