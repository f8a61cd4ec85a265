"""Sentences in another order within a clause: harmless only where none of them points to what stood around it."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import CLAUSES, clause, write_policy

from policytrail.classify.engine import classify
from policytrail.model.change import Comparison, Severity
from policytrail.sources.load import load_draft

OTHER = [
    (
        "it",
        "We collect your full name. We sell your email address. We delete it after a month.",
        "We collect your full name. We delete it after a month. We sell your email address.",
    ),
    (
        "the following",
        "We never do any of the following things ourselves. We sell data to banks in other countries. We keep cookies on your device for a year.",
        "We sell data to banks in other countries. We never do any of the following things ourselves. We keep cookies on your device for a year.",
    ),
    (
        "however",
        "We share your data with mail providers.\n\nWe sell your data to large banks.\n\nHowever, this isn't so for people under the age of 16.",
        "We share your data with mail providers.\n\nHowever, this isn't so for people under the age of 16.\n\nWe sell your data to large banks.",
    ),
    (
        "an introduction",
        "If you agree:\n\n- we sell your data\n\nIn any case:\n\n- we keep your data\n",
        "If you agree:\n\n- we keep your data\n\nIn any case:\n\n- we sell your data\n",
    ),
]
SAME = [
    (
        "full sentences",
        "We collect your full name when you register. We keep cookies on your device for a year.",
        "We keep cookies on your device for a year. We collect your full name when you register.",
    ),
    (
        "entries of a list",
        "We collect:\n\n- your name\n- your address\n- your phone number\n",
        "We collect:\n\n- your phone number\n- your name\n- your address\n",
    ),
]


def reworded(tmp_path: Path, old: str, new: str) -> Comparison:
    write_policy(tmp_path)
    title, states, _ = CLAUSES["contact"]
    drafts = []
    for text in (old, new):
        (tmp_path / "policy/clauses/contact.md").write_text(clause(title, states, text))
        drafts.append(load_draft(tmp_path / "policy"))
    return classify(drafts[0], drafts[1], "2020-01-01", "draft")


@pytest.mark.parametrize(("old", "new"), [each[1:] for each in OTHER], ids=[each[0] for each in OTHER])
def test_a_sentence_that_points_elsewhere_now_is_for_a_person(tmp_path: Path, old: str, new: str) -> None:
    found = reworded(tmp_path, old, new)
    assert found.changes
    assert all(change.undecided or change.severity is Severity.MATERIAL for change in found.changes)


@pytest.mark.parametrize(("old", "new"), [each[1:] for each in SAME], ids=[each[0] for each in SAME])
def test_a_sentence_that_stands_for_itself_may_move(tmp_path: Path, old: str, new: str) -> None:
    assert reworded(tmp_path, old, new).severity is Severity.EDITORIAL
