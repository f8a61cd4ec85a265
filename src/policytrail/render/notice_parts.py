"""The parts of a notice after its list of changes: which data, consent, choices, contact, why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin

from ..model.change import Change, Consent
from ..model.dates import in_words
from ..model.parts import Mechanism
from ..model.policy import Policy, Snapshot
from ..model.practice import Choice, Contact, Practice, Program, Right
from .words import clause_anchor, count

_ACTS = frozenset({"object", "delete"})
_CHANNELS = {"email": "Email", "phone": "Telephone", "telephone": "Telephone", "post": "Post", "mail": "Post"}


@dataclass(frozen=True)
class Item:
    """One line of a list: words, then an address where there is one. The address is shown in full."""

    text: str
    url: str | None = None


@dataclass(frozen=True)
class Part:
    """One part of a notice: a heading, paragraphs, a list, and paragraphs after the list."""

    id: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    after: tuple[str, ...] = ()


def needs_consent(changes: Iterable[Change]) -> bool:
    """Whether any of these changes reaches data already held only by consent."""
    return any(change.consent is Consent.REQUIRED for change in changes)


def data(new: Snapshot, material: Sequence[Change], effective: date) -> Part:
    """Which data the new text applies to, and from when."""
    day = in_words(effective)
    sentences = [_reach(new.policy.applies_to, day)]
    if needs_consent(material):
        sentences.append("Where a change above needs your consent, it reaches earlier data only if you give it.")
    for change in material:
        practice = new.practices.get(change.subject)
        reach = practice.applies_to if practice else None
        if practice and reach and reach != new.policy.applies_to:
            sentences.append(f"{practice.title}: {_reach(reach, day)[0].lower()}{_reach(reach, day)[1:]}")
    return Part("data", "Which data", tuple(dict.fromkeys(sentences)))


def _reach(applies_to: str, day: str) -> str:
    if applies_to == "all_data":
        return f"From {day} the new text also applies to data that we already hold."
    return (
        f"The new text applies to data that we collect from {day} on. Data collected before that day stays under the "
        "text that was in force when we collected it."
    )


def consent(policy: Policy, material: Sequence[Change]) -> Part:
    """How consent is asked for changes that reach data already held."""
    how = [Item(plan.how) for plan in policy.consent_plans]
    asked = [each for each in material if each.consent is Consent.REQUIRED]
    intro = (
        f"{count(len(asked), 'change')} above {'reaches' if len(asked) == 1 else 'reach'} data that we already hold. "
        "We apply this to that data only if you say yes."
    )
    return Part("consent", "Your consent", (intro,), tuple(how))


def choices(old: Snapshot | None, new: Snapshot, material: Sequence[Change], effective: date, version: str) -> Part:
    """What a person can do, until when, and what happens if they do nothing."""
    touched = {change.subject for change in material}
    ways = [each for each in new.practices.values() if _can_be_used(each)]
    ways.sort(key=lambda each: not touched & set(getattr(each, "targets", ())))
    day = in_words(effective)
    items = tuple(_way(each, old, new, version, day) for each in ways)
    until = (f"You can do this now, before {day}, and also later:",) if items else ()
    return Part("choices", "What you can do", until, items, (_if_nothing(day, needs_consent(material)),))


def _can_be_used(practice: Practice) -> bool:
    if isinstance(practice, Choice):
        return practice.kind != "none"
    return isinstance(practice, Right) and bool(_ACTS & set(practice.kind))


def _way(practice: Practice, old: Snapshot | None, new: Snapshot, version: str, day: str) -> Item:
    mechanisms: tuple[Mechanism, ...] = getattr(practice, "mechanisms", ())
    ways = ", ".join(_mechanism(each) for each in mechanisms)
    words = f"{practice.title}: {ways}." if ways else f"{practice.title}."
    consequence = getattr(practice, "consequence", None)
    words += f" {consequence[0].upper()}{consequence[1:].rstrip('.')}." if consequence else ""
    words += f" This is possible from {day}." if old and practice.id not in old.practices else ""
    url = next((each.url for each in mechanisms if each.url), None)
    return Item(words, _absolute(new.policy, url) or _stated_at(new, practice, version))


def _mechanism(mechanism: Mechanism) -> str:
    kind = mechanism.kind.replace("_", " ")
    return f"{kind} ({mechanism.where})" if mechanism.where else kind


def _stated_at(new: Snapshot, practice: Practice, version: str) -> str | None:
    """Where the new text says how: the address of its clause."""
    clause = new.clause_of(practice.id)
    return f"{new.policy.site_url}versions/{version}/#{clause_anchor(clause)}" if clause else None


def _if_nothing(day: str, consent_needed: bool) -> str:
    if consent_needed:
        return (
            f"If you do nothing, the new text applies from {day}, but nothing that needs your consent is done with "
            "data that we already hold: silence is not consent."
        )
    return f"If you do nothing, the new text applies from {day}."


def contact(new: Snapshot) -> Part:
    """Whom to write to, and where to complain."""
    organization = new.policy.organization
    items = [Item(f"Email: {organization.email}")] if organization.email else []
    items += [Item(f"Telephone: {organization.phone}")] if organization.phone else []
    items += [Item(f"Post: {_address(new.policy)}")]
    known = " ".join(each.text for each in items)
    items += [each for each in _channels(new.practices.values()) if each.text.partition(": ")[2] not in known]
    return Part(
        "contact",
        "Questions and complaints",
        ("Questions about this message reach us here:",),
        tuple(dict.fromkeys(items + _complaints(new))),
    )


def _channels(practices: Iterable[Practice]) -> list[Item]:
    found = [each for practice in practices if isinstance(practice, Contact) for each in practice.channels]
    return [Item(f"{_CHANNELS.get(each.kind, each.kind.capitalize())}: {each.value}") for each in found if each.value]


def _complaints(new: Snapshot) -> list[Item]:
    listed = []
    for practice in new.practices.values():
        if isinstance(practice, Program) and practice.redress:
            where = f" {practice.redress.where}." if practice.redress.where else ""
            url = _absolute(new.policy, practice.redress.url)
            listed.append(Item(f"You can complain to {practice.name}.{where}", url))
    if new.policy.complaints and not any(each.url == new.policy.complaints for each in listed):
        listed.append(Item("You can complain here:", _absolute(new.policy, new.policy.complaints)))
    return listed


def why(old: Snapshot | None, policy: Policy, days: int) -> Part:
    """Why this message comes, that it is no advertising, and the postal address."""
    promise = old.promise() if old else None
    verb = "changes" if old else "is new"
    reason = f"You get this message because we hold data about you and the policy that applies to it {verb}."
    if promise is not None and days:
        reason = (
            f"You get this message because our privacy policy promises notice {count(days, 'day')} before a material "
            "change, and we hold data about you."
        )
    return _reason(reason, policy)


def why_withdrawn(policy: Policy) -> Part:
    """Why the message comes that takes an announcement back."""
    return _reason("You get this message because we told you of that change by email.", policy)


def _reason(reason: str, policy: Policy) -> Part:
    return Part(
        "why",
        "Why you get this message",
        (
            reason,
            "It is not advertising. It goes to everyone concerned, also to those who get no marketing messages from us.",
            f"{policy.organization.legal_name}, {_address(policy)}",
        ),
    )


def witness(manifest: str) -> Part:
    """The manifest hash, with what it is good for."""
    sentence = (
        "This is the fingerprint (SHA-256 of the manifest) of the version that this message is about. "
        "With it anyone can check that the published text is still the one announced here:"
    )
    return Part("witness", "Fingerprint", (sentence,), (Item(manifest),))


def _address(policy: Policy) -> str:
    return ", ".join(policy.organization.address) or policy.organization.name


def _absolute(policy: Policy, url: str | None) -> str | None:
    return urljoin(policy.site_url, url) if url else None
