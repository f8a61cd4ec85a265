"""What the sentences are made with: the vocabulary of one side, the titles of other practices, and phrases for lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from policytrail.model.terms.vocabulary import Vocabulary

from . import forms
from .grammar import count_words, is_plural, listed, possessive_list, pronoun, small, spaced

Facts = Mapping[str, Any]
NEGATIVE = frozenset({"does_not", "will_not", "prohibited", "unable"})
_WORDS_IN_LIST = 15
_MODES = {
    "does": "",
    "will": "will ",
    "may": "may ",
    "does_not": "do not ",
    "will_not": "will not ",
    "prohibited": "are not allowed to ",
    "unable": "cannot ",
}
_ACTORS = {
    "agent": "our agents",
    "partner": "our partners",
    "regulator": "the regulator",
    "provider": "our providers",
    "public": "anybody",
    "person": "you",
}
_HEDGES = {
    "generally": "generally",
    "certain": "in certain cases",
    "as_appropriate": "where we find it appropriate",
    "reasonable": "as far as is reasonable",
}


@dataclass(frozen=True)
class Speaker:
    """The vocabulary, and the titles of all practices by their ids, of one side of a comparison."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    titles: Mapping[str, str] = field(default_factory=dict)

    def who(self, facts: Facts) -> str:
        """Who does it: `we`, `our partners`."""
        return _ACTORS.get(str(facts.get("actor")), "we")

    def does(self, facts: Facts, verb: str) -> str:
        """`we may share`, `anybody can collect`."""
        who, mode = self.who(facts), str(facts.get("modality", "does"))
        if who == "the regulator" and mode == "does":
            return f"{who} {verb}s"
        return f"{who} {_MODES.get(mode, '')}{verb}"

    def past(self, facts: Facts, past: str, verb: str) -> str:
        """`we shared`, `we did not share`; empty where it is only said that it may be done."""
        mode = str(facts.get("modality", "does"))
        if mode == "may":
            return ""
        return f"{self.who(facts)} did not {verb}" if mode in NEGATIVE else f"{self.who(facts)} {past}"

    def is_negative(self, facts: Facts) -> bool:
        """Whether the practice says what isn't done."""
        return str(facts.get("modality", "does")) in NEGATIVE

    def phrases(self, facts: Facts, name: str = "data") -> list[str]:
        """The data of a field, each in its form; `information that our policy does not name` where it is left open."""
        value = facts.get(name)
        if value == "unstated":
            return ["information that our policy does not name"]
        return [forms.data_phrase(self.vocabulary, _key(key)) for key in value or ()]

    def data(self, facts: Facts, name: str = "data", default: str = "your information") -> str:
        """The data as one phrase: as much as a sentence holds. `data_rest` has what is left."""
        shown, _ = _halves(self.phrases(facts, name))
        said = possessive_list(shown, "or" if self.is_negative(facts) else "and") if shown else default
        people = self.people(facts)
        return forms.of_people(said, people) if people else said

    def data_rest(self, facts: Facts, name: str = "data") -> str:
        """A sentence for the data that one sentence doesn't hold."""
        _, rest = _halves(self.phrases(facts, name))
        if not rest:
            return ""
        more, hidden = _halves(rest)
        left = [f"{len(hidden)} more kinds of information"] if hidden else []
        return f"This also means {listed([*more, *left])}."

    def it(self, facts: Facts, name: str = "data") -> str:
        """The pronoun for the data."""
        phrases = self.phrases(facts, name)
        return "them" if len(phrases) > 1 else pronoun(phrases[0]) if phrases else "it"

    def people(self, facts: Facts) -> str:
        """Whose data it is, where they aren't the readers in general."""
        subjects = facts.get("subjects") or ()
        return listed([forms.subject_phrase(self.vocabulary, _key(key)) for key in subjects])

    def purposes(self, facts: Facts) -> str:
        """`to choose ads for you and to keep our services secure`."""
        value = facts.get("purposes")
        if value == "unstated":
            return "for purposes that our policy does not name"
        said = [forms.purpose_phrase(self.vocabulary, _key(key)) for key in value or ()]
        return listed(said, "or" if self.is_negative(facts) else "and", "more purposes")

    def purpose_nouns(self, facts: Facts) -> str:
        """`promotional emails`."""
        value = facts.get("purposes")
        keys = () if value == "unstated" else value or ()
        return listed([forms.purpose_noun(self.vocabulary, _key(key)) for key in keys])

    def recipients(self, facts: Facts) -> str:
        """Who gets it, as one phrase; empty where nobody is named."""
        value = facts.get("recipients")
        if value == "unstated":
            return "others that our policy does not name"
        said = []
        for key, rest in (value or {}).items():
            name = forms.recipient_phrase(self.vocabulary, _key(key))
            qualifier = rest.get("qualifier") if isinstance(rest, Mapping) else None
            word = forms.form("qualifiers", str(qualifier)) if qualifier else ""
            named = f"{word} {name}" if word and word not in name else name
            of_group = isinstance(rest, Mapping) and rest.get("affiliate") is True
            said.append(f"{named} of our group" if of_group and "group" not in named else named)
        return listed(said, "or" if self.is_negative(facts) else "and", "more recipients")

    def recipients_are(self, facts: Facts) -> str:
        """`they are`-word for the recipients: `They` or `It`, by their number."""
        return "They" if is_plural(self.recipients(facts)) else "It"

    def forms(self, facts: Facts, name: str, table: str | None = None, joint: str = "and") -> str:
        """The keys of a field in their forms, as one phrase."""
        value = facts.get(name)
        keys = [value] if isinstance(value, str) else [_key(key) for key in value or ()]
        return listed([forms.form(table or name, key) for key in keys], joint)

    def title(self, facts: Facts) -> str:
        """The practice's own title, with a small first letter where that isn't a name."""
        return small(str(facts.get("title", "")))

    def titles_of(self, ids: Iterable[str]) -> str:
        """The titles of other practices, quoted; an id that isn't known as plain words."""
        return listed([f"“{self.titles.get(name) or spaced(name.rpartition('.')[2])}”" for name in ids])

    def hedge(self, facts: Facts) -> str:
        """The words that weaken it."""
        return _HEDGES.get(str(facts.get("hedge")), "")


def _key(key: str) -> str:
    """The key without the number that tells equal keys apart."""
    return str(key).partition("#")[0]


def _halves(phrases: list[str]) -> tuple[list[str], list[str]]:
    """As many phrases as one sentence holds, and the rest."""
    number, words = 0, 0
    for phrase in phrases:
        words += count_words(phrase)
        if number and words > _WORDS_IN_LIST:
            break
        number += 1
    return phrases[:number], phrases[number:]
