"""What a regime is: which changes set it off, and what it then owes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from policytrail.model.calendar import Count
from policytrail.model.change import Change, Direction, Severity

# `held_data`: a broadening that reaches data already held needs consent; `always`: any broadening does;
# `basis`: where the data are processed by consent; `withdrawal`: a way to object or leave must be open meanwhile.
Consent = Literal["no", "held_data", "always", "basis", "withdrawal"]
DEGRADES = frozenset({Direction.BROADENS, Direction.NEUTRAL})  # what nobody can place counts as worse


@dataclass(frozen=True)
class Event:
    """An event that a release can name: what it allows, and what it asks for in return.

    `waits`: the version waits for its notice. `signed`: a citation and a name are needed. `alone`: nothing but what the
    event asks may change. `narrowing`: nothing may broaden.
    """

    waits: bool = True
    signed: bool = False
    alone: bool = False
    narrowing: bool = False


@dataclass(frozen=True)
class Regime:
    """One regime.

    `days` and `count` are the notice for a material change (None: none of its own), `other_days` for any other change.
    A notice is complete by any one channel of `any_of` and all of `all_of`. `kinds` and `directions` say which material
    changes set it off (no kinds: any). `raises` are kinds that it makes material in either direction. `gate` is an
    approval to be had before the announcement, `content` what the notice must hold besides. `all_languages`: no
    translation may be of an older text. `after_days`, `after`: everyone is told by one of these channels at most so many
    days after the text took effect. `review_months`: the policy is gone through again every so many months.
    """

    id: str
    source: str
    days: int | None = None
    count: Count = "full_days"
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    directions: frozenset[Direction] = frozenset(Direction)
    other_days: int | None = None
    consent: Consent = "no"
    consent_kinds: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    event: Event | None = None
    gate: str | None = None
    content: str = ""
    all_languages: bool = False
    after_days: int | None = None
    after: tuple[str, ...] = ()
    review_months: int | None = None

    def period(self, changes: Iterable[Change]) -> int | None:
        """The days that these changes owe under this regime, None where they don't set it off."""
        listed = tuple(changes)
        if any(self._set_off_by(change) for change in listed):
            return self.days or 0
        return self.other_days if listed else None

    def _set_off_by(self, change: Change) -> bool:
        material = change.severity is Severity.MATERIAL and change.direction in self.directions
        return material and (not self.kinds or of_kind(change, self.kinds))


def of_kind(change: Change, kinds: Iterable[str]) -> bool:
    """Whether the change is of one of these kinds, by any of the rules that spoke of it."""
    return any(rule == kind or rule.startswith(f"{kind}.") for kind in kinds for rule in (change.rule, *change.also))
