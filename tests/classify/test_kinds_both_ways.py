"""Each kind of change forth and back: what takes something from people is material, what gives it back is for a person."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import CLAUSES, clause, write_policy

from policytrail.classify.engine import classify
from policytrail.model.change import Comparison, Severity
from policytrail.model.policy import Snapshot
from policytrail.sources.load import load_draft

MAIL = "recipients: [{id: mail_provider, role: processor}]"
NOTICE = "on: {severity: material}, period_days: 10"
WAYS = "channels: {any_of: [{kind: email}, {kind: site}]}"
RETENTION = "data: [user]"
MEASURE = "measure: [encryption]"
# type; what the better practice says; what the worse says; the rule that speaks of it
PAIRS = [
    ("collection", "data: [user.device], aggregated: true", "data: [user.device]", "collection.linking"),
    (
        "collection",
        "data: [user.device], linkage: not_tied",
        "data: [user.device], linkage: tied",
        "collection.linking",
    ),
    ("collection", "data: [user.device], requires: [voluntary]", "data: [user.device]", "collection.voluntary"),
    (
        "collection",
        "data: [user.device], necessity: optional",
        "data: [user.device], necessity: required",
        "collection.voluntary",
    ),
    ("use", "purposes: [marketing.advertising.first_party]", "purposes: [marketing.advertising]", "purpose.level"),
    ("use", "purposes: [essential.service], exclusive: true", "purposes: [essential.service]", "purpose.limit"),
    ("disclosure", f"{MAIL}, requires: [consent]", MAIL, "disclosure.condition"),
    ("disclosure", f"{MAIL}, is_sale: false", f"{MAIL}, is_sale: true", "disclosure.sale"),
    ("disclosure", f"{MAIL}, default: off_until_opt_in", f"{MAIL}, default: on_until_opt_out", "choice.default"),
    ("commitment", "modality: will, promises: notify_breach", "modality: will", "disclosure.rule"),
    (
        "commitment",
        "modality: will, promises: notify_breach",
        "modality: may, promises: notify_breach",
        "wording.force",
    ),
    ("cookie", "set_by: company", "set_by: others", "tracker.third_party"),
    ("cookie", "linkage: not_tied", "technology: [cookie]", "tracker.commitment"),
    ("signal", "name: gpc, response: honoured", "name: gpc, response: varies", "signal.response"),
    ("choice", "kind: opt_out", "kind: none", "choice.default"),
    ("choice", "kind: opt_in", "kind: opt_out", "choice.default"),
    ("right", "kind: [access, delete]", "kind: [access]", "right.set"),
    (
        "retention",
        f"{RETENTION}, period: {{value: 2, unit: year}}, bound: fixed",
        f"{RETENTION}, period: {{value: 3, unit: year}}, bound: fixed",
        "retention.period",
    ),
    (
        "retention",
        f"{RETENTION}, period: {{value: 1, unit: year}}, bound: fixed",
        f"{RETENTION}, period: {{value: 13, unit: month}}, bound: fixed",
        "retention.period",
    ),
    (
        "retention",
        f"{RETENTION}, period: {{value: 30, unit: day}}, bound: fixed",
        f"{RETENTION}, period: {{value: 1, unit: month}}, bound: fixed",
        "retention.period",
    ),
    ("retention", f"{RETENTION}, period: {{value: 2, unit: year}}, bound: fixed", RETENTION, "retention.bound"),
    ("retention", f"{RETENTION}, period: {{value: 2, unit: year}}", RETENTION, "retention.period"),
    (
        "retention",
        f"{RETENTION}, none_kept: true",
        f"{RETENTION}, period: {{value: 1, unit: month}}, bound: fixed",
        "retention.period",
    ),
    (
        "retention",
        f"{RETENTION}, period: {{until: [it is used]}}",
        f"{RETENTION}, period: {{until: [it is used, a law asks for it]}}",
        "retention.period",
    ),
    ("security", MEASURE, f"{MEASURE}, extent: certain", "security.measure"),
    ("security", MEASURE, f"{MEASURE}, strength: may", "security.claim"),
    ("scope", "covers: [site, app]", "covers: [site]", "scope.cover"),
    ("notice", f"on: {{severity: material}}, period_days: 20, {WAYS}", f"{NOTICE}, {WAYS}", "notice.period"),
    ("notice", f"{NOTICE}, count: full_days, {WAYS}", f"{NOTICE}, count: at_least, {WAYS}", "notice.period"),
    ("notice", f"on: {{severity: any}}, period_days: 10, {WAYS}", f"{NOTICE}, {WAYS}", "notice.trigger"),
    (
        "notice",
        f"{NOTICE}, {WAYS}",
        f"on: {{severity: material, scope: [use]}}, period_days: 10, {WAYS}",
        "notice.trigger",
    ),
    ("notice", f"{NOTICE}, {WAYS}", f"{NOTICE}, discretion: true, {WAYS}", "notice.trigger"),
    ("notice", f"{NOTICE}, {WAYS}", NOTICE, "notice.channel"),
    ("notice", f"{NOTICE}, {WAYS.replace('any_of', 'all_of')}", f"{NOTICE}, {WAYS}", "notice.channel"),
    (
        "notice",
        f"{NOTICE}, {WAYS.replace('any_of', 'all_of')}",
        f"{NOTICE}, channels: {{all_of: [{{kind: email}}]}}",
        "notice.channel",
    ),
    (
        "notice",
        f"{NOTICE}, channels: {{any_of: [{{kind: site, for_whole_window: true}}]}}",
        f"{NOTICE}, channels: {{any_of: [{{kind: site}}]}}",
        "notice.channel",
    ),
    (
        "notice",
        f"{NOTICE}, channels: {{any_of: [{{kind: site, places: [home, account]}}]}}",
        f"{NOTICE}, channels: {{any_of: [{{kind: site, places: [home]}}]}}",
        "notice.channel",
    ),
    (
        "notice",
        f"{NOTICE}, acceptance_by_use: false, {WAYS}",
        f"{NOTICE}, acceptance_by_use: true, {WAYS}",
        "acceptance.rule",
    ),
]


def with_practice(folder: Path, kind: str, facts: str) -> Snapshot:
    """The sample policy with one more practice."""
    folder.mkdir()
    write_policy(folder)
    with (folder / "policy/practices/all.yaml").open("a") as stream:
        stream.write(f"- {{id: one.more, type: {kind}, title: One more, {facts}}}\n")
    title, states, text = CLAUSES["contact"]
    (folder / "policy/clauses/contact.md").write_text(clause(title, [*states, "one.more"], text))
    return load_draft(folder / "policy")


def between(tmp_path: Path, kind: str, old: str, new: str) -> Comparison:
    one, two = with_practice(tmp_path / "old", kind, old), with_practice(tmp_path / "new", kind, new)
    return classify(one, two, "2020-01-01", "draft")


@pytest.mark.parametrize(
    ("kind", "better", "worse", "rule"), PAIRS, ids=[f"{each[3]}-{n}" for n, each in enumerate(PAIRS)]
)
def test_what_is_taken_is_material_and_what_is_given_is_for_a_person(
    tmp_path: Path, kind: str, better: str, worse: str, rule: str
) -> None:
    (tmp_path / "forth").mkdir()
    (tmp_path / "back").mkdir()
    forth, back = between(tmp_path / "forth", kind, better, worse), between(tmp_path / "back", kind, worse, better)
    assert forth.severity is Severity.MATERIAL
    assert rule in {each.rule for each in forth.changes if str(each.direction) == "broadens"}
    assert back.severity is Severity.REVIEW
    assert "broadens" not in {str(each.direction) for each in back.changes}


def test_the_same_time_in_other_units_is_for_a_person(tmp_path: Path) -> None:
    months, years = (f"{RETENTION}, period: {{value: {n}, unit: {unit}}}" for n, unit in ((24, "month"), (2, "year")))
    found = between(tmp_path, "retention", months, years)
    assert {(str(each.severity), str(each.direction)) for each in found.changes} == {("review", "neutral")}


def test_either_way_of_any_of_two_is_what_people_may_count_on(tmp_path: Path) -> None:
    found = between(tmp_path, "notice", f"{NOTICE}, {WAYS}", f"{NOTICE}, channels: {{any_of: [{{kind: email}}]}}")
    assert [(each.kind, str(each.severity)) for each in found.changes] == [("notice.channel.removed", "material")]
