"""check as a reviewer: every format says what is wrong, what changed, what to decide, from when; and it is fast and honest."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from places import ROOT
from samples import commit, edit

from conftest import Cli
from policytrail.check.formats import FORMATS, render
from policytrail.check.run import run
from policytrail.render.shared.markdown import to_html
from policytrail.workspace import Workspace

ALL = "practices/all.yaml"
MATERIAL = (ALL, "[user.name, user.contact.email]", "[user.name, user.contact.email, user.job_title]")
REVIEW = ("clauses/contact.md", "Write to", "You may write to")
DAY = ("--as-of", "2020-03-01")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def changed(released: Path) -> Path:
    """A material change and one that waits for a ruling."""
    edit(released, *MATERIAL)
    edit(released, *REVIEW)
    return released


def waiting(cli: Cli) -> str:
    found = json.loads(cli("check", "--format", "json", *DAY).stdout)["comparison"]["changes"]
    return str(next(each["id"] for each in found if each["undecided"]))


def test_each_outcome_has_its_exit_status(released: Path, cli: Cli) -> None:
    assert cli("check").exit_code == 0
    edit(released, *REVIEW)
    assert cli("check").exit_code == 3
    assert cli("check", "--problems-only").exit_code == 0
    edit(released, "policy.yaml", "time_zone:", "time_zome:")
    assert cli("check").exit_code == 1
    assert cli("check", "--problems-only").exit_code == 1
    assert cli("check", "--report", "word=x").exit_code == 2


def test_the_dates_are_those_that_a_release_would_hold_to(changed: Path, cli: Cli) -> None:
    found = json.loads(cli("check", "--format", "json", *DAY).stdout)
    assert found["earliest_effective"] == "2020-04-01"
    said = cli("decide", waiting(cli), "review", "--reason", "the same in other words", "--by", "Ada").stderr
    assert "Commit policy/decisions.yaml" in said  # check goes by the files, release by what is committed
    commit(changed)
    for day, code in (("2020-03-31", 3), ("2020-04-01", 0)):
        assert cli("release", "--effective", day, *DAY).exit_code == code, day


def test_an_open_ruling_is_told_with_its_worst_date(released: Path, cli: Cli) -> None:
    edit(released, *REVIEW)
    found = json.loads(cli("check", "--format", "json", *DAY).stdout)
    assert (found["earliest_effective"], found["earliest_effective_if_material"]) == ("2020-03-01", "2020-04-01")
    assert "from 2020-04-01 (1 April 2020) if an open ruling comes out material" in cli("check", *DAY).stdout


def test_the_command_that_it_names_settles_it(released: Path, cli: Cli) -> None:
    edit(released, *REVIEW)
    (settle,) = (each["settle"] for each in json.loads(cli("check", "--format", "json").stdout)["to_settle"])
    words = settle.replace("SEVERITY", "editorial").replace('"WHY"', "same").replace('"YOUR NAME"', "Ada").split()
    assert words[0] == "policytrail"
    assert cli(*words[1:]).exit_code == 0
    assert cli("check").exit_code == 0


def test_the_comment_has_everything_a_reviewer_needs(changed: Path, cli: Cli) -> None:
    text = cli("check", "--format", "markdown", *DAY).stdout
    assert text.startswith("<!-- policytrail -->\n## Policy check: 1 thing to settle before a release\n")
    assert "**1 April 2020**: `policytrail release --effective 2020-04-01`" in text
    assert f'policytrail decide {waiting(cli)} SEVERITY --reason "WHY" --by "YOUR NAME"' in text
    assert "> ~~Write~~ **You may write** to" in text
    assert "1 material change and 1 undecided change" in text
    assert "job title" in text and "| Material |" in text
    html = to_html(text)
    assert "<script" not in html


def test_a_comment_is_never_longer_than_github_takes(released: Path, cli: Cli) -> None:
    for number in range(40):
        edit(
            released,
            "clauses/contact.md",
            "Write to",
            f"Line {number} of many words that nobody has read before.\n\nWrite to",
        )
    body = "\n".join(f"- {'word ' * 100}{number}" for number in range(240))
    edit(released, "clauses/sharing/promise.md", "as told below.", f"as told below.\n\n{body}")
    text = cli("check", "--format", "markdown", *DAY).stdout
    assert len(text) < 65_536
    assert "Shortened" in text


def test_annotations_stand_at_the_lines(changed: Path, cli: Cli) -> None:
    lines = cli("check", "--format", "github", *DAY).stdout.splitlines()
    assert all(re.match(r"::(error|warning|notice) [a-z]+=", line) for line in lines), lines
    (warning,) = (line for line in lines if line.startswith("::warning"))
    assert warning.startswith("::warning file=policy/clauses/contact.md,line=5,title=Blocks a release::")
    assert any(
        line.startswith("::notice file=policy/clauses/collection/registration.md,line=5,title=Mat") for line in lines
    )
    edit(changed, "policy.yaml", "time_zone:", "time_zome:")
    (first, *_) = cli("check", "--format", "github").stdout.splitlines()
    assert first.startswith("::error file=policy/policy.yaml,line=")


def test_text_of_the_sources_can_not_become_a_command(released: Path, cli: Cli) -> None:
    edit(released, "clauses/contact.md", "title: Contact", 'title: "x%0A::error::y, ::warning::"')
    edit(released, *REVIEW)
    for line in cli("check", "--format", "github").stdout.splitlines():
        assert re.match(r"::(error|warning|notice) ", line)
        assert "%0A::error" not in line.replace("%250A::error", "")


def test_sarif_is_what_code_scanning_reads(changed: Path, cli: Cli) -> None:
    log = json.loads(cli("check", "--format", "sarif", *DAY).stdout)
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    run_ = log["runs"][0]
    rules = [each["id"] for each in run_["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    assert {each["ruleId"] for each in run_["results"]} <= set(rules)
    assert {each["level"] for each in run_["results"]} == {"warning", "error"}
    for each in run_["results"]:
        place = each["locations"][0]["physicalLocation"]
        assert (changed / place["artifactLocation"]["uri"]).is_file()
        assert place["region"]["startLine"] >= 1
        assert re.fullmatch("[0-9a-f]{64}", each["partialFingerprints"]["policytrail/change"])


def test_junit_counts_what_it_lists_and_survives_any_text(changed: Path, cli: Cli) -> None:
    suite = ElementTree.fromstring(cli("check", "--format", "junit", *DAY).stdout.encode())[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "0")
    assert len(suite.findall("testcase")) == 3
    (changed / "policy/clauses/contact.md").write_text("---\ntitle: a\x01b\ufffe\n---\n")
    suite = ElementTree.fromstring(cli("check", "--format", "junit").stdout.encode())[0]
    assert int(suite.get("errors") or 0) >= 1


def test_one_run_writes_every_report(changed: Path, cli: Cli) -> None:
    given = [word for name in FORMATS for word in ("--report", f"{name}=out/{name}")]
    printed = cli("check", *given, *DAY).stdout
    assert printed in (changed / "out/text").read_text()
    assert "Blocks a release: " in (changed / "out/text").read_text() and "Blocks a release: " not in printed
    review = run(Workspace(changed), None)
    for name in FORMATS:
        assert (changed / "out" / name).read_text().endswith("\n")
        assert render(name, review).count("\n") > 1


def test_marks_of_the_starters_are_told_and_stop_nothing(released: Path, cli: Cli) -> None:
    edit(released, ALL, "  title: Registration\n", "  title: Registration\n  # CONFIRM: which fields?\n")
    result = cli("check")
    assert result.exit_code == 0
    assert "Note: policy/practices/all.yaml:4: Not confirmed yet: which fields?" in result.stdout
    assert cli("check", "--strict").exit_code == 1
    log = json.loads(cli("check", "--format", "sarif").stdout)["runs"][0]
    assert [each["ruleId"] for each in log["results"]] == ["confirm"]
    assert "confirm" in [each["id"] for each in log["tool"]["driver"]["rules"]]
    assert "1 statement(s) of the starter files" in cli("check", "--format", "github").stdout


def test_what_was_found_today_is_not_told_tomorrow(changed: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1583107199")  # 2020-03-01 15:59:59 in Los Angeles
    assert "Released on 2020-03-01" in cli("check").stdout
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1583135999")
    assert "Released on 2020-03-01" in cli("check").stdout
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1583136000")  # 2020-03-02 00:00 there
    assert "Released on 2020-03-02" in cli("check").stdout


def test_the_first_draft_has_no_version_to_be_held_against(repo: Path, cli: Cli) -> None:
    for name in FORMATS:
        result = cli("check", "--format", name, *DAY)
        assert result.exit_code == 0, (name, result.output)
    assert "this draft would be the first" in cli("check").stdout


def test_a_policy_of_plain_clauses_is_checked_without_the_heavy_libraries() -> None:
    """The time of `check` is mostly that of imports; bench/check.py measures it."""
    heavy = (
        "jinja2",
        "markdown_it",
        "deepdiff",
        "git",
        "sqlalchemy",
        "pydantic",
        "mkdocs",
        "email",
        "ssl",
        "importlib.metadata",
    )
    code = f"""import sys
from policytrail.cli.main import policytrail
status = policytrail(["check", "--format", "json"], prog_name="policytrail", standalone_mode=False)
print(status, [each for each in {heavy} if each in sys.modules], file=sys.stderr)"""
    here = ROOT
    done = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "0 []"
