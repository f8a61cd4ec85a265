"""What machines read of a review holds to what their readers expect: SARIF 2.1.0, JUnit's schemas, GitHub's commands."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from lxml import etree
from samples import edit

from policytrail.check.formats import render
from policytrail.check.review import Review, Unconfirmed
from policytrail.check.run import run
from policytrail.errors import Problem
from policytrail.model.change import Change, Comparison, Consent, Direction, Severity
from policytrail.release.refusals.refusal import Refusal
from policytrail.workspace import Workspace

TEXT = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {"text": {"type": "string", "minLength": 1}},
}


def closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "additionalProperties": False, "properties": properties}


def listed(items: Any, **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items} | more


# What SARIF 2.1.0 (OASIS) and GitHub's code scanning ask of the parts that a review has; nothing else may stand there.
SARIF = closed(
    ["$schema", "version", "runs"],
    **{"$schema": {"type": "string", "pattern": "^https://.*sarif.*2\\.1\\.0.*json$"}},
    version={"const": "2.1.0"},
    runs=listed(
        closed(
            ["tool", "results"],
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            tool=closed(
                ["driver"],
                driver=closed(
                    ["name", "version", "rules"],
                    name={"type": "string", "minLength": 1},
                    version={"type": "string", "minLength": 1},
                    rules=listed(
                        closed(
                            ["id", "shortDescription"],
                            id={"type": "string", "minLength": 1, "maxLength": 255},
                            shortDescription=TEXT
                            | {"properties": {"text": {"type": "string", "minLength": 1, "maxLength": 1024}}},
                            help=TEXT,
                        ),
                        uniqueItems=True,
                    ),
                ),
            ),
            results=listed(
                closed(
                    ["ruleId", "level", "message", "locations"],
                    ruleId={"type": "string", "minLength": 1},
                    level={"enum": ["none", "note", "warning", "error"]},
                    message=TEXT,
                    locations=listed(
                        closed(
                            ["physicalLocation"],
                            physicalLocation=closed(
                                ["artifactLocation", "region"],
                                artifactLocation=closed(
                                    ["uri"],
                                    uri={
                                        "type": "string",
                                        "pattern": r"^(?!/)([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+$",
                                    },
                                ),
                                region=closed(["startLine"], startLine={"type": "integer", "minimum": 1}),
                            ),
                        ),
                        minItems=1,
                        maxItems=1,
                    ),
                    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
                ),
                maxItems=25_000,
            ),
        ),
        minItems=1,
        maxItems=20,
    ),
)

# What Ant's schema asks for, and Jenkins's with it: attributes, order and types.
JUNIT = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:simpleType name="words"><xs:restriction base="xs:token"><xs:minLength value="1"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="moment"><xs:restriction base="xs:dateTime">
    <xs:pattern value="[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"/></xs:restriction></xs:simpleType>
  <xs:complexType name="outcome"><xs:simpleContent><xs:extension base="xs:string">
    <xs:attribute name="message" type="xs:string"/><xs:attribute name="type" type="xs:string" use="required"/>
  </xs:extension></xs:simpleContent></xs:complexType>
  <xs:element name="testsuites"><xs:complexType><xs:sequence>
    <xs:element name="testsuite" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
      <xs:sequence>
        <xs:element name="properties"><xs:complexType/></xs:element>
        <xs:element name="testcase" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
          <xs:choice minOccurs="0"><xs:element name="error" type="outcome"/><xs:element name="failure" type="outcome"/></xs:choice>
          <xs:attribute name="name" type="words" use="required"/><xs:attribute name="classname" type="words" use="required"/>
          <xs:attribute name="time" type="xs:decimal" use="required"/>
        </xs:complexType></xs:element>
        <xs:element name="system-out" type="xs:string"/><xs:element name="system-err" type="xs:string"/>
      </xs:sequence>
      <xs:attribute name="name" type="words" use="required"/><xs:attribute name="timestamp" type="moment" use="required"/>
      <xs:attribute name="hostname" type="words" use="required"/><xs:attribute name="tests" type="xs:int" use="required"/>
      <xs:attribute name="failures" type="xs:int" use="required"/><xs:attribute name="errors" type="xs:int" use="required"/>
      <xs:attribute name="time" type="xs:decimal" use="required"/><xs:attribute name="id" type="xs:int" use="required"/>
      <xs:attribute name="package" type="words" use="required"/>
    </xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>"""


@pytest.fixture
def reviews(released: Path) -> list[Review]:
    """One with nothing, one with changes and rulings, one with marks, one with problems."""
    found = [run(Workspace(released), date(2020, 3, 1))]
    edit(
        released,
        "practices/all.yaml",
        "[user.name, user.contact.email]",
        "[user.name, user.contact.email, user.job_title]",
    )
    edit(released, "clauses/contact.md", "Write to", "You may write to")
    found.append(run(Workspace(released), date(2020, 3, 1)))
    edit(
        released, "practices/all.yaml", "  title: Registration\n", "  title: Registration\n  # CONFIRM: which fields?\n"
    )
    found.append(run(Workspace(released), date(2020, 3, 1)))
    (released / "policy/practices/späte Änderung, 100%.yaml").write_text("- id: [\n")
    return [*found, run(Workspace(released), date(2020, 3, 1))]


def test_every_review_is_sarif(reviews: list[Review]) -> None:
    Draft202012Validator.check_schema(SARIF)
    seen = set()
    for review in reviews:
        log = json.loads(render("sarif", review))
        assert [each.message for each in Draft202012Validator(SARIF).iter_errors(log)] == []
        ruled = {each["id"] for each in log["runs"][0]["tool"]["driver"]["rules"]}
        assert {each["ruleId"] for each in log["runs"][0]["results"]} <= ruled
        seen |= {
            unquote(place["physicalLocation"]["artifactLocation"]["uri"])
            for each in log["runs"][0]["results"]
            for place in each["locations"]
        }
    assert {"policy/practices/späte Änderung, 100%.yaml", "policy/clauses/contact.md"} <= seen


