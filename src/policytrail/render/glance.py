"""The policy at a glance: for each kind of data whether it is collected, why, and who gets it; then what is not done.

It is read off the practices, so it can't say anything that the policy's data doesn't say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..model.policy import Snapshot
from ..model.practice import Choice, Collection, Commitment, Cookie, Disclosure, Practice, Right, Use
from ..model.vocabulary import self_and_parents

_NOT = frozenset({"does_not", "will_not", "prohibited", "unable"})
_OPEN = "not said which"
_DONE = (Collection, Use, Disclosure, Cookie)
_RULED_OUT = (Disclosure, Commitment, Collection, Use)


@dataclass(frozen=True)
class Reference:
    """A practice by its title, and the clause that states it (None if none does)."""

    title: str
    clause: str | None


@dataclass(frozen=True)
class Row:
    """Kinds of data with the same answers: how collected, why used, who gets them. Empty: the policy doesn't say.

    `wider` names a wider kind of data that is shared too, so that nobody reads "shared with nobody" into a gap.
    """

    data: tuple[tuple[str, bool], ...]
    collected: tuple[Reference, ...]
    purposes: tuple[str, ...]
    recipients: tuple[str, ...]
    shared: tuple[Reference, ...]
    wider: str = ""


@dataclass(frozen=True)
class Glance:
    """The table and the two lists beside it."""

    rows: tuple[Row, ...]
    never: tuple[Reference, ...]
    choices: tuple[Reference, ...]


def glance(snapshot: Snapshot) -> Glance:
    """The overview of one snapshot, in the order in which the text comes to each practice."""
    places = {clause: place for place, clause in enumerate(snapshot.clauses)}
    practices = sorted(
        snapshot.practices.values(), key=lambda each: places.get(snapshot.clause_of(each.id) or "", len(places))
    )
    done = [each for each in practices if isinstance(each, _DONE) and each.modality not in _NOT]
    never = [each for each in practices if isinstance(each, _RULED_OUT) and each.modality in _NOT]
    choices = [each for each in practices if isinstance(each, (Choice, Right)) and each.kind != "none"]
    return Glance(_rows(snapshot, done), _references(snapshot, never), _references(snapshot, choices))


def _rows(snapshot: Snapshot, done: Sequence[Practice]) -> tuple[Row, ...]:
    """Kinds of data with the same answers share a row; the widest kinds come first."""
    keys = sorted(dict.fromkeys(key for each in done for key in _keys(each)), key=lambda key: key.count("."))
    rows: dict[Row, list[str]] = {}
    for key in keys:
        row = _row(snapshot, [each for each in done if key in _keys(each)])
        rows.setdefault(replace(row, wider=_wider(snapshot, done, key)), []).append(key)
    return tuple(replace(row, data=tuple(_kind(snapshot, key) for key in keys)) for row, keys in rows.items())


def _wider(snapshot: Snapshot, done: Sequence[Practice], key: str) -> str:
    shared = {each for practice in done if _is_shared(practice) for each in _keys(practice)}
    parents = list(self_and_parents(key))[1:]
    return next((snapshot.vocabulary.label("data", each) for each in parents if each in shared), "")


def _is_shared(practice: Practice) -> bool:
    return isinstance(practice, Disclosure) or bool(practice.recipients)


def _kind(snapshot: Snapshot, key: str) -> tuple[str, bool]:
    if not key:
        return "data that isn't named", False
    return snapshot.vocabulary.label("data", key), snapshot.vocabulary.is_sensitive(key)


def _keys(practice: Practice) -> Sequence[str]:
    """The kinds of data; one empty key where the policy doesn't say which."""
    return practice.data if practice.data and not isinstance(practice.data, str) else ("",)


def _row(snapshot: Snapshot, about: Sequence[Practice]) -> Row:
    collected = [each for each in about if isinstance(each, (Collection, Cookie))]
    shared = [each for each in about if _is_shared(each)]
    return Row(
        (),
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
    return tuple(
        Reference(f"{each.title} (with exceptions)" if each.exceptions else each.title, snapshot.clause_of(each.id))
        for each in practices
    )
