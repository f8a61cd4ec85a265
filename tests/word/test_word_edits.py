"""Edited copies: each edit lands in its clause or title, comments become notes, and nothing with words is lost."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from lxml import etree
from samples import edit
from word_samples import NOON, draft_plan, paragraph, repacked, replaced, taken

from conftest import Cli
from policytrail.render.documents.docx_package import texts_docx
from policytrail.render.documents.docx_package.write import W
from policytrail.sources.load import load_draft


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
    xml = (
        f'<w:comments xmlns:w="{W}"><w:comment w:id="7" w:author="Ann" w:date="2020-05-01T00:00:00Z"><w:p><w:r>'
        "<w:t>Which ones?</w:t></w:r></w:p></w:comment></w:comments>"
    )
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
