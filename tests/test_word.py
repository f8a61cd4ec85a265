"""Word files: what we write reads back to the word, redlines hold both texts, edited copies become edits of clauses."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from conftest import Cli
from policytrail.errors import SourceError
from policytrail.model.policy import Snapshot
from policytrail.render.docx import policy_docx, redline_docx, texts_docx
from policytrail.render.docx.blocks import Block, Span, blocks, markdown, marks_of, tidy
from policytrail.render.docx.layout import Placed, laid_out, name_of, plain_layout
from policytrail.render.docx.package import docx
from policytrail.render.docx.revisions import revised, unchanged
from policytrail.render.docx.write import W
from policytrail.sources.load import load_draft, read_sources
from policytrail.sources.names import context
from policytrail.sources.template import fill
from policytrail.versions.store import load_versions
from policytrail.word.draft import Plan, planned
from policytrail.word.merge import cells, merged
from policytrail.word.outline import rearranged
from policytrail.word.read import Document, read
from policytrail.word.structure import Structure
from samples import edit

ROOT = Path(__file__).resolve().parents[1]
NOON = datetime(2020, 1, 2, 12, tzinfo=UTC)
MARKDOWN = [
    "We ask for your **name**, *email* and `id`.", "- one\n- two\n  - three\n\n    more of three\n- four",
    "1. first\n2. second\n\n   still second\n3. third", "7. seventh\n8. eighth", "> quoted *words*",
    "| who | why |\n| --- | --- |\n| us | [this](https://x.example/a) |\n| a\\|b | **c** |", "### Inside\n\ntext",
    "A line\\\nbroken.", "```\ncode  here\n  deep\n```", "Signs \\* \\_ < & [x] # 1. 2)", "* * *", "[**bold** link](mailto:a@b.example)",
    "***both*** and **a *b* c**", "Wrapped\nlines of\ntext.", "~~struck~~ out", "\\# no heading", "1\\. no list",
]  # fmt: skip
texts_of = st.lists(st.sampled_from(MARKDOWN), min_size=1, max_size=6).map("\n\n".join)
words = st.lists(st.sampled_from("we may never share your name email data 30 days . , * _ {{ {% [ ] ( ) # é".split()),
                 max_size=5).map(" ".join)  # fmt: skip


def texts(placed: Iterable[Placed]) -> list[tuple[object, str]]:
    return [(each.block.shape, each.block.text) for each in placed]


def written(placed: tuple[Placed, ...]) -> Document:
    return read("x.docx", docx(unchanged(placed), "Title", "Us", NOON))


def draft_plan(root: Path, raw: bytes) -> Plan:
    sources, draft = read_sources(root / "policy")
    names = context(draft.policy, draft.practices, draft.vocabulary)
    bodies = {name: clause.text for name, (clause, _) in sources.bodies.items()}
    return planned(read("x.docx", raw), draft, bodies, lambda name, text: fill(name, 1, text, names))


def repacked(raw: bytes, change: Callable[[etree._Element], None], part: str = "word/document.xml") -> bytes:
    """The Word file with one part changed, as somebody's editor would."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                root = etree.fromstring(content)
                change(root)
                content = etree.tostring(root)
            new.writestr(name, content)
    return stream.getvalue()


def paragraph(root: etree._Element, text: str) -> etree._Element:
    return next(p for p in root.iter(f"{{{W}}}p") if text in "".join(p.itertext()))


