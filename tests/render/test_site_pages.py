"""What the pages tell a reader: in short, the picture, the table, the redline with its moves, since a day; bad text."""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import render_samples as samples
import translated_samples
from hypothesis import given
from hypothesis import strategies as st
from tinyhtml5.parser import HTMLParser

from conftest import needed
from policytrail.model.change import Comparison, Severity
from policytrail.model.policy import Snapshot
from policytrail.model.version import Status, Version, VersionState
from policytrail.render.api.schema import DOCUMENTS, PATH
from policytrail.render.diff.change_groups import shown
from policytrail.render.shared import templates
from policytrail.render.shared.full_redline import Passage, Run, differing, passages, whole, words_of
from policytrail.render.site.changes_since import periods, since
from policytrail.render.site.site_files import SiteView, rendered, site_files
from policytrail.render.site.timeline import timeline
from policytrail.render.site.wording_history import wordings
from policytrail.render.summary.data_flow import flow
from policytrail.render.summary.glance import glance
from policytrail.render.summary.short import in_short


def built(view: SiteView) -> dict[str, str]:
    return {path: content.decode() for path, content in rendered(site_files(view), templates.environment()).items()}


@cache
def pending() -> dict[str, str]:
    return built(samples.view())


def text(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


def html_pages() -> dict[str, str]:
    draft = replace(translated_samples.view(), draft=translated_samples.translated(samples.snapshot()))
    every = {
        **{f"pending {path}": page for path, page in pending().items()},
        **{f"settled {path}": page for path, page in built(samples.settled()).items()},
        **{f"draft {path}": page for path, page in built(draft).items()},
    }
    return {path: page for path, page in every.items() if path.endswith(".html")}


def wrong_html(page: str) -> list[Any]:
    parser = HTMLParser()
    parser.parse(page)
    return list(parser.errors)


def test_every_page_is_html_without_a_parse_error() -> None:
    assert {path: found for path, page in html_pages().items() if (found := wrong_html(page))} == {}


def test_the_html_parser_sees_what_is_wrong() -> None:
    assert wrong_html("<!DOCTYPE html><html><head><title>x</title></head><body><p><div></p></body></html>")


# In short, and the picture


def points(snapshot: Snapshot) -> dict[str, str]:
    shown = in_short(snapshot, glance(snapshot))
    return {each.heading: f"{each.words} {'; '.join(ref.title for ref in each.references)}".strip() for each in shown}


def test_the_summary_says_what_the_practices_say() -> None:
    assert points(samples.snapshot()) == {
        "Which data": "4 kinds of data: email address, name, IP address and pages you open.",
        "What for": "3 purposes: providing the service, answering questions and measuring use of the site.",
        "Who gets it": "1 recipient or kind of recipient: an email service.",
        "What is ruled out": "We don't sell, rent or lend personal information",
        "How long": "The policy doesn't say.",
        "What you can do": "Stop marketing mail; Close your account; See and correct your data",
        "When the policy changes": "Notice of a material change by email or on the site for 30 days before it takes effect. "
        "Notice before material changes",
    }


def test_the_summary_promises_no_more_than_the_policy() -> None:
    unsaid = samples.snapshot(practices={"changes.material": {"timing": "unstated"}})
    assert "before it takes effect" not in points(unsaid)["When the policy changes"]
    silent = samples.snapshot(practices={"changes.material": {"period_days": None}})
    assert points(silent)["When the policy changes"] == "The policy promises no notice ahead."


def test_the_picture_and_its_words_show_every_way() -> None:
    found = flow(samples.third_snapshot())
    assert found is not None
    boxes = {each.label for each in found.nodes}
    assert {"Providing the service", "Measuring", "Marketing", "An email service", "Advertising networks"} <= boxes
    ways = {each.purpose: each for each in found.ways}
    assert ways["Marketing"].recipients == "advertising networks" and "email" not in ways["Marketing"].data
    assert all(
        each.x >= 0 and each.x + each.width <= found.width and each.y + each.height <= found.height
        for each in found.nodes
    )


def test_no_picture_is_drawn_where_nothing_is_said_of_purposes() -> None:
    bare = {
        key: {"purposes": []}
        for key in ("collection.registration", "use.service", "cookie.site", "disclosure.partners")
    }
    assert flow(samples.snapshot(practices=bare)) is None


def test_a_long_column_is_folded_and_the_words_still_name_all() -> None:
    many = [{"id": f"partner{number}"} for number in range(12)]
    found = flow(samples.snapshot(practices={"disclosure.partners": {"recipients": many}}))
    assert found is not None
    right = [each.label for each in found.nodes if each.x == 650]
    assert len(right) <= 9 and any(each.endswith("others") for each in right)
    assert all(f"partner{number}" in " ".join(way.recipients for way in found.ways).lower() for number in range(12))


# The redline of the whole text


def ops(passage: Passage) -> list[tuple[str, str]]:
    return [(run.op, run.text.strip()) for run in passage.runs if run.text.strip()]


def moved_texts() -> tuple[Snapshot, Snapshot]:
    sentence = "We also keep a paper list of every parcel that left our warehouse."
    old = samples.snapshot({"scope/covers": f"This covers our service. {sentence}"})
    new = samples.snapshot({"scope/covers": "This covers our service.", "about/contact": f"Write to us. {sentence}"})
    return old, new


def test_a_sentence_that_goes_to_another_clause_is_moved_not_lost() -> None:
    sentence = "We also keep a paper list of every parcel that left our warehouse."
    found = {each.clause: each for each in passages(*moved_texts())}
    assert ("left", sentence) in ops(found["scope/covers"])
    assert ("came", sentence) in ops(found["about/contact"])


def test_moved_words_are_said_to_be_moved_on_the_page() -> None:
    one, two, three = samples.versions()
    old, new = moved_texts()
    two, three = replace(two, snapshot=old), replace(three, snapshot=new)
    view = samples.view()
    status = Status(view.as_of, two, tuple(replace(each, version=three) for each in view.status.pending), (one,), ())
    page = text(built(SiteView((one, two, three), status))["versions/2014-01-01/changes/index.html"])
    assert "[moved away: We also keep a paper list" in page and "[moved here: We also keep a paper list" in page


def reordered(snapshot: Snapshot) -> Snapshot:
    """The same clauses with "Marketing mail" in the section "Changes and contact"."""
    first, *_ = [each for each in snapshot.policy.sections if each.id == "choices"]
    sections = [
        each.model_copy(update={"clauses": ("choices/access",)})
        if each.id == first.id
        else each.model_copy(update={"clauses": (*each.clauses, "choices/marketing")})
        if each.id == "about"
        else each
        for each in snapshot.policy.sections
    ]
    order = [key for each in sections for key in each.clauses]
    policy = snapshot.policy.model_copy(update={"sections": tuple(sections)})
    return replace(snapshot, policy=policy, clauses={key: snapshot.clauses[key] for key in order})


def test_a_clause_in_another_section_says_where_it_stood() -> None:
    (found,) = passages(samples.snapshot(), reordered(samples.snapshot()))
    assert (found.op, found.clause) == ("moved", "choices/marketing")
    assert found.stood == "in “Your choices and rights”, at its beginning"


def test_a_heading_that_changes_is_shown() -> None:
    new = samples.snapshot()
    renamed = new.clauses["about/contact"].model_copy(update={"title": "How to reach us"})
    (found,) = passages(samples.snapshot(), replace(new, clauses={**new.clauses, "about/contact": renamed}))
    assert (found.was, found.title) == ("Contact", "How to reach us")


_WORDS = st.lists(
    st.sampled_from("we keep your mail here. for two years. and never sell it. ever.".split()), max_size=14
)


@given(st.lists(_WORDS, min_size=9, max_size=9), st.lists(_WORDS, min_size=9, max_size=9))
def test_the_runs_of_a_redline_give_back_both_texts(before: list[list[str]], after: list[list[str]]) -> None:
    keys = list(samples.snapshot().clauses)
    old, new = (samples.snapshot(dict(zip(keys, map(" ".join, side), strict=True))) for side in (before, after))
    found = {each.clause: each for each in passages(old, new)}
    assert set(found) == set(differing(old, new))
    assert (words_of(old) == words_of(new)) == (not found)
    for key, each in found.items():
        assert joined(each.runs, ("keep", "delete", "left")) == old.clauses[key].text
        assert joined(each.runs, ("keep", "insert", "came")) == new.clauses[key].text


def joined(runs: tuple[Run, ...], ops: tuple[str, ...]) -> str:
    return "".join(run.text for run in runs if run.op in ops)


def test_what_stays_is_folded_and_nothing_is_left_out() -> None:
    old, new = samples.snapshot(), samples.third_snapshot()
    blocks = whole(old, new)
    shown = [
        key
        for block in blocks
        for part in block.parts
        for key in ([part.clause] if isinstance(part, Passage) else [each.id for each in part])
    ]
    assert shown == list(new.clauses)


def test_a_clause_that_went_stands_at_the_end() -> None:
    new = samples.snapshot()
    sections = tuple(
        each.model_copy(update={"clauses": ("about/changes",)}) if each.id == "about" else each
        for each in new.policy.sections
    )
    without = replace(
        new,
        policy=new.policy.model_copy(update={"sections": sections}),
        clauses={key: each for key, each in new.clauses.items() if key != "about/contact"},
    )
    *_, last = whole(samples.snapshot(), without)
    (gone,) = last.parts
    assert last.title == "Taken out" and isinstance(gone, Passage) and gone.op == "removed"


def test_a_card_does_not_say_its_title_twice() -> None:
    told = samples.change("x.set.added", "x", Severity.MATERIAL, "Cookies. Until now: not stated.", title="Cookies")
    other = samples.change("x.set.added", "x", Severity.MATERIAL, "Cookies: one is added.", title="Cookies")
    assert [shown(each, None, None).below_title for each in (told, other)] == [
        "Until now: not stated.",
        "Cookies: one is added.",
    ]


# Since a day


def test_each_day_belongs_to_one_period_without_a_gap() -> None:
    found = periods(samples.settled())
    spans = [(each.version.effective, each.last) for each in reversed(found)]
    assert spans == [
        (date(2009, 10, 27), date(2011, 9, 5)),
        (date(2011, 9, 6), date(2013, 12, 31)),
        (date(2014, 1, 1), None),
    ]


def test_since_a_day_tells_each_step_and_the_whole_difference() -> None:
    page = text(built(samples.settled())["versions/2009-10-27/since/index.html"])
    assert "If you joined between 27 October 2009 and 5 September 2011" in page
    assert "2 new texts since then." in page
    assert page.index("1 January 2014 2 material changes") < page.index("6 September 2011 1 editorial change")
    assert "[added: Advertising networks may use them" in page


def many(count: int) -> SiteView:
    """So many versions, each a month after the other; the last is in force."""
    first, _, third = samples.versions()
    made: list[Version] = []
    for number in range(count):
        day = date(2000, 1, 1) + timedelta(days=30 * number)
        changes = (
            replace(samples.THIRD_CHANGES, old=made[-1].id, new=day.isoformat()) if made else Comparison(None, "x")
        )
        made.append(
            replace(
                third if made else first,
                id=day.isoformat(),
                effective=day,
                announced=day,
                comparison=changes,
                manifest=f"{number:064x}",
                evidence=(),
            )
        )
    return SiteView(tuple(made), Status(made[-1].effective, made[-1], (), tuple(made[:-1]), ()))


def test_a_page_tells_twelve_steps_and_leads_to_the_rest() -> None:
    view = many(30)
    told = since(view, periods(view)[-1])
    assert told is not None and (len(told.steps), told.more) == (12, 17)
    page = text(built(view)["versions/2000-01-01/since/index.html"])
    assert "17 earlier texts came before these: they are in the changelog." in page


def test_pages_grow_with_the_number_of_versions_not_with_its_square() -> None:
    few, more = (len(site_files(many(count))) for count in (10, 20))
    assert more - few == 10 * 5  # text, changes, notice, since, data


def test_many_versions_share_one_row_of_the_picture() -> None:
    found = timeline(many(40))
    assert found is not None and found.height < 100 and len(found.bars) == 40


# For machines


@pytest.mark.parametrize("view", [samples.view(), samples.settled(), many(3)])
def test_every_document_of_the_api_fits_its_published_schema(view: SiteView) -> None:
    files = built(view)
    checked = 0
    for path, content in files.items():
        if path.startswith("api/v1/") and not path.startswith(PATH):
            document = json.loads(content)
            name = document["$schema"].rpartition("/")[2].removesuffix(".json")
            schema = json.loads(files[f"{PATH}{name}.json"])
            assert name in DOCUMENTS and schema["$id"] == document["$schema"]
            jsonschema.validate(document, schema)
            checked += 1
    assert checked == 2 + len(view.versions)


def test_a_schema_lets_fields_be_added() -> None:
    assert 'additionalProperties": false' not in pending()[f"{PATH}version.json"]


def with_signal(response: str) -> dict[str, str]:
    one, two, three = samples.versions()
    practices = {
        **two.snapshot.practices,
        "signal.gpc": samples.practice(
            {"id": "signal.gpc", "type": "signal", "title": "GPC", "name": "gpc", "response": response}
        ),
    }
    two = replace(two, snapshot=replace(two.snapshot, practices=practices))
    return built(SiteView((one, two, three), replace(samples.view().status, current=two)))


@pytest.mark.parametrize(("response", "honoured"), [("honoured", True), ("not_honoured", False)])
def test_global_privacy_control_is_declared_where_the_policy_declares_it(response: str, honoured: bool) -> None:
    assert json.loads(with_signal(response)[".well-known/gpc.json"]) == {"gpc": honoured, "lastUpdate": "2011-09-06"}


def test_nothing_is_declared_of_a_signal_that_the_policy_leaves_open() -> None:
    assert ".well-known/gpc.json" not in with_signal("varies")
    assert ".well-known/gpc.json" not in pending()


def test_the_linked_data_says_what_is_done_and_what_is_ruled_out() -> None:
    found = json.loads(pending()["policy.jsonld"])
    assert found["@type"] == "dpv:PrivacyNotice" and found["dct:valid"] == "2011-09-06"
    (never,) = found["dpv:hasProhibition"]
    assert [each["skos:prefLabel"] for each in never["dpv:hasProcessing"]] == ["sell", "rent"]
    process = next(each for each in found["dpv:hasProcess"] if each["dct:title"] == "Partners who work for us")
    assert process["dpv:hasRecipient"][0]["@type"] == "dpv:DataProcessor"
    assert process["dct:source"]["@id"].endswith("versions/2011-09-06/#sharing/partners")
    known = {"dpv", "dct", "skos"}
    assert all(each.partition(":")[0] in known for each in re.findall(r'"(\w+:\w+)":', pending()["policy.jsonld"]))


def test_the_banner_stays_under_four_kilobytes_with_several_pending_versions() -> None:
    one, two, three = samples.versions()
    coming = [replace(three, id=f"2014-0{month}-01", effective=date(2014, month, 1)) for month in (1, 2, 3)]
    standings = tuple(VersionState(each, "noticed", None, each.effective) for each in coming)
    script = built(SiteView((one, two, *coming), Status(samples.AS_OF, two, standings, (one,), ())))["notice.js"]
    assert len(script.encode()) < 4096 and script.count('"sentence"') == 4


def test_the_policy_page_is_light() -> None:
    clauses = {key: (each.text + " ") * 30 for key, each in samples.snapshot().clauses.items()}
    one, two, three = samples.versions()
    two = replace(two, snapshot=samples.snapshot(clauses))
    assert sum(len(each.text) for each in two.snapshot.clauses.values()) > 25_000
    page = built(SiteView((one, two, three), replace(samples.view().status, current=two)))["index.html"]
    assert len(page.encode()) + len(templates.assets()["assets/style.css"]) < 100_000


# Text that nobody should have written


def page_with(body: str) -> str:
    one, two, three = samples.versions()
    two = replace(two, snapshot=samples.snapshot({"scope/covers": body}))
    files = built(SiteView((one, two, three), replace(samples.view().status, current=two)))
    assert wrong_html(files["index.html"]) == [] == wrong_html(files["versions/2011-09-06/changes/index.html"])
    page = files["index.html"]
    return page[page.index('id="scope/covers"') : page.index('id="collection/registration"')]


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<style>body{display:none}</style>",
        "</div></main><iframe src=//evil.example>",
        "[press](javascript:alert(1))",
        "[press](data:text/html,<script>alert(1)</script>)",
        "![picture](https://evil.example/pixel.gif)",
        "<a href='https://evil.example' onclick=x>here</a>",
        "&lt;script&gt; &#60;script&#62;",
    ],
)
def test_markup_in_the_text_stays_words(body: str) -> None:
    shown = page_with(body)
    assert not re.search(r"<(script|img|style|iframe)|<[^>]*\son\w+=|<[^>]*(javascript|data|evil)", shown)
    assert "</main>" not in shown


