"""The pages of the policy's other languages: the text and the notice of every version that has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from policytrail.languages import ENGLISH, Catalogue, catalogue
from policytrail.languages.voice import voice_of
from policytrail.model.policy import Snapshot
from policytrail.model.version import Version
from policytrail.render.shared.phrases import STATES
from policytrail.render.shared.translated_policy import Words, reading
from policytrail.render.state.site_view import Page, SiteView
from policytrail.render.state.status_sentences import banner, dates

from .page_context import page


@dataclass(frozen=True)
class Alternate:
    """One language of a page: its tag, what it calls itself, its address from the site's root."""

    language: str
    name: str
    path: str
    is_source: bool


def alternates(view: SiteView, version: Version, path: str) -> tuple[Alternate, ...]:
    """The languages of a page of one version, the source's first. `path` is the source's page; nothing where it is alone."""
    snapshot = view.snapshot(version)
    listed = list(_alternates(snapshot, path, _is_notice(path)))
    return tuple(listed) if len(listed) > 1 else ()


def _alternates(snapshot: Snapshot, path: str, notice: bool) -> Iterator[Alternate]:
    base = path.removesuffix("index.html")
    source = snapshot.policy.language
    yield Alternate(source, _name(source), base, True)
    for language, made in snapshot.translations.items():
        if not notice or catalogue(language):
            yield Alternate(language, made.name or _name(language), f"{base}{language}/", False)


def _is_notice(path: str) -> bool:
    return path.endswith("notice/index.html")


def _name(language: str) -> str:
    words = catalogue(language)
    return words.name if words else language


def translated_pages(view: SiteView) -> dict[str, Page | bytes]:
    """Every page in another language by its path."""
    files: dict[str, Page | bytes] = {}
    for path, version in _texts(view):
        for alternate in alternates(view, version, path)[1:]:
            files[f"{alternate.path}index.html"] = _text(view, version, alternate, path)
    for version in (each for each in view.versions if each.imported is None):
        path = f"versions/{version.id}/notice/index.html"
        for alternate in alternates(view, version, path)[1:]:
            files[f"{alternate.path}index.html"] = _notice(view, version, alternate, path)
    if view.draft:
        for alternate in list(_alternates(view.draft, "draft/index.html", False))[1:]:
            files[f"{alternate.path}index.html"] = _draft(view, view.draft, alternate)
    return files


def _texts(view: SiteView) -> Iterator[tuple[str, Version]]:
    """The pages with a whole text, in the source's language."""
    if view.status.current:
        yield "index.html", view.status.current
    if view.next:
        yield "upcoming/index.html", view.next.version
    for version in view.versions:
        yield f"versions/{version.id}/index.html", version


def _text(view: SiteView, version: Version, alternate: Alternate, path: str) -> Page:
    words = catalogue(alternate.language) or ENGLISH
    state = view.state(version)
    snapshot = view.snapshot(version)
    more = _read(snapshot, alternate.language, words) | {
        "version": version,
        "state": state,
        "dates": dates(view, version, words),
        "kicker": words.say("Version {id}", id=version.id),
        "source": path.removesuffix("index.html"),
        "alternates": alternates(view, version, path),
        "added": version.translated_on(alternate.language, view.as_of),
    }
    return _page(view, alternate, "translated.html", more, version, words)


def _read(snapshot: Snapshot, language: str, words: Catalogue) -> dict[str, Any]:
    read = reading(snapshot, language)
    return {
        "read": read,
        "legal_name": snapshot.policy.organization.legal_name,
        "governs": snapshot.governing == language,
        "governing": words.language_name(snapshot.governing),
        "governing_path": "" if snapshot.governing == snapshot.policy.language else f"{snapshot.governing}/",
        "source_language": words.language_name(snapshot.policy.language),
        "source_tag": snapshot.policy.language,
    }


def _notice(view: SiteView, version: Version, alternate: Alternate, path: str) -> Page:
    words, voice = catalogue(alternate.language) or ENGLISH, voice_of(view.snapshot(version), alternate.language)
    state = view.state(version)
    more = {
        "version": version,
        "state": state,
        "state_words": STATES[state],
        "dates": dates(view, version, words),
        "notice": view.notice(version, voice),
        "alternates": alternates(view, version, path),
        "added": version.translated_on(alternate.language, view.as_of),
    }
    return _page(view, alternate, "notice.html", more, version, words)


def _draft(view: SiteView, draft: Snapshot, alternate: Alternate) -> Page:
    words = catalogue(alternate.language) or ENGLISH
    more = _read(draft, alternate.language, words) | {
        "version": None,
        "state": "draft",
        "kicker": words.say("Draft"),
        "source": "draft/",
        "added": None,
        "dates": (words.say("This is a draft. It isn't announced, and it isn't in force."),),
        "alternates": tuple(_alternates(draft, "draft/index.html", False)),
    }
    return _page(view, alternate, "translated.html", more, None, words)


def _same_language(view: SiteView, language: str) -> dict[str, str]:
    """The ends of the addresses that keep the reader in the language, where there are such pages."""
    current, coming, told = view.status.current, view.next, banner(view)
    about = next((each for each in view.versions if told and each.id == told.version), None)
    pages = {
        "home": current,
        "next_in": coming.version if coming else None,
        "notice_in": about if catalogue(language) and about and about.imported is None else None,
    }
    return {
        name: f"{language}/" if version and language in view.snapshot(version).translations else ""
        for name, version in pages.items()
    }


def _page(
    view: SiteView, alternate: Alternate, template: str, more: dict[str, Any], version: Version | None, words: Catalogue
) -> Page:
    title = more["read"].title.text if "read" in more else more["notice"].subject
    snapshot = view.snapshot(version) if version else view.draft
    disclaimer = reading(snapshot, alternate.language).disclaimer if snapshot else None
    if disclaimer:
        more = more | {"disclaimer": Words(disclaimer.text, disclaimer.language or alternate.language)}
    more = _same_language(view, alternate.language) | more
    return page(
        view, f"{alternate.path}index.html", title, template, more, version, read_in=alternate.language, words=words
    )
