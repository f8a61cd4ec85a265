"""What people will be told about a version, on every channel, on one page; only a live preview has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from policytrail.languages.voice import Voice, spoken
from policytrail.model.version import Version
from policytrail.render.api.feeds import Entry, entries
from policytrail.render.state.site_view import Page, SiteView
from policytrail.render.state.status_sentences import Banner, Phase, banner, phases


@dataclass(frozen=True)
class Shown:
    """One version with its feed entries; its mails are files beside the page."""

    version: Version
    subject: str
    languages: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Gallery:
    """Everything that the page shows: the site's banner and the embedded one are about all pending versions at once."""

    versions: tuple[Shown, ...]
    banner: Banner | None
    phases: tuple[Phase, ...]


def gallery(view: SiteView) -> Gallery:
    """What is told about the versions to come; with none to come, about the newest."""
    listed = tuple(state.version for state in view.pending) or view.versions[-1:]
    made = entries(view)
    told = tuple(
        Shown(
            version,
            view.notice(version).subject,
            tuple(_voices(view, version)),
            tuple(entry for entry in made if f"versions/{version.id}/" in entry.url),
        )
        for version in listed
    )
    return Gallery(told, banner(view), phases(view))


def _voices(view: SiteView, version: Version) -> dict[str, Voice]:
    return spoken(view.snapshot(version))


def mails(view: SiteView, shown: Gallery) -> Mapping[str, Page]:
    """The mails of the page by their paths, before their style sheets are written into the elements."""
    made: dict[str, Page] = {}
    for version in shown.versions:
        voices: dict[str, Voice | None] = {"": None, **_voices(view, version.version)}
        for language, voice in voices.items():
            notice = view.notice(version.version, voice).unsealed()
            context: dict[str, Any] = {"notice": notice, "manifest": version.version.manifest}
            name = f"gallery/{version.version.id}/mail{f'.{language}' if language else ''}"
            made |= {f"{name}.{form}": Page("Mail", f"email/notice.{form}", context) for form in ("html", "txt")}
    return made
