"""The whole site as values: every address with its page or its bytes. Pure; `rendered` turns pages into bytes."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import jinja2

from policytrail.languages import ENGLISH, Catalogue, catalogue
from policytrail.model.policy import Snapshot
from policytrail.model.policy_markdown import policy_markdown
from policytrail.model.version import Version
from policytrail.render.api import documents, feeds
from policytrail.render.diff.change_groups import groups
from policytrail.render.documents.jsonld import linked
from policytrail.render.shared import templates
from policytrail.render.shared.full_redline import differing, whole
from policytrail.render.shared.markdown import policy_text
from policytrail.render.shared.phrases import STATES, tally
from policytrail.render.state.site_view import DraftReview, Page, SiteView, was_announced
from policytrail.render.state.status_sentences import dates
from policytrail.render.summary.data_flow import flow
from policytrail.render.summary.glance import glance
from policytrail.render.summary.short import in_short

from .audit_log import acts
from .changes_since import periods, since
from .notice_calendar import notice_calendar
from .notice_gallery import gallery, mails
from .page_context import page
from .timeline import timeline
from .translated_pages import alternates, translated_pages
from .well_known import well_known
from .wording_history import wordings

Files = dict[str, "Page | bytes"]


def site_files(view: SiteView) -> Files:
    """Every file of the site by its path below the site's root. Assets of the theme are not among them."""
    files: Files = {}
    files |= _front(view)
    for version in view.versions:
        files |= _version(view, version)
    files |= translated_pages(view)
    files |= _overviews(view)
    files |= _since(view) if view.status.current else {}
    files |= _compare(view) | _search(view) if view.versions else {}
    files |= _draft(view, view.draft) if view.draft else {}
    files |= _gallery(view) if view.draft and view.versions else {}
    files |= {path: _json(value) for path, value in documents.documents(view).items()}
    files |= {
        "feed.json": _json(feeds.json_feed(view)),
        "feed.atom": Page("Feed", "feeds/feed.atom", feeds.atom_context(view)),
    }
    files |= {
        name: Page("Banner", "banner/notice.js", {"data": data}) for name, data in documents.banners(view).items()
    }
    files["sitemap.xml"] = Page("Sitemap", "feeds/sitemap.xml", {"urls": _addresses(view, files)})
    files["404.html"] = page(view, "404.html", "Page not found", "404.html", {}, None, view.policy.site_url)
    return files


def rendered(files: Files, env: jinja2.Environment) -> dict[str, bytes]:
    """All files as bytes, in order of their paths. Raises TemplateError."""
    return {path: _bytes(files[path], env) for path in sorted(files)}


def _bytes(file: Page | bytes, env: jinja2.Environment) -> bytes:
    return file if isinstance(file, bytes) else templates.render(env, file.template, file.context).encode()


def _front(view: SiteView) -> Files:
    files: Files = {}
    current, coming = view.status.current, view.next
    if current is None:
        files["index.html"] = page(view, "index.html", view.policy.title, "empty.html", {})
    else:
        files |= _front_and_table(view, current)
        lines = dates(view, current)
        files["policy.md"] = policy_markdown(current.snapshot, lines).encode()
        files["policy.txt"] = policy_text(current.snapshot, lines).encode()
        files |= {"policy.pdf": view.pdf} if view.pdf else {}
        files["policy.jsonld"] = _json(linked(current.snapshot, current.id, current.effective))
        files |= well_known(current)
    if coming is not None:
        title = f"{coming.version.snapshot.policy.title}: the new text"
        files["upcoming/index.html"] = _policy(
            view, "upcoming/index.html", coming.version, title, **_compared(view, coming.version)
        )
    elif view.withdrawn_lately is not None:  # a link that somebody kept leads to an answer
        gone = view.withdrawn_lately
        title = f"{gone.snapshot.policy.title}: the new text is withdrawn"
        files["upcoming/index.html"] = _policy(view, "upcoming/index.html", gone, title)
    return files


def _front_and_table(view: SiteView, current: Version) -> Files:
    """The text in force with its summary, and the table behind it."""
    overview, title = glance(current.snapshot), current.snapshot.policy.title
    short = in_short(current.snapshot, overview)
    more: dict[str, Any] = {
        "short": short,
        "flow": flow(current.snapshot),
        "rows": overview.by_clause if overview.rows else None,
    }
    more["glance"] = overview if overview.rows else None
    files: Files = {"index.html": _policy(view, "index.html", current, title, **more)}
    if overview.rows:
        table = _standing(view, current) | {"snapshot": current.snapshot, "glance": overview, "scripted": True}
        files["glance/index.html"] = page(view, "glance/index.html", "At a glance", "glance.html", table, current)
    return files


