"""The site in a real browser: every page in every size and colour, by keyboard, without script; and the banner's clock."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import render_samples as samples
import translated_samples

from conftest import needed
from policytrail.publish.mkdocs_build import render
from policytrail.workspace import Workspace

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright isn't installed")
Axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe isn't installed").Axe

SITE = "https://larkspur.example/privacy/"
# WCAG's formula for contrast, over every element that shows text of its own; answers with what falls short.
CONTRAST = """() => {
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const lum = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  return [...document.body.querySelectorAll('*')].filter(e => !e.closest('svg, .vh, .skip, .anchor') && e.offsetWidth > 1
    && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).map(e => {
    const a = lum(parse(getComputedStyle(e).color)), b = lum(ground(e));
    return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.outerHTML.slice(0, 80)];
  }).filter(([ratio]) => ratio < 4.5);
}"""
TARGETS = """() => [...document.querySelectorAll('nav a, footer a, summary, .actions a')]
  .map(e => [e.getBoundingClientRect().height, e.textContent]).filter(([height]) => height && height < 24)"""


OPEN_ALL = """() => [...document.querySelectorAll('details')].forEach(each => each.open = true)"""
WIDE = "() => document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample site with a version pending, and all its files."""
    folder = tmp_path_factory.mktemp("site")
    view = replace(translated_samples.view(), pdf=b"%PDF-", redline_pdf=(samples.THIRD, b"%PDF-"))
    render(Workspace(folder), view, folder, strict=True)
    return folder


def addresses(site: Path) -> list[str]:
    """Every page, as a reader would ask for it."""
    found = sorted(each.relative_to(site).as_posix() for each in site.rglob("*.html") if each.name != "host.html")
    return [each.removesuffix("index.html") for each in found]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = needed("chromium", "the Debian package chromium")
    with sync_api.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


def opened(browser: Any, site: Path, **options: Any) -> tuple[Any, list[str]]:
    """A tab in which the site's address is answered from the folder; every other request is noted and refused."""
    page, strange = browser.new_context(**options).new_page(), []

    def answer(route: Any) -> None:
        url = route.request.url.partition("#")[0]
        path = site / (url.removeprefix(SITE) + ("index.html" if url.endswith("/") else ""))
        if url.startswith(SITE) and path.is_file():
            route.fulfill(path=path)
        else:
            strange.append(url)
            route.abort()

    page.route("**/*", answer)
    page.on("console", lambda message: strange.append(message.text))
    page.on("pageerror", lambda error: strange.append(str(error)))
    return page, strange


SCREENS = [(390, "light"), (1280, "dark"), (390, "dark"), (1280, "light")]
SLOW_SCREENS = [*SCREENS[:2], *(pytest.param(*screen, marks=pytest.mark.slow) for screen in SCREENS[2:])]


@pytest.mark.parametrize(("width", "scheme"), SLOW_SCREENS)
def test_every_page_fits_and_can_be_read_and_pressed(browser: Any, site: Path, width: int, scheme: str) -> None:
    page, strange = opened(browser, site, viewport={"width": width, "height": 800}, color_scheme=scheme)
    for path in addresses(site):
        page.goto(SITE + path)
        page.evaluate(OPEN_ALL)
        assert page.evaluate(WIDE) <= width, path
        assert page.evaluate(CONTRAST) == [], path
        assert page.evaluate(TARGETS) == [], path
    assert strange == [] and page.context.cookies() == []


def violations(browser: Any, site: Path, width: int, scheme: str, paths: list[str]) -> dict[str, Any]:
    """What axe-core finds on these pages, by their paths."""
    page, _ = opened(browser, site, viewport={"width": width, "height": 800}, color_scheme=scheme)
    found = {}
    for path in paths:
        page.goto(SITE + path)
        page.evaluate(OPEN_ALL)
        wrong = Axe().run(page).response["violations"]
        found |= {path: [(each["id"], each["nodes"][0]["html"]) for each in wrong]} if wrong else {}
    return found


