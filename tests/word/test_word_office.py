"""LibreOffice itself opens what we write, and what it writes comes back as the edits that were made."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from places import ROOT, TESTS
from samples import commit, edit, git
from word_samples import MARKDOWN, NOON, NUMBERED, draft_plan, texts

from conftest import Cli, missing, needed
from policytrail.archive.store import load_versions
from policytrail.render.documents.docx_package import policy_docx, redline_docx, texts_docx
from policytrail.render.documents.docx_package.blocks import blocks
from policytrail.render.documents.docx_package.layout import Placed, laid_out, plain_layout
from policytrail.render.documents.docx_package.package import docx
from policytrail.render.documents.docx_package.revisions import unchanged
from policytrail.sources.load import load_draft
from policytrail.word.reading.blocks import read
from policytrail.workspace import Workspace

PYTHON = "/usr/bin/python3"
HERE = TESTS / "support/services"
pytestmark = pytest.mark.slow


def office(what: str, source: Path, folder: Path) -> Path:
    """The file after LibreOffice opened it, did something and saved it."""
    needed("soffice", "the Debian package libreoffice-writer")
    if subprocess.run([PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode:
        missing("the system's Python can't talk to LibreOffice; install the Debian package python3-uno")
    target = folder / f"{what}.docx"
    script = [PYTHON, str(HERE / "office_edit.py"), what, str(source), str(target), str(folder / "profile")]
    done = subprocess.run(script, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return target


def test_a_copy_edited_in_libreoffice_comes_back_as_exactly_those_edits(repo: Path, cli: Cli, tmp_path: Path) -> None:
    moving = "They must keep it secret for {{ practices.changes.material.period_days }} days at least."
    edit(repo, "clauses/sharing/processors.md", "see your email address.", f"see your email address.\n\n{moving}")
    commit(repo)
    before = {path: path.read_text() for path in (repo / "policy").rglob("*") if path.is_file()}
    assert cli("export", "draft", "--format", "docx", "--output", str(tmp_path / "in.docx")).exit_code == 0

    result = cli("import", "--into-draft", str(office("edit", tmp_path / "in.docx", tmp_path)))

    assert result.exit_code == 0, result.output
    changed = {name for name in git(repo, "diff", "--name-only").split() if name.startswith("policy/clauses/")}
    wanted = {
        "policy/clauses/collection/registration.md": ("When you register we", "When you register or order we"),
        "policy/clauses/sharing/promise.md": (", except as told below", ""),
        "policy/clauses/sharing/processors.md": (f"\n\n{moving}", ""),
        "policy/clauses/contact.md": ("Write to {{", f"{moving}\n\nWrite to {{{{"),
    }
    assert changed == set(wanted)
    for name, (old, new) in wanted.items():
        assert (repo / name).read_text() == before[repo / name].replace(old, new)
    notes = (repo / "policy" / "review-notes.md").read_text()
    assert "### changes/notice" in notes and "Ann Lawyer" in notes and "Is this the promise we want?" in notes
    assert "moved from sharing/processors to contact" in notes
    assert cli("check").exit_code in (0, 3)


def test_a_copy_that_libreoffice_only_saved_changes_nothing(tmp_path: Path) -> None:
    draft = load_draft(ROOT / "policy")
    (tmp_path / "draft.docx").write_bytes(policy_docx(draft, NOON.date()))
    plan = draft_plan(ROOT, office("keep", tmp_path / "draft.docx", tmp_path).read_bytes())
    assert (plan.edits, plan.titles, plan.warnings, plan.open) == ([], {}, [], [])


def test_every_construct_survives_libreoffice(tmp_path: Path) -> None:
    placed = tuple(map(Placed, blocks("\n\n".join(MARKDOWN), 2)))
    (tmp_path / "all.docx").write_bytes(docx(unchanged(placed), "All", "Us", NOON))
    found = read("x", office("keep", tmp_path / "all.docx", tmp_path).read_bytes())
    assert [each.block for each in found.placed] == [each.block for each in placed]


def test_accepting_and_rejecting_our_redline_in_libreoffice_gives_both_texts(tmp_path: Path) -> None:
    versions = load_versions(Workspace(ROOT))
    old, new = versions[-2].snapshot, versions[-1].snapshot
    source = tmp_path / "redline.docx"
    source.write_bytes(redline_docx(old, new, NOON))
    for what, wanted in (("accept", new), ("reject", old)):
        target = office(what, source, tmp_path)
        assert texts(read("x", target.read_bytes()).placed) == texts(laid_out(wanted))


def test_numbered_lists_keep_their_numbers_whatever_a_lawyer_does_with_a_redline(tmp_path: Path) -> None:
    source = tmp_path / "redline.docx"
    source.write_bytes(texts_docx(*NUMBERED, "t", NOON))
    for what, wanted in (("accept", NUMBERED[1]), ("reject", NUMBERED[0])):
        found = read("x", office(what, source, tmp_path).read_bytes())
        assert [each.block for each in found.placed] == [each.block for each in plain_layout(wanted)]


def test_whole_clauses_that_go_move_and_come_in_libreoffice_do_so_in_the_draft(
    repo: Path, cli: Cli, tmp_path: Path
) -> None:
    assert cli("export", "draft", "--format", "docx", "--output", str(tmp_path / "in.docx")).exit_code == 0
    result = cli("import", "--into-draft", str(office("arrange", tmp_path / "in.docx", tmp_path)))
    assert result.exit_code == 0, result.output
    draft = load_draft(repo / "policy")
    assert {each.id: each.clauses for each in draft.policy.sections} == {
        "sharing": ("sharing/processors", "sharing/promise"),
        "changes": ("changes/notice", "contact", "changes/zebras"),
    }
    assert draft.clauses["changes/zebras"].text == "We like zebras."
    assert "collection.registration" not in draft.practices
    assert set(git(repo, "diff", "--name-only").split()) == {
        "policy/policy.yaml",
        "policy/practices/all.yaml",
        "policy/clauses/collection/registration.md",
    }
