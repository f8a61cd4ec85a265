"""The CI files that `init` writes: what the forges' own schemas say of them, their rights, and every job's lines run for real."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import check_jsonschema
import pytest
import yaml
from click.testing import CliRunner
from samples import git
from sinks import Server, Sink
from test_init import GIVEN

from conftest import Cli

GITHUB = ("check", "notify", "publish")
DAY = {"SOURCE_DATE_EPOCH": "1772452800"}  # 2026-03-02, noon in Lisbon
WHO = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ada"), ("EMAIL", "ada@quince.example"))
}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A fresh policy repository."""
    root = tmp_path / "fresh"
    root.mkdir()
    result = Cli(root)("init", "--kind", "website", "--ci", "both", "--yes", *GIVEN)
    assert result.exit_code == 0, result.output
    return root


def lines_of(job: dict[str, Any], *parts: str) -> str:
    """What GitLab runs of a job: its lines, stopping at the first that fails. Nothing is installed."""
    lines = [line for part in parts for line in job.get(part, ()) if "pip install" not in line]
    return "set -eo pipefail\n" + "\n".join(lines)


def test_the_forges_schemas_accept_them(made: Path) -> None:
    files = {".gitlab-ci.yml": "vendor.gitlab-ci"} | {
        f".github/workflows/policy-{name}.yml": "vendor.github-workflows" for name in GITHUB
    }
    for name, schema in files.items():
        result = CliRunner().invoke(check_jsonschema.main, ["--builtin-schema", schema, str(made / name)])
        assert result.exit_code == 0, result.output
    broken = made / "broken.yml"
    broken.write_text((made / ".github/workflows/policy-check.yml").read_text().replace("runs-on:", "runs_on:"))
    result = CliRunner().invoke(check_jsonschema.main, ["--builtin-schema", "vendor.github-workflows", str(broken)])
    assert result.exit_code == 1


def test_gitlab_does_what_github_does_with_no_more_rights(made: Path) -> None:
    gitlab = yaml.safe_load((made / ".gitlab-ci.yml").read_text())
    jobs = {
        name
        for name, job in gitlab.items()
        if isinstance(job, dict) and "stage" in job | gitlab.get(job.get("extends", ""), {})
    }
    assert jobs == {".records", "check", "pages", "on-time", "observe", "notify"}
    stages = {name: (gitlab[name] | gitlab.get(gitlab[name].get("extends", ""), {})) for name in jobs}
    assert {each["stage"] for each in stages.values()} == set(gitlab["stages"])
    # Only jobs on the default branch see the token that may push, and a merge request runs nothing but the check.
    told = {name: str(job) for name, job in gitlab.items()}
    assert [name for name, text in told.items() if "POLICYTRAIL_PUSH_TOKEN" in text] == [".records"]
    for name in jobs - {"check", ".records"}:
        assert all("$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" in rule["if"] for rule in gitlab[name]["rules"]), name
    assert "schedule" in gitlab["observe"]["rules"][0]["if"] and gitlab["notify"]["rules"][0]["when"] == "manual"
    assert gitlab["observe"]["extends"] == gitlab["notify"]["extends"] == ".records"
    assert gitlab[".records"]["resource_group"]


