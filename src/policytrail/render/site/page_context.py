"""What every page is given, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from policytrail.languages import ENGLISH, Catalogue
from policytrail.model.policy import Policy
from policytrail.model.translations.translation import direction
from policytrail.model.version import Version
from policytrail.render.notice.content import language
from policytrail.render.shared.translated_policy import Words
from policytrail.render.state.site_view import Page, SiteView
from policytrail.render.state.status_sentences import banner


def page(
    view: SiteView,
    path: str,
    title: str,
    template: str,
    context: Mapping[str, Any],
    version: Version | None = None,
    root: str | None = None,
    read_in: str | None = None,
    words: Catalogue = ENGLISH,
) -> Page:
    """A page with what every page needs. `root` leads from the page to the site's root.

    `read_in`: the language of the page, where it is a translation; `words` are the product's in it, or English ones.
    """
    policy = view.policy
    lang = read_in or language(policy)
    depth = path.count("/")
    return Page(
        title,
        template,
        {
            "title": title,
            "site": policy,
            "lang": lang,
            "dir": direction(lang),
            "ours": ours(lang, words),
            "words": words,
            "t": words.say,
            "alternates": (),
            "main_language": language(policy),
            "added": None,
            "home": "",
            "next_in": "",
            "notice_in": "",
            "disclaimer": _disclaimer(policy, lang),
            "root": root or "../" * depth or "./",
            "canonical": policy.site_url + path.removesuffix("index.html"),
            "path": path.removesuffix("index.html"),
            "banner": banner(view, words),
            "coming": view.next,
            "current": view.status.current,
            "as_of": view.as_of,
            "preview": view.preview,
            "pdf": view.pdf is not None,
            "manifest": version.manifest if version else None,
            "manifest_of": version.id if version else None,
            "draft": view.draft is not None,
            "live": False,
            "scripted": False,
            "changes_pdf": None,
            **context,
        },
    )


def _disclaimer(policy: Policy, lang: str) -> Words | None:
    """The policy's disclaimer in its own language; a page in another language has it translated, or marked."""
    if policy.disclaimer is None:
        return None
    return Words(policy.disclaimer, None if lang == language(policy) == policy.language else policy.language)


def ours(lang: str, words: Catalogue) -> Markup:
    """The attributes that mark the product's own words where the page is in another language than they are."""
    same = lang.partition("-")[0] == words.language.partition("-")[0]
    return Markup("" if same else f' lang="{words.language}" dir="{direction(words.language)}"')
