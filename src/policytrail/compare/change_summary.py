"""One neutral sentence for each change, before to after, in plain words: it goes into notices as it stands.

No word here praises or excuses a change: "improve", "clarify" and their like are themselves deceptive (FTC Facebook).
"""

from __future__ import annotations

from collections.abc import Mapping

from policytrail.languages.voice import SOURCE, Voice
from policytrail.model.difference import Difference
from policytrail.model.json_value import Json, texts_of
from policytrail.model.policy import Snapshot

from .practice_sentence import statement
from .translations import PREFIX

INVENTORY = (
    "inventory"  # the subject of one change for all practices, where one side declares none and is known by its words
)
_KIND_OF_KEYS = {
    "data": "data",
    "excludes": "data",
    "purposes": "purposes",
    "subjects": "subjects",
    "recipients": "recipients",
}
_FIELDS = {
    "data": "data",
    "excludes": "data that are never included",
    "purposes": "purposes",
    "subjects": "people concerned",
    "recipients": "recipients",
    "requires": "conditions",
    "safeguard": "safeguards",
    "serves": "rights that use it",
    "exceptions": "exceptions",
    "period_days": "days of notice",
    "on": "what sets the promise off",
    "channels": "channels",
    "mechanisms": "ways to act",
    "examples": "examples",
    "lists": "whether the list is complete",
    "modality": "how firmly it is said",
    "timing": "when the notice is given",
    "target": "the address of the link",
    "last_updated": "the date label",
    "status": "status",
    "redress": "where to complain",
    "unit": "unit to contact",
    "bound": "limit of keeping",
    "period": "period of keeping",
    "technology": "technology",
    "organization": "details of the company",
    "title": "heading",
    "section": "place in the policy",
    "regimes": "notice rules that bind the policy",
}
_VALUES = {"before_effective": "before the change takes effect"}
_OTHER_PRACTICES = frozenset({"exceptions", "serves", "targets"})
_OPS = {
    "added": "{title}: “{label}” is added to the {field}.",
    "removed": "{title}: “{label}” is removed from the {field}.",
}
_WHOLE = {
    ("added", True): "{title}. Until now: not stated. New: {said}.",
    ("added", False): "Added: {title}.",
    ("removed", True): "{title}. Until now: {said}. New: no longer stated.",
    ("removed", False): "Removed: {title}.",
}
_WORDINGS = {
    "changed": "the wording changes; the redline shows it.",
    "added": "a passage is added.",
    "removed": "a passage is removed.",
}
_TRANSLATED = {
    "behind": "it is of an older text than its source.",
    "reworded": "it says it in other words.",
    "dropped": "it isn't there any more; readers get the source's text.",
}
_DECLARED = {
    "added": "What the text says of data is declared as practices for the first time.",
    "removed": "What the text says of data isn't declared as practices.",
    "changed": "What the text says of data is declared in other practices.",
}
_OWN = frozenset({"title", "where", "consequence", "meaning", "term", "entity", "unit"})


def title_of(d: Difference, old: Snapshot, new: Snapshot, voice: Voice = SOURCE) -> str:
    """What the change is about, as a heading: the practice's, clause's or section's own title. Raises MissingTranslation."""
    if d.subject.startswith(PREFIX):
        return _title_of_translation(d, new, voice)
    kind, _, name = d.subject.rpartition(":")
    for side in (new, old):
        if kind == "clause" and name in side.clauses:
            return voice.own(side.clauses[name].title)
        if kind == "section" and any(section.id == name for section in side.policy.sections):
            return voice.own(next(section.title for section in side.policy.sections if section.id == name))
        if kind == "recipient" and name in side.recipients:
            return voice.own(side.recipients[name].label)
        if name in side.practices:
            return voice.own(side.practices[name].title)
    return voice.words.say("The policy itself")


