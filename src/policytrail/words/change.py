"""Any difference of two snapshots in words: of a practice, of the policy itself, of a recipient; empty where only the
redline can show it."""

from __future__ import annotations

from policytrail.model.comparable import NOT_COMPARED
from policytrail.model.dates import in_words, parse_date
from policytrail.model.difference import Difference
from policytrail.model.policy import Snapshot

from .grammar import capital, spaced
from .practices import finished, practice_words
from .speaker import Speaker
from .text import place_words

# What is sealed with a version beside what it says.
_SEALED = NOT_COMPARED | {"consent_plans", "translations", "source_refs", "proposed"}
_REMARK = "A remark beside our policy changes. What the policy says stays the same."
_BESIDE = {
    "consent_plans": "How we ask for your consent changes.",
    "consent_plan": "How we ask for your consent changes.",
    "translations": "Our list of translations changes.",
}
_APPLIES = {
    "all_data": "The new text now also applies to information that we already hold.",
    "collected_from_effective": "The new text no longer applies to information that we already hold.",
}
_CONTACTS = {
    "address": "our postal address",
    "phone": "our telephone number",
    "email": "our email address",
}
_PLAIN = {
    "language": "the language of our policy",
    "governs": "the language whose text counts",
    "last_updated": "the date label of our policy",
    "site_url": "the address of our policy",
    "time_zone": "the time zone of our policy",
    "disclaimer": "the remark at the foot of our policy",
    "complaints": "the address for complaints",
    "sender": "the sender of our notices",
    "title": "the title of our policy",
}


def speaker(snapshot: Snapshot) -> Speaker:
    """Who speaks for a snapshot: its vocabulary, and the titles of its practices."""
    return Speaker(snapshot.vocabulary, {name: practice.title for name, practice in snapshot.practices.items()})


def change_words(d: Difference, old: Snapshot, new: Snapshot) -> str:
    """In: one difference and both snapshots. Out: what people are told of it, in whole sentences; empty where the
    difference is one of wording or of place, which has no words of its own."""
    kind, _, name = d.subject.rpartition(":")
    if not kind and d.field in _SEALED:
        return _BESIDE.get(d.field, _REMARK)
    if d.subject == "policy":
        return finished(_policy(d))
    if kind == "recipient":
        return finished(_recipient(d, name, old, new))
    if kind in ("clause", "section"):
        return place_words(d, old, new)
    return practice_words(d, speaker(old), speaker(new)) if not kind else ""


def _policy(d: Difference) -> str:
    if d.field == "organization":
        return _organization(d)
    if d.field == "applies_to":
        return _APPLIES.get(str(d.after), "")
    if d.field == "documents":
        return _entries(d, "the documents that belong to our policy")
    if d.field == "regimes":
        return _entries(d, "the rules that decide how we tell you of changes")
    if d.field == "last_updated":
        return _scalar(
            _PLAIN[d.field], *(in_words(parse_date(str(side))) if side else None for side in (d.before, d.after))
        )
    if d.field in _PLAIN:
        return _scalar(_PLAIN[d.field], d.before, d.after)
    return ""


def _organization(d: Difference) -> str:
    before, after = d.before, d.after
    if d.key == "name":
        return (
            f"our company is now called {_stop(after)} Until now, it was called {_stop(before)} It is the same company."
        )
    if d.key == "legal_name":
        return f"{after} is now responsible for your information. Until now, {before} was responsible."
    if d.key == "group":
        member = d.path[-1]
        return (
            f"New: our policy now also covers {member}."
            if d.op == "added"
            else f"our policy no longer covers {member}."
        )
    what = _CONTACTS.get(d.key, spaced(d.key))
    return (
        f"{what} for questions is now {_stop(after)}" if after else f"our policy no longer names {what} for questions."
    )


def _stop(value: object) -> str:
    """A name with a full stop behind it: one, also where the name ends in one."""
    return f"{str(value).rstrip('.')}."


def _entries(d: Difference, what: str) -> str:
    entry = spaced(d.path[-1])
    return f"{what} now include {entry}." if d.op == "added" else f"{what} no longer include {entry}."


def _scalar(what: str, before: object, after: object) -> str:
    if after is None:
        return f"our policy no longer names {what}."
    return f"{what} is now {_stop(after)}" + (f" Until now, it was {_stop(before)}" if before is not None else "")


def _recipient(d: Difference, name: str, old: Snapshot, new: Snapshot) -> str:
    side = new if name in new.recipients else old
    label = side.recipients[name].label if name in side.recipients else spaced(name)
    if not d.path:
        has = "now has" if d.op == "added" else "no longer has"
        return f"our list of recipients {has} “{label}”. No part of our policy names it."
    if d.field == "label":
        return f"our policy now speaks of {_stop(d.after)} Until now, it spoke of {_stop(d.before)}"
    if d.field == "affiliate":
        group = {True: "a company of our group", False: "no company of our group"}
        now = group.get(d.after) if isinstance(d.after, bool) else None
        return (
            f"our policy now says that this is {now}: {label}."
            if now
            else f"our policy no longer says whether this is a company of our group: {label}."
        )
    if d.field == "country":
        return _scalar(
            f"the country of “{label}”", d.before and capital(str(d.before)), d.after and capital(str(d.after))
        )
    return _scalar(f"the kind of “{label}”", d.before and spaced(str(d.before)), d.after and spaced(str(d.after)))
