"""Clauses and sections that moved in an edited copy stand there in policy.yaml."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from itertools import takewhile
from pathlib import Path

import pytest
from lxml import etree
from samples import edit
from word_samples import draft_plan, paragraph, repacked, sections, taken

from conftest import Cli
from policytrail.render.documents.docx_package.write import W
from policytrail.sources.load import load_draft
from policytrail.word.apply.outline_yaml import rearranged
from policytrail.word.apply.structure import Structure


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
        "collection": (),
        "sharing": ("sharing/processors",),
        "changes": ("changes/notice", "contact", "sharing/promise"),
    }


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
        gone = [
            old,
            *takewhile(
                lambda each: (
                    each.tag != f"{{{W}}}sectPr"
                    and each.find(f"{{{W}}}pPr/{{{W}}}pStyle[@{{{W}}}val='Heading1']") is None
                ),
                old.itersiblings(),
            ),
        ]
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
    assert sections(repo) == {
        "changes": ("changes/notice",),
        "collection": ("collection/registration",),
        "sharing": ("sharing/promise", "sharing/processors", "contact"),
    }


def test_an_order_that_the_draft_changed_too_is_left(repo: Path, exported: bytes) -> None:
    move = repacked(exported, moved_behind("Write to", "Our promise", "We do not sell"))
    edit(repo, "policy.yaml", "[sharing/promise, sharing/processors]", "[sharing/processors, sharing/promise]")
    assert draft_plan(repo, exported).structure.arrangement["sharing"] == ["sharing/processors", "sharing/promise"]
    plan = draft_plan(repo, move)
    assert plan.structure.arrangement["sharing"] == ["sharing/processors", "sharing/promise"]
    assert ["changed the order of clauses" in each for each in plan.open] == [True]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "    clauses: [sharing/promise, sharing/processors]\n",
            "    clauses:\n    # ours\n    - sharing/promise # first\n    - sharing/processors\n",
        ),
        ("sections:\n", "sections: &x\n"),
    ],
)
def test_a_list_with_remarks_is_left_to_a_person(repo: Path, old: str, new: str) -> None:
    text = (repo / "policy/policy.yaml").read_text()
    listed = {name: list(clauses) for name, clauses in sections(repo).items()}
    wanted = Structure(arrangement=listed | {"sharing": ["sharing/processors", "sharing/promise"]})
    assert rearranged(text, wanted) == text.replace(
        "[sharing/promise, sharing/processors]", "[sharing/processors, sharing/promise]"
    )
    assert rearranged(text.replace(old, new), wanted) is None
