"""The parts of a notice after its list of changes: which data, consent, choices, contact, why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urljoin

from policytrail.languages import ENGLISH, Catalogue, MissingTranslation
from policytrail.languages.voice import SOURCE, Voice
from policytrail.model.change import Change, Consent
from policytrail.model.policy import Policy, Snapshot
from policytrail.model.practice import Contact, Practice, Program

WITNESS = "witness"  #: the id of the part that holds the manifest hash
_CHANNELS = {"email": "Email", "phone": "Telephone", "telephone": "Telephone", "post": "Post", "mail": "Post"}


@dataclass(frozen=True)
class Item:
    """One line of a list: words, then an address where there is one. The address is shown in full.

    `language`: of the words, where it isn't the notice's own.
    """

    text: str
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Part:
    """One part of a notice: a heading, paragraphs, a list, and paragraphs after the list."""

    id: str
    heading: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    after: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As plain data; a line says its language only where that isn't the notice's."""
        items = [
            {"text": item.text, "url": item.url} | ({"language": item.language} if item.language else {})
            for item in self.items
        ]
        return asdict(self) | {"items": items}


def needs_consent(changes: Iterable[Change]) -> bool:
    """Whether any of these changes reaches data already held only by consent."""
    return any(change.consent is Consent.REQUIRED for change in changes)


def data(new: Snapshot, material: Sequence[Change], effective: date, voice: Voice) -> Part | None:
    """Which data the new text applies to, and from when: only where the policy says so, or consent is asked."""
    words = voice.words
    sentences = [_reach(new.policy.applies_to, effective, words)] if new.policy.applies_to else []
    if needs_consent(material):
        sentences.append(
            words.say("Where a change above needs your consent, it reaches earlier data only if you give it.")
        )
    for change in material:
        practice = new.practices.get(change.subject)
        reach = practice.applies_to if practice else None
        if practice and reach and reach != new.policy.applies_to:
            said = _reach(reach, effective, words)
            sentences.append(
                words.say("{head}: {rest}", head=voice.shown(practice.title), rest=said[0].lower() + said[1:])
            )
    return Part("data", words.say("Which data"), tuple(dict.fromkeys(sentences))) if sentences else None


def _reach(applies_to: str, effective: date, words: Catalogue) -> str:
    if applies_to == "all_data":
        return words.say("From {day} the new text also applies to data that we already hold.", day=words.day(effective))
    return words.say(
        "The new text applies to data that we collect from {day} on. Data collected before that day stays under the "
        "text that was in force when we collected it.",
        day=words.day(effective),
    )


def consent(policy: Policy, material: Sequence[Change], voice: Voice) -> Part:
    """How consent is asked for changes that reach data already held."""
    how = [_own(plan.how, voice, policy) for plan in policy.consent_plans]
    asked = [change for change in material if change.consent is Consent.REQUIRED]
    intro = voice.words.many(
        len(asked),
        "{n} change above reaches data that we already hold. We apply this to that data only if you say yes.",
        "{n} changes above reach data that we already hold. We apply this to that data only if you say yes.",
    )
    return Part("consent", voice.words.say("Your consent"), (intro,), tuple(how))


def _own(text: str, voice: Voice, policy: Policy) -> Item:
    """A sentence of the policy's own: the translation's, else the source's, marked as such."""
    try:
        return Item(voice.own(text))
    except MissingTranslation:
        return Item(text, None, policy.language)


def contact(new: Snapshot, voice: Voice = SOURCE) -> Part:
    """Whom to write to, and where to complain."""
    organization, say = new.policy.organization, voice.words.say
    items = [Item(say("Email: {address}", address=organization.email))] if organization.email else []
    items += [Item(say("Telephone: {address}", address=organization.phone))] if organization.phone else []
    items += [Item(say("Post: {address}", address=_address(new.policy)))]
    known = " ".join(each.text for each in items)
    items += [item for value, item in _channels(new.practices.values(), voice) if value not in known]
    return Part(
        "contact",
        say("Questions and complaints"),
        (say("Questions about this message reach us here:"),),
        tuple(dict.fromkeys(items + _complaints(new, voice))),
    )


def _channels(practices: Iterable[Practice], voice: Voice) -> list[tuple[str, Item]]:
    found = [each for practice in practices if isinstance(practice, Contact) for each in practice.channels]
    return [(channel.value, _channel(channel.kind, channel.value, voice)) for channel in found if channel.value]


def _channel(kind: str, value: str, voice: Voice) -> Item:
    named = _CHANNELS.get(kind)
    return Item(voice.words.say(f"{named}: {{address}}", address=value) if named else f"{kind.capitalize()}: {value}")


def _complaints(new: Snapshot, voice: Voice) -> list[Item]:
    listed, say = [], voice.words.say
    for practice in new.practices.values():
        if isinstance(practice, Program) and practice.redress:
            where = f" {voice.shown(practice.redress.where)}." if practice.redress.where else ""
            url = absolute(new.policy, practice.redress.url)
            listed.append(Item(say("You can complain to {name}.", name=practice.name) + where, url))
    if new.policy.complaints and not any(item.url == new.policy.complaints for item in listed):
        listed.append(Item(say("You can complain here:"), absolute(new.policy, new.policy.complaints)))
    return listed


def why(old: Snapshot | None, policy: Policy, days: int, voice: Voice) -> Part:
    """Why this message comes, that it is no advertising, and the postal address."""
    promise, say = old.promise() if old else None, voice.words.say
    reason = say(
        "You get this message because we hold data about you and the policy that applies to it changes."
        if old
        else "You get this message because we hold data about you and the policy that applies to it is new."
    )
    if promise is not None and days:
        reason = voice.words.many(days, _PROMISED.format("day"), _PROMISED.format("days"))
    return _reason(reason, policy, voice)


def why_withdrawn(policy: Policy, voice: Voice = SOURCE) -> Part:
    """Why the message comes that takes an announcement back."""
    reason = voice.words.say("You get this message because we told you of that change by email.")
    return _reason(reason, policy, voice)


def _reason(reason: str, policy: Policy, voice: Voice) -> Part:
    say = voice.words.say
    return Part(
        "why",
        say("Why you get this message"),
        (
            reason,
            say(
                "It is not advertising. It goes to everyone concerned, also to those who get no marketing messages from us."
            ),
            f"{policy.organization.legal_name}, {_address(policy)}",
        ),
    )


_PROMISED = (
    "You get this message because our privacy policy promises notice {{n}} {} before a material change, and we hold data "
    "about you."
)


def witness(manifest: str, words: Catalogue = ENGLISH) -> Part:
    """The manifest hash, with what it is good for."""
    sentence = words.say(
        "This is the fingerprint (SHA-256 of the manifest) of the version that this message is about. "
        "With it anyone can check that the published text is still the one announced here:"
    )
    return Part(WITNESS, words.say("Fingerprint"), (sentence,), (Item(manifest),))


def _address(policy: Policy) -> str:
    return ", ".join(policy.organization.address) or policy.organization.name


def absolute(policy: Policy, url: str | None) -> str | None:
    return urljoin(policy.site_url, url) if url else None
