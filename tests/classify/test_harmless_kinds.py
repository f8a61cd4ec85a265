"""Harmless rewritings, each as a kind with what looks like it and isn't."""

from __future__ import annotations

import pytest

from policytrail import compare_texts
from policytrail.classify.plaintext.proofs.spelling import english, is_slip
from policytrail.model.change import Severity

FRAME = """# Quillworks privacy notice

## What we hold

We hold your name, your address and your invoices. Further details are in this notice.

{}

## How we protect it

Our staff keep the records of all customers in a locked archive in our own house.

## Changelog

2024-01-02: Added the archive.
"""
HARMLESS = {
    "an address hidden from robots": (
        "Write to help@quillworks.example.",
        "Write to (help [at] quillworks [dot] example).",
    ),
    "an address in words": (
        "Write to help at quillworks dot example today.",
        "Write to help@quillworks.example today.",
    ),
    "a page that moved on the site": (
        "See [it](https://docs.quill.example/a/records).",
        "See [it](https://help.quill.example/b/records.html).",
    ),
    "an address within the site": ("See [it](https://quill.example/legal/records).", "See [it](/legal/records/)."),
    "words that became a link": (
        "Our staff use Filebox for the archive.",
        "Our staff use [Filebox](https://filebox.example) for the archive.",
    ),
    "a short form": (
        "It names the repos and docs of a team.",
        "It names the repositories and documentation of a team.",
    ),
    "a contraction": ("We don't hold them, and we're careful.", "We do not hold them, and we are careful."),
    "a reference by name": (
        "The archive is described below, with its keys.",
        "The archive is described in the How we protect it section, with its keys.",
    ),
    "another order": (
        "We hold it to print your invoices, to count the stock and to answer your letters.",
        "We hold it to answer your letters, to print your invoices and to count the stock.",
    ),
    "a pointer": ("The archive is ours.", "The archive is ours. For more information, see the page about our house."),
}
NOT_HARMLESS = {
    "another mailbox's domain": ("Write to help@quillworks.example.", "Write to help [at] quill [dot] example."),
    "a page on another site": (
        "See [it](https://quill.example/records).",
        "See [it](https://filebox.example/records).",
    ),
    "another page elsewhere": ("See [it](https://docs.quill.example/a).", "See [it](https://help.quill.example/b)."),
    "a link that binds": (
        "You hold an account with Filebox terms.",
        "You hold an account with [Filebox terms](https://filebox.example).",
    ),
    "a contraction that is none": ("We don't hold them.", "We do hold them."),
    "a reference to no section": (
        "The archive is described below.",
        "The archive is described in the Insurance section.",
    ),
    "an order that matters": (
        "We ask the first, the second or the third for it.",
        "We ask the third, the second or the first for it.",
    ),
    "and for or in another order": ("We hold names, ages and sizes.", "We hold sizes, ages or names."),
    "an entry swapped": ("We hold names, ages and sizes.", "We hold sizes, ages and photos."),
    "a pointer to a choice": (
        "The archive is ours.",
        "The archive is ours. To learn how to opt out of sharing, see this page.",
    ),
    "a pointer that tells something new": (
        "The archive is ours.",
        "The archive is ours. For more information, see how insurers get your location.",
    ),
}
SLIPS = [
    ("fFor", "For"),
    ("Suggesst", "Suggest"),
    ("rarty", "party"),
    ("recieve", "receive"),
    ("infomation", "information"),
]
NO_SLIPS = [
    ("form", "from"),
    ("nto", "not"),
    ("nver", "never"),
    ("unable", "able"),
    ("Segmnet", "Mixpanel"),
    ("tow", "two"),
    ("mays", "may"),
]


def judged(old: str, new: str) -> Severity:
    return compare_texts(FRAME.format(old), FRAME.format(new)).severity


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_both_ways(name: str) -> None:
    one, two = HARMLESS[name]
    assert judged(one, two) in (Severity.EDITORIAL, Severity.NONE)
    if name != "words that became a link":  # a link that goes may have been somebody's way
        assert judged(two, one) in (Severity.EDITORIAL, Severity.NONE)


@pytest.mark.parametrize("name", NOT_HARMLESS)
def test_what_looks_harmless_and_is_not(name: str) -> None:
    one, two = NOT_HARMLESS[name]
    assert judged(one, two).rank >= Severity.REVIEW.rank


def test_an_entry_of_the_list_of_changes_says_nothing_new() -> None:
    text = FRAME.format("The archive is ours.")
    assert (
        compare_texts(text, text + "\n2024-05-06: Updated the words on the archive.\n").severity is Severity.EDITORIAL
    )
    assert compare_texts(text, text + "\n2024-05-06: We now share invoices.\n").severity.rank >= Severity.REVIEW.rank


@pytest.mark.skipif(english() is None, reason="no dictionary is installed (extra `spelling`)")
@pytest.mark.parametrize("pair", SLIPS)
def test_a_misspelt_word_is_put_right(pair: tuple[str, str]) -> None:
    assert is_slip(*pair)
    assert judged(f"It stands here {pair[0]} all of us.", f"It stands here {pair[1]} all of us.") is Severity.EDITORIAL


@pytest.mark.parametrize("pair", NO_SLIPS)
def test_no_slip_of_the_pen(pair: tuple[str, str]) -> None:
    assert not is_slip(*pair)


def test_without_a_dictionary_only_that_proof_falls_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policytrail.classify.plaintext.proofs.spelling.english", lambda: None)
    assert judged("It is suggessted to all of us.", "It is suggested to all of us.") is Severity.REVIEW
    assert judged("It is a house.", "It is an house.") is Severity.EDITORIAL
