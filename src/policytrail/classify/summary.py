"""One neutral sentence for each change, before to after, in plain words: it goes into notices as it stands.

No word here praises or excuses a change: "improve", "clarify" and their like are themselves deceptive (FTC Facebook).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..compare.translations import PREFIX
from ..model.change import Difference
from .registry import About
from .statement import statement

_KIND_OF_KEYS = {
    "data": "data",
    "excludes": "data",
    "purposes": "purposes",
    "subjects": "subjects",
    "recipients": "recipients",
}
_FIELDS = {
    "data": "data", "excludes": "data that are never included", "purposes": "purposes", "subjects": "people concerned",
    "recipients": "recipients", "requires": "conditions", "safeguard": "safeguards", "serves": "rights that use it",
    "exceptions": "exceptions", "period_days": "days of notice", "on": "what sets the promise off", "channels": "channels",
    "mechanisms": "ways to act", "examples": "examples", "lists": "whether the list is complete",
    "modality": "how firmly it is said", "timing": "when the notice is given", "target": "the address of the link",
    "last_updated": "the date label", "status": "status", "redress": "where to complain", "unit": "unit to contact",
    "bound": "limit of keeping", "period": "period of keeping", "technology": "technology",
    "organization": "details of the company", "title": "heading", "section": "place in the policy",
    "regimes": "notice rules that bind the policy",
}  # fmt: skip
_VALUES = {"before_effective": "before the change takes effect"}
_OTHER_PRACTICES = frozenset({"exceptions", "serves", "targets"})
_OPS = {"added": "is added to the", "removed": "is removed from the"}


def title_of(d: Difference, about: About) -> str:
    """What the change is about, as a heading: the practice's, clause's or section's own title."""
    if d.subject.startswith(PREFIX):
        return _title_of_translation(d, about)
    kind, _, name = d.subject.rpartition(":")
    for side in (about.new, about.old):
        if kind == "clause" and name in side.clauses:
            return side.clauses[name].title
        if kind == "section" and any(each.id == name for each in side.policy.sections):
            return next(each.title for each in side.policy.sections if each.id == name)
        if kind == "recipient" and name in side.recipients:
            return side.recipients[name].label
        if name in side.practices:
            return side.practices[name].title
    return "The policy itself"


def summarise(d: Difference, about: About) -> str:
    """The sentence for one difference."""
    title = title_of(d, about)
    if d.subject.startswith(PREFIX):
        return f"{title}: {_of_translation(d)}"
    if d.subject.startswith("clause:") and (d.field == "text" or not d.path):
        return f"{title}: {_words(d)}"
    if not d.path:
        side = about.new if d.new else about.old
        said = statement(d.new or d.old or {}, side.vocabulary)
        if d.op == "added":
            return f"{title}. Until now: not stated. New: {said}." if said else f"Added: {title}."
        return f"{title}. Until now: {said}. New: no longer stated." if said else f"Removed: {title}."
    field = _FIELDS.get(d.field, d.field.replace("_", " "))
    if d.op in _OPS and len(d.path) == 2 and d.field != "organization":
        return f"{title}: “{_label(d, d.key, about)}” {_OPS[d.op]} {field}."
    return f"{title}: {_plain_path(d, field)}. Until now: {_say(d, d.before, about)}. New: {_say(d, d.after, about)}."


def _title_of_translation(d: Difference, about: About) -> str:
    language, _, clause = d.subject.removeprefix(PREFIX).partition(":")
    of = about.new.clauses[clause].title if clause in about.new.clauses else clause
    return f"Translation ({language}) of “{of}”" if clause else f"Translation ({language})"


def _of_translation(d: Difference) -> str:
    what, *word = d.path
    if what == "follows":
        clauses, words = _counted(d.after["clauses"], "clause"), _counted(d.after["words"], "other word")
        return f"{clauses} and {words} are of the text as it is."
    if what == "words":
        return f"the policy doesn't say {', '.join(f'“{each}”' for each in d.before)} any more."
    said = {"behind": "it is of an older text than its source.", "reworded": "it says it in other words.",
            "dropped": "it isn't there any more; readers get the source's text."}[what]  # fmt: skip
    return f"“{word[0]}”, {said}" if word else said


def _counted(number: int, one: str) -> str:
    return f"{number} {one if number == 1 else one + 's'}"


def _words(d: Difference) -> str:
    if d.op == "changed":
        return "the wording changes; the redline shows it."
    return "a passage is added." if d.op == "added" else "a passage is removed."


def _plain_path(d: Difference, field: str) -> str:
    inner = [part.replace("_", " ") for part in d.path[1:] if part not in ("channels", "value", "url")]
    return f"{field} ({', '.join(inner)})" if inner else field


def _label(d: Difference, key: str, about: About) -> str:
    kind = _KIND_OF_KEYS.get(d.field)
    side = about.new if d.op != "removed" else about.old
    if kind:
        return side.vocabulary.label(kind, key)
    if d.field in _OTHER_PRACTICES:
        practice = side.practices.get(key)
        return practice.title if practice else key
    return _spaced(key)


def _spaced(value: str) -> str:
    """A key as words; an address of a page, whose underscores are part of it, stays as it is."""
    return value if "/" in value or "@" in value else _VALUES.get(value, value.replace("_", " "))


def _say(d: Difference, value: Any, about: About) -> str:
    if value is None or value == {}:
        return "not stated"
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "“" + ", ".join(_flat(value)) + "”"
    if isinstance(value, list):
        return "“" + ", ".join(map(str, value)) + "”"
    return f"“{_label(d, str(value), about) if d.field in _KIND_OF_KEYS else _spaced(str(value))}”"


def _flat(value: Mapping[str, Any]) -> list[str]:
    flat: list[str] = []
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            flat += _flat(inner)
        else:
            flat.append(key.replace("_", " ") if inner is True else f"{key.replace('_', ' ')}: {inner}")
    return flat
