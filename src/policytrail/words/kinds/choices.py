"""Choices and rights: what a person can do, where, until when, and where it ends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from policytrail.words import forms
from policytrail.words.common import conditions, more
from policytrail.words.grammar import is_plural, listed, period_words, spaced
from policytrail.words.saying import Saying
from policytrail.words.speaker import Facts, Speaker

_FEES = {
    True: "We may charge a fee for it.",
    False: "It is free.",
    "unstated": "Our policy does not say whether it is free.",
}
_CONTACTS = re.compile(r"user\.contact(\.|$)")
_SMALL_WORDS = frozenset("a an and or of the your our in on to for from by with what is are who how".split())


def mechanism_words(facts: Facts, name: str = "mechanisms") -> str:
    """`in your account settings (My Account)`; ways without a form as `by` and their words."""
    said = []
    for key, rest in (facts.get(name) or {}).items():
        kind = str(key).partition("#")[0]
        way = forms.form("ways", kind) if forms.has_form("ways", kind) else f"by {spaced(kind)}"
        where = rest.get("where") if isinstance(rest, Mapping) else None
        url = rest.get("url") if isinstance(rest, Mapping) else None
        way = "" if url and kind in ("web_link", "link") else way
        said.append((way + (f" ({where})" if where else "") + (f" at {_short_url(str(url))}" if url else "")).strip())
    return listed(said, "or")


def _short_url(url: str) -> str:
    return url.removeprefix("https://").removeprefix("mailto:").removeprefix("tel:").rstrip("/")


def choice(facts: Facts, say: Speaker) -> Saying:
    """`you can opt out of promotional emails in your account settings`."""
    if facts.get("legal_basis") == "consent" and facts.get("kind") == "none":
        return _consent_by_entering(facts, say)
    what = _object(facts, say)
    cores = {
        "opt_out": f"you can opt out of {what}",
        "opt_in": f"{what} {'happen' if is_plural(what) else 'happens'} only if you agree",
        "closure": "you can close your account",
        "none": f"you cannot opt out of {what}",
    }
    if facts.get("modality") in ("does_not", "will_not", "prohibited", "unable"):
        cores["opt_out"] = f"you cannot opt out of {what}"
    return Saying(
        cores.get(str(facts.get("kind")), f"you have a choice about {what}"),
        _adjuncts(facts, say),
        _tails(facts, say),
        again="you can do this",
        context=frozenset({"mechanisms"}),
    )


def _adjuncts(facts: Facts, say: Speaker) -> dict[str, str]:
    made = {
        "mechanisms": mechanism_words(facts),
        "timing": say.forms(facts, "timing"),
        **conditions(facts, say),
    }
    return {name: text for name, text in made.items() if text}


def _tails(facts: Facts, say: Speaker) -> dict[str, str]:
    consequence = str(facts.get("consequence") or "").rstrip(".")
    purposes = say.purpose_nouns(facts)
    named = purposes or facts.get("targets")
    made = {
        "consequence": f"If you do: {consequence}." if consequence else "",
        "fee": _FEES.get(facts.get("fee"), ""),
        "data": f"This is about {say.data(facts)}." if facts.get("data") and named else "",
        "targets": f"This is about {say.titles_of(facts['targets'])}." if facts.get("targets") and purposes else "",
        **{name: text for name, text in more(facts, say).items() if name != "data"},
    }
    return {name: text for name, text in made.items() if text}


def _object(facts: Facts, say: Speaker) -> str:
    """What the choice is about: purposes, else other practices by title, else data, else its own title."""
    if facts.get("purposes") and facts.get("purposes") != "unstated":
        return say.purpose_nouns(facts)
    if facts.get("targets"):
        return say.titles_of(facts["targets"])
    return f"the use of {say.data(facts)}" if facts.get("data") else f"“{facts.get('title', '')}”"


def _consent_by_entering(facts: Facts, say: Speaker) -> Saying:
    """What a text declares as consent is told as what the text says."""
    data = list(facts.get("data") or ()) if facts.get("data") != "unstated" else []
    entered = listed([forms.data_phrase(say.vocabulary, key) for key in data], "or").replace(" or your ", " or ")
    contacts = bool(data) and all(_CONTACTS.match(key) for key in data)
    does = (
        "to be contacted there" if contacts else f"to the use of {'it' if len(data) == 1 else 'them'}" if data else ""
    )
    purposes = say.purposes(facts)
    core = f"the policy says that by entering {entered} you agree {does}" if data else "the policy says that you agree"
    made = {name: text for name, text in more(facts, say).items() if name not in ("legal_basis", "data")}
    return Saying(
        core,
        {"purposes": purposes, **_adjuncts(facts, say)} if purposes else _adjuncts(facts, say),
        made,
        again="this is",
    )


def right(facts: Facts, say: Speaker) -> Saying:
    """`you can ask us to delete your account information by email`."""
    acts = [forms.form("acts", key) for key in facts.get("kind") or ()]
    limits = [str(key) for key in facts.get("limits") or ()]
    can = "cannot ask us" if say.is_negative(facts) else "can ask us"
    asked = f"to {listed(acts, 'or')} {say.data(facts)}" if acts else f"about {say.data(facts)}"
    adjuncts = {
        "mechanisms": mechanism_words(facts),
        "verification": f"after we check who you are {say.forms(facts, 'verification')}"
        if facts.get("verification")
        else "",
        "limits": listed([forms.form("limits", key) for key in limits if key != "may_be_impossible"]),
        **conditions(facts, say),
    }
    tails = {
        "limits": _refusal(limits, bool(facts.get("answer_when_refused"))),
        "deadline": f"We answer {_within(facts.get('deadline'))}." if facts.get("deadline") else "",
        "fee": _FEES.get(facts.get("fee"), ""),
        "purposes": f"This is about {say.purpose_nouns(facts)}." if facts.get("purposes") else "",
        **more(facts, say),
    }
    return Saying(
        f"you {can} {asked}",
        {name: text for name, text in adjuncts.items() if text},
        {name: text for name, text in tails.items() if text},
        again="you can do this",
    )


def _refusal(limits: list[str], answered: bool) -> str:
    if answered:
        return "If we cannot, we will tell you so, and why."
    return "We may not be able to do it." if "may_be_impossible" in limits else ""


def _within(period: Mapping[str, Any] | None) -> str:
    return period_words(period).replace("for ", "within ", 1)


def right_told(facts: Facts, say: Speaker) -> Saying:
    """The right with its own title, where that says something of what it is about that nothing else says."""
    said = right(facts, say)
    title = str(facts.get("title", ""))
    told = set(re.findall(r"[a-z]+", said.told().lower()))
    fresh = [word for word in re.findall(r"[a-z]+", title.lower()) if word not in told | _SMALL_WORDS]
    if len(fresh) < 3:
        return said
    return Saying(f"{said.core} (“{title}”)", said.adjuncts, said.tails, said.was, said.again, said.context)


def choice_removed(facts: Facts, say: Speaker) -> str:
    """`You can no longer opt out of promotional emails.`"""
    clause = choice(facts, say).only().clause()
    if clause.startswith("you can "):
        return f"you can no longer {clause.removeprefix('you can ')}."
    return f"our policy no longer says that {clause}."


def choice_kind(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """`You cannot opt out of X. Until now, X happened only if you agreed.`"""
    now, then = choice(after, new).clause(), choice(before, old).clause()
    return f"{now}. Until now, our policy said that {then}."


def deadline_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """`We answer within 45 days when you ask us to … Until now, we promised 30 days.`"""
    when = f"when you ask us {right(after, new).core.partition('ask us ')[2]}"
    now, then = _within(after.get("deadline")), _within(before.get("deadline"))
    if not now:
        return f"we no longer promise to answer {then} {when}."
    until = f"Until now, we promised to answer {then}." if then else "Until now, our policy set no time."
    return f"we answer {now} {when}. {until}"


def refusal_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """Whether a refusal is answered."""
    core = right(after, new).core
    if after.get("answer_when_refused"):
        return f"New: {core}. If we cannot, we will tell you so, and why."
    return f"{core}. Our policy no longer says that we tell you why if we cannot."


CHANGES = {
    **{("kind", op): choice_kind for op in ("changed",)},
    **{("deadline", op): deadline_changed for op in ("added", "removed", "changed")},
    **{("answer_when_refused", op): refusal_changed for op in ("added", "removed", "changed")},
}
