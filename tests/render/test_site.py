"""The whole site: its addresses, what each page says on which day, and that every link leads somewhere."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from posixpath import join, normpath

import pytest
import render_samples as samples
from lxml import etree

from golden import same_as_golden
from policytrail.errors import TemplateError
from policytrail.model.version import Evidence, Status, VersionState
from policytrail.publish.mkdocs_build import render
from policytrail.render.diff.change_groups import in_plain_words
from policytrail.render.shared import templates
from policytrail.render.site.site_files import SiteView, rendered, site_files
from policytrail.render.summary.glance import glance
from policytrail.workspace import Workspace

SCRIPTED = ("compare/index.html", "glance/index.html", "search/index.html", "since/index.html")
BASE = "https://larkspur.example/privacy/"


def built(view: SiteView) -> dict[str, str]:
    return {path: content.decode() for path, content in rendered(site_files(view), templates.environment()).items()}


@cache
def pending() -> dict[str, str]:
    return built(samples.view())


@cache
def settled() -> dict[str, str]:
    return built(samples.settled())


def pages(files: dict[str, str]) -> dict[str, str]:
    return {path: content for path, content in files.items() if path.endswith(".html")}


def in_state(state: str, as_of: date = date(2014, 1, 5)) -> SiteView:
    one, two, three = samples.versions()
    standing = VersionState(three, state, None, date(2014, 2, 1))  # type: ignore[arg-type]
    return SiteView((one, two, three), Status(as_of, two, (standing,), (one,), ()))


def text(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


class Outline(HTMLParser):
    """Ids, headings, links and elements of one page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.links: list[str] = []
        self.refers: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.refers += given.get("aria-labelledby", "").split()
        self.levels += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        self.links += [given[name] for name in ("href", "src") if name in given]


def test_the_addresses_while_a_version_is_pending() -> None:
    per_version = [
        f"versions/{each}/{page}index.html"
        for each in (samples.SECOND, samples.THIRD)
        for page in ("", "changes/", "notice/")
    ]
    assert sorted(pending()) == sorted(
        [
            "index.html",
            "upcoming/index.html",
            "versions/index.html",
            "changelog/index.html",
            "audit/index.html",
            "404.html",
            "feed.atom",
            "feed.json",
            "notice.js",
            "policy.md",
            "policy.txt",
            "sitemap.xml",
            "api/v1/versions.json",
            "api/v1/notice.json",
            "glance/index.html",
            "since/index.html",
            "compare/index.html",
            "search/index.html",
            "policy.jsonld",
            "versions/2009-10-27/index.html",
            "versions/2009-10-27/notice/index.html",
            *per_version,
            "versions/2009-10-27/since/index.html",
            *(f"api/v1/schema/{each}.json" for each in ("notice", "version", "versions")),
            *(f"api/v1/versions/{each}.json" for each in (samples.FIRST, samples.SECOND, samples.THIRD)),
        ]
    )


def test_the_upcoming_page_goes_when_nothing_is_pending() -> None:
    assert "upcoming/index.html" not in settled()
    assert not any("upcoming/" in html for html in pages(settled()).values())


@cache
def drafted() -> dict[str, str]:
    return built(replace(samples.settled(), draft=samples.snapshot()))


@pytest.mark.parametrize("files", [pending, settled, drafted])
def test_every_link_inside_the_site_leads_to_a_file_and_a_place(files: object) -> None:
    made = files()  # type: ignore[operator]
    known = set(made) | set(templates.assets())
    ids = {path: Outline(html).ids for path, html in pages(made).items()}
    for path, html in pages(made).items():
        for link in Outline(html).links:
            if link.startswith(("mailto:", "tel:")) or (link.startswith("https:") and not link.startswith(BASE)):
                continue
            target, _, place = link.partition("#")
            where = (
                target.removeprefix(BASE)
                if target.startswith(BASE)
                else normpath(join(path, "..", target))
                if target
                else path
            )
            where = "" if where == "." else where
            where += (
                ""
                if "." in where.rpartition("/")[2]
                else ("/index.html" if where and not where.endswith("/") else "index.html")
            )
            if where.startswith("account"):
                continue
            assert where in known, (path, link)
            assert not place or place in ids[where], (path, link)


