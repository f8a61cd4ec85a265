"""What readers are told of one change: the sentences, and what they must never have."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render_samples import snapshot

from policytrail import practice_words
from policytrail.classify.engine import classify
from policytrail.errors import SourceError
from policytrail.model.policy import RegisteredRecipient
from policytrail.sources.vocabulary import default_vocabulary
from policytrail.words.grammar import MOST_IN_ITEM, amount, count_words, sentences


def told(before: str | None, after: str | None) -> str:
    return " ".join(change["words"] for change in practice_words(before, after))


def practice(kind: str, fields: str) -> str:
    return f"- id: {kind}.sample\n  type: {kind}\n" + "".join(f"  {line}\n" for line in fields.splitlines())


SHARING = "data: [user.name]\nrecipients: [{id: lenders}]"
SENTENCES = [
    (
        None,
        practice("communication", "modality: may\ndata: [user.contact.email]\nkinds: [surveys]\nchannels: [email]"),
        "New: We may send you surveys by email.",
    ),
    (
        None,
        practice(
            "cookie",
            "set_by: third_party\ncross_site: true\ndata: [user.social]\npurposes: [sales]\nlifetime: {value: 1, unit: year}",
        ),
        "New: Other companies set cookies that record your use of social media on other companies' sites to sell you our services. "
        "What is set stays in your browser for 1 year.",
    ),
    (
        None,
        practice("use", "modality: may\ndata: [user.content]\npurposes: [personalize.content]\nai_training: true"),
        "New: We may use what you write or upload to choose content for you and to train AI models.",
    ),
    (
        practice("disclosure", SHARING),
        practice("disclosure", f"{SHARING}\nis_sale: true"),
        "New: We sell your name to lenders. Until now, our policy said that we share your name with lenders.",
    ),
    (
        practice("disclosure", f"{SHARING}\ndefault: on_until_opt_out"),
        practice("disclosure", f"{SHARING}\ndefault: off_until_opt_in"),
        "We share your name with lenders only if you agree. Until now, we shared it unless you opted out.",
    ),
    (
        practice("disclosure", f"{SHARING}\ncountries: [ie]"),
        practice("disclosure", f"{SHARING}\ncountries: [ie, in]"),
        "Lenders also handle your name in India. Until now, only in Ireland.",
    ),
    (
        practice("disclosure", f"{SHARING}\nrequires: [consent]"),
        practice("disclosure", SHARING),
        "We share your name with lenders. Our policy no longer says “only if you agree”.",
    ),
    (
        practice("retention", "title: Server logs\ndata: [user.device.ip_address]\nperiod: {value: 12, unit: month}"),
        practice("retention", "title: Server logs\ndata: [user.device.ip_address]\nperiod: {value: 1, unit: month}"),
        "We keep server logs for 1 month. Until now, we kept them for 12 months.",
    ),
    (
        practice("right", "kind: [access]\ndata: [user]\ndeadline: {value: 30, unit: day}"),
        practice("right", "kind: [access]\ndata: [user]\ndeadline: {value: 2, unit: month}"),
        "We answer within 2 months when you ask us to show you your personal information. "
        "Until now, we promised to answer within 30 days.",
    ),
    (
        practice("commitment", "modality: will_not\noperations: [rent]\ndata: [user]"),
        None,
        "We no longer promise not to rent out your personal information.",
    ),
    (
        practice("choice", "kind: opt_out\npurposes: [marketing.communications.sms]"),
        None,
        "You can no longer opt out of promotional text messages.",
    ),
    (
        practice("use", "data: [user.location]\npurposes: [essential.service, sales]"),
        practice("use", "data: [user.location]\npurposes: [essential.service]"),
        "Our policy no longer says that we use your location to sell you our services.",
    ),
    (
        practice("collection", "data: [user.name]\nsource: [observed]\nsubjects: [employee]"),
        practice("collection", "data: [user.name]\nsource: [observed]\nsubjects: [employee]\nautomated_decision: true"),
        "We record the name of employees. Our policy now also says that a computer program decides here. "
        "No person takes part in the decision.",
    ),
]


@pytest.mark.parametrize(("before", "after", "sentence"), SENTENCES)
def test_the_sentences(before: str | None, after: str | None, sentence: str) -> None:
    assert told(before, after) == sentence


def test_a_period_is_one_change_of_one_value() -> None:
    old, new = (
        practice("retention", f"data: [user]\nperiod: {period}")
        for period in ("{value: 90, unit: day}", "{value: 2, unit: year}")
    )
    (change,) = practice_words(old, new)
    assert (change["kind"], change["severity"]) == ("retention.period.changed", "material")
    assert "2 years" in change["words"] and "90 days" in change["words"]


def test_an_end_that_can_be_counted_is_shorter_than_one_that_cannot() -> None:
    open_ended = practice("retention", "data: [user]\nperiod: {until: [your account is active]}")
    counted = practice("retention", "data: [user]\nperiod: {value: 24, unit: month}")
    assert practice_words(open_ended, counted)[0]["severity"] == "review"
    assert practice_words(counted, open_ended)[0]["severity"] == "material"
    assert "24 months" in told(open_ended, counted)


def test_nothing_changed_is_no_change() -> None:
    assert practice_words(practice("use", "data: [user]"), practice("use", "data: [user]")) == []


def test_a_remark_that_is_sealed_with_the_policy_is_told_as_one() -> None:
    (change,) = practice_words(practice("use", "data: [user]"), practice("use", "data: [user]\nnote: a remark"))
    assert change["severity"] == "editorial"
    assert change["words"] == "A remark beside our policy changes. What the policy says stays the same."


def test_a_name_that_ends_in_a_full_stop_keeps_one() -> None:
    old, new = (f"organization: {{name: '{name}', legal_name: One}}" for name in ("Old, Inc.", "New, Inc."))
    assert "New, Inc. Until now" in told(old, new) and ".." not in told(old, new)


@pytest.mark.parametrize(
    "wrong",
    [
        "- id: x\n",
        "just words",
        "- {id: a.b, type: use}\n- {id: a.c, type: use}",
        "- {id: a.b, type: use, colour: red}",
    ],
)
def test_what_is_no_practice_is_refused_with_its_name(wrong: str) -> None:
    with pytest.raises(SourceError, match="before"):
        practice_words(wrong, None)


def test_three_hundred_kinds_of_data_are_told_in_one_item() -> None:
    keys = ", ".join(f"user.x_kind_{number}" for number in range(300))
    text = told(
        None, practice("disclosure", f"data: [{keys}]\nrecipients: [{{id: lenders}}]\ndefault: on_until_opt_out")
    )
    assert count_words(text) <= MOST_IN_ITEM
    assert "lenders" in text and "unless you opt out" in text and "more kinds of information" in text


def test_an_entry_of_the_registry_that_nobody_names_is_told_by_its_label() -> None:
    old = snapshot()
    entry = RegisteredRecipient(id="survey_firm", label="a survey firm")
    new = replace(old, recipients={**old.recipients, "survey_firm": entry})
    (change,) = classify(old, new, "old", "new").changes
    assert change.words == "Our list of recipients now has “a survey firm”. No part of our policy names it."


DATA = st.lists(st.sampled_from(sorted(default_vocabulary().terms["data"])), min_size=1, max_size=12, unique=True)
PURPOSES = st.lists(st.sampled_from(sorted(default_vocabulary().terms["purposes"])), max_size=6, unique=True)


@given(
    DATA,
    PURPOSES,
    st.sampled_from(["collection", "use", "disclosure", "retention", "cookie"]),
    st.sampled_from(["does", "may", "will", "will_not"]),
)
@settings(max_examples=150, deadline=None)
def test_any_practice_has_words_within_the_limits(
    data: list[str], purposes: list[str], kind: str, modality: str
) -> None:
    text = told(
        None, practice(kind, f"modality: {modality}\ndata: [{', '.join(data)}]\npurposes: [{', '.join(purposes)}]")
    )
    assert text and count_words(text) <= MOST_IN_ITEM
    assert "_" not in text
    assert all(part[0].isupper() for part in sentences(text))


@given(st.integers(0, 10_000), st.sampled_from(["day", "month", "year"]))
def test_one_is_singular(number: int, unit: str) -> None:
    assert amount(number, unit).endswith("s") is (number != 1)
