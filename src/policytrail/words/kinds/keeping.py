"""Retention and security: how long data is kept, and what protects it."""

from __future__ import annotations

import re

from policytrail.words import forms
from policytrail.words.common import conditions, more
from policytrail.words.grammar import is_plural, listed, period_words, pronoun, small, spaced
from policytrail.words.saying import Saying
from policytrail.words.speaker import Facts, Speaker

_NOUN_TITLE = re.compile(r"[A-Z][\w-]*( [\w'-]+){0,4}")
_NO_NOUNS = frozenset(
    "as while how for when until what why our keeping retention storage period periods if after your we no deletion".split()
)
_VERBS = re.compile(r"\b(is|are|isn't|aren't|be|stay|stays|need|needs|keep|kept|stored|may|must|can)\b")


def _object(facts: Facts, say: Speaker) -> str:
    """What is kept: the records that the title names, else the data."""
    title = str(facts.get("title", ""))
    first = title.split(" ", 1)[0].lower()
    names_records = _NOUN_TITLE.fullmatch(title) and first not in _NO_NOUNS and not _VERBS.search(title.lower())
    return small(title) if names_records and is_plural(small(title)) and not say.people(facts) else say.data(facts)


def retention(facts: Facts, say: Speaker) -> Saying:
    """`we keep recordings of calls for 2 years`."""
    kept = _object(facts, say)
    verb = "store" if facts.get("none_kept") else "keep"
    negative = say.is_negative(facts)
    subject = say.does(facts, verb) if negative or not facts.get("none_kept") else f"{say.who(facts)} do not store"
    purposes, has_until = say.purposes(facts), bool((facts.get("period") or {}).get("until"))
    adjuncts = {
        "period": "" if facts.get("none_kept") else period_words(facts.get("period")),
        "purposes": "" if has_until else purposes,
        **conditions(facts, say),
    }
    data = say.data(facts)
    tails = {
        "purposes": f"We do this {purposes}." if purposes and has_until else "",
        "bound": end_words(facts),
        **more(facts, say),
    }
    if kept != data and facts.get("data"):
        tails["data"] = f"This means {data}."
    return Saying(
        f"{subject} {kept}{' only' if facts.get('exclusive') else ''}",
        {name: text for name, text in adjuncts.items() if text},
        {name: text for name, text in tails.items() if text},
        say.past(facts, f"kept {pronoun(kept)}", f"keep {pronoun(kept)}"),
        again="we do this",
        context=frozenset({"period"}),
    )


def end_words(facts: Facts) -> str:
    """That the policy sets no end, where it doesn't."""
    has_end = (
        facts.get("bound") == "fixed" or (facts.get("period") or {}).get("value") is not None or facts.get("none_kept")
    )
    return (
        ""
        if has_end or facts.get("modality") in ("does_not", "will_not", "prohibited", "unable")
        else "The policy sets no fixed end."
    )


def period_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """`We keep X for 2 years. Until now, we kept it for 90 days.`"""
    now, then = retention(after, new), retention(before, old)
    period_now, period_then = period_words(after.get("period")), period_words(before.get("period"))
    said = f"{now.core} {period_now}" if period_now else f"our policy no longer says how long {now.core}"
    end = f" {end_words(after)}" if end_words(after) else ""
    if not period_then:
        return f"{said}.{end} Until now, our policy set no period."
    was = then.was or "we could keep it"
    return f"{said}.{end} Until now, {was} {period_then}."


def bound_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """A fixed end comes or goes."""
    clause = retention(after, new).only().clause()
    if after.get("bound") == "fixed":
        return f"{clause}. The policy now sets a fixed end. Until now, it set none."
    return f"{clause}. The policy no longer sets a fixed end. Until now, it did."


def none_kept_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """`Our policy no longer says that we do not store X.`"""
    if after.get("none_kept"):
        return f"New: {retention(after, new).only().clause()}."
    now, then = retention(after, new).only().clause(), retention(before, old).only().clause()
    return f"our policy no longer says that {then}. It now says that {now}."