def test_axe_finds_no_violation_on_some_pages(browser: Any, site: Path) -> None:
    """Every page in every look is slow; here every fifth, by turns in two looks."""
    some = addresses(site)[::5]
    assert len(some) >= 4
    assert (
        violations(browser, site, 390, "light", some[::2]) == {} == violations(browser, site, 1280, "dark", some[1::2])
    )


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_axe_finds_no_violation_on_any_page_of_any_look(browser: Any, site: Path, width: int, scheme: str) -> None:
    assert violations(browser, site, width, scheme, addresses(site)) == {}


def test_axe_sees_what_is_wrong(browser: Any, site: Path) -> None:
    page, _ = opened(browser, site)
    page.goto(SITE)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x><input>')")
    assert {"image-alt", "label"} <= {each["id"] for each in Axe().run(page).response["violations"]}


def test_no_page_needs_script(browser: Any, site: Path) -> None:
    page, strange = opened(browser, site, java_script_enabled=False, viewport={"width": 390, "height": 800})
    for path in addresses(site):
        page.goto(SITE + path)
        assert page.get_by_role("heading", level=1).is_visible(), path
        assert not page.locator(".search").is_visible() if page.locator(".search").count() else True, path
    assert strange == []


def test_the_check_of_contrast_sees_what_is_too_pale(browser: Any, site: Path) -> None:
    page, _ = opened(browser, site)
    page.goto(SITE)
    page.evaluate("document.querySelector('h1').style.color = '#999'")
    assert [html[:3] for _, html in page.evaluate(CONTRAST)] == ["<h1"]


def test_the_language_switch_works_without_script(browser: Any, site: Path) -> None:
    page, strange = opened(browser, site, java_script_enabled=False)
    page.goto(SITE + "upcoming/")
    page.get_by_role("navigation", name="Language").get_by_role("link", name="العربية").click()
    page.wait_for_url(SITE + "upcoming/ar/")  # with its style, which tells where things stand
    # From right to left: the contents stand at the right of the text.
    contents, text = (page.locator(each).bounding_box() for each in (".contents", ".policy"))
    assert contents["x"] > text["x"]
    page.get_by_role("link", name="Français").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Politique de confidentialité de Larkspur Mail"
    assert strange == []


