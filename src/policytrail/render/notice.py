"""What users are told about one pending version: one frozen value from which mail, web page and banner all speak.

The order and the limits follow what regulators and courts asked of such notices: a plain subject, each material
change before to after with the worst first, which data, what a person can do, full links, and no praise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from ..model.change import Change, Comparison, Consent, Severity
from ..model.dates import in_words
from ..model.policy import Policy, Snapshot
from . import notice_parts
from .notice_parts import Item, Part
from .words import and_list, count, instant, instant_words, sentence, tally, topics, worst_first

_TOPICS_IN_SUBJECT = 4


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

    def sealed(self, manifest: str) -> Notice:
        """The notice with the version's manifest hash as its last part, so that every copy is a witness."""
        return replace(self, parts=(*self.parts, notice_parts.witness(manifest)))

    def to_json(self) -> dict[str, Any]:
        """The notice as plain data; dates as YYYY-MM-DD."""
        return asdict(self) | {"announced": self.announced.isoformat(), "effective": self.effective.isoformat()}


def notice_content(
    old: Snapshot | None,
    new: Snapshot,
    comparison: Comparison,
    effective: date,
    announced: date,
    version_id: str,
    replaces: Sequence[date] = (),
) -> Notice:
    """The notice of the version `version_id`. In: the text in force (None for the first version) and the new one;
    `replaces`: the dates for which something else was announced that doesn't come now.

    Pure: the same values give the same words on any day.
    """
    policy = new.policy
    told = _Told(old, new, comparison, effective, tuple(replaces))
    return Notice(
        version=version_id,
        subject=subject(comparison, effective),
        language=language(policy),
        organization=policy.organization.name,
        sender=sender(policy),
        reply_to=policy.organization.email,
        host=host(policy.site_url),
        announced=announced,
        announced_instant=instant(announced, policy.zone),
        effective=effective,
        summary=summary(comparison, effective),
        lead=_lead(told),
        parts=_parts(told, version_id),
    )


@dataclass(frozen=True)
class _Told:
    old: Snapshot | None
    new: Snapshot
    comparison: Comparison
    effective: date
    replaces: tuple[date, ...]

    @property
    def material(self) -> tuple[Change, ...]:
        return worst_first(self.comparison.of(Severity.MATERIAL))


def subject(comparison: Comparison, effective: date) -> str:
    """Plain and specific: what document, when, and which subjects change."""
    verb = "takes effect" if comparison.old is None else "changes"
    told = topics(worst_first(comparison.of(Severity.MATERIAL) or comparison.changes))
    more = ("and more",) if len(told) > _TOPICS_IN_SUBJECT else ()
    what = ", ".join(told[:_TOPICS_IN_SUBJECT] + more)
    return f"Our privacy policy {verb} on {in_words(effective)}" + (f": {what}" if what else "")


def summary(comparison: Comparison, effective: date) -> str:
    """One sentence for banner and feeds: what, when, how many changes of which weight."""
    if comparison.old is None:
        return f"Our privacy policy takes effect on {in_words(effective)}."
    return (
        f"{subject(comparison, effective)}. It has {tally(comparison)}."
        if comparison.changes
        else (f"Our privacy policy changes on {in_words(effective)}. No change was found in what it says.")
    )


def language(policy: Policy) -> str:
    """The language of the notice's own words: English, in the policy's variety of it."""
    return policy.language if policy.language.split("-")[0] == "en" else "en"


def host(site_url: str) -> str:
    """The site's host without `www.`."""
    return (urlsplit(site_url).hostname or "localhost").removeprefix("www.")


def sender(policy: Policy) -> str:
    """Who the mail is from: the policy's own sender, else the organization at the site's host."""
    return policy.sender or f"{policy.organization.name} <privacy@{host(policy.site_url)}>"


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
    policy = told.new.policy
    name = policy.organization.name
    legal = policy.organization.legal_name
    who = name if legal == name else f"{name} ({legal})"
    when = instant_words(told.effective, policy.zone)
    if told.old is None:
        return (f"{who} has a new document: “{policy.title}”. It takes effect on {when}.",)
    return (
        f"{who} changes its document “{policy.title}”. The new text takes effect on {when}.",
        "Until then the text that you know stays in force.",
        *(
            (f"This replaces what we announced for {and_list([in_words(each) for each in told.replaces])}.",)
            if told.replaces
            else ()
        ),
    )


def _parts(told: _Told, version_id: str) -> tuple[Part, ...]:
    addresses = urls(told.new.policy, version_id, told.comparison.old)
    parts = [
        _changes(told),
        _others(told, addresses["redline"]),
        notice_parts.data(told.new, told.material, told.effective),
        notice_parts.consent(told.new.policy, told.material) if notice_parts.needs_consent(told.material) else None,
        notice_parts.choices(told.old, told.new, told.material, told.effective, version_id),
        _links(told, addresses),
        notice_parts.contact(told.new),
        notice_parts.why(told.old, told.new.policy, told.comparison.notice_days),
    ]
    return tuple(part for part in parts if part is not None)


def _changes(told: _Told) -> Part:
    items = tuple(Item(_with_consent(change)) for change in told.material)
    if told.old is None:
        return Part("changes", "What changes", ("This is the first version, so there is no earlier text.",))
    if not items:
        return Part("changes", "What changes", ("No change is material.",))
    intro = "This changes what we do with data, or what we promise about it:"
    return Part("changes", "What changes", (intro,), items)


def _with_consent(change: Change) -> str:
    words = sentence(change)
    return (
        f"{words} This needs your consent for data that we already hold."
        if change.consent is Consent.REQUIRED
        else words
    )


def _others(told: _Told, url: str) -> Part | None:
    number = len(told.comparison.changes) - len(told.material)
    if not number:
        return None
    shown = "They are all shown here:" if number > 1 else "It is shown here:"
    verb = "There is" if number == 1 else "There are"
    return Part("others", "Other changes", (f"{verb} {count(number, 'other change')}. {shown}",), (Item("", url),))


def _links(told: _Told, addresses: Mapping[str, str]) -> Part:
    listed = [Item("The new text:", addresses["upcoming"])]
    if told.old is not None:
        listed += [
            Item("What changes, word by word:", addresses["redline"]),
            Item("This notice as a web page:", addresses["notice"]),
            Item("The text in force until then:", addresses["current"]),
        ]
    listed.append(Item("All versions:", addresses["versions"]))
    return Part("links", "Read it yourself", (), tuple(listed))


__all__ = ["Item", "Notice", "Part", "host", "language", "notice_content", "sender", "subject", "urls"]
