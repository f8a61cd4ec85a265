"""What any practice can say besides what its type says: conditions, people, places, safeguards, models and machines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import forms
from .grammar import is_plural, listed, shared, spaced
from .speaker import Facts, Speaker

_APPLIES = {
    "all_data": "This also applies to information that we already hold.",
    "collected_from_effective": "This applies only to information that we collect from the day of the change on.",
}
_PERSONAL = {
    "yes": "Our policy treats this as personal information.",
    "no_as_claimed": "Our policy says that this is not personal information.",
}
_LINKS = {"tied": "We link this to who you are.", "not_tied": "We do not link this to who you are."}
_MODELS = {
    False: "We do not use this to train AI models.",
    "unstated": "Our policy does not say whether this trains AI models.",
}
_MACHINES = {
    True: "A computer program decides here. No person takes part in the decision.",
    False: "No computer program alone decides about you here.",
    "unstated": "Our policy does not say whether a computer program alone decides here.",
}
_LISTS = {
    "data": "information",
    "purposes": "purposes",
    "recipients": "recipients",
    "occasion": "occasions",
    "examples": "examples",
}
TRAINS = "to train AI models"


def conditions(facts: Facts, say: Speaker) -> dict[str, str]:
    """What hangs on the main clause of any type, by field, in reading order."""
    made = {
        "hedge": say.hedge(facts),
        "ai_training": TRAINS if facts.get("ai_training") is True else "",
        "frequency": say.forms(facts, "frequency"),
        "scope": scope_words(facts.get("scope") or {}),
        "trigger": say.forms(facts, "trigger", joint="or"),
        "requires": requires_words(facts),
    }
    return {name: text for name, text in made.items() if text}


def requires_words(facts: Facts) -> str:
    """`only after we tell you and only if you agree`, in the order in which it must happen."""
    places: Mapping[str, Any] = facts.get("requires") or {}
    names = sorted(places, key=lambda name: int(places[name]) if str(places[name]).isdigit() else 0)
    said = [
        forms.form("requires", name) if forms.has_form("requires", name) else f"only after {spaced(name)}"
        for name in names
    ]
    return " and then ".join(text if not place else text.removeprefix("only ") for place, text in enumerate(said))


def scope_words(scope: Mapping[str, Any]) -> str:
    """`in our software for customers in California`."""
    channels = [place_words(key) for key in scope.get("channels") or ()]
    products = [f"{spaced(key)}" for key in scope.get("products") or ()]
    audiences = [spaced(key) for key in scope.get("audiences") or ()]
    countries = [forms.form("countries", key) for key in scope.get("jurisdictions") or ()]
    parts = [
        shared(channels, ("on our ", "in our "), "and"),
        f"for {listed(products)}" if products else "",
        f"for {listed(audiences)}" if audiences else "",
        f"in {listed(countries)}" if countries else "",
    ]
    return " ".join(filter(None, parts))


def place_words(key: str) -> str:
    """`on our site`; a place without a form as `on` and its words."""
    return forms.form("channel", key) if forms.has_form("channel", key) else f"on {spaced(key)}"


def more(facts: Facts, say: Speaker) -> dict[str, str]:
    """Whole sentences that any type can have, by field, those first that weigh most for a person."""
    never = say.phrases(facts, "excludes")
    made = {
        "data": say.data_rest(facts),
        "automated_decision": _MACHINES.get(facts.get("automated_decision"), ""),
        "ai_training": _MODELS.get(facts.get("ai_training"), "") if facts.get("ai_training") is not True else "",
        "excludes": f"This never includes {listed(never, 'or', 'more kinds of information')}." if never else "",
        "governed_by": "Their own policy applies, not ours." if facts.get("governed_by") == "recipient_policy" else "",
        "applies_to": _APPLIES.get(str(facts.get("applies_to")), ""),
        "legal_basis": _basis(facts, say),
        "linkage": _LINKS.get(str(facts.get("linkage")), ""),
        "personal": _PERSONAL.get(str(facts.get("personal")), ""),
        "aggregated": "This means only totals, not single people." if facts.get("aggregated") else "",
        "safeguard": _protection(say.forms(facts, "safeguard")),
        "exceptions": _exceptions(facts, say),
        "exception_to": _exception_to(facts, say),
        "lists": _open_lists(facts),
        "examples": _examples(list(facts.get("examples") or ())),
        "informational": "This only explains and promises nothing." if facts.get("informational") else "",
    }
    return {name: text for name, text in made.items() if text}


def _protection(what: str) -> str:
    return f"{what} {'protect' if is_plural(what) else 'protects'} it." if what else ""


def _examples(named: list[str]) -> str:
    return f"Our policy gives {'an example' if len(named) == 1 else 'examples'}: {listed(named)}." if named else ""


def _exceptions(facts: Facts, say: Speaker) -> str:
    names = list(facts.get("exceptions") or ())
    titles = say.titles_of(names)
    return (
        f"{'An exception' if len(names) == 1 else 'Exceptions'} to this {'is' if len(names) == 1 else 'are'} {titles}."
        if names
        else ""
    )


def _exception_to(facts: Facts, say: Speaker) -> str:
    name = facts.get("exception_to")
    return f"This is an exception to {say.titles_of([str(name)])}." if name else ""


def _basis(facts: Facts, say: Speaker) -> str:
    return f"Our legal ground for this is {say.forms(facts, 'legal_basis')}." if facts.get("legal_basis") else ""


def _open_lists(facts: Facts) -> str:
    lists: Mapping[str, Any] = facts.get("lists") or {}
    openly = [_LISTS.get(name, spaced(name)) for name, state in lists.items() if state == "open"]
    closed = [_LISTS.get(name, spaced(name)) for name, state in lists.items() if state != "open"]
    said = [f"The list of {listed(openly)} gives only examples."] if openly else []
    return " ".join([*said, *([f"The list of {listed(closed)} is complete."] if closed else [])])


def roles(facts: Facts, say: Speaker) -> str:
    """What the recipients may do with it: for their own purposes, or for us."""
    value = facts.get("recipients")
    by_role: dict[str, list[str]] = {}
    for key, rest in value.items() if isinstance(value, Mapping) else ():
        role = str(rest.get("role", "")) if isinstance(rest, Mapping) else ""
        if role:
            by_role.setdefault(role, []).append(forms.recipient_phrase(say.vocabulary, key))
    one = len(by_role) == 1
    return " ".join(filter(None, (_role(role, names, one, facts, say) for role, names in by_role.items())))


def _role(role: str, names: list[str], alone: bool, facts: Facts, say: Speaker) -> str:
    many = is_plural(listed(names))
    who = ("They" if many else "It") if alone else listed(names)
    nouns = say.purpose_nouns(facts)
    known = all(name in forms.tables()["recipients"].values() for name in names)  # the name says it already
    said: dict[str, str] = {
        "own_purposes": f"{who} {'use' if many else 'uses'} it for {'their' if many else 'its'} own {nouns or 'purposes'}.",
        "processor": f"{who} {'act' if many else 'acts'} for us, not for {'their' if many else 'its'} own purposes.",
        "acquirer": "" if known else f"{who} {'take' if many else 'takes'} over our business.",
        "authority": "" if known else f"{who} {'are public authorities' if many else 'is a public authority'}.",
        "public": "Anybody can see it.",
    }
    return said.get(role, "")


_BE_SO = {
    "may": "may be so",
    "will": "will be so",
    "does_not": "is not so",
    "will_not": "will not be so",
    "prohibited": "must not be so",
    "unable": "cannot be so",
}


def besides(facts: Facts, say: Speaker) -> dict[str, str]:
    """Sentences, by field, for what any practice can say and the main clause of its type has no place for."""
    whom, mode = say.recipients(facts), _BE_SO.get(str(facts.get("modality")), "")
    made = {
        "recipients": f"This involves {whom}. {roles(facts, say)}".strip() if whom else "",
        "data": f"This is about {say.data({**facts, 'subjects': {}})}." if facts.get("data") else "",
        "subjects": f"This is about {say.people(facts)}." if facts.get("subjects") else "",
        "modality": f"The policy says that this {mode}." if mode else "",
        "actor": f"This is about what {say.who(facts)} do." if facts.get("actor") else "",
        "exclusive": "This holds only here." if facts.get("exclusive") else "",
        "purposes": f"This is {say.purposes(facts)}." if facts.get("purposes") else "",
        **conditions_alone(facts, say),
        **{name: text for name, text in more(facts, say).items() if name != "data"},
    }
    return {name: text for name, text in made.items() if text}


def conditions_alone(facts: Facts, say: Speaker) -> dict[str, str]:
    """What else hangs on a main clause, as sentences."""
    said = {name: f"This holds {text}." for name, text in conditions(facts, say).items()}
    return said | ({"ai_training": f"This serves {TRAINS}."} if facts.get("ai_training") is True else {})