def replaced(old: str, new: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        found = [t for t in root.iter(f"{{{W}}}t") if old in (t.text or "")]
        assert found, f"{old!r} isn't in the document"
        found[0].text = found[0].text.replace(old, new)

    return change


def rejected(root: etree._Element) -> None:
    """All revisions taken back, as the standard describes it."""
    for tag in ("ins", "moveTo"):
        for each in list(root.iter(f"{{{W}}}{tag}")):
            parent = each.getparent()
            if parent.tag == f"{{{W}}}rPr":  # the mark of a paragraph: all of it came
                parent = parent.getparent().getparent()
                parent.getparent().remove(parent)
            elif parent.tag == f"{{{W}}}trPr":
                parent.getparent().getparent().remove(parent.getparent())
            elif parent.getparent() is not None:
                parent.remove(each)
    for tag in ("del", "moveFrom"):
        for each in list(root.iter(f"{{{W}}}{tag}")):
            for child in list(each):
                each.addprevious(child)
            each.getparent().remove(each)
    for each in root.iter(f"{{{W}}}delText"):
        each.tag = f"{{{W}}}t"


# What is written reads back


@given(texts_of)
def test_markdown_as_blocks_and_back_says_the_same(text: str) -> None:
    made = blocks(text, 2)
    assert blocks(markdown(made, 2), 2) == made


@settings(max_examples=30, deadline=None)
@given(texts_of)
def test_what_is_written_reads_back(text: str) -> None:
    placed = tuple(map(Placed, blocks(text, 2)))
    found = written(placed)
    assert [each.block for each in found.placed] == [each.block for each in placed]
    assert found.leftovers == () and found.comments == ()


@settings(max_examples=40, deadline=None)
@given(texts_of, texts_of)
def test_a_redline_holds_both_texts(old: str, new: str) -> None:
    a, b = plain_layout(old), plain_layout(new)
    raw = docx(revised(a, b), "Title", "Us", NOON)
    assert [each.block for each in read("x", raw).placed] == [each.block for each in b]
    assert texts(read("x", repacked(raw, rejected)).placed) == texts(a)


def test_a_new_list_begins_with_its_own_number_where_another_went() -> None:
    for old, new in (("7. seventh\n8. eighth", "1. first\n2. second"), ("1. one\n2. two\n3. three", "Text.\n\n4. four\n5. five"),
                     ("1. one\n\nbetween\n\n1. again", "1. one\n2. again")):  # fmt: skip
        raw = docx(revised(plain_layout(old), plain_layout(new)), "Title", "Us", NOON)
        assert [each.block for each in read("x", raw).placed] == list(blocks(new))


NUMBERED = ("Intro\n\n1. one\n2. two\n3. three\n\nText between.\n\n1. alpha\n2. beta\n\nEnd",
            "Intro changed\n\n1. one\n2. new item\n3. two altered\n\nText between.\n\n5. alpha\n6. beta\n\nEnd")  # fmt: skip


def test_a_list_that_begins_at_another_number_keeps_its_numbers_either_way() -> None:
    for old, new in (NUMBERED, NUMBERED[::-1]):
        raw = texts_docx(old, new, "t", NOON)
        accepted = [each.block for each in read("x", raw).placed]
        back = [each.block for each in read("x", repacked(raw, rejected)).placed]
        assert [accepted, back] == [[each.block for each in plain_layout(text)] for text in (new, old)]


def test_white_space_has_no_look_of_its_own() -> None:
    assert tidy([Span("a"), Span(" ", bold=True), Span("b", bold=True)]) == (Span("a "), Span("b", bold=True))
    assert tidy([Span(" a", italic=True), Span("  b\t ", italic=True)]) == (Span("a b", italic=True),)


@pytest.mark.parametrize("version", ["2009-10-27", "2011-09-06", "2014-01-01"])
def test_every_version_round_trips(version: str) -> None:
    snapshot = next(each.snapshot for each in load_versions(ROOT) if each.id == version)
    raw = policy_docx(snapshot, NOON.date(), ("In force from some day.",))
    found = read("x", raw)
    assert found.placed == laid_out(snapshot, ("In force from some day.",))
    names = {name for each in found.placed for name in each.marks}
    clause = name_of("clause", "x", "")[:5]
    assert sum(name.startswith(clause) for name in names) == len(snapshot.clauses)
    assert all(len(name) <= 40 for name in names)


def test_the_draft_taken_back_unedited_changes_nothing(repo: Path) -> None:
    for root in (ROOT, repo):
        draft = load_draft(root / "policy")
        for raw in (
            policy_docx(draft, NOON.date()),
            *(redline_docx(each.snapshot, draft, NOON) for each in load_versions(root)),
        ):
            plan = draft_plan(root, raw)
            assert (plan.edits, plan.titles, plan.warnings, plan.open) == ([], {}, [], [])


def test_the_bytes_are_the_same_for_the_same_text() -> None:
    old, new = (each.snapshot for each in load_versions(ROOT)[-2:])
    assert redline_docx(old, new, NOON) == redline_docx(old, new, NOON)


def test_tracked_changes_are_signed_and_dated() -> None:
    raw = texts_docx("We keep data for 30 days.\n\nThis one moves away.\n\nAnd this one, a little longer, stays.",
                     "We keep data for 60 days.\n\nAnd this one, a little longer, stays.\n\nThis one moves away.", "t", NOON)  # fmt: skip
    xml = zipfile.ZipFile(io.BytesIO(raw)).read("word/document.xml").decode()
    for tag in ("ins", "del", "moveFrom", "moveTo"):
        assert re.search(rf'<w:{tag} w:id="\d+" w:author="policytrail" w:date="2020-01-02T12:00:00Z">', xml), tag
    assert re.search(r"<w:delText[^>]*>30<", xml) and 'w:name="policytrail-move-1"' in xml


# Variables


NAMES = {"practices": {"x": {"data": ["name", "email address", "phone"], "n": 30, "sign": "a_b*c"}}}
SOURCES = [
    "We ask for your {{ practices.x.data | and_list }} when\nyou register, for {{ practices.x.n }} days.",
    "{% for each in practices.x.data %}- {{ each }}\n{% endfor %}\nThat is all.",
    "{% if practices.x.n == 30 %}Thirty{% endif %} days {{ practices.x.sign }} and **{{ practices.x.n }}** more.",
    "A {{- practices.x.n }} close one.", "{{ practices.x.n }}{{ practices.x.n }} twice",
]  # fmt: skip


def shown(source: str) -> str:
    return fill("x", 1, source, NAMES).strip()


def test_a_brace_beside_a_template_opens_none() -> None:
    for source, new in (
        ("{{ practices.x.n }} days", "{"),
        ("{% if practices.x.n %}x{% endif %}", "{{"),
        ("days {{ practices.x.n }}", "{%"),
    ):
        before = shown(source)
        found = cells(source, lambda text: fill("x", 1, text, NAMES), before)
        for after in (new + before, before + new):
            assert shown(merged(found, before, after, {}).source) == after


def test_a_brace_in_the_source_that_meets_another_is_written_out(repo: Path) -> None:
    edit(repo, "clauses/contact.md", "Write to", "Write { to")
    raw = policy_docx(load_draft(repo / "policy"), NOON.date())
    plan = draft_plan(repo, repacked(raw, replaced("{ to", "{% to")))
    assert [each.clause for each in plan.edits] == ["contact"]
    assert "{%" not in plan.edits[0].body and '{{ "{" }}% to' in plan.edits[0].body


@given(st.sampled_from(SOURCES), words, st.data())
def test_an_edit_always_says_what_was_wanted(source: str, new: str, data: st.DataObject) -> None:
    before = shown(source)
    start = data.draw(st.integers(0, len(before)))
    stop = data.draw(st.integers(start, len(before)))
    after = before[:start] + new + before[stop:]
    found = cells(source, lambda text: fill("x", 1, text, NAMES), before)
    assert "".join(each.source for each in found) == source
    assert "".join(each.shown for each in found) == before
    made = merged(found, before, after, {})
    assert shown(made.source) == after.strip()


@pytest.mark.parametrize(("old", "new", "kept", "replaced"), [
    ("We ask", "We may ask", 2, 0), ("your name", "your full name", 2, 0), ("email address", "post address", 1, 1),
    ("30 days", "30 full days", 2, 0), ("30", "14", 1, 1), ("you register, ", "", 2, 0),
])  # fmt: skip
def test_a_variable_stays_while_its_words_do(old: str, new: str, kept: int, replaced: int) -> None:
    source = SOURCES[0]
    before = shown(source)
    found = cells(source, lambda text: fill("x", 1, text, NAMES), before)
    made = merged(found, before, before.replace(old, new), {})
    assert (made.source.count("{{"), len(made.replaced)) == (kept, replaced)


@pytest.mark.parametrize(("source", "wanted", "made"), [
    ("", "Hello.", "Hello."),
    ("* a\n* b\n\n_x_ and __y__\nwrapped.", "- a\n- b\n- c\n\n*x* and **y** well wrapped.", "* a\n* b\n* c\n\n_x_ and __y__\nwell wrapped."),
    ("1) a\n2) b", "1. a\n2. c\n3. b", "1) a\n2) c\n3) b"), ("- a\n\n- b\n\n- c", "- a\n- b\n- x\n- c", "- a\n\n- b\n\n- x\n- c"),
    ("Head\n====\n\n~~struck~~ words.", "# Head\n\nstruck words, and more.", "Head\n====\n\n~~struck~~ words, and more."),
    ("| a | b |\n|---|---|\n| c | d |", "| a | b |\n|---|---|\n| c | e |\n| f | g |", "| a | b |\n|---|---|\n| c | e |\n| f | g |"),
    ("    code\n\ntext", "```\ncode\n```\n\ntext more", "    code\n\ntext more"), ("x &amp; y", "x & z", "x &amp; z"),
])  # fmt: skip
def test_a_source_keeps_its_own_style_of_markdown(source: str, wanted: str, made: str) -> None:
    before, after = (markdown(blocks(text, 2), 2, marks_of(source)) for text in (source, wanted))
    found = merged(cells(source, lambda text: text, before), before, after, {}).source
    assert found == made
    assert blocks(found, 2) == blocks(wanted, 2)


# Edited copies


@pytest.fixture
def exported(repo: Path) -> bytes:
    return policy_docx(load_draft(repo / "policy"), NOON.date())


def taken(cli: Cli, folder: Path, raw: bytes) -> tuple[int, str]:
    (folder / "edited.docx").write_bytes(raw)
    result = cli("import", "--into-draft", str(folder / "edited.docx"), "--as-of", "2020-05-06")
    return result.exit_code, result.output


def test_an_edit_lands_in_its_clause_alone(repo: Path, cli: Cli, exported: bytes, tmp_path: Path) -> None:
    before = {path: path.read_text() for path in (repo / "policy").rglob("*.*") if path.is_file()}
    status, said = taken(cli, tmp_path, repacked(exported, replaced("we ask for", "we may ask for")))
    assert status == 0, said
    path = repo / "policy/clauses/collection/registration.md"
    assert path.read_text() == before[path].replace("we ask for", "we may ask for")
    after = {path: path.read_text() for path in (repo / "policy").rglob("*.*") if path.is_file()}
    assert {each for each in after if before.get(each) != after[each]} == {path}


def test_words_of_a_variable_that_are_edited_become_plain_with_a_warning(
    repo: Path, cli: Cli, exported: bytes, tmp_path: Path
) -> None:
    status, said = taken(cli, tmp_path, repacked(exported, replaced("for 30 days", "for 14 days")))
    assert (
        status == 0 and "changes/notice: {{ practices.changes.material.period_days }} gave way to plain words" in said
    )
    assert "for 14 days" in (repo / "policy/clauses/changes/notice.md").read_text()
    assert "period_days" in (repo / "policy/review-notes.md").read_text()


def test_titles_of_section_and_policy(repo: Path, cli: Cli, exported: bytes, tmp_path: Path) -> None:
    raw = exported
    for old, new in (("What we collect", "Collected, by us"), ("Privacy policy", "Our privacy policy")):
        raw = repacked(raw, replaced(old, new))
    status, said = taken(cli, tmp_path, raw)
    assert status == 0, said
    draft = load_draft(repo / "policy")
    assert draft.policy.title == "Our privacy policy"
    # A clause that is alone in its section has no heading of its own.
    assert draft.policy.sections[0].title == "Collected, by us"


def test_a_clause_title(repo: Path, cli: Cli, exported: bytes, tmp_path: Path) -> None:
    status, said = taken(cli, tmp_path, repacked(exported, replaced("Our promise", "Our promise: nothing sold")))
    assert status == 0, said
    assert load_draft(repo / "policy").clauses["sharing/promise"].title == "Our promise: nothing sold"


def test_a_draft_that_moved_on_keeps_its_own_changes(repo: Path, exported: bytes) -> None:
    edit(repo, "clauses/contact.md", "Write to", "Please write to")
    assert draft_plan(repo, exported).edits == []
    plan = draft_plan(repo, repacked(exported, replaced("Write to", "Only write to")))
    assert plan.edits == []
    assert len(plan.open) == 1 and "both the document and the draft" in plan.open[0] and "Only write to" in plan.open[0]


def test_comments_become_notes(repo: Path, cli: Cli, exported: bytes, tmp_path: Path) -> None:
    def comment(root: etree._Element) -> None:
        run = next(t for t in root.iter(f"{{{W}}}t") if "Mail providers that" in (t.text or "")).getparent()
        run.addprevious(etree.Element(f"{{{W}}}commentRangeStart", {f"{{{W}}}id": "7"}))
        run.addnext(etree.Element(f"{{{W}}}commentRangeEnd", {f"{{{W}}}id": "7"}))

    raw = repacked(exported, comment)
    xml = (f'<w:comments xmlns:w="{W}"><w:comment w:id="7" w:author="Ann" w:date="2020-05-01T00:00:00Z"><w:p><w:r>'
           "<w:t>Which ones?</w:t></w:r></w:p></w:comment></w:comments>")  # fmt: skip
    stream = io.BytesIO(raw)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("word/comments.xml", xml)
    for _ in range(2):
        status, said = taken(cli, tmp_path, stream.getvalue())
        assert status == 0, said
    notes = (repo / "policy/review-notes.md").read_text()
    assert notes.count("Which ones?") == 1
    assert "## 2020-05-06: edited.docx\n\n### sharing/processors\n\n- Ann (2020-05-01) on" in notes
    assert load_draft(repo / "policy")


def heading_of(title: str) -> etree._Element:
    return etree.fromstring(
        f'<w:p xmlns:w="{W}"><w:pPr><w:pStyle w:val="Heading2"/></w:pPr><w:r><w:t>{title}</w:t></w:r></w:p>'
    )


def text_of(words: str) -> etree._Element:
    return etree.fromstring(f'<w:p xmlns:w="{W}"><w:r><w:t>{words}</w:t></w:r></w:p>')


def heading_one(title: str) -> etree._Element:
    made = heading_of(title)
    made.find(f"{{{W}}}pPr/{{{W}}}pStyle").set(f"{{{W}}}val", "Heading1")
    return made


def sections(root: Path) -> dict[str, tuple[str, ...]]:
    return {each.id: each.clauses for each in load_draft(root / "policy").policy.sections}


def after(text: str, *added: etree._Element) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        place = paragraph(root, text)
        for each in reversed(added):
            place.addnext(each)

    return change


def test_a_new_heading_with_text_becomes_a_clause_in_its_place(
    repo: Path, cli: Cli, exported: bytes, tmp_path: Path
) -> None:
    added = [
        heading_of("Zebras: ours &amp; yours"),
        text_of("We sell {{ to }} zebras."),
        heading_of("Zebras: ours &amp; yours"),
        text_of("Twice."),
    ]
    raw = repacked(exported, after("We do not sell", *added))
    for _ in range(2):  # a second time there is nothing left to do
        status, said = taken(cli, tmp_path, raw)
        assert status == 0, said
        assert sections(repo)["sharing"] == (
            "sharing/promise", "sharing/zebras-ours-yours", "sharing/zebras-ours-yours-2", "sharing/processors")  # fmt: skip
    made = load_draft(repo / "policy").clauses["sharing/zebras-ours-yours"]
    assert (made.title, made.text, made.states) == ("Zebras: ours & yours", "We sell {{ to }} zebras.", ())
    assert "It states no practice yet" in (repo / "policy/review-notes.md").read_text()
    assert cli("check").exit_code == 0  # a first draft; a later one would wait for rulings


def test_a_new_heading_of_the_highest_level_becomes_a_section(
    repo: Path, cli: Cli, exported: bytes, tmp_path: Path
) -> None:
    raw = repacked(exported, after("Mail providers that", heading_one("Zebras"), text_of("We like zebras.")))
    status, said = taken(cli, tmp_path, raw)
    assert status == 0, said
    assert list(sections(repo)) == ["collection", "sharing", "zebras", "changes"]
    assert (
        sections(repo)["zebras"] == ("zebras",)
        and load_draft(repo / "policy").clauses["zebras"].text == "We like zebras."
    )


def test_a_heading_without_text_or_letters_is_listed(repo: Path, exported: bytes) -> None:
    for added in ([heading_of("Zebras")], [heading_of("斑馬"), text_of("斑馬。")]):
        plan = draft_plan(repo, repacked(exported, after("Mail providers that", *added)))
        assert plan.structure.new == [] and "fits no clause that exists" in plan.open[0] and len(plan.open) == 1


def test_a_paragraph_behind_the_last_one_belongs_to_the_clause(repo: Path, exported: bytes) -> None:
    plan = draft_plan(
        repo, repacked(exported, lambda root: paragraph(root, "Mail providers that").addnext(text_of("No others.")))
    )
    assert [(each.clause, each.body.endswith("address.\n\nNo others.")) for each in plan.edits] == [
        ("sharing/processors", True)
    ]


def delete_paragraphs(*texts: str) -> Callable[[etree._Element], None]:
    """Tracked deletions of whole paragraphs, with their ends."""

    def change(root: etree._Element) -> None:
        for text in texts:
            found = paragraph(root, text)
            mark = etree.SubElement(found.find(f"{{{W}}}pPr"), f"{{{W}}}rPr")
            etree.SubElement(mark, f"{{{W}}}del")
            for run in list(found.iterfind(f"{{{W}}}r")):
                gone = etree.Element(f"{{{W}}}del")
                run.addprevious(gone)
                gone.append(run)
                for each in run.iter(f"{{{W}}}t"):
                    each.tag = f"{{{W}}}delText"

    return change


WHOLE = delete_paragraphs("Our promise", "We do not sell")


def test_a_clause_that_is_deleted_goes_with_the_practices_that_only_it_states(
    repo: Path, cli: Cli, exported: bytes, tmp_path: Path
) -> None:
    before = (repo / "policy/practices/all.yaml").read_text()
    for raw in (repacked(exported, WHOLE), repacked(exported, lambda root: [each.getparent().remove(each) for each in (
            paragraph(root, "Our promise"), paragraph(root, "We do not sell"))])):  # fmt: skip
        plan = draft_plan(repo, raw)
        assert (plan.structure.removed, plan.edits, plan.open) == (["sharing/promise"], [], [])
    french = repo / "policy/translations/fr/collection/registration.md"
    french.parent.mkdir(parents=True)
    french.write_text(f"---\ntitle: Inscription\nof: '{'0' * 16}'\n---\nNous demandons votre nom.\n")
    whole = delete_paragraphs("What we collect", "When you register")
    status, said = taken(cli, tmp_path, repacked(exported, whole))
    assert status == 0 and "Deleted policy/clauses/collection/registration.md" in said, said
    assert not french.exists() and load_draft(repo / "policy").translations["fr"].clauses == {}
    assert list(sections(repo)) == ["sharing", "changes"]
    assert "collection.registration" not in load_draft(repo / "policy").practices
    kept = (repo / "policy/practices/all.yaml").read_text()
    assert kept in before and before.removesuffix(kept).startswith("- id: collection.registration\n")


def test_what_another_practice_needs_is_not_taken_out(repo: Path, cli: Cli, exported: bytes, tmp_path: Path) -> None:
    """The promise has an exception that names it."""
    before = {path: path.read_text() for path in (repo / "policy").rglob("*.*") if path.is_file()}
    status, said = taken(cli, tmp_path, repacked(exported, WHOLE))
    assert status == 1 and "sharing/promise: the document took this clause out; it was left as it is: policy/" in said
    assert "(exception_to)" in said
    after = {path: path.read_text() for path in (repo / "policy").rglob("*.*") if path.is_file()}
    assert {path.name for path in after if before.get(path) != after[path]} == {"review-notes.md"}


def test_a_clause_without_its_text_or_title_is_listed_and_left(repo: Path, exported: bytes) -> None:
    text = draft_plan(repo, repacked(exported, delete_paragraphs("We do not sell")))
    assert text.edits == [] and ["all its text is deleted" in each for each in text.open] == [True]
    title = draft_plan(repo, repacked(exported, delete_paragraphs("Our promise")))
    assert title.edits == [] and ["its title is deleted" in each for each in title.open] == [True]
    assert text.structure.removed == title.structure.removed == []


def test_a_clause_that_the_draft_changed_or_got_since_is_never_taken_out(repo: Path, exported: bytes) -> None:
    edit(repo, "clauses/sharing/promise.md", "We do not sell", "We don't sell")
    plan = draft_plan(repo, repacked(exported, WHOLE))
    assert plan.structure.removed == [] and ["the draft changed it since" in each for each in plan.open] == [True]
    edit(repo, "clauses/sharing/promise.md", "We don't sell", "We do not sell")
    (repo / "policy/clauses/sharing/new.md").write_text("---\ntitle: New\nstates: []\n---\nNew words.\n")
    edit(
        repo,
        "policy.yaml",
        "[sharing/promise, sharing/processors]",
        "[sharing/promise, sharing/new, sharing/processors]",
    )
    plan = draft_plan(repo, repacked(exported, WHOLE))
    assert plan.structure.removed == ["sharing/promise"] and plan.open == []
    assert ["sharing/new: the draft got this clause" in each for each in plan.warnings] == [True]
    assert plan.structure.arrangement["sharing"] == ["sharing/new", "sharing/processors"]


def test_a_document_that_does_not_tell_what_it_was_written_with_takes_nothing_out(repo: Path, exported: bytes) -> None:
    """As files of earlier releases, or those whose title was replaced."""

    def forget(root: etree._Element) -> None:
        WHOLE(root)
        for each in list(root.iter(f"{{{W}}}bookmarkStart")):
            if each.get(f"{{{W}}}name", "").startswith("pt_w_"):
                each.getparent().remove(each)

    plan = draft_plan(repo, repacked(exported, forget))
    assert plan.structure.removed == [] and ["sharing/promise: this clause isn't" in each for each in plan.open] == [
        True
    ]


def test_a_renamed_heading_that_lost_its_bookmark_is_found_by_its_text(
    repo: Path, cli: Cli, exported: bytes, tmp_path: Path
) -> None:
    def rename(root: etree._Element) -> None:
        old = paragraph(root, "Our promise")
        old.addprevious(heading_of("What we promise"))
        old.getparent().remove(old)

    status, said = taken(cli, tmp_path, repacked(exported, rename))
    assert status == 0, said
    draft = load_draft(repo / "policy")
    assert (
        draft.clauses["sharing/promise"].title == "What we promise"
        and sections(repo)["sharing"][0] == "sharing/promise"
    )
    assert "its bookmark is gone" in said


def test_a_lost_bookmark_is_made_up_for_by_the_heading(repo: Path, exported: bytes) -> None:
    def strip(root: etree._Element) -> None:
        for each in list(root.iter(f"{{{W}}}bookmarkStart", f"{{{W}}}bookmarkEnd")):
            each.getparent().remove(each)
        replaced("We do not sell", "We never sell")(root)

    plan = draft_plan(repo, repacked(exported, strip))
    assert [(each.clause, "We never sell" in each.body) for each in plan.edits] == [("sharing/promise", True)]
    assert plan.open == [] and "found by its heading" in plan.warnings[0]


def test_a_clause_that_may_have_been_rewritten_is_neither_new_nor_gone(repo: Path, exported: bytes) -> None:
    def rewrite(root: etree._Element) -> None:
        old = paragraph(root, "Our promise")
        old.addprevious(heading_of("What we promise"))
        old.getparent().remove(old)
        replaced("We do not sell", "We never ever sell")(root)

    plan = draft_plan(repo, repacked(exported, rewrite))
    assert (plan.structure.new, plan.structure.removed, plan.edits) == ([], [], [])
    assert len(plan.open) == 1 and "may be it, rewritten" in plan.open[0] and "We never ever sell" in plan.open[0]


def moved_behind(place: str, *texts: str) -> Callable[[etree._Element], None]:
    def move(root: etree._Element) -> None:
        found = paragraph(root, place)
        for each in reversed([paragraph(root, text) for text in texts]):
            found.addnext(each)

    return move


def test_a_clause_that_moved_stands_there_in_policy_yaml(repo: Path, cli: Cli, exported: bytes, tmp_path: Path) -> None:
    before = (repo / "policy/policy.yaml").read_text()
    move = moved_behind("Mail providers that", "Our promise", "We do not sell")
    for _ in range(2):
        status, said = taken(cli, tmp_path, repacked(exported, move))
        assert status == 0, said
        text = (repo / "policy/policy.yaml").read_text()
        assert text == before.replace("[sharing/promise, sharing/processors]", "[sharing/processors, sharing/promise]")


def test_a_clause_that_moved_to_another_section(repo: Path, cli: Cli, exported: bytes, tmp_path: Path) -> None:
    move = moved_behind("Write to", "Our promise", "We do not sell")
    status, said = taken(cli, tmp_path, repacked(exported, move))
    assert status == 0 and "sharing/promise: it moved to the section 'changes'" in said
    assert sections(repo) | {"collection": ()} == {
        "collection": (), "sharing": ("sharing/processors",), "changes": ("changes/notice", "contact", "sharing/promise")}  # fmt: skip


def section_moved(title: str, before: str) -> Callable[[etree._Element], None]:
    """A lawyer drags a whole section, heading and clauses, above another one."""

    def move(root: etree._Element) -> None:
        heads = [
            p for p in root.iter(f"{{{W}}}p") if p.find(f"{{{W}}}pPr/{{{W}}}pStyle[@{{{W}}}val='Heading1']") is not None
        ]
        named = {"".join(p.itertext()): p for p in heads}
        dragged = [
            named[title],
            *takewhile(lambda each: each not in heads and each.tag != f"{{{W}}}sectPr", named[title].itersiblings()),
        ]
        for each in dragged:
            named[before].addprevious(each)

    return move


def test_a_section_that_moved_as_a_whole_stands_there_in_policy_yaml(
    repo: Path, cli: Cli, exported: bytes, tmp_path: Path
) -> None:
    edit(repo, "policy.yaml", "  - id: sharing\n", "  # who gets it\n  - id: sharing\n")
    before = (repo / "policy/policy.yaml").read_text()
    (title,) = (each.title for each in load_draft(repo / "policy").policy.sections if each.id == "sharing")
    (first,) = (each.title for each in load_draft(repo / "policy").policy.sections if each.id == "collection")
    for _ in range(2):
        status, said = taken(cli, tmp_path, repacked(exported, section_moved(title, first)))
        assert status == 0, said
        assert list(sections(repo)) == ["sharing", "collection", "changes"]
    assert (
        "Sections moved; they stand in this order now: sharing, collection, changes."
        in (repo / "policy/review-notes.md").read_text()
    )
    after = (repo / "policy/policy.yaml").read_text()
    assert sorted(after.splitlines()) == sorted(before.splitlines())
    assert "sections:\n  # who gets it\n  - id: sharing\n" in after


def tracked(title: str, before: str) -> Callable[[etree._Element], None]:
    """The same as Word tracks it: the text stays, marked as moved away, with its bookmarks; a copy without any is marked as come."""

    def move(root: etree._Element) -> None:
        unmoved = deepcopy(root)
        section_moved(title, before)(root)
        came = [each for each in root.iter(f"{{{W}}}p") if "".join(each.itertext()) == title][-1]
        body = came.getparent()
        assert body is not None
        heads = [p for p in body if p.find(f"{{{W}}}pPr/{{{W}}}pStyle[@{{{W}}}val='Heading1']") is not None]
        copies = [came, *takewhile(lambda each: each not in heads, came.itersiblings())]
        for each in copies:
            for mark in list(each.iter(f"{{{W}}}bookmarkStart", f"{{{W}}}bookmarkEnd")):
                if mark.getparent() is not None:
                    mark.getparent().remove(mark)
            as_moved(each, "moveTo")
        old = [each for each in unmoved.iter(f"{{{W}}}p") if "".join(each.itertext()) == title][-1]
        gone = [old, *takewhile(lambda each: each.tag != f"{{{W}}}sectPr" and each.find(f"{{{W}}}pPr/{{{W}}}pStyle[@{{{W}}}val='Heading1']") is None,
                                old.itersiblings())]  # fmt: skip
        place = next(each for each in body if each.tag == f"{{{W}}}sectPr")
        follows = gone[-1].getnext()
        if follows is not None and follows.tag != f"{{{W}}}sectPr":
            place = next(each for each in heads if "".join(each.itertext()) == "".join(follows.itertext()))
        for each in gone:
            as_moved(each, "moveFrom")
            place.addprevious(each)

    return move


def as_moved(paragraph: etree._Element, tag: str) -> None:
    """Mark a paragraph and its runs as moved."""
    told = {f"{{{W}}}id": "900", f"{{{W}}}author": "Ann", f"{{{W}}}date": "2020-01-02T00:00:00Z"}
    style = paragraph.find(f"{{{W}}}pPr")
    if style is None and paragraph.tag == f"{{{W}}}p":
        style = etree.Element(f"{{{W}}}pPr")
        paragraph.insert(0, style)
    if style is not None:
        etree.SubElement(etree.SubElement(style, f"{{{W}}}rPr"), f"{{{W}}}{tag}", told)
    for run in paragraph.findall(f"{{{W}}}r"):
        around = etree.Element(f"{{{W}}}{tag}", told)
        run.addprevious(around)
        around.append(run)


def test_a_section_whose_move_is_tracked(repo: Path, cli: Cli, exported: bytes, tmp_path: Path) -> None:
    titles = {each.id: each.title for each in load_draft(repo / "policy").policy.sections}
    status, said = taken(cli, tmp_path, repacked(exported, tracked(titles["sharing"], titles["collection"])))
    assert status == 0, said
    assert list(sections(repo)) == ["sharing", "collection", "changes"]
    assert said.startswith("Changed policy/policy.yaml\n")
    assert "0 clause(s) edited" in said


def test_a_section_that_moved_and_a_clause_that_left_it(repo: Path, cli: Cli, exported: bytes, tmp_path: Path) -> None:
    titles = {each.id: each.title for each in load_draft(repo / "policy").policy.sections}

    def both(root: etree._Element) -> None:
        section_moved(titles["changes"], titles["collection"])(root)
        moved_behind("Mail providers that", "Contact", "Write to")(root)

    status, said = taken(cli, tmp_path, repacked(exported, both))
    assert status == 0, said
    assert sections(repo) == {"changes": ("changes/notice",), "collection": ("collection/registration",),
                              "sharing": ("sharing/promise", "sharing/processors", "contact")}  # fmt: skip


def test_an_order_that_the_draft_changed_too_is_left(repo: Path, exported: bytes) -> None:
    move = repacked(exported, moved_behind("Write to", "Our promise", "We do not sell"))
    edit(repo, "policy.yaml", "[sharing/promise, sharing/processors]", "[sharing/processors, sharing/promise]")
    assert draft_plan(repo, exported).structure.arrangement["sharing"] == ["sharing/processors", "sharing/promise"]
    plan = draft_plan(repo, move)
    assert plan.structure.arrangement["sharing"] == ["sharing/processors", "sharing/promise"]
    assert ["changed the order of clauses" in each for each in plan.open] == [True]


@pytest.mark.parametrize(("old", "new"), [
    ("    clauses: [sharing/promise, sharing/processors]\n", "    clauses:\n    # ours\n    - sharing/promise # first\n    - sharing/processors\n"),
    ("sections:\n", "sections: &x\n"),
])  # fmt: skip
def test_a_list_with_remarks_is_left_to_a_person(repo: Path, old: str, new: str) -> None:
    text = (repo / "policy/policy.yaml").read_text()
    listed = {name: list(clauses) for name, clauses in sections(repo).items()}
    wanted = Structure(arrangement=listed | {"sharing": ["sharing/processors", "sharing/promise"]})
    assert rearranged(text, wanted) == text.replace(
        "[sharing/promise, sharing/processors]", "[sharing/processors, sharing/promise]"
    )
    assert rearranged(text.replace(old, new), wanted) is None


def test_a_document_of_something_else_is_refused(repo: Path, cli: Cli, tmp_path: Path) -> None:
    status, said = taken(cli, tmp_path, texts_docx("", "# Menu\n\nSoup and bread.", "t", NOON))
    assert status == 1 and said.startswith("This document holds no clause of this policy.")
    assert not (repo / "policy/review-notes.md").exists()


def test_nothing_with_words_is_lost(repo: Path, exported: bytes) -> None:
    def add(root: etree._Element) -> None:
        box = etree.fromstring(
            f'<w:r xmlns:w="{W}"><w:pict><w:p><w:r><w:t>boxed words</w:t></w:r></w:p></w:pict></w:r>'
        )
        paragraph(root, "Mail providers that").append(box)

    plan = draft_plan(repo, repacked(exported, add))
    assert any("boxed words" in each for each in plan.open)


def test_hidden_characters_from_word_are_dropped(repo: Path, cli: Cli, exported: bytes, tmp_path: Path) -> None:
    status, said = taken(cli, tmp_path, repacked(exported, replaced("We do not", "We\u200b do\u202e surely not")))
    assert status == 0, said
    assert "We do surely not sell" in (repo / "policy/clauses/sharing/promise.md").read_text()


def test_a_dry_run_writes_nothing(repo: Path, cli: Cli, exported: bytes, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in (repo / "policy").rglob("*") if path.is_file()}
    (tmp_path / "e.docx").write_bytes(repacked(exported, replaced("Write to", "Fax")))
    result = cli("import", "--into-draft", str(tmp_path / "e.docx"), "--dry-run")
    assert result.exit_code == 0 and "Would change policy/clauses/contact.md" in result.output
    assert {path: path.read_bytes() for path in (repo / "policy").rglob("*") if path.is_file()} == before


# Bad files and usage


def zipped(content: bytes, part: str = "word/document.xml") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, content)
    return stream.getvalue()


