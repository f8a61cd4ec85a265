"""Disclosures: who gets which data, whether it is a sale, and whether a person must agree or can say no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policytrail.words.common import conditions, more, roles
from policytrail.words.grammar import is_plural
from policytrail.words.saying import Saying
from policytrail.words.speaker import Facts, Speaker

DEFAULTS = {"on_until_opt_out": "unless you opt out", "off_until_opt_in": "only if you agree"}
_PAST_DEFAULTS = {"on_until_opt_out": "unless you opted out", "off_until_opt_in": "only if you agreed"}
_ADS = {
    True: "This is for advertising.",
    False: "This is not for advertising.",
    "unstated": "Our policy does not say whether this is for advertising.",
}
_SALES = {False: "Our policy says that this is no sale.", "unstated": "Our policy does not say whether this is a sale."}
_PAST = {"sell": "sold", "share": "shared", "rent out": "rented out", "pass on": "passed on", "transfer": "transferred"}


def verb(facts: Facts, say: Speaker) -> str:
    """`sell` whenever it is a sale; else what the policy names, else `share`."""
    if facts.get("is_sale") is True:
        return "sell"
    named = list(facts.get("operations") or ())
    return say.forms(facts, "operations", joint="or") if named else "share"


def disclosure(facts: Facts, say: Speaker) -> Saying:
    """`we may share your name with insurers unless you opt out`."""
    if facts.get("public"):
        return public(facts, say)
    does, whom = verb(facts, say), say.recipients(facts)
    to = "to" if does.split()[0] in ("sell", "rent", "transfer", "pass", "disclose", "license") else "with"
    adjuncts = {
        "recipients": f"{to} {whom}" if whom else "",
        "purposes": "" if _own_use(facts) else say.purposes(facts),
        "countries": f"in {say.forms(facts, 'countries')}" if facts.get("countries") else "",
        **conditions(facts, say),
        "limit": say.forms(facts, "limit"),
        "standard": say.forms(facts, "standard"),
        "default": DEFAULTS.get(str(facts.get("default")), ""),
    }
    past = _PAST.get(does, "shared")
    return Saying(
        f"{say.does(facts, does)} {say.data(facts)}{' only' if facts.get('exclusive') else ''}",
        {name: text for name, text in adjuncts.items() if text},
        _tails(facts, say),
        say.past(facts, f"{past} {say.it(facts)}", f"{does} {say.it(facts)}"),
        again=f"{say.who(facts)} do this",
        context=frozenset({"recipients", "default"}),
    )


def _tails(facts: Facts, say: Speaker) -> dict[str, str]:
    made = {
        "recipients": roles(facts, say),
        "is_sale": _SALES.get(facts.get("is_sale"), "") if facts.get("is_sale") is not True else "",
        "is_ads": _ADS.get(facts.get("is_ads"), ""),
        "transfer_mechanism": f"There, {say.forms(facts, 'transfer_mechanism')} protects it."
        if facts.get("transfer_mechanism")
        else "",
        **more(facts, say),
    }
    return {name: text for name, text in made.items() if text}


def _own_use(facts: Facts) -> bool:
    value = facts.get("recipients")
    roles_given = (
        [rest.get("role") for rest in value.values() if isinstance(rest, Mapping)] if isinstance(value, Mapping) else []
    )
    return (
        bool(roles_given)
        and all(role == "own_purposes" for role in roles_given)
        and isinstance(facts.get("purposes"), Mapping)
    )


def public(facts: Facts, say: Speaker) -> Saying:
    """`anybody who reads the blog can read, collect or use your public posts`."""
    who = say.recipients(facts) or "anybody"
    acts = say.forms(facts, "operations", joint="or") or "see"
    can = {"does_not": "cannot", "will_not": "cannot", "prohibited": "must not", "unable": "cannot"}.get(
        str(facts.get("modality")), "can"
    )
    adjuncts = {
        "purposes": say.purposes(facts),
        **conditions(facts, say),
        "default": DEFAULTS.get(str(facts.get("default")), ""),
    }
    adjuncts["countries"] = f"in {say.forms(facts, 'countries')}" if facts.get("countries") else ""
    adjuncts |= {"limit": say.forms(facts, "limit"), "standard": say.forms(facts, "standard")}
    tails = {name: text for name, text in _tails(facts, say).items() if name != "recipients"}
    open_to_all = "It is public." if can == "can" else ""
    return Saying(
        f"{who} {can} {acts} {say.data(facts)}",
        {name: text for name, text in adjuncts.items() if text},
        {"public": open_to_all, **tails} if open_to_all else tails,
        again="this holds",
    )


def default_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """`We will share X with Y unless you opt out. Until now, we shared it only if you agreed.`"""
    now = disclosure(after, new).only("default")
    then = _PAST_DEFAULTS.get(str(before.get("default")), "")
    was = disclosure(before, old).was
    said = now.clause()
    if not then:
        return f"{said}. Until now, our policy did not say whether you have a choice."
    if not after.get("default"):
        return f"{said}. Our policy no longer says “{DEFAULTS[str(before['default'])]}”."
    return f"{said}. Until now, {was or 'we could share it'} {then}."


def sale_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str | None:
    """`Our policy no longer says that we sell X to Y. It says that we share it with them.`"""
    now, then = disclosure(after, new).only(), disclosure(before, old).only()
    if after.get("is_sale") is True:
        return f"New: {now.clause()}. Until now, our policy said that {then.clause()}."
    if before.get("is_sale") is not True:
        return None
    whom = new.recipients(after)
    pronouns = {"data": new.it(after), "who": "them" if is_plural(whom) else "it"}
    with_whom = f" with {pronouns['who']}" if whom else ""
    instead = (
        f"it says that {new.does(after, verb(after, new))} {pronouns['data']}{with_whom}"
        if not new.is_negative(after)
        else ""
    )
    return f"our policy no longer says that {then.clause()}." + (
        f" {instead[0].upper()}{instead[1:]}." if instead else ""
    )


def exclusion_removed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """`Until now, we promised never to give X to Y. The new policy no longer promises this.`"""
    whom = old.recipients(before)
    to = f"to {whom}" if whom else f"for “{before.get('title', '')}”"
    return f"until now, we promised never to give {old.data(one, 'excludes')} {to}. The new policy no longer promises this."


def exclusion_added(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """`New: We promise never to give X to Y.`"""
    whom = new.recipients(after)
    to = f"to {whom}" if whom else f"for “{after.get('title', '')}”"
    return f"New: we promise never to give {new.data(one, 'excludes')} {to}."


def mechanism_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """`When Y handles X in the United States, A protects it. Until now, B did.`"""
    whom = new.recipients(after) or "somebody else"
    handles = "handle" if is_plural(whom) else "handles"
    place = f" in {new.forms(after, 'countries')}" if after.get("countries") else " abroad"
    when = f"When {whom} {handles} {new.data(after)}{place}"
    now, then = new.forms(after, "transfer_mechanism"), old.forms(before, "transfer_mechanism")
    if not now:
        return f"{when}, our policy no longer says that {then} protects it."
    return f"{when}, {now} protects it. " + (
        f"Until now, {then} did." if then else "Our policy did not say this until now."
    )


def country_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """`X is also handled in India. Until now, only in Germany.`"""
    added = one.get("countries") or {}
    came = set(added) & set(after.get("countries") or ())
    whom = new.recipients(after) or "those who get it"
    handle = "handle" if is_plural(whom) or not new.recipients(after) else "handles"
    if not came:
        return f"our policy no longer says that {whom} {handle} {old.data(before)} in {old.forms(one, 'countries')}."
    then = old.forms(before, "countries")
    also = "also " if then else ""
    until = f"Until now, only in {then}." if then else "Until now, our policy named no country."
    return f"{whom} {also}{handle} {new.data(after)} in {new.forms(one, 'countries')}. {until}"


def recipient_added(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str | None:
    """An example of recipients is named as such; a new kind of recipient as what is shared with whom."""
    rests: list[Any] = list((one.get("recipients") or {}).values()) if one.get("recipients") != "unstated" else []
    if not any(isinstance(rest, Mapping) and rest.get("kind") == "example" for rest in rests):
        return None
    others = old.recipients({**before, "recipients": {key: {} for key in before.get("recipients") or {}}})
    others = others or f"those under “{after.get('title', '')}”"
    role = roles({**one, "purposes": {}}, new).replace("It acts", "They act").replace("its own", "their own")
    return f"our policy now names {new.recipients(one)} as an example of {others}. {role}"


def recipient_removed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str | None:
    """`Our policy no longer names insurers among those that we share your name with.`"""
    if old.is_negative(before) or before.get("public"):
        return None
    shares = f"{old.does(before, verb(before, old))} {old.data(before)} with"
    return f"our policy no longer names {old.recipients(one)} among those that {shares}."


CHANGES = {
    ("recipients", "removed"): recipient_removed,
    **{("default", op): default_changed for op in ("added", "removed", "changed")},
    **{("is_sale", op): sale_changed for op in ("added", "removed", "changed")},
    ("excludes", "removed"): exclusion_removed,
    ("excludes", "added"): exclusion_added,
    **{("transfer_mechanism", op): mechanism_changed for op in ("added", "removed", "changed")},
    **{("countries", op): country_changed for op in ("added", "removed")},
    ("recipients", "added"): recipient_added,
}
