"""The past of a policy in git as frozen versions: the way of a company that migrates, and what nobody may do with it."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from releases import reseal
from samples import commit, git, repository
from test_history import FIRST, built, by_subject, policy, put  # noqa: F401 - `built` is a fixture

from conftest import Cli
from policytrail.archive.manifest import pretty, sealed, sha256
from policytrail.archive.store import load_versions
from policytrail.classify.engine import classify
from policytrail.history_import.report import Past, Revision, past
from policytrail.history_import.select import Taking, taking
from policytrail.model.change import Change, Comparison, Consent, Direction, Severity
from policytrail.sources.load import load_draft
from policytrail.text.effective_date import effective_date
from policytrail.workspace import Workspace

NAME = "docs/privacy policy.md"
INIT = (
    "init",
    ".",
    "--kind",
    "website",
    "--yes",
    "--name",
    "Quince",
    "--email",
    "privacy@quince.example",
    "--address",
    "2 Harbour Street",
    "--time-zone",
    "Europe/Lisbon",
    "--url",
    "https://privacy.quince.example/",
    "--git",
)
BY = ("--reason", "looked at it", "--by", "A. Lawyer")


@pytest.fixture(scope="session")
def short(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    """The same old repository before most of its commits: six texts, the newest of 2015-08-01."""
    root = tmp_path_factory.mktemp("short") / "old"
    git(built.parent, "clone", "--quiet", str(built), str(root))
    git(root, "reset", "--quiet", "--hard", "HEAD~55")
    return root


@pytest.fixture(scope="session")
def migrated(short: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new policy repository that took over the past of an old one; its draft is the newest text."""
    root = tmp_path_factory.mktemp("migrated")
    cli = Cli(root)
    assert cli(*INIT).exit_code == 0
    result = cli("import", "--history", f"{short}:{NAME}", "--new-draft", "--format", "json")
    assert result.exit_code == 0, result.output
    (root / "printed.json").write_text(result.stdout)
    assert "git add --all && git commit" in result.stderr.splitlines()[-1]
    commit(root, "Take over the past of the policy")
    return root


@pytest.fixture
def here(migrated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(migrated, tmp_path / "here", symlinks=True))


def run(root: Path, *words: str, status: int = 0) -> Any:
    result = Cli(root)(*words)
    assert result.exit_code == status, (words, result.output)
    return result


def manifest(root: Path, identity: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / f"versions/{identity}/manifest.json").read_text())
    return found


def findings(root: Path) -> set[str]:
    result = Cli(root)("verify", "--format", "json")
    return {each["name"] for each in json.loads(result.stdout)["findings"] if each["group"] == "broken"}


def undeclared(root: Path) -> None:
    """The draft as the newest text alone: the practices that were proposed are taken out."""
    shutil.rmtree(root / "policy/practices")
    for each in ("vocabulary.yaml", "recipients.yaml"):
        (root / "policy" / each).unlink(missing_ok=True)
    for path in (root / "policy/clauses").rglob("*.md"):
        head, _, body = path.read_text().removeprefix("---\n").partition("\n---\n")
        path.write_text(f"---\n{yaml.safe_dump(yaml.safe_load(head) | {'states': []})}---\n{body}")
    commit(root, "no practices yet")


@pytest.mark.slow
def test_fifty_past_versions_are_there_on_the_first_day(built: Path, tmp_path: Path) -> None:  # noqa: F811
    run(tmp_path, *INIT)
    begun = time.monotonic()
    report = json.loads(run(tmp_path, "import", "--history", f"{built}:{NAME}", "--format", "json").stdout)
    took = time.monotonic() - begun
    commit(tmp_path, "Take over the past of the policy")
    assert len(load_versions(Workspace(tmp_path))) >= 55 and report["commits"] >= 60
    assert took < 0.6 * report["commits"], f"{took:.1f} s for {report['commits']} commits"
    run(tmp_path, "verify")
    run(tmp_path, "build", "--strict")
    assert len(list(tmp_path.glob("site/versions/*/changes/index.html"))) >= 54


