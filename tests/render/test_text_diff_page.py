"""The page and the Markdown of a comparison: complete, safe with hostile texts, readable without a script."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from policytrail.model.change import Change, Comparison, Consent, Direction, Piece, Severity
from policytrail.render.diff.diff_page import escape_markdown, html_page, markdown
from policytrail.text.redline import hunks

HOSTILE = '<script>alert(1)</script> "x" | `y` **z** ~~q~~ [a](javascript:b) ![i](https://x.example/p.png) @team #12 {{ 7*7 }}'
OLD = f"# Policy\n\nWe keep data for 30 days. {HOSTILE}\n\nStays.\n\nAlso.\n\nAnd this.\n\nEnd."
NEW = f"# Policy\n\nWe keep d\u0430ta for 90\u00a0days.\u200b {HOSTILE} <img src=x onerror=y>\n\nStays.\n\nAlso.\n\nAnd this.\n\nEnd."


def change(number: int, pieces: tuple[Piece, ...], severity: Severity = Severity.MATERIAL) -> Change:
    return Change(
        f"text:{number}",
        "wording.text",
        HOSTILE,
        None,
        Direction.BROADENS,
        severity,
        OLD,
        NEW,
        Consent.ASK,
        f"Reason {number}: {HOSTILE}",
        "wording.text",
        HOSTILE,
        title=HOSTILE,
        proposed=severity,
        pieces=pieces,
    )


@pytest.fixture
def comparison() -> Comparison:
    changes = [change(number, each.pieces) for number, each in enumerate(hunks(OLD, NEW))]
    return Comparison("old.md", "new.md", (*changes, change(9, (), Severity.EDITORIAL)), 30, ("Watch <b>out</b>.",))


class Page(HTMLParser):
    """Collects tags, addresses and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "data", "srcset")]
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_stands_alone_and_runs_nothing(comparison: Comparison) -> None:
    page = html_page(comparison, OLD, NEW)
    seen = Page(page)
    assert not {"script", "img", "iframe", "link", "form", "object"} & set(seen.tags)
    assert all(each.startswith("#") for each in seen.addresses)
    assert "url(" not in page and "@import" not in page
    assert page.lstrip().startswith("<!doctype html>")


def test_the_page_tells_every_change_with_its_reason(comparison: Comparison) -> None:
    seen = Page(html_page(comparison, OLD, NEW))
    for each in comparison.changes:
        assert each.reason in seen.text and each.kind in seen.text
    assert seen.tags.count("article") == len(comparison.changes)
    assert "Watch <b>out</b>." in seen.text
    assert {"ins", "del"} <= set(seen.tags)


def test_what_cannot_be_seen_is_named(comparison: Comparison) -> None:
    page = html_page(comparison, OLD, NEW)
    text = Page(page).text
    assert "U+200B zero width space" in text and "U+0430 cyrillic small letter a" in text
    assert ">U+00A0</span>" in page
    assert "\u200b" not in page


def test_equal_texts_are_said_to_be_equal() -> None:
    assert "Both texts are equal" in html_page(Comparison("a", "b"), OLD, OLD)


def test_markdown_has_a_row_for_each_change_and_no_foreign_mark(comparison: Comparison) -> None:
    made = markdown(comparison)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(made)
    assert sum(each.type == "tr_open" for each in tokens) == len(comparison.changes) + 1
    inner = [child for each in tokens for child in each.children or []]
    assert not {"link_open", "image"} & {each.type for each in inner}
    assert {each.content for each in inner if each.type == "html_inline"} <= {"<!-- -->"}
    assert "~~30~~ **90" in made
    assert re.search(r"\[U\\\+00A0\\?\]|U\\\+00A0", made)


def test_nothing_mentions_anybody(comparison: Comparison) -> None:
    assert not re.search(r"@\w", markdown(comparison))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab1 .-=_*`~|<>[]()#@!&\\:\n$+{}", max_size=30))
def test_escaped_text_is_shown_as_it_stands(text: str) -> None:
    parser = MarkdownIt("gfm-like", {"linkify": False})
    tokens = parser.parse(f"x {escape_markdown(text)}")
    assert [each.type for each in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    shown = "".join(each.content for each in tokens[1].children or [] if each.type != "html_inline")
    assert shown.split() == ["x", *text.split()]
    alone = parser.parse(escape_markdown(text))
    assert {each.type for each in alone} <= {"paragraph_open", "inline", "paragraph_close"}