@pytest.mark.parametrize("path", sorted(pages(built(samples.view()))))
def test_a_page_is_well_formed_for_everyone(path: str) -> None:
    page = Outline(pending()[path])
    assert len(page.ids) == len(set(page.ids))
    assert set(page.refers) <= set(page.ids)
    assert page.levels.count(1) == 1
    assert page.levels[0] == 1 or path.endswith("upcoming/index.html")
    assert all(after <= before + 1 for before, after in zip(page.levels, page.levels[1:], strict=False))
    for tag in ("main", "header", "footer", "nav"):
        assert tag in page.tags
    assert not {"style", "iframe", "form", "img", "object", "embed"} & set(page.tags)
    html = pending()[path]
    scripts = re.findall(r"<script[^>]*>[^<]*</script>", html)
    assert scripts == (['<script src="../assets/site.js" defer></script>'] if path in SCRIPTED else [])
    assert '<html lang="en-US">' in html and 'href="#page:main"' in html and "style=" not in html
    assert "default-src 'none'" in html and "unsafe" not in html
    assert ("script-src 'self'; connect-src 'self'" if path in SCRIPTED else "script-src 'none'") in html


def test_no_page_loads_anything_from_another_host() -> None:
    for path, html in pages(pending()).items():
        loaded = re.findall(r'<(?:link rel="(?:stylesheet|icon)"|img|script)[^>]*?(?:href|src)="([^"]*)"', html)
        assert len(loaded) == (3 if path in SCRIPTED else 2)
        assert not [each for each in loaded if each.startswith(("http:", "https:", "//")) and not each.startswith(BASE)]


def test_the_front_page_stays_true_if_nothing_is_rebuilt() -> None:
    shown = text(pending()["index.html"])
    assert (
        "In force since 6 September 2011, until 1 January 2014 at 00:00 (America/Los Angeles time, UTC-08:00)." in shown
    )
    assert "From 1 January 2014 a new text is in force." in shown
    assert 'id="policy-notice"' in pending()["index.html"]
    assert "policy-notice" not in settled()["index.html"]


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("announcing", "A new text is due to take effect on 1 January 2014, once the notice that it needs is proven."),
        (
            "blocked",
            "The text announced for 1 January 2014 isn't in force: the notice that it needs isn't proven. "
            "It can't take effect before 1 February 2014.",
        ),
    ],
)
def test_a_version_without_proven_notice_is_never_said_to_be_in_force(state: str, sentence: str) -> None:
    files = built(in_state(state))
    front = text(files["index.html"])
    assert sentence in front and "In force since 6 September 2011." in front
    for phase in json.loads(files["api/v1/notice.json"])["banner"]:
        assert "changed on" not in phase["sentence"]


def test_a_withdrawn_version_stays_in_the_record() -> None:
    one, two, three = samples.versions()
    gone = replace(three, evidence=(Evidence("withdrawn", date(2013, 12, 15), {}, "e" * 64),))
    files = built(SiteView((one, two, gone), Status(date(2014, 1, 5), two, (), (one,), ())))
    assert "upcoming/index.html" not in files
    assert "Withdrawn. This text never took effect and won't." in text(files["versions/2014-01-01/index.html"])
    assert "The change announced for 1 January 2014 is withdrawn" in files["feed.atom"]
    assert "In force since 6 September 2011." in text(files["index.html"])


def test_an_old_version_says_so_and_leads_to_the_current_text() -> None:
    html = pending()["versions/2009-10-27/index.html"]
    assert (
        "This is an old text. It is no longer in force. "
        "It was in force from 27 October 2009, and replaced on 6 September 2011." in text(html)
    )
    assert '<a href="../../">Read the text in force now</a>' in html