def test_what_is_frozen_of_the_past(here: Path) -> None:
    versions = {each.id: each for each in load_versions(Workspace(here))}
    report = json.loads((here / "printed.json").read_text())
    assert json.loads((here / "history/report.json").read_text()) == report
    assert (here / "history/report.md").read_text().startswith("# The past of")
    found = by_subject(report)
    assert list(versions) == ["2015-01-01", "2015-04-30", "2015-05-20", "2015-06-01", "2015-07-03", "2015-08-01"]
    first, told = versions["2015-01-01"], versions["2015-04-30"]
    assert (told.announced, told.effective, str(told.severity)) == (date(2015, 3, 2), date(2015, 4, 30), "material")
    assert told.imported and (told.imported["announced"], told.imported["days_ahead"]) == ("in time", 59)
    late = versions["2015-05-20"].imported
    assert late and (late["announced"], late["days_ahead"], late["committed"]) == ("too late", 10, "2015-05-10")
    silent = versions["2015-06-01"].imported
    assert silent and (silent["announced"], silent["days_ahead"]) == ("not stated", None)
    assert first.imported and first.imported["path"] == "policy.md" and silent["path"] == NAME
    assert found["Location, announced"]["version"] == "2015-04-30"
    assert found["Merge the draft"]["version"] == "2015-07-03"
    for each in versions.values():
        assert each.reconstructed and not each.duty.owed and not each.evidence and not each.snapshot.practices
        assert {path.name for path in (here / "versions" / each.id).rglob("*.json")} == {
            "manifest.json",
            "policy.json",
            "comparison.json",
        }
        assert not list((here / "versions" / each.id).rglob("*.eml"))
    assert {str(each.severity) for each in versions.values()} >= {"material", "review", "none"}


def test_the_committed_bytes_are_those_of_the_manifest(here: Path, short: Path) -> None:
    for identity in ("2015-04-30", "2015-07-03"):
        said = manifest(here, identity)["imported"]
        raw = subprocess.run(
            ["git", "show", f"{said['commit']}:{said['path']}"], cwd=short, capture_output=True, check=True
        )
        assert sha256(raw.stdout) == said["sha256"]


def test_clauses_keep_their_ids_and_changes_name_them(here: Path) -> None:
    versions = {each.id: each for each in load_versions(Workspace(here))}
    assert {tuple(each.snapshot.clauses) for each in versions.values()} == {
        ("introduction", "what-we-collect", "sharing", "keeping")
    }
    assert {change.clause for change in versions["2015-06-01"].comparison.of(Severity.MATERIAL)} == {"sharing"}


def test_verify_and_at_and_status(here: Path) -> None:
    told = run(here, "verify")
    remarks = [line for line in told.stderr.splitlines() if line.startswith("Note: ")]
    assert len(remarks) == 1 and "there is no record of a notice" in remarks[0]
    assert "taken over" in run(here, "at", "2015-06-15").stderr
    found = json.loads(run(here, "at", "2015-05-19", "--format", "json").stdout)
    assert found["version"] == "2015-04-30" and "We keep your orders for 30 days" in found["text"]
    assert found["imported"]["announced"] == "in time"
    standing = json.loads(run(here, "status", "--as-of", "2015-04-01", "--format", "json").stdout)
    assert (standing["current"], [each["id"] for each in standing["pending"]]) == ("2015-01-01", ["2015-04-30"])
    assert run(here, "status").stdout.count("no record of a notice") == 6


