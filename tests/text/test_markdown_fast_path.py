"""Markdown that is read without a parser is read as the parser reads it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from policytrail.errors import SourceError
from policytrail.model.validation.urls import is_safe
from policytrail.render.shared.markdown import to_text
from policytrail.sources.markdown_rules import check_markup
from policytrail.text import markdown_fast_path

WORD = st.sampled_from(
    [
        "we",
        "Data",
        "“so”",
        "don’t",
        "3",
        "4.",
        "é",
        "²",
        "-",
        "- ",
        "+",
        "*",
        "**",
        "**bold**",
        "**two words**",
        "**a",
        "b**",
        "_",
        "a_b",
        "[us](https://a.example/b_c?d=e)",
        "[**us**](https://a.example)",
        "![us](https://a.example)",
        "!",
        "[us](b)",
        "[us]",
        "](https://a.example)",
        "[us](**https://a.example**)",
        "[https://a.example](https://a.example)",
        "(**x**)",
        "https://a.example",
        "<b>",
        "<https://a.example>",
        "[a]: https://b.example",
        "&amp;",
        "\\",
        "`c`",
        "#",
        "==",
        "--",
        "---",
        "1.",
        "a)",
        "|",
        "\u00a0",
        "\u2003",
        " ",
        "  ",
        "\t",
        ":",
        ".",
        "***",
    ]
)
LINE = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "", "- ", "- ", "  ", "1. ", "> "]),
    st.lists(WORD, max_size=4).map(" ".join),
    st.sampled_from(["", "", ".", " ", ";"]),
)
TEXT = st.lists(st.one_of(LINE, st.just("")), max_size=6).map("\n".join)


@settings(max_examples=100)
@given(st.one_of(TEXT, st.text(alphabet="aé 1.-*_[]()!<>:\n#=|\u00a0'\"&", max_size=30)))
def test_what_needs_no_parser_says_what_the_parser_says(text: str) -> None:
    assert markdown_fast_path.to_text(text) in (None, to_text(text))


@pytest.mark.parametrize(
    "text",
    [
        "One line\nand another.\n\nA second paragraph, **strong words**, more:\n- an item,\n- [a link](https://a.example/b).\n\n- loose\n\nEnd.",
        "**Strong** at the front.",
        "",
    ],
)
def test_common_clauses_need_no_parser(text: str) -> None:
    assert markdown_fast_path.to_text(text) == to_text(text)


@settings(max_examples=100)
@given(TEXT)
def test_what_is_surely_safe_holds_no_html_and_no_unsafe_link(text: str) -> None:
    parser = MarkdownIt("js-default", {"html": True})
    parser.validateLink = lambda _: True  # type: ignore[method-assign]
    inner = [each for token in parser.parse(text) for each in [token, *(token.children or ())]]
    if markdown_fast_path.surely_safe(text):
        assert not any(each.type.startswith("html") for each in inner)
        assert all(is_safe(str(each.attrs["href"])) for each in inner if each.type == "link_open")


@given(st.from_regex(re.compile(rf"\A{markdown_fast_path._TARGET}\Z")))
def test_addresses_that_need_no_parser_are_allowed(target: str) -> None:
    target = target.rstrip("\n")
    assert is_safe(target)
    check_markup("c.md", f"[a]({target})", 1)


def test_a_plain_link_beside_an_unsafe_one_hides_nothing() -> None:
    with pytest.raises(SourceError, match=r"c.md:2.*javascript"):
        check_markup("c.md", "[a](https://a.example)\n[b](javascript:alert)", 1)
