"""What people can do about the changes: each way named with the change that it answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from policytrail.languages import Catalogue, MissingTranslation
from policytrail.languages.voice import SOURCE, Voice
from policytrail.model.change import Change, Direction
from policytrail.model.comparable import facts
from policytrail.model.policy import Snapshot
from policytrail.model.practice import Choice, Contact, Practice, Program, Right
from policytrail.model.practice_fields import Mechanism
from policytrail.render.shared.phrases import clause_anchor
from policytrail.words.change import speaker
from policytrail.words.registry import saying

from .sections import Item, Part, absolute, needs_consent

_ACTS = frozenset({"object", "delete"})


def choices(
    old: Snapshot | None,
    new: Snapshot,
    material: Sequence[Change],
    effective: date,
    ahead: bool,
    version: str,
    voice: Voice,
) -> Part:
    """What a person can do about these changes, until when (`ahead`: there is time before it takes effect), and what
    happens if they do nothing. Of a first version: everything that they can do."""
    usable = [practice for practice in new.practices.values() if _can_be_used(practice)]
    answered = {way.id: answers(way, material, new) for way in usable}
    ways = usable if old is None else [way for way in usable if answered[way.id] or _is_way_out(way)]
    ways.sort(key=lambda way: -len(answered[way.id]))
    day = voice.words.day(effective)
    items = tuple(_way(way, old, new, version, effective, voice) for way in ways)
    say = voice.words.say
    now = say("You can do this now, before {day}, and also later:", day=day) if ahead else say("You can do this now:")
    left = {change.subject for change in material} - {subject for way in ways for subject in answered[way.id]}
    none = say("Our policy names no way to say no to the other changes.") if left and old else ""
    none = say("Our policy names no way to say no to these changes.") if none and not any(answered.values()) else none
    after = tuple(filter(None, (none, _if_nothing(day, needs_consent(material), voice.words))))
    return Part("choices", voice.words.say("What you can do"), (now,) if items else (), items, after)


def _is_way_out(way: Practice) -> bool:
    """Whether it ends everything: who closes the account is reached by no change."""
    return isinstance(way, Choice) and way.kind == "closure"


def answers(way: Practice, material: Sequence[Change], new: Snapshot) -> frozenset[str]:
    """The changed practices that a choice or right is an answer to: those that it targets, or whose data and purposes
    it speaks of."""
    subjects = {change.subject for change in material if change.direction is not Direction.NARROWS}
    targets = frozenset(getattr(way, "targets", ())) & subjects
    changed = [practice for name in subjects if (practice := new.practices.get(name)) and practice.id != way.id]
    return targets | {practice.id for practice in changed if _speaks_of(way, practice)}


def _speaks_of(way: Practice, practice: Practice) -> bool:
    if isinstance(practice, Choice | Right | Contact | Program):
        return False
    data, purposes = _keys(way.data), _keys(way.purposes)
    same_data = bool(data & _keys(practice.data)) and "user" not in data
    return same_data if not purposes else bool(purposes & _keys(practice.purposes))


def _keys(value: Sequence[str] | str) -> frozenset[str]:
    return frozenset() if isinstance(value, str) else frozenset(value)


def _can_be_used(practice: Practice) -> bool:
    if isinstance(practice, Choice):
        return practice.kind != "none"
    return isinstance(practice, Right) and bool(_ACTS & set(practice.kind))


def _way(practice: Practice, old: Snapshot | None, new: Snapshot, version: str, effective: date, voice: Voice) -> Item:
    """One choice: in the reader's language, else whole in the source's, marked as such."""
    mechanisms: tuple[Mechanism, ...] = getattr(practice, "mechanisms", ())
    url = next((mechanism.url for mechanism in mechanisms if mechanism.url), None)
    address = absolute(new.policy, url) or _stated_at(new, practice, version, voice)
    late = bool(old and practice.id not in old.practices)
    try:
        return Item(_way_words(practice, late, effective, voice, new), address)
    except MissingTranslation:
        return Item(_way_words(practice, late, effective, SOURCE, new), address, new.policy.language)


def _way_words(practice: Practice, late: bool, effective: date, voice: Voice, new: Snapshot) -> str:
    if not voice.retells:
        return _way_said(practice, late, effective, voice, new)
    mechanisms: tuple[Mechanism, ...] = getattr(practice, "mechanisms", ())
    ways = ", ".join(_mechanism(mechanism, voice) for mechanism in mechanisms)
    title = voice.own(practice.title)
    words = voice.words.say("{head}: {rest}", head=title, rest=ways) + "." if ways else f"{title}."
    consequence = voice.own(said) if (said := getattr(practice, "consequence", None)) else None
    words += f" {consequence[0].upper()}{consequence[1:].rstrip('.')}." if consequence else ""
    return words + (
        " " + voice.words.say("This is possible from {day}.", day=voice.words.day(effective)) if late else ""
    )


def _way_said(practice: Practice, late: bool, effective: date, voice: Voice, new: Snapshot) -> str:
    said = saying(facts(practice), speaker(new)).told()
    when = voice.words.say("This is possible from {day}.", day=voice.words.day(effective)) if late else ""
    return f"{said} {when}".strip()


def _mechanism(mechanism: Mechanism, voice: Voice) -> str:
    kind = mechanism.kind.replace("_", " ")
    kind = voice.words.say(kind) if voice.retells else kind
    return f"{kind} ({voice.own(mechanism.where)})" if mechanism.where else kind


def _stated_at(new: Snapshot, practice: Practice, version: str, voice: Voice) -> str | None:
    """Where the new text says how: the address of its clause."""
    clause = new.clause_of(practice.id)
    own = f"{voice.language}/" if voice.known is not None else ""
    return f"{new.policy.site_url}versions/{version}/{own}#{clause_anchor(clause)}" if clause else None


def _if_nothing(day: str, consent_needed: bool, words: Catalogue) -> str:
    if consent_needed:
        return words.say(
            "If you do nothing, the new text applies from {day}, but nothing that needs your consent is done with "
            "data that we already hold: silence is not consent.",
            day=day,
        )
    return words.say("If you do nothing, the new text applies from {day}.", day=day)