class Runner:
    """Runs a script as a forge's machine would: a clone without identity, policytrail on the path, nothing else."""

    def __init__(self, folder: Path, origin: Path) -> None:
        self.folder, self.home = folder, folder.parent
        bin_ = self.home / "bin"
        bin_.mkdir(exist_ok=True)
        for name, words in {"policytrail": "-m policytrail", "python": ""}.items():
            (bin_ / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
            (bin_ / name).chmod(0o755)
        self.given = {
            "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.home),
            "GIT_CONFIG_NOSYSTEM": "1",
            "RUNNER_TEMP": str(self.home),
            "GITHUB_STEP_SUMMARY": str(self.home / "summary"),
            "GITHUB_OUTPUT": str(self.home / "output"),
            "CI_SERVER_URL": origin.parent.as_uri(),
            "CI_PROJECT_PATH": origin.stem,
            "CI_SERVER_HOST": "gitlab.example.com",
            "CI_DEFAULT_BRANCH": "main",
            **DAY,
        }

    def __call__(self, script: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=self.folder,
            env=self.given | more,
            capture_output=True,
            text=True,
            timeout=120,
        )


@pytest.fixture
def origin(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A first version in force and a second one pending, pushed to a bare repository."""
    for name, value in WHO.items():
        monkeypatch.setenv(name, value)
    run = Cli(made)

    def done(*words: str) -> str:
        result = run(*words)
        assert result.exit_code == 0, result.output
        return result.stdout

    git(made, "init", "-q", "-b", "main")
    git(made, "add", "--all")
    git(made, "commit", "-q", "-m", "start")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767355200")  # 2026-01-02
    done("release", "--effective", "2026-01-02")
    clause = made / "policy/clauses/keeping/security.md"
    clause.write_text(clause.read_text().replace("is encrypted", "may be encrypted"))
    change = json.loads(run("check", "--format", "json").stdout)["comparison"]["changes"][0]["id"]
    done("decide", change, "material", "--reason", "weaker", "--by", "Ada")
    git(made, "add", "--all")
    git(made, "commit", "-q", "-m", "change")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1772366400")  # 2026-03-01
    done("release", "--effective", "2026-04-20")
    bare = tmp_path / "forge/group/policy.git"
    bare.parent.mkdir(parents=True)
    git(made, "clone", "-q", "--bare", ".", str(bare))
    return bare


def evidence(bare: Path) -> list[str]:
    return re.findall(
        r"evidence/\d+-(\w+)\.json", git(bare, "ls-tree", "-r", "--name-only", "main", "versions/2026-04-20/evidence/")
    )


@pytest.mark.slow
def test_every_line_of_gitlab_runs(origin: Path, tmp_path: Path) -> None:
    """In a fresh clone at a commit, as GitLab makes it: no branch, no identity."""
    git(tmp_path, "clone", "-q", str(origin), "clone")
    root = tmp_path / "clone"
    git(root, "checkout", "-q", "--detach")
    run = Runner(root, origin)
    jobs = yaml.safe_load((root / ".gitlab-ci.yml").read_text())
    check = run(lines_of(jobs["check"], "script"))
    assert check.returncode == 0 and (root / "comment.md").exists() and (root / "check.xml").exists(), check.stderr
    assert run(lines_of(jobs["check"], "after_script"), POLICYTRAIL_COMMENT_TOKEN="").returncode == 0
    pages = run(lines_of(jobs["pages"], "script"))
    assert (pages.returncode, (root / "status.txt").read_text()) == (0, "0\n"), pages.stderr
    assert run(lines_of(jobs["on-time"], "script")).returncode == 0
    (root / "status.txt").write_text("3\n")
    assert run(lines_of(jobs["on-time"], "script")).returncode == 3

    before = evidence(origin)
    observed = lines_of(jobs[".records"] | jobs["observe"], "before_script", "script")
    assert run(observed, SITE="public").returncode == 0
    assert evidence(origin) == [*before, "observed"]
    (root / "public/index.html").write_text("<p>Nothing new.</p>")
    missing = run(observed, SITE="public")
    assert missing.returncode == 3 and evidence(origin) == [*before, "observed", "observed"], missing.stderr
    assert "policytrail@noreply.gitlab.example.com" in git(origin, "log", "-1", "--format=%ae", "main")

    people = tmp_path / "people.csv"
    people.write_text("address,name\nada@example.org,Ada\n")
    with Server(Sink()) as smtp:
        notified = run(
            lines_of(jobs[".records"] | jobs["notify"], "before_script", "script"),
            POLICY_VERSION="2026-04-20",
            POLICYTRAIL_RECIPIENTS_URL=people.as_uri(),
            POLICYTRAIL_SMTP_URL=smtp.url,
            POLICYTRAIL_LEDGER_URL=f"sqlite:///{tmp_path}/ledger.db",
        )
        assert notified.returncode == 0, notified.stderr
        assert [each.recipient for each in smtp.sink.mails] == ["ada@example.org"]
    assert evidence(origin)[-2:] == ["started", "email"]


@pytest.mark.slow
def test_every_line_of_github_runs(origin: Path, tmp_path: Path) -> None:
    """In a fresh clone of main, as actions/checkout makes it: a branch that follows the remote's, no identity."""
    git(tmp_path, "clone", "-q", str(origin), "clone")
    root = tmp_path / "clone"
    run = Runner(root, origin)

    def job(file: str, name: str, **given: str) -> subprocess.CompletedProcess[str]:
        steps = yaml.safe_load((root / f".github/workflows/policy-{file}.yml").read_text())["jobs"][name]["steps"]
        scripts = [each["run"] for each in steps if "run" in each and "pip install" not in each["run"]]
        return run("\n".join(scripts), **given)

    check = job("check", "check", BASE="main")
    assert check.returncode == 0 and (root / "check.sarif").exists(), check.stderr
    assert "policytrail" in (tmp_path / "requirements.txt").read_text()
    assert (tmp_path / "summary").read_text() == (root / "comment.md").read_text()
    build = job("publish", "build")
    assert build.returncode == 0 and (tmp_path / "output").read_text() == "status=0\n", build.stderr
    assert job("publish", "on-time").returncode == 3

    before = evidence(origin)
    assert job("publish", "observe", SITE="site").returncode == 0
    (root / "site/index.html").write_text("<p>Nothing new.</p>")
    missing = job("publish", "observe", SITE="site")
    assert missing.returncode == 3 and evidence(origin) == [*before, "observed", "observed"], missing.stderr

    people = tmp_path / "people.csv"
    people.write_text("address,name\nada@example.org,Ada\n")
    git(root, "config", "--unset", "user.name")
    git(root, "config", "--unset", "user.email")
    with Server(Sink()) as smtp:
        notified = job(
            "notify",
            "notify",
            VERSION="2026-04-20",
            RECIPIENTS_URL=people.as_uri(),
            POLICYTRAIL_SMTP_URL=smtp.url,
            POLICYTRAIL_LEDGER_URL=f"sqlite:///{tmp_path}/ledger.db",
        )
        assert notified.returncode == 0, notified.stderr
        assert [each.recipient for each in smtp.sink.mails] == ["ada@example.org"]
    assert evidence(origin)[-2:] == ["started", "email"]