def test_the_site_shows_them_and_no_notice(here: Path) -> None:
    run(here, "build", "--strict")
    site = here / "site"
    changes = (site / "versions/2015-05-20/changes/index.html").read_text()
    assert "There is no record of a notice" in changes and ">30<" in changes
    assert "/notice/" not in changes
    assert "recorded later" not in (site / "versions/index.html").read_text()
    assert "Notice calendar" not in (site / "versions/index.html").read_text()
    assert not list(site.glob("versions/*/notice"))
    listed = json.loads((site / "api/v1/versions.json").read_text())["versions"]
    one = next(each for each in listed if each["id"] == "2015-04-30")
    assert one["announced"] is None and "notice" not in one["urls"] and one["imported"]["days_ahead"] == 59
    feed = json.loads((site / "feed.json").read_text())
    assert not [each for each in feed["items"] if each["id"].endswith("/announced")]
    audit = (site / "audit/index.html").read_text()
    assert "Version 2015-04-30 taken over from the git history" in audit and "Release of version" not in audit
    assert "undecided" in (site / "changelog/index.html").read_text()


def test_a_day_of_the_past_is_built_with_the_text_that_was_to_come(here: Path) -> None:
    run(here, "build", "--as-of", "2015-04-01", "--strict")
    assert "versions/2015-04-30/changes/" in (here / "site/index.html").read_text()
    assert (here / "site/upcoming/index.html").exists()


def test_the_draft_says_what_the_newest_version_says(here: Path) -> None:
    run(here, "check")
    assert json.loads(run(here, "diff", "2015-08-01", "draft", "--format", "json").stdout)["changes"] == []
    assert "nothing to release" in run(here, "release", "--effective", "2100-01-01", status=1).stderr


def confirm(root: Path) -> None:
    """A person accepts every proposal."""
    waiting = json.loads(run(root, "review", "--format", "json").stdout)
    accept = [word for one in waiting if "practice" in one for word in ("--accept", one["practice"]["id"])]
    run(root, "review", *accept)
    commit(root, "accepted")


def test_practices_are_declared_by_one_ruling_that_goes_stale(here: Path) -> None:
    confirm(here)
    found = json.loads(run(here, "check", "--format", "json", status=3).stdout)["comparison"]["changes"]
    assert [(each["kind"], each["severity"], each["undecided"]) for each in found] == [
        ("inventory.added", "review", True)
    ]
    run(here, "decide", found[0]["id"], "editorial", *BY)
    commit(here, "ruled")
    run(here, "check")
    path = here / "policy/practices/collection.yaml"
    before = path.read_text()
    path.write_text(before.replace("[user.location.precise]", "[user.location]"))
    assert path.read_text() != before
    assert "stale" in run(here, "check", status=3).output
    path.write_text(before)
    today = date.today().isoformat()
    run(here, "release", "--effective", today, "--reason", "declared")
    run(here, "verify")
    version = next(each for each in load_versions(Workspace(here)) if each.id == today)
    assert not version.snapshot.prose and version.imported is None and version.comparison.old == "2015-08-01"
    run(here, "build", "--strict")


PROMISE = """\
- id: changes.material
  type: notice
  title: Notice of material changes
  on: {severity: material}
  channels: {all_of: [{kind: email}, {kind: site}]}
  period_days: 45
"""


def sold(root: Path, promise: str = "") -> None:
    """A material change of the text; and a promise, declared for the first time, that stands in a clause of its own."""
    path = root / "policy/clauses/what-we-collect.md"
    path.write_text(path.read_text().replace("We collect your name", "We collect your name and your fingerprints"))
    if promise:
        practices = root / "policy/practices"
        practices.mkdir()
        (practices / "changes.yaml").write_text(promise)
        keeping = root / "policy/clauses/keeping.md"
        text = keeping.read_text().replace("states: []", "states: [changes.material]")
        keeping.write_text(text.replace("\nWe keep", "\nWe tell you 45 days ahead. We keep", 1))
    commit(root, "material")


def settle(root: Path) -> dict[str, Any]:
    found = json.loads(run(root, "check", "--format", "json", status=3).stdout)
    ids = [each["id"] for each in found["comparison"]["changes"] if each["undecided"]]
    if ids:
        run(root, "decide", *ids, "editorial", *BY)
        commit(root, "ruled")
    said: dict[str, Any] = json.loads(Cli(root)("check", "--format", "json").stdout)
    return said