_STRENGTHS = {
    "does": "{subject} protect",
    "designed_to": "{subject} are designed to protect",
    "may": "{subject} may protect",
}
_THEY = {"does": "they do protect it", "designed_to": "they are designed to protect it", "may": "they may protect it"}
_KINDS = frozenset({"physical", "electronic", "procedural", "technical", "organizational", "administrative"})


def _safeguards(facts: Facts) -> str:
    """`our physical and electronic safeguards`, `encryption`."""
    keys = [str(key) for key in facts.get("measure") or ()]
    kinds = [forms.form("measure", key) for key in keys if key in _KINDS]
    tools = [
        forms.form("measure", key) if forms.has_form("measure", key) else spaced(key)
        for key in keys
        if key not in _KINDS
    ]
    parts = [f"our {listed(kinds)} safeguards"] if kinds else []
    technology = f" ({facts['technology']})" if facts.get("technology") else ""
    return (listed([*parts, *tools]) or "our safeguards") + technology


def _by(standard: str) -> str:
    return standard if standard.startswith("if ") else f"by {standard}"


def security(facts: Facts, say: Speaker) -> Saying:
    """`our physical and electronic safeguards are designed to protect your information`."""
    subject, strength = _safeguards(facts), str(facts.get("strength", "does"))
    data = say.data(facts) if facts.get("data") else "your information"
    protects = _STRENGTHS[strength].format(subject=subject)
    if strength != "may" and not is_plural(subject.partition(" (")[0]):
        protects = (
            protects.replace(" protect", " protects", 1) if strength == "does" else protects.replace(" are ", " is ", 1)
        )
    mode = str(facts.get("modality", "does"))
    if mode != "does" and strength == "does":
        protects = f"{subject} {_MODES.get(mode, '')} protect"
    certain = "certain parts of " if facts.get("extent") == "certain" else ""
    whom = say.recipients(facts)
    adjuncts = {
        "purposes": say.purposes(facts),
        "recipients": f"from {whom}" if whom else "",
        **conditions(facts, say),
        "standard": _by(forms.form("standard", str(facts["standard"]))) if facts.get("standard") else "",
    }
    tails = {
        "claim": f"Our policy claims this: {say.forms(facts, 'claim', 'things')}." if facts.get("claim") else "",
        **more(facts, say),
    }
    only = "only " if facts.get("exclusive") else ""
    return Saying(
        f"{protects} {only}{certain}{data}",
        {name: text for name, text in adjuncts.items() if text},
        {name: text for name, text in tails.items() if text},
        again="this holds",
    )


_MODES = {
    "will": "will",
    "may": "may",
    "does_not": "do not",
    "will_not": "will not",
    "prohibited": "must not",
    "unable": "cannot",
}


def strength_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """The claim's words, new and old, and nothing about which is better."""
    many = is_plural(_safeguards(before).partition(" (")[0])
    then = _THEY[str(before.get("strength", "does"))] if many else security(before, old).only().clause()
    return f"our policy now says that {security(after, new).only().clause()}. Until now, it said that {then}."


def extent_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """Whether all or certain data is protected."""
    then = "only certain parts" if before.get("extent") == "certain" else "all of it"
    now = security(after, new).only().clause()
    now = (
        now
        if after.get("extent") == "certain"
        else now.replace(" protects ", " protects all of ", 1).replace(" protect ", " protect all of ", 1)
    )
    return f"our policy now says that {now}. Until now, it said {then}."


RETENTION_CHANGES = {
    **{("period", op): period_changed for op in ("added", "removed", "changed")},
    **{("bound", op): bound_changed for op in ("added", "removed", "changed")},
    **{("none_kept", op): none_kept_changed for op in ("added", "removed", "changed")},
}
SECURITY_CHANGES = {
    **{("strength", op): strength_changed for op in ("added", "removed", "changed")},
    **{("extent", op): extent_changed for op in ("added", "removed", "changed")},
}