def test_the_changes_page_shows_each_change_with_its_reasons() -> None:
    html = pending()["versions/2014-01-01/changes/index.html"]
    shown = text(html)
    for change in samples.THIRD_CHANGES.changes:
        assert change.kind in shown and change.rule in shown and change.source in shown and change.reason in shown
    assert shown.index("Material changes") < shown.index("Editorial changes")
    assert "Needed for data already held" in shown
    assert "R. Counsel ruled it editorial on 20 November 2013: The words name what the data says." in shown
    assert "[removed: and]" in shown and "[added: and phone number]" in shown
    assert shown.rindex("The whole text with its changes") < shown.rindex("[added: Advertising networks may use them")
    assert shown.count("Side by side") == 3
    assert "1 passage as before: What is covered" in shown
    for change in samples.THIRD_CHANGES.changes:
        assert f'href="#text/{change.clause}"' in html and f'id="text/{change.clause}"' in html
    same_as_golden("changes.html", html)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (True, "yes"),
        ("user.name", "name"),
        ("on_until_opt_out", "on until opt out"),
        ("https://a.example/A_b", "https://a.example/A_b"),
        ({"user.name": True, "user.contact.email": True}, "name, email address"),
        (
            {"type": "use", "title": "T", "data": {"user.name": True}, "period": {"value": 3, "unit": "day"}},
            "data: name; period: value: 3; unit: day",
        ),
        (["a", 2], "a, 2"),
        ({}, ""),
    ],
)
def test_values_are_shown_in_plain_words(value: object, words: str) -> None:
    assert in_plain_words(value, samples.snapshot().vocabulary) == words


def test_the_overview_is_read_off_the_practices() -> None:
    shown = text(pending()["glance/index.html"])
    row = shown[shown.index(" Email address") :]
    assert (
        "For all data you have these choices: Stop marketing mail; Close your account; See and correct your data"
        in shown
    )
    said = ["Providing the service", "You give it", "Data you give when you register", "An email service"]
    assert [row.index(each) for each in said] == sorted(row.index(each) for each in said)
    assert "What is ruled out We don't sell, rent or lend personal information" in text(pending()["index.html"])


def test_each_row_leads_to_its_clauses_and_each_clause_back() -> None:
    table, front = pending()["glance/index.html"], pending()["index.html"]
    assert re.search(r'id="row-user-name".*?href="../#collection/registration"', table, re.DOTALL)
    clause = front[front.index('id="collection/registration"') :]
    assert '<a href="./glance/#row-user-name">name</a>' in clause[: clause.index("</section>")]


def test_the_overview_hides_no_sharing_of_a_wider_kind() -> None:
    practices = {
        "disclosure.partners": {"data": ["user"], "exceptions": ["choice.marketing"]},
        "disclosure.rule": {"exceptions": ["disclosure.partners"]},
    }
    found = glance(samples.snapshot(practices=practices))
    rows = {label: row for row in found.rows for label, _ in row.data}
    assert rows["user"].recipients == ("an email service",)
    assert rows["name"].wider == rows["email address"].wider == "user" and rows["name"].recipients == ()
    assert found.never[0].title == "We don't sell, rent or lend personal information (with exceptions)"


def test_the_overview_shows_practices_that_name_no_data() -> None:
    rows = glance(samples.snapshot(practices={"disclosure.partners": {"data": "unstated"}})).rows
    assert [row.recipients for row in rows if row.data == (("data that isn't named", False),)] == [
        ("an email service",)
    ]


def test_the_footer_names_fingerprint_day_and_disclaimer() -> None:
    for path, manifest in (
        ("index.html", "b" * 64),
        ("upcoming/index.html", "c" * 64),
        ("versions/2009-10-27/index.html", "a" * 64),
    ):
        foot = text(pending()[path]).rpartition("This is sample text for tests. It binds nobody.")[2]
        assert manifest in foot and "Built for the day 10 December 2013." in foot


def test_a_preview_says_on_every_page_that_it_is_one() -> None:
    assert all(
        "Preview for 10 December 2013." in html for html in pages(built(replace(samples.view(), preview=True))).values()
    )


