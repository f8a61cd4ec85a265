"""A policy repository through time: releases, notices and looks at the site as people make them, for tests of the schedule."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import Result
from samples import clause, commit, edit, git, repository

from conftest import Cli
from policytrail.archive.store import append_evidence
from policytrail.workspace import Workspace

ALL = "practices/all.yaml"
JOB = (ALL, "[user.name, user.contact.email]", "[user.name, user.contact.email, user.job_title]")
PURPOSE = (ALL, "purposes: [essential.service]\n  source", "purposes: [essential.service, marketing]\n  source")
TYPO = ("clauses/sharing/promise.md", "information, except", "information - except")
REWORDED = ("clauses/contact.md", "Write to", "You may write to")
CHOICE = """\
- id: choice.leave
  type: choice
  title: Close your account
  kind: closure
  mechanisms: [{kind: email, url: "mailto:privacy@post.example"}]
"""


class World:
    """The sample repository with its first version in force since 2020-01-01."""

    def __init__(self, folder: Path, *edits: tuple[str, str, str], choice: bool = False) -> None:
        self.root = repository(folder)
        self.cli = Cli(self.root)
        if choice:
            with (self.root / "policy" / ALL).open("a") as stream:
                stream.write(CHOICE)
            text = clause("Leaving", ["choice.leave"], "You can close your account by writing to us.")
            (self.root / "policy/clauses/leaving.md").write_text(text)
            edit(self.root, "policy.yaml", "contact]", "contact, leaving]")
        self.edit(*edits)
        self.release("2020-01-01", "2020-01-01")

    def edit(self, *edits: tuple[str, str, str]) -> World:
        """Change the sources and commit them."""
        for each in edits:
            edit(self.root, *each)
        commit(self.root)
        return self

    def run(self, *words: str, status: int = 0) -> Result:
        """Run a command and insist on its exit status."""
        result = self.cli(*words)
        assert result.exit_code == status, (words, result.output)
        return result

    def release(self, effective: str, as_of: str, *words: str, status: int = 0) -> Result:
        """Release the draft."""
        return self.run("release", "--effective", effective, "--as-of", as_of, *words, status=status)

    def decide(self, severity: str, *words: str, effective: str | None = None) -> list[str]:
        """Rule on every open change of the draft; returns their ids."""
        before = ("--effective", effective) if effective else ()
        found = json.loads(self.cli("check", "--format", "json", *before).stdout)["comparison"]["changes"]
        ids = [each["id"] for each in found if each["undecided"]]
        self.run("decide", *ids, severity, "--reason", "looked at it", "--by", "A. Lawyer", *before, *words)
        commit(self.root)
        return ids

    def status(self, day: str, status: int | None = None) -> dict[str, Any]:
        """What `status --format json` says of a day."""
        result = self.cli("status", "--as-of", day, "--format", "json")
        assert status is None or result.exit_code == status, result.output
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    def current(self, day: str) -> str:
        """The version in force on a day."""
        return str(self.status(day)["current"])

    def pending(self, day: str, identity: str) -> dict[str, Any]:
        """How one version that isn't in force stands on a day."""
        return next(each for each in self.status(day)["pending"] if each["id"] == identity)

    def evidence(self, identity: str, kind: str, on: str, record: dict[str, Any]) -> None:
        """Append a record as delivery does, and commit it."""
        append_evidence(Workspace(self.root), identity, kind, date.fromisoformat(on), record)
        commit(self.root, f"{kind} of {identity}")

    def manifest(self, identity: str) -> dict[str, Any]:
        """A version's manifest."""
        found: dict[str, Any] = json.loads((self.root / "versions" / identity / "manifest.json").read_text())
        return found

    def records(self, identity: str) -> list[dict[str, Any]]:
        """A version's records of evidence, in order."""
        listed = sorted((self.root / "versions" / identity / "evidence").glob("*.json"))
        return [json.loads(each.read_text()) for each in listed]

    def site(self, day: str) -> Path:
        """The site as published on a day."""
        out = self.root / "site"
        result = self.cli("build", "--as-of", day)
        assert result.exit_code in (0, 3), result.output
        return out

    def notice(self, day: str) -> dict[str, Any]:
        """The published notice.json of a day."""
        found: dict[str, Any] = json.loads((self.site(day) / "api/v1/notice.json").read_text())
        return found

    def head(self) -> str:
        """The newest commit's message."""
        return git(self.root, "log", "-1", "--format=%B")