@pytest.mark.parametrize(("promise", "days"), [("", 30), (PROMISE, 46)])
def test_the_notice_that_is_owed_after_a_text_of_the_past(here: Path, promise: str, days: int) -> None:
    """The promise of that text was never declared: the draft's governs, and never less than the usual period."""
    undeclared(here)
    sold(here, promise)
    if promise:
        settle(here)
    today = date.today()
    earliest = today + timedelta(days=days)
    early = run(here, "release", "--effective", str(earliest - timedelta(days=1)), status=3)
    assert earliest.isoformat() in early.stderr
    run(here, "release", "--effective", str(earliest))
    owed = manifest(here, earliest.isoformat())["duty"]
    assert owed["days"] == days - bool(promise)
    assert owed["all_of"] == (["email", "site"] if promise else [])
    run(here, "verify")
    if promise:
        run(here, "build", "--strict")
        assert "fingerprints" in (here / "site/upcoming/index.html").read_text()


def test_a_shorter_promise_that_is_new_buys_nothing(here: Path) -> None:
    undeclared(here)
    sold(here, PROMISE.replace("45", "2"))
    settle(here)
    assert "needs 30 days" in run(here, "release", "--effective", str(date.today() + timedelta(9)), status=3).stderr


def test_nothing_is_dated_back_into_the_past_that_was_taken_over(here: Path) -> None:
    undeclared(here)
    sold(here)
    words = ("release", "--effective", "2016-06-01", "--as-of", "2016-01-01")
    assert "can't be dated back" in run(here, *words, status=3).stderr


def test_no_notice_of_the_past_can_be_recorded(here: Path) -> None:
    words = ("attest", "2015-08-01", "post", "--note", "Letters went out.", "--by", "A. Lawyer")
    assert "none can be recorded now" in run(here, *words, status=3).stderr
    people = here.parent / "people.csv"
    people.write_text("address,name,language\na@post.example,A,en\n")
    for stream in ((), ("--stream", "updates")):
        refused = Cli(here)(
            "notify", "2015-08-01", "--recipients", str(people), "--smtp", "smtp://127.0.0.1:1", *stream
        )
        assert refused.exit_code in (2, 3), refused.output
    assert not list(here.glob("versions/*/evidence"))


Forge = Callable[[dict[str, Any]], None]


def forged(root: Path, identity: str, change: Forge) -> None:
    """Somebody who knows the format changes a manifest and seals it again, with everything that names it."""
    folder = root / "versions" / identity
    reseal(folder / "manifest.json", change)
    digest = sha256((folder / "manifest.json").read_bytes())
    reseal(folder / "notice/manifest.json", lambda record: record.update(version_manifest=digest))
    for number, path in enumerate(sorted(folder.glob("evidence/*.json"))):
        before = folder / "notice/manifest.json" if not number else sorted(folder.glob("evidence/*.json"))[number - 1]
        named = {"version_manifest": digest, "previous": sha256(before.read_bytes())}
        reseal(path, lambda record, named=named: record.update(named))  # type: ignore[misc]


def owes(record: dict[str, Any]) -> None:
    record["duty"] |= {"days": 30, "any_of": ["site"]}


def ahead(record: dict[str, Any]) -> None:
    record["recorded_at"] = "2015-07-20T00:00:00+00:00"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (owes, "imported-claims"),
        (lambda record: record.update(released={"by": "A. Lawyer", "reason": ""}), "imported-claims"),
        (ahead, "imported-ahead"),
        (lambda record: record.update(reconstructed=False), "imported-ahead"),
        (lambda record: record["imported"].update(announced="surely"), "record-form"),
        (lambda record: record["imported"].update(commit="HEAD"), "record-form"),
        (lambda record: record["imported"].pop("sha256"), "record-form"),
        (lambda record: record.update(recorded_at="2016-01-01T00:00:00+00:00"), "imported-late"),
    ],
)
def test_a_version_of_the_past_may_not_say_more(here: Path, change: Forge, name: str) -> None:
    shutil.rmtree(here / ".git")
    forged(here, "2015-08-01", change)
    assert name in findings(here)
    assert Cli(here)("verify").exit_code == 1


