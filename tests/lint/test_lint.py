"""Lints: each finds what it is for in a real policy, and is silent where nothing is wrong."""

from __future__ import annotations

import csv
import json
import time
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import ROOT, seed
from samples import clause, edit, write_policy

from conftest import Cli
from policytrail.lint.engine import findings, listed
from policytrail.lint.load import lint_draft, look_over
from policytrail.lint.network import answers
from policytrail.lint.rules.registry import Finding
from policytrail.lint.rules.text import grade, sentences, shown, syllables
from policytrail.model.policy import LintOff, Lints
from policytrail.render.shared.markdown import to_text
from policytrail.sources.load import load_draft, read_sources

DAY = date(2020, 6, 1)


def add(root: Path, practice: str, name: str, states: str, text: str) -> None:
    """One more practice, and a clause in the section on sharing that states it."""
    path = root / "policy/practices/all.yaml"
    path.write_text(path.read_text() + practice)
    (root / f"policy/clauses/{name}.md").write_text(clause("Added", [states], text))
    edit(root, "policy.yaml", "sharing/processors]", f"sharing/processors, {name}]")


def found(root: Path) -> list[Finding]:
    return list(look_over(root / "policy", DAY))


def ids(root: Path) -> set[str]:
    return {each.rule for each in found(root)}


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return write_policy(tmp_path / "plain")


def test_a_sound_policy_has_no_finding(tmp_path: Path) -> None:
    assert found(write_policy(tmp_path / "sample")) == []


def test_two_slips_are_found(tmp_path: Path) -> None:
    root = write_policy(tmp_path / "sample")
    edit(root, "practices/all.yaml", "scope: [collection, use, disclosure]", "scope: [collection, use]")
    edit(root, "clauses/contact.md", ", or to {{ organization.address | join(', ') }}", "")
    assert ids(root) == {"contradiction.notice-scope", "text.unsaid"}


# The worked example: the tensions that a careful reader sees in the real policy, found by general rules


def refs(practices: set[str]) -> set[str]:
    known = load_draft(ROOT / "policy").practices
    return {ref for each in practices for ref in known[each].source_refs}


@pytest.mark.parametrize(
    ("lint", "one", "others"),
    [
        ("contradiction.only-when-given", "F010", {"F012", "F031", "F082"}),
        ("contradiction.non-personal", "F033", {"F009"}),
        ("contradiction.not-tied", "F047", {"F045"}),
        ("contradiction.sold-by-default", "F055", {"F064"}),
        ("contradiction.notice-scope", "F124", {"F123"}),
    ],
)
def test_the_tensions_of_the_real_policy_are_found(lint: str, one: str, others: set[str]) -> None:
    said = [each for each in findings(lint_draft(*read_sources(ROOT / "policy"), DAY)) if each.rule == lint]
    assert len(said) == 1
    assert one in refs({said[0].subject}) and others <= refs(set(said[0].others))
    assert said[0].path.startswith("policy/practices/") and said[0].line > 0


def test_the_facts_of_these_tensions_are_those_of_the_real_policy() -> None:
    facts = {row["id"]: row for row in csv.DictReader(seed("facts.csv").open())}
    assert {"F010", "F012", "F031", "F033", "F045", "F047", "F055", "F064", "F082", "F123", "F124"} <= facts.keys()


def test_no_rule_knows_the_real_policy() -> None:
    for path in (ROOT / "src/policytrail/lint").rglob("*.py"):
        text = path.read_text().lower()
        assert "stamps" not in text and "usps" not in text and "sharing.mailings" not in text


# One change each, one lint each

