"""What a practice says, as half a sentence in plain words: "we may share your name with mail providers".

The words are neutral: they repeat the declared facts, by the type of the practice, and add nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..model.vocabulary import Vocabulary

Facts = Mapping[str, Any]

_MODES = {"may": "may ", "will": "will ", "does_not": "do not ", "will_not": "will not ", "unable": "can't "}
_UNITS = {"day": "days", "month": "months", "year": "years"}


def statement(facts: Facts, vocabulary: Vocabulary) -> str:
    """In: a practice's facts and the vocabulary for labels. Out: half a sentence; empty where the facts say nothing."""
    say = _SAYINGS.get(str(facts.get("type", "")))
    said = say(facts, vocabulary) if say else ""
    tails = []
    if facts.get("aggregated"):
        tails.append("in aggregate")
    if facts.get("governed_by") == "recipient_policy":
        tails.append("the other party's own policy governs it")
    return "; ".join([said, *tails]) if said else ", ".join(tails)


def _listed(facts: Facts, field: str, vocabulary: Vocabulary, kind: str = "data") -> str:
    value = facts.get(field)
    if value == "unstated":
        return "information that isn't named" if kind == "data" else "others who aren't named"
    words = [vocabulary.label(kind, key) for key in value or ()]
    if facts.get("lists", {}).get(field) == "open" and words:
        words.append("more of this kind")
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


def _data(facts: Facts, vocabulary: Vocabulary) -> str:
    named = _listed(facts, "data", vocabulary) or "information"
    about = [vocabulary.label("subjects", each) for each in facts.get("subjects", ()) if str(each).startswith("x_")]
    return f"{named} (also about {', '.join(about)})" if about else named


def _why(facts: Facts, vocabulary: Vocabulary) -> str:
    purposes = _listed(facts, "purposes", vocabulary, "purposes")
    return f", for {purposes}" if purposes else ""


def _with(facts: Facts, vocabulary: Vocabulary, word: str = "with") -> str:
    recipients = _listed(facts, "recipients", vocabulary, "recipients")
    return f" {word} {recipients}" if recipients else ""


def _we(facts: Facts, verb: str) -> str:
    who = {"partner": "our partners", "agent": "our agents", "regulator": "the regulator", "provider": "providers"}
    return f"{who.get(str(facts.get('actor')), 'we')} {_MODES.get(str(facts.get('modality')), '')}{verb}"


def _collection(facts: Facts, vocabulary: Vocabulary) -> str:
    return f"{_we(facts, 'collect')} {_data(facts, vocabulary)}{_why(facts, vocabulary)}"


def _use(facts: Facts, vocabulary: Vocabulary) -> str:
    only = " only" if facts.get("exclusive") else ""
    return f"{_we(facts, 'use')} {_data(facts, vocabulary)}{only}{_why(facts, vocabulary)}"


def _disclosure(facts: Facts, vocabulary: Vocabulary) -> str:
    if facts.get("public"):
        readers = _listed(facts, "recipients", vocabulary, "recipients") or "everyone"
        return f"{_data(facts, vocabulary)} can be read, collected or used by {readers}"
    never = _listed(facts, "excludes", vocabulary)
    but = f"; never {never}" if never else ""
    return f"{_we(facts, 'share')} {_data(facts, vocabulary)}{_with(facts, vocabulary)}{_why(facts, vocabulary)}{but}"


def _cookie(facts: Facts, vocabulary: Vocabulary) -> str:
    tools = " and ".join(str(each).replace("_", " ") + "s" for each in facts.get("technology", {"cookie": True}))
    by = " of others" if facts.get("set_by", "company") != "company" else ""
    if facts.get("modality") == "unable":
        return f"we have no access to, or control over, {tools}{by or _with(facts, vocabulary, 'of')}"
    mode = _MODES.get(str(facts.get("modality")), "")
    # The tracker's own identifier isn't something that it records of a person.
    recorded = {key: True for key in facts.get("data", ()) if not str(key).startswith("user.device.cookie")}
    does = f"record {_data({**facts, 'data': recorded}, vocabulary)}" if recorded else "be used" if mode else "are used"
    tied = " and tie it to you" if facts.get("linkage") == "tied" else ""
    where = " on other companies' sites" if facts.get("cross_site") else ""
    others = f", by or{_with(facts, vocabulary)}" if facts.get("recipients") else ""
    return f"{tools}{by} {mode}{does}{tied}{where}{_why(facts, vocabulary)}{others}"


