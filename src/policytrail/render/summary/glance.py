"""The policy at a glance: for each kind of data why, from where, who gets it, how long, and what people can do.

It is read off the practices, so it can't say anything that the policy's data doesn't say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from policytrail.model.policy import Snapshot
from policytrail.model.practice import (
    Choice,
    Collection,
    Commitment,
    Cookie,
    Disclosure,
    Practice,
    Retention,
    Right,
    Use,
)
from policytrail.model.terms.vocabulary import self_and_parents

_NOT = frozenset({"does_not", "will_not", "prohibited", "unable"})
_OPEN = "not said which"
_DONE = (Collection, Use, Disclosure, Cookie)
_RULED_OUT = (Disclosure, Commitment, Collection, Use)
# Where data comes from (`source` of a collection) -> what people read, and the filter that shows it.
_SOURCES = {
    "given": ("you give it", "given"),
    "person": ("you give it", "given"),
    "observed": ("recorded while you use the service", "recorded"),
    "derived": ("worked out from other data", "recorded"),
    "other_person": ("somebody else gives it", "others"),
}
_TRACKED = ("cookies and the like", "recorded")
FILTERS = {
    "given": "You give it",
    "recorded": "Recorded as you go",
    "others": "From others",
    "shared": "Shared",
    "sensitive": "Sensitive",
}


@dataclass(frozen=True)
class Reference:
    """A practice by its title, and the clause that states it (None if none does)."""

    title: str
    clause: str | None


@dataclass(frozen=True)
class Row:
    """Kinds of data with the same answers. What is empty isn't said by the policy.

    `data` has labels and whether each is sensitive. `wider` names a wider kind of data that is shared too, so that
    nobody reads "shared with nobody" into a gap; `kept_as` and `choices_as` do so for the last two columns.
    `filters` are keys of FILTERS; `clauses` are all clauses that the row is read from.
    """

    data: tuple[tuple[str, bool], ...]
    collected: tuple[Reference, ...]
    sources: tuple[str, ...]
    purposes: tuple[str, ...]
    recipients: tuple[str, ...]
    shared: tuple[Reference, ...]
    kept: tuple[Reference, ...]
    choices: tuple[Reference, ...]
    filters: tuple[str, ...]
    clauses: tuple[str, ...]
    wider: str = ""
    kept_as: str = ""
    choices_as: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Glance:
    """The table, and what is ruled out and what people can do. `by_clause`: a clause's rows, as (anchor, label).

    `kept_all` and `choices_all` name no kind of data, so they hold for every row.
    """

    rows: tuple[Row, ...]
    never: tuple[Reference, ...]
    choices: tuple[Reference, ...]
    kept_all: tuple[Reference, ...]
    choices_all: tuple[Reference, ...]
    by_clause: Mapping[str, tuple[tuple[str, str], ...]]
    filters: Mapping[str, str]


def glance(snapshot: Snapshot) -> Glance:
    """The overview of one snapshot, in the order in which the text comes to each practice."""
    practices = in_order(snapshot)
    never = [practice for practice in practices if isinstance(practice, _RULED_OUT) and practice.modality in _NOT]
    rows = _rows(snapshot, practices)
    used = {each for row in rows for each in row.filters}
    filters = {key: words for key, words in FILTERS.items() if key in used}
    return Glance(
        rows=rows,
        never=references(snapshot, never),
        choices=references(snapshot, _ways(practices)),
        kept_all=references(snapshot, (practice for practice in _kept(practices) if not _reach(snapshot, practice))),
        choices_all=references(snapshot, (way for way in _ways(practices) if not _reach(snapshot, way))),
        by_clause=_by_clause(rows),
        filters=filters,
    )


def in_order(snapshot: Snapshot) -> list[Practice]:
    """All practices in the order in which the text comes to them."""
    places: dict[str, int] = {}
    for place, clause in enumerate(snapshot.clauses.values()):
        for practice in clause.states:
            places.setdefault(practice, place)
    return sorted(snapshot.practices.values(), key=lambda each: places.get(each.id, len(snapshot.clauses)))


def done(practices: Iterable[Practice]) -> list[Practice]:
    """What is done with data: collected, used, disclosed, tracked."""
    return [practice for practice in practices if isinstance(practice, _DONE) and practice.modality not in _NOT]


def _ways(practices: Iterable[Practice]) -> list[Practice]:
    return [practice for practice in practices if isinstance(practice, (Choice, Right)) and practice.kind != "none"]


def _kept(practices: Iterable[Practice]) -> list[Practice]:
    return [practice for practice in practices if isinstance(practice, Retention)]


def _by_clause(rows: Sequence[Row]) -> Mapping[str, tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        for clause in row.clauses:
            found.setdefault(clause, []).append((row.anchor, row.data[0][0]))
    return {clause: tuple(each) for clause, each in found.items()}


def _rows(snapshot: Snapshot, practices: Sequence[Practice]) -> tuple[Row, ...]:
    """Kinds of data with the same answers share a row; the widest kinds come first."""
    acts, ways = done(practices), _ways(practices)
    kept = _kept(practices)
    keys = sorted(dict.fromkeys(key for act in acts for key in keys_of(act)), key=lambda key: key.count("."))
    rows: dict[Row, list[str]] = {}
    for key in keys:
        row = _row(
            snapshot,
            *([practice for practice in some if key in _reach(snapshot, practice)] for some in (acts, kept, ways)),
        )
        row = replace(
            row,
            wider=_wider(snapshot, [act for act in acts if is_shared(act)], key),
            kept_as=_wider(snapshot, kept, key),
            choices_as=_wider(snapshot, ways, key),
        )
        rows.setdefault(row, []).append(key)
    return tuple(_named(snapshot, row, keys) for row, keys in rows.items())


def _named(snapshot: Snapshot, row: Row, keys: Sequence[str]) -> Row:
    kinds = tuple(_kind(snapshot, key) for key in keys)
    sensitive = ("sensitive",) if any(each for _, each in kinds) else ()
    anchor = "row-" + (keys[0].replace(".", "-").replace("_", "-") or "unnamed")
    return replace(row, data=kinds, filters=(*row.filters, *sensitive), anchor=anchor)


def _reach(snapshot: Snapshot, practice: Practice) -> Sequence[str]:
    """The kinds of data that a practice is about; a choice is also about those of the practices that it targets."""
    own = keys_of(practice) if practice.data or isinstance(practice, _DONE) else ()
    targets = [snapshot.practices[each] for each in getattr(practice, "targets", ()) if each in snapshot.practices]
    return [*own, *(key for target in targets for key in keys_of(target))]


def _wider(snapshot: Snapshot, about: Iterable[Practice], key: str) -> str:
    reached = {each for practice in about for each in _reach(snapshot, practice)}
    parents = list(self_and_parents(key))[1:]
    return next((snapshot.vocabulary.label("data", parent) for parent in parents if parent in reached), "")


def is_shared(practice: Practice) -> bool:
    """Whether data goes to somebody else."""
    return isinstance(practice, Disclosure) or bool(practice.recipients)


def _kind(snapshot: Snapshot, key: str) -> tuple[str, bool]:
    if not key:
        return "data that isn't named", False
    return snapshot.vocabulary.label("data", key), snapshot.vocabulary.is_sensitive(key)


def keys_of(practice: Practice) -> Sequence[str]:
    """The kinds of data; one empty key where the policy doesn't say which."""
    return practice.data if practice.data and not isinstance(practice.data, str) else ("",)