WITH = [
    (
        "contradiction.never-shared",
        "- {id: sharing.brokers, type: disclosure, title: Brokers, modality: may, data: [user.name], recipients: [{id: mail_provider}]}\n",
        "sharing/added",
        "sharing.brokers",
        "Mail providers may get your name.",
    ),
    (
        "contradiction.retention",
        "- {id: keep.a, type: retention, title: A, data: [user], period: {value: 2, unit: year}}\n"
        "- {id: keep.b, type: retention, title: B, data: [user.name], period: {value: 3, unit: year}}\n",
        "sharing/added",
        "keep.a, keep.b",
        "We keep it for 2 years. We keep names for 3 years.",
    ),
    (
        "contradiction.modality",
        "- {id: use.a, type: use, title: A, modality: does_not, data: [user], purposes: [marketing]}\n"
        "- {id: use.b, type: use, title: B, data: [user.name], purposes: [marketing]}\n",
        "sharing/added",
        "use.a, use.b",
        "We do not market. We market.",
    ),
    (
        "contradiction.only-for",
        "- {id: use.a, type: use, title: A, exclusive: true, data: [user], purposes: [essential.service]}\n"
        "- {id: use.b, type: use, title: B, data: [user.name], purposes: [marketing]}\n",
        "sharing/added",
        "use.a, use.b",
        "Only for our service, and we market.",
    ),
    (
        "contradiction.only-when-given",
        "- {id: collect.only, type: collection, title: Only, exclusive: true, data: [user], requires: [voluntary]}\n"
        "- {id: collect.seen, type: collection, title: Seen, data: [user.device.ip_address], source: [observed]}\n",
        "sharing/added",
        "collect.only, collect.seen",
        "Only what you give. We see your IP address.",
    ),
    (
        "exception.no-rule",
        "- {id: about.x, type: assurance, title: X}\n",
        "sharing/added",
        "about.x",
        "We are careful, except on Sundays.",
    ),
    (
        "contact.only-way",
        "- {id: right.see, type: right, title: See, kind: [access], data: [user], mechanisms: [{kind: phone}]}\n",
        "sharing/added",
        "right.see",
        "Call us to see what we have.",
    ),
    (
        "contact.no-channel",
        "- {id: contact.none, type: contact, title: None, entity: Us}\n",
        "sharing/added",
        "contact.none",
        "Ask us.",
    ),
    (
        "choice.no-mechanism",
        "- {id: choice.x, type: choice, title: X, kind: opt_out}\n",
        "sharing/added",
        "choice.x",
        "You can opt out.",
    ),
    (
        "number.unlike-field",
        "- {id: keep.a, type: retention, title: A, data: [user], period: {value: 2, unit: year}}\n",
        "sharing/added",
        "keep.a",
        "We keep it for 2 years, or three years.",
    ),
    (
        "text.unsaid",
        "- {id: keep.b, type: retention, title: A, data: [user], period: {value: 30, unit: day}}\n",
        "sharing/added",
        "keep.b",
        "We keep it for 130 hours.",
    ),
    (
        "text.unsaid",
        "- {id: keep.a, type: retention, title: A, data: [user], period: {value: 2, unit: year}}\n",
        "sharing/added",
        "keep.a",
        "We keep it for some years.",
    ),
    (
        "text.undeclared",
        "- {id: about.x, type: assurance, title: X}\n",
        "sharing/added",
        "about.x",
        "We also read your IP address.",
    ),
    (
        "term.unused",
        "- {id: definition.zebra, type: definition, title: Zebra, term: zebra, meaning: a striped animal}\n",
        "sharing/added",
        "definition.zebra",
        "A zebra is a striped animal.",
    ),
    ("link.no-target", "- {id: link.x, type: link, title: X, kind: advice}\n", "sharing/added", "link.x", "See there."),
    (
        "practice.proposed",
        "- {id: about.x, type: assurance, title: X, proposed: true}\n",
        "sharing/added",
        "about.x",
        "We are careful.",
    ),
]


