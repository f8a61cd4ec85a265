"""Web pages and Markdown with HTML in it: every word that a reader sees, at its place, and none that a reader doesn't see."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from policytrail.errors import SourceError
from policytrail.importers.formats import html, markdown
from policytrail.importers.formats.page.lists import letters, roman
from policytrail.importers.formats.page.tables import grid
from policytrail.render.shared.markdown import to_text


def page(text: str) -> str:
    return html.convert("policy.html", text.encode()).markdown.strip()


def source(text: str) -> str:
    return markdown.convert("policy.md", text.encode()).markdown.strip()


@pytest.mark.parametrize("tag", ["nobr", "o:p", "x-tag", "font", "ins", "mark", "bdi", "unknown", "st1:place"])
def test_an_element_of_any_name_is_part_of_its_sentence(tag: str) -> None:
    assert page(f"<p>We never <{tag}>sell</{tag}> data.</p>") == "We never sell data."
    assert source(f"We never <{tag}>sell</{tag}> data.") == "We never sell data."


def test_an_unknown_element_around_paragraphs_is_a_container() -> None:
    assert page("<x-card><p>One.</p><p>Two.</p></x-card>") == "One.\n\nTwo."


@pytest.mark.parametrize(
    "unseen",
    [
        "<del>never </del>",
        "<s>never </s>",
        "<strike>never </strike>",
        "<span hidden>never </span>",
        '<span style="display: none">never </span>',
        '<span style="VISIBILITY:hidden;color:red">never </span>',
        '<span style="text-decoration: line-through">never </span>',
        '<span style="mso-hide:all">never </span>',
        '<span style="font-size:0">never </span>',
        '<style>.gone { display:none }</style><span class="a gone">never </span>',
        '<style>.old { text-decoration: line-through }</style><span class="old">never </span>',
    ],
)
def test_what_is_hidden_or_crossed_out_is_not_live_and_is_named(unseen: str) -> None:
    reading = html.convert("policy.html", f"<p>We {unseen}sell data.</p>".encode())
    assert reading.markdown == "We sell data.\n"
    assert any("never" in remark for remark in reading.remarks)


@pytest.mark.parametrize("style", ["display:block", "visibility:visible", "font-size:0.9em", "opacity:0.8"])
def test_what_is_styled_and_seen_stays(style: str) -> None:
    assert page(f'<p>We <b style="{style}">never</b> sell.</p>') == "We **never** sell."


def test_crossed_out_markdown_is_not_live() -> None:
    assert source("We ~~never~~ sell data.") == "We sell data."


def test_ruby_keeps_base_and_reading() -> None:
    assert page("<p><ruby>個人<rp>(</rp><rt>こじん</rt><rp>)</rp></ruby>情報</p>") == "個人 (こじん)情報"


def test_raised_and_lowered_figures_stay_apart_from_their_neighbours() -> None:
    assert page("<p>30<sup>1</sup> days, H<sub>2</sub>O, 5<sup>th</sup></p>") == "30¹ days, H₂O, 5th"


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("<ol type=a><li>x<li>y</ol>", ["- a. x", "- b. y"]),
        ('<ol style="list-style-type: upper-roman" start=4><li>x<li>y</ol>', ["- IV. x", "- V. y"]),
        ("<ol start=4><li>x<li>y</ol>", ["4. x", "5. y"]),
        ("<ol><li>x<li value=7>y<li>z</ol>", ["1. x", "7) y", "8) z"]),
        ("<ol><li>x</ol><ol><li>y</ol>", ["1. x", "", "1) y"]),
        ("<ul><li>x</ul><ul><li>y</ul>", ["- x", "", "* y"]),
        ("<ol reversed><li>x<li>y</ol>", ["2. x", "1) y"]),
        ("<ol><li>x<ol type=i><li>y</ol></ol>", ["1. x", "   - i. y"]),
    ],
)
def test_lists_keep_the_marks_that_the_text_refers_to(listed: str, expected: list[str]) -> None:
    assert page(listed).splitlines() == expected


@given(st.integers(1, 5000))
def test_letters_and_roman_numbers_are_all_different(number: int) -> None:
    assert letters(number) != letters(number + 1) and re.fullmatch("[a-z]+", letters(number))
    assert number >= 3999 or roman(number) != roman(number + 1)


def test_cells_that_span_leave_the_others_in_their_columns() -> None:
    table = (
        "<table><tr><th>Recipient<th>Data<th>Country<tr><td rowspan=2>Acme<td>name<td>US<tr><td>email<td>IE"
        "<tr><td colspan=2>Both<td><ul><li>DE<li>FR</ul></table>"
    )
    assert page(table).splitlines()[2:] == [
        "| Acme | name | US |",
        "| Acme | email | IE |",
        "| Both |  | DE; FR |",
    ]


@given(st.data())
def test_every_cell_of_any_grid_stands_where_a_browser_shows_it(data: st.DataObject) -> None:
    """Cells are laid on a grid one by one, as the standard says; each stands in every row that it covers, and only there."""
    rows, columns = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5))
    taken: dict[tuple[int, int], str] = {}
    table = etree.Element("table")
    for row in range(rows):
        line = etree.SubElement(table, "tr")
        for column in range(columns):
            if (row, column) in taken:
                continue
            free = next(
                (wide for wide in range(1, columns - column + 1) if (row, column + wide) in taken), columns - column
            )
            wide, tall = data.draw(st.integers(1, free)), data.draw(st.integers(1, rows - row))
            made = etree.SubElement(line, "td", colspan=str(wide), rowspan=str(tall))
            made.text = f"{row}.{column}"
            for place in ((row + down, column + right) for down in range(tall) for right in range(wide)):
                taken[place] = made.text if place[1] == column else ""
    found = grid(table)
    shown = {
        (r, c): ("" if cell is None else cell.text) for r, line in enumerate(found.rows) for c, cell in enumerate(line)
    }
    assert shown == taken


def test_notes_stand_below_what_refers_to_them() -> None:
    body = (
        '<p>We share data.<sup><a href="#f1">1</a></sup></p><p>End.</p>'
        '<section><ol><li id="f1"><p>Only with consent. <a href="#r1">↩</a></p></ol></section>'
    )
    assert page(body) == "We share data.¹\n\n¹ Only with consent.\n\nEnd."
    assert source("We share data.[^a]\n\nEnd.\n\n[^a]: Only with\n    consent.") == page(body)


def test_ticked_boxes_are_words() -> None:
    assert page("<p><input type=checkbox checked> yes <input type=checkbox> no</p>") == "☒ yes ☐ no"


@pytest.mark.parametrize(
    "address",
    [
        "https://www.google.com/url?q=https%3A%2F%2Facme.example%2Fa&sa=D",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Facme.example%2Fa",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Facme.example%2Fa&data=5",
    ],
)
def test_redirects_of_others_are_undone(address: str) -> None:
    assert page(f'<p>See <a href="{address}">here</a>.</p>') == "See [here](https://acme.example/a)."


def test_the_main_part_alone_counts_where_there_is_one() -> None:
    text = "<header>Menu and a shop</header><main><p>We do not sell your data.</p></main><aside>Read more news</aside>"
    assert page(f"<body>{text}</body>") == "We do not sell your data."


def test_a_page_that_is_only_a_banner_is_refused() -> None:
    banner = "<body><div><p>This site uses cookies.</p><button>Accept all</button> Manage cookies or accept them.</div></body>"
    with pytest.raises(SourceError, match="only a banner that asks for consent to cookies"):
        page(banner)


def test_markdown_is_freed_of_what_no_reader_sees() -> None:
    text = (
        "---  \ntitle: Acme privacy\nlang: de\n---\n# Data {#data}\n{: .lead}\n\n* toc\n{:toc}\n\n"
        "We keep it.<!-- for two\nyears -->{: .note}\n\n`{: code}`\n"
    )
    reading = markdown.convert("policy.md", text.encode())
    assert reading.markdown.split() == ["#", "Data", "We", "keep", "it.", "`{:", "code}`"]
    assert (reading.title, reading.language) == ("Acme privacy", "de")


def test_definition_lists_are_read() -> None:
    assert source("Personal data\n: What tells who you are.\n: Your name, for example.") == (
        "*Personal data*\n\nWhat tells who you are.\n\nYour name, for example."
    )


def test_html_inside_markdown_is_read_as_html() -> None:
    assert (
        source('## <a name="x"></a>Data\n\nOne<br>two <span class="b">three</span>.') == "## Data\n\nOne\\\ntwo three."
    )


pieces = st.sampled_from(
    [
        "<p>{}</p>", "<ul><li>{}</li></ul>", "<ol type=a><li>{}</li></ol>", "<h2>{}</h2>", "<div>{}</div>", "<x-y>{}</x-y>",
        "<table><tr><td>{}</td><td>b</td></tr></table>", "<blockquote>{}</blockquote>", "<dl><dt>{}</dt></dl>", "{}<br>",
        "<nobr>{}</nobr>", "<details><summary>{}</summary></details>", "<sup>{}</sup>", "<pre>{}</pre>",
    ]
)  # fmt: skip
marks = st.text(alphabet="xyz12*_[]<>&`#-.|~\\!(){}", min_size=1, max_size=12)
SIGNS = re.compile("[xyz12]")
_RAISED = str.maketrans("⁰¹²", "012")


@given(st.lists(st.tuples(pieces, pieces, marks), min_size=1, max_size=6))
def test_no_word_of_a_page_is_lost_added_or_moved(parts: list[tuple[str, str, str]]) -> None:
    shown = [mark.replace("&", "&amp;").replace("<", "&lt;") for _, _, mark in parts]
    text = "".join(outer.format(inner.format(mark)) for (outer, inner, _), mark in zip(parts, shown, strict=True))
    found = to_text(page(f"<body>Go {text} on</body>")).translate(_RAISED)
    assert SIGNS.findall(found) == SIGNS.findall("".join(mark for _, _, mark in parts))
