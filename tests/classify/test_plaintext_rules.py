"""What the rules for plain texts say: kind, direction and severity of single edits to a policy of our own."""

from __future__ import annotations

import pytest
from plaintext_samples import CHILDREN, KEEP, POLICY, RIGHTS, SHARE

from policytrail import compare_texts
from policytrail.model.change import Consent

# what changes: (old words, new words) -> kind, direction, severity
CASES = {
    "a kind of data": (
        "your postal address\n",
        "your postal address\n*   your purchase history\n",
        "collection.data.added",
        "broadens",
        "material",
    ),
    "sensitive data": (
        "your postal address\n",
        "your postal address\n*   your fingerprints\n",
        "collection.sensitive.added",
        "broadens",
        "material",
    ),
    "a kind of data without a name": (
        "We also receive your device type",
        "We also receive your device type and parcel metadata",
        "collection.data.changed",
        "broadens",
        "material",
    ),
    "a limit that goes": ("We will only use", "We will use", "wording.force.changed", "broadens", "material"),
    "a negation that goes": (
        "We do not collect your",
        "We do collect your",
        "wording.force.changed",
        "broadens",
        "material",
    ),
    "a negation that comes": ("We may send you", "We may not send you", "disclosure.rule.changed", "narrows", "review"),
    "a purpose": (
        "to answer your questions.",
        "to answer your questions and for advertising.",
        "purpose.set.changed",
        "broadens",
        "material",
    ),
    "training of models": (
        "to answer your questions.",
        "to answer your questions. We train machine learning models with your messages.",
        "purpose.ai_training.added",
        "broadens",
        "material",
    ),
    "a category of recipients": (
        "with carriers in Germany",
        "with carriers and data brokers in Germany",
        "recipient.category.changed",
        "broadens",
        "material",
    ),
    "a country": ("on our behalf", "on our behalf in Singapore", "transfer.changed", "broadens", "material"),
    "a promise that goes": (
        "We never sell your personal data. ",
        "",
        "disclosure.rule.removed",
        "broadens",
        "material",
    ),
    "sale": (
        "We never sell your personal data.",
        "We sell your personal data.",
        "disclosure.sale.changed",
        "broadens",
        "material",
    ),
    "a longer period": ("after 30 days", "after 90 days", "retention.period.changed", "broadens", "material"),
    "a shorter period": ("after 30 days", "after 7 days", "retention.period.changed", "narrows", "review"),
    "no period": ("after 30 days", "when we no longer need it", "retention.bound.changed", "broadens", "material"),
    "an age": ("under 13", "under 11", "children.changed", "neutral", "material"),
    "another controller": ("Brightpost GmbH,", "Quickpost GmbH,", "controller.identity.changed", "neutral", "material"),
    "a right that goes": ("You have the right to access your data. ", "", "right.set.removed", "broadens", "material"),
    "a choice that comes": (
        RIGHTS,
        RIGHTS.rstrip() + " You can opt out of surveys.\n\n",
        "choice.set.added",
        "narrows",
        "review",
    ),
    "use means agreement": (
        CHILDREN,
        CHILDREN + "By using the service you agree to this policy.\n\n",
        "acceptance.rule.added",
        "broadens",
        "material",
    ),
    "arbitration": (
        CHILDREN,
        CHILDREN + "Disputes are settled by binding arbitration.\n\n",
        "redress.added",
        "neutral",
        "material",
    ),
    "a security promise": (
        KEEP,
        KEEP.rstrip() + " We protect it with encryption.\n\n",
        "security.measure.added",
        "narrows",
        "review",
    ),
    "a link to another host": (
        "https://brightpost.example/processors",
        "https://other.example/processors",
        "link.target.changed",
        "neutral",
        "review",
    ),
    "an example": (
        "carriers in Germany",
        "reliable carriers in Germany",
        "disclosure.data.changed",
        "broadens",
        "material",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_rule(name: str) -> None:
    old, new, kind, direction, severity = CASES[name]
    assert old in POLICY
    change = compare_texts(POLICY, POLICY.replace(old, new)).changes[0]
    assert (change.kind, str(change.direction), str(change.severity)) == (kind, direction, severity), change.evidence
    assert change.source and change.reason and change.rule == kind.rpartition(".")[0]


def test_a_broadening_asks_whether_it_reaches_data_already_held() -> None:
    comparison = compare_texts(POLICY, POLICY.replace(SHARE, SHARE + "We share your messages with advertisers.\n\n"))
    assert comparison.consent is Consent.ASK


def test_a_framework_that_is_lost() -> None:
    text = "# Transfers\n\nWe comply with the Data Privacy Framework and with the standard contractual clauses for our data.\n"
    change = compare_texts(text, text.replace("the Data Privacy Framework and with ", "")).changes[0]
    assert (change.rule, str(change.severity)) == ("program.seal", "material")


def test_another_legal_basis() -> None:
    text = "# Basis\n\nThe legal basis for this processing of your data is your consent.\n"
    change = compare_texts(text, text.replace("your consent", "our legitimate interests")).changes[0]
    assert (change.rule, str(change.severity)) == ("legal_basis", "material")


def test_a_named_kind_of_data_that_becomes_data_in_general() -> None:
    text = "# Use\n\nWe use parcel information for the following purposes:\n\n* delivery\n"
    change = compare_texts(text, text.replace("parcel information", "the information that we collect")).changes[0]
    assert (change.rule, str(change.severity)) == ("collection.data_level", "material")


def test_the_policys_own_list_of_changes_is_for_a_person() -> None:
    log = (
        "## Changes to this policy\n\n| date | what |\n| --- | --- |\n| March 1, 2026 | first version of this text |\n"
    )
    entry = "| June 1, 2026 | we now collect your fingerprints and credentials |\n"
    assert str(compare_texts(POLICY + log, POLICY + log + entry).severity) == "review"


def test_what_people_can_do_is_no_practice_of_the_company() -> None:
    said = "To opt out of cookies that let partners send you ads, click here.\n\n"
    assert str(compare_texts(POLICY, POLICY.replace(RIGHTS, RIGHTS + said)).severity) == "review"


def test_changes_that_are_alike_have_ids_of_their_own() -> None:
    old = "# A\n\nWe may call you.\n\n# B\n\nText that stays as it is here.\n"
    new = old + "\nWe read your mail.\n\nWe read your mail.\n\nWe read your mail.\n"
    ids = [each.id for each in compare_texts(old, new).changes]
    assert len(ids) == len(set(ids))


def test_the_comparison_is_the_same_each_time_and_in_the_other_order_too() -> None:
    new = POLICY.replace("after 30 days", "after 90 days")
    assert compare_texts(POLICY, new) == compare_texts(POLICY, new)
    assert str(compare_texts(new, POLICY).severity) == "review"


def test_the_evidence_quotes_the_words() -> None:
    change = compare_texts(
        POLICY, POLICY.replace("with carriers in", "with carriers and insurance companies in")
    ).changes[0]
    assert change.evidence == 'insurers ("insurance companies")'
