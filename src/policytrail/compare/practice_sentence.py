"""What a practice says, as half a sentence in plain words: "we may share your name with mail providers".

The words are neutral: they repeat the declared facts, by the type of the practice, and add nothing. Each piece is looked
up in the reader's language; where one is missing, `MissingTranslation` is raised and the whole sentence stays the source's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from policytrail.languages.voice import SOURCE, Voice
from policytrail.model.terms.vocabulary import Vocabulary

Facts = Mapping[str, Any]

_MODES = {"may": "may ", "will": "will ", "does_not": "do not ", "will_not": "will not ", "unable": "can't "}
_UNITS = {"day": "days", "month": "months", "year": "years"}
_ACTORS = {"partner": "our partners", "agent": "our agents", "regulator": "the regulator", "provider": "providers"}


class _Speech(NamedTuple):
    """The labels of one side of a comparison, and who speaks."""

    vocabulary: Vocabulary
    voice: Voice

    def say(self, text: str, **values: object) -> str:
        return self.voice.words.say(text, **values)

    def slugs(self, keys: Any) -> list[str]:
        return [self.voice.plain(str(key).replace("_", " ")) for key in keys]

    def label(self, kind: str, key: str) -> str:
        return self.voice.own(self.vocabulary.label(kind, key))

    def listed(self, facts: Facts, field: str, kind: str = "data") -> str:
        value = facts.get(field)
        if value == "unstated":
            return self.say("information that isn't named" if kind == "data" else "others who aren't named")
        words = [self.label(kind, key) for key in value or ()]
        if facts.get("lists", {}).get(field) == "open" and words:
            words.append(self.say("more of this kind"))
        return self.voice.words.and_list(words) if words else ""

    def data(self, facts: Facts) -> str:
        named = self.listed(facts, "data") or self.say("information")
        about = [self.label("subjects", each) for each in facts.get("subjects", ()) if str(each).startswith("x_")]
        return self.say("{data} (also about {people})", data=named, people=", ".join(about)) if about else named

    def why(self, facts: Facts) -> str:
        purposes = self.listed(facts, "purposes", "purposes")
        return self.say(", for {purposes}", purposes=purposes) if purposes else ""

    def recipients(self, facts: Facts, before: str = " with {recipients}") -> str:
        recipients = self.listed(facts, "recipients", "recipients")
        return self.say(before, recipients=recipients) if recipients else ""

    def we(self, facts: Facts, verb: str, **values: object) -> str:
        who = _ACTORS.get(str(facts.get("actor")), "we")
        return self.say(f"{who} {_MODES.get(str(facts.get('modality')), '')}{verb}", **values)


def statement(facts: Facts, vocabulary: Vocabulary, voice: Voice = SOURCE) -> str:
    """In: a practice's facts, the vocabulary for labels, who speaks. Out: half a sentence; empty where the facts say nothing.

    Raises MissingTranslation where the voice's language can't say it.
    """
    speech = _Speech(vocabulary, voice)
    say = _SAYINGS.get(str(facts.get("type", "")))
    said = say(facts, speech) if say else ""
    tails = []
    if facts.get("aggregated"):
        tails.append(speech.say("in aggregate"))
    if facts.get("governed_by") == "recipient_policy":
        tails.append(speech.say("the other party's own policy governs it"))
    for tail in tails if said else ():
        said = speech.say("{said}; {more}", said=said, more=tail)
    return said or ", ".join(tails)


def _collection(facts: Facts, speech: _Speech) -> str:
    return speech.say("{does} {data}", does=speech.we(facts, "collect"), data=speech.data(facts)) + speech.why(facts)


def _use(facts: Facts, speech: _Speech) -> str:
    only = "{does} {data} only" if facts.get("exclusive") else "{does} {data}"
    return speech.say(only, does=speech.we(facts, "use"), data=speech.data(facts)) + speech.why(facts)


def _disclosure(facts: Facts, speech: _Speech) -> str:
    data = speech.data(facts)
    if facts.get("public"):
        readers = speech.listed(facts, "recipients", "recipients") or speech.say("everyone")
        return speech.say("{data} can be read, collected or used by {readers}", data=data, readers=readers)
    never = speech.listed(facts, "excludes")
    but = speech.say("; never {data}", data=never) if never else ""
    shares = speech.say("{does} {data}", does=speech.we(facts, "share"), data=data)
    return f"{shares}{speech.recipients(facts)}{speech.why(facts)}{but}"


def _cookie(facts: Facts, speech: _Speech) -> str:
    named = speech.slugs(f"{each}s" for each in facts.get("technology", {"cookie": True}))
    tools = speech.say(" and ").join(named)
    by = speech.say(" of others") if facts.get("set_by", "company") != "company" else ""
    if facts.get("modality") == "unable":
        whose = by or speech.recipients(facts, " of {recipients}")
        return speech.say("we have no access to, or control over, {tools}", tools=f"{tools}{whose}")
    mode = _MODES.get(str(facts.get("modality")), "")
    # The tracker's own identifier isn't something that it records of a person.
    recorded = {key: True for key in facts.get("data", ()) if not str(key).startswith("user.device.cookie")}
    if recorded:
        does = speech.say(f"{mode}record {{data}}", data=speech.data({**facts, "data": recorded}))
    else:
        does = speech.say(f"{mode}be used" if mode else "are used")
    tied = speech.say(" and tie it to you") if facts.get("linkage") == "tied" else ""
    where = speech.say(" on other companies' sites") if facts.get("cross_site") else ""
    others = speech.recipients(facts, ", by or with {recipients}")
    return f"{tools}{by} {does}{tied}{where}{speech.why(facts)}{others}"


def _signal(facts: Facts, speech: _Speech) -> str:
    name = {"dnt": "Do Not Track", "gpc": "Global Privacy Control"}.get(str(facts.get("name")), "browser")
    answer = {"honoured": "we honour {name} signals", "not_honoured": "we do not recognize {name} signals"}.get(
        str(facts.get("response")), "we may honour {name} signals"
    )
    others = speech.say("; what others do may vary") if facts.get("third_parties") == "varies" else ""
    return speech.say(answer, name=name) + others


def _choice(facts: Facts, speech: _Speech) -> str:
    if facts.get("legal_basis") == "consent":
        return speech.say("your consent is taken as given, for {data}", data=speech.data(facts))
    kinds = {
        "opt_out": "you can opt out",
        "opt_in": "it happens only if you agree",
        "closure": "you can close your account",
    }
    return speech.say(kinds.get(str(facts.get("kind")), "this can't be refused"))


def _right(facts: Facts, speech: _Speech) -> str:
    words = {"access": "see", "port": "take along", "object": "object to the use of", "restrict": "restrict the use of"}
    asks = speech.say(" or ").join(speech.voice.plain(words.get(each, each)) for each in facts.get("kind", ()))
    limits = speech.slugs(facts.get("limits", ()))
    said = speech.say("you can ask to {do} {data}", do=asks, data=speech.data(facts))
    return said + (f" ({', '.join(limits)})" if limits else "")


def _retention(facts: Facts, speech: _Speech) -> str:
    data = speech.data(facts)
    if facts.get("none_kept"):
        return speech.say("we do not store {data}", data=data)
    period = facts.get("period") or {}
    if period.get("value") is not None:
        unit = speech.say(_UNITS[period.get("unit") or "day"])
        return speech.say("we keep {data} for {n} {unit}", data=data, n=period["value"], unit=unit)
    until = speech.say(" or ").join(speech.voice.own(str(each)) for each in period.get("until", ()))
    how_long = speech.say("as long as {until}", until=until) if until else speech.say("without saying how long")
    does = speech.we(facts, "keep")
    return speech.say("{does} {data} {how_long}; no fixed end is stated", does=does, data=data, how_long=how_long)


def _scope(facts: Facts, speech: _Speech) -> str:
    out, covered = speech.slugs(facts.get("not_covered", ())), speech.slugs(facts.get("covers", ()))
    if out:
        return speech.say("this policy doesn't cover {what}", what=", ".join(out))
    return speech.say("this policy covers {what}", what=", ".join(covered)) if covered else ""


def _commitment(facts: Facts, speech: _Speech) -> str:
    doing = speech.say(" or ").join(speech.slugs(facts.get("operations", ())))
    if not doing:
        return ""
    promised = speech.we(facts, "{do} {data}", do=doing, data=speech.data(facts))
    return f"{promised}{speech.recipients(facts)}"


def _communication(facts: Facts, speech: _Speech) -> str:
    kinds = ", ".join(speech.slugs(facts.get("kinds", ())))
    return speech.say("{does} {data}", does=speech.we(facts, "send"), data=kinds)


def _notice(facts: Facts, speech: _Speech) -> str:
    days = facts.get("period_days")
    told = "you are told {n} days" if days else "you are told"
    ahead = " before it happens" if facts.get("timing") == "before_effective" else ""
    return speech.say(told + ahead, **({"n": days} if days else {}))


_SAYINGS: dict[str, Callable[[Facts, _Speech], str]] = {
    "collection": _collection,
    "use": _use,
    "disclosure": _disclosure,
    "cookie": _cookie,
    "signal": _signal,
    "choice": _choice,
    "right": _right,
    "retention": _retention,
    "scope": _scope,
    "commitment": _commitment,
    "communication": _communication,
    "notice": _notice,
}