@pytest.mark.parametrize(
    ("lint", "practice", "name", "states", "text"),
    WITH,
    ids=[f"{each[0]}-{number}" for number, each in enumerate(WITH)],
)
def test_each_lint_finds_what_it_is_for(
    plain: Path, lint: str, practice: str, name: str, states: str, text: str
) -> None:
    add(plain, practice, name, states, text)
    said = [each for each in found(plain) if each.rule == lint]
    assert len(said) == 1, found(plain)
    assert said[0].path.startswith("policy/") and said[0].line > 0 and said[0].message.endswith((".", ")"))


TEXTS = [
    ("wording.vague", "We sell nothing.\n\nWe write from time to time.", 7),
    ("wording.sentence", "Short.\n\nLong it " + "is and " * 41 + "so on.", 7),
    ("link.broken", "See [there](#nowhere).", 5),
    ("link.broken", "See\n[there](https://example.com/x).", 6),
    ("link.broken", "See [there](http://a.org).", 5),
    ("link.broken", "See [there][missing].", 5),
    ("link.broken", "See [there]().", 5),
    ("link.broken", "See [it](/nothing-here/).", 5),
    ("term.undefined", "Your use of the Services counts.", 5),
    ("term.undefined", "We\nkeep your Precise Location Data.", 6),
    ("term.undefined", "We give it to our Subprocessors.", 5),
    ("date.past", "From 1 January 2019 we will change.", 5),
]


@pytest.mark.parametrize(("lint", "text", "line"), TEXTS)
def test_text_is_looked_over_line_by_line(plain: Path, lint: str, text: str, line: int) -> None:
    (plain / "policy/clauses/sharing/promise.md").write_text(clause("Our promise", ["sharing.rule"], text))
    said = [each for each in found(plain) if each.rule == lint]
    assert [(each.path, each.line) for each in said] == [("policy/clauses/sharing/promise.md", line)]


@pytest.mark.parametrize(
    "text",
    [
        "See [there](#sharing/promise), [this](https://a.org/x), [mail](mailto:a@b.org) or [the list](/versions/).",
        "From 1 January 2099 we will change. On 1 January 2019 we moved.",
        "Under our Service Agreement.",
        "Under the General Data Protection Regulation we use Amazon Web Services.",
        "See [there][1].\n\n[1]: https://a.org/x",
    ],
)
def test_sound_text_is_left_alone(plain: Path, text: str) -> None:
    (plain / "policy/clauses/sharing/promise.md").write_text(
        clause("Our promise", ["sharing.rule"], f"We do not sell. {text}")
    )
    assert found(plain) == []


def test_required_statements_by_the_regimes_that_are_named(plain: Path) -> None:
    edit(plain, "policy.yaml", "regimes: [promise]", "regimes: [promise, caloppa, gdpr]")
    missing = {(each.rule, each.subject) for each in found(plain)}
    assert {
        ("required.caloppa", "do-not-track"),
        ("required.caloppa", "choices"),
        ("required.gdpr", "legal-bases"),
        ("required.gdpr", "right-access"),
        ("required.gdpr", "retention"),
        ("required.gdpr", "complaint"),
    } <= missing
    assert (
        not {
            ("required.caloppa", "effective-date"),
            ("required.caloppa", "change-process"),
            ("required.caloppa", "contact"),
            ("required.gdpr", "controller"),
            ("required.gdpr", "purposes"),
        }
        & missing
    )


def test_the_real_policy_has_what_california_asks_for(tmp_path: Path) -> None:
    sources, draft = read_sources(ROOT / "policy")
    policy = draft.policy.model_copy(update={"regimes": ("promise", "caloppa")})
    said = findings(lint_draft(sources, replace(draft, policy=policy), DAY))
    assert [each for each in said if each.rule == "required.caloppa"] == []


