"""The policy at a glance: for each kind of data whether it is collected, why, and who gets it; then what is not done.

It is read off the practices, so it can't say anything that the policy's data doesn't say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..model.policy import Snapshot
from ..model.practice import Choice, Collection, Commitment, Cookie, Disclosure, Practice, Right, Use

_NOT = frozenset({"does_not", "will_not", "prohibited", "unable"})
_OPEN = "not said which"


@dataclass(frozen=True)
class Reference:
    """A practice by its title, and the clause that states it (None if none does)."""

    title: str
    clause: str | None


@dataclass(frozen=True)
class Row:
    """One kind of data: how it is collected, why it is used, who gets it. Empty means that the policy doesn't say."""

    data: str
    sensitive: bool
    collected: tuple[Reference, ...]
    purposes: tuple[str, ...]
    recipients: tuple[str, ...]
    shared: tuple[Reference, ...]


@dataclass(frozen=True)
class Glance:
    """The table and the two lists beside it."""

    rows: tuple[Row, ...]
    never: tuple[Reference, ...]
    choices: tuple[Reference, ...]


def glance(snapshot: Snapshot) -> Glance:
    """The overview of one snapshot."""
    practices = list(snapshot.practices.values())
    done = [each for each in practices if each.modality not in _NOT and isinstance(each, (Collection, Use, Disclosure, Cookie))]
    keys = dict.fromkeys(key for each in done for key in _keys(each))
    return Glance(
        tuple(_row(snapshot, key, [each for each in done if key in _keys(each)]) for key in keys),
        _references(snapshot, (each for each in practices if each.modality in _NOT and isinstance(each, (Disclosure, Commitment, Collection, Use)))),
        _references(snapshot, (each for each in practices if isinstance(each, (Choice, Right)) and getattr(each, "kind", "") != "none")),
    )  # fmt: skip


def _keys(practice: Practice) -> Sequence[str]:
    return practice.data if isinstance(practice.data, tuple) else ()


def _row(snapshot: Snapshot, key: str, about: Sequence[Practice]) -> Row:
    collected = [each for each in about if isinstance(each, (Collection, Cookie))]
    shared = [each for each in about if isinstance(each, Disclosure) or each.recipients]
    return Row(
        snapshot.vocabulary.label("data", key),
        snapshot.vocabulary.is_sensitive(key),
        _references(snapshot, collected),
        _labels(snapshot, "purposes", [each.purposes for each in about]),
        _labels(snapshot, "recipients", [_recipients(each) for each in shared]),
        _references(snapshot, shared),
    )


def _recipients(practice: Practice) -> Sequence[str] | str:
    if isinstance(practice.recipients, str):
        return practice.recipients
    return [each.id for each in practice.recipients]


def _labels(snapshot: Snapshot, kind: str, listed: Iterable[Sequence[str] | str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for keys in listed:
        names = [_OPEN] if isinstance(keys, str) else [snapshot.vocabulary.label(kind, key) for key in keys]
        found |= dict.fromkeys(names)
    return tuple(found)


def _references(snapshot: Snapshot, practices: Iterable[Practice]) -> tuple[Reference, ...]:
    return tuple(Reference(each.title, snapshot.clause_of(each.id)) for each in practices)
