"""Changes as a page shows them: grouped by severity, each with its values in plain words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policytrail.model.change import Change, Comparison, Severity
from policytrail.model.policy import Snapshot
from policytrail.model.terms.vocabulary import KINDS, Vocabulary
from policytrail.render.shared.phrases import CONSENTS, DIRECTIONS, SEVERITIES, sentence, worst_first

_HEADINGS = {
    Severity.MATERIAL: "Material changes",
    Severity.REVIEW: "Changes that a person has looked at",
    Severity.EDITORIAL: "Editorial changes",
}
_IN_THE_HEADING = frozenset({"type", "title"})


@dataclass(frozen=True)
class Shown:
    """One change with the words for its keys, and an anchor that is stable while its id is.

    `is_whole`: the values are a whole practice, which the sentence tells better than a list of its fields.
    """

    change: Change
    anchor: str
    sentence: str
    severity: str
    direction: str
    consent: str
    before: str
    after: str
    clause: str
    is_whole: bool

    @property
    def below_title(self) -> str:
        """The sentence as it stands below the change's title, not beginning with it again; empty where a redline says it."""
        sides = (self.change.before, self.change.after)
        if self.change.pieces and all(isinstance(side, str) and f"“{side}”" in self.sentence for side in sides):
            return ""
        return self.sentence.removeprefix(f"{self.change.title}. ") if self.change.title else self.sentence


@dataclass(frozen=True)
class Group:
    """All changes of one severity."""

    severity: Severity
    heading: str
    changes: tuple[Shown, ...]


def groups(comparison: Comparison, old: Snapshot | None, new: Snapshot | None) -> tuple[Group, ...]:
    """The changes of a comparison, the highest severity first, empty groups left out."""
    listed = ((severity, worst_first(comparison.of(severity))) for severity in _HEADINGS)
    past = new is not None and new.prose
    return tuple(
        Group(severity, _heading(severity, changes, past), tuple(shown(change, old, new) for change in changes))
        for severity, changes in listed
        if changes
    )


def _heading(severity: Severity, changes: Sequence[Change], past: bool) -> str:
    if not any(change.undecided for change in changes):
        return _HEADINGS[severity]
    return "Changes that nobody has ruled on" if past else "Changes that a person must rule on"


def shown(change: Change, old: Snapshot | None, new: Snapshot | None) -> Shown:
    """One change in words. Values of a text that has a redline are left out: the redline shows them."""
    before = after = ""
    if not change.pieces:
        before, after = _value(change.before, old), _value(change.after, new)
    return Shown(
        change,
        anchor(change),
        sentence(change),
        SEVERITIES[change.severity],
        DIRECTIONS[change.direction],
        CONSENTS[change.consent],
        before,
        after,
        _clause_title(change.clause, new, old),
        any(isinstance(each, Mapping) and "type" in each for each in (change.before, change.after)),
    )


def _value(value: Any, snapshot: Snapshot | None) -> str:
    """The words for one side's value; the name of another practice is shown by its title."""
    if snapshot is None:
        return in_plain_words(value, Vocabulary())
    named = snapshot.practices.get(value) if isinstance(value, str) else None
    return named.title if named else in_plain_words(value, snapshot.vocabulary)


def _clause_title(clause: str | None, *snapshots: Snapshot | None) -> str:
    """The title of a clause, as the new text has it; its id where no text is given."""
    key = clause or ""
    return next((snapshot.clauses[key].title for snapshot in snapshots if snapshot and key in snapshot.clauses), key)


def anchor(change: Change) -> str:
    """An id for HTML: an id of a change may have signs that an address can't."""
    return "c-" + hashlib.sha256(change.id.encode()).hexdigest()[:12]


def in_plain_words(value: object, vocabulary: Vocabulary) -> str:
    """A value of the policy's data as people read it; empty for nothing."""
    if value is None or value == {} or value == []:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        # The keys of a whole practice are names of fields, not of data: "operations" is a purpose, too.
        names = Vocabulary() if "type" in value else vocabulary
        entries = [
            _entry(_label(key, names), inner, vocabulary) for key, inner in value.items() if key not in _IN_THE_HEADING
        ]
        return (", " if all(inner is True for inner in value.values()) else "; ").join(entries)
    if isinstance(value, (list, tuple)):
        return ", ".join(in_plain_words(each, vocabulary) for each in value)
    return _label(str(value), vocabulary)


def _entry(label: str, value: object, vocabulary: Vocabulary) -> str:
    words = in_plain_words(value, vocabulary)
    return label if value is True or not words else f"{label}: {words}"


def _label(key: str, vocabulary: Vocabulary) -> str:
    known = (vocabulary.label(kind, key) for kind in KINDS if vocabulary.knows(kind, key))
    return next(known, key.replace("_", " ") if key.replace("_", "").isalnum() and key.islower() else key)
