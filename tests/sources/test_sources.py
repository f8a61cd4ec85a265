"""Sources: every kind of bad input is one clear sentence at file:line, and all are reported at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import clause, edit, write_policy

from policytrail.errors import SourceError
from policytrail.sources.load import load_draft
from policytrail.storage.yaml_reader import load_yaml


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_policy(tmp_path)


def problems(root: Path) -> list[str]:
    with pytest.raises(SourceError) as caught:
        load_draft(root / "policy")
    return [str(each) for each in caught.value.problems]


def test_sound_sources_become_a_snapshot(root: Path) -> None:
    draft = load_draft(root / "policy")
    assert list(draft.clauses) == [
        "collection/registration",
        "sharing/promise",
        "sharing/processors",
        "changes/notice",
        "contact",
    ]
    assert draft.clauses["collection/registration"].text == "When you register we ask for your name and email address."
    assert "for 30 days before" in draft.clauses["changes/notice"].text
    assert draft.promise() is draft.practices["changes.material"]


BAD = [
    (
        "practices/all.yaml",
        "  source: [given]",
        "  sorce: [given]",
        "policy/practices/all.yaml:6: 'sorce' is no field here. Did you mean 'source'?",
    ),
    (
        "practices/all.yaml",
        "id: contact.office",
        "id: sharing.rule",
        "The id 'sharing.rule' is taken already (policy/practices/all.yaml:7).",
    ),
    (
        "practices/all.yaml",
        "  type: commitment",
        "  type: vow",
        "policy/practices/all.yaml:7: The 'type' of this practice is missing or unknown.",
    ),
    (
        "practices/all.yaml",
        "  modality: may",
        "  modality: perhaps",
        "policy/practices/all.yaml:17: 'modality' can't be 'perhaps'.",
    ),
    (
        "practices/all.yaml",
        "user.contact.email]\n  purposes",
        "user.contact.emale]\n  purposes",
        "policy/practices/all.yaml:4: 'user.contact.emale' under 'data' is no known key. Did you mean 'user.contact.email'?",
    ),
    (
        "practices/all.yaml",
        "id: mail_provider",
        "id: postman",
        "policy/practices/all.yaml:19: 'postman' under 'recipients' is no known key. Declare it in policy/recipients.yaml.",
    ),
    (
        "practices/all.yaml",
        "  exception_to: sharing.rule\n",
        "",
        "policy/practices/all.yaml:13: The exception 'sharing.processors' doesn't name this rule.",
    ),
    (
        "practices/all.yaml",
        "  exceptions: [sharing.processors]\n",
        "",
        "The rule 'sharing.rule' doesn't list this exception.",
    ),
    (
        "practices/all.yaml",
        "- id: sharing.rule\n  type: commitment",
        "- id: sharing.rule\n  id: sharing.rule\n  type: commitment",
        "policy/practices/all.yaml:8: The key 'id' stands here again (first on line 7).",
    ),
    ("practices/all.yaml", "[user.name, ", "[user.name, [", "policy/practices/all.yaml:5: This isn't valid YAML"),
    (
        "practices/all.yaml",
        "data: [user]",
        "data: &all [user]",
        "policy/practices/all.yaml:12: Anchors (&all) aren't allowed.",
    ),
    (
        "practices/all.yaml",
        "data: [user]",
        "data: !!python/object/apply:os.system [ls]",
        "policy/practices/all.yaml:12: The tag tag:yaml.org,2002:python/object/apply:os.system isn't allowed.",
    ),
    (
        "policy.yaml",
        "last_updated: 2020-01-01",
        "last_updated: 2020-02-31",
        "policy/policy.yaml:9: 'last_updated': '2020-02-31' is no day of the calendar; write a real date as YYYY-MM-DD.",
    ),
    (
        "policy.yaml",
        "time_zone: America/Los_Angeles",
        "time_zone: Pacific/Springfield",
        "policy/policy.yaml:8: 'time_zone': 'Pacific/Springfield' is no time zone",
    ),
    (
        "policy.yaml",
        "site_url: https://policy.post.example/",
        "site_url: javascript:alert(1)",
        "policy/policy.yaml:7: 'site_url' can't be 'javascript:alert(1)'.",
    ),
    (
        "policy.yaml",
        "clauses: [changes/notice, contact]",
        "clauses: [changes/notice]",
        "policy/clauses/contact.md:3: The clause 'contact' stands in no section.",
    ),
    (
        "policy.yaml",
        "clauses: [changes/notice, contact]",
        "clauses: [changes/notise, contact]",
        "policy/policy.yaml:20: There is no clause 'changes/notise'. Did you mean 'changes/notice'?",
    ),
    (
        "clauses/contact.md",
        "states: [contact.office]",
        "states: [contact.ofice]",
        "policy/clauses/contact.md:3: The clause 'contact' states 'contact.ofice', but there is no such practice. Did you mean 'contact.office'?",
    ),
    (
        "clauses/contact.md",
        "states: [contact.office]",
        "states: []",
        "policy/practices/all.yaml:31: No clause states the practice 'contact.office'.",
    ),
    ("clauses/contact.md", "---\ntitle", "title", "policy/clauses/contact.md:1: This clause has no front matter."),
    (
        "clauses/contact.md",
        "{{ organization.email }}",
        "{{ organization.mail }}",
        "policy/clauses/contact.md:5: The template can't be filled in: there is nothing called 'mail' here.",
    ),
    (
        "clauses/contact.md",
        "{{ organization.email }}",
        "{{ organization.email",
        "policy/clauses/contact.md:5: The template can't be read",
    ),
    (
        "clauses/contact.md",
        "{{ organization.email }}",
        "{{ organization.email | shout }}",
        "policy/clauses/contact.md:5: The",
    ),
    (
        "clauses/contact.md",
        "{{ organization.email }}",
        "{{ ''.__class__.__mro__ }}",
        "policy/clauses/contact.md:5: The template can't be filled in",
    ),
    (
        "clauses/contact.md",
        "{{ organization.email }}",
        "{% for a in range(99999) %}x{% endfor %}",
        "policy/clauses/contact.md:5: A loop goes over one list, without conditions.",
    ),
    (
        "clauses/contact.md",
        "{{ organization.email }}",
        "{{ 'x' * 1000000000 }}",
        "policy/clauses/contact.md:5: 'mul' isn't allowed in clause text.",
    ),
    (
        "clauses/contact.md",
        "{{ organization.email }}",
        "{% set a = 1 %}",
        "policy/clauses/contact.md:5: 'assign' isn't allowed in clause text.",
    ),
    (
        "clauses/contact.md",
        "Write to",
        "Write\u202e to",
        "policy/clauses/contact.md:5: An invisible character stands here: U+202E (right-to-left override).",
    ),
    ("clauses/contact.md", "Write to", "Write\u200b to", "U+200B (zero width space)"),
    ("clauses/contact.md", "Write to", "Cafe\u0301 to", "This line is spelt with decomposed characters."),
    (
        "vocabulary.yaml",
        "user.behavior.x_parcels",
        "parcels.sent",
        "policy/vocabulary.yaml:4: The key 'parcels.sent' hangs below no key that exists.",
    ),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"), BAD, ids=[f"{each[0]}-{number}" for number, each in enumerate(BAD)]
)
def test_bad_source_is_named_with_file_and_line(root: Path, name: str, old: str, new: str, expected: str) -> None:
    edit(root, name, old, new)
    found = problems(root)
    assert any(expected in each for each in found), found
    assert all(each.startswith("policy/") for each in found)


def test_all_problems_are_reported_at_once(root: Path) -> None:
    edit(root, "policy.yaml", "last_updated: 2020-01-01", "last_updated: yesterday")
    edit(root, "practices/all.yaml", "  modality: may", "  modality: perhaps")
    edit(root, "clauses/contact.md", "title: Contact", "titel: Contact")
    found = "\n".join(problems(root))
    assert "policy/policy.yaml:9" in found
    assert "policy/practices/all.yaml:17" in found
    assert "policy/clauses/contact.md:2: 'titel' is no field here." in found


@pytest.mark.parametrize(("name", "old", "new"), [each[:3] for each in BAD])
def test_one_mistake_is_one_line(root: Path, name: str, old: str, new: str) -> None:
    edit(root, name, old, new)
    assert len(problems(root)) == 1, problems(root)


@pytest.mark.parametrize("name", ["practices/all.yaml", "recipients.yaml", "vocabulary.yaml", "clauses/contact.md"])
def test_an_unreadable_file_is_one_line(root: Path, name: str) -> None:
    path = root / "policy" / name
    path.write_text(path.read_text().replace("\n", "\n  ]: [\n", 1))
    found = problems(root)
    assert len(found) == 1, found
    assert found[0].startswith(f"policy/{name}:")


def test_a_missing_file_is_named(root: Path) -> None:
    (root / "policy/policy.yaml").unlink()
    assert problems(root)[0].startswith("policy/policy.yaml: This file is missing.")


def test_links_pipes_and_other_encodings_are_refused(root: Path) -> None:
    target = root / "policy/clauses/contact.md"
    content = target.read_bytes()
    target.unlink()
    target.symlink_to("/etc/hostname")
    assert "symbolic link" in problems(root)[0]
    target.unlink()
    os.mkfifo(target)
    assert "isn't a regular file" in problems(root)[0]
    target.unlink()
    target.write_bytes(content.replace(b"Write", b"Wr\xeft"))
    assert problems(root)[0].startswith("policy/clauses/contact.md:5: This file isn't UTF-8 text.")


def test_an_oversized_clause_is_refused(root: Path) -> None:
    (root / "policy/clauses/contact.md").write_text(clause("Contact", ["contact.office"], "word " * 60_000))
    assert "larger than 256 KB" in problems(root)[0]


def test_data_in_text_is_words_and_not_markup(root: Path) -> None:
    edit(root, "policy.yaml", "legal_name: Example Post Ltd.", 'legal_name: "Example *Post* [Ltd]"')
    assert "Example \\*Post\\* \\[Ltd\\]" in load_draft(root / "policy").clauses["contact"].text


def test_deep_nesting_and_huge_numbers_end_in_a_sentence() -> None:
    for text in ("[" * 100_000, "a: " + "9" * 5000 + "\n- b", "{" * 60 + "}" * 60):
        with pytest.raises(SourceError):
            load_yaml("x.yaml", text)


def test_yaml_reads_words_as_words() -> None:
    document = load_yaml("x.yaml", "a: no\nb: 12:30:45\nc: 2014-01-01\nd: 030\ne: 7\nf: 'true'\ng: true\nh:\n")
    assert document.value == {
        "a": "no",
        "b": "12:30:45",
        "c": "2014-01-01",
        "d": "030",
        "e": 7,
        "f": "true",
        "g": True,
        "h": None,
    }


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-999_999, 999_999) | st.text("abc äöü-:#", max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("abcdef", min_size=1, max_size=4), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_yaml_round_trip(value: object) -> None:
    import json

    assert load_yaml("x.yaml", json.dumps(value, ensure_ascii=False)).value == value


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        load_yaml("x.yaml", text)
    except SourceError as error:
        assert str(error).startswith("x.yaml:")