def test_the_keyboard_first_reaches_the_way_to_the_text(browser: Any, site: Path) -> None:
    page, _ = opened(browser, site)
    page.goto(SITE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"


REACHABLE = """() => [...document.querySelectorAll('a[href], summary, button, select, input, [tabindex="0"]')]
  .filter(e => e.checkVisibility() && !(e.type === 'radio' && !e.checked)).length"""


def test_the_keyboard_reaches_everything_and_always_shows_where_it_is(browser: Any, site: Path) -> None:
    page, _ = opened(browser, site)
    for path in ("", "glance/", "versions/2014-01-01/changes/", "compare/"):
        page.goto(SITE + path)
        seen = set()
        for _ in range(page.evaluate(REACHABLE)):
            page.keyboard.press("Tab")
            place = page.evaluate(
                """() => { const e = document.activeElement, all = [...document.querySelectorAll('*')];
                   const shown = e.type === 'radio' ? e.nextElementSibling : e;
                   return [all.indexOf(e), getComputedStyle(shown).outlineStyle]; }"""
            )
            seen.add(place[0])
            assert place[1] == "solid", (path, place)
        assert len(seen) == page.evaluate(REACHABLE), path


def test_the_redline_opens_without_script(browser: Any, site: Path) -> None:
    page, _ = opened(browser, site, java_script_enabled=False)
    page.goto(SITE + "versions/2014-01-01/changes/")
    page.get_by_text("Side by side").first.click()
    assert page.get_by_role("heading", name="Before").first.is_visible()
    page.get_by_text("1 passage as before").first.click()
    assert page.get_by_text("This policy covers personal information").is_visible()


def shown_rows(page: Any) -> list[str]:
    return [each.get_attribute("id") for each in page.locator("#rows tbody tr").all() if each.is_visible()]


@pytest.mark.parametrize("script", [True, False])
def test_the_table_is_filtered_by_keyboard_with_and_without_script(browser: Any, site: Path, script: bool) -> None:
    page, strange = opened(browser, site, java_script_enabled=script)
    page.goto(SITE + "glance/")
    assert len(shown_rows(page)) == 3
    page.get_by_role("radio", name="All").focus()
    page.keyboard.press("ArrowRight")
    assert shown_rows(page) == ["row-user-name", "row-user-contact-email"]  # you give it
    page.get_by_text("Shared", exact=True).click()
    assert shown_rows(page) == ["row-user-contact-email"]
    assert strange == []


def test_words_are_found_in_the_table(browser: Any, site: Path) -> None:
    page, _ = opened(browser, site)
    page.goto(SITE + "glance/")
    page.get_by_label("Find in the table").fill("measuring COOKIES")
    assert shown_rows(page) == ["row-user-device-ip-address"]
    assert page.get_by_role("status").inner_text() == "1 of 3"


def test_a_word_is_found_in_every_version_that_has_it(browser: Any, site: Path) -> None:
    page, strange = opened(browser, site)
    page.goto(SITE + "search/")
    rows = page.locator("#rows tbody tr")
    before = rows.count()
    page.get_by_label("Find passages with these words").fill("REGISTRATION name")
    found = [each.inner_text() for each in rows.all() if each.is_visible()]
    assert 0 < len(found) < before and all("name" in each for each in found)
    assert page.get_by_role("status").inner_text() == f"{len(found)} of {before}" and strange == []


def test_the_day_somebody_joined_leads_to_what_changed_since(browser: Any, site: Path) -> None:
    page, strange = opened(browser, site)
    page.goto(SITE + "since/")
    page.get_by_label("The day").fill("2010-05-05")
    page.get_by_role("status").get_by_role("link").click()
    assert page.url == SITE + "versions/2009-10-27/since/"
    page.go_back()
    page.get_by_label("The day").fill("2001-01-01")
    assert page.get_by_role("status").inner_text() == "No text is on record for that day."
    assert strange == []


def test_any_two_versions_are_compared_in_the_page(browser: Any, site: Path) -> None:
    page, strange = opened(browser, site)
    page.goto(SITE + "compare/")
    page.get_by_label("From").select_option(samples.FIRST)
    page.get_by_label("To").select_option(samples.THIRD)
    page.get_by_role("button", name="Compare").press("Enter")
    found = page.locator("#compared")
    found.get_by_role("heading", name="From 2009-10-27 to 2014-01-01").wait_for()
    assert "2 passages differ, 7 stay as they were." in found.inner_text()
    assert [each.inner_text() for each in found.locator("h3").all()] == ["Registration", "Cookies"]
    assert "phone number" in " ".join(each.inner_text() for each in found.locator("ins").all())
    assert strange == [] and Axe().run(page).response["violations"] == []


COMPARED = """() => [...document.querySelectorAll('.redline')].map(box => { const text = kept => { const copy = box.cloneNode(true);
  copy.querySelectorAll(kept + ', .vh').forEach(e => e.remove()); return copy.textContent; };
  return [text('ins'), text('del')]; })"""


def test_the_compared_words_give_back_both_texts(browser: Any, site: Path) -> None:
    page, _ = opened(browser, site)
    page.goto(SITE + "compare/")
    page.get_by_role("button", name="Compare").click()
    page.locator("#compared h2").wait_for()
    old, new = samples.snapshot().clauses, samples.third_snapshot().clauses
    wanted = [[old[key].text, new[key].text] for key in new if old[key].text != new[key].text]
    plain = [
        [re.sub(r"\[([^\]]*)\]\(([^)]*)\)", r"\1 (\2)", side).replace("**", "") for side in pair] for pair in wanted
    ]
    assert page.evaluate(COMPARED) == plain


def test_a_printed_page_shows_the_folded_text_and_no_controls(browser: Any, site: Path) -> None:
    page, _ = opened(browser, site)
    page.goto(SITE + "glance/")
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible() and not page.locator("header nav").is_visible()
    page.goto(SITE + "versions/2014-01-01/changes/")
    assert page.get_by_text("This policy covers personal information").is_visible()


HOST = "https://shop.example/"


def embedded(browser: Any, site: Path, now: str, policy: str = "") -> tuple[Any, list[str]]:
    """Somebody else's page, on another host, with the banner, read at that instant."""
    page, strange = opened(browser, site)
    guard = f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if policy else ""
    script = f'<script src="{SITE}notice.js"></script>'
    body = (
        f"<!DOCTYPE html><html lang=en><title>Shop</title>{guard}<body><main><h1>Shop</h1></main>{script}</body></html>"
    )
    page.route(f"{HOST}**", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.clock.set_fixed_time(now)
    page.goto(HOST)
    return page, strange


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2013-12-10T12:00:00Z", "1 January 2014: our privacy policy changes"),
        ("2014-01-01T07:59:59Z", "1 January 2014: our privacy policy changes"),
        ("2014-01-01T08:00:00Z", "1 January 2014: our privacy policy changed"),
        ("2014-01-31T07:59:59Z", "1 January 2014: our privacy policy changed"),
        ("2014-01-31T08:00:00Z", None),
    ],
)
def test_the_banner_knows_from_the_readers_clock_what_is_true(
    browser: Any, site: Path, now: str, said: str | None
) -> None:
    page, strange = embedded(browser, site, now)
    banner = page.get_by_role("region", name="Notice about the privacy policy of Larkspur Mail")
    assert banner.count() == (1 if said else 0)
    if said:
        assert said in banner.inner_text()
        assert page.evaluate("document.body.firstElementChild.id") == "policytrail-notice"
        assert banner.get_by_role("link").get_attribute("href").startswith(SITE)
    assert strange == [] and page.context.cookies() == []


