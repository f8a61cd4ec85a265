"""The forms that keys take in sentences ("your phone number", "to choose ads for you"), out of `forms_en.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from policytrail.model.terms.taxonomy import names
from policytrail.model.terms.vocabulary import Vocabulary

from .grammar import bare, spaced

_OWN_STARTS = ("your ", "the ", "our ", "what ", "how ", "a ", "an ")
_SENT = ("messages", "emails", "newsletters", "offers", "mail by post", "mailings", "alerts")
_UNOWNED = ("information about ", "data about ", "details of ", "details about ", "content of ", "cookies")


@cache
def tables() -> Mapping[str, Mapping[str, str | list[str]]]:
    """The tables by name; in each the form by its key."""
    found: dict[str, dict[str, str | list[str]]] = json.loads(
        Path(__file__).with_name("forms_en.json").read_text(encoding="utf-8")
    )
    return found


def form(table: str, key: str) -> str:
    """The form of a key in one table; a key without one as plain words, never as it is written."""
    found = tables().get(table, {}).get(key)
    return found if isinstance(found, str) else spaced(key)


def has_form(table: str, key: str) -> bool:
    """Whether a table has the key."""
    return key in tables().get(table, {})


def own_label(vocabulary: Vocabulary, kind: str, key: str) -> str | None:
    """The policy's own words for a key, where it has some: its label, where that isn't the taxonomy's name."""
    if not vocabulary.knows(kind, key):
        return None
    label = vocabulary.label(kind, key)
    return None if label == names().get(kind, {}).get(key, key) else label


def data_phrase(vocabulary: Vocabulary, key: str) -> str:
    """`your phone number`: the policy's own label first, then the form of the key."""
    label = own_label(vocabulary, "data", key)
    if label is None:
        known = tables()["data"].get(key)
        return known if isinstance(known, str) else _owned(spaced(key.rpartition(".")[2]))
    return _owned(label)


def _owned(label: str) -> str:
    known = tables()["labels"].get(label.lower())
    if isinstance(known, str):
        return known
    if f" {label.lower()} ".find(" your ") >= 0 or label.lower().startswith((*_OWN_STARTS, *_UNOWNED)):
        return label
    return f"your {label}"


def purpose_phrase(vocabulary: Vocabulary, key: str) -> str:
    """`to choose ads for you`, `for marketing`."""
    label, known = own_label(vocabulary, "purposes", key), tables()["purposes"].get(key)
    if label is None and isinstance(known, list):
        return known[0]
    return _by_label(label if label is not None else spaced(key.rpartition(".")[2]))


def _by_label(label: str) -> str:
    if label.startswith(("advertising", "ads")):
        return f"to show you {label}"
    if label.endswith(_SENT):
        return f"to send you {label}"
    first, _, rest = label.partition(" ")
    verb = tables()["gerunds"].get(first.lower())
    return f"to {verb} {rest}".strip() if isinstance(verb, str) and rest else f"for {label}"


def purpose_noun(vocabulary: Vocabulary, key: str) -> str:
    """`promotional emails`: what a person can opt out of, or what others do for themselves."""
    label, known = own_label(vocabulary, "purposes", key), tables()["purposes"].get(key)
    if label is None and isinstance(known, list):
        return known[1]
    return label if label is not None else spaced(key.rpartition(".")[2])


def recipient_phrase(vocabulary: Vocabulary, key: str) -> str:
    """`insurers`, `our hosting provider`, `a calling service`."""
    if vocabulary.knows("recipients", key):
        return vocabulary.label("recipients", key)
    known = tables()["recipients"].get(key)
    if isinstance(known, str):
        return known
    plain = spaced(key)
    if plain.endswith(("s", "people", "public")) or plain.startswith(_OWN_STARTS):
        return plain
    return f"our {plain}" if plain.endswith(("provider", "processor", "agent", "host")) else _article(plain)


def _article(plain: str) -> str:
    return f"{'an' if plain[:1] in 'aeiou' else 'a'} {plain}"


def subject_phrase(vocabulary: Vocabulary, key: str) -> str:
    """`children`, `job applicants`."""
    label, known = own_label(vocabulary, "subjects", key), tables()["subjects"].get(key)
    return label if label is not None else known if isinstance(known, str) else spaced(key)


def of_people(phrase: str, people: str) -> str:
    """`the name and email address of children`."""
    return f"the {bare(phrase)} of {people}"
