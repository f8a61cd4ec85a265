"""Variables and Markdown in edited copies: a variable stays while its words do, whatever is edited around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import edit
from word_samples import NOON, draft_plan, repacked, replaced, words

from policytrail.model.policy import Snapshot
from policytrail.render.documents.docx_package import policy_docx
from policytrail.render.documents.docx_package.blocks import Block, Span, blocks, markdown, marks_of, tidy
from policytrail.render.documents.docx_package.layout import Placed, laid_out, name_of
from policytrail.sources.load import load_draft
from policytrail.sources.templates.fast_path import fill
from policytrail.word.apply.merge_variables import cells, merged
from policytrail.word.apply.plan import planned
from policytrail.word.reading.blocks import Document

NAMES = {"practices": {"x": {"data": ["name", "email address", "phone"], "n": 30, "sign": "a_b*c"}}}
SOURCES = [
    "We ask for your {{ practices.x.data | and_list }} when\nyou register, for {{ practices.x.n }} days.",
    "{% for each in practices.x.data %}- {{ each }}\n{% endfor %}\nThat is all.",
    "{% if practices.x.n == 30 %}Thirty{% endif %} days {{ practices.x.sign }} and **{{ practices.x.n }}** more.",
    "A {{- practices.x.n }} close one.",
    "{{ practices.x.n }}{{ practices.x.n }} twice",
]


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


@pytest.mark.parametrize(
    ("old", "new", "kept", "replaced"),
    [
        ("We ask", "We may ask", 2, 0),
        ("your name", "your full name", 2, 0),
        ("email address", "post address", 1, 1),
        ("30 days", "30 full days", 2, 0),
        ("30", "14", 1, 1),
        ("you register, ", "", 2, 0),
    ],
)
def test_a_variable_stays_while_its_words_do(old: str, new: str, kept: int, replaced: int) -> None:
    source = SOURCES[0]
    before = shown(source)
    found = cells(source, lambda text: fill("x", 1, text, NAMES), before)
    made = merged(found, before, before.replace(old, new), {})
    assert (made.source.count("{{"), len(made.replaced)) == (kept, replaced)


@pytest.mark.parametrize(
    ("source", "wanted", "made"),
    [
        ("", "Hello.", "Hello."),
        (
            "* a\n* b\n\n_x_ and __y__\nwrapped.",
            "- a\n- b\n- c\n\n*x* and **y** well wrapped.",
            "* a\n* b\n* c\n\n_x_ and __y__\nwell wrapped.",
        ),
        ("1) a\n2) b", "1. a\n2. c\n3. b", "1) a\n2) c\n3) b"),
        ("- a\n\n- b\n\n- c", "- a\n- b\n- x\n- c", "- a\n\n- b\n\n- x\n- c"),
        (
            "Head\n====\n\n~~struck~~ words.",
            "# Head\n\nstruck words, and more.",
            "Head\n====\n\n~~struck~~ words, and more.",
        ),
        (
            "| a | b |\n|---|---|\n| c | d |",
            "| a | b |\n|---|---|\n| c | e |\n| f | g |",
            "| a | b |\n|---|---|\n| c | e |\n| f | g |",
        ),
        ("    code\n\ntext", "```\ncode\n```\n\ntext more", "    code\n\ntext more"),
        ("x &amp; y", "x & z", "x &amp; z"),
    ],
)
def test_a_source_keeps_its_own_style_of_markdown(source: str, wanted: str, made: str) -> None:
    before, after = (markdown(blocks(text, 2), 2, marks_of(source)) for text in (source, wanted))
    found = merged(cells(source, lambda text: text, before), before, after, {}).source
    assert found == made
    assert blocks(found, 2) == blocks(wanted, 2)


@settings(max_examples=20, deadline=None)
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
        there = [
            placed[place].block
            for place, name in clause_of.items()
            if marks.get(name[:-9]) == edit_made.clause and placed[place].block.kind != "heading"
        ]
        assert [each.text for each in blocks(filled(edit_made.clause, edit_made.body), 2)] == [
            each.text for each in there
        ]


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_paragraphs_that_come_and_go_leave_the_variables_around_them(
    real: tuple[Snapshot, dict[str, str], Callable[[str, str], str]], data: st.DataObject
) -> None:
    draft, bodies, filled = real
    placed = list(laid_out(draft))
    kinds = [
        Block("text", (Span("A new one."),)),
        Block("item", (Span("a new point"),)),
        Block("quote", (Span("Words."),)),
        Block("heading", (Span("Inside"),), 3),
        Block("row", cells=((Span("a"),), (Span("b"),))),
    ]
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
