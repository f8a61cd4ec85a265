"""Word files as people's programs write them: every wrapper opened, numbers as the text refers to them, nothing live that is not."""

from __future__ import annotations

import pytest
from word_xml import cell, item, levels, lists, paragraph, text, word_file

from policytrail.errors import SourceError
from policytrail.importers.formats.word import convert

STRUCK = "<w:strike/>"
HIDDEN = "<w:vanish/>"


def read(body: str, **parts: str) -> str:
    return convert("policy.docx", word_file(body, **parts)).markdown.strip()


@pytest.mark.parametrize(
    "wrapped",
    [
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:smartTag><w:smartTag>{}</w:smartTag></w:smartTag>",
        "<w:customXml>{}</w:customXml>",
        '<w:fldSimple w:instr="DOCPROPERTY Company">{}</w:fldSimple>',
        '<w:dir w:val="rtl">{}</w:dir>',
        '<w:bdo w:val="ltr">{}</w:bdo>',
        '<w:hyperlink w:anchor="x">{}</w:hyperlink>',
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        "<w:r><w:ruby><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>",
    ],
)
def test_every_wrapper_is_opened(wrapped: str) -> None:
    assert read(paragraph("You may ", wrapped.format(text("not")), " object.")) == "You may not object."


def test_ruby_keeps_its_base_and_its_reading() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{text('こじん')}</w:rt><w:rubyBase>{text('個人')}</w:rubyBase></w:ruby></w:r>"
    assert read(paragraph(ruby, text("情報"))) == "個人 (こじん)情報"


def test_a_box_of_text_is_read_once_and_after_its_paragraph() -> None:
    box = f"<wps:txbx><w:txbxContent>{paragraph('In the box.')}</w:txbxContent></wps:txbx>"
    shape = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert read(paragraph("Before.", shape) + paragraph("After.")) == "Before.\n\nIn the box.\n\nAfter."


def test_what_is_struck_or_hidden_is_never_live_and_is_named() -> None:
    struck = '<w:style w:styleId="Gone"><w:rPr><w:dstrike/></w:rPr></w:style>'
    body = paragraph(
        "We ",
        text("never ", STRUCK),
        text("ever ", '<w:rStyle w:val="Gone"/>'),
        "sell",
        text(" secretly", HIDDEN),
        " data.",
    )
    reading = convert("policy.docx", word_file(body, styles=struck))
    assert reading.markdown == "We sell data.\n"
    assert any("crossed out" in remark and "never ever" in remark for remark in reading.remarks)
    assert any("hidden" in remark and "secretly" in remark for remark in reading.remarks)


def test_a_switched_off_property_is_off() -> None:
    assert (
        read(paragraph("We ", text("never", '<w:strike w:val="0"/><w:vanish w:val="false"/>'), " sell."))
        == "We never sell."
    )


def test_cells_stand_in_their_own_columns() -> None:
    merged, goes_on, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    table = (
        f"<w:tr>{cell('Recipient')}{cell('Data')}{cell('Country')}</w:tr>"
        f"<w:tr>{cell('Acme', merged)}{cell('name')}{cell('US')}</w:tr>"
        f"<w:tr>{cell('', goes_on)}{cell('email')}{cell('IE')}</w:tr>"
        f"<w:tr>{cell('Both', wide)}{cell('DE')}</w:tr>"
    )
    assert read(f"<w:tbl>{table}</w:tbl>").splitlines() == [
        "| Recipient | Data | Country |",
        "| --- | --- | --- |",
        "| Acme | name | US |",
        "| Acme | email | IE |",
        "| Both |  | DE |",
    ]


def test_a_list_in_a_cell_stays_in_its_cell() -> None:
    inner = f"<w:tc>{item('name')}{item('email')}</w:tc>"
    table = f"<w:tr>{cell('What')}{cell('Why')}</w:tr><w:tr>{inner}{cell('to sell')}</w:tr>"
    numbering = lists(levels(("bullet", "•", 1)))
    assert read(f"<w:tbl>{table}</w:tbl>", numbering=numbering).splitlines()[2] == "| name; email | to sell |"


def test_letters_continued_and_late_lists_keep_the_marks_that_the_text_refers_to() -> None:
    numbering = lists(
        levels(("lowerLetter", "(%1)", 1), ("lowerRoman", "%2)", 1)), levels(("decimal", "%1.", 4)), restart={2: 9}
    )
    body = (
        item("first")
        + item("deeper", level=1)
        + item("second")
        + paragraph("As letter (b) says:")
        + item("third")
        + item("late", number=2)
        + item("later", number=2)
        + item("anew", number=102)
    )
    assert read(body, numbering=numbering).splitlines() == [
        "- (a) first",
        "  - i) deeper",
        "- (b) second",
        "",
        "As letter (b) says:",
        "",
        "- (c) third",
        "",
        "4. late",
        "5. later",
        "",
        "9) anew",
    ]