@pytest.mark.parametrize(
    ("practice", "states", "text"),
    [
        # Selling is another thing than sharing.
        (
            "- {id: sharing.sale, type: commitment, title: No sale, modality: does_not, operations: [sell, rent], data: [user]}\n",
            "sharing.sale",
            "We do not sell or rent personal information.",
        ),
        # What isn't done here is a way of deciding, no purpose.
        (
            "- {id: use.machines, type: use, title: No machines, modality: does_not, automated_decision: false, data: [user]}\n"
            "- {id: use.orders, type: use, title: Orders, data: [user.name], purposes: [essential.service]}\n",
            "use.machines, use.orders",
            "No machine decides about you. We use your name for orders.",
        ),
        (
            "- {id: keep.a, type: retention, title: A, data: [user], period: {value: 30, unit: day}}\n",
            "keep.a",
            "We keep it for 30 full days.",
        ),
        (
            "- {id: keep.a, type: retention, title: A, data: [user], purposes: [marketing], period: {value: 2, unit: year}}\n"
            "- {id: keep.b, type: retention, title: B, data: [user], purposes: [essential.service], period: {value: 3, unit: year}}\n",
            "keep.a, keep.b",
            "For marketing we keep it for 2 years, else for 3 years.",
        ),
    ],
)
def test_practices_that_agree_are_left_alone(plain: Path, practice: str, states: str, text: str) -> None:
    add(plain, practice, "sharing/added", states, text)
    assert found(plain) == []


# Switching off


def test_a_lint_is_switched_off_with_a_reason(plain: Path) -> None:
    edit(plain, "clauses/sharing/promise.md", "We do not", "From time to time we do not")
    edit(plain, "clauses/contact.md", "Write to", "From time to time, write to")
    assert len([each for each in found(plain) if each.rule == "wording.vague"]) == 2
    edit(
        plain,
        "policy.yaml",
        "regimes:",
        "lints: {off: [{id: wording.vague, at: [contact], reason: our voice}]}\nregimes:",
    )
    assert [each.subject for each in found(plain) if each.rule == "wording.vague"] == ["sharing/promise"]
    edit(plain, "policy.yaml", "at: [contact], ", "")
    assert found(plain) == []


HARD = "Notwithstanding aforementioned considerations, organizational responsibilities necessitate documentation. " * 12
TENSIONS = (
    "contradiction.only-when-given",
    "contradiction.non-personal",
    "contradiction.not-tied",
    "contradiction.sold-by-default",
    "contradiction.notice-scope",
)


def slip(root: Path, lint: str) -> Path:
    """A policy that the lint has something to say about."""
    texts = {each: text for each, text, _ in TEXTS} | {
        "wording.grade": HARD,
        "link.dead": "See [this](https://a.org/gone).",
    }
    cases = {each[0]: each[1:] for each in WITH}
    if lint in TENSIONS:
        return ROOT
    if lint in texts:
        (root / "policy/clauses/sharing/promise.md").write_text(clause("Our promise", ["sharing.rule"], texts[lint]))
    elif lint in cases:
        add(root, *cases[lint])
    elif lint.startswith("required."):
        edit(root, "policy.yaml", "regimes: [promise]", f"regimes: [promise, {lint.removeprefix('required.')}]")
    elif lint == "date.review":
        edit(root, "policy.yaml", "regimes: [promise]", "regimes: [promise, ccpa]")
        edit(root, "policy.yaml", "last_updated: 2020-01-01", "last_updated: 2018-01-01")
    return root


@pytest.mark.parametrize("lint", [each.id for each in listed()])
def test_every_lint_can_be_switched_off_with_a_reason(plain: Path, lint: str) -> None:
    sources, snapshot = read_sources(slip(plain, lint) / "policy")
    draft = replace(lint_draft(sources, snapshot, DAY), dead={"https://a.org/gone": "answers with status 404"})

    def said(*off: LintOff) -> list[Finding]:
        policy = snapshot.policy.model_copy(update={"lints": Lints(off=off)})
        return [
            each for each in findings(replace(draft, snapshot=replace(snapshot, policy=policy))) if each.rule == lint
        ]

    useless = (LintOff(id="date.past", reason="none"),) if lint == "lint.off" else ()  # something for it to speak of
    before = said(*useless)
    assert before
    assert said(*useless, LintOff(id=lint, reason="ours")) == []
    assert said(*useless, LintOff(id=lint, reason="ours", at=tuple({each.subject for each in before}))) == []
    elsewhere = said(*useless, LintOff(id=lint, reason="ours", at=("no.such_place",)))
    assert [each for each in elsewhere if each.subject != lint] == [each for each in before if each.subject != lint]