def test_an_image_is_shown_as_its_description() -> None:
    assert "<p>a map of our offices</p>" in page_with("![a map of our offices](missing.png)")


@pytest.mark.slow
def test_a_huge_table_scrolls_in_its_own_region() -> None:
    head = "|" + "|".join(f"column {number}" for number in range(60)) + "|\n|" + "---|" * 60 + "\n"
    shown = page_with(head + ("|" + "|".join("word" * 20 for _ in range(60)) + "|\n") * 200)
    assert shown.count("<tr>") == 201 and 'class="scroll" role="region" aria-label="Table" tabindex="0"' in shown


def test_a_list_of_a_thousand_lines_is_whole() -> None:
    shown = page_with("\n".join(f"- line {number}" for number in range(1000)))
    assert shown.count("<li>") == 1000 and "line 999" in shown


@pytest.mark.parametrize(
    "body", ["نحن لا نبيع بياناتك.", "e\u0301\u0323\u0302 " * 50, "שלום (abc) 123", "👩‍👩‍👧 and 🇫🇷"]
)
def test_other_scripts_and_combining_signs_stay_as_they_are(body: str) -> None:
    assert unescape(page_with(body)).count(body.strip()) == 1


@pytest.mark.slow
def test_every_page_is_valid_for_the_nu_html_checker(tmp_path: Path) -> None:
    jar = os.environ.get("VNU_JAR")
    if not jar:
        pytest.skip("VNU_JAR doesn't name the Nu Html Checker (npm install vnu-jar; needs Java)")
    for path, page in html_pages().items():
        target = tmp_path / path.replace(" ", "/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page)
    command = [needed("java", "Java"), "-jar", jar, "--errors-only", "--format", "text", str(tmp_path)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "Document checking completed. No errors found.\n")


def test_every_wording_is_listed_once_with_the_days_on_which_it_counted() -> None:
    view = samples.view()
    listed = wordings(view)
    keys = [(each.clause, each.title, each.text) for each in listed]
    assert len(set(keys)) == len(keys)
    shown = {each.id: each for each in (*view.took_effect, *(one.version for one in view.pending))}
    ids = list(shown)
    for version in shown.values():
        for clause in version.snapshot.clauses.values():
            has = [
                each
                for each in listed
                if each.clause == clause.id
                and each.title == clause.title
                and each.text == templates.to_text(clause.text)
            ]
            (span,) = [
                span
                for each in has
                for span in each.spans
                if ids.index(span.first.id) <= ids.index(version.id) <= ids.index(span.last.id)
            ]
            assert span.until == view.until(span.last)