def test_numbers_of_several_levels_are_shown_as_word_shows_them() -> None:
    numbering = lists(levels(("decimal", "%1.", 1), ("decimal", "%1.%2", 1)))
    headings = '<w:style w:styleId="H"><w:name w:val="heading 1"/></w:style>'
    numbered = '<w:pStyle w:val="H"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = (
        paragraph("Data", properties=numbered)
        + item("We collect it.", level=1)
        + item("We keep it.", level=1)
        + paragraph("Rights", properties=numbered)
        + item("You may ask.", level=1)
    )
    assert read(body, numbering=numbering, styles=headings).split("\n\n") == [
        "# 1. Data",
        "- 1.1 We collect it.\n- 1.2 We keep it.",
        "# 2. Rights",
        "- 2.1 You may ask.",
    ]


def test_headings_by_outline_level_and_by_inherited_styles() -> None:
    styles = (
        '<w:style w:styleId="Base"><w:name w:val="Clause heading"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:styleId="Own"><w:name w:val="Our heading"/><w:basedOn w:val="Base"/></w:style>'
    )
    body = (
        paragraph("By style", properties='<w:pStyle w:val="Own"/>')
        + paragraph("By level", properties='<w:outlineLvl w:val="1"/>')
        + paragraph("Body", properties='<w:pStyle w:val="Own"/><w:outlineLvl w:val="9"/>')
    )
    assert read(body, styles=styles) == "# By style\n\n## By level\n\nBody"


def test_notes_stand_below_what_refers_to_them() -> None:
    note = f'<w:footnote w:id="2">{paragraph("Only with your consent.")}</w:footnote>'
    body = paragraph("We share data.", '<w:r><w:footnoteReference w:id="2"/></w:r>') + paragraph("The end.")
    assert read(body, footnotes=note) == "We share data.¹\n\n¹ Only with your consent.\n\nThe end."


def test_raised_figures_stay_raised() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    assert read(paragraph("30", text("1", raised), " days, 10", text("2", raised), ".")) == "30¹ days, 10²."


def test_boxes_keep_their_tick() -> None:
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    control = f"<w:sdt><w:sdtPr><w:checkbox/></w:sdtPr><w:sdtContent>{text('☒')}</w:sdtContent></w:sdt>"
    old = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert read(paragraph(symbol, " a ", control, " b ", old, " c")) == "☒ a ☒ b ☒ c"


def test_a_table_of_contents_is_left_out_and_named() -> None:
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    begin = field.format("begin") + '<w:r><w:instrText>TOC \\o "1-3"</w:instrText></w:r>' + field.format("separate")
    body = (
        paragraph(begin, text("Data ... 1"))
        + paragraph(text("Rights ... 2"), field.format("end"))
        + paragraph("We collect data.")
    )
    reading = convert("policy.docx", word_file(body))
    assert reading.markdown == "We collect data.\n"
    assert "Left out: a table of contents." in reading.remarks


TRACKED = (
    '<w:ins w:id="1" w:author="Jo March">{}</w:ins>'.format(text("always "))
    + '<w:del w:id="2" w:author="Ann Lee"><w:r><w:delText xml:space="preserve">never </w:delText></w:r></w:del>'
)


def test_open_tracked_changes_are_shown_with_their_authors_and_asked_for() -> None:
    raw = word_file(paragraph("We ", TRACKED, "sell data."))
    with pytest.raises(
        SourceError, match=r"2 tracked changes .* Jo March \(1\), Ann Lee \(1\): Jo March inserted “always”"
    ):
        convert("policy.docx", raw)
    accepted, rejected = convert("policy.docx", raw, "accept"), convert("policy.docx", raw, "reject")
    assert (accepted.markdown, rejected.markdown) == ("We always sell data.\n", "We never sell data.\n")
    assert "2 open tracked changes were accepted, as you asked." in accepted.remarks


def test_comments_are_named_with_their_authors() -> None:
    comment = f'<w:comment w:id="0" w:author="Jo March">{paragraph("Really?")}</w:comment>'
    reading = convert("policy.docx", word_file(paragraph("We sell data."), comments=comment))
    assert reading.remarks == ("Left out, 1 comments in the margin: Jo March: “Really?”.",)


def test_an_unfilled_control_says_nothing() -> None:
    control = (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{text('Click to enter')}</w:sdtContent></w:sdt>"
    )
    assert read(paragraph("We collect data.", control)) == "We collect data."
