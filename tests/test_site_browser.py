"""The site in a real browser: nothing wider than a phone, nothing blocked, contrast, targets, and the banner's clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import render_samples as samples
from policytrail.mkdocs_plugin import render

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright isn't installed")

PAGES = (
    "",
    "upcoming/",
    "versions/",
    "versions/2014-01-01/changes/",
    "versions/2014-01-01/notice/",
    "changelog/",
    "404.html",
)
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


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    render(folder, samples.view(), folder, strict=True)
    return folder


@pytest.fixture
def browser(chromium: str) -> Iterator[Any]:
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_phone_and_can_be_read_and_pressed(browser: Any, site: Path, scheme: str) -> None:
    page, strange = opened(browser, site, viewport={"width": 390, "height": 800}, color_scheme=scheme)
    for path in PAGES:
        page.goto(SITE + path)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert page.evaluate(CONTRAST) == [], path
        assert page.evaluate(TARGETS) == [], path
    assert strange == []


def test_the_check_of_contrast_sees_what_is_too_pale(browser: Any, site: Path) -> None:
    page, _ = opened(browser, site)
    page.goto(SITE)
    page.evaluate("document.querySelector('h1').style.color = '#999'")
    assert [html[:3] for _, html in page.evaluate(CONTRAST)] == ["<h1"]


def test_the_keyboard_first_reaches_the_way_to_the_text(browser: Any, site: Path) -> None:
    page, _ = opened(browser, site)
    page.goto(SITE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"


def test_the_redline_opens_without_script(browser: Any, site: Path) -> None:
    page, _ = opened(browser, site, java_script_enabled=False)
    page.goto(SITE + "versions/2014-01-01/changes/")
    page.get_by_text("Side by side").first.click()
    assert page.get_by_role("heading", name="Before").first.is_visible()


def embedded(browser: Any, site: Path, now: str) -> tuple[Any, list[str]]:
    """Somebody else's page with the banner, read at that instant."""
    (site / "host.html").write_text('<!DOCTYPE html><body><h1>Shop</h1><script src="notice.js"></script></body>')
    page, strange = opened(browser, site)
    page.clock.set_fixed_time(now)
    page.goto(SITE + "host.html")
    return page, strange


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2013-12-10T12:00:00Z", "Our privacy policy changes on 1 January 2014"),
        ("2014-01-01T07:59:59Z", "Our privacy policy changes on 1 January 2014"),
        ("2014-01-01T08:00:00Z", "Our privacy policy changed on 1 January 2014"),
        ("2014-01-31T07:59:59Z", "Our privacy policy changed on 1 January 2014"),
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
