"""Proposals wait apart from the policy until a person accepts, corrects or rejects each; none of it is ever in the way."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from conftest import Cli
from policytrail.errors import SourceError
from policytrail.importers.draft.accept import stating
from policytrail.sources.load import load_draft

TEXT = """\
# Acme privacy policy

Acme Widgets Inc. runs this site.

## What we collect

We collect your name and email address. We keep your name for 2 years.

## Sharing

We share your email address with service providers. Zebras are striped, and we never share them.

## Contact

Write to Acme Widgets Inc., 1 Main Street, Springfield, IL 62701, or privacy@acme.example.
"""


@pytest.fixture
def acme(tmp_path: Path) -> Cli:
    (tmp_path / "acme.md").write_text(TEXT)
    options = ("--url", "https://privacy.acme.example/", "--yes")
    result = Cli(tmp_path)("init", "repo", "--from", "acme.md", *options)
    assert result.exit_code == 0, result.output
    return Cli(tmp_path / "repo")


def waiting(cli: Cli) -> list[str]:
    return [one["practice"]["id"] for one in json.loads(cli("review", "--format", "json").stdout) if "practice" in one]


def test_accepting_writes_the_practice_and_the_clause_states_it(acme: Cli) -> None:
    names = waiting(acme)
    result = acme("review", *(word for name in names for word in ("--accept", name)))
    assert result.exit_code == 0, result.output
    draft = load_draft(acme.folder / "policy")
    assert set(draft.practices) == set(names) and not any(practice.proposed for practice in draft.practices.values())
    assert all(draft.stating(name) for name in names)
    assert waiting(acme) == [] and acme("check").exit_code == 0


def test_rejecting_drops_it_and_leaves_the_rest(acme: Cli) -> None:
    first, *others = waiting(acme)
    before = load_draft(acme.folder / "policy")
    assert acme("review", "--reject", first).exit_code == 0
    assert waiting(acme) == others and load_draft(acme.folder / "policy") == before


def test_a_proposal_that_does_not_fit_is_refused_and_nothing_changes(acme: Cli) -> None:
    path = acme.folder / "policy/proposals.yaml"
    entries = yaml.safe_load(path.read_text())
    entries[[bool(entry.get("practice")) for entry in entries].index(True)]["practice"]["data"] = ["no.such.key"]
    path.write_text(yaml.safe_dump(entries, sort_keys=False))
    before = {file: file.read_bytes() for file in acme.folder.rglob("policy/**/*") if file.is_file()}
    name = next(entry["practice"]["id"] for entry in entries if "practice" in entry)
    result = acme("review", "--accept", name)
    assert (result.exit_code, "no.such.key" in result.stderr) == (1, True), result.output
    assert {file: file.read_bytes() for file in before} == before


def test_a_broken_file_is_named_with_its_line(acme: Cli) -> None:
    (acme.folder / "policy/proposals.yaml").write_text("- clause: a\n  unread: b\n- clause: c\n")
    result = acme("review", "--list")
    assert (result.exit_code, result.stderr.startswith("policy/proposals.yaml:3: This entry is no proposal.")) == (
        1,
        True,
    )


def test_an_unknown_name_is_wrong_usage(acme: Cli) -> None:
    assert acme("review", "--accept", "nothing.here").exit_code == 2


@pytest.mark.parametrize(
    ("states", "after"),
    [
        ("states: []", "states: [a.b]"),
        ("states: [x.y]", "states: [x.y, a.b]"),
        ("states:\n- x.y\n- z.z", "states: [x.y, z.z, a.b]"),
        ("states: [a.b]", "states: [a.b]"),
    ],
)
def test_a_clause_states_one_more(states: str, after: str) -> None:
    assert stating(f"---\ntitle: T\n{states}\n---\nText.\n", "a.b") == f"---\ntitle: T\n{after}\n---\nText.\n"


def test_a_clause_without_states_is_refused() -> None:
    with pytest.raises(SourceError, match=r"states: \[a.b\]"):
        stating("---\ntitle: T\n---\nText.\n", "a.b")


def test_a_person_walks_through_them_by_single_keys(acme: Cli) -> None:
    """Accept the first, undo that, reject it, leave the second, quit: on a real terminal."""
    names = waiting(acme)
    main, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "policytrail", "review"], cwd=acme.folder, stdin=side, stdout=side, stderr=side
    )
    os.close(side)
    shown, keys, key = b"", iter("aurlq"), b""
    while process.poll() is None:
        if select.select([main], [], [], 0.3)[0]:
            try:
                shown += os.read(main, 4096)
            except OSError:  # the terminal is gone with the process
                break
            key = b""
        elif shown.endswith(b"[q]uit: "):  # a key that came before the terminal was ready is lost: it is pressed again
            key = key or next(keys).encode()
            os.write(main, key)
    assert process.wait() == 0, shown.decode(errors="replace")
    assert waiting(acme) == names[1:]
    assert load_draft(acme.folder / "policy").practices == {}
