"""The policy in short: a handful of plain sentences, each read off the practices and linked to the clauses behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policytrail.model.policy import Snapshot
from policytrail.model.practice import Notice, Practice, Retention
from policytrail.model.practice_fields import Channel
from policytrail.render.shared.phrases import and_list, count

from .glance import Glance, Reference, done, is_shared, keys_of, labels, recipients_of, references

_NAMED = 6
_BY = {"email": "by email", "site": "on the site", "post": "by post", "phone": "by phone", "in_app": "in the app"}


@dataclass(frozen=True)
class Point:
    """One line of the summary: a heading, a sentence, and the practices that it stands for."""

    heading: str
    words: str
    references: tuple[Reference, ...] = ()


def in_short(snapshot: Snapshot, overview: Glance) -> tuple[Point, ...]:
    """In: a snapshot and its overview. Out: the summary; nothing where the policy's data says nothing."""
    acts = done(snapshot.practices.values())
    if not acts:
        return ()
    points = [
        Point("Which data", _kinds(snapshot, acts)),
        Point("What for", _purposes(snapshot, acts)),
        Point("Who gets it", _recipients(snapshot, acts)),
        Point("What is ruled out", "" if overview.never else "Nothing in particular.", overview.never),
        _kept(snapshot),
        Point("What you can do", "" if overview.choices else "The policy names no choice.", overview.choices),
        _told(snapshot),
    ]
    return tuple(points)


def _kinds(snapshot: Snapshot, acts: Sequence[Practice]) -> str:
    often = _often(key for act in acts for key in keys_of(act) if "." in key)
    return _some([snapshot.vocabulary.label("data", key) for key in often], "kind of data", "kinds of data")


def _purposes(snapshot: Snapshot, acts: Sequence[Practice]) -> str:
    often = _often(key for act in acts if not isinstance(act.purposes, str) for key in act.purposes)
    return _some([snapshot.vocabulary.label("purposes", key) for key in often], "purpose", "purposes")


def _recipients(snapshot: Snapshot, acts: Sequence[Practice]) -> str:
    shared = [act for act in acts if is_shared(act)]
    named = labels(snapshot, "recipients", [recipients_of(practice) for practice in shared])
    if not shared:
        return "The policy names nobody who gets data."
    return _some(named, "recipient or kind of recipient", "recipients or kinds of recipient")


def _often(keys: Iterable[str]) -> list[str]:
    """Each key once, those that come up most often first."""
    return [key for key, _ in Counter(keys).most_common()]


def _some(names: Sequence[str], one: str, many: str) -> str:
    """`3 kinds of data: a, b and c.`; of a longer list how many there are, and the first of them."""
    if not names:
        return "The policy doesn't say."
    what = count(len(names), one, many)
    if len(names) <= _NAMED:
        return f"{what}: {and_list(names)}."
    return f"{what}, among them {and_list(names[:_NAMED])}."


def _kept(snapshot: Snapshot) -> Point:
    kept = [practice for practice in snapshot.practices.values() if isinstance(practice, Retention)]
    return Point("How long", "" if kept else "The policy doesn't say.", references(snapshot, kept))


def _told(snapshot: Snapshot) -> Point:
    promise = snapshot.promise()
    heading = "When the policy changes"
    if not isinstance(promise, Notice) or not promise.period_days:
        return Point(heading, "The policy promises no notice ahead.")
    by = " and ".join(
        filter(None, [" or ".join(_channels(promise.channels.any_of)), *_channels(promise.channels.all_of)])
    )
    ahead = " before it takes effect" if promise.timing == "before_effective" else ""
    words = f"Notice of a material change {by} for {count(promise.period_days, 'day')}{ahead}.".replace("  ", " ")
    return Point(heading, words, references(snapshot, [promise]))


def _channels(listed: Iterable[Channel]) -> list[str]:
    return [_BY.get(channel.kind, channel.kind.replace("_", " ")) for channel in listed]