def test_evidence_of_a_notice_of_the_past_is_none(here: Path) -> None:
    shutil.rmtree(here / ".git")
    folder = here / "versions/2015-08-01"
    record = {
        "format": 1,
        "version": "2015-08-01",
        "version_manifest": sha256((folder / "manifest.json").read_bytes()),
        "kind": "post",
        "on": "2015-08-01",
        "record": {},
        "previous": sha256((folder / "notice/manifest.json").read_bytes()),
    }
    (folder / "evidence").mkdir()
    (folder / "evidence/0001-post.json").write_bytes(sealed(record))
    assert findings(here) == {"imported-claims"}


def test_nobody_dodges_a_notice_by_calling_a_version_of_the_past(released: Path) -> None:
    """A material text after a release, sealed as if it had been taken over: the chain tells."""
    shutil.rmtree(released / ".git")
    source, target = released / "versions/2020-01-01", released / "versions/2020-02-01"
    shutil.copytree(source, target)
    shutil.rmtree(target / "evidence", ignore_errors=True)
    first = json.loads((source / "manifest.json").read_text())
    named = {"id": "2020-01-01", "sha256": sha256((source / "manifest.json").read_bytes())}
    imported = {
        "path": "p.md",
        "commit": "a" * 40,
        "sha256": "b" * 64,
        "committed": "2020-02-01",
        "announced": "not owed",
        "days_ahead": None,
        "folded": [],
    }
    (target / "comparison.json").write_bytes(pretty(Comparison("2020-01-01", "2020-02-01").to_json()))
    files = first["files"] | {"comparison.json": sha256((target / "comparison.json").read_bytes())}
    (target / "manifest.json").write_bytes(
        pretty(
            first
            | {
                "id": "2020-02-01",
                "effective": "2020-02-01",
                "announced": "2020-02-01",
                "previous": named,
                "follows": named,
                "imported": imported,
                "reconstructed": True,
                "files": files,
            }
        )
    )
    forged(released, "2020-02-01", lambda _: None)
    reseal(target / "notice/manifest.json", lambda record: record.update(version="2020-02-01"))
    assert "imported-late" in findings(released)


# Where versions can't be made, and what lies wrong in the old repository.


def test_an_empty_folder_gets_a_draft_and_what_a_build_wants(short: Path, tmp_path: Path) -> None:
    root = tmp_path / "new"
    root.mkdir()
    dry = run(root, "import", "--history", f"{short}:{NAME}", "--dry-run")
    assert "Would freeze" in dry.stderr and list(root.iterdir()) == []
    result = run(root, "import", "--history", f"{short}:{NAME}")
    assert "site_url, time_zone are guesses" in result.stderr
    assert {each.name for each in root.iterdir()} == {
        ".gitignore",
        "build.py",
        "mkdocs.yml",
        "requirements.txt",
        "policy",
        "versions",
        "history",
    }
    subprocess.run(
        ["sh", "-c", result.stderr.splitlines()[-1].partition(": ")[2]],
        cwd=root,
        check=True,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@b.example",
            "GIT_COMMITTER_NAME": "A",
            "GIT_COMMITTER_EMAIL": "a@b.example",
        },
        capture_output=True,
    )
    assert git(root, "status", "--porcelain") == ""
    run(root, "verify")
    run(root, "build", "--strict")
    assert "inventory" not in run(root, "check", status=3).stderr  # blocks name sentences, not rules
    newest = load_versions(Workspace(root))[-1]
    draft = load_draft(root / "policy")
    assert dict(draft.clauses).keys() == newest.snapshot.clauses.keys()
    assert [each.text.split() for each in draft.clauses.values()] == [
        each.text.split() for each in newest.snapshot.clauses.values()
    ]


