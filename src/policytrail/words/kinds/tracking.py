"""Cookies and other trackers, and how browser signals are answered."""

from __future__ import annotations

from policytrail.words import forms
from policytrail.words.common import conditions, more, place_words
from policytrail.words.grammar import capital, listed, period_words, possessive_list, small, spaced
from policytrail.words.saying import QUIET, Saying
from policytrail.words.speaker import Facts, Speaker

_THEY = {
    "does": "",
    "will": "will ",
    "may": "may ",
    "does_not": "do not ",
    "will_not": "will not ",
    "prohibited": "must not ",
    "unable": "cannot ",
}
_WIDGETS = frozenset({"widget", "plugin", "social_plugin", "embed"})
_UNFIT_TITLES = ("how ", "what ", "why ", "when ", "where ", "no ", "our ", "your ")


def cookie(facts: Facts, say: Speaker) -> Saying:
    """`we may set cookies to choose ads for you`, `advertising networks may set cookies on other companies' sites`."""
    technology = [str(key) for key in facts.get("technology") or {"cookie": True}]
    if facts.get("modality") == "unable":
        return _powerless(facts, say, technology)
    if _WIDGETS & set(technology):
        return _widget(facts, say, technology)
    return _tracker(facts, say, technology)


def _tracker(facts: Facts, say: Speaker, technology: list[str]) -> Saying:
    tools, who = _tools(technology), _setter(facts, say)
    recorded = _recorded(facts, say)
    sets = "set" if technology == ["cookie"] else "use"
    mode = _THEY.get(str(facts.get("modality", "does")), "")
    only = " only" if facts.get("exclusive") else ""
    core = f"{who} {mode}{sets} {tools}{only}"
    core += f" that record {_recorded_words(recorded, facts, say)}" if recorded else ""
    past = (
        f"{who} {sets if sets == 'set' else 'used'} {'them' if len(technology) != 1 or tools.endswith('s') else 'it'}"
    )
    return Saying(
        core,
        _adjuncts(facts, say, set_by_us=who == "we"),
        _tails(facts, say),
        "" if facts.get("modality") == "may" or say.is_negative(facts) else past,
        again="we do this" if who == "we" else "they do this",
        context=frozenset({"trigger", "channel", "cross_site", "purposes"}),
        quiet=QUIET | {"data"},
    )


def _adjuncts(facts: Facts, say: Speaker, set_by_us: bool) -> dict[str, str]:
    whom = say.recipients(facts)
    made = {
        "channel": listed([place_words(key) for key in facts.get("channel") or ()]),
        "cross_site": "on other companies' sites" if facts.get("cross_site") else "",
        "recipients": f"together with {whom}" if whom and set_by_us else "",
        "purposes": say.purposes(facts),
        **conditions(facts, say),
    }
    return {name: text for name, text in made.items() if text}


def _tails(facts: Facts, say: Speaker) -> dict[str, str]:
    made = {
        "identifier": f"Each holds an identifier: {say.forms(facts, 'identifier', 'things')}."
        if facts.get("identifier")
        else ""
    }
    period = period_words(facts.get("lifetime"))
    made["lifetime"] = f"What is set stays in your browser {period}." if period else ""
    made |= more(facts, say)
    made.pop("data", None)
    return {name: text for name, text in made.items() if text}


def _tools(technology: list[str]) -> str:
    return listed(
        [
            forms.form("technology", key) if forms.has_form("technology", key) else f"{spaced(key)}s"
            for key in technology
        ]
    )


def _setter(facts: Facts, say: Speaker) -> str:
    """Who sets it: we, or those who are named, or the kind of others."""
    if facts.get("set_by", "company") == "company":
        return say.who(facts)
    whom = say.recipients(facts)
    return whom or forms.form("set_by", str(facts["set_by"]))


def _recorded(facts: Facts, say: Speaker) -> list[str]:
    """What is recorded of a person: the tracker itself isn't."""
    if facts.get("data") == "unstated":
        return say.phrases(facts)
    keys = [key for key in facts.get("data") or () if not key.startswith("user.device.cookie")]
    return say.phrases({"data": dict.fromkeys(keys, True)})


def _recorded_words(recorded: list[str], facts: Facts, say: Speaker) -> str:
    said, people = possessive_list(recorded), say.people(facts)
    tied = " of " + people if people else ""
    return f"{said}{tied}"


