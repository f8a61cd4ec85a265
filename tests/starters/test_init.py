"""A new policy repository: every kind is sound, releases and builds; from the wheel, too; the CI files say what they should."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import wheel
import yaml
from samples import git

from conftest import Cli
from policytrail.cli.draft.init import KIND_NAMES
from policytrail.sources.load import load_draft
from policytrail.starters.answers import KINDS, Answers
from policytrail.starters.make import starter_files

GIVEN = [
    "--name",
    "Quince",
    "--legal-name",
    'Quince: Ltd. "&" Co',
    "--email",
    "privacy@quince.example",
    "--address",
    "2 Harbour Street",
    "--address",
    "Porto",
    "--time-zone",
    "Europe/Lisbon",
    "--url",
    "https://privacy.quince.example",
]


def answers(kind: str, ci: Any = "both") -> Answers:
    return Answers(
        kind,
        "Quince",
        "Quince Ltd.",
        "privacy@quince.example",
        ("2 Harbour Street",),
        "Europe/Lisbon",
        "https://privacy.quince.example/",
        ci,
        date(2026, 3, 2),
    )


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_kind_checks_releases_and_builds(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@quince.example")
    cli = Cli(tmp_path)
    made = cli("init", "--kind", kind, "--yes", "--git", *GIVEN)
    assert made.exit_code == 0, made.output
    check = cli("check", "--format", "json")
    assert check.exit_code == 0, check.output
    remarks = json.loads(check.stdout)["remarks"]
    assert len(remarks) > 10 and all(each["line"] for each in remarks)
    released = cli("release", "--effective", "2026-03-02", "--as-of", "2026-03-02")
    assert released.exit_code == 0, released.output
    assert "still marked CONFIRM" in released.stderr
    assert cli("build", "--as-of", "2026-03-02", "--strict").exit_code == 0
    assert cli("verify").exit_code == 0
    assert git(tmp_path, "status", "--porcelain") == ""
    front = (tmp_path / "site/index.html").read_text()
    assert "Quince: Ltd. &#34;&amp;&#34; Co" in front and "2 Harbour Street, Porto" in front


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_starter_says_what_california_and_the_gdpr_ask_for(tmp_path: Path, kind: str) -> None:
    for path, content in starter_files(answers(kind)).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    draft = load_draft(tmp_path / "policy")
    types = {each.type for each in draft.practices.values()}
    assert {"collection", "disclosure", "signal", "right", "retention", "notice", "contact", "program"} <= types
    right = draft.practices["rights.request"]
    assert {"access", "correct", "delete", "port", "object", "restrict"} == set(right.kind)  # type: ignore[attr-defined]
    promise = draft.promise()
    assert promise is not None and promise.period_days == 30  # type: ignore[attr-defined]
    text = "\n".join(each.text for each in draft.clauses.values())
    for words in (
        "we are the controller",
        "Do Not Track",
        "Legitimate interests",
        "take it back at any time",
        "complain to the data protection authority",
        "earlier version",
        "children",
    ):
        assert words in text, words
    has = KINDS[kind].topics
    assert ("collection.orders" in draft.practices) == ("orders" in has)
    assert ("choice.promotions" in draft.practices) == ("promotions" in has)


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_no_starter_knows_anything_of_the_company_that_it_was_not_told(kind: str) -> None:
    policy = "\n".join(
        text.decode() for path, text in starter_files(answers(kind)).items() if path.startswith("policy/")
    )
    assert not re.search(r"https?://(?!privacy\.quince\.example)", policy)
    assert not re.search(r"\b\d+ (days|months|years)\b", policy.replace("CONFIRM: 30 days", ""))
    assert policy.count("CONFIRM:") >= 12


def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("mine")
    result = Cli(tmp_path)("init", "--kind", "app", "--yes", *GIVEN)
    assert result.exit_code == 1
    assert "mkdocs.yml exists already" in result.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["mkdocs.yml"]


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--email", "nobody", "--email can't be 'nobody'"),
        ("--time-zone", "Lisbon", "write a name such as America/Los_Angeles"),
        ("--url", "quince.example", "Write a full address"),
        ("--name", "", "--name is missing"),
        ("--kind", "bank", "'bank' is not one of"),
    ],
)
def test_a_wrong_answer_is_one_sentence_and_writes_nothing(tmp_path: Path, option: str, value: str, words: str) -> None:
    given = ["--kind", "app", *GIVEN]
    place = given.index(option) + 1
    given[place] = value
    if option == "--name":
        given += ["--legal-name", ""]
    result = Cli(tmp_path)("init", "--yes", *given)
    assert (result.exit_code, words in result.stderr) == (2, True), result.output
    assert list(tmp_path.iterdir()) == []


def test_all_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    result = Cli(tmp_path)("init", "--kind", "app", "--yes", "--name", "Quince", "--address", "2 Harbour Street")
    assert result.exit_code == 2
    assert result.stderr.startswith("--email, --time-zone, --url are missing. Give them as options")


def test_who_is_new_to_git_can_commit_and_is_on_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("GIT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for root, known in ((tmp_path / "new", False), (tmp_path / "known", True)):
        root.mkdir()
        if known:
            git(tmp_path, "config", "--global", "user.name", "Ada")
            git(tmp_path, "config", "--global", "user.email", "ada@quince.example")
        made = Cli(root)("init", "--kind", "website", "--yes", "--git", *GIVEN)
        assert made.exit_code == 0 and ("git doesn't know who you are yet" in made.stderr) is not known, made.output
        (root / "README.md").write_text("mine")
        subprocess.run(["git", "commit", "--quiet", "--all", "--message", "mine"], cwd=root, check=True)
        said = subprocess.check_output(["git", "log", "-1", "--format=%an <%ae>"], cwd=root, text=True).strip()
        assert said == ("Ada <ada@quince.example>" if known else "Quince <privacy@quince.example>")


def test_on_a_terminal_it_asks(tmp_path: Path) -> None:
    said = [
        "website",
        "Quince",
        "",
        "privacy@quince.example",
        "2 Harbour Street",
        "Europe/Lisbon",
        "https://q.example/",
    ]
    ours, theirs = pty.openpty()
    started = subprocess.Popen(
        [sys.executable, "-m", "policytrail", "init", "new"],
        cwd=tmp_path,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.write(ours, ("\n".join(said) + "\n").encode())
    _, errors = started.communicate(timeout=60)
    os.close(ours), os.close(theirs)
    assert started.returncode == 0, errors.decode()
    assert b"What is the policy for" in errors
    organization = load_draft(tmp_path / "new/policy").policy.organization
    assert (organization.name, organization.legal_name) == ("Quince", "Quince")


def workflow(name: str) -> dict[Any, Any]:
    loaded = yaml.safe_load(starter_files(answers("shop"))[f".github/workflows/policy-{name}.yml"])
    assert isinstance(loaded, dict)
    return loaded


def test_the_workflows_have_the_least_rights_and_run_one_at_a_time() -> None:
    for name in ("check", "publish", "notify"):
        made = workflow(name)
        assert made["permissions"] == {} and made["concurrency"]["group"], name
        assert all("permissions" in job for job in made["jobs"].values()), name
        steps = [step for job in made["jobs"].values() for step in job["steps"]]
        checkouts = [step["with"] for step in steps if step.get("uses", "").startswith("actions/checkout")]
        assert checkouts and all(each["fetch-depth"] == 0 for each in checkouts)
    rights = {name: job["permissions"] for name, job in workflow("check")["jobs"].items()}
    assert rights == {"check": {"contents": "read"}, "comment": {"pull-requests": "write"}}
    assert workflow("check")[True] == {"pull_request": None}  # YAML 1.1 reads `on` as true; never pull_request_target
    assert set(workflow("publish")[True]) == {"push", "schedule", "workflow_dispatch"}
    assert workflow("publish")["concurrency"]["cancel-in-progress"] is False
    assert workflow("publish")["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}


def test_no_text_of_a_stranger_is_pasted_into_a_script() -> None:
    for name in ("check", "publish", "notify"):
        for job in workflow(name)["jobs"].values():
            for step in job["steps"]:
                assert "${{" not in step.get("run", ""), step


def test_shell_and_python_of_the_ci_files_can_be_read() -> None:
    made = starter_files(answers("saas"))
    for name in ("check", "publish", "notify"):
        for job in workflow(name)["jobs"].values():
            for step in job["steps"]:
                subprocess.run(["bash", "-n"], input=step.get("run", ""), text=True, check=True)
    for job in yaml.safe_load(made[".gitlab-ci.yml"]).values():
        for line in job.get("script", []) if isinstance(job, dict) else []:
            subprocess.run(["bash", "-n"], input=line, text=True, check=True)
    compile(made[".gitlab/comment.py"], "comment.py", "exec")
    compile(made["build.py"], "build.py", "exec")


@pytest.mark.parametrize(
    ("ci", "github", "gitlab"), [("github", True, False), ("gitlab", False, True), ("none", False, False)]
)
def test_only_the_asked_for_ci(ci: str, github: bool, gitlab: bool) -> None:
    made = starter_files(answers("website", ci))
    assert any(path.startswith(".github/") for path in made) is github
    assert any(path.startswith(".gitlab") for path in made) is gitlab


def test_every_file_of_the_starters_is_used_by_some_kind() -> None:
    folder = Path(sys.modules["policytrail.starters"].__file__ or "").parent / "files"
    packaged = {path.relative_to(folder).as_posix().removesuffix(".in") for path in folder.rglob("*.in")}
    used = {path for kind in KIND_NAMES for path in starter_files(answers(kind))}
    assert {re.sub(r"(^|/)dot-", r"\1.", each) for each in packaged} == used


@pytest.mark.slow
def test_from_the_wheel_in_an_empty_folder(tmp_path: Path) -> None:
    scripts = wheel.installed(tmp_path)
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Ada"), ("EMAIL", "ada@quince.example"))
    }
    for kind in KIND_NAMES:
        folder = tmp_path / kind
        folder.mkdir()
        tool = scripts / "policytrail"
        wheel.run([tool, "init", "--kind", kind, "--yes", *GIVEN], folder, **who)
        wheel.run(["git", "init", "--quiet"], folder, **who)
        wheel.run(["git", "add", "--all"], folder, **who)
        wheel.run(["git", "commit", "--quiet", "-m", "the first draft"], folder, **who)
        wheel.run([tool, "check"], folder, **who)
        wheel.run([tool, "release", "--effective", "2026-03-02", "--as-of", "2026-03-02"], folder, **who)
        wheel.run([scripts / "python", "build.py", "--as-of", "2026-03-02"], folder, **who)
        assert "Quince" in (folder / "site/index.html").read_text()
        assert (folder / "site/assets/style.css").is_file()