def test_a_pdf_is_published_and_linked() -> None:
    files = site_files(replace(samples.view(), pdf=b"%PDF-"))
    assert files["policy.pdf"] == b"%PDF-"
    assert 'href="./policy.pdf"' in built(replace(samples.view(), pdf=b"%PDF-"))["index.html"]


def test_policy_text_can_not_leave_its_place() -> None:
    evil = '<script>x</script>"onload=" [a](javascript:b) {{ 7 * 7 }}'
    one, two, three = samples.versions()
    two = replace(two, snapshot=samples.snapshot({"scope/covers": evil}, disclaimer="</footer><script>d</script>"))
    files = built(SiteView((one, two, three), replace(samples.view().status, current=two)))
    html = files["index.html"]
    assert "<script" not in html and 'href="javascript' not in html and "{{ 7 * 7 }}" in html
    etree.fromstring(files["feed.atom"].encode())


def test_mail_banner_pages_and_feeds_say_the_same_sentence() -> None:
    subject = samples.view().notice(samples.versions()[2]).subject
    for path in (
        "index.html",
        "versions/2014-01-01/notice/index.html",
        "feed.atom",
        "feed.json",
        "notice.js",
        "api/v1/notice.json",
    ):
        assert subject in pending()[path], path


def test_the_notice_page_lists_what_is_on_record() -> None:
    shown = text(pending()["versions/2014-01-01/notice/index.html"])
    assert "Notice on this site 25 November 2013 " + "d" * 64 in shown


def test_the_feeds_have_one_entry_for_each_event() -> None:
    feed = etree.fromstring(pending()["feed.atom"].encode())
    atom = {"a": "http://www.w3.org/2005/Atom"}
    ids = feed.xpath("//a:entry/a:id/text()", namespaces=atom)
    assert ids == [
        "tag:larkspur.example,2013-11-25:/privacy/versions/2014-01-01/announced",
        "tag:larkspur.example,2011-09-01:/privacy/versions/2011-09-06/effective",
        "tag:larkspur.example,2011-09-01:/privacy/versions/2011-09-06/announced",
        "tag:larkspur.example,2009-10-27:/privacy/versions/2009-10-27/effective",
    ]
    assert feed.xpath("string(a:updated)", namespaces=atom) == "2013-11-25T00:00:00-08:00"
    assert [item["id"] for item in json.loads(pending()["feed.json"])["items"]] == ids
    assert "c" * 64 in pending()["feed.atom"] and "1 January 2014 at 00:00" in pending()["feed.atom"]
    same_as_golden("feed.atom", pending()["feed.atom"])


_ATOM = "{http://www.w3.org/2005/Atom}"
_INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)"


@pytest.mark.parametrize("files", [pending, settled])
def test_the_atom_feed_keeps_the_rules_of_rfc_4287(files: object) -> None:
    feed = etree.fromstring(files()["feed.atom"].encode())  # type: ignore[operator]
    assert feed.tag == f"{_ATOM}feed" and {each.tag for each in feed.iter()} <= {
        *(
            f"{_ATOM}{name}"
            for name in ("feed", "id", "title", "updated", "author", "name", "link", "entry", "content")
        ),
        *(f"{{http://www.w3.org/1999/xhtml}}{name}" for name in ("div", "p", "ul", "li")),
    }
    assert [len(feed.findall(f"{_ATOM}{name}")) for name in ("id", "title", "updated", "author")] == [1, 1, 1, 1]
    (own,) = (each.get("href") for each in feed.findall(f"{_ATOM}link") if each.get("rel") == "self")
    assert own == f"{BASE}feed.atom"
    for part in (feed, *feed.findall(f"{_ATOM}entry")):
        assert all(len(part.findall(f"{_ATOM}{name}")) == 1 for name in ("id", "title", "updated"))
        assert re.fullmatch(r"tag:[\w.-]+,\d{4}-\d\d-\d\d:\S+", part.findtext(f"{_ATOM}id"))
        assert re.fullmatch(_INSTANT, part.findtext(f"{_ATOM}updated"))
    for entry in feed.findall(f"{_ATOM}entry"):
        content = entry.find(f"{_ATOM}content")
        assert content.get("type") == "xhtml" and [each.tag for each in content] == [
            "{http://www.w3.org/1999/xhtml}div"
        ]


