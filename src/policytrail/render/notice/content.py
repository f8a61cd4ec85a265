"""What users are told about one pending version: one frozen value from which mail, web page and banner all speak.

The order and the limits follow what regulators and courts asked of such notices: a plain subject, each material
change before to after with the worst first, which data, what a person can do, full links, and no praise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from policytrail.compare.change_summary import summarise
from policytrail.compare.differences import compare
from policytrail.languages import ENGLISH, MissingTranslation, catalogue
from policytrail.languages.voice import Voice, source_voice
from policytrail.model.change import Change, Comparison, Consent, Severity
from policytrail.model.policy import Policy, Snapshot
from policytrail.render.shared.phrases import instant, topics, worst_first

from . import outline, sections
from .choices import choices
from .sections import Item, Part
from .subject import subject, summary

_SMALLER_NAMED = 5


@dataclass(frozen=True)
class Notice:
    """All words of one notice. `lead` are its first lines; `parts` follow in order. Links are absolute and permanent."""

    version: str
    subject: str
    language: str
    organization: str
    sender: str
    reply_to: str | None
    host: str
    announced: date
    announced_instant: str
    effective: date
    summary: str
    lead: tuple[str, ...]
    parts: tuple[Part, ...]
    is_translation: bool = False

    def sealed(self, manifest: str) -> Notice:
        """The notice with the version's manifest hash as its last part, so that every copy is a witness."""
        words = catalogue(self.language) or ENGLISH
        return replace(self, parts=(*self.parts, sections.witness(manifest, words)))

    def unsealed(self) -> Notice:
        """The same without that part: a mail has the hash in its head."""
        return replace(self, parts=tuple(part for part in self.parts if part.id != sections.WITNESS))

    def to_json(self) -> dict[str, Any]:
        """The notice as plain data; dates as YYYY-MM-DD."""
        dates = {"announced": self.announced.isoformat(), "effective": self.effective.isoformat()}
        made = asdict(self) | dates | {"parts": [part.to_json() for part in self.parts]}
        return {name: value for name, value in made.items() if name != "is_translation" or value}


def notice_content(
    old: Snapshot | None,
    new: Snapshot,
    comparison: Comparison,
    effective: date,
    announced: date,
    version_id: str,
    replaces: Sequence[date] = (),
    voice: Voice | None = None,
) -> Notice:
    """The notice of the version `version_id`. In: the text in force (None for the first version) and the new one;
    `replaces`: the dates for which something else was announced that doesn't come now; for readers of a translation,
    the voice that speaks to them.

    Pure: the same values give the same words on any day. A sentence that the language can't say stands in the source's.
    """
    policy, said = new.policy, voice or source_voice(new.policy)
    told = _Told(old, new, comparison, effective, announced < effective, tuple(replaces), said)
    return Notice(
        version=version_id,
        subject=subject(comparison, effective, said.words),
        language=said.language,
        organization=policy.organization.name,
        sender=sender(policy),
        reply_to=policy.organization.email,
        host=host(policy.site_url),
        announced=announced,
        announced_instant=instant(announced, policy.zone),
        effective=effective,
        summary=summary(comparison, effective, said.words),
        lead=_lead(told),
        parts=_parts(told, version_id),
        is_translation=said.known is not None,
    )


@dataclass(frozen=True)
class _Told:
    old: Snapshot | None
    new: Snapshot
    comparison: Comparison
    effective: date
    ahead: bool  # people hear of it before it takes effect
    replaces: tuple[date, ...]
    voice: Voice

    @property
    def material(self) -> tuple[Change, ...]:
        return worst_first(self.comparison.of(Severity.MATERIAL))


def language(policy: Policy) -> str:
    """The language of the site's own words, and of the recorded sentences: English, in the policy's variety of it."""
    return policy.language if policy.language.split("-")[0] == "en" else "en"


def host(site_url: str) -> str:
    """The site's host without `www.`."""
    return (urlsplit(site_url).hostname or "localhost").removeprefix("www.")


def sender(policy: Policy) -> str:
    """Who the mail is from: the policy's own sender, else the organization at the site's host.

    Signs that a name can't have in a mail's header are left out.
    """
    name = " ".join(re.sub(r'[<>@"]', " ", policy.organization.name).split())
    address = f"privacy@{host(policy.site_url)}"
    return policy.sender or (f"{name} <{address}>" if name else address)


def urls(policy: Policy, version_id: str, old_id: str | None) -> Mapping[str, str]:
    """The permanent addresses that a notice names."""
    base = policy.site_url
    current = f"{base}versions/{old_id}/" if old_id else base
    return {
        "upcoming": f"{base}versions/{version_id}/",
        "redline": f"{base}versions/{version_id}/changes/",
        "notice": f"{base}versions/{version_id}/notice/",
        "current": current,
        "versions": f"{base}versions/",
    }


def _lead(told: _Told) -> tuple[str, ...]:
    policy, say = told.new.policy, told.voice.words.say
    name = policy.organization.name
    legal = policy.organization.legal_name
    who = name if legal.startswith(name) else f"{name} ({legal})"
    title = told.voice.shown(policy.title)
    when = told.voice.words.day(told.effective)
    if told.old is None:
        return (
            say("{who} has a new document: “{title}”. It takes effect on {when}.", who=who, title=title, when=when),
        )
    return (
        say(
            "{who} changes its document “{title}”. The new text takes effect on {when}.",
            who=who,
            title=title,
            when=when,
        ),
        *((say("Until then the text that you know stays in force."),) if told.ahead else ()),
        *_replaced(told),
    )


