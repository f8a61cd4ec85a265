"""A reason names the words that it rests on, and says no more than they do."""

from __future__ import annotations

import pytest

from policytrail import compare_texts
from policytrail.model.change import Change

FRAME = """# Larch privacy notice

We use your name and your invoices to send you parcels. We keep your invoices for 30 days and then delete them.

{}

We answer all letters.
"""


def judged(old: str, new: str) -> Change:
    return compare_texts(FRAME.format(old), FRAME.format(new)).changes[0]


def judged_text(old: str, new: str) -> Change:
    """The same for a text of one sentence."""
    return compare_texts(f"# P\n\n{old}\n", f"# P\n\n{new}\n").changes[0]


FALSE = {
    "credential stuffing": (
        "We watch for attacks.",
        "We watch for attacks such as credential stuffing.",
        "collection.sensitive",
    ),
    "AI features": ("We build features.", "We use your invoices to offer AI features.", "purpose.ai_training"),
    "signing online": ("Write to us.", "Write to us. Customers in the EU can sign the DPA online.", "transfer"),
    "a paper": (
        "We are in Berlin. To learn more on the Safe Harbor decisions, see this paper.",
        "We are in Berlin.",
        "program.seal.material",
    ),
    "a product's name": (
        "You can use Larch (with the Larch Services add-on) for parcels.",
        "You can use Larch (with the Larch Shipping & Tax add-on) for parcels.",
        "purpose.set",
    ),
    "device fingerprinting": ("We guard it.", "We guard it with fingerprinting of devices.", "collection.sensitive"),
}
TRUE = {
    "training": (
        "We read letters.",
        "We train our language models on your letters.",
        "purpose.ai_training",
        "ai training",
    ),
    "one exception more": (
        "We do not share invoices unless a court orders it.",
        "We do not share invoices unless a court orders it or a partner asks for it.",
        "disclosure.exception",
        "or a partner asks for it",
    ),
    "a seal for fewer places": (
        "We comply with the Privacy Shield for Germany, France and Switzerland.",
        "We comply with the Privacy Shield for Germany and France.",
        "program.seal",
        "no longer for switzerland",
    ),
}


@pytest.mark.parametrize("name", FALSE)
def test_no_false_reason(name: str) -> None:
    old, new, kind = FALSE[name]
    for change in compare_texts(FRAME.format(old), FRAME.format(new)).changes:
        assert f"{change.rule}.{change.severity}" != kind and change.rule != kind, change.evidence


@pytest.mark.parametrize("name", TRUE)
def test_the_reason_names_the_words(name: str) -> None:
    old, new, kind, evidence = TRUE[name]
    change = judged(old, new)
    assert (change.rule, str(change.severity)) == (kind, "material")
    assert evidence in change.evidence


def test_may_the_month_is_no_word_of_force() -> None:
    assert (
        "'may'"
        not in judged(
            "We moved on June 5, 2024 to the new house.", "We moved on May 5, 2024 to the new house."
        ).evidence
    )


@pytest.mark.parametrize(
    ("old", "new", "evidence"),
    [
        ("We keep it for 1.5 days.", "We keep it for 2.5 days.", "1.5 days became 2.5 days"),
        ("We keep it for 10\u00b2 days.", "We keep it for 102 days.", "10\u00b2 days became 102 days"),
        ("We keep it for thirty (30) days.", "We keep it for ninety days.", "30 days became 90 days"),
        (
            "\u60c5\u5831\u306f30\u65e5\u9593\u4fdd\u5b58\u3057\u307e\u3059\u3002",
            "\u60c5\u5831\u306f90\u65e5\u9593\u4fdd\u5b58\u3057\u307e\u3059\u3002",
            "30 days became 90 days",
        ),
        ("Wir speichern sie 30 Tage.", "Wir speichern sie 60 Tage.", "30 days became 60 days"),
    ],
)
def test_a_period_is_told_as_it_stands(old: str, new: str, evidence: str) -> None:
    assert judged_text(old, new).evidence == evidence


def test_what_no_rule_shows_is_said_so() -> None:
    change = judged("The house is brown and old.", "The house is green and old.")
    assert change.evidence == "\u201cbrown\u201d became \u201cgreen\u201d"
    assert change.reason == "The words differ, and no rule shows what that means for data."


def test_another_language_is_named_as_the_limit() -> None:
    change = judged_text("Das Haus ist braun.", "Das Haus ist gr\u00fcn.")
    assert "read English words only" in change.reason
