"""Texts that say the same in two forms have one form; nothing that a reader sees is lost on the way."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrail.text.form import one_form

SAME = {
    "a heading with a line below": ("What we keep\n============\n\nText.", "# What we keep\n\nText."),
    "a closed heading": ("## What we keep ##\n\nText.", "## What we keep\n\nText."),
    "a heading in HTML": ("<h2>What we keep</h2>\nText.", "## What we keep\n\nText."),
    "a link by reference": (
        "See [our list][1].\n\n[1]: https://a.example/list\n",
        "See [our list](https://a.example/list).\n",
    ),
    "a link by its own name": (
        "See [list].\n\n[List]: <https://a.example/l> 'The list'\n",
        "See [list](https://a.example/l).\n",
    ),
    "a link in HTML": ('See <a class="x" href="https://a.example">it</a>.', "See [it](https://a.example)."),
    "a title of a link": ('See [it](https://a.example "Our list").', "See [it](https://a.example)."),
    "an address in brackets": (
        "Write to <privacy@a.example>.",
        "Write to [privacy@a.example](mailto:privacy@a.example).",
    ),
    "paragraphs in HTML": ("<p>One.</p>\n<p>Two.</p>", "One.\n\nTwo."),
    "a list in HTML": ("We keep:\n<ul>\n<li>names</li>\n<li>ages</li>\n</ul>", "We keep:\n\n\n* names\n* ages"),
    "a table spaced otherwise": ("| A | B |\n|---|:--|\n| x | y |", "|  A  |B|\n| ------ | --- |\n|x     | y|"),
    "entities": ("Caf&eacute; &amp; bar &#8211; open", "Caf\u00e9 & bar \u2013 open"),
    "struck in HTML": ("We <del>never</del> sell.", "We ~~never~~ sell."),
    "line ends": ("One.\r\n\r\nTwo.  \r\n", "One.\n\nTwo.\n"),
    "attributes of kramdown": ("## Title {#title}\n{: .no_toc}\n\nText.", "## Title\n\nText."),
    "settings of the site": ("---\ntitle: A\ntags:\n  - b\n---\n\nText.", "Text."),
}
OTHER = {
    "a rule and text are no front matter": ("---\nWe never share data.\n---\nText.", "Text."),
    "a hidden element": ("<span hidden>We never sell.</span>", "We never sell."),
    "another target": ("[it](https://a.example)", "[it](https://b.example)"),
    "a note is no link": ("See it[^1].\n\n[^1]: Never.", "See it."),
    "a comment that never ends": ("We <!-- sell.", "We"),
    "struck": ("We ~~never~~ sell.", "We never sell."),
    "an escaped tag": ("We sell &lt;b&gt; names.", "We sell  names."),
}


@pytest.mark.parametrize("name", SAME)
def test_two_forms_become_one(name: str) -> None:
    one, two = (re.sub(r"\n{2,}", "\n\n", one_form(side).strip()) for side in SAME[name])
    assert one == two


@pytest.mark.parametrize("name", OTHER)
def test_what_a_reader_sees_stays_apart(name: str) -> None:
    one, two = OTHER[name]
    assert one_form(one) != one_form(two)


@given(st.text("abc\u0436\u4e2d.,;!? \n*#-|_[]()0123\u00b2%", max_size=200))
def test_no_letter_or_figure_is_lost(text: str) -> None:
    def letters(side: str) -> list[str]:
        return re.findall(r"[^\W_]", side)

    assert letters(one_form(text)) == letters(text)


@given(st.text("ab<>/&;:{}[]()!-#|\\ \n\"'=.", max_size=200))
def test_one_form_is_final(text: str) -> None:
    assert isinstance(one_form(text), str)


@pytest.mark.parametrize(
    "piece", ["<", "[", "&", "{", "<!--", "<a ", "|", "](", "\\", "<a>", "[a]: b", "  \n", "---\na: b\n"]
)
def test_time_grows_with_the_length(piece: str) -> None:
    start = time.perf_counter()
    one_form(piece * 60_000)
    assert time.perf_counter() - start < 10