def _version(view: SiteView, version: Version) -> Files:
    base = f"versions/{version.id}/"
    title = f"{version.snapshot.policy.title}: version {version.id}"
    files: Files = {f"{base}index.html": _policy(view, f"{base}index.html", version, title)}

    def add(name: str, page_title: str, template: str, more: dict[str, Any], read_in: str | None = None) -> None:
        path, words = f"{base}{name}/index.html", (catalogue(read_in or "") or ENGLISH)
        context = _standing(view, version, words) | more
        files[path] = page(view, path, page_title, template, context, version, read_in=read_in, words=words)

    if version.imported is None:
        notice = view.notice(version)
        told = {"notice": notice, "alternates": alternates(view, version, f"{base}notice/index.html")}
        add("notice", f"Notice of version {version.id}", "notice.html", told, notice.language)
    if version.comparison.old is not None:
        old = view.previous(version)
        more = _compared(view, version) | {"previous": old, "blocks": None, "differing": frozenset()}
        if old is not None:
            more["blocks"] = partial(whole, old.snapshot, version.snapshot)
            more["differing"] = differing(old.snapshot, version.snapshot)
        if view.redline_pdf and view.redline_pdf[0] == version.id:
            files[f"{base}changes.pdf"] = view.redline_pdf[1]
            more["changes_pdf"] = f"{base}changes.pdf"
        add("changes", f"What changes with version {version.id}", "changes.html", more)
    return files


def _since(view: SiteView) -> Files:
    """Where a reader finds the day on which they joined, and for each old version what changed since."""
    found = periods(view)
    context = {"periods": found, "scripted": True}
    path = "since/index.html"
    files: Files = {path: page(view, path, "What changed since you joined?", "joined.html", context)}
    for period in found:
        told = since(view, period)
        if told is not None:
            path, title = f"versions/{period.version.id}/since/index.html", f"What changed since {period.version.id}"
            files[path] = page(
                view, path, title, "since.html", {"since": told, "version": period.version}, period.version
            )
    return files


def _compare(view: SiteView) -> Files:
    """Where a reader chooses any two versions."""
    choices = tuple(reversed(view.versions))
    new = choices[0].id
    old = choices[1].id if len(choices) > 1 else new
    context = {"choices": choices, "old": old, "new": new, "scripted": True}
    path = "compare/index.html"
    return {path: page(view, path, "Compare two versions", "compare.html", context)}


def _search(view: SiteView) -> Files:
    """Where a reader finds in which texts a word stood."""
    path, context = "search/index.html", {"wordings": wordings(view), "scripted": True}
    return {path: page(view, path, "Find a word in any version", "search.html", context)}


def _overviews(view: SiteView) -> Files:
    """The list of versions and the changelog, the newest first."""
    entries = [
        _standing(view, version) | _compared(view, version) | _span(view, version)
        for version in reversed(view.versions)
    ]
    context = {"entries": entries, "timeline": timeline(view), "calendar": notice_calendar(view.versions, view.as_of)}
    audit = page(view, "audit/index.html", "Audit", "audit.html", {"acts": acts(view)})
    files: Files = {"audit/index.html": audit} if view.versions else {}
    return files | {
        "versions/index.html": page(view, "versions/index.html", "All versions", "versions.html", context),
        "changelog/index.html": page(view, "changelog/index.html", "Changelog", "changelog.html", context),
    }


def _draft(view: SiteView, draft: Snapshot) -> Files:
    """The draft as it would read, and which words differ from the newest version."""
    newest = view.versions[-1] if view.versions else None
    review = view.review or DraftReview(None)
    context = {
        "snapshot": draft,
        "newest": newest,
        "blocks": whole(newest.snapshot, draft) if newest else (),
        "passages": differing(newest.snapshot, draft) if newest else (),
        "review": review,
        "groups": groups(review.comparison, newest.snapshot if newest else None, draft) if review.comparison else (),
    }
    return {"draft/index.html": page(view, "draft/index.html", f"{draft.policy.title}: draft", "draft.html", context)}


def _gallery(view: SiteView) -> Files:
    """Every mail, banner and feed entry of what is to come; only a preview has it."""
    shown = gallery(view)
    shown_page = page(view, "gallery/index.html", "What people are told", "gallery.html", {"gallery": shown})
    return {"gallery/index.html": shown_page, **mails(view, shown)}


def _policy(view: SiteView, path: str, version: Version, title: str, **more: Any) -> Page:
    """A page with the full text of one version."""
    context = _standing(view, version) | {
        "snapshot": version.snapshot,
        "short": None,
        "flow": None,
        "rows": None,
        "glance": None,
        "groups": None,
        "others": view.pending[1:],
        "is_front": path == "index.html",
        "alternates": alternates(view, version, path),
    }
    return page(view, path, title, "policy.html", context | more, version)


def _standing(view: SiteView, version: Version, said: Catalogue = ENGLISH) -> dict[str, Any]:
    state = view.state(version)
    words = "Replaced before its date" if view.replaced_by(version) else STATES[state]
    return {"version": version, "dates": dates(view, version, said), "state": state, "state_words": words}


def _span(view: SiteView, version: Version) -> dict[str, Any]:
    return {"until": view.until(version), "told": was_announced(version)}


def _compared(view: SiteView, version: Version) -> dict[str, Any]:
    old = view.previous(version)
    found = groups(version.comparison, old.snapshot if old else None, version.snapshot)
    return {"groups": found, "tally": tally(version.comparison)}


def _addresses(view: SiteView, files: Files) -> list[str]:
    paths = sorted(path.removesuffix("index.html") for path in files if path.endswith("index.html"))
    return [view.policy.site_url + path for path in paths]


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


__all__ = ["Files", "Page", "SiteView", "rendered", "site_files"]