def _row(snapshot: Snapshot, about: Sequence[Practice], kept: Sequence[Practice], ways: Sequence[Practice]) -> Row:
    collected = [practice for practice in about if isinstance(practice, (Collection, Cookie))]
    shared = [practice for practice in about if is_shared(practice)]
    sources = [word for collection in collected for word in _sources(snapshot, collection)]
    recipients = labels(snapshot, "recipients", [recipients_of(practice) for practice in shared])
    filters = dict.fromkeys([name for _, name in sources] + (["shared"] if shared else []))
    stated = (snapshot.clause_of(way.id) for way in (*about, *kept, *ways))
    return Row(
        data=(),
        collected=references(snapshot, collected),
        sources=tuple(dict.fromkeys(words for words, _ in sources)),
        purposes=labels(snapshot, "purposes", [practice.purposes for practice in about]),
        recipients=recipients,
        shared=references(snapshot, shared),
        kept=references(snapshot, kept),
        choices=references(snapshot, ways),
        filters=tuple(filters),
        clauses=tuple(dict.fromkeys(each for each in stated if each)),
    )


def _sources(snapshot: Snapshot, practice: Practice) -> list[tuple[str, str]]:
    if isinstance(practice, Cookie):
        return [_TRACKED]
    given: Sequence[str] = getattr(practice, "source", ())
    return [
        _SOURCES.get(each, (snapshot.vocabulary.label("recipients", each).replace("_", " "), "others"))
        for each in given
    ]


def recipients_of(practice: Practice) -> Sequence[str] | str:
    """The keys of those who get the data; the word `unstated` where the policy leaves it open."""
    if isinstance(practice.recipients, str):
        return practice.recipients
    return [recipient.id for recipient in practice.recipients]


def labels(snapshot: Snapshot, kind: str, listed: Iterable[Sequence[str] | str]) -> tuple[str, ...]:
    """The labels of all keys, each once; an open list says that it isn't said which."""
    found: dict[str, None] = {}
    for keys in listed:
        names = [_OPEN] if isinstance(keys, str) else [snapshot.vocabulary.label(kind, key) for key in keys]
        found |= dict.fromkeys(names)
    return tuple(found)


def references(snapshot: Snapshot, practices: Iterable[Practice]) -> tuple[Reference, ...]:
    """The practices by their titles, with the clauses that state them."""
    return tuple(
        Reference(
            f"{practice.title} (with exceptions)" if practice.exceptions else practice.title,
            snapshot.clause_of(practice.id),
        )
        for practice in practices
    )
