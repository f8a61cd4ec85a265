"""Ways to let a change pass quietly, tried by somebody who may write: each is refused, listed or on record."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from samples import commit, edit
from world import JOB, World

from policytrail.archive.snapshot_json import from_record, to_record
from policytrail.compare.differences import compare
from policytrail.sources.load import load_draft

SAYS_SO = "A rule calls this change material. A person ruled it editorial."


def changes(made: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(made.cli("check", "--format", "json").stdout)["comparison"]["changes"]
    return found


def test_a_label_that_changes_is_a_listed_change(tmp_path: Path) -> None:
    made = World(tmp_path / "repo")
    made.edit(("vocabulary.yaml", "label: personal information", "label: anonymous statistics"))
    [change] = changes(made)
    assert (change["subject"], change["rule"], change["undecided"]) == ("vocabulary:data:user", "label", True)
    assert change["after"] == "anonymous statistics"
    made.release("2020-03-01", "2020-03-01", status=3)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in _leaves(inner, (*path, key))]
    if isinstance(value, list):
        return [leaf for place, inner in enumerate(value) for leaf in _leaves(inner, (*path, place))]
    return [path] if isinstance(value, str) else []


def test_whatever_is_sealed_and_differs_is_a_difference(tmp_path: Path) -> None:
    made = World(tmp_path / "repo")
    whole = to_record(load_draft(made.root / "policy"))
    before, tried = from_record(copy.deepcopy(whole)), 0
    for path in _leaves(whole):
        if path[0] == "vocabulary" and path[-1] == "key":
            continue  # the practices that use the word name it by its key
        record = copy.deepcopy(whole)
        holder: Any = record
        for part in path[:-1]:
            holder = holder[part]
        holder[path[-1]] += "x"
        try:
            after = from_record(record)
        except ValueError:
            continue  # no such snapshot can be frozen
        if to_record(after) == whole:
            continue
        tried += 1
        assert compare(before, after), path
    assert tried > 40


def test_a_ruling_alone_does_not_lower_what_a_rule_proves(tmp_path: Path) -> None:
    made = World(tmp_path / "repo").edit(JOB)
    [change] = changes(made)
    words = ("decide", change["id"], "editorial", "--reason", "nobody minds", "--by", "A. Lawyer")
    refused = made.run(*words, status=3)
    assert "A rule proves this material" in refused.stderr and "--override" in refused.stderr
    made.run(*words, "--override")
    commit(made.root)
    [lowered] = changes(made)
    assert (lowered["severity"], lowered["proposed_severity"], lowered["lowered"]) == ("editorial", "material", True)


def test_a_ruling_written_by_hand_does_not_lower_it_either(tmp_path: Path) -> None:
    made = World(tmp_path / "repo").edit(JOB)
    [change] = changes(made)
    made.run("decide", change["id"], "editorial", "--reason", "x", "--by", "A. Lawyer", "--override")
    path = made.root / "policy/decisions.yaml"
    path.write_text(path.read_text().replace("  override: true\n", ""))
    commit(made.root)
    [still] = changes(made)
    assert (still["severity"], still["decision"]) == ("material", None)
    assert "--override" in made.cli("check").output


def test_what_a_rule_said_stays_on_the_page_and_in_verify(tmp_path: Path) -> None:
    made = World(tmp_path / "repo").edit(JOB)
    [change] = changes(made)
    made.run("decide", change["id"], "editorial", "--reason", "x", "--by", "A. Lawyer", "--override")
    commit(made.root)
    made.release("2020-03-01", "2020-03-01")
    frozen = json.loads((made.root / "versions/2020-03-01/comparison.json").read_text())["changes"][0]
    assert (frozen["lowered"], frozen["decision"]["override"]) == (True, True)
    site = made.site("2020-03-01")
    assert SAYS_SO in (site / "versions/2020-03-01/changes/index.html").read_text()
    assert "A rule calls this change material." in (site / "audit/index.html").read_text()
    assert f"a rule calls {change['id']} material" in made.run("verify", "--as-of", "2020-03-02").stderr


@pytest.mark.parametrize("second", ["", "Ada Lawyer", "Nobody Known"])
def test_two_persons_are_needed_to_lower_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, second: str) -> None:
    made = World(tmp_path / "repo")
    people = (
        "two_persons: true\npeople:\n"
        "  - {name: Ada Lawyer, emails: [ada@post.example], may: [decide, release]}\n"
        "  - {name: Ben Counsel, emails: [ben@post.example], may: [decide]}\n"
    )
    (made.root / "policy/approvers.yaml").write_text(people)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@post.example")
    edit(made.root, *JOB)
    commit(made.root)
    [change] = changes(made)
    words = ("decide", change["id"], "editorial", "--reason", "x", "--by", "Ada Lawyer", "--override")
    assert "second person" in made.run(*words, *(("--second", second) if second else ()), status=3).stderr
    made.run(*words, "--second", "Ben Counsel")
    path = made.root / "policy/decisions.yaml"
    path.write_text(path.read_text().replace("Ben Counsel", second or "Ada Lawyer"))
    commit(made.root)
    assert "doesn't count" in made.run("check", status=3).output