def test_every_review_holds_to_the_schemas_of_junit(reviews: list[Review]) -> None:
    schema = etree.XMLSchema(etree.XML(JUNIT))
    counts = []
    for review in reviews:
        made = etree.XML(render("junit", review).encode())
        schema.assertValid(made)
        counts.append([int(made[0].get(each)) for each in ("tests", "failures", "errors")])
    assert counts == [[1, 0, 0], [3, 1, 0], [3, 1, 0], [1, 0, 1]]


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NASTY = st.one_of(
    ANY,
    st.sampled_from(
        ["\n::error::x", "\r\n::set-output name=a::b", "%0A::error", "a,b:c%", "::", "\x85\u2028::warning::"]
    ),
)


def said(line: str) -> tuple[str, dict[str, str], str]:
    """A line as GitHub's runner reads it: command, properties, message."""
    assert line.startswith("::")
    head, _, data = line[2:].partition("::")
    command, _, listed = head.partition(" ")
    properties = dict(each.split("=", 1) for each in listed.split(",")) if listed else {}
    return command, {name: unescaped(value, ":,") for name, value in properties.items()}, unescaped(data, "")


def unescaped(text: str, more: str) -> str:
    for sign in [*more, "\r", "\n", "%"]:
        text = text.replace(f"%{ord(sign):02X}", sign)
    return text


def crowd(count: int) -> Review:
    """That many rulings, each with a translation that is behind, and as many remarks."""
    waiting = [
        Change(
            f"c{number:08d}",
            "wording.text.changed",
            f"clause:c/{number}",
            f"c/{number}",
            Direction.NEUTRAL,
            Severity.REVIEW,
            "a",
            "b",
            Consent.NONE,
            "a reason",
            "wording.text",
            "a source",
            f"Clause {number}: the wording changes.",
        )
        for number in range(count)
    ]
    comparison = Comparison("2020-01-01", "draft", tuple(waiting), 0)
    blocks = tuple(
        Refusal(each.id, f"{each.id} waits.", "policytrail decide", each, "Bring it up to date") for each in waiting
    )
    marks = tuple(Unconfirmed("policy/policy.yaml", number, "word " * 20) for number in range(count))
    return Review(date(2020, 3, 1), comparison=comparison, blocks=blocks, remarks=marks)


@pytest.mark.parametrize("count", [3, 160, 200, 260, 400])
def test_a_comment_that_is_cut_leaves_nothing_open(count: int) -> None:
    text = render("markdown", crowd(count))
    assert len(text) < 65_536
    assert text.count("```") % 2 == 0
    assert text.count("<details>") == text.count("</details>")
    assert ("Shortened" in text.splitlines()[-1]) == (count > 3)
    if count == 260:  # the table of changes is cut in its middle, not left out
        assert 0 < text.count("| Review - **undecided** |") < count


def test_a_check_that_says_more_than_github_shows_tells_so_first() -> None:
    lines = render("github", crowd(11)).splitlines()
    assert said(lines[0]) == (
        "notice",
        {"title": "More than fits"},
        "This check says 11 warnings; GitHub shows the first 10 of each "
        "beside the files. The log has them all, and so has the comment.",
    )
    assert len([each for each in lines if each.startswith("::warning")]) == 11
    assert "More than fits" not in render("github", crowd(10))


@settings(max_examples=60)
@given(NASTY, NASTY, NASTY)
def test_no_text_can_leave_its_place(path: str, first: str, second: str) -> None:
    """Whatever stands in sources: one command a line for GitHub, with the very text; XML and SARIF stay well-formed."""
    problem, mark = (
        Problem(path or "p", 3, first, second),
        Unconfirmed("policy/policy.yaml", 1, first, second, rule=second or "r"),
    )
    broken = Review(date(2020, 3, 1), problems=(problem,), remarks=(mark,))
    blocked = Review(date(2020, 3, 1), blocks=(Refusal(first, first or "x", second),))
    lines = [render("github", each).removesuffix("\n").split("\n") for each in (broken, blocked)]
    command, properties, message = said(lines[0][0])
    assert (command, message) == ("error", f"{first} {second}".strip())
    assert properties == {"file": path or "p", "line": "3"}
    assert all(said(line)[0] in ("error", "warning", "notice") for each in lines for line in each)
    assert said(lines[1][0]) == ("warning", {"title": "Blocks a release"}, f"{first or 'x'} {second}")
    for review in (broken, blocked):
        etree.XML(render("junit", review).encode())
        json.loads(render("sarif", review))


@given(st.integers(0, 10), st.integers(11, 200))
def test_what_is_settled_alike_is_said_once_and_counted(few: int, many: int) -> None:
    waiting = [Refusal(f"a{each}", f"a{each} waits.", f"rule on a{each}") for each in range(few)]
    proposed = [Refusal(f"p{each}", f"p{each} is only proposed.", "Confirm it.") for each in range(many)]
    lines = render("text", Review(date(2020, 3, 1), blocks=(*waiting, *proposed))).splitlines()
    assert sum("waits" in each for each in lines) == sum("rule on" in each for each in lines) == few
    assert lines.count("    Confirm it.") == 1
    (more,) = [each for each in lines if " more of these; " in each]
    assert sum("is only proposed" in each for each in lines) + int(more.split()[4]) == many
