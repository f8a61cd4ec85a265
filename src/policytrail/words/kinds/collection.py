"""Collections: which data, when, from whom."""

from __future__ import annotations

from policytrail.words import forms
from policytrail.words.common import conditions, more
from policytrail.words.grammar import listed, shared
from policytrail.words.saying import QUIET, Saying
from policytrail.words.speaker import Facts, Speaker

_NECESSITY = {
    "required": "You must give it.",
    "optional": "You choose whether to give it.",
    "unstated": "Our policy does not say whether you must give it.",
}
VERBS = {
    "observed": ("record", "recorded"),
    "derived": ("work out", "worked out"),
    "inferred": ("work out", "worked out"),
}


def verbs(facts: Facts) -> tuple[str, str]:
    """The verb and its past: what is watched is recorded, what is given is asked for or collected."""
    sources = list(facts.get("source") or ())
    return VERBS.get(str(sources[0]), ("collect", "collected")) if len(sources) == 1 else ("collect", "collected")


def collection(facts: Facts, say: Speaker) -> Saying:
    """`we collect your name when you register`."""
    verb, past = verbs(facts)
    only = " only" if facts.get("exclusive") else ""
    who = [forms.form("source", key) for key in facts.get("source") or () if key not in ("given", *VERBS)]
    adjuncts = {
        "source": listed(who),
        "occasion": _occasions(facts),
        "purposes": say.purposes(facts),
        **conditions(facts, say),
        "collected_for": f"for {say.forms(facts, 'collected_for')}" if facts.get("collected_for") else "",
    }
    said_twice = bool(adjuncts.get("scope")) and adjuncts["scope"] in adjuncts["occasion"]
    if said_twice:
        adjuncts.pop("scope")
    tails = {
        "necessity": _NECESSITY.get(str(facts.get("necessity")), ""),
        "storage": f"We keep it in this place: {say.forms(facts, 'storage')}." if facts.get("storage") else "",
        **more(facts, say),
    }
    return Saying(
        f"{say.does(facts, verb)}{only} {say.data(facts)}",
        {name: text for name, text in adjuncts.items() if text},
        {name: text for name, text in tails.items() if text},
        say.past(facts, f"{past} {say.it(facts)}", f"{verb} {say.it(facts)}"),
        again=f"{say.who(facts)} do this",
        context=frozenset({"occasion"}),
        quiet=QUIET | ({"scope"} if said_twice else set()),
    )


def _occasions(facts: Facts) -> str:
    """`when you register or order`: the shared beginning once."""
    said = [_occasion(key) for key in facts.get("occasion") or ()]
    places = all(text.startswith("on our ") for text in said)
    return shared(said, ("when you ", "on our "), "and" if places else "or")


def _occasion(key: str) -> str:
    return (
        forms.form("occasion", key)
        if forms.has_form("occasion", key)
        else f"on the occasion of {forms.form('occasion', key)}"
    )


def asks_for(facts: Facts) -> str:
    """The verb for one kind of data: what people give themselves is asked for."""
    return "ask for" if "given" in (facts.get("source") or ()) else verbs(facts)[0]


def data_added(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """`We ask for your phone number when you register. Until now, our policy listed your name and email address.`"""
    verb = asks_for(after)
    said = collection(one, new).only("subjects")
    told = said.clause().replace(f" {verbs(one)[0]} ", f" {verb} ", 1)
    if new.is_negative(after):
        return f"New: {told}."
    listed_before = old.phrases(before)
    if not listed_before or len(listed_before) > 5 or before.get("data") == "unstated":
        return f"New: {told}."
    such = ", and more of this kind" if (before.get("lists") or {}).get("data") == "open" else ""
    return f"{told}. Until now, our policy listed {old.data(before)}{such}."


def data_removed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str | None:
    """`Our policy no longer lists your date of birth among the details that we ask for when you register.`"""
    if old.is_negative(before):
        return None
    occasion = _occasions(before)
    verb = old.does(before, asks_for(before))
    return (
        f"our policy no longer lists {old.data(one)} among the details that {verb}{f' {occasion}' if occasion else ''}."
    )


def source_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str | None:
    """From whom data comes: `New: We collect your name from data brokers.`"""
    came = set(one.get("source") or ()) & set(after.get("source") or ())
    side, say = (after, new) if came else (before, old)
    occasion = _occasions(side)
    where = f" {occasion}" if occasion else ""
    clause = f"{say.does(side, 'collect')} {say.data(side)} {say.forms(one, 'source')}{where}"
    return f"New: {clause}." if came else f"our policy no longer says that {clause}."


CHANGES = {
    **{("source", op): source_changed for op in ("added", "removed")},
    ("data", "added"): data_added,
    ("data", "removed"): data_removed,
}
