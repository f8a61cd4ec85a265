"""The order and shape of a notice: what happens to people first, under headings that say so, small things in one sentence.

Pure: a comparison and both snapshots become groups of items; mail, page and `policytrail notice` speak from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from policytrail.compare.change_summary import summarise
from policytrail.compare.differences import compare
from policytrail.model.change import Change, Comparison, Direction, Severity
from policytrail.model.policy import Snapshot
from policytrail.model.practice import Choice, Commitment
from policytrail.render.shared.phrases import sentence
from policytrail.words.change import change_words
from policytrail.words.grammar import count_words, sentences

USE, SHARE, COLLECT, COOKIES = "How we use it", "Who we share it with", "What we collect", "Cookies and tracking"
KEEP, CHOICES, COVER, OTHER = (
    "How long we keep it",
    "Your choices and rights",
    "What our policy does not cover",
    "Other",
)
HEADINGS = (USE, SHARE, COLLECT, COOKIES, KEEP, CHOICES, COVER, OTHER)
TOPICS = {
    USE: "use of data",
    SHARE: "sharing",
    COLLECT: "data we collect",
    COOKIES: "cookies",
    KEEP: "storage time",
    CHOICES: "your choices",
    COVER: "scope",
    OTHER: "other points",
}
_BY_TYPE = {
    "use": USE,
    "communication": USE,
    "disclosure": SHARE,
    "collection": COLLECT,
    "cookie": COOKIES,
    "signal": COOKIES,
    "retention": KEEP,
    "choice": CHOICES,
    "right": CHOICES,
    "notice": CHOICES,
    "commitment": CHOICES,
    "scope": COVER,
}
_BY_KIND = {
    "purpose": USE,
    "use": USE,
    "legal_basis": USE,
    "communication": USE,
    "recipient": SHARE,
    "disclosure": SHARE,
    "transfer": SHARE,
    "merger": SHARE,
    "collection": COLLECT,
    "children": COLLECT,
    "tracker": COOKIES,
    "cookie": COOKIES,
    "signal": COOKIES,
    "retention": KEEP,
    "choice": CHOICES,
    "right": CHOICES,
    "notice": CHOICES,
    "acceptance": CHOICES,
    "scope": COVER,
    "governed_by": COVER,
}
_SHARED = frozenset({"share", "sell", "rent", "disclose", "transfer", "trade"})
_WORST = ("choice", "disclosure.sale", "disclosure.rule", "disclosure.exclusion", "disclosure.condition", "purpose.ai")
_SENSITIVE = ("children", "collection.sensitive", "wording.force", "purpose.limit")
_RANKS = (
    (2, ("recipient", "disclosure", "merger")),
    (3, ("purpose", "use", "communication", "legal_basis")),
    (4, ("collection", "tracker", "signal", "cookie")),
    (5, ("retention",)),
    (6, ("security", "scope", "transfer", "controller", "definition", "governed_by", "notice", "right", "application")),
)
_IN_MAIN = 60  #: words of the main points
_MOST_MAIN = 5


@dataclass(frozen=True)
class Told:
    """One item: what is said, and of which changes."""

    changes: tuple[Change, ...]
    words: str


@dataclass(frozen=True)
class Group:
    """A heading with its items, the worst first."""

    heading: str
    items: tuple[Told, ...]


def with_words(comparison: Comparison, old: Snapshot | None, new: Snapshot) -> Comparison:
    """The comparison with words for each change; those frozen before there were any get them from both snapshots."""
    if old is None or all(change.words for change in comparison.changes):
        return comparison
    made = {(d.subject, summarise(d, old, new)): change_words(d, old, new) for d in compare(old, new)}
    filled = (replace(c, words=c.words or made.get((c.subject, c.summary), "")) for c in comparison.changes)
    return replace(comparison, changes=tuple(filled))


def heading(change: Change, old: Snapshot | None, new: Snapshot) -> str:
    """Under which heading a change stands: by what happens to people."""
    practice = new.practices.get(change.subject) or (old.practices.get(change.subject) if old else None)
    if practice is None:
        return _BY_KIND.get(change.kind.partition(".")[0], OTHER)
    if isinstance(practice, Choice) and practice.legal_basis == "consent":
        return USE
    if isinstance(practice, Commitment) and _SHARED & set(practice.operations):
        return SHARE
    return _BY_TYPE.get(practice.type, OTHER)


def consequence(change: Change) -> int:
    """How much a change weighs for people: 1 the most, 8 the least."""
    if change.severity is not Severity.MATERIAL:
        return 8
    if change.direction is Direction.NARROWS:
        return 7
    if change.kind.startswith((*_WORST, *_SENSITIVE)):
        return 1
    first = change.kind.partition(".")[0]
    return next((rank for rank, kinds in _RANKS if first in kinds), 6)


def by_consequence(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The same, the worst first."""
    return tuple(sorted(changes, key=consequence))


def told(change: Change) -> str:
    """What is said of a change: its words, or the sentence of a comparison that has none."""
    return change.words or sentence(change)


def groups(
    changes: Sequence[Change], old: Snapshot | None, new: Snapshot, words: Mapping[str, str]
) -> tuple[Group, ...]:
    """The material changes under their headings; equal words are said once. `words`: what is said, by the change's id."""
    found: dict[str, dict[str, list[Change]]] = {}
    for change in by_consequence(changes):
        said = words.get(change.id) or told(change)
        found.setdefault(heading(change, old, new), {}).setdefault(said, []).append(change)
    return tuple(
        Group(name, tuple(Told(tuple(of), said) for said, of in items.items())) for name, items in found.items()
    )


def main_points(listed: Sequence[Group]) -> tuple[str, ...]:
    """The first sentences of the worst items, one a heading, as many as 60 words hold; none where few changes are told."""
    if sum(len(group.items) for group in listed) <= 3:
        return ()
    points: list[str] = []
    for group in listed:
        point = sentences(group.items[0].words.removeprefix("New: "))[0]
        if len(points) < _MOST_MAIN and count_words(" ".join([*points, point])) <= _IN_MAIN:
            points.append(point)
    return tuple(points)


def topics_of(changes: Iterable[Change]) -> tuple[str, ...]:
    """In a word or two what the changes are about, the worst first."""
    kinds = (change.kind.partition(".")[0] for change in by_consequence(changes))
    return tuple(dict.fromkeys(TOPICS[_BY_KIND.get(kind, OTHER)] for kind in kinds))