def test_what_was_guessed_is_mended_before_the_commit(short: Path, tmp_path: Path) -> None:
    root = tmp_path / "new"
    root.mkdir()
    words = ("import", "--history", f"{short}:{NAME}")
    run(root, *words)
    shutil.rmtree(root / "versions")
    assert "would hold guesses" in run(root, *words).stderr and not (root / "versions").exists()
    path = root / "policy/policy.yaml"
    made = yaml.safe_load(path.read_text())
    made |= {"proposed": [], "site_url": "https://privacy.quince.example/", "time_zone": "Europe/Lisbon"}
    path.write_text(yaml.safe_dump({**made, "last_updated": str(made.get("last_updated", "2015-05-20"))}))
    run(root, *words)
    assert {each.snapshot.policy.site_url for each in load_versions(Workspace(root))} == {
        "https://privacy.quince.example/"
    }


def test_where_versions_cannot_be_made_the_report_is_printed(here: Path, short: Path, tmp_path: Path) -> None:
    words = ("import", "--history", f"{short}:{NAME}")
    again = run(here, *words)
    assert "Nothing was frozen: there are versions here" in again.stderr and "Sell, without a word" in again.stdout
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").write_text("mine")
    refused = run(other, *words)
    assert "holds other files (notes.txt)" in refused.stderr and [each.name for each in other.iterdir()] == [
        "notes.txt"
    ]


def test_a_draft_that_is_not_committed_is_not_replaced(short: Path, tmp_path: Path) -> None:
    root = repository(tmp_path / "repo")
    words = ("import", "--history", f"{short}:{NAME}", "--new-draft")
    path = root / "policy/clauses/contact.md"
    path.write_text(path.read_text() + "\nMine.\n")
    assert "aren't committed" in run(root, *words, status=1).stderr
    git(root, "checkout", "--quiet", ".")
    run(root, *words)
    assert not path.exists() and len(load_versions(Workspace(root))) == 6
    assert Cli(root)("import", "--new-draft", "x.md").exit_code == 2


def test_the_draft_stays_unless_it_is_to_be_replaced(short: Path, tmp_path: Path) -> None:
    root = repository(tmp_path / "repo")
    run(root, "import", "--history", f"{short}:{NAME}")
    assert git(root, "status", "--porcelain", "policy") == ""
    commit(root)
    severe = json.loads(run(root, "diff", "2015-08-01", "draft", "--format", "json").stdout)
    assert severe["severity"] == "material" and "inventory.added" in {each["kind"] for each in severe["changes"]}


def old(root: Path, *texts: tuple[str, date]) -> Path:
    git(root.parent, "init", "--quiet", root.name)
    for number, (text, day) in enumerate(texts):
        put(root, "p.md", text, day, f"Text {number}")
    return root


def test_days_that_lie(tmp_path: Path) -> None:
    """A clock that went back, a commit of the future, a day that is yet to come, a text replaced before its day."""
    later = date.today() + timedelta(days=400)
    root = old(
        tmp_path / "old",
        (policy("January 1, 2015"), date(2015, 1, 1)),
        (policy("January 1, 2015", " And your age."), date(2014, 6, 1)),
        (policy("January 1, 2015", " And your email."), date(2015, 5, 1)),
        (policy("September 1, 2015", " And your phone number."), date(2015, 6, 1)),
        (policy("September 1, 2015", " And your phone number and address."), date(2015, 7, 1)),
        (policy("January 1, 2015", " And your location."), later),
        (policy("January 1, 2015", " And your birthday."), date(2016, 1, 1)),
        (policy(f"{later:%B} {later.day}, {later.year}", " And your fingerprints."), date(2016, 2, 1)),
    )
    new = tmp_path / "new"
    new.mkdir()
    result = run(new, "import", "--history", f"{root}:p.md", "--format", "json")
    assert sorted(path.name for path in (new / "versions").iterdir()) == [
        "2015-01-01",
        "2015-05-01",
        "2015-09-01",
        "2016-01-01",
    ]
    said = "\n".join(json.loads(result.stdout)["remarks"])
    assert "it counts as of 2015-01-01" in said and "yet to come" in said and "release it with its notice" in said
    assert "was replaced before it had been in force" in said
    assert "age" in (new / "versions/2015-01-01/policy.md").read_text()
    run(new, "verify")
    draft = (new / "policy/clauses/what-we-collect.md").read_text()
    assert "fingerprints" in draft and "fingerprints" not in (new / "versions/2016-01-01/policy.md").read_text()


