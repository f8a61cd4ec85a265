"""The places of a policy repository, and of each document in it: where sources, versions and records lie.

Pure: nothing is read here, and every name of a file or folder that has a fixed place is written down here only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MAIN = "policy"  # the id of the main document
POLICY, VERSIONS, TEMPLATES, SITE, STATE = "policy", "versions", "templates", "site", ".policytrail"
POLICY_FILE = f"{POLICY}/policy.yaml"
DECISIONS = f"{POLICY}/decisions.yaml"
APPROVERS = f"{POLICY}/approvers.yaml"
TRANSLATIONS = f"{POLICY}/translations"
CONFIGURATION = "mkdocs.yml"


@dataclass(frozen=True)
class Document:
    """One published text with clauses and versions of its own. A version's git tag is its id after `tag_prefix`."""

    id: str
    sources: Path
    versions: Path
    tag_prefix: str = ""

    @property
    def clauses(self) -> Path:
        """The folder of its clauses."""
        return self.sources / "clauses"

    def version(self, identity: str) -> Path:
        """The folder of one version."""
        return self.versions / identity

    def tag(self, identity: str) -> str:
        """The name of the git tag of one version."""
        return f"{self.tag_prefix}{identity}"


@dataclass(frozen=True)
class Workspace:
    """A policy repository by its root folder. Made once, where a command begins."""

    root: Path

    def document(self, identity: str = MAIN) -> Document:
        """The places of one document; without an id those of the main one."""
        if identity == MAIN:
            return Document(MAIN, self.root / POLICY, self.root / VERSIONS)
        return Document(
            identity, self.root / POLICY / "documents" / identity, self.root / VERSIONS / identity, f"{identity}/"
        )

    @property
    def policy(self) -> Path:
        """The sources: of the main document, and what all documents share."""
        return self.root / POLICY

    @property
    def versions(self) -> Path:
        """The frozen versions."""
        return self.document().versions

    @property
    def templates(self) -> Path:
        """The templates that this repository has of its own."""
        return self.root / TEMPLATES

    @property
    def site(self) -> Path:
        """Where the site is built, unless another place is named."""
        return self.root / SITE

    @property
    def decisions(self) -> Path:
        """The rulings on changes."""
        return self.root / DECISIONS

    @property
    def approvers(self) -> Path:
        """Who may decide and release; the file may be missing."""
        return self.root / APPROVERS

    @property
    def configuration(self) -> Path:
        """The configuration of the site for MkDocs."""
        return self.root / CONFIGURATION

    @property
    def ledger(self) -> Path:
        """The ledger of deliveries, unless another one is named."""
        return self.root / STATE / "ledger.sqlite"

    def version(self, identity: str) -> Path:
        """The folder of one version of the main document."""
        return self.document().version(identity)

    def evidence(self, identity: str, number: int, kind: str) -> Path:
        """The file of one record of evidence."""
        return self.version(identity) / "evidence" / f"{number:04d}-{kind}.json"

    def shown(self, path: Path) -> str:
        """A path as messages and git name it: from the root, with forward slashes."""
        return path.relative_to(self.root).as_posix()
