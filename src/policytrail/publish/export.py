"""The end that makes documents: what a format is given, read from the repository, and the site's own PDFs."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from policytrail.errors import RepositoryError, SourceError, UsageError
from policytrail.languages import ENGLISH, Catalogue, catalogue
from policytrail.model.version import Version
from policytrail.render.diff.change_groups import groups
from policytrail.render.documents import Changes, Document, document, pdf
from policytrail.render.shared import templates
from policytrail.render.shared.full_redline import whole
from policytrail.render.shared.phrases import tally
from policytrail.render.shared.translated_policy import in_language
from policytrail.render.state.site_view import SiteView
from policytrail.render.state.status_sentences import dates
from policytrail.sources.load import load_draft
from policytrail.storage.render_cache import Cache, user_cache
from policytrail.workspace import Workspace

from .site_view import view

_log = logging.getLogger("policytrail.publish.export")
_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "/Library/Fonts")


def kept(workspace: Workspace) -> Cache:
    """The user's cache for what this repository's templates make."""
    return user_cache(*template_folders(workspace))


def template_folders(workspace: Workspace) -> tuple[Path, ...]:
    """The repository's own templates, if it has some, then the packaged ones."""
    own = workspace.templates
    return ((own,) if own.exists() else ()) + (templates.packaged_templates(),)


def with_documents(workspace: Workspace, shown: SiteView, strict: bool = False) -> SiteView:
    """What the site shows, with its PDFs: the policy in force, and the redline of what comes next (else of it).

    Without the extra `pdf` the site has none. One that takes too long is left out and named: a notice on the site is
    worth more than a PDF. With `strict` it raises SourceError instead.
    """
    current = shown.status.current
    if current is None or not pdf.available():
        return shown
    newest = shown.next.version if shown.next else current
    wanted = {"policy.pdf": described(workspace, shown, current)}
    if newest.comparison.old:
        wanted["changes.pdf"] = described(workspace, shown, newest, changes=True)
    cache = kept(workspace)
    made = {name: printed for name, given in wanted.items() if (printed := _printed(cache, name, given, strict))}
    cache.tidy()
    redline = made.get("changes.pdf")
    return replace(shown, pdf=made.get("policy.pdf"), redline_pdf=(newest.id, redline) if redline else None)


def _printed(cache: Cache, name: str, given: Document, strict: bool) -> bytes | None:
    page = pdf.html(given)
    try:
        return cache.once(("pdf", page, _fonts(), str(pdf.subsets_with_harfbuzz())), lambda: pdf.printed(page))
    except SourceError as slow:
        if strict:
            raise
        _log.warning("%s of version %s is left out. %s", name, given.name, slow)
        return None


@cache
def _fonts() -> bytes:
    """The fonts of this machine by name and size: with others the same page makes another PDF."""
    found = (each for folder in _FONTS for each in sorted(Path(folder).expanduser().rglob("*")) if each.is_file())
    return "\n".join(f"{path.name} {path.stat().st_size}" for path in found).encode()


def described(workspace: Workspace, shown: SiteView, version: Version, changes: bool = False) -> Document:
    """What a format is given for a frozen version."""
    env = templates.environment(*template_folders(workspace)[:-1])
    told = _changes(shown, version) if changes else None
    return Document(version.snapshot, version.id, dates(shown, version), version.effective, version.manifest, env, told)


def _changes(shown: SiteView, version: Version) -> Changes:
    old = shown.previous(version)
    if old is None:
        raise UsageError(f"{version.id} is the first version; there is nothing to compare it with.")
    found = groups(version.comparison, old.snapshot, version.snapshot)
    return Changes(old.id, tally(version.comparison), found, whole(old.snapshot, version.snapshot))


def exported(
    workspace: Workspace, form: str, name: str | None, as_of: date | None, changes: bool, language: str | None = None
) -> bytes:
    """One document. In: the format, a version's id, `draft`, or None for the version in force on the day; a translation.

    Raises UsageError for a version or translation that doesn't exist and a format that can't be made.
    """
    if changes and (name == "draft" or language):
        raise UsageError("--changes is for a frozen version in its own language. Else: policytrail diff VERSION draft")
    words = (catalogue(language) or ENGLISH) if language else ENGLISH
    if name == "draft":
        draft = load_draft(workspace.policy)
        env = templates.environment(*template_folders(workspace)[:-1])
        lines = (words.say("This is a draft. It isn't in force."),)
        return document(form, _in(Document(draft, "draft", lines, None, None, env), language, words))
    shown = view(workspace, as_of)
    version = _chosen(shown, name)
    given = described(workspace, shown, version, changes)
    if language is None:
        return document(form, given)
    given = replace(given, snapshot=shown.snapshot(version), lines=dates(shown, version, words))
    return document(form, _in(given, language, words))


def _in(given: Document, language: str | None, words: Catalogue) -> Document:
    """The document in a translation; it says itself which language governs."""
    if language is None:
        return given
    found = given.snapshot.translations
    if language not in found:
        raise UsageError(
            f"There is no {language} translation of {given.name}. Languages: {', '.join(found) or 'none'}."
        )
    governing = given.snapshot.governing
    said = words.say("This is a translation. The text in {language} governs.", language=words.language_name(governing))
    lines = given.lines if governing == language else (*given.lines, said)
    return replace(given, snapshot=in_language(given.snapshot, language, words), lines=lines, words=words)


def _chosen(shown: SiteView, name: str | None) -> Version:
    if name is None:
        if shown.status.current is None:
            raise RepositoryError(f"No version is in force on {shown.as_of}.")
        return shown.status.current
    for version in shown.versions:
        if version.id == name:
            return version
    known = ", ".join(each.id for each in shown.versions)
    raise UsageError(f"There is no version {name!r} on {shown.as_of}. Versions: {known}; or write draft.")