def test_a_text_of_today_takes_no_correction(tmp_path: Path) -> None:
    root = old(
        tmp_path / "old",
        (policy("January 1, 2015"), FIRST),
        (policy("January 1, 2015", " And your age."), date.today()),
    )
    new = tmp_path / "new"
    new.mkdir()
    day = date.today().isoformat()
    run(new, "import", "--history", f"{root}:p.md", "--as-of", day)
    if day not in {each.id for each in load_versions(Workspace(new))}:
        return  # midnight passed
    path = new / "policy/policy.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | {"proposed": [], "last_updated": "2015-01-01"}))
    git(new, "init", "--quiet")
    commit(new, "Take over the past of the policy")
    assert "taken over from a git history" in run(new, "release", "--effective", day, status=1).stderr


def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    root = old(tmp_path / "old", (policy("January 1, 2015"), FIRST))
    for number, raw in enumerate([b"\x00\x01\xff\xfe\x00binary", b"", b"# A title alone\n"]):
        (root / "p.md").write_bytes(raw)
        commit(root, f"broken {number}")
    put(root, "p.md", policy("January 1, 2015", " And your age."), date(2015, 6, 1), "Whole again")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{root}", str(shallow))
    new = tmp_path / "new"
    new.mkdir()
    assert "shallow clone" in run(new, "import", "--history", f"{shallow}:p.md", "--dry-run").stderr
    result = run(new, "import", "--history", f"{root}:p.md")
    assert result.stderr.count("Not read: ") == 3
    assert sorted(path.name for path in (new / "versions").iterdir()) == ["2015-01-01", "2015-06-01"]
    git(root, "rm", "--quiet", "p.md")
    git(root, "commit", "--quiet", "-m", "gone")
    other = tmp_path / "other"
    other.mkdir()
    run(other, "import", "--history", f"{root}:p.md")
    run(other, "verify")


def test_a_whole_text_of_no_practices_is_compared_by_its_words() -> None:
    from policytrail.importers.draft.text_only import prose
    from policytrail.model.policy import Policy

    who = {"name": "Quince", "legal_name": "Quince Ltd"}
    head = Policy.model_validate(
        {
            "title": "x",
            "organization": who,
            "site_url": "https://quince.example/",
            "time_zone": "UTC",
            "sections": [{"id": "x", "title": "X", "clauses": []}],
        }
    )
    one, two = (prose(policy("January 1, 2015", extra), head, "p.md") for extra in ("", " We sell your fingerprints."))
    assert classify(one, one, "a", "b").changes == ()
    found = classify(one, two, "a", "b")
    assert found.severity is Severity.MATERIAL and found.notice_days == 0
    assert {each.clause for each in found.changes} == {"what-we-collect"}
    extra = " And your age, and " + "all that you tell us, " * 20 + "and more."
    short, long = (
        classify(
            prose(policy("January 1, 2015", one), head, "p"), prose(policy("January 1, 2015", two), head, "p"), "a", "b"
        )
        .changes[0]
        .summary
        for one, two in ((" And your age.", " And your email."), (extra, extra.replace("more", "your email")))
    )
    assert short == "What we collect. Until now: “And your age.” New: “And your email.”"
    assert long == "What we collect. Taken out: “more”. Added: “your email”."


# The dates alone.


