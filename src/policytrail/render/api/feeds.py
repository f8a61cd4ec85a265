"""Feeds: one entry when a version is announced, one when it takes effect, one when it is withdrawn.

Dates come from the versions, never from a clock; ids are stable and never used again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from policytrail.model.dates import in_words
from policytrail.model.version import Version
from policytrail.render.notice.subject import subject
from policytrail.render.shared.phrases import instant, instant_words, sentence, tally, worst_first
from policytrail.render.state.site_view import SiteView, was_announced
from policytrail.render.state.status_sentences import taken_over


@dataclass(frozen=True)
class Entry:
    """One entry of a feed. `lines` are sentences, `changes` the sentences of the changes, worst first."""

    id: str
    title: str
    url: str
    updated: str
    lines: tuple[str, ...]
    changes: tuple[str, ...]
    manifest: str
    effective: str


def entries(view: SiteView) -> tuple[Entry, ...]:
    """All entries that are true on the day, the newest first."""
    found = [entry for version in view.versions for entry in _of(view, version)]
    return tuple(sorted(found, key=lambda each: (each.updated[:10], each.id), reverse=True))


def _of(view: SiteView, version: Version) -> list[Entry]:
    state = view.state(version)
    day, zone = in_words(version.effective), version.snapshot.policy.zone
    made = []
    if was_announced(version) and version.announced <= view.as_of:
        line = f"A new text is announced. Its effective date is {instant_words(version.effective, zone)}."
        made.append(
            _entry(view, version, "announced", version.announced, subject(version.comparison, version.effective), line)
        )
    if state in ("effective", "superseded") and view.replaced_by(version) is None:
        made.append(
            _entry(
                view,
                version,
                "effective",
                version.effective,
                f"Our privacy policy of {day} is in force",
                " ".join(
                    [f"This text is in force from {instant_words(version.effective, zone)}.", *taken_over(version)]
                ),
            )
        )
    other = view.replaced_by(version)
    if other is not None and other.effective != version.effective:
        made.append(
            _entry(
                view,
                version,
                "moved",
                other.announced,
                f"The change announced for {day} has another date",
                f"The announced text takes effect on {instant_words(other.effective, zone)} instead.",
            )
        )
    withdrawn = next((evidence.on for evidence in version.evidence if evidence.kind == "withdrawn"), None)
    if state == "withdrawn" and withdrawn:
        made.append(
            _entry(
                view,
                version,
                "withdrawn",
                withdrawn,
                f"The change announced for {day} is withdrawn",
                "The announced text does not take effect. The text in force stays as it is.",
            )
        )
    return made


def _entry(view: SiteView, version: Version, event: str, on: date, title: str, line: str) -> Entry:
    zone, base = version.snapshot.policy.zone, f"{view.policy.site_url}versions/{version.id}/"
    compared = version.comparison.old is not None
    changes = tuple(map(sentence, worst_first(version.comparison.changes)))
    return Entry(
        id=f"{tag(view, version)}/{event}",
        title=title,
        url=base + ("notice/" if compared and event == "announced" else ""),
        updated=instant(on, zone),
        lines=(line, f"It has {tally(version.comparison)}: {base}changes/") if compared else (line,),
        changes=changes,
        manifest=version.manifest,
        effective=instant(version.effective, zone),
    )


def tag(view: SiteView, version: Version | None = None) -> str:
    """A tag: URI (RFC 4151) below the site's own host; its date is one on which the site existed."""
    parts = urlsplit(view.policy.site_url)
    first = [version] if version else view.versions[:1]
    minted = min((min(each.announced, each.effective) for each in first), default=view.as_of).isoformat()
    return f"tag:{parts.hostname},{minted}:{parts.path}" + (f"versions/{version.id}" if version else "policy")


def atom_context(view: SiteView) -> dict[str, Any]:
    """The values for the Atom template."""
    listed = entries(view)
    policy = view.policy
    updated = listed[0].updated if listed else instant(view.as_of, policy.zone)
    return {"site": policy, "id": tag(view), "updated": updated, "entries": listed}


def json_feed(view: SiteView) -> dict[str, Any]:
    """The same entries as a JSON Feed 1.1."""
    policy = view.policy
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": policy.title,
        "home_page_url": policy.site_url,
        "feed_url": f"{policy.site_url}feed.json",
        "language": policy.language,
        "authors": [{"name": policy.organization.name}],
        "items": [_item(entry) for entry in entries(view)],
    }


def _item(entry: Entry) -> dict[str, Any]:
    text = "\n".join([*entry.lines, *(f"- {change}" for change in entry.changes)])
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_text": text,
        "date_published": entry.updated,
        "_policytrail": {"manifest": entry.manifest, "effective": entry.effective},
    }