@pytest.mark.parametrize("files", [pending, settled])
def test_the_json_feed_keeps_the_rules_of_version_1_1(files: object) -> None:
    feed = json.loads(files()["feed.json"])  # type: ignore[operator]
    assert (
        feed["version"] == "https://jsonfeed.org/version/1.1"
        and feed["title"]
        and feed["feed_url"] == f"{BASE}feed.json"
    )
    assert set(feed) <= {"version", "title", "home_page_url", "feed_url", "language", "authors", "items"}
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"]) > 0
    for item in feed["items"]:
        assert {"id", "url", "title", "content_text", "date_published"} <= set(item)
        assert isinstance(item["id"], str) and re.fullmatch(_INSTANT, item["date_published"])
        assert all(
            name.startswith("_") for name in set(item) - {"id", "url", "title", "content_text", "date_published"}
        )


def test_ids_of_the_feed_stay_as_they_were() -> None:
    assert {item["id"] for item in json.loads(pending()["feed.json"])["items"]} < {
        item["id"] for item in json.loads(settled()["feed.json"])["items"]
    }


def test_the_api_gives_dates_with_their_instants() -> None:
    notice = json.loads(pending()["api/v1/notice.json"])
    assert notice["current"]["id"] == samples.SECOND
    assert notice["current"]["effective"] == {"date": "2011-09-06", "instant": "2011-09-06T00:00:00-07:00"}
    (coming,) = notice["pending"]
    assert coming["effective"]["instant"] == "2014-01-01T00:00:00-08:00" and coming["state"] == "noticed"
    before, after = notice["banner"]
    assert before["ends"] == after["begins"] == "2014-01-01T00:00:00-08:00"
    assert "policy changes" in before["sentence"] and "policy changed" in after["sentence"]


def test_the_api_has_each_version_in_full() -> None:
    versions = json.loads(pending()["api/v1/versions.json"])["versions"]
    assert [(each["id"], each["state"]) for each in versions] == [
        (samples.FIRST, "superseded"),
        (samples.SECOND, "effective"),
        (samples.THIRD, "noticed"),
    ]
    full = json.loads(pending()["api/v1/versions/2014-01-01.json"])
    assert full["comparison"]["severity"] == "material" and full["manifest"] == "c" * 64
    assert {each["id"] for each in full["clauses"]} == set(samples.third_snapshot().clauses)


def test_the_banner_script_is_the_golden_one_and_escapes_its_data() -> None:
    same_as_golden("notice.js", pending()["notice.js"])
    _, two, _ = samples.versions()
    name = two.snapshot.policy.organization.model_copy(update={"name": '</script>"\u2028'}).model_dump()
    view = samples.view()
    two = replace(two, snapshot=samples.snapshot(organization=name))
    script = built(replace(view, status=replace(view.status, current=two)))["notice.js"]
    assert "</script>" not in script and "\u2028" not in script


def test_two_builds_are_the_same_and_know_no_clock() -> None:
    assert built(samples.view()) == pending()
    year = str(date.today().year)
    assert not any(year in content for content in pending().values())


def test_without_a_version_in_force_the_front_page_says_so() -> None:
    one, *_ = samples.versions()
    standing = VersionState(one, "noticed", None, one.effective)
    files = built(SiteView((one,), Status(date(2009, 10, 1), None, (standing,), (), ())))
    assert "No version of this policy is in force yet." in text(files["index.html"])
    assert "policy.txt" not in files


def test_a_preview_shows_the_draft_beside_the_versions() -> None:
    files = built(replace(samples.view(), draft=samples.snapshot({"scope/covers": "This policy covers nothing."})))
    shown = text(files["draft/index.html"])
    assert "This is a draft. It isn't announced, and it isn't in force." in shown
    assert "3 passages read differently than in version 2014-01-01." in shown
    assert 'href="./draft/"' in files["index.html"]
    assert "draft/" not in pending()["index.html"]


