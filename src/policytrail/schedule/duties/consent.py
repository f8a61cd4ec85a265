"""Consent beside the notice: where must people agree, and is there a plan for asking them?

A broadening that reaches data already held needs consent (Gateway 2004, 1Health 2023); regimes ask for more. Silence,
use or an opened mail never counts; what is recorded is the plan, never an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from policytrail.model.change import Change, Comparison, Consent, Direction, Severity
from policytrail.model.policy import ConsentPlan, Snapshot

from .regime import Regime, of_kind
from .regimes import REGIMES, binding


@dataclass(frozen=True)
class Need:
    """One change that people must agree to: why, to which data it reaches, and the plan for asking (None: none yet)."""

    change: Change
    why: tuple[str, ...]
    data: tuple[str, ...]
    plan: ConsentPlan | None


def asked(change: Change, old: Snapshot, new: Snapshot, event: str | None = None) -> Change:
    """The change with the consent that regimes of either side ask for; never less than it had."""
    found = [_under(each, change, old, new) for each in _regimes(old, new, event)]
    strictest = max([change.consent, *found], key=list(Consent).index)
    return replace(change, consent=strictest)


def _regimes(old: Snapshot, new: Snapshot, event: str | None) -> tuple[Regime, ...]:
    happened = (REGIMES[event],) if event else ()
    return binding([*old.policy.regimes, *new.policy.regimes]) + happened


def _under(regime: Regime, change: Change, old: Snapshot, new: Snapshot) -> Consent:
    if change.severity is not Severity.MATERIAL or change.direction is Direction.NARROWS:
        return Consent.NONE
    if regime.consent_kinds and not of_kind(change, regime.consent_kinds):
        return Consent.NONE
    practice: Any = new.practices.get(change.subject) or old.practices.get(change.subject)
    if regime.consent == "always":
        return Consent.REQUIRED
    if regime.consent == "basis":
        return Consent.REQUIRED if getattr(practice, "legal_basis", None) == "consent" else Consent.NONE
    if regime.consent != "held_data" or change.direction is not Direction.BROADENS:
        return Consent.NONE
    reach = getattr(practice, "applies_to", None)
    if reach == "all_data" or new.policy.applies_to == "all_data":
        return Consent.REQUIRED
    return Consent.NONE if reach == "collected_from_effective" else Consent.ASK


def needs(comparison: Comparison, new: Snapshot) -> tuple[Need, ...]:
    """Every change that must not reach anybody's data without consent, with its plan where there is one."""
    return tuple(_need(change, new) for change in comparison.changes if change.consent is Consent.REQUIRED)


def _need(change: Change, new: Snapshot) -> Need:
    practice = new.practices.get(change.subject)
    named = practice.consent_plan if practice else None
    plans = (
        [plan for plan in new.policy.consent_plans if plan.id == named]
        if practice
        else [plan for plan in new.policy.consent_plans if "user" in plan.covers]
    )
    data = _data(change, new)
    fitting = (plan for plan in plans if all(_covered(key, plan.covers) for key in data))
    return Need(change, (change.reason, change.source), data, next(fitting, None))


def _data(change: Change, new: Snapshot) -> tuple[str, ...]:
    """The data categories that the change is about: the one that came, else all of its practice, else everything."""
    practice = new.practices.get(change.subject)
    if practice is None:
        return ("user",)
    listed = () if isinstance(practice.data, str) else practice.data
    return (change.after,) if change.after in listed else ()


def _covered(key: str, covers: Iterable[str]) -> bool:
    return any(key == cover or key.startswith(f"{cover}.") for cover in covers)


def unanswered(
    comparison: Comparison, old: Snapshot | None, new: Snapshot, event: str | None = None
) -> tuple[Change, ...]:
    """Broadenings of which a regime asks whether they reach data already held, and the policy doesn't say."""
    if old is None:
        return ()
    regimes = _regimes(old, new, event)
    return tuple(
        change
        for change in comparison.changes
        if change.consent is Consent.ASK and any(_under(regime, change, old, new) is Consent.ASK for regime in regimes)
    )


def closed_ways(comparison: Comparison, old: Snapshot | None, new: Snapshot) -> tuple[str, ...]:
    """Regimes that let people object or leave before the change, where the texts offer no way to do it.

    The way must stand in the text in force, because it must work from the day of the announcement.
    """
    if old is None or comparison.severity is not Severity.MATERIAL:
        return ()
    asking = [
        each.id
        for each in _regimes(old, new, None)
        if each.consent == "withdrawal" and each.period(comparison.changes) is not None
    ]
    return () if any(map(_way_out, old.practices.values())) else tuple(asking)


def _way_out(practice: Any) -> bool:
    return practice.type == "choice" and practice.kind in ("opt_out", "closure") and bool(practice.mechanisms)
