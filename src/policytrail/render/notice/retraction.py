"""What those are told who were told of a change that doesn't come: it will not happen, and what stays in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from policytrail.languages import Catalogue
from policytrail.languages.voice import SOURCE, Voice, source_voice
from policytrail.model.change import Severity
from policytrail.model.policy import Snapshot
from policytrail.model.version import Status, Version
from policytrail.render.shared.phrases import instant, sentence, worst_first

from . import sections
from .content import Notice, host, in_other_words, language, sender
from .sections import Item, Part


def retraction(
    version: Version, found: Status, on: date, voice: Voice | None = None, old: Snapshot | None = None
) -> Notice:
    """The retraction of a withdrawn version. In: how all versions stand once it is withdrawn, the day of the withdrawal;
    for readers of a translation the voice that speaks to them, and the text that the version was compared with.

    Pure. It goes to the people of the first mail, so it has the first mail's sender and names the day that it named.
    """
    policy, said = version.snapshot.policy, voice or source_voice(version.snapshot.policy)
    words = said.words
    day, title, name = words.day(version.effective), said.shown(policy.title), policy.organization.name
    announced = words.say(
        "{who} announced a change of its document “{title}” for {day}.", who=name, title=title, day=day
    )
    stay = stays(version, found, words)
    parts = (
        _announced(version, said, old),
        Part("stays", words.say("What stays in force"), (stay,)),
        _links(version, found, words),
        sections.contact((found.current or version).snapshot, said),
        sections.why_withdrawn(policy, said),
    )
    return Notice(
        version=f"{version.id}-withdrawn",
        subject=words.say("Our privacy policy does not change on {day}", day=day),
        language=said.language,
        organization=name,
        sender=sender(policy),
        reply_to=policy.organization.email,
        host=host(policy.site_url),
        announced=on,
        announced_instant=instant(on, policy.zone),
        effective=version.effective,
        summary=f"{announced} " + words.say("That change is withdrawn: it will not happen.") + f" {stay}",
        lead=(announced, words.say("That change is withdrawn. It will not happen, and you need do nothing.")),
        parts=parts,
        is_translation=voice is not None,
    )


def stays(version: Version, found: Status, words: Catalogue = SOURCE.words) -> str:
    """Which text stays in force, and which other announced changes still come."""
    current = found.current
    text = words.say("No text of this document is in force yet.")
    if current is not None:
        since = words.day(found.since.get(current.id, current.effective))
        text = words.say("The text that is in force since {day} stays in force.", day=since)
    still = _still_coming(version, found)
    if not still:
        return text
    days = words.and_list([words.day(each.effective) for each in still])
    one = "The change that we announced for {days} is not withdrawn."
    many = "The changes that we announced for {days} are not withdrawn."
    return f"{text} {words.say(one if len(still) == 1 else many, days=days)}"


def _still_coming(version: Version, found: Status) -> Sequence[Version]:
    """Pending versions but this one, without those that built on it and can't come without it."""
    return [
        state.version
        for state in found.pending
        if state.state not in ("withdrawn", "superseded")
        and state.version.id != version.id
        and state.version.comparison.old != version.id
    ]


def _announced(version: Version, voice: Voice, old: Snapshot | None) -> Part:
    told = worst_first(version.comparison.of(Severity.MATERIAL) or version.comparison.changes)
    sentences = in_other_words(old, version.snapshot, voice) if old else {}
    foreign = language(version.snapshot.policy) if voice.retells else None
    items = [
        Item(said)
        if (said := sentences.get((change.subject, change.summary)))
        else Item(sentence(change), None, foreign)
        for change in told
    ]
    say = voice.words.say
    return Part("changes", say("What will not happen"), (say("We had announced this:"),), tuple(items))


def _links(version: Version, found: Status, words: Catalogue) -> Part:
    base, say = version.snapshot.policy.site_url, words.say
    current = [Item(say("The text in force:"), f"{base}versions/{found.current.id}/")] if found.current else []
    listed = [
        *current,
        Item(say("The text that was announced:"), f"{base}versions/{version.id}/"),
        Item(say("All versions:"), f"{base}versions/"),
    ]
    return Part("links", say("Read it yourself"), (), tuple(listed))