def summarise(d: Difference, old: Snapshot, new: Snapshot, voice: Voice = SOURCE) -> str:
    """The sentence for one difference, by the voice. Raises MissingTranslation where its language can't say it."""
    title, say = title_of(d, old, new, voice), voice.words.say
    if d.subject.startswith(PREFIX):
        return say("{head}: {rest}", head=title, rest=_of_translation(d, voice))
    if d.subject == INVENTORY:
        return say(_DECLARED[d.op])
    if d.subject.startswith("clause:") and (d.field == "text" or not d.path):
        return say("{head}: {rest}", head=title, rest=say(_WORDINGS[d.op]))
    if d.field == "order" and not d.type:
        return say("{head}: {rest}", head=title, rest=say("it stands in another place."))
    if not d.path:
        side = new if d.new else old
        said = statement(d.new or d.old or {}, side.vocabulary, voice)
        return say(_WHOLE[d.op, bool(said)], title=title, said=said)
    plain = d.field.replace("_", " ")
    field = say(_FIELDS[d.field]) if d.field in _FIELDS else voice.plain(plain)
    if d.op in _OPS and len(d.path) == 2 and d.field != "organization":
        return say(_OPS[d.op], title=title, label=_label(d, d.key, old, new, voice), field=field)
    before, after = (_say(d, each, old, new, voice) for each in (d.before, d.after))
    field = _plain_path(d, field, voice)
    return say(
        "{title}: {field}. Until now: {before}. New: {after}.", title=title, field=field, before=before, after=after
    )


def _title_of_translation(d: Difference, new: Snapshot, voice: Voice) -> str:
    language, _, clause = d.subject.removeprefix(PREFIX).partition(":")
    if not clause:
        return voice.words.say("Translation ({language})", language=language)
    of = voice.own(new.clauses[clause].title) if clause in new.clauses else clause
    return voice.words.say("Translation ({language}) of “{title}”", language=language, title=of)


def _of_translation(d: Difference, voice: Voice) -> str:
    what, *word = d.path
    say, many = voice.words.say, voice.words.many
    if what == "follows":
        made = d.after if isinstance(d.after, Mapping) else {}
        counts = {name: count for name, count in made.items() if isinstance(count, int)}
        clauses = many(counts["clauses"], "{n} clause", "{n} clauses")
        words = many(counts["words"], "{n} other word", "{n} other words")
        return say("{clauses} and {words} are of the text as it is.", clauses=clauses, words=words)
    if what == "words":
        return say(
            "the policy doesn't say {words} any more.", words=", ".join(f"“{each}”" for each in texts_of(d.before))
        )
    said = say(_TRANSLATED[what])
    return f"“{word[0]}”, {said}" if word else said


def _plain_path(d: Difference, field: str, voice: Voice) -> str:
    inner = [part.replace("_", " ") for part in d.path[1:] if part not in ("channels", "value", "url")]
    return f"{field} ({', '.join(map(voice.plain, inner))})" if inner else field


def _label(d: Difference, key: str, old: Snapshot, new: Snapshot, voice: Voice) -> str:
    kind = _KIND_OF_KEYS.get(d.field)
    side = new if d.op != "removed" else old
    if kind:
        return voice.own(side.vocabulary.label(kind, key))
    if d.field in _OTHER_PRACTICES:
        practice = side.practices.get(key)
        return voice.own(practice.title) if practice else key
    return voice.plain(_spaced(key))


def _spaced(value: str) -> str:
    """A key as words; an address of a page, whose underscores are part of it, stays as it is."""
    return value if "/" in value or "@" in value else _VALUES.get(value, value.replace("_", " "))


def _say(d: Difference, value: Json, old: Snapshot, new: Snapshot, voice: Voice) -> str:
    if value is None or value == {}:
        return voice.words.say("not stated")
    if value is True or value is False:
        return voice.words.say("yes" if value else "no")
    if isinstance(value, Mapping | list):
        inner = _flat(value) if isinstance(value, Mapping) else map(str, value)
        return "“" + ", ".join(map(voice.plain, inner)) + "”"
    if d.field in _KIND_OF_KEYS:
        return f"“{_label(d, str(value), old, new, voice)}”"
    return f"“{voice.own(str(value)) if d.field in _OWN else voice.plain(_spaced(str(value)))}”"


def _flat(value: Mapping[str, Json]) -> list[str]:
    flat: list[str] = []
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            flat += _flat(inner)
        else:
            flat.append(key.replace("_", " ") if inner is True else f"{key.replace('_', ' ')}: {inner}")
    return flat