def test_a_closed_banner_stays_as_a_line_at_the_foot(browser: Any, site: Path) -> None:
    page, _ = embedded(browser, site, "2013-12-10T12:00:00Z")
    page.get_by_role("button", name="Close").click()
    for _ in range(2):
        assert page.evaluate("document.body.lastElementChild.id") == "policytrail-notice"
        assert page.get_by_role("button").count() == 0
        page.reload()
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_foreign_page_may_forbid_everything_but_the_script(browser: Any, site: Path) -> None:
    page, strange = embedded(
        browser, site, "2013-12-10T12:00:00Z", "default-src 'none'; script-src https://larkspur.example"
    )
    banner = page.get_by_role("region")
    assert banner.is_visible() and banner.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(251, 243, 220)"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.get_by_role("button").count() == 0
    assert strange == [] and page.context.cookies() == []


def test_the_banner_on_a_foreign_page_is_accessible(browser: Any, site: Path) -> None:
    page, _ = embedded(browser, site, "2013-12-10T12:00:00Z")
    assert Axe().run(page).response["violations"] == []


def test_the_banner_shows_nothing_when_nothing_is_pending(browser: Any, tmp_path: Path) -> None:
    render(Workspace(tmp_path), samples.settled(), tmp_path, strict=True)
    page, strange = embedded(browser, tmp_path, "2014-03-01T12:00:00Z")
    assert page.evaluate("document.body.children.length") == 2 and strange == []


def test_a_script_that_was_altered_is_refused_where_its_hash_is_given(browser: Any, site: Path) -> None:
    script = (site / "notice.js").read_bytes()
    digest = base64.b64encode(hashlib.sha384(script).digest()).decode()
    tag = f'<script src="{SITE}notice.js" integrity="sha384-{digest}" crossorigin="anonymous"></script>'
    body = f"<!DOCTYPE html><html lang=en><title>Shop</title><body>{tag}</body></html>"
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}
    for served, shown in ((script, 1), (script + b"//", 0)):
        page, _ = opened(browser, site)
        answers = {
            HOST: {"body": body, "content_type": "text/html"},
            f"{SITE}notice.js": {"body": served, "headers": headers},
        }
        for address, answer in answers.items():
            page.route(address, partial(_fulfilled, answer))
        page.clock.set_fixed_time("2013-12-10T12:00:00Z")
        page.goto(HOST)
        assert page.get_by_role("region").count() == shown


def _fulfilled(answer: dict[str, Any], route: Any) -> None:
    route.fulfill(**answer)