class Host(BaseHTTPRequestHandler):
    """Answers by path: /200, /404, /500, /403; /nohead knows GET only; /slow never ends."""

    asked: ClassVar[list[tuple[str, str, str]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.command, self.path, self.headers["User-Agent"]))
        if self.path == "/slow":
            time.sleep(1.5)
        known = self.path.strip("/")
        self.send_response(int(known) if known.isdigit() else 404 if self.command == "HEAD" else 200)
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_addresses_are_asked_politely_and_judged_carefully() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        urls = [f"{base}/{each}" for each in ("200", "404", "500", "403", "nohead", "slow", "200", "200#part")]
        begun = time.monotonic()
        said = answers([*urls, "http://127.0.0.1:1/"], seconds=0.3, pause=0.02, allowed={"127.0.0.1"})
        assert time.monotonic() - begun > 0.02 * 6
        server.shutdown()
    assert said == {
        f"{base}/404": "answers with status 404",
        f"{base}/500": "answers with status 500",
        f"{base}/slow": "doesn't answer (too slow)",
        "http://127.0.0.1:1/": said["http://127.0.0.1:1/"],
    }
    assert "refused" in said["http://127.0.0.1:1/"]
    assert [each[:2] for each in Host.asked if each[1] == "/nohead"] == [("HEAD", "/nohead"), ("GET", "/nohead")]
    assert len([each for each in Host.asked if each[1] == "/200"]) == 2  # the address twice, and its part
    assert all("policytrail" in each[2] for each in Host.asked)


def test_nothing_is_asked_unless_somebody_says_so(repo: Path, cli: Cli) -> None:
    edit(repo, "clauses/sharing/promise.md", "We do not sell", "See [this](https://127.0.0.1:1/x). We do not sell")
    edit(
        repo,
        "policy.yaml",
        "regimes:",
        "lints: {off: [{id: link.dead, reason: behind a login, at: [contact]}]}\nregimes:",
    )
    assert cli("lint").output == "No finding.\n"
    for allowed, why in (((), "isn't asked: 127.0.0.1 stands at"), (("--allow-host", "127.0.0.1"), "doesn't answer (")):
        found = cli("lint", "--network", *allowed, "--format", "json")
        said = {each["lint"]: each["message"] for each in json.loads(found.stdout)["findings"]}
        assert said.keys() == {"link.dead", "lint.off"}
        assert said["link.dead"].startswith(f"https://127.0.0.1:1/x {why}")


def test_switching_off_needs_a_reason_and_a_lint(plain: Path, cli: Cli, repo: Path) -> None:
    edit(
        plain,
        "policy.yaml",
        "regimes:",
        "lints: {off: [{id: wording.vage, reason: typing}, {id: date.past, reason: none}]}\nregimes:",
    )
    assert [each.message for each in found(plain)] == [
        "date.past is switched off, but would say nothing any more.",
        "lints.off names 'wording.vage', which is no lint.",
    ]
    assert ids(plain) == {"lint.off"}
    edit(repo, "policy.yaml", "regimes:", "lints: {off: [{id: date.past}]}\nregimes:")
    result = cli("lint")
    assert result.exit_code == 1
    assert result.output == "policy/policy.yaml:10: The field 'lints.off.reason' is missing. Add it.\n"