def _widget(facts: Facts, say: Speaker, technology: list[str]) -> Saying:
    """`our site has social media features, such as the Facebook Like button`; what they record and set follows."""
    place = {"app": "our app", "email": "our emails"}.get(
        next(iter(facts.get("channel") or {"website": True})), "our site"
    )
    title, whom = small(str(facts.get("title", ""))), say.recipients(facts)
    named = title if title and not title.startswith(_UNFIT_TITLES) else f"widgets of {whom or 'others'}"
    examples = [str(text) for text in facts.get("examples") or ()][:1]
    core = f"{place} has {named}" + (f", such as {listed(examples)}" if examples else "")
    mode = _THEY.get(str(facts.get("modality", "does")), "")
    recorded = [
        text.replace("the pages that you visit", "the page that you are visiting") for text in _recorded(facts, say)
    ]
    collects = f"{mode}collect {possessive_list(recorded)}" if recorded else ""
    sets = f"{mode}set cookies" if "cookie" in technology else ""
    does = (
        ", and ".join(filter(None, [collects, sets])) or f"{mode}be used"
        if mode
        else ", and ".join(filter(None, [collects, sets]))
    )
    purposes = say.purposes(facts)
    tails = {
        "widget": f"They {does} {purposes}.".replace(" .", ".") if does else "",
        "recipients": f"They come from {whom}." if whom and whom not in named else "",
        **{name: text for name, text in _tails(facts, say).items() if name not in ("examples", "lists")},
    }
    adjuncts = {
        name: text for name, text in _adjuncts(facts, say, False).items() if name not in ("channel", "purposes")
    }
    return Saying(core, adjuncts, {name: text for name, text in tails.items() if text}, again="this happens")


def _powerless(facts: Facts, say: Speaker, technology: list[str]) -> Saying:
    whom = say.recipients(facts) or ("others" if facts.get("set_by", "company") != "company" else "")
    whose = f" of {whom}" if whom else ""
    return Saying(
        f"we cannot see or control the {_tools(technology)}{whose}",
        {name: text for name, text in _adjuncts(facts, say, False).items() if name != "recipients"},
        _tails(facts, say),
        again="this holds",
        quiet=QUIET | {"data"},
    )


_ANSWERS = {"honoured": "we follow", "not_honoured": "we do not follow", "varies": "we do not always follow"}
_OTHERS = {
    "honoured": "{who} follow it too.",
    "not_honoured": "{who} do not follow it.",
    "varies": "{who} may treat it differently.",
    "unstated": "Our policy does not say what {who} do.",
}


def _signal_words(facts: Facts) -> str:
    name = forms.form("signals", str(facts.get("name", "")))
    return f"the “{name}” signal of your browser" if name else "the signal of your browser"


def signal(facts: Facts, say: Speaker) -> Saying:
    """`we do not follow the “Do Not Track” signal of your browser`."""
    answer = _ANSWERS.get(str(facts.get("response")), "we may follow")
    who = say.recipients(facts) or "other companies on our site"
    adjuncts = {"purposes": say.purposes(facts), **conditions(facts, say)}
    tails = {
        "third_parties": capital(_OTHERS.get(str(facts.get("third_parties")), "").format(who=who)),
        **more(facts, say),
    }
    tails.pop("data", None)
    return Saying(
        f"{answer} {_signal_words(facts)}",
        {name: text for name, text in adjuncts.items() if text},
        {name: text for name, text in tails.items() if text},
        again="this holds",
        quiet=QUIET | {"data"} | ({"recipients"} if facts.get("third_parties") else set()),
    )


_DID = {"honoured": "we did", "not_honoured": "we did not", "varies": "we did not always"}


def response_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """`We now follow the “Global Privacy Control” signal of your browser. Until now, we did not.`"""
    answer = {"honoured": "we now follow", "not_honoured": "we no longer follow", "varies": "we do not always follow"}
    then = _DID.get(str(before.get("response")), "we did not say")
    return f"{answer[str(after.get('response'))]} {_signal_words(after)}. Until now, {then}."


def name_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """The promise is about another signal."""
    return f"{signal(after, new).core}. Until now, our policy spoke of {_signal_words(before)}."


def lifetime_changed(before: Facts, after: Facts, one: Facts, old: Speaker, new: Speaker) -> str:
    """`Our cookies stay in your browser for 2 years. Until now, 90 days.`"""
    tools = _tools([str(key) for key in after.get("technology") or {"cookie": True}])
    now, then = period_words(after.get("lifetime")), period_words(before.get("lifetime"))
    title = f" (“{after['title']}”)" if after.get("title") else ""
    if not now:
        return f"our policy no longer says how long {tools}{title} stay in your browser. Until now, they stayed {then}."
    until = f"Until now, they stayed {then}." if then else "Until now, our policy did not say how long."
    return f"{tools}{title} stay in your browser {now}. {until}"


CHANGES = {
    ("response", "changed"): response_changed,
    ("name", "changed"): name_changed,
    **{("lifetime", op): lifetime_changed for op in ("added", "removed", "changed")},
}
