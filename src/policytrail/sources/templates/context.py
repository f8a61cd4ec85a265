"""What clause text may use: the names, the fields behind them in words, the filters. Pure, and without Jinja."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from policytrail.languages import Catalogue
from policytrail.model.dates import in_words, parse_date
from policytrail.model.policy import Policy
from policytrail.model.practice import Practice
from policytrail.model.terms.vocabulary import Vocabulary

_MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<>])")


def _listed(items: Sequence[Any], last: str) -> str:
    words = [str(item) for item in items]
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


def _end_of(items: Any, place: int) -> Any:
    if not isinstance(items, list | str) or not items:
        raise TypeError("there is no first or last entry here")
    return items[place]


FILTERS: dict[str, Any] = {
    "and_list": lambda items: _listed(items, "and"),
    "or_list": lambda items: _listed(items, "or"),
    "join": lambda items, between=", ": between.join(map(str, items)),
    "lower": lambda text: str(text).lower(),
    "upper": lambda text: str(text).upper(),
    "capitalize": lambda text: str(text)[:1].upper() + str(text)[1:],
    "first": lambda items: _end_of(items, 0),
    "last": lambda items: _end_of(items, -1),
    "length": len,
    "in_words": lambda text: in_words(parse_date(str(text))),
}


def filters_of(words: Catalogue | None) -> dict[str, Any]:
    """The filters for another language: lists and dates in its words. A language that we don't speak can't use those."""

    def unspoken(*_: Any) -> str:
        raise ValueError("lists and dates can't be written in this language; write the words out, or use join")

    if words is None:
        return FILTERS | dict.fromkeys(("and_list", "or_list", "in_words"), unspoken)
    spoken = {"and_list": words.and_list, "or_list": words.or_list}
    return FILTERS | spoken | {"in_words": lambda text: words.day(parse_date(str(text)))}


def shown(value: Any) -> str:
    """A value as a clause prints it: data is words, not markup, so signs that Markdown would read are escaped.

    Nothing is printed for None. Raises TypeError for what can't be printed.
    """
    if value is not None and not isinstance(value, (str, int, float)):
        raise TypeError("only words and numbers can be printed; for a list use and_list or join")
    return _MARKDOWN_SIGNS.sub(r"\\\1", str(value)) if value is not None else ""


def context(policy: Policy, practices: Mapping[str, Practice], vocabulary: Vocabulary) -> dict[str, Any]:
    """The names that clause text may use: `organization`, `policy`, `practices`; keys are replaced by their labels."""
    tree: dict[str, Any] = {}
    for identity, practice in practices.items():
        place = tree
        *above, leaf = identity.split(".")
        for part in above:
            place = place.setdefault(part, {})
        place[leaf] = _Said(practice, vocabulary)
    about = policy.model_dump(mode="json", include={"title", "last_updated", "language", "time_zone", "site_url"})
    return {"organization": policy.organization.model_dump(mode="json"), "policy": about, "practices": tree}


class _Said(Mapping[str, Any]):
    """A practice's fields as clause text may use them, worked out when the first is asked for: most are never used."""

    def __init__(self, practice: Practice, vocabulary: Vocabulary) -> None:
        self._fields = cache(lambda: _fields(practice, vocabulary))

    def __getitem__(self, name: str) -> Any:
        return self._fields()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields())

    def __len__(self) -> int:
        return len(self._fields())


def _fields(practice: Practice, vocabulary: Vocabulary) -> dict[str, Any]:
    fields = practice.model_dump(mode="json")
    for name, kind in (("data", "data"), ("excludes", "data"), ("purposes", "purposes"), ("subjects", "subjects")):
        if isinstance(fields.get(name), list):
            fields[name] = [vocabulary.label(kind, key) for key in fields[name]]
    if isinstance(fields.get("recipients"), list):
        fields["recipients"] = [vocabulary.label("recipients", each["id"]) for each in fields["recipients"]]
    return fields
