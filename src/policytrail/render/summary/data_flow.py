"""The way of the data as a picture: kinds of data, what they are used for, who gets them. Made when the site is built."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from policytrail.model.policy import Snapshot
from policytrail.model.practice import Practice
from policytrail.render.shared.phrases import and_list, sentence_case

from .glance import done, in_order, keys_of, recipients_of

# The first part of a purpose's key -> what people call that group.
_GROUPS = {
    "essential": "Providing the service",
    "functional": "Making features work",
    "personalize": "Personalizing",
    "analytics": "Measuring",
    "marketing": "Marketing",
    "sales": "Winning customers",
    "operations": "Running the business",
    "third_party_sharing": "Legal process",
    "finance": "Finance",
    "train_ai_system": "Training machines",
    "": "Not said",
}
_MOST = 8
_WIDTH, _ROW, _BOX = 900, 44, 28
_COLUMNS = ((0, 250), (325, 250), (650, 250))  # where a column begins and how wide it is
_NOBODY = "Nobody else"


@dataclass(frozen=True)
class Node:
    """One box of the picture: its words, and its place in the drawing's own units."""

    label: str
    x: int
    y: int
    width: int
    height: int = _BOX


@dataclass(frozen=True)
class Ribbon:
    """One way from a box to one of the next column: the path to draw, and how many practices go that way."""

    path: str
    weight: int


@dataclass(frozen=True)
class Way:
    """What the picture says about one purpose, in words."""

    purpose: str
    data: str
    recipients: str


@dataclass(frozen=True)
class Flow:
    """The picture, and the same in words. Units are those of the SVG's view box."""

    width: int
    height: int
    heads: tuple[tuple[int, str], ...]
    nodes: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]
    ways: tuple[Way, ...]


def flow(snapshot: Snapshot) -> Flow | None:
    """The picture of one snapshot; None where the policy's data says of nothing what it is for."""
    acts = [practice for practice in done(in_order(snapshot)) if practice.purposes]
    if not acts:
        return None
    trips = [trip for act in acts for trip in _trips(snapshot, act)]
    columns = [_column(each) for each in zip(*trips, strict=True)]
    drawn = [tuple(names.get(end, end) for names, end in zip(columns, trip, strict=True)) for trip in trips]
    nodes = [_placed(place, names.values()) for place, names in enumerate(columns)]
    ribbons = [ribbon for left in (0, 1) for ribbon in _ribbons(nodes[left], nodes[left + 1], drawn, left)]
    height = 28 + _ROW * max(map(len, nodes))
    heads = tuple((x, words) for (x, _), words in zip(_COLUMNS, ("Data", "What for", "Who gets it"), strict=True))
    return Flow(
        _WIDTH, height, heads, tuple(each for column in nodes for each in column.values()), tuple(ribbons), _ways(trips)
    )


Trip = tuple[str, str, str]


def _trips(snapshot: Snapshot, practice: Practice) -> Iterable[Trip]:
    """Every way that one practice stands for: a kind of data, a purpose, a recipient."""
    who = recipients_of(practice)
    known = () if isinstance(who, str) else [snapshot.vocabulary.label("recipients", each) for each in who]
    names = (
        ["Others who aren't named"] if isinstance(who, str) else [sentence_case(each) for each in known] or [_NOBODY]
    )
    groups = [each.partition(".")[0] for each in _purposes(practice)]
    purposes = dict.fromkeys(_GROUPS.get(group, _plain(group)) for group in groups)
    kinds = dict.fromkeys(_data(snapshot, key) for key in keys_of(practice))
    return [(data, purpose, name) for data in kinds for purpose in purposes for name in names]


def _purposes(practice: Practice) -> Sequence[str]:
    return ("",) if isinstance(practice.purposes, str) else practice.purposes


def _data(snapshot: Snapshot, key: str) -> str:
    """A kind of data by its group: the first two parts of its key."""
    group = ".".join(key.split(".")[:2])
    known = snapshot.vocabulary.knows("data", group)
    return (
        sentence_case(snapshot.vocabulary.label("data", group))
        if known
        else _plain(group.rpartition(".")[2]) or "Not named"
    )


def _plain(key: str) -> str:
    return sentence_case(key.removeprefix("x_").replace("_", " "))


def _column(ends: Iterable[str]) -> dict[str, str]:
    """Each end of one column -> the box that it is drawn in: those that come up most, and one for all others."""
    counted = Counter(ends)
    if len(counted) <= _MOST:
        return {each: each for each in counted}
    shown = {each for each, _ in counted.most_common(_MOST - 1)} | ({_NOBODY} & set(counted))
    other = f"{len(counted) - len(shown)} others"
    return {each: each if each in shown else other for each in sorted(counted, key=lambda each: each not in shown)}


def _placed(place: int, names: Iterable[str]) -> Mapping[str, Node]:
    x, width = _COLUMNS[place]
    listed = sorted(dict.fromkeys(names), key=lambda fromkey: fromkey == _NOBODY)
    return {each: Node(_cut(each), x, 28 + row * _ROW, width) for row, each in enumerate(listed)}


def _cut(label: str) -> str:
    """What fits into a box; the words beside the picture have it in full."""
    return label if len(label) <= 32 else f"{label[:31].rstrip()}…"


def _ribbons(
    left: Mapping[str, Node], right: Mapping[str, Node], drawn: Iterable[tuple[str, ...]], place: int
) -> Iterable[Ribbon]:
    counted = Counter((trip[place], trip[place + 1]) for trip in drawn)
    for (begin, end), weight in counted.items():
        one, two = left[begin], right[end]
        x1, y1, x2, y2 = one.x + one.width, one.y + _BOX // 2, two.x, two.y + _BOX // 2
        bend = (x1 + x2) // 2
        yield Ribbon(f"M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}", min(5, 1 + weight // 3))


def _ways(trips: Iterable[Trip]) -> tuple[Way, ...]:
    found: dict[str, tuple[dict[str, None], dict[str, None]]] = defaultdict(lambda: ({}, {}))
    for data, purpose, recipient in trips:
        found[purpose][0][data] = None
        if recipient != _NOBODY:
            found[purpose][1][recipient] = None
    return tuple(
        Way(purpose, and_list([*map(_lower, data)]), and_list([*map(_lower, who)]) if who else "")
        for purpose, (data, who) in found.items()
    )


def _lower(label: str) -> str:
    """The word inside a sentence; one that begins with two capitals (IP) stays."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
