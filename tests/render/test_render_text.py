"""Policy text becomes HTML, plain text and redlines: safe, and with the same words."""

from __future__ import annotations

import re
from html import unescape

import pytest
import render_samples as samples
from hypothesis import given
from hypothesis import strategies as st

from policytrail.model.change import Piece
from policytrail.model.policy_markdown import policy_markdown
from policytrail.render.shared import redline_html
from policytrail.render.shared.links import href, is_safe
from policytrail.render.shared.markdown import policy_text, to_html, to_text

SAFE = [
    "https://a.example/x?y=1#z",
    "mailto:a@b.example",
    "tel:+1-555-0100",
    "versions/",
    "/privacy",
    "#choices",
    "?page=2",
]
UNSAFE = [
    "http://a.example/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    " javascript:alert(1)",
    "vbscript:x",
    "data:text/html,x",
    "data:image/png;base64,x",
    "file:///etc/passwd",
    "blob:https://a.example/1",
    "intent://x",
    "ftp://a.example/",
    "//evil.example/",
    "https://good.example@evil.example/",
    "https:evil",
    "mailto:a@b.example?bcc=c@d.example",
    "mailto:a@b.example%0abcc:c@d.example",
    "mailto:a@b.example&cc=c@d.example",
]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def stripped(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize("url", SAFE)
def test_a_link_may_point_there(url: str) -> None:
    assert is_safe(url)
    assert href(url) == url


@pytest.mark.parametrize("url", UNSAFE)
def test_a_link_may_not_point_there(url: str) -> None:
    assert not is_safe(url)
    assert href(url) == (url if url == "http://a.example/" else "#")
    assert "href" not in to_html(f"[label]({url.strip()})") and "href" not in to_html(f"<{url.strip()}>")


@pytest.mark.parametrize("url", ["\\\\evil.example", "/\\evil.example", "a\x00b", 'a"b', "a b"])
def test_no_sign_in_an_address_that_browsers_read_as_another(url: str) -> None:
    assert not is_safe(url)


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/pixel.gif)",
        "![x](data:image/png;base64,AAAA)",
        "[x](&#106;avascript:alert(1))",
        "[x]: javascript:alert(1)\n\n[x]",
        '[x](https://a.example "onmouseover=alert(1)")',
        "<https://a.example/><b onclick=x>",
        "```html\n<script>\n```",
    ],
)
def test_markdown_makes_no_active_content(attack: str) -> None:
    html = to_html(attack)
    assert not re.search(r"<(script|img|iframe|b)\b", html)
    assert not re.search(r'(href|src)="(?!https://a\.example)', html)
    assert not re.search(r"<[^>]*\son\w+=", html)


@given(st.text(st.sampled_from("abc <>&\"'*_[]()!`#-\n\\:/|~")))
def test_no_text_can_make_a_tag_that_we_do_not_make(text: str) -> None:
    tags = set(re.findall(r"</?([a-z0-9]+)", to_html(text)))
    assert tags <= {
        "p",
        "em",
        "strong",
        "code",
        "pre",
        "ul",
        "ol",
        "li",
        "a",
        "blockquote",
        "hr",
        "br",
        "s",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
    }


def test_headings_of_a_clause_move_below_those_of_the_page() -> None:
    assert to_html("# One\n\n##### Five", 3) == "<h4>One</h4>\n<h6>Five</h6>\n"


def test_text_keeps_lists_and_links() -> None:
    markdown = "We *ask* for:\n\n1. your name\n2. see [this](https://a.example/)\n   - inner\n\n[mail](mailto:a@b.example) <https://c.example/>"
    assert to_text(markdown) == (
        "We ask for:\n\n1. your name\n2. see this (https://a.example/)\n   - inner\n\nmail (a@b.example) https://c.example/"
    )


def test_text_of_tables_quotes_and_code() -> None:
    assert (
        to_text("| a | b |\n|---|---|\n| 1 | `2` |\n\n> said\n\n    code\n\n***")
        == "a | b\n1 | 2\n\n  said\n\ncode\n\n* * *"
    )


PROSE = st.lists(
    st.sampled_from(
        ["we", "**collect**", "your", "*name*", "`id`", "[here](https://a.example/)", "\n\n", "\n- ", "a & b"]
    )
)


@given(PROSE.map(" ".join))
def test_html_and_text_say_the_same_words(markdown: str) -> None:
    shown = [word for word in words(to_text(markdown)) if word not in ("https", "example")]
    assert [word for word in shown if len(word) > 1] == [
        word for word in words(stripped(to_html(markdown))) if len(word) > 1
    ]


def test_the_whole_policy_as_markdown_and_text() -> None:
    snapshot = samples.snapshot()
    markdown = policy_markdown(snapshot, ("In force since today.",))
    assert markdown.startswith(
        "# Larkspur Mail privacy policy\n\nIn force since today.\n\n## What this policy covers\n\nThis policy"
    )
    assert [line for line in markdown.splitlines() if line.startswith("## ")] == [
        f"## {section.title}" for section in snapshot.policy.sections
    ]
    text = policy_text(snapshot, ("In force since today.",))
    assert words(to_text(markdown)) == words(text)


PIECES = (
    Piece("keep", "We "),
    Piece("delete", "**never**"),
    Piece("insert", "may"),
    Piece("keep", " sell <data>.\n\n- a"),
)


def test_a_redline_marks_in_words_and_escapes() -> None:
    html = redline_html.inline(PIECES)
    assert '<del><span class="vh">[removed: </span>never<span class="vh">]</span></del>' in html
    assert '<ins><span class="vh">[added: </span>may<span class="vh">]</span></ins>' in html
    assert "&lt;data&gt;" in html


def test_side_by_side_has_each_text_alone() -> None:
    old, new = redline_html.side_by_side(PIECES)
    assert "never" in old and "may" not in old
    assert "may" in new and "never" not in new


@pytest.mark.parametrize(
    ("char", "code"),
    [("\u200b", "U+200B"), ("\u202e", "U+202E"), ("\u00ad", "U+00AD"), ("\U000e0041", "U+E0041"), ("\x07", "U+0007")],
)
def test_invisible_characters_are_shown(char: str, code: str) -> None:
    html = redline_html.inline((Piece("insert", f"a{char}b"),))
    assert code in html and char not in html


@given(st.text())
def test_nothing_invisible_and_no_tag_gets_through(text: str) -> None:
    shown = redline_html.visible(text)
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", shown)
    assert set(re.findall(r"</?(\w+)", shown)) <= {"span"}


@given(st.text(st.sampled_from("*_`# ab\n[]()"), min_size=1))
def test_a_difference_of_marks_alone_stays_visible(text: str) -> None:
    assert bool(redline_html.plain(text).strip()) == bool(text.strip())