def _signal(facts: Facts, _: Vocabulary) -> str:
    name = {"dnt": "Do Not Track", "gpc": "Global Privacy Control"}.get(str(facts.get("name")), "browser")
    answer = {"honoured": "we honour", "not_honoured": "we do not recognize"}.get(
        str(facts.get("response")), "we may honour"
    )
    others = "; what others do may vary" if facts.get("third_parties") == "varies" else ""
    return f"{answer} {name} signals{others}"


def _choice(facts: Facts, vocabulary: Vocabulary) -> str:
    if facts.get("legal_basis") == "consent":
        return f"your consent is taken as given, for {_data(facts, vocabulary)}"
    kinds = {
        "opt_out": "you can opt out",
        "opt_in": "it happens only if you agree",
        "closure": "you can close your account",
    }
    return kinds.get(str(facts.get("kind")), "this can't be refused")


def _right(facts: Facts, vocabulary: Vocabulary) -> str:
    words = {"access": "see", "port": "take along", "object": "object to the use of", "restrict": "restrict the use of"}
    asks = " or ".join(words.get(each, each) for each in facts.get("kind", ()))
    limits = [str(each).replace("_", " ") for each in facts.get("limits", ())]
    return f"you can ask to {asks} {_data(facts, vocabulary)}" + (f" ({', '.join(limits)})" if limits else "")


def _retention(facts: Facts, vocabulary: Vocabulary) -> str:
    if facts.get("none_kept"):
        return f"we do not store {_data(facts, vocabulary)}"
    period = facts.get("period") or {}
    if period.get("value") is not None:
        return f"we keep {_data(facts, vocabulary)} for {period['value']} {_UNITS[period.get('unit') or 'day']}"
    until = " or ".join(map(str, period.get("until", ())))
    how_long = f"as long as {until}" if until else "without saying how long"
    return f"{_we(facts, 'keep')} {_data(facts, vocabulary)} {how_long}; no fixed end is stated"


def _scope(facts: Facts, _: Vocabulary) -> str:
    out = [str(each).replace("_", " ") for each in facts.get("not_covered", ())]
    covered = [str(each).replace("_", " ") for each in facts.get("covers", ())]
    return (
        f"this policy doesn't cover {', '.join(out)}"
        if out
        else f"this policy covers {', '.join(covered)}"
        if covered
        else ""
    )


def _commitment(facts: Facts, vocabulary: Vocabulary) -> str:
    doing = " or ".join(str(each).replace("_", " ") for each in facts.get("operations", ()))
    return f"{_we(facts, doing)} {_data(facts, vocabulary)}{_with(facts, vocabulary)}" if doing else ""


def _communication(facts: Facts, _: Vocabulary) -> str:
    kinds = ", ".join(str(each).replace("_", " ") for each in facts.get("kinds", ()))
    return f"{_we(facts, 'send')} {kinds}"


def _notice(facts: Facts, _: Vocabulary) -> str:
    days = facts.get("period_days")
    ahead = " before it happens" if facts.get("timing") == "before_effective" else ""
    return f"you are told{f' {days} days' if days else ''}{ahead}"


_SAYINGS: dict[str, Callable[[Facts, Vocabulary], str]] = {
    "collection": _collection, "use": _use, "disclosure": _disclosure, "cookie": _cookie, "signal": _signal,
    "choice": _choice, "right": _right, "retention": _retention, "scope": _scope, "commitment": _commitment,
    "communication": _communication, "notice": _notice,
}  # fmt: skip
