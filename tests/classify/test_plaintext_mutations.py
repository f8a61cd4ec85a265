"""Edits of known effect at random places: none that alters the meaning is editorial, those that keep it are."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plaintext_samples import BODY, COLLECT, FOOTER, HEAD, KEEP, MENU, POLICY, RIGHTS, SHARE, USE, mutations

from policytrail import compare_texts
from policytrail.model.change import Severity
from policytrail.text.form import one_form

edits = mutations()
TEXTS = (
    POLICY,
    HEAD + BODY,
    MENU + HEAD + SHARE + COLLECT + RIGHTS + FOOTER,
    (HEAD + BODY).replace("## ", "").replace("# ", ""),
    (HEAD + USE + KEEP + SHARE).replace("\n\n", "\n"),
)


@pytest.mark.parametrize("name", sorted(edits.CHANGING))
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), text=st.sampled_from(TEXTS))
def test_no_edit_that_alters_the_meaning_is_editorial(name: str, seed: int, text: str) -> None:
    new = edits.CHANGING[name](random.Random(seed), text)
    if new is not None:
        comparison = compare_texts(text, new)
        assert comparison.severity.rank >= Severity.REVIEW.rank, comparison.changes[:1]


@pytest.mark.parametrize("name", sorted(edits.KEEPING))
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), text=st.sampled_from(TEXTS[:3]))
def test_edits_that_keep_the_meaning_are_editorial(name: str, seed: int, text: str) -> None:
    new = edits.KEEPING[name](random.Random(seed), text)
    if new is not None:
        comparison = compare_texts(text, new)
        assert comparison.severity in (Severity.EDITORIAL, Severity.NONE), [
            (each.rule, each.before, each.after) for each in comparison.changes[:1]
        ]


@pytest.mark.parametrize("name", sorted([*edits.CHANGING, *edits.KEEPING]))
def test_every_edit_finds_a_place_in_the_samples(name: str) -> None:
    edit = {**edits.CHANGING, **edits.KEEPING}[name]
    assert any(edit(random.Random(seed), text) for seed in range(30) for text in TEXTS)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_texts_are_judged(old: str, new: str) -> None:
    comparison = compare_texts(old, new)
    assert (comparison.severity is Severity.NONE) == (not comparison.changes)
    assert comparison.severity is not Severity.NONE or one_form(old).split() == one_form(new).split()


@pytest.mark.slow
def test_a_hundred_times_the_text_takes_no_more_than_150_times_the_time() -> None:
    def numbered(text: str, times: int) -> str:
        return "".join(text.replace("information", f"information{number}") for number in range(times))

    def seconds(times: int) -> float:
        one = numbered(BODY, times)
        start = time.process_time()
        compare_texts(one, one.replace("30 days", "90 days").replace("Germany", "France"))
        return time.process_time() - start

    seconds(1)
    assert seconds(300) <= 150 * max(seconds(3), 0.02)
