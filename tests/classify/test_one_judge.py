"""One judge: clauses, with practices or without, are read sentence by sentence by the rules for plain texts."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import CLAUSES, clause, edit, write_policy

from policytrail.classify.engine import classify
from policytrail.model.change import Change, Comparison, Decision, Severity
from policytrail.sources.load import load_draft

ALL = "practices/all.yaml"


def reworded(tmp_path: Path, old: str, new: str, *edits: tuple[str, str, str], name: str = "contact") -> Comparison:
    """The comparison of one clause before and after, and of edits of the sources that come with it."""
    write_policy(tmp_path)
    title, states, _ = CLAUSES[name]
    drafts = []
    for text, changed in ((old, ()), (new, edits)):
        (tmp_path / f"policy/clauses/{name}.md").write_text(clause(title, states, text))
        for each in changed:
            edit(tmp_path, *each)
        drafts.append(load_draft(tmp_path / "policy"))
    return classify(drafts[0], drafts[1], "2020-01-01", "draft")


def only(comparison: Comparison) -> Change:
    assert len(comparison.changes) == 1, [(change.kind, change.before, change.after) for change in comparison.changes]
    return comparison.changes[0]


CLAUSE_ALONE = [
    (
        "We collect your name and email address. Write to us at any time.",
        "We collect your name, email address and date of birth. Write to us at any time.",
        "collection.data",
        Severity.MATERIAL,
    ),
    (
        "The service does not store the pages that you print.",
        "The service stores the pages that you print for one year.",
        "",
        Severity.MATERIAL,
    ),
    ("We keep receipts for 12 months.", "We keep receipts for 18 months.", "retention.period", Severity.MATERIAL),
    ("We will not sell your data.", "We will sell your data.", "", Severity.MATERIAL),
    (
        "You can ask which data we recieve about you at any time.",
        "You can ask which data we receive about you at any time.",
        "typography",
        Severity.EDITORIAL,
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "rule", "severity"),
    CLAUSE_ALONE,
    ids=["a datum", "a negation", "a number", "a promise", "spelling"],
)
@pytest.mark.parametrize("name", ["contact", "collection/registration"])
def test_a_clause_is_judged_by_its_sentences(
    tmp_path: Path, old: str, new: str, rule: str, severity: Severity, name: str
) -> None:
    change = only(reworded(tmp_path, old, new, name=name))
    assert change.severity is severity
    assert not rule or change.rule == rule
    assert change.clause == name
    assert change.before and change.before in old
    assert change.after and change.after in new


def test_a_sentence_that_its_practice_explains_is_told_once(tmp_path: Path) -> None:
    change = only(
        reworded(
            tmp_path,
            "We ask for your name and email address.",
            "We ask for your name, email address and phone number.",
            (ALL, "[user.name, user.contact.email]", "[user.name, user.contact.email, user.contact.phone_number]"),
            name="collection/registration",
        )
    )
    assert (change.kind, change.subject) == ("collection.data.added", "collection.registration")


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("We sell your email address to data brokers.", "disclosure.sale"),
        ("We use your messages to train our artificial intelligence models.", "purpose.ai_training"),
        ("We collect your date of birth and your medical records.", "collection.sensitive"),
        ("We keep your email address for ten years.", "collection.data"),
    ],
)
def test_what_the_changed_practice_does_not_say_is_told_beside_it(tmp_path: Path, sentence: str, rule: str) -> None:
    found = reworded(
        tmp_path,
        "We ask for your name and email address.",
        f"We ask for your name, email address and phone number. {sentence}",
        (ALL, "[user.name, user.contact.email]", "[user.name, user.contact.email, user.contact.phone_number]"),
        name="collection/registration",
    )
    told = [change for change in found.changes if change.subject.startswith("clause:")]
    assert sentence in str([change.after for change in told])
    assert any(change.severity is Severity.MATERIAL and rule in (change.rule, *change.also) for change in told)


def test_a_lesser_change_of_the_practice_hides_no_greater_one_of_the_words(tmp_path: Path) -> None:
    found = reworded(
        tmp_path,
        "We ask for your name and email address.",
        "We ask for your name, and we sell it.",
        (ALL, "[user.name, user.contact.email]", "[user.name]"),
        name="collection/registration",
    )
    assert found.severity is Severity.MATERIAL


def test_two_sentences_are_two_changes(tmp_path: Path) -> None:
    found = reworded(
        tmp_path,
        "We collect your name.\n\nYou may write to us.\n\nWe keep receipts for 12 months.",
        "We collect your name and date of birth.\n\nYou may write to us.\n\nWe keep receipts for 24 months.",
    )
    assert sorted(change.rule for change in found.changes) == ["collection.data", "retention.period"]
    assert len({change.id for change in found.changes}) == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [("Information we never share", "Information we share"), ("For California residents", "For all residents")],
)
def test_a_heading_that_limits_what_stands_below_it_is_for_a_person(tmp_path: Path, old: str, new: str) -> None:
    write_policy(tmp_path)
    edit(tmp_path, "policy.yaml", "title: What we collect", f"title: {old}")
    before = load_draft(tmp_path / "policy")
    edit(tmp_path, "policy.yaml", f"title: {old}", f"title: {new}")
    change = only(classify(before, load_draft(tmp_path / "policy"), "a", "b"))
    assert change.undecided
    assert change.subject == "section:collection"


def test_a_ruling_holds_for_its_sentence_and_no_other(tmp_path: Path) -> None:
    old = "You can write to our office. We answer within a week."
    first = reworded(tmp_path / "a", old, "You can write to our new office. We answer within a week.")
    change = only(first)
    ruling = Decision(change.id, change.fingerprint, Severity.EDITORIAL, "the office moved", "A. Lawyer", "2020-02-01")
    drafts = []
    for text in (old, "You can write to our new office. We answer within a month."):
        title, states, _ = CLAUSES["contact"]
        (tmp_path / "a/policy/clauses/contact.md").write_text(clause(title, states, text))
        drafts.append(load_draft(tmp_path / "a/policy"))
    again = classify(*drafts, "2020-01-01", "draft", [ruling])
    assert [change.decision is not None for change in again.changes if change.id == ruling.change] == [True]
    assert len(again.changes) == 2
