"""The regimes that a policy can name: what notice each owes, and where that comes from.

`promise` takes its days and channels from the policy's own notice practice; the others are law, regulators' orders or
common practice. Periods marked as defaults here aren't fixed by the source; a lawyer of the policy's owner confirms them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Consent = Literal["no", "held_data", "always"]
_CORE = frozenset({
    "collection.occasion", "collection.data", "collection.data_level", "purpose.set", "purpose.level",
    "recipient.category", "recipient.named", "choice.mechanism", "right.mechanism",
})  # fmt: skip


@dataclass(frozen=True)
class Regime:
    """One regime: days (None: only the promise's), channels, whether consent is asked, kinds it raises to material."""

    id: str
    days: int | None
    source: str
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    count: Literal["full_days", "at_least"] = "full_days"
    consent: Consent = "no"
    raises: frozenset[str] = frozenset()
    event: str | None = None
    gate: str | None = None


_DIRECT = ("email", "site")
REGIMES: dict[str, Regime] = {each.id: each for each in (
    Regime("promise", None, "the policy's own promise; FTC Act s. 5"),
    Regime("promise-at-least-30", 30, "the usual 30-day promise of large services", _DIRECT, count="at_least"),
    Regime("minor", 3, "Wikimedia: 3 days for minor changes"),
    Regime("ftc", 0, "FTC Gateway 2004, Facebook 2012, 1Health 2023", _DIRECT, consent="held_data"),
    Regime("truste", None, "TRUSTe programme requirements", _DIRECT, consent="held_data", gate="seal approval"),
    Regime("caloppa", 0, "Cal. B&P 22575-22576: the process that the policy describes"),
    Regime("ccpa", 0, "Cal. Civ. Code 1798.100, 1798.130", consent="held_data"),
    Regime("colorado", 30, "4 CCR 904-3 Rule 6.04 (30 days is our default)", _DIRECT, consent="held_data", raises=_CORE),
    Regime("minnesota", 0, "Minn. Stat. 325M", _DIRECT, consent="held_data"),
    Regime("connecticut", 0, "Conn. SB 1295", _DIRECT, consent="held_data"),
    Regime("new-jersey", 0, "New Jersey draft rules, June 2025", _DIRECT, consent="held_data"),
    Regime("gdpr", 30, "GDPR 13(3); WP260 (30 days is our default)", all_of=_DIRECT, raises=_CORE),
    Regime("uk", 30, "UK GDPR; ICO (30 days is our default)", all_of=_DIRECT, raises=_CORE),
    Regime("coppa", 0, "16 CFR 312.4-5", all_of=("email",), consent="always"),
    Regime("glba", 30, "Regulation P, 12 CFR 1016.8; 12 CFR 41.24", all_of=("email",)),
    Regime("hipaa", 0, "45 CFR 164.520", all_of=("site",)),
    Regime("pipeda", 0, "Canada: OPC consent guidelines", all_of=("email",), consent="held_data"),
    Regime("quebec", 0, "Quebec s. 8.2", all_of=("email",), consent="held_data"),
    Regime("lgpd", 0, "LGPD 8(6), 9(2)", all_of=("email",), consent="held_data"),
    Regime("korea", 30, "Korea PIPA 30(2) (7 or 30 days by custom)", all_of=("site",)),
    Regime("merger", 30, "the policy's own merger notice", _DIRECT, event="merger"),
    Regime("legal-required", 0, "a statute or order that forbids waiting", event="legal-required"),
)}  # fmt: skip


def raised_kinds(regimes: Iterable[str]) -> frozenset[str]:
    """The rules whose changes one of these regimes makes material in either direction."""
    return frozenset().union(*(REGIMES[each].raises for each in regimes if each in REGIMES))