def test_reasons_are_no_part_of_what_the_policy_says(released: Path, cli: Cli) -> None:
    edit(released, "policy.yaml", "regimes:", "lints: {off: [{id: date.past, reason: none}]}\nregimes:")
    assert json.loads(cli("diff", "2020-01-01", "draft", "--format", "json").stdout)["changes"] == []


# The command


def test_command_and_check(repo: Path, cli: Cli) -> None:
    edit(repo, "clauses/sharing/promise.md", "We do not", "From time to time we do not")
    result = cli("lint", "--format", "json")
    assert result.exit_code == 0
    (said,) = json.loads(result.stdout)["findings"]
    assert (said["path"], said["line"], said["lint"]) == ("policy/clauses/sharing/promise.md", 5, "wording.vague")
    assert "policy/clauses/sharing/promise.md:5: " in cli("lint").stdout
    assert cli("lint", "--strict").exit_code == 1
    assert cli("check").exit_code == 0 and cli("check", "--strict").exit_code == 1
    assert [each["rule"] for each in json.loads(cli("check", "--format", "json").stdout)["remarks"]] == [
        "wording.vague"
    ]
    assert (
        "::warning file=policy/clauses/sharing/promise.md,line=5,title=wording.vague::"
        in cli("check", "--format", "github").stdout
    )
    assert "1 remark" in cli("check", "--format", "markdown").stdout


def test_every_lint_is_documented_and_tested(cli: Cli) -> None:
    shown = cli("lint", "--list").stdout
    page = (ROOT / "docs/lints.md").read_text()
    tests = Path(__file__).read_text()
    for each in listed():
        assert (
            f"\n{each.id} " in "\n" + shown
            and f"\n- `{each.id}`: {each.about}{f' ({each.source})' if each.source else ''}\n" in page
        )
        assert each.id in tests


# Reading


def test_date_review_asks_yearly_under_ccpa(plain: Path) -> None:
    edit(plain, "policy.yaml", "regimes: [promise]", "regimes: [promise, ccpa]")
    assert "date.review" not in ids(plain)
    edit(plain, "policy.yaml", "last_updated: 2020-01-01", "last_updated: 2018-01-01")
    assert "date.review" in ids(plain)


def test_wording_grade_speaks_of_hard_text_only(plain: Path) -> None:
    hard = (
        "Notwithstanding aforementioned considerations, organizational responsibilities regarding informational confidentiality necessitate comprehensive documentation. "
        * 8
    )
    (plain / "policy/clauses/sharing/promise.md").write_text(clause("Our promise", ["sharing.rule"], hard))
    assert {each.subject for each in found(plain) if each.rule == "wording.grade"} == {"policy", "sharing/promise"}


LINES = st.sampled_from(
    [
        "",
        "We sell (nothing).",
        "It's 30% off",
        "a",
        "Note: see",
        "no-one",
        "x ",
        "  y",
        "- item",
        "1. one",
        "> q",
        "# h",
        "===",
        "---",
        "a*b*",
        "b  ",
        "c\\",
        "We\u2019re \u201cus\u201d",
        "$5/day",
        "30 days",
        "a | b",
        "https://a.org",
        "<b>",
        "&amp;",
    ]
)


@given(st.lists(LINES, max_size=7).map("\n".join))
def test_plain_words_read_as_the_renderer_shows_them(text: str) -> None:
    assert shown(text) == to_text(text)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("data", 2),
        ("we", 1),
        ("the", 1),
        ("share", 1),
        ("information", 4),
        ("privacy", 3),
        ("used", 1),
        ("needed", 2),
        ("table", 2),
        ("cookies", 2),
        ("services", 3),
        ("email", 2),
        ("people", 2),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_grade_of_known_texts() -> None:
    assert grade(["The cat sat on the mat."]) < 1
    assert 9 < grade(["The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."]) < 14
    assert grade([]) == 0.0


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert grade(sentences(text)) < 10_000
