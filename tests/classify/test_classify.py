"""Comparison and classification of structured sources: the right rule, direction and severity for each kind of edit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import clause, edit, write_policy

from policytrail.classify.engine import classify
from policytrail.classify.rules.registry import RULES
from policytrail.compare import differences
from policytrail.model.change import Change, Comparison, Consent, Decision, Direction, Severity, canonical
from policytrail.model.policy import Snapshot
from policytrail.sources.load import load_draft

# The kinds of change that the product knows by name; their ids are promised to the outside.
KINDS = [
    "collection.occasion",
    "collection.data",
    "collection.data_level",
    "collection.sensitive",
    "collection.subjects",
    "collection.source",
    "collection.voluntary",
    "collection.linking",
    "purpose.set",
    "purpose.level",
    "purpose.limit",
    "purpose.ai_training",
    "purpose.automated",
    "purpose.wording",
    "legal_basis",
    "communication.set",
    "recipient.category",
    "recipient.named",
    "recipient.role",
    "recipient.qualifier",
    "disclosure.data",
    "disclosure.rule",
    "disclosure.exception",
    "disclosure.exclusion",
    "disclosure.sale",
    "disclosure.condition",
    "disclosure.public",
    "disclosure.legal",
    "transfer",
    "tracker.set",
    "tracker.third_party",
    "tracker.email",
    "tracker.commitment",
    "signal.response",
    "choice.set",
    "choice.default",
    "choice.mechanism",
    "choice.consequence",
    "right.set",
    "right.mechanism",
    "children",
    "retention.period",
    "retention.bound",
    "security.measure",
    "security.claim",
    "security.name",
    "controller.identity",
    "controller.name",
    "merger.term",
    "scope.cover",
    "scope.placement",
    "definition",
    "jurisdiction.section",
    "governed_by",
    "notice.period",
    "notice.channel",
    "notice.trigger",
    "acceptance.rule",
    "application.retroactive",
    "redress",
    "program.seal",
    "contact",
    "wording.force",
    "example",
    "link.target",
    "date.label",
    "structure",
    "typography",
    "translation",
]


def draft(tmp_path: Path) -> Snapshot:
    return load_draft(tmp_path / "policy")


def compared(tmp_path: Path, *edits: tuple[str, str, str]) -> Comparison:
    write_policy(tmp_path)
    before = draft(tmp_path)
    for each in edits:
        edit(tmp_path, *each)
    return classify(before, draft(tmp_path), "2020-01-01", "draft")


def only(comparison: Comparison) -> Change:
    assert len(comparison.changes) == 1, [each.kind for each in comparison.changes]
    return comparison.changes[0]


def test_every_kind_has_a_rule() -> None:
    assert [kind for kind in KINDS if kind not in RULES] == []
    assert len(KINDS) == 69
    assert all(each.reason and each.source for each in RULES.values())


def test_equal_sources_have_no_change(tmp_path: Path) -> None:
    comparison = compared(tmp_path)
    assert comparison.changes == ()
    assert comparison.severity is Severity.NONE
    assert comparison.notice_days == 0


ALL = "practices/all.yaml"
CASES = [
    (
        "[user.name, user.contact.email]",
        "[user.name, user.contact.email, user.contact.phone_number]",
        "collection.data.added",
        "material",
        "broadens",
    ),
    ("[user.name, user.contact.email]", "[user.name]", "collection.data.removed", "review", "narrows"),
    (
        "[user.name, user.contact.email]",
        "[user.name, user.contact]",
        "collection.data_level.changed",
        "material",
        "broadens",
    ),
    (
        "[user.name, user.contact.email]",
        "[user.name, user.contact.email, user.location.precise]",
        "collection.sensitive.added",
        "material",
        "broadens",
    ),
    (
        "purposes: [essential.service]\n  source",
        "purposes: [essential.service, marketing]\n  source",
        "purpose.set.added",
        "material",
        "broadens",
    ),
    ("source: [given]", "source: [given, observed]", "collection.source.added", "material", "broadens"),
    ("modality: may", "modality: will", "wording.force.changed", "review", "neutral"),
    ("modality: does_not", "modality: may", "disclosure.rule.changed", "material", "broadens"),
    ("operations: [sell, share]", "operations: [share]", "disclosure.rule.removed", "material", "broadens"),
    ("  safeguard: [confidentiality_agreement]\n", "", "disclosure.condition.removed", "material", "broadens"),
    ("role: processor", "role: own_purposes", "recipient.role.changed", "material", "broadens"),
    (
        "  exception_to: sharing.rule\n",
        "  exception_to: sharing.rule\n  is_sale: true\n",
        "disclosure.sale.added",
        "material",
        "broadens",
    ),
    (
        "  exception_to: sharing.rule\n",
        "  exception_to: sharing.rule\n  public: true\n",
        "disclosure.public.added",
        "material",
        "broadens",
    ),
    (
        "  exception_to: sharing.rule\n",
        "  exception_to: sharing.rule\n  countries: [us]\n",
        "transfer.added",
        "material",
        "broadens",
    ),
    (
        "  exception_to: sharing.rule\n",
        "  exception_to: sharing.rule\n  ai_training: true\n",
        "purpose.ai_training.added",
        "material",
        "broadens",
    ),
    (
        "  exception_to: sharing.rule\n",
        "  exception_to: sharing.rule\n  excludes: [user.name]\n",
        "disclosure.exclusion.added",
        "review",
        "narrows",
    ),
    (
        "  exception_to: sharing.rule\n",
        "  exception_to: sharing.rule\n  governed_by: recipient_policy\n",
        "governed_by.added",
        "material",
        "broadens",
    ),
    (
        "  exception_to: sharing.rule\n",
        "  exception_to: sharing.rule\n  applies_to: all_data\n",
        "application.retroactive.added",
        "material",
        "broadens",
    ),
    (
        "  exception_to: sharing.rule\n",
        "  exception_to: sharing.rule\n  lists: {data: open}\n",
        "wording.force.added",
        "material",
        "broadens",
    ),
    (
        "  exception_to: sharing.rule\n",
        "  exception_to: sharing.rule\n  examples: [a bulk mailer]\n",
        "example.added",
        "review",
        "neutral",
    ),
    ("period_days: 30", "period_days: 45", "notice.period.changed", "review", "narrows"),
    ("period_days: 30", "period_days: 10", "notice.period.changed", "material", "broadens"),
    ("count: full_days", "count: at_least", "notice.period.added", "material", "broadens"),
    ("{kind: email}, ", "", "notice.channel.removed", "material", "broadens"),
    (
        "scope: [collection, use, disclosure]",
        "scope: [collection, use]",
        "notice.trigger.removed",
        "material",
        "broadens",
    ),
    (
        "timing: before_effective",
        "timing: before_effective\n  acceptance_by_use: true",
        "acceptance.rule.added",
        "material",
        "broadens",
    ),
    (
        'value: "1 Main Street, Springfield"',
        'value: "2 Main Street, Springfield"',
        "contact.changed",
        "editorial",
        "neutral",
    ),
    ("entity: Example Post Ltd.", "entity: Other Post Ltd.", "controller.identity.changed", "material", "neutral"),
    ("title: Registration", "title: Signing up", "structure.changed", "editorial", "neutral"),
    (
        "  data: [user.contact.email]\n",
        "  data: [user.contact.email]\n  legal_basis: consent\n",
        "legal_basis.added",
        "material",
        "neutral",
    ),
    (
        "  data: [user.contact.email]\n",
        "  data: [user.contact.email]\n  frequency: daily\n",
        "communication.set.added",
        "review",
        "neutral",
    ),
    (
        "  data: [user.contact.email]\n",
        "  data: [user.contact.email]\n  limit: necessary\n",
        "disclosure.condition.added",
        "review",
        "narrows",
    ),
]


@pytest.mark.parametrize(("old", "new", "kind", "severity", "direction"), CASES, ids=[each[2] for each in CASES])
def test_one_edit_one_change(tmp_path: Path, old: str, new: str, kind: str, severity: str, direction: str) -> None:
    comparison = compared(tmp_path, (ALL, old, new))
    facts = [each for each in comparison.changes if not each.subject.startswith("clause:")]
    assert [(each.kind, str(each.severity), str(each.direction)) for each in facts] == [(kind, severity, direction)]
    assert facts[0].reason
    assert facts[0].source
    assert facts[0].summary.endswith(".")


def test_a_material_change_owes_the_promised_days(tmp_path: Path) -> None:
    comparison = compared(
        tmp_path, (ALL, "[user.name, user.contact.email]", "[user.name, user.contact.email, user.job_title]")
    )
    change = only(comparison)
    assert change.subject == "collection.registration"
    assert change.clause == "collection/registration"
    assert (change.before, change.after) == (None, "user.job_title")
    assert change.consent is Consent.ASK
    assert comparison.notice_days == 30


def test_a_shorter_promise_does_not_buy_itself(tmp_path: Path) -> None:
    assert compared(tmp_path, (ALL, "period_days: 30", "period_days: 10")).notice_days == 30
    (tmp_path / "longer").mkdir()
    longer = compared(
        tmp_path / "longer",
        (ALL, "period_days: 30", "period_days: 45"),
        (ALL, "user.name, ", "user.name, user.job_title, "),
    )
    assert longer.notice_days == 45


def test_words_without_facts_are_for_a_person(tmp_path: Path) -> None:
    change = only(compared(tmp_path, ("clauses/contact.md", "Write to", "You may write to")))
    assert (change.severity, change.undecided) == (Severity.REVIEW, True)
    assert "may" in change.evidence


def test_typography_is_editorial_with_its_proof(tmp_path: Path) -> None:
    change = only(compared(tmp_path, ("clauses/sharing/promise.md", "information, except", "information - except")))
    assert (change.rule, change.severity) == ("typography", Severity.EDITORIAL)
    assert change.evidence


def test_a_dropped_not_is_never_editorial(tmp_path: Path) -> None:
    change = only(compared(tmp_path, ("clauses/sharing/promise.md", "do not sell", "do sell")))
    assert (change.kind, change.severity) == ("disclosure.sale.changed", Severity.MATERIAL)
    assert (change.before, change.after) == (
        "We do not sell or share personal information, except as told below.",
        "We do sell or share personal information, except as told below.",
    )


def test_a_new_practice_and_its_words_are_one_change(tmp_path: Path) -> None:
    write_policy(tmp_path)
    before = draft(tmp_path)
    parcels = "- id: collection.parcels\n  type: collection\n  title: Parcels\n  data: [user.behavior.x_parcels]\n"
    edit(tmp_path, ALL, "- id: sharing.rule\n", parcels + "- id: sharing.rule\n")
    (tmp_path / "policy/clauses/collection/parcels.md").write_text(
        clause("Parcels", ["collection.parcels"], "We count parcels.")
    )
    edit(tmp_path, "policy.yaml", "[collection/registration]", "[collection/registration, collection/parcels]")
    change = only(classify(before, draft(tmp_path), "2020-01-01", "draft"))
    assert (change.kind, change.clause) == ("collection.occasion.added", "collection/parcels")
    assert change.direction is Direction.BROADENS


def test_an_exception_is_told_once(tmp_path: Path) -> None:
    write_policy(tmp_path)
    before = draft(tmp_path)
    edit(tmp_path, ALL, "exceptions: [sharing.processors]", "exceptions: [sharing.processors, sharing.partners]")
    more = (
        "- id: sharing.partners\n  type: disclosure\n  title: Partners\n  modality: may\n  data: unstated\n"
        "  recipients: unstated\n  exception_to: sharing.rule\n"
    )
    edit(tmp_path, ALL, "- id: changes.material\n", more + "- id: changes.material\n")
    edit(
        tmp_path,
        "clauses/sharing/processors.md",
        "states: [sharing.processors]",
        "states: [sharing.processors, sharing.partners]",
    )
    edit(tmp_path, "clauses/sharing/processors.md", "address.", "address. We may share with partners.")
    comparison = classify(before, draft(tmp_path), "2020-01-01", "draft")
    material = comparison.of(Severity.MATERIAL)
    assert [each.kind for each in material] == ["disclosure.exception.added"]
    assert "recipient.category" in material[0].also


def test_moving_a_clause_is_structure(tmp_path: Path) -> None:
    write_policy(tmp_path)
    before = draft(tmp_path)
    edit(tmp_path, "policy.yaml", "[sharing/promise, sharing/processors]", "[sharing/promise]")
    edit(tmp_path, "policy.yaml", "[changes/notice, contact]", "[sharing/processors, changes/notice, contact]")
    change = only(classify(before, draft(tmp_path), "a", "b"))
    assert (change.rule, change.severity) == ("structure", Severity.EDITORIAL)


@pytest.mark.parametrize(
    ("old", "new", "subjects"),
    [
        (
            "[sharing/promise, sharing/processors]",
            "[sharing/processors, sharing/promise]",
            ["clause:sharing/processors"],
        ),
        (
            "  - id: sharing\n    title: Sharing\n    clauses: [sharing/promise, sharing/processors]\n  - id: changes\n    title: Changes\n    clauses: [changes/notice, contact]\n",
            "  - id: changes\n    title: Changes\n    clauses: [changes/notice, contact]\n  - id: sharing\n    title: Sharing\n    clauses: [sharing/promise, sharing/processors]\n",
            ["section:changes"],
        ),
    ],
)
def test_another_order_is_told_and_editorial(tmp_path: Path, old: str, new: str, subjects: list[str]) -> None:
    write_policy(tmp_path)
    before = draft(tmp_path)
    edit(tmp_path, "policy.yaml", old, new)
    found = classify(before, draft(tmp_path), "a", "b")
    assert [each.subject for each in found.changes] == subjects
    assert {(each.kind, each.severity) for each in found.changes} == {("structure.changed", Severity.EDITORIAL)}
    assert found.changes[0].summary.endswith(": it stands in another place.")
    assert found.changes[0].reason and not found.changes[0].undecided


def test_a_new_section_among_others_moves_none(tmp_path: Path) -> None:
    write_policy(tmp_path)
    before = draft(tmp_path)
    edit(
        tmp_path,
        "policy.yaml",
        "[sharing/promise, sharing/processors]",
        "[sharing/processors]\n  - id: promise\n    title: Promise\n    clauses: [sharing/promise]",
    )
    found = classify(before, draft(tmp_path), "a", "b").changes
    assert {each.subject for each in found} == {"clause:sharing/promise", "section:promise"}


def test_moving_a_clause_under_a_narrower_heading_is_material(tmp_path: Path) -> None:
    write_policy(tmp_path)
    edit(tmp_path, "policy.yaml", "title: Changes\n", "title: Changes\n    scope: {jurisdictions: [california]}\n")
    before = draft(tmp_path)
    edit(tmp_path, "policy.yaml", "[sharing/promise, sharing/processors]", "[sharing/promise]")
    edit(tmp_path, "policy.yaml", "[changes/notice, contact]", "[sharing/processors, changes/notice, contact]")
    change = only(classify(before, draft(tmp_path), "a", "b"))
    assert (change.rule, change.severity) == ("scope.placement", Severity.MATERIAL)


def test_the_date_label_alone_warns(tmp_path: Path) -> None:
    comparison = compared(tmp_path, ("policy.yaml", "2020-01-01", "2020-02-01"))
    assert only(comparison).rule == "date.label"
    assert comparison.warnings == ("The date label moved, but the text did not.",)


def test_a_decision_moves_its_change_and_goes_stale_with_it(tmp_path: Path) -> None:
    write_policy(tmp_path)
    before = draft(tmp_path)
    edit(tmp_path, "clauses/contact.md", "Write to", "Please write to")
    change = only(classify(before, draft(tmp_path), "a", "b"))
    ruling = Decision(change.id, change.fingerprint, Severity.EDITORIAL, "politeness", "A. Lawyer", "2020-02-01")
    ruled = only(classify(before, draft(tmp_path), "a", "b", [ruling]))
    assert (ruled.severity, ruled.undecided, ruled.proposed) == (Severity.EDITORIAL, False, Severity.REVIEW)
    edit(tmp_path, "clauses/contact.md", "Please write to", "Please never write to")
    stale = classify(before, draft(tmp_path), "a", "b", [ruling])
    assert only(stale).undecided
    assert "stale" in stale.warnings[0]


def test_a_regime_makes_core_changes_material_in_either_direction(tmp_path: Path) -> None:
    write_policy(tmp_path)
    edit(tmp_path, "policy.yaml", "regimes: [promise]", "regimes: [promise, gdpr]")
    before = draft(tmp_path)
    edit(tmp_path, ALL, "[user.name, user.contact.email]", "[user.name]")
    change = only(classify(before, draft(tmp_path), "a", "b"))
    assert (change.severity, change.direction) == (Severity.MATERIAL, Direction.NARROWS)
    assert "regime" in change.reason


def test_held_data_asks_for_consent(tmp_path: Path) -> None:
    write_policy(tmp_path)
    edit(tmp_path, "policy.yaml", "regimes: [promise]", "regimes: [promise]\napplies_to: all_data")
    before = draft(tmp_path)
    edit(tmp_path, ALL, "user.contact.email]\n  purposes", "user.contact.email, user.job_title]\n  purposes")
    assert classify(before, draft(tmp_path), "a", "b").consent is Consent.REQUIRED


_LEAF = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(0, 2),
    st.sampled_from(["", "a", "b"]),
    st.lists(st.sampled_from("ab"), max_size=2),
)
_TREE = st.recursive(
    _LEAF,
    lambda inner: st.dictionaries(st.sampled_from(["a", "b", "__c", "d.e", "1"]), inner, max_size=3),
    max_leaves=8,
)
_MAP = st.dictionaries(st.sampled_from(["a", "b", "__c", "d.e"]), _TREE, max_size=4)


@settings(max_examples=60)
@given(_MAP, _MAP)
def test_keyed_maps_differ_as_deepdiff_tells(one: dict[str, Any], two: dict[str, Any]) -> None:
    found = differences._plainly(one, two)
    if found is not None:
        assert sorted(found, key=lambda each: each[0]) == sorted(
            differences._deeply(one, two), key=lambda each: each[0]
        )
        assert bool(found) == (canonical(one) != canonical(two))
