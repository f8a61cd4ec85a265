"""Redlines: exact to the character, close to the fewest words, in few pieces, and safe against hard texts."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import SHARED
from rapidfuzz.distance import Indel

from policytrail.text.alignment import steps
from policytrail.text.redline import hunks, parts, redline
from policytrail.text.sentences import split

WORD = re.compile(r"\w+|[^\w\s]")

vocabulary = st.sampled_from(
    [
        "we",
        "share",
        "data",
        "data.",
        "Data",
        ",",
        ".",
        " ",
        "  ",
        "\n",
        "\n\n",
        "- ",
        "# Head\n",
        "| a | b |\n",
        "U.S. ",
        "\r\n",
        "\u00a0",
        "\u200b",
        "e\u0301",
        "日本。",
        "https://a.example/b?c=d",
        "1. ",
        "=====\n",
        "\t",
    ]
)
texts = st.lists(vocabulary, max_size=40).map("".join) | st.text(max_size=60)


def both(pieces: object) -> tuple[str, str]:
    listed = list(pieces)  # type: ignore[call-overload]
    return (
        "".join(each.text for each in listed if each.op != "insert"),
        "".join(each.text for each in listed if each.op != "delete"),
    )


def shown(old: str, new: str) -> str:
    marks = {"keep": "{}", "insert": "[+{}+]", "delete": "[-{}-]"}
    return "".join(marks[each.op].format(each.text) for each in redline(old, new))


@settings(max_examples=300, deadline=None)
@given(texts, texts)
def test_redline_gives_both_texts_back(old: str, new: str) -> None:
    pieces = redline(old, new)
    assert both(pieces) == (old, new)
    assert all(each.text for each in pieces)
    assert all(x.op != y.op for x, y in pairwise(pieces))


@settings(max_examples=200, deadline=None)
@given(texts, st.lists(vocabulary, max_size=6).map("".join), st.integers(0, 200))
def test_hunks_and_parts_cover_an_edit(text: str, edit: str, place: int) -> None:
    new = text[:place] + edit + text[place:]
    assert ("".join(old for old, _ in parts(text, new)), "".join(n for _, n in parts(text, new))) == (text, new)
    for each in hunks(text, new):
        assert both(each.pieces) == (each.old, each.new)
        assert each.old != each.new


@settings(max_examples=200, deadline=None)
@given(texts)
def test_sentences_joined_are_the_text(text: str) -> None:
    assert "".join(split(text)) == text


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from("abcde"), max_size=30), st.lists(st.sampled_from("abcde"), max_size=30), st.booleans())
def test_steps_cover_both_sides(old: list[str], new: list[str], anchored: bool) -> None:
    i = j = 0
    for step in steps(old, new, anchored):
        assert (step.i1, step.j1) == (i, j)
        assert not step.same or old[step.i1 : step.i2] == new[step.j1 : step.j2]
        i, j = step.i2, step.j2
    assert (i, j) == (len(old), len(new))
    if not anchored:
        changed = sum(s.i2 - s.i1 + s.j2 - s.j1 for s in steps(old, new) if not s.same)
        assert changed == Indel.distance(old, new)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("We keep data for 30 days.", "We keep data for 90 days.", "We keep data for [-30-][+90+] days."),
        ("your name and address.", "your name, phone number and address.", "your name[+, phone number+] and address."),
        ("a, b and c", "a b and c", "a[-,-] b and c"),
        ("We may share it.", "We will not share it.", "We [-may-][+will not+] share it."),
        ("One.\n\nTwo.", "One.\n\nNew.\n\nTwo.", "One.\n\n[+New.\n\n+]Two."),
        ("p\u0430y", "pay", "[-p\u0430y-][+pay+]"),
        ("data", "da\u200bta", "[-data-][+da\u200bta+]"),
        ("a b", "a\u00a0b", "a[- -][+\u00a0+]b"),
        ("caf\u00e9", "cafe\u0301", "[-caf\u00e9-][+cafe\u0301+]"),
        ("same", "same", "same"),
        ("", "x", "[+x+]"),
        ("x", "", "[-x-]"),
        ("", "", ""),
    ],
)
def test_redline_reads_well(old: str, new: str, expected: str) -> None:
    assert shown(old, new) == expected


def test_an_edit_stands_at_the_border_of_a_sentence() -> None:
    old = "We collect data. We use data."
    new = "We collect data. We sell data. We use data."
    assert shown(old, new) == "We collect data. [+We sell data. +]We use data."


def test_sentences_know_abbreviations_lists_and_tables() -> None:
    text = (
        "Title\n=====\n\nGoogle, Inc. and Acme Corp. work in the U.S. We don't sell. See e.g. No. 5 at https://x.example/a.b. \n"
        "- one. Two\n- three\n\n1. first\n2. second\n| a. B | c |\n| d | e |\n## Head\nBody"
    )
    assert [each.strip() for each in split(text)] == [
        "Title\n=====",
        "Google, Inc. and Acme Corp. work in the U.S.",
        "We don't sell.",
        "See e.g. No. 5 at https://x.example/a.b.",
        "- one.",
        "Two",
        "- three",
        "1. first",
        "2. second",
        "| a. B | c |",
        "| d | e |",
        "## Head",
        "Body",
    ]


def test_hunks_pair_what_is_alike() -> None:
    old = "We keep your name for two years. Gone is this sentence here. Stays."
    new = "We keep your name for three years. Stays. A wholly new statement follows now."
    assert [(each.kind, each.old.strip(), each.new.strip()) for each in hunks(old, new)] == [
        ("modified", "We keep your name for two years.", "We keep your name for three years."),
        ("deleted", "Gone is this sentence here.", ""),
        ("inserted", "", "A wholly new statement follows now."),
    ]


def test_a_paragraph_added_below_leaves_the_last_sentence_alone() -> None:
    assert [each.kind for each in hunks("One stays here.", "One stays here.\n\nTwo comes here.")] == ["inserted"]


def test_a_sentence_that_was_split_is_one_hunk() -> None:
    found = hunks("We collect your name and we share your address.", "We collect your name. We share your address.")
    assert [each.kind for each in found] == ["modified"]


def test_hard_texts_stay_exact() -> None:
    repeated, line = "We share data. " * 4000, "word " * 9000
    for old, new in [
        (repeated, repeated.replace("share", "sell", 900)),
        (line, line.replace("word", "term", 4000) + "end"),
        ("a b " * 5000, "b c a " * 5000),
        ("x\n" * 20000, "y\nx\n" * 10000),
    ]:
        assert both(redline(old, new)) == (old, new)


def test_what_moves_across_a_long_text_keeps_the_longer_part() -> None:
    long = "This long paragraph says a great deal about how we use personal data in our service. " * 3
    pieces = redline(f"Head\n\n{long}\n\nEnd", f"{long}\n\nHead\n\nEnd")
    assert all(len(each.text) < 20 for each in pieces if each.op != "keep")


@pytest.mark.skipif(not (SHARED / "data/dev_pairs.jsonl").exists(), reason="the real pairs lie outside the checkout")
def test_real_pairs_are_close_to_the_minimum() -> None:
    changed = least = 0
    for line in (SHARED / "data/dev_pairs.jsonl").read_text(encoding="utf-8").splitlines()[:40]:
        pair = json.loads(line)
        pieces = redline(pair["old_text"], pair["new_text"])
        assert both(pieces) == (pair["old_text"], pair["new_text"])
        changed += sum(len(WORD.findall(each.text)) for each in pieces if each.op != "keep")
        least += Indel.distance(WORD.findall(pair["old_text"]), WORD.findall(pair["new_text"]))
    assert changed <= 1.05 * least
