"""Commitments, promises of notice, assurances, messages: what the company says that it will or will never do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policytrail.words import forms
from policytrail.words.common import conditions, more, place_words
from policytrail.words.grammar import amount, listed, spaced
from policytrail.words.saying import QUIET, Saying
from policytrail.words.speaker import Facts, Speaker


def commitment(facts: Facts, say: Speaker) -> Saying:
    """`we do not sell or rent out your personal information`, `we promise to tell you of a data breach`."""
    doing, promise = say.forms(facts, "operations", joint="or"), say.forms(facts, "promises")
    if doing:
        core = f"{say.does(facts, doing)} {say.data(facts)}{' only' if facts.get('exclusive') else ''}"
    elif promise:
        is_clause = promise.startswith(("that ", "to ", "never ", "not "))
        core = f"{say.does(facts, 'promise')} {promise if is_clause else f'this: {promise}'}"
    else:
        core = f"{say.does(facts, 'promise')} this: “{facts.get('title', '')}”"
    whom = say.recipients(facts)
    to = "to" if doing.split(" ")[0:1] and doing.split(" ")[0] in ("sell", "rent", "transfer", "pass") else "with"
    adjuncts = {
        "recipients": f"{to} {whom}" if whom and doing else "",
        "purposes": say.purposes(facts) if facts.get("purposes") != "unstated" else "",
        **conditions(facts, say),
    }
    tails = {
        "promises": f"We also promise {promise}." if promise and doing else "",
        "recipients": f"This is about {whom}." if whom and not doing else "",
        "exclusive": "This is so only here, and nowhere else." if facts.get("exclusive") and not doing else "",
        "purposes": "Our policy does not name the purposes." if facts.get("purposes") == "unstated" else "",
        **more(facts, say),
    }
    if not doing and facts.get("data"):
        tails["data"] = f"This is about {say.data(facts)}."
    return Saying(
        core,
        {name: text for name, text in adjuncts.items() if text},
        {name: text for name, text in tails.items() if text},
        again="this holds",
        context=frozenset({"recipients"}),
    )


def commitment_removed(facts: Facts, say: Speaker) -> str:
    """`We no longer promise not to sell your personal information.`"""
    clause = commitment(facts, say).clause()
    for start in ("we do not ", "we will not "):
        if clause.startswith(start):
            return f"we no longer promise not to {clause.removeprefix(start)}."
    promised = clause.removeprefix("we will promise ").removeprefix("we promise ")
    return f"we no longer promise {promised}." if promised != clause else f"we no longer promise that {clause}."


def assurance(facts: Facts, say: Speaker) -> Saying:
    """A sentence without a practice behind it is told by its title."""
    tails = {name: text for name, text in more(facts, say).items() if name != "data"}
    core = f"our policy explains “{facts.get('title', '')}”"
    return Saying(core, {}, tails, again="this is")


def communication(facts: Facts, say: Speaker) -> Saying:
    """`we may send you newsletters about our products by email`."""
    kinds = say.forms(facts, "kinds") or "messages"
    sending = say.purposes(facts).startswith("to send you ")
    people = say.people(facts)
    about = [
        spaced(key).replace("own ", "our ", 1).replace("partner ", "our partners' ", 1)
        for key in facts.get("about") or ()
    ]
    senders = [forms.recipient_phrase(say.vocabulary, key) for key in facts.get("senders") or ()]
    ways = [
        forms.form("ways", key) if forms.has_form("ways", key) else f"by {spaced(key)}"
        for key in facts.get("channels") or ()
    ]
    adjuncts = {
        "about": f"about {listed(about)}" if about else "",
        "channels": listed(ways, "or"),
        "senders": f"sent by {listed(senders)}" if senders else "",
        "purposes": "" if sending else say.purposes(facts),
        **conditions(facts, say),
    }
    tails = {name: text for name, text in more(facts, say).items() if name != "data"}
    return Saying(
        f"{say.does(facts, 'send')} {people or 'you'} {'only ' if facts.get('exclusive') else ''}{kinds}",
        {name: text for name, text in adjuncts.items() if text},
        {name: text for name, text in tails.items() if text},
        again="we do this",
        context=frozenset({"channels"}),
        quiet=QUIET | {"data"} | ({"purposes"} if sending else set()),
    )


_EVENTS = {
    "merger": "a merger",
    "breach": "a data breach",
    "joint_initiative": "a joint initiative",
    "acquisition": "a takeover of our business",
    "transfer": "a transfer of your information",
}
_SUBJECTS = {"collection": "what we collect", "use": "how we use it", "disclosure": "who we share it with"}


def _matter(on: Mapping[str, Any]) -> str:
    """What the promise of notice is about: material changes, all changes, an event."""
    if on.get("event"):
        return _EVENTS.get(str(on["event"]), spaced(str(on["event"])))
    about = [_SUBJECTS.get(key, spaced(key)) for key in on.get("scope") or ()]
    of = f" to {listed(about)}" if about else ""
    return f"{'material changes' if on.get('severity') == 'material' else 'all changes' if on.get('severity') else 'changes'}{of}"


def _ahead(facts: Facts, days: bool = True) -> str:
    number = facts.get("period_days")
    early = f"{amount(int(number), 'day')} " if number is not None and days else ""
    they = "it takes" if (facts.get("on") or {}).get("event") else "they take"
    if facts.get("timing") == "before_effective" or early:
        return f"{early}before {they} effect"
    return ""


def _channel_list(channels: Mapping[str, Any]) -> str:
    ways = []
    for key, rest in channels.items():
        kind = str(key).partition("#")[0]
        way = forms.form("ways", kind) if forms.has_form("ways", kind) else f"by {spaced(kind)}"
        inner = rest if isinstance(rest, Mapping) else {}
        places = listed(
            [
                place_words(place) if forms.has_form("channel", place) else spaced(place)
                for place in inner.get("places") or ()
            ]
        )
        way += f" ({inner['value']})" if inner.get("value") else ""
        way += f" ({places})" if places else ""
        way += " for all of that time" if inner.get("for_whole_window") else ""
        ways.append(way)
    return listed(ways)


def notice(facts: Facts, say: Speaker) -> Saying:
    """`we will tell you of material changes 30 days before they take effect by email or on our site`."""
    channels = facts.get("channels") or {}
    any_of, all_of = (_channel_list(channels.get(name) or {}) for name in ("any_of", "all_of"))
    always = [
        forms.form("ways", key) if forms.has_form("ways", key) else spaced(key) for key in facts.get("always") or ()
    ]
    mode = str(facts.get("modality", "will"))
    verb = {
        "may": "we may tell you",
        "does_not": "we do not tell you",
        "will_not": "we will not tell you",
        "prohibited": "we must not tell you",
        "unable": "we cannot tell you",
        "does": "we tell you",
    }
    adjuncts = {
        "period_days": _ahead(facts),
        "channels": " and ".join(filter(None, [any_of.replace(" and ", " or "), all_of])),
        "purposes": say.purposes(facts),
        **conditions(facts, say),
    }
    tails = {
        "always": f"We always do so {listed(always)}." if always else "",
        "count": "Both days at the ends count." if facts.get("count") == "at_least" else "",
        "new_users": "For people who join now, the changes hold at once."
        if facts.get("new_users") == "at_signup"
        else "",
        "acceptance_by_use": "If you go on using our services, our policy takes that as your agreement."
        if facts.get("acceptance_by_use")
        else "",
        "discretion": "Our policy says that we decide what is material." if facts.get("discretion") else "",
        **more(facts, say),
    }
    tails.pop("data", None)
    return Saying(
        f"{verb.get(mode, 'we will tell you')} of {_matter(facts.get('on') or {})}",
        {name: text for name, text in adjuncts.items() if text},
        {name: text for name, text in tails.items() if text},
        again="we do this",
    )


def days_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """`We will tell you of material changes 14 days before they take effect. Until now, we promised 30 days.`"""
    now, then = after.get("period_days"), before.get("period_days")
    core = notice(after, new).core
    until = (
        f"Until now, we promised {amount(int(then), 'day')}."
        if then is not None
        else "Until now, we promised no number of days."
    )
    if now is None:
        return f"{core}{f' {_ahead(after)}' if _ahead(after) else ''}. We no longer promise a number of days. {until}"
    return f"{core} {_ahead(after)}. {until}"


def timing_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """Whether people are told before a change takes effect."""
    core = notice(after, new).core
    if after.get("timing") == "before_effective":
        until = (
            " Until now, our policy did not say whether we do so before." if before.get("period_days") is None else ""
        )
        return f"{core} {_ahead(after)}.{until or ' The policy did not say “before they take effect” until now.'}"
    return f"{core}. Our policy no longer says that we do so before they take effect."


NOTICE_CHANGES = {
    **{("period_days", op): days_changed for op in ("added", "removed", "changed")},
    **{("timing", op): timing_changed for op in ("added", "removed", "changed")},
}
