"""The pages of other languages: marked, linked with each other, plain about what governs and what is behind or missing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import render_samples as samples
import translated_samples
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from policytrail.archive.snapshot_json import translation_record
from policytrail.languages.voice import voice_of
from policytrail.model.translations.translation import TranslatedClause, Translation
from policytrail.model.version import TRANSLATION, Evidence
from policytrail.render.notice.mail import mail
from policytrail.render.shared import templates
from policytrail.render.shared.translated_policy import reading
from policytrail.render.site.site_files import Page, SiteView, rendered, site_files

SITE = "https://larkspur.example/privacy/"


@pytest.fixture(scope="module")
def pages() -> dict[str, Any]:
    """Every HTML page of the site, parsed."""
    found = rendered(site_files(translated_samples.view()), templates.environment())
    return {path: html.fromstring(raw) for path, raw in found.items() if path.endswith(".html")}


def text(element: Any) -> str:
    return " ".join(element.text_content().split())


def one_page(view: SiteView, path: str) -> str:
    """One page of a site, empty where there is none."""
    page = site_files(view).get(path)
    return templates.render(templates.environment(), page.template, page.context) if isinstance(page, Page) else ""


def test_each_language_has_its_pages_and_no_other_version_gets_any(pages: dict[str, Any]) -> None:
    found = {path for path in pages if re.search(r"(^|/)(fr|ar)/index\.html$", path)}
    third = f"versions/{samples.THIRD}"
    assert found == {
        "upcoming/fr/index.html",
        "upcoming/ar/index.html",
        f"{third}/fr/index.html",
        f"{third}/ar/index.html",
        f"{third}/notice/fr/index.html",
    }


def test_languages_and_directions_are_marked(pages: dict[str, Any]) -> None:
    french, arabic = pages["upcoming/fr/index.html"], pages["upcoming/ar/index.html"]
    assert (french.get("lang"), french.get("dir")) == ("fr", None)
    assert (arabic.get("lang"), arabic.get("dir")) == ("ar", "rtl")
    assert [(each.get("lang"), each.get("dir")) for each in arabic.xpath("//header[@class='top'] | //footer")] == [
        ("en", "ltr")
    ] * 2
    assert french.xpath("//header[@class='top']")[0].get("lang") is None
    covered = arabic.get_element_by_id("scope/covers").xpath("./div")[0]
    assert covered.get("lang") is None and "تشمل" in text(covered)
    foreign = arabic.get_element_by_id("collection/cookies").xpath("./div")[0]
    assert (foreign.get("lang"), foreign.get("dir")) == ("en-US", "ltr")


@pytest.mark.parametrize("path", ["upcoming/index.html", "upcoming/fr/index.html", "upcoming/ar/index.html"])
def test_every_language_names_all_others_and_a_default(pages: dict[str, Any], path: str) -> None:
    listed = {
        each.get("hreflang"): each.get("href") for each in pages[path].xpath("//link[@rel='alternate'][@hreflang]")
    }
    assert listed == {
        "en-US": f"{SITE}upcoming/",
        "x-default": f"{SITE}upcoming/",
        "fr": f"{SITE}upcoming/fr/",
        "ar": f"{SITE}upcoming/ar/",
    }
    switch = pages[path].xpath("//nav[@class='languages']//a")
    assert [(each.get("lang"), text(each)) for each in switch] == [
        ("en-US", "English"),
        ("fr", "Français"),
        ("ar", "العربية"),
    ]
    assert len([each for each in switch if each.get("aria-current")]) == 1


def test_a_page_without_other_languages_has_no_switch(pages: dict[str, Any]) -> None:
    assert pages["index.html"].xpath("//nav[@class='languages'] | //link[@hreflang]") == []


def test_what_governs_what_is_behind_and_what_is_missing_is_said(pages: dict[str, Any]) -> None:
    french = pages["upcoming/fr/index.html"]
    said = text(french.xpath("//div[starts-with(@class, 'standing')]")[0])
    assert "Ceci est une traduction. Seul le texte original (anglais) fait foi." in said
    assert "1 passage de cette traduction porte sur un texte plus ancien" in said
    assert "7 passages ne sont pas encore traduits" in said
    note = french.get_element_by_id("collection/registration").xpath("./p[@class='note']")[0]
    assert "traduction d'un texte plus ancien" in text(note)
    assert note.xpath("./a")[0].get("href") == "../../upcoming/#collection/registration"
    missing = french.get_element_by_id("about/contact")
    assert "pas encore traduit" in text(missing.xpath("./p[@class='note']")[0])
    assert missing.xpath("./h3/span")[0].get("lang") == "en-US"
    assert french.get_element_by_id("scope/covers").xpath("./p[@class='note']") == []
    source = text(pages["upcoming/index.html"].xpath("//div[starts-with(@class, 'standing')]")[0])
    assert "This text governs; the translations help to read it." in source


def test_the_sites_own_words_and_dates_are_the_readers(pages: dict[str, Any]) -> None:
    french = pages["upcoming/fr/index.html"]
    assert "Il entre en vigueur le 1er janvier 2014 à 00:00" in text(
        french
    ) or "Il doit entrer en vigueur le 1er" in text(french)
    bar = french.get_element_by_id("policy-notice")
    assert text(bar).startswith("1er janvier 2014 : notre politique de confidentialité change")
    assert bar.xpath(".//a/@href") == [f"../../versions/{samples.THIRD}/notice/fr/", "../../upcoming/fr/"]
    assert text(french.xpath("//footer//p[@class='disclaimer']")[0]) == "Texte d'exemple. Il n'engage personne."


def test_where_a_translation_governs_the_source_says_so() -> None:
    shown = translated_samples.view()
    old = shown.pending[0].version
    snapshot = replace(old.snapshot, policy=old.snapshot.policy.model_copy(update={"governs": "fr"}))
    new = replace(old, snapshot=snapshot)
    again = replace(
        shown,
        versions=(*shown.versions[:-1], new),
        status=replace(shown.status, pending=(replace(shown.pending[0], version=new),)),
    )
    assert "The text in French governs." in one_page(again, "upcoming/index.html")
    assert "Le texte dans cette langue fait foi." in one_page(again, "upcoming/fr/index.html")


def test_a_translation_published_later_is_shown_from_its_day_on() -> None:
    shown = samples.view()
    current = shown.status.current
    assert current is not None
    made = translated_samples.translated(current.snapshot).translations["fr"]
    record = Evidence(
        TRANSLATION, date(2013, 12, 5), {"translation": translation_record(made), "by": "A. Lawyer"}, "e" * 64
    )
    new = replace(current, evidence=(*current.evidence, record))
    versions = tuple(new if each is current else each for each in shown.versions)

    def front(day: date) -> str:
        status = replace(shown.status, current=new, as_of=day)
        return one_page(replace(shown, versions=versions, status=status), "fr/index.html")

    assert front(date(2013, 12, 4)) == ""
    page = front(date(2013, 12, 10))
    assert "La traduction a été ajoutée le 5 décembre 2013." in page
    assert new.snapshot.translations == {} and new.translated().translations["fr"] == made


def test_the_mail_of_a_language_falls_back_to_the_source_and_marks_it() -> None:
    shown = translated_samples.view()
    version = shown.pending[0].version
    voice = voice_of(version.snapshot, "fr")
    letter = mail(shown.notice(version, voice), version.manifest)
    assert "Content-Language: fr" in letter.eml.decode() and '<html lang="fr"' in letter.html
    assert "1er janvier 2014" in letter.text and "Ce que vous pouvez faire" in letter.text
    fallbacks = html.fromstring(letter.html).xpath("//li[@lang]")
    assert [each.get("lang") for each in fallbacks][:1] == ["en-US"]
    assert all(text(each).split(".")[0] in " ".join(letter.text.split()) for each in fallbacks)
    default = mail(shown.notice(version), version.manifest)
    assert default.html != letter.html and 'lang="fr"' not in default.html
    ids = [re.search(r"Message-ID: (.*)", each.eml.decode()) for each in (default, letter)]
    assert ids[0] and ids[1] and ids[0][1] != ids[1][1]


def test_the_banner_for_other_sites_speaks_each_language() -> None:
    files = site_files(translated_samples.view())
    assert sorted(each for each in files if each.endswith(".js")) == [
        "notice.fr.js",
        "notice.js",
    ]  # Arabic isn't spoken
    script = one_page(translated_samples.view(), "notice.fr.js")
    assert json.dumps("1er janvier 2014\u00a0: notre politique de confidentialité change")[1:-1] in script
    assert f"versions/{samples.THIRD}/notice/fr/" in script and len(script.encode()) < 4096


def test_machines_find_the_languages_too() -> None:
    found = json.loads(rendered(site_files(translated_samples.view()), templates.environment())["api/v1/versions.json"])
    by_id = {each["id"]: each["languages"] for each in found["versions"]}
    base = f"{SITE}versions/{samples.THIRD}/"
    assert by_id[samples.THIRD] == {"fr": f"{base}fr/", "ar": f"{base}ar/"} and by_id[samples.SECOND] == {}


def test_the_preview_shows_the_draft_and_its_mails_in_each_language() -> None:
    draft = replace(translated_samples.view(), draft=translated_samples.translated(samples.snapshot()))
    assert "Ceci est un projet." in one_page(draft, "draft/fr/index.html")
    files = site_files(draft)
    assert {f"gallery/{samples.THIRD}/mail.fr.html", f"gallery/{samples.THIRD}/mail.fr.txt"} <= files.keys()


CLAUSES = sorted(samples.snapshot().clauses)


@given(st.sets(st.sampled_from(CLAUSES)), st.sets(st.sampled_from(CLAUSES)))
def test_whatever_is_translated_nothing_is_left_out_and_nothing_passes_for_what_it_isnt(
    done: set[str], old: set[str]
) -> None:
    snapshot = samples.snapshot()
    made = {
        each: TranslatedClause(
            of="0" * 16 if each in old else snapshot.clauses[each].digest, title=f"T {each}", text=each
        )
        for each in done
    }
    whole = replace(snapshot, translations={"fr": Translation(language="fr", clauses=made)})
    read = reading(whole, "fr")
    assert [each.id for each in read.passages] == list(snapshot.clauses)
    assert {each.id for each in read.passages if each.language is None} == done
    assert {each.id for each in read.passages if each.behind} == done & old
    assert all(each.text == (each.id if each.id in done else snapshot.clauses[each.id].text) for each in read.passages)
    assert (read.behind, read.missing) == (len(done & old), len(CLAUSES) - len(done))


def test_where_the_source_itself_is_in_a_language_that_is_spoken_its_notices_are_too() -> None:
    shown = samples.view()
    old = shown.pending[0].version
    new = replace(old, snapshot=replace(old.snapshot, policy=old.snapshot.policy.model_copy(update={"language": "fr"})))
    again = replace(
        shown,
        versions=(*shown.versions[:-1], new),
        status=replace(shown.status, pending=(replace(shown.pending[0], version=new),)),
    )
    letter = mail(again.notice(new), new.manifest)
    assert "Content-Language: fr" in letter.eml.decode() and "Ce que vous pouvez faire" in letter.text
    assert html.fromstring(letter.html).xpath("//li[@lang]/@lang")[0] == "en"  # a recorded sentence, as it was
    page = html.fromstring(one_page(again, f"versions/{samples.THIRD}/notice/index.html"))
    assert (page.get("lang"), text(page.xpath("//h1")[0])) == ("fr", again.notice(new).subject.replace("\u00a0", " "))
    assert again.notice(new).subject.startswith("1er janvier 2014\u00a0: notre politique de confidentialité change")
