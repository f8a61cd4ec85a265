"""Clauses and sections that come, go or lose their heading in an edited copy."""

from __future__ import annotations

from pathlib import Path

from lxml import etree
from samples import edit
from word_samples import (
    after,
    delete_paragraphs,
    draft_plan,
    heading_of,
    heading_one,
    paragraph,
    repacked,
    replaced,
    sections,
    taken,
    text_of,
)

from conftest import Cli
from policytrail.render.documents.docx_package.write import W
from policytrail.sources.load import load_draft


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
            "sharing/promise",
            "sharing/zebras-ours-yours",
            "sharing/zebras-ours-yours-2",
            "sharing/processors",
        )
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


WHOLE = delete_paragraphs("Our promise", "We do not sell")


def test_a_clause_that_is_deleted_goes_with_the_practices_that_only_it_states(
    repo: Path, cli: Cli, exported: bytes, tmp_path: Path
) -> None:
    before = (repo / "policy/practices/all.yaml").read_text()
    for raw in (
        repacked(exported, WHOLE),
        repacked(
            exported,
            lambda root: [
                each.getparent().remove(each)
                for each in (paragraph(root, "Our promise"), paragraph(root, "We do not sell"))
            ],
        ),
    ):
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
    assert status == 1 and "sharing/promise: the document deletes this clause; it stays, because policy/" in said
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


def test_a_heading_that_ran_together_with_its_text_is_no_title(repo: Path, exported: bytes) -> None:
    def join(root: etree._Element) -> None:
        head = paragraph(root, "Our promise")
        mark = etree.SubElement(head.find(f"{{{W}}}pPr"), f"{{{W}}}rPr")
        etree.SubElement(mark, f"{{{W}}}del")

    plan = draft_plan(repo, repacked(exported, join))
    assert [(each.clause, each.title) for each in plan.edits] == [("sharing/promise", None)]
    assert plan.edits[0].body.startswith("Our promiseWe do not")
    assert ["its title is deleted" in each for each in plan.open] == [True]
