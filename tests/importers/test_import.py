"""An existing policy becomes a draft: nothing of it is lost, everything proposed names its sentence, and it loads."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from places import SHARED

from conftest import Cli
from policytrail.errors import SourceError
from policytrail.importers.draft.draft import Draft, draft
from policytrail.importers.draft.write import files, write
from policytrail.importers.extractors.statements import statements
from policytrail.importers.formats.clean import clean
from policytrail.importers.formats.read import read
from policytrail.model.policy import Snapshot
from policytrail.render.shared.markdown import policy_text, to_text
from policytrail.sources.load import load_draft
from policytrail.workspace import Workspace

POLICY = """\
# Acme Privacy Policy

Last updated: May 2, 2023. Acme Widgets Inc. runs this site.

## 1. What we collect

When you register we collect your name, email address and phone number.

- We automatically record your IP address.
- We use cookies to measure how often our site is used.

## 2. Sharing

### With partners

We may share your email address with service providers. We do not sell your personal information.

### In mergers

We transfer your data if Acme is acquired by another company.

## 3. Changes

If we make material changes to this policy, we will notify you by email 30 days before they take effect.

| Data | Kept |
| --- | --- |
| Name | {{ always }} |

## 4. Contact

Write to Acme Widgets Inc., 1 Main Street, Springfield, IL 62701, or privacy@acme.example.
"""


def imported(markdown: str, folder: Path) -> tuple[Draft, Snapshot]:
    made = draft(clean(markdown)[0])
    write(files(made), Workspace(folder))
    return made, load_draft(folder / "policy")


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


@pytest.fixture
def acme(tmp_path: Path) -> tuple[Draft, Snapshot]:
    return imported(POLICY, tmp_path)


def test_sections_and_clauses_have_readable_ids_without_numbers(acme: tuple[Draft, Snapshot]) -> None:
    _, snapshot = acme
    assert [(each.id, each.title, each.clauses) for each in snapshot.policy.sections] == [
        ("introduction", "Introduction", ("introduction",)),
        ("what-we-collect", "1. What we collect", ("what-we-collect",)),
        ("sharing", "2. Sharing", ("sharing/with-partners", "sharing/in-mergers")),
        ("changes", "3. Changes", ("changes",)),
        ("contact", "4. Contact", ("contact",)),
    ]


def test_what_the_text_tells_of_itself_is_taken_and_the_rest_is_asked_for(acme: tuple[Draft, Snapshot]) -> None:
    policy = acme[1].policy
    assert (policy.title, policy.organization.name, policy.organization.legal_name) == (
        "Acme Privacy Policy",
        "Acme",
        "Acme Widgets Inc.",
    )
    assert (policy.last_updated, policy.time_zone) == ("2023-05-02", "America/Chicago")
    assert policy.proposed == ("organization.name", "organization.legal_name", "site_url", "time_zone", "last_updated")


def test_everything_is_proposed_from_a_sentence_of_the_clause_that_states_it(acme: tuple[Draft, Snapshot]) -> None:
    made, snapshot = acme
    assert len(made.proposals) + len(made.unread) > 6
    for proposal in made.proposals:
        assert proposal.fields["quote"] in " ".join(snapshot.clauses[proposal.clause].text.split())


def test_proposals_stand_apart_and_only_the_promise_of_notice_counts(
    acme: tuple[Draft, Snapshot], tmp_path: Path
) -> None:
    made, snapshot = acme
    assert [practice.type for practice in snapshot.practices.values()] == ["notice"]
    assert snapshot.stating("changes.material") == ("changes",)
    waiting = yaml.safe_load((tmp_path / "policy/proposals.yaml").read_text())
    proposed = [entry["practice"]["id"] for entry in waiting if "practice" in entry]
    assert sorted(proposed) == sorted(proposal.id for proposal in made.open)
    assert [entry["unread"] for entry in waiting if "unread" in entry] == [left.quote for left in made.unread]


def test_the_promise_of_notice_is_read_with_its_days(acme: tuple[Draft, Snapshot]) -> None:
    promise = acme[1].promise()
    assert promise is not None
    assert promise.model_dump(include={"period_days", "timing", "on"}, exclude_defaults=True) == {
        "on": {"severity": "material"},
        "period_days": 30,
        "timing": "before_effective",
    }


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "We collect your name and email address.",
            {"type": "collection", "data": ["user.name", "user.contact.email"]},
        ),
        ("We collect information such as your date of birth.", {"type": "collection", "lists": {"data": "open"}}),
        (
            "We never collect precise location.",
            {"type": "commitment", "operations": ["collect"], "modality": "does_not"},
        ),
        (
            "We may use your email address to send newsletters.",
            {"type": "use", "modality": "may", "purposes": ["marketing.communications"]},
        ),
        (
            "We share your data with law enforcement authorities.",
            {"type": "disclosure", "recipients": [{"id": "authorities", "role": "authority"}]},
        ),
        ("We sell your personal information to data brokers.", {"type": "disclosure", "is_sale": True}),
        (
            "We do not sell or rent your personal information to third parties.",
            {"type": "commitment", "operations": ["sell", "rent"]},
        ),
        (
            "Your data may be transferred to the United States under standard contractual clauses.",
            {"countries": ["us"], "transfer_mechanism": "standard_contractual_clauses"},
        ),
        (
            "Our partners set cookies and pixels on our site.",
            {"type": "cookie", "technology": ["cookie", "pixel"], "set_by": "third_party"},
        ),
        ('We do not respond to "Do Not Track" signals.', {"type": "signal", "name": "dnt", "response": "not_honoured"}),
        (
            "You can opt out of marketing emails at any time in your account settings.",
            {"type": "choice", "kind": "opt_out", "timing": "any_time", "mechanisms": [{"kind": "account_setting"}]},
        ),
        ("You may not opt out of service announcements.", {"type": "choice", "kind": "none"}),
        (
            "You have the right to access and delete your personal data within 30 days.",
            {"type": "right", "kind": ["access", "delete"], "deadline": {"value": 30, "unit": "day"}},
        ),
        (
            "We retain your data for two years.",
            {"type": "retention", "period": {"value": 2, "unit": "year"}, "bound": "fixed"},
        ),
        (
            "We keep your information for as long as your account is active.",
            {"type": "retention", "period": {"until": ["your account is active"]}},
        ),
        (
            "We encrypt all data in transit and limit access to it.",
            {"type": "security", "measure": ["encryption", "access_control"]},
        ),
        (
            "We do not knowingly collect data from children under 13.",
            {"type": "commitment", "data": ["user.childrens"], "scope": {"audiences": ["children_under_13"]}},
        ),
        (
            "Contact us at privacy@acme.example or (310) 555-0100.",
            {
                "type": "contact",
                "channels": [
                    {"kind": "email", "value": "privacy@acme.example"},
                    {"kind": "phone", "value": "(310) 555-0100"},
                ],
            },
        ),
    ],
)
def test_each_family_is_read(sentence: str, expected: dict[str, object]) -> None:
    found = [each.fields for each in draft(f"# Policy\n\n{sentence}").proposals]
    assert any(expected.items() <= each.items() for each in found), found


@pytest.mark.parametrize(
    "sentence",
    [
        "You do not need to provide your name.",
        "If you do not want to receive promotional messages, tell us.",
        "We limit access to personal data to contractors who need it.",
        "You may review the personal data that we have collected.",
    ],
)
def test_what_people_do_is_no_promise_of_the_company(sentence: str) -> None:
    found = [each.fields for each in draft(f"# Policy\n\n{sentence}").proposals]
    assert not {"commitment", "disclosure", "collection"} & {each["type"] for each in found}


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("We do not sell your data.", [("commitment", ["user"])]),
        ("We never sell your personal information, such as your name.", [("commitment", ["user"])]),
        ("Most data are not encrypted.", []),
        ("Data are stored without encryption.", []),
        ("You have a right not to be discriminated against when you contact customer support.", []),
        (
            "We never collect your name, but we keep your email address for 2 years.",
            [("commitment", ["user.name"]), ("retention", ["user.contact.email"])],
        ),
    ],
)
def test_no_proposal_says_the_opposite_or_less_than_its_sentence(
    sentence: str, said: list[tuple[str, list[str]]]
) -> None:
    found = draft(f"# P\n\n{sentence}")
    assert [(one.fields["type"], one.fields["data"]) for one in found.proposals] == said
    assert bool(found.unread) is not bool(said)


def test_no_two_proposals_are_alike() -> None:
    found = draft("# P\n\nWe collect your name. We collect your name.\n")
    assert len(found.proposals) == 1


def test_a_sentence_that_nobody_recognizes_is_listed_as_unread() -> None:
    made = draft("# Policy\n\nWe must never frobnicate the gizmo.")
    assert (made.proposals, [left.quote for left in made.unread]) == ((), ["We must never frobnicate the gizmo."])


def test_a_list_is_read_with_the_words_that_open_it() -> None:
    (only,) = statements("We collect:\n\n- your name\n- your phone number\n")
    assert only.quote == "We collect: - your name - your phone number"
    assert [
        each.fields["data"] for each in draft("# P\n\nWe collect:\n\n- your name\n- your phone number").proposals
    ] == [["user.name", "user.contact.phone_number"]]


def test_what_was_guessed_of_the_company_blocks_and_proposals_do_not(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "acme.md").write_text(POLICY)
    folder = tmp_path / "new"
    assert cli("import", str(tmp_path / "acme.md"), "--into", str(folder)).exit_code == 0
    result = Cli(folder)("check", "--format", "json")
    report = json.loads(result.stdout)
    assert (result.exit_code, report["problems"]) == (3, [])
    assert any("site_url is to be filled in" in each for each in report["blocks"])
    assert all(block.startswith("policy/policy.yaml: ") for block in report["blocks"])


def test_json_says_what_was_made_and_nothing_else_is_on_standard_output(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "acme.md").write_text(POLICY)
    result = cli("import", str(tmp_path / "acme.md"), "--into", str(tmp_path), "--format", "json", "--dry-run")
    made = json.loads(result.stdout)
    assert made["written"] is False and not (tmp_path / "policy").exists()
    assert "policy/clauses/sharing/with-partners.md" in made["files"]
    assert {each["clause"] for each in made["practices"]} == {"changes"}
    assert {each["clause"] for each in made["proposals"]} >= {"what-we-collect", "sharing/with-partners"}
    assert "what-we-collect" in result.stderr


def test_an_existing_policy_is_never_overwritten(cli: Cli, repo: Path) -> None:
    (repo / "acme.md").write_text(POLICY)
    before = {each: each.read_bytes() for each in sorted((repo / "policy").rglob("*")) if each.is_file()}
    result = cli("import", "acme.md")
    assert result.exit_code == 1
    assert "never overwrites" in result.stderr and "--into" in result.stderr
    assert {each: each.read_bytes() for each in sorted((repo / "policy").rglob("*")) if each.is_file()} == before


def test_an_empty_folder_is_filled_and_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a" / "policy").mkdir(parents=True)
    imported(POLICY, tmp_path / "a")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "policy").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SourceError, match="never overwrites"):
        imported(POLICY, tmp_path / "b")


def test_what_would_not_load_leaves_nothing_behind(tmp_path: Path) -> None:
    written = files(draft(POLICY)) | {"practices/broken.yaml": "- id: x\n"}
    with pytest.raises(SourceError):
        write(written, Workspace(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_links_in_headings_are_named_when_they_go() -> None:
    made = draft("# P\n\n## See [our site](https://x.example/a)\n\nText stands here.")
    assert any("https://x.example/a" in each for each in made.remarks)


blocks = st.sampled_from(
    [
        "# Acme Privacy Policy",
        "# Top",
        "## 1. First part",
        "## Part",
        "### Below",
        "#### Deeper *one*",
        "**Bold heading**",
        "Under\n-----",
        "Plain words with a [link](https://x.example/a) and `code`.",
        "- one\n- two\n  - three",
        "1. first\n2. second",
        "| a | b |\n| --- | --- |\n| c | d |",
        "> quoted words",
        "Braces {{ like }} {% these %} and {# those #}.",
        "```\n# no heading {{ x }}\n```",
        "We collect your name and share it with partners.",
        "A & B <c> &amp; *d* \\# e",
        "See [x](ftp://a.example/b) <br> or `<i>`",
        "Part",
        "no: yes",
        "'quote' \"double\" # hash",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(blocks, min_size=1, max_size=9))
@example(
    [
        "## 1. First part",
        "### Below",
        "## 1. First part",
        "# Acme Privacy Policy",
        "## 1. First part",
        "### Below",
        "## 1. First part",
    ]
)
@example(["1. first\n2. second", "# Acme Privacy Policy", "1. first\n2. second"])
def test_no_word_is_lost_and_none_comes(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    text = "\n\n".join([*parts, "The end."])
    made, snapshot = imported(text, tmp_path_factory.mktemp("import"))
    before, after = words(to_text(text)), words(policy_text(snapshot))
    assert before - after == Counter()
    own = words("Introduction Introduction") + (words("Privacy policy") if made.outline.title is None else Counter())
    assert after - before <= own


def test_every_format_gives_the_same_words(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_heading("Acme Privacy Policy", 0)
    document.add_heading("What we collect", 1)
    document.add_paragraph("We collect your name and email address.")
    for item in ("for newsletters", "for support"):
        document.add_paragraph(item, style="List Bullet")
    table = document.add_table(2, 2)
    for cell, text in zip(
        (each for row in table.rows for each in row.cells), ("Data", "Kept", "Name", "Two years"), strict=True
    ):
        cell.text = text
    document.save(str(tmp_path / "p.docx"))
    page = (
        "<nav>Menu</nav><h1>Acme Privacy Policy</h1><h2>What we collect</h2><p>We collect your name and email address.</p>"
        "<ul><li>for newsletters<li>for support</ul><table><tr><th>Data<th>Kept<tr><td>Name<td>Two years</table><script>x</script>"
    )
    (tmp_path / "p.html").write_text(page)
    seen = []
    for name in ("p.docx", "p.html"):
        made, snapshot = imported(read(tmp_path / name).markdown, tmp_path / name.replace(".", "-"))
        seen.append((made.outline, policy_text(snapshot)))
        assert "- for newsletters" in snapshot.clauses["what-we-collect"].text
        assert "| Name | Two years |" in snapshot.clauses["what-we-collect"].text
    assert seen[0] == seen[1]


def test_the_real_policy_without_heading_marks(tmp_path: Path) -> None:
    path = SHARED / "seed" / "stamps-2014-01-01.txt"
    if not path.exists():
        pytest.skip(f"{path.name} isn't here: set POLICYTRAIL_SHARED to the folder that holds seed/")
    text = clean(read(path).markdown)[0]
    made, snapshot = imported(text, tmp_path)
    assert made.outline.title == "Stamps.com - Privacy Policy"
    assert [len(each.clauses) for each in snapshot.policy.sections] == [1] * 10
    ids = [each.id for each in snapshot.policy.sections]
    assert ids[0] == "introduction" and ids[-1] == "truste-privacy-program"
    assert {"changes-to-this-privacy-policy", "questions-and-suggestions", "access-and-data-retention"} <= set(ids)
    assert words(to_text(text)) - words(policy_text(snapshot)) == Counter()
    assert made.about.fields["last_updated"] == "2014-01-01"
    promise = snapshot.promise()
    assert promise is not None and getattr(promise, "period_days", None) == 30
    types = Counter(proposal.fields["type"] for proposal in made.proposals)
    assert all(
        types[each]
        for each in (
            "collection",
            "use",
            "disclosure",
            "commitment",
            "cookie",
            "signal",
            "choice",
            "right",
            "retention",
            "security",
            "notice",
            "contact",
        )
    )


def test_a_field_that_is_only_proposed_blocks_a_release(repo: Path, cli: Cli) -> None:
    policy = repo / "policy" / "policy.yaml"
    policy.write_text(policy.read_text().replace("regimes: [promise]", "regimes: [promise]\nproposed: [time_zone]"))
    result = cli("release", "--effective", "2020-01-01", "--as-of", "2020-01-01")
    assert result.exit_code == 3 and "time_zone is to be filled in" in result.stderr


@pytest.mark.slow
def test_a_text_of_very_many_practices_still_loads(tmp_path: Path) -> None:
    sentence = (
        "We collect your name, email address, phone number and location to provide our services to you every day. "
    )
    kept = [f"We keep it for {days} days. " for days in range(1, 21)]
    parts = [f"## Part {number}\n\n{sentence}{''.join(kept)}" for number in range(80)]
    made, snapshot = imported("# Policy\n\n" + "\n\n".join(parts), tmp_path)
    waiting = yaml.safe_load((tmp_path / "policy/proposals.yaml").read_text())
    assert len(waiting) == len(made.proposals) >= 1600 and snapshot.practices == {}


def test_tables_inside_tables_are_read_once() -> None:
    """Old pages are laid out in tables within tables; each level would double the text of those inside."""
    from policytrail.importers.formats.read import FORMATS

    page = "<p>We keep your data.</p>"
    for level in range(30):
        page = f"<table><tr><td>Level {level}.</td><td>{page}</td></tr></table>"
    read = FORMATS[".html"]("p.html", f"<h1>Policy</h1>{page}".encode()).markdown
    assert read.count("We keep your data.") == 1 and all(read.count(f"Level {level}.") == 1 for level in range(30))
