"""Word files as they are written: they read back to the word, redlines hold both texts, bad files and usage are refused."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from places import ROOT
from word_samples import MARKDOWN, NOON, NUMBERED, draft_plan, rejected, repacked, texts, texts_of, written

from conftest import Cli
from policytrail.archive.store import load_versions
from policytrail.errors import SourceError
from policytrail.model.policy import Snapshot
from policytrail.render.documents.docx_package import policy_docx, redline_docx, texts_docx
from policytrail.render.documents.docx_package.blocks import Block, Span, blocks, markdown, tidy
from policytrail.render.documents.docx_package.layout import Placed, laid_out, name_of, plain_layout
from policytrail.render.documents.docx_package.package import docx
from policytrail.render.documents.docx_package.revisions import revised, unchanged
from policytrail.sources.load import load_draft
from policytrail.word.apply.plan import planned
from policytrail.word.reading.blocks import read
from policytrail.workspace import Workspace


@given(texts_of)
def test_markdown_as_blocks_and_back_says_the_same(text: str) -> None:
    made = blocks(text, 2)
    assert blocks(markdown(made, 2), 2) == made


@settings(max_examples=15, deadline=None)
@given(texts_of)
def test_what_is_written_reads_back(text: str) -> None:
    placed = tuple(map(Placed, blocks(text, 2)))
    found = written(placed)
    assert [each.block for each in found.placed] == [each.block for each in placed]
    assert found.leftovers == () and found.comments == ()


@settings(max_examples=20, deadline=None)
@given(texts_of, texts_of)
def test_a_redline_holds_both_texts(old: str, new: str) -> None:
    a, b = plain_layout(old), plain_layout(new)
    raw = docx(revised(a, b), "Title", "Us", NOON)
    assert [each.block for each in read("x", raw).placed] == [each.block for each in b]
    assert texts(read("x", repacked(raw, rejected)).placed) == texts(a)


def test_a_new_list_begins_with_its_own_number_where_another_went() -> None:
    for old, new in (
        ("7. seventh\n8. eighth", "1. first\n2. second"),
        ("1. one\n2. two\n3. three", "Text.\n\n4. four\n5. five"),
        ("1. one\n\nbetween\n\n1. again", "1. one\n2. again"),
    ):
        raw = docx(revised(plain_layout(old), plain_layout(new)), "Title", "Us", NOON)
        assert [each.block for each in read("x", raw).placed] == list(blocks(new))


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
    snapshot = next(each.snapshot for each in load_versions(Workspace(ROOT)) if each.id == version)
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
            *(redline_docx(each.snapshot, draft, NOON) for each in load_versions(Workspace(root))),
        ):
            plan = draft_plan(root, raw)
            assert (plan.edits, plan.titles, plan.warnings, plan.open) == ([], {}, [], [])


def test_the_bytes_are_the_same_for_the_same_text() -> None:
    old, new = (each.snapshot for each in load_versions(Workspace(ROOT))[-2:])
    assert redline_docx(old, new, NOON) == redline_docx(old, new, NOON)


def test_tracked_changes_are_signed_and_dated() -> None:
    raw = texts_docx(
        "We keep data for 30 days.\n\nThis one moves away.\n\nAnd this one, a little longer, stays.",
        "We keep data for 60 days.\n\nAnd this one, a little longer, stays.\n\nThis one moves away.",
        "t",
        NOON,
    )
    xml = zipfile.ZipFile(io.BytesIO(raw)).read("word/document.xml").decode()
    for tag in ("ins", "del", "moveFrom", "moveTo"):
        assert re.search(rf'<w:{tag} w:id="\d+" w:author="policytrail" w:date="2020-01-02T12:00:00Z">', xml), tag
    assert re.search(r"<w:delText[^>]*>30<", xml) and 'w:name="policytrail-move-1"' in xml


def zipped(content: bytes, part: str = "word/document.xml") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"no zip at all", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "password"),
        (zipped(b"<a/>", "other.xml"), "no Word document"),
        (zipped(b"<w:document"), "can't be read"),
        (zipped(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'), "document type"),
        (zipped(b"<a/>"), "no body"),
        (zipped(b"<a>" * 200 + b"</a>" * 200), "nested"),
        (zipped(b"<a>" + b"x" * 7_000_000 + b"</a>"), "grow far beyond"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(raw: bytes, says: str) -> None:
    with pytest.raises(SourceError) as refusal:
        read("bad.docx", raw)
    assert says in str(refusal.value) and str(refusal.value).startswith("bad.docx: ")


def test_commands_write_files(released: Path, cli: Cli, tmp_path: Path) -> None:
    for words in (
        ["export", "draft", "--format", "docx"],
        ["export", "2020-01-01", "--format", "docx"],
        ["diff", "2020-01-01", "draft", "--format", "docx"],
    ):
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
    old = next(each.snapshot for each in load_versions(Workspace(ROOT)) if each.id == "2011-09-06")
    plan = planned(read("x", repacked(redline_docx(old, draft, NOON), rejected)), draft, bodies, filled)
    changed = {
        each
        for each in draft.clauses.keys() & old.clauses.keys()
        if blocks(draft.clauses[each].text, 2) != blocks(old.clauses[each].text, 2)
    }
    came = draft.clauses.keys() - old.clauses.keys()
    edited = {each.clause: filled(each.clause, each.body) for each in plan.edits}
    assert edited.keys() >= changed and edited.keys() <= changed | {
        each
        for each in old.clauses.keys() & draft.clauses.keys()
        if old.clauses[each].title != draft.clauses[each].title
    }
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
