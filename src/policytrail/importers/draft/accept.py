"""A proposal that a person accepts becomes a practice: the texts of the files before, the texts after. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml

from policytrail.errors import SourceError
from policytrail.importers.extractors.lexicon import labels
from policytrail.importers.extractors.lexicon_recipients import RECIPIENTS
from policytrail.sources.proposals import HEAD, Waiting

from .write import to_yaml

_FAMILIES = {
    "collection": "collection",
    "use": "use",
    "disclosure": "sharing",
    "commitment": "sharing",
    "cookie": "tracking",
    "signal": "tracking",
    "choice": "choices",
    "right": "choices",
    "retention": "retention",
    "security": "security",
    "notice": "changes",
    "contact": "contact",
}
_STATES = re.compile(
    r"^states:[ \t]*(?:\[(?P<inline>[^\]\n]*)\]|(?P<block>(?:\n[ \t]*- [^\n]*)*))[ \t]*$", re.MULTILINE
)

Texts = Callable[[str], str | None]  # the text of a file below policy/, None where it isn't there


def accepted(one: Waiting, text_of: Texts, clause_file: str) -> dict[str, str]:
    """In: a proposal, the files as they are, the file of its clause. Out: the files that change, below policy/, as they are then.

    The practice is added to the file of its family, the clause states it, and the registers get the words that it needs.
    """
    assert one.practice is not None  # a sentence without a practice can't be accepted
    name = f"practices/{_FAMILIES.get(str(one.practice['type']), 'other')}.yaml"
    changed = {name: _joined(text_of(name), to_yaml([one.practice]))}
    clause = text_of(clause_file)
    if clause is None:
        raise SourceError(f"policy/{clause_file} isn't there any more; reject the proposal {one.id}.")
    changed[clause_file] = stating(clause, one.id)
    return changed | _registers(one.practice, text_of)


def _joined(before: str | None, more: str) -> str:
    return more if before is None else before.rstrip("\n") + "\n\n" + more


def stating(text: str, practice: str) -> str:
    """A clause's file with one more practice that it states. Raises SourceError where its front matter is of another form."""
    found = _STATES.search(text)
    if not found:
        raise SourceError(f"The clause has no line 'states:'. Write 'states: [{practice}]' into its front matter.")
    listed = [name for name in re.split(r"[\s,]+|- ", found["inline"] or found["block"] or "") if name]
    if practice in listed:
        return text
    return text[: found.start()] + f"states: [{', '.join([*listed, practice])}]" + text[found.end() :]


def _registers(practice: Mapping[str, Any], text_of: Texts) -> dict[str, str]:
    """Plain words for the keys of a practice, and the recipients that it names, where the registers don't have them yet."""
    changed: dict[str, str] = {}
    words: dict[str, list[dict[str, str]]] = yaml.safe_load(text_of("vocabulary.yaml") or "") or {}
    fields = {"data": ("data", "excludes"), "purposes": ("purposes",)}
    added = {kind: _unlabelled(_keys(practice, names), words.get(kind, [])) for kind, names in fields.items()}
    if any(added.values()):
        both = {kind: [*words.get(kind, []), *new] for kind, new in added.items() if new}
        changed["vocabulary.yaml"] = to_yaml({**words, **both})
    register = yaml.safe_load(text_of("recipients.yaml") or "") or []
    names = {recipient.key: recipient.label for recipient in RECIPIENTS}
    there = {entry["id"] for entry in register}
    missing = [key for key in _keys(practice, ("recipients",)) if key in names and key not in there]
    if missing:
        changed["recipients.yaml"] = to_yaml([*register, *({"id": key, "label": names[key]} for key in missing)])
    return changed


def _unlabelled(keys: Sequence[str], words: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The entries of a vocabulary for keys that have no plain words there yet."""
    known, there = labels(), {entry["key"] for entry in words}
    return [{"key": key, "label": known[key]} for key in keys if key in known and key not in there]


def _keys(practice: Mapping[str, Any], fields: Sequence[str]) -> list[str]:
    values = [
        value for field in fields for value in practice.get(field, ()) if not isinstance(practice.get(field), str)
    ]
    return [str(value["id"] if isinstance(value, dict) else value) for value in values]


def waiting_text(left: Sequence[Waiting]) -> str | None:
    """proposals.yaml with what still waits; None for nothing: the file goes."""
    return HEAD + to_yaml([one.to_yaml() for one in left]) if left else None
