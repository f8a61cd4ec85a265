"""The worked example: three frozen versions of a real policy, the differences known beforehand, and their notice."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from places import ROOT
from samples import git

from conftest import Cli
from policytrail.archive.store import load_versions
from policytrail.verify.verify import verify
from policytrail.workspace import Workspace

# What is known to differ, by clause: the highest severity among its changes, after the rulings.
KNOWN = {
    ("2009-10-27", "2011-09-06"): {
        "sharing/joint-initiatives": "material",
        "sharing/usps": "editorial",
        "": "editorial",
    },
    ("2011-09-06", "2014-01-01"): {
        "collection/registration": "material",
        "cookies/partners": "material",
        "cookies/do-not-track": "material",
        "sharing/unfinished-registration": "material",
        "sharing/service-partners": "review",
        "sharing/usps": "review",
        "additional/links": "material",
        "additional/blogs": "material",
        "additional/widgets": "material",
        "changes/material-change": "review",
        "access/retention": "material",
        "contact/address": "editorial",
        "truste/seal": "review",
        "": "editorial",
    },
}


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """A copy of the example in a git repository of its own."""
    root = tmp_path / "example"
    root.mkdir()
    for name in ("policy", "templates", "versions"):
        shutil.copytree(ROOT / name, root / name)
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "-m", "the example")
    return root


@pytest.mark.parametrize("pair", list(KNOWN))
def test_every_known_difference_is_found_with_its_severity_and_no_other(example: Path, pair: tuple[str, str]) -> None:
    result = Cli(example)("diff", *pair, "--format", "json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    rank = ["editorial", "review", "material"]
    worst: dict[str, str] = {}
    for change in found["changes"]:
        clause = change["clause"] or ""
        worst[clause] = max(worst.get(clause, "editorial"), change["severity"], key=rank.index)
    assert worst == KNOWN[pair]
    assert (found["severity"], found["notice_days"], found["undecided"]) == ("material", 30, 0)


@pytest.mark.parametrize(
    ("day", "current", "pending"),
    [
        ("2011-08-06", "2009-10-27", ["2011-09-06"]),
        ("2011-09-06", "2011-09-06", []),
        ("2013-12-15", "2011-09-06", ["2014-01-01"]),
        ("2013-12-31", "2011-09-06", ["2014-01-01"]),
        ("2014-01-01", "2014-01-01", []),
    ],
)
def test_each_day_has_its_text(example: Path, day: str, current: str, pending: list[str]) -> None:
    cli = Cli(example)
    standing = json.loads(cli("status", "--as-of", day, "--format", "json").stdout)
    assert (standing["current"], [each["id"] for each in standing["pending"]]) == (current, pending)
    assert cli("build", "--as-of", day).exit_code == 0
    site = example / "site"
    notice = json.loads((site / "api/v1/notice.json").read_text())
    assert notice["current"]["id"] == current
    assert [each["id"] for each in notice["pending"]] == pending
    front = (site / "index.html").read_text()
    assert ('id="policy-notice"' in front) is bool(pending)
    assert (site / "upcoming/index.html").exists() is bool(pending)
    script = (site / "notice.js").read_text()
    assert all(each in script for each in pending)


def test_without_proof_the_old_text_stays(example: Path) -> None:
    shutil.rmtree(example / "versions/2014-01-01/evidence")
    git(example, "commit", "--quiet", "--all", "-m", "the record is lost")
    result = Cli(example)("build", "--as-of", "2014-01-01")
    assert result.exit_code == 3
    assert "no complete notice is proven" in result.output
    assert "from 2014-02-01 at the earliest" in result.output
    assert json.loads((example / "site/api/v1/notice.json").read_text())["current"]["id"] == "2011-09-06"


def test_the_announcements_leave_the_promised_days() -> None:
    versions = {each.id: each for each in load_versions(Workspace(ROOT))}
    assert versions["2014-01-01"].announced <= date(2013, 12, 1)
    assert versions["2011-09-06"].announced <= date(2011, 8, 6)
    assert verify(Workspace(ROOT), date(2014, 1, 2)).broken == ()
    assert verify(Workspace(ROOT), date(2014, 1, 2)).unproven == ()


@pytest.mark.slow
def test_any_changed_byte_of_a_frozen_file_is_found_and_named(example: Path) -> None:
    for path in sorted((example / "versions").rglob("*.*")):
        content = path.read_bytes()
        for place in range(0, len(content), max(1, len(content) // 3)):
            path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            broken = verify(Workspace(example), date(2014, 1, 2)).broken
            assert path.relative_to(example).as_posix() in {each.path for each in broken}
        path.write_bytes(content)