@pytest.mark.parametrize(("raw", "says"), [
    (b"no zip at all", "damaged"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "password"),
    (zipped(b"<a/>", "other.xml"), "no Word document"), (zipped(b"<w:document"), "can't be read"),
    (zipped(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'), "document type"), (zipped(b"<a/>"), "no body"),
    (zipped(b"<a>" * 200 + b"</a>" * 200), "nested"), (zipped(b"<a>" + b"x" * 7_000_000 + b"</a>"), "grow far beyond"),
])  # fmt: skip
def test_bad_files_are_refused_in_one_sentence(raw: bytes, says: str) -> None:
    with pytest.raises(SourceError) as refusal:
        read("bad.docx", raw)
    assert says in str(refusal.value) and str(refusal.value).startswith("bad.docx: ")


def test_commands_write_files(released: Path, cli: Cli, tmp_path: Path) -> None:
    for words in (["export", "draft", "--format", "docx"], ["export", "2020-01-01", "--format", "docx"],
                  ["diff", "2020-01-01", "draft", "--format", "docx"]):  # fmt: skip
        target = tmp_path / "out.docx"
        result = cli(*words, "--output", str(target))
        assert result.exit_code == 0, result.output
        assert any(each.block.text == "Our promise" for each in read("x", target.read_bytes()).placed)


def test_plain_files_and_wrong_usage(cli: Cli, repo: Path) -> None:
    (repo / "a.md").write_text("We keep data.\n")
    (repo / "b.md").write_text("We keep no data.\n")
    assert cli("diff", "a.md", "b.md", "--format", "docx", "--output", "c.docx").exit_code == 0
    assert [each.block for each in read("x", (repo / "c.docx").read_bytes()).placed] == [
        Block("text", (Span("We keep no data."),))
    ]
    assert cli("diff", "a.md", "b.md", "--output", "c.docx").exit_code == 2
    assert cli("import").exit_code == 2


def test_snapshots_are_never_written_without_their_clauses() -> None:
    draft: Snapshot = load_draft(ROOT / "policy")
    text = "\n".join(each.block.text for each in written(laid_out(draft)).placed)
    for clause in draft.clauses.values():
        for block in blocks(clause.text, 2):
            assert block.text in text


@pytest.fixture(scope="module")
def real() -> tuple[Snapshot, dict[str, str], Callable[[str, str], str]]:
    """The worked example with its clauses as written, and what fills them in."""
    sources, draft = read_sources(ROOT / "policy")
    names = context(draft.policy, draft.practices, draft.vocabulary)
    bodies = {name: clause.text for name, (clause, _) in sources.bodies.items()}
    return draft, bodies, lambda name, text: fill(name, 1, text, names)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_edit_of_the_real_policy_lands_where_it_was_made(
    real: tuple[Snapshot, dict[str, str], Callable[[str, str], str]], data: st.DataObject
) -> None:
    draft, bodies, filled = real
    placed = list(laid_out(draft))
    texts_at = [place for place, each in enumerate(placed) if each.block.kind in ("text", "item")]
    edited = set()
    for place in data.draw(st.lists(st.sampled_from(texts_at), min_size=1, max_size=3, unique=True)):
        block = placed[place].block
        start = data.draw(st.integers(0, len(block.text)))
        stop = data.draw(st.integers(start, min(len(block.text), start + 40)))
        new = tidy([Span(block.text[:start] + data.draw(words) + block.text[stop:])])
        if new and new != block.spans:
            placed[place] = replace(placed[place], block=replace(block, spans=new))
            edited.add(place)
    plan = planned(Document(tuple(placed), (), ()), draft, bodies, filled)

    clause_of = {}
    current = ""
    for place, each in enumerate(placed):
        for mark in each.marks:
            current = mark if mark.startswith("pt_c") else current
        clause_of[place] = current
    wanted = {clause_of[place] for place in edited}
    marks = {name_of("clause", each, "")[:-9]: each for each in draft.clauses}
    said = {each.clause for each in plan.edits} | {each.split(":")[0] for each in plan.open}
    assert said == {marks[each[:-9]] for each in wanted}
    for edit_made in plan.edits:
        there = [placed[place].block for place, name in clause_of.items()
                 if marks.get(name[:-9]) == edit_made.clause and placed[place].block.kind != "heading"]  # fmt: skip
        assert [each.text for each in blocks(filled(edit_made.clause, edit_made.body), 2)] == [
            each.text for each in there
        ]


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_paragraphs_that_come_and_go_leave_the_variables_around_them(
    real: tuple[Snapshot, dict[str, str], Callable[[str, str], str]], data: st.DataObject
) -> None:
    draft, bodies, filled = real
    placed = list(laid_out(draft))
    kinds = [Block("text", (Span("A new one."),)), Block("item", (Span("a new point"),)), Block("quote", (Span("Words."),)),
             Block("heading", (Span("Inside"),), 3), Block("row", cells=((Span("a"),), (Span("b"),)))]  # fmt: skip
    for _ in range(data.draw(st.integers(1, 3))):
        content = [n for n, each in enumerate(placed) if each.block.kind in ("text", "item")]
        place = data.draw(st.sampled_from(content))
        if data.draw(st.booleans()):
            placed.insert(place + 1, Placed(data.draw(st.sampled_from(kinds))))
        elif not placed[place - 1].marks or (place + 1 < len(placed) and placed[place + 1].block.kind == "text"):
            del placed[place]
    plan = planned(Document(tuple(placed), (), ()), draft, bodies, filled)
    now: dict[str, list[Block]] = {}
    marks = {name_of("clause", each, "")[:-9]: each for each in draft.clauses}
    current = ""
    for each in placed:
        for mark in each.marks:
            current = marks.get(mark[:-9], current)
        if not each.marks and current:
            now.setdefault(current, []).append(each.block)
    edits = {each.clause: each for each in plan.edits}
    for name, wanted in now.items():
        if any(each.startswith(f"{name}: ") for each in plan.open):
            continue
        before = blocks(draft.clauses[name].text, 2)
        text = filled(name, edits[name].body) if name in edits else draft.clauses[name].text
        assert [(each.kind, each.text) for each in blocks(text, 2)] == [(each.kind, each.text) for each in wanted]
        if name in edits and all(each in wanted for each in before):
            assert edits[name].body.count("{{") == bodies[name].count("{{")


def test_a_heading_that_ran_together_with_its_text_is_no_title(repo: Path, exported: bytes) -> None:
    def join(root: etree._Element) -> None:
        head = paragraph(root, "Our promise")
        mark = etree.SubElement(head.find(f"{{{W}}}pPr"), f"{{{W}}}rPr")
        etree.SubElement(mark, f"{{{W}}}del")

    plan = draft_plan(repo, repacked(exported, join))
    assert [(each.clause, each.title) for each in plan.edits] == [("sharing/promise", None)]
    assert plan.edits[0].body.startswith("Our promiseWe do not")
    assert ["its title is deleted" in each for each in plan.open] == [True]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["", "-1", "99999999999999999999", "x", "9" * 5000, "²"]))
