"""When a notice was complete, as far as the evidence proves it: each channel by its own rule. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from policytrail.model.dates import parse_date
from policytrail.model.json_value import Json
from policytrail.model.version import Duty, Evidence, Version

_LOST = ("refused", "expired", "bounced", "invalid", "suppressed")
MOST_LOST = 0.05  # our default: beyond this share of unreachable people, a person must look
SECOND_WAYS = ("post", "in_app")


def complete_on(duty: Duty, evidence: Iterable[Evidence], as_of: date) -> date | None:
    """The day on which the owed notice was complete, as far as the evidence up to `as_of` proves it; None if it doesn't.

    Any one channel of `any_of` is enough (the first that is complete and kept), all of `all_of` are needed (the last).
    """
    known = [each for each in evidence if each.on <= as_of]
    needed = [channel(kind, known, True) for kind in duty.all_of]
    enough = [day for kind in duty.any_of if (day := channel(kind, known, False))]
    if None in needed or (duty.any_of and not enough):
        return None
    return max([*(each for each in needed if each), *([min(enough)] if enough else [])], default=None)


def channel(kind: str, known: Sequence[Evidence], needed: bool) -> date | None:
    """The day on which one channel was complete, None while it isn't. `needed`: whom it lost needs a second way."""
    if kind == "site":
        return site_since(known)
    if kind == "email":
        return _email(known, needed)
    return min((evidence.on for evidence in known if evidence.kind == kind), default=None)


@dataclass(frozen=True)
class Seen:
    """What is known of the site on some days: `first` to `last`, whether it showed the notice, in order of the records."""

    first: date
    last: date
    shown: bool
    place: int


def seen(evidence: Iterable[Evidence]) -> tuple[Seen, ...]:
    """Every look at the site that counts. An outage of the whole site says nothing about the notice, so it is left out."""
    found = []
    for place, each in enumerate(evidence):
        verdict = "shown" if each.kind == "site" else each.record.get("verdict") if each.kind == "observed" else None
        if verdict in ("shown", "missing"):
            first, last = (parse_date(each.record.get(name, each.on.isoformat())) for name in ("from", "to"))
            found.append(Seen(first, last, verdict == "shown", place))
    return tuple(found)


def site_since(evidence: Iterable[Evidence]) -> date | None:
    """The first day of the last unbroken run of the site's notice; None while there is none.

    A day counts when the notice is known to be up and not known to be missing. A site that answers without the notice
    breaks the run; it begins again with the next look that finds it.
    """
    looks = seen(evidence)
    broken = max(((look.last, look.place) for look in looks if not look.shown), default=None)
    after = [look.first for look in looks if look.shown and (broken is None or (look.first, look.place) > broken)]
    return min(after, default=None)


def gaps(evidence: Iterable[Evidence], begin: date, end: date) -> tuple[date, ...]:
    """The days from `begin` to before `end` on which the site was known to answer without the notice."""
    days = {
        each.first + timedelta(days=n)
        for each in seen(evidence)
        if not each.shown
        for n in range((each.last - each.first).days + 1)
    }
    return tuple(sorted(day for day in days if begin <= day < end))


def _email(known: Sequence[Evidence], needed: bool) -> date | None:
    """The day of the last acceptance. Where the mail alone must reach all, who couldn't be reached needs a second way.

    Late deliveries don't move the day where the site's notice ran since the first attempts were done.
    """
    for evidence in (one for one in known if one.kind == "email"):
        lost, all_of_them = unreachable(evidence.record)
        if lost > MOST_LOST * all_of_them and not evidence.record.get("decision"):
            continue
        day = _first_attempts(evidence, known)
        if not (needed and lost):
            return day
        second = [one.on for one in known if one.kind in SECOND_WAYS]
        if second:
            return max(day, min(second))
    return None


def _first_attempts(email: Evidence, known: Sequence[Evidence]) -> date:
    text, since = email.record.get("first_attempts_on"), site_since(known)
    first = parse_date(text) if isinstance(text, str) else email.on
    return first if since is not None and since <= first <= email.on else email.on


def unreachable(record: Mapping[str, Json]) -> tuple[int, int]:
    """How many people a mailing couldn't reach, of how many. In: the record of an `email` evidence."""
    counts = record.get("counts")
    if not isinstance(counts, Mapping):
        return 0, 0
    numbers = {name: value for name, value in counts.items() if isinstance(value, int) and value > 0}
    lost = sum(numbers.get(name, 0) for name in _LOST)
    return lost, lost + numbers.get("accepted", 0)


def channels(version: Version) -> str:
    """The channels of a version's notice in words: `email or site, and post`."""
    parts = [" or ".join(version.duty.any_of), " and ".join(version.duty.all_of)]
    return ", and ".join(part for part in parts if part)