def test_before_the_first_version_there_is_only_the_draft() -> None:
    files = built(SiteView((), Status(date(2009, 10, 1), None, (), (), ()), draft=samples.snapshot()))
    assert "No version of this policy is in force yet. Read the draft." in text(files["index.html"])
    assert json.loads(files["api/v1/versions.json"])["versions"] == []
    etree.fromstring(files["feed.atom"].encode())
    shown = sorted(path for path in files if path.endswith("index.html"))
    assert shown == ["changelog/index.html", "draft/index.html", "index.html", "versions/index.html"]


def test_several_pending_versions_are_all_named() -> None:
    one, two, three = samples.versions()
    four = replace(
        three,
        id="2014-02-01",
        effective=date(2014, 2, 1),
        manifest="f" * 64,
        comparison=replace(samples.THIRD_CHANGES, old=samples.THIRD, new="2014-02-01"),
    )
    pair = tuple(VersionState(each, "noticed", None, each.effective) for each in (four, three))
    files = built(SiteView((one, two, three, four), Status(samples.AS_OF, two, pair, (one,), ())))
    assert "A further version is announced for 1 February 2014" in text(files["upcoming/index.html"])
    phases = json.loads(files["api/v1/notice.json"])["banner"]
    assert [phase["ends"] and phase["ends"][:10] for phase in phases] == ["2014-01-01", "2014-02-01", "2014-03-03"]


def test_mkdocs_writes_exactly_these_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        render(Workspace(tmp_path), samples.view(), tmp_path / name, strict=True)
    made = {
        path.relative_to(tmp_path / "one").as_posix(): path.read_bytes()
        for path in (tmp_path / "one").rglob("*")
        if path.is_file()
    }
    assert made == rendered(site_files(samples.view()), templates.environment()) | templates.assets()
    again = {
        path.relative_to(tmp_path / "two").as_posix(): path.read_bytes()
        for path in (tmp_path / "two").rglob("*")
        if path.is_file()
    }
    assert made == again


def test_a_template_of_ones_own_wins_file_by_file(tmp_path: Path) -> None:
    own = tmp_path / "templates"
    (own / "assets").mkdir(parents=True)
    (own / "404.html").write_text("<p>Ours: {{ title }}</p>")
    (own / "assets/style.css").write_text("body { color: black }")
    (tmp_path / "site").mkdir()
    render(Workspace(tmp_path), samples.view(), tmp_path / "site", strict=True)
    assert (tmp_path / "site/404.html").read_text() == "<p>Ours: Page not found</p>"
    assert (tmp_path / "site/assets/style.css").read_text() == "body { color: black }"
    assert "At a glance" in (tmp_path / "site/index.html").read_text()


@pytest.mark.parametrize(
    ("name", "content", "place", "words"),
    [
        ("404.html", "<p>\n{{ titel }}</p>", "404.html:2", "'titel' is undefined"),
        ("404.html", "{% if %}", "404.html:1", "Expected an expression"),
        ("policy.html", "\n\n{{ snapshot.policy.tilte }}", "policy.html:3", "tilte"),
        ("changes.html", '{% include "missing.html" %}', "missing.html", "doesn't exist"),
        ("empty.html", "", "", ""),
        ("404.html", "{{ ''.__class__.__mro__ }}", "404.html:1", "unsafe"),
    ],
)
def test_a_mistake_in_a_template_is_named_with_its_line(
    tmp_path: Path, name: str, content: str, place: str, words: str
) -> None:
    own = tmp_path / "templates"
    own.mkdir()
    (own / name).write_text(content)
    (tmp_path / "site").mkdir()
    if not words:
        return render(Workspace(tmp_path), samples.view(), tmp_path / "site", strict=True)
    with pytest.raises(TemplateError) as raised:
        render(Workspace(tmp_path), samples.view(), tmp_path / "site", strict=True)
    assert place in str(raised.value) and words in str(raised.value)
    return None
