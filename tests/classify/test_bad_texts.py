"""Texts that nobody would write are judged like any other: in a time that grows with their length, and without a crash."""

from __future__ import annotations

import pytest

from policytrail import compare_texts
from policytrail.model.change import Severity


def test_unpaired_surrogates_are_a_change_with_a_warning() -> None:
    comparison = compare_texts("# P\n\nWe never sell.", "# P\n\nWe never \ud800 sell.")
    assert comparison.severity.rank >= Severity.REVIEW.rank
    assert "U+D800" in comparison.warnings[0]


def test_two_surrogates_are_two() -> None:
    assert compare_texts("We \ud800 sell.", "We \ud801 sell.").changes


def test_a_letter_of_another_script_is_named_with_its_code_point() -> None:
    comparison = compare_texts("# P\n\nWe never sell.", "# P\n\nWe never s\u0435ll.")
    assert comparison.severity.rank >= Severity.REVIEW.rank
    assert "U+0435 cyrillic small letter ie" in comparison.warnings[0]


@pytest.mark.slow
def test_a_table_of_ten_thousand_rows_tells_the_one_row_that_came() -> None:
    rows = [f"| Name{number} | Use {number} |\n" for number in range(10_000)]
    head = "# Our vendors\n\n| Vendor | Use |\n| --- | --- |\n"
    changed = compare_texts(
        head + "".join(rows), head + "".join([*rows[:5000], "| Quokka | AI |\n", *rows[5000:]])
    ).changes
    assert [change.kind for change in changed] == ["recipient.named.added"]