def test_strange_values_in_a_word_file_are_no_trouble(number: int, value: str) -> None:
    raw = docx(unchanged(tuple(map(Placed, blocks("\n\n".join(MARKDOWN), 2)))), "Title", "Us", NOON)

    def change(root: etree._Element) -> None:
        found = [(each, name) for each in root.iter() for name in each.attrib if isinstance(each.tag, str)]
        each, name = found[number % len(found)]
        each.set(name, value)

    for part in ("word/document.xml", "word/numbering.xml"):
        read("x", repacked(raw, change, part))


def test_a_redline_that_a_lawyer_rejects_takes_the_draft_back(
    real: tuple[Snapshot, dict[str, str], Callable[[str, str], str]],
) -> None:
    draft, bodies, filled = real
    old = next(each.snapshot for each in load_versions(ROOT) if each.id == "2011-09-06")
    plan = planned(read("x", repacked(redline_docx(old, draft, NOON), rejected)), draft, bodies, filled)
    changed = {each for each in draft.clauses.keys() & old.clauses.keys()
               if blocks(draft.clauses[each].text, 2) != blocks(old.clauses[each].text, 2)}  # fmt: skip
    came = draft.clauses.keys() - old.clauses.keys()
    edited = {each.clause: filled(each.clause, each.body) for each in plan.edits}
    assert edited.keys() >= changed and edited.keys() <= changed | {
        each for each in old.clauses.keys() & draft.clauses.keys() if old.clauses[each].title != draft.clauses[each].title
    }  # fmt: skip
    for name in changed:
        assert [each.text for each in blocks(edited[name], 2)] == [
            each.text for each in blocks(old.clauses[name].text, 2)
        ]
    assert plan.structure.removed == [each for each in draft.clauses if each in came]
    assert {each.title for each in plan.structure.new} == {
        old.clauses[each].title for each in old.clauses.keys() - draft.clauses.keys()
    }


def test_a_terminal_is_no_place_for_a_binary_file(repo: Path) -> None:
    outside, inside = pty.openpty()
    command = [sys.executable, "-m", "policytrail", "export", "draft", "--format", "docx"]
    done = subprocess.run(command, cwd=repo, stdout=inside, stderr=subprocess.PIPE, text=True, check=False)
    os.close(inside)
    os.close(outside)
    assert done.returncode == 2 and "--output FILE" in done.stderr
    piped = subprocess.run(command, cwd=repo, capture_output=True, check=True)
    assert piped.stdout.startswith(b"PK")