def _compare(one: str, two: str) -> Comparison:
    """Cheap: another first line is a material change, another date label its own kind."""
    if one == two:
        return Comparison("a", "b")
    rule = "date.label" if one.split("\n")[-1] == two.split("\n")[-1] else "collection.data"
    severity = Severity.EDITORIAL if rule == "date.label" else Severity.MATERIAL
    made = Change("c1", rule, "s", None, Direction.NEUTRAL, severity, one, two, Consent.NONE, "", rule, "")
    return Comparison("a", "b", (made,))


DAYS = st.dates(date(2015, 1, 1), date(2015, 12, 31))
TEXTS = st.builds(
    lambda day, words: (f"Effective date: {day.isoformat()}\n" if day else "") + f"We collect {words}.",
    st.none() | DAYS,
    st.sampled_from("abc"),
)
TODAY = date(2015, 11, 1)


@given(st.lists(st.tuples(DAYS, TEXTS), max_size=9))
def test_days_rise_and_none_is_earlier_than_its_commit(history: list[tuple[date, str]]) -> None:
    revisions = [Revision(f"{n:040x}", day, "s", "p.md", text) for n, (day, text) in enumerate(history)]
    found = past(revisions, _compare)
    made = taking(found, TODAY, _compare)
    days = [each.effective for each in made.versions]
    assert days == sorted(set(days)) and all(day <= TODAY for day in days)
    committed = {each.commit: each.day for each in revisions}
    for each in made.versions:
        assert committed[each.revision.commit] <= each.revision.day <= each.effective
        assert each.effective in (each.revision.day, effective_date(each.revision.text))
        assert all(committed[commit] <= TODAY for commit in (each.revision.commit, *each.folded))
    assert [each.revision.day for each in made.versions] == sorted(each.revision.day for each in made.versions)
    held = [commit for each in made.versions for commit in (each.revision.commit, *each.folded)]
    assert len(held) == len(set(held))
    for one, two in zip(made.versions, made.versions[1:], strict=False):
        assert two.comparison == _compare(one.revision.text, two.revision.text) and two.comparison.changes


def take(*history: tuple[str, str]) -> Taking:
    revisions = [
        Revision(f"{n:040x}", date.fromisoformat(day), "s", "p.md", text) for n, (day, text) in enumerate(history)
    ]
    return taking(past(revisions, _compare), TODAY, _compare)


def text(words: str, day: str = "") -> str:
    return (f"Effective date: {day}\n" if day else "") + f"We collect {words}."


def test_a_date_label_that_moves_before_its_day_moves_the_day() -> None:
    made = take(
        ("2015-01-01", text("a")), ("2015-02-01", text("b", "2015-04-01")), ("2015-03-01", text("b", "2015-05-01"))
    )
    assert [each.id for each in made.versions] == ["2015-01-01", "2015-05-01"]
    assert (made.versions[1].announced, made.versions[1].days_ahead) == ("in time", 89)
    late = take(
        ("2015-01-01", text("a")), ("2015-02-01", text("b", "2015-02-03")), ("2015-03-01", text("b", "2015-05-01"))
    )
    assert [each.id for each in late.versions] == ["2015-01-01", "2015-02-03"]


def test_a_text_replaced_before_its_day_is_told_by_the_later_one() -> None:
    made = take(
        ("2015-01-01", text("a")), ("2015-02-01", text("b", "2015-04-01")), ("2015-03-30", text("c", "2015-04-01"))
    )
    assert [each.id for each in made.versions] == ["2015-01-01", "2015-04-01"]
    assert (made.versions[1].announced, len(made.versions[1].folded)) == ("not stated", 1)
    back = take(("2015-01-01", text("a")), ("2015-02-01", text("b", "2015-04-01")), ("2015-03-01", text("a")))
    assert [each.id for each in back.versions] == ["2015-01-01"]
    assert "says the same as the text before it" in back.remarks[-1]


def test_a_past_without_a_present_makes_no_version() -> None:
    assert take(("2015-12-01", text("a"))).versions == () and take().versions == ()
    nothing: tuple[Past, ...] = ()
    assert taking(nothing, TODAY, _compare).remarks == ()
