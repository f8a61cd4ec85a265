"""The register of regimes, by their ids."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict

from policytrail.model.change import canonical
from policytrail.model.policy import Snapshot

from .regime import Regime
from .regime_table import TABLE

REGIMES: dict[str, Regime] = {each.id: each for each in TABLE}


def binding(names: Iterable[str]) -> tuple[Regime, ...]:
    """The regimes of these names, each once, in order. Events bind nobody before they happen; they are left out."""
    known = (REGIMES[fromkey] for fromkey in dict.fromkeys(names) if fromkey in REGIMES)
    return tuple(each for each in known if each.event is None)


def unknown(names: Iterable[str]) -> tuple[str, ...]:
    """Names that no regime has: a slip of the pen must not leave people without the notice that it would owe."""
    return tuple(name for name in names if name not in REGIMES)


def raised_kinds(regimes: Iterable[str]) -> frozenset[str]:
    """The rules whose changes one of these regimes makes material in either direction."""
    return frozenset(kind for each in binding(regimes) for kind in each.raises)


def stale_translations(new: Snapshot) -> tuple[str, ...]:
    """The languages whose translation, kept elsewhere, is of another text than this one."""
    return tuple(translation.id for translation in new.policy.translations if translation.of != new.text_digest)


def behind(new: Snapshot) -> tuple[tuple[str, str], ...]:
    """Every translated clause that is of an older text than its source: language and clause."""
    return tuple((language, clause) for language in new.translations for clause in new.behind(language))


def must_be_translated(*sides: Snapshot | None) -> tuple[str, ...]:
    """The regimes of any of these texts under which no translation may be behind."""
    names = [name for side in sides if side is not None for name in side.policy.regimes]
    return tuple(each.id for each in binding(names) if each.all_languages)


def rules_digest() -> str:
    """Names the rules by which duties are worked out today: 16 hex of the SHA-256 over the table of regimes.

    A manifest keeps it, so that a version isn't held against rules that came after it.
    """
    table = [asdict(each) | {"directions": sorted(each.directions)} for each in TABLE]
    return hashlib.sha256(canonical(table)).hexdigest()[:16]