def _replaced(told: _Told) -> tuple[str, ...]:
    words = told.voice.words
    if not told.replaces:
        return ()
    days = words.and_list([words.day(each) for each in told.replaces])
    return (words.say("This replaces what we announced for {days}.", days=days),)


def _parts(told: _Told, version_id: str) -> tuple[Part, ...]:
    addresses = urls(told.new.policy, version_id, told.comparison.old)
    needed = sections.needs_consent(told.material)
    parts = [
        *_changes(told),
        _others(told, addresses["redline"]),
        sections.data(told.new, told.material, told.effective, told.voice),
        sections.consent(told.new.policy, told.material, told.voice) if needed else None,
        choices(told.old, told.new, told.material, told.effective, told.ahead, version_id, told.voice),
        _links(told, addresses),
        sections.contact(told.new, told.voice),
        sections.why(told.old, told.new.policy, told.comparison.notice_days, told.voice),
    ]
    return tuple(part for part in parts if part is not None)


def _changes(told: _Told) -> list[Part]:
    """The main points, then each material change under a heading that says what happens to people."""
    say = told.voice.words.say
    heading = say("What changes")
    if told.old is None:
        return [Part("changes", heading, (say("This is the first version, so there is no earlier text."),))]
    listed = outline.groups(told.material, told.old, told.new, _said(told))
    if not listed:
        return [Part("changes", heading, (say("No change is material."),))]
    is_new = any(item.words.startswith("New: ") for group in listed for item in group.items)
    explained = (say("“New” means that our policy did not mention it until now."),) if is_new else ()
    intro = say("This changes what we do with data, or what we promise about it:")
    parts = [Part("changes", heading, (intro, *explained))]
    for group in listed:
        items = tuple(_item(item, told) for item in group.items)
        parts.append(Part(f"changes-{outline.HEADINGS.index(group.heading) + 1}", say(group.heading), (), items))
    points = outline.main_points(listed) if not told.voice.retells else ()
    main = [Part("main", say("The main points"), (), tuple(map(Item, points)))] if points else []
    return [*main, *parts]


def _said(told: _Told) -> dict[str, str]:
    """What is said of each change in the reader's language, by the change's id; the source's words where there is none."""
    if not told.voice.retells or told.old is None:
        return {}
    sentences = in_other_words(told.old, told.new, told.voice)
    found = ((change.id, sentences.get((change.subject, change.summary))) for change in told.material)
    return {identity: said for identity, said in found if said}


def _item(item: outline.Told, told: _Told) -> Item:
    """One item in the reader's language, else in the source's, marked as such."""
    consent = "This needs your consent for data that we already hold."
    needed = any(change.consent is Consent.REQUIRED for change in item.changes)
    foreign = told.voice.retells and all(item.words == outline.told(change) for change in item.changes)
    more = f" {consent if foreign else told.voice.words.say(consent)}" if needed else ""
    return Item(item.words + more, None, language(told.new.policy) if foreign else None)


def in_other_words(old: Snapshot, new: Snapshot, voice: Voice) -> dict[tuple[str, str], str]:
    """The sentence of each difference in the voice's language, by its subject and the source's sentence.

    Made anew from both snapshots; a sentence that the language can't say isn't there.
    """
    found: dict[tuple[str, str], str] = {}
    for difference in compare(old, new) if voice.retells else ():
        with suppress(MissingTranslation):
            found[difference.subject, summarise(difference, old, new)] = summarise(difference, old, new, voice)
    return found


def _others(told: _Told, url: str) -> Part | None:
    """What is smaller, by its topics, in one sentence."""
    smaller = [change for change in told.comparison.changes if change.severity is not Severity.MATERIAL]
    if not smaller:
        return None
    one = "There is also {n} smaller change, about {topics}. It is shown here:"
    many = "There are also {n} smaller changes, about {topics}. They are all shown here:"
    words = told.voice.words
    named = topics(worst_first(smaller), words)
    more = (words.say("more"),) if len(named) > _SMALLER_NAMED else ()
    about = words.and_list((*named[:_SMALLER_NAMED], *more))
    said = words.many(len(smaller), one, many, topics=about)
    return Part("others", words.say("Smaller changes"), (said,), (Item("", url),))


def _links(told: _Told, addresses: Mapping[str, str]) -> Part:
    say = told.voice.words.say
    own = f"{told.voice.language}/" if told.voice.known is not None else ""
    listed = [Item(say("The new text:"), addresses["upcoming"] + own)]
    if told.old is not None:
        listed += [
            Item(say("What changes, word by word:"), addresses["redline"]),
            Item(say("This notice as a web page:"), addresses["notice"] + own),
            Item(say("The text in force until then:"), addresses["current"]),
        ]
    listed.append(Item(say("All versions:"), addresses["versions"]))
    governs = say("This is a translation. The text in {language} governs:", language=_governing(told)) if own else ""
    listed += [Item(governs, addresses["upcoming"])] if own and not _governs(told) else []
    return Part("links", say("Read it yourself"), (), tuple(listed))


def _governs(told: _Told) -> bool:
    return told.new.governing == told.voice.language


def _governing(told: _Told) -> str:
    return told.voice.words.language_name(told.new.governing)


__all__ = ["Item", "Notice", "Part", "host", "language", "notice_content", "sender", "subject", "urls"]
