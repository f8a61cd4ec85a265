"""Kinds of change in cookies and other trackers, and in the answer to browser signals."""

from __future__ import annotations

from policytrail.model.change import Direction
from policytrail.model.difference import Difference
from policytrail.model.practice import Cookie, Signal

from .registry import BROADENS, NARROWS, NEUTRAL, About, Judgement, M, grows, negative, rule, whole


def _third_party(d: Difference) -> bool:
    return isinstance(d.practice, Cookie) and (d.practice.set_by != "company" or d.practice.cross_site)


@rule(
    "tracker.third_party",
    "Tracking by others, or across sites, starts or stops.",
    "CalOPPA 22575(b)(6); CCPA",
    consent=True,
)
def third_party(d: Difference, about: About) -> Direction | None:
    if whole(d, "cookie") and _third_party(d) and not negative(d):
        return grows(d)
    if d.type != "cookie":
        return None
    if d.field == "cross_site":
        return BROADENS if d.after is True else NARROWS
    if d.field == "set_by":
        return NARROWS if d.after in ("company", None) else BROADENS
    return None


@rule("tracker.email", "Open or click tracking in mails starts or stops.", "EDPB Guidelines 2/2023; CNIL 2026")
def email(d: Difference, about: About) -> Direction | None:
    if d.type == "cookie" and d.field == "channel" and d.key == "email":
        return grows(d)
    whole_cookie = d.practice if not d.path else None
    return grows(d) if isinstance(whole_cookie, Cookie) and "email" in whole_cookie.channel else None


@rule(
    "tracker.commitment",
    "A promise about trackers is weakened, dropped or made.",
    "FTC Deception Statement: an express promise",
    consent=True,
)
def commitment(d: Difference, about: About) -> Direction | Judgement | None:
    if d.type != "cookie":
        return None
    if not d.path:
        # A statement of what can't be done ("unable") promises nothing: its arrival is for a person to read.
        if d.practice and d.practice.modality == "unable":
            return NEUTRAL
        untied = d.practice is not None and d.practice.linkage == "not_tied"
        return grows(d) if negative(d) or untied else None
    if d.field == "modality":
        return (
            NEUTRAL
            if "may" in (d.before, d.after) or {d.before, d.after} <= {None, "will"}
            else (NARROWS if str(d.after).endswith("not") else BROADENS)
        )
    if d.field == "linkage":
        return NARROWS if d.after == "not_tied" else BROADENS
    if d.field == "aggregated":
        return NARROWS if d.after is True else BROADENS
    return Judgement(NEUTRAL, M) if d.field == "personal" else None


@rule("tracker.set", "A tracker, or what it is used with, is added or dropped.", "TRUSTe; CalOPPA 22575(b)(6)")
def tracker(d: Difference, about: About) -> Direction | None:
    if whole(d, "cookie"):
        return grows(d)
    if d.type == "cookie" and d.touches("technology", "channel"):
        return grows(d)
    return NEUTRAL if d.type == "cookie" and d.touches("identifier", "lifetime", "trigger") else None


@rule(
    "signal.response",
    "The answer to a browser signal is first given, weakened or honoured.",
    "CalOPPA 22575(b)(5) and (6)",
)
def signal(d: Difference, about: About) -> Direction | None:
    if whole(d, "signal"):
        honoured = isinstance(d.practice, Signal) and d.practice.response == "honoured"
        return NARROWS if honoured == (d.op == "added") else BROADENS
    if d.type != "signal" or not d.touches("response", "third_parties", "name"):
        return None
    return NARROWS if d.after == "honoured" else BROADENS
