"""A small policy of an invented company, written to disk as real sources, for tests of the ends."""

from __future__ import annotations

import http.server
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

POLICY = """\
title: Privacy policy
organization:
  name: Example Post
  legal_name: Example Post Ltd.
  address: [1 Main Street, Springfield]
  email: privacy@post.example
site_url: https://policy.post.example/
time_zone: America/Los_Angeles
last_updated: 2020-01-01
regimes: [promise]
sections:
  - id: collection
    title: What we collect
    clauses: [collection/registration]
  - id: sharing
    title: Sharing
    clauses: [sharing/promise, sharing/processors]
  - id: changes
    title: Changes
    clauses: [changes/notice, contact]
"""

PRACTICES = """\
- id: collection.registration
  type: collection
  title: Registration
  data: [user.name, user.contact.email]
  purposes: [essential.service]
  source: [given]
- id: sharing.rule
  type: commitment
  title: No sharing
  modality: does_not
  operations: [sell, share]
  data: [user]
  exceptions: [sharing.processors]
- id: sharing.processors
  type: disclosure
  title: Mail providers
  modality: may
  data: [user.contact.email]
  recipients: [{id: mail_provider, role: processor}]
  purposes: [essential.service]
  safeguard: [confidentiality_agreement]
  exception_to: sharing.rule
- id: changes.material
  type: notice
  title: Notice of material changes
  on: {severity: material, scope: [collection, use, disclosure]}
  period_days: 30
  count: full_days
  timing: before_effective
  channels: {any_of: [{kind: email}, {kind: site, for_whole_window: true}]}
- id: contact.office
  type: contact
  title: Privacy office
  entity: Example Post Ltd.
  channels: [{kind: email, value: privacy@post.example}, {kind: post, value: "1 Main Street, Springfield"}]
"""

RECIPIENTS = """\
- id: mail_provider
  label: mail providers
"""

VOCABULARY = """\
data:
  - {key: user, label: personal information}
  - {key: user.contact.email, label: email address}
  - {key: user.behavior.x_parcels, label: parcels sent}
"""

CLAUSES = {
    "collection/registration": (
        "Registration",
        ["collection.registration"],
        "When you register we ask for your {{ practices.collection.registration.data | and_list }}.",
    ),
    "sharing/promise": (
        "Our promise",
        ["sharing.rule"],
        "We do not sell or share personal information, except as told below.",
    ),
    "sharing/processors": (
        "Mail providers",
        ["sharing.processors"],
        "Mail providers that work for us may see your email address.",
    ),
    "changes/notice": (
        "Changes",
        ["changes.material"],
        "Before a material change we tell you by email or on our site "
        "for {{ practices.changes.material.period_days }} days before it takes effect.",
    ),
    "contact": (
        "Contact",
        ["contact.office"],
        "Write to {{ organization.legal_name }} at {{ organization.email }}, or to {{ organization.address | join(', ') }}.",
    ),
}


def clause(title: str, states: list[str], text: str) -> str:
    """One clause file."""
    return f"---\ntitle: {title}\nstates: [{', '.join(states)}]\n---\n{text}\n"


def write_policy(root: Path) -> Path:
    """Write the whole policy below `root`; returns `root`."""
    policy = root / "policy"
    files = {
        "policy.yaml": POLICY,
        "practices/all.yaml": PRACTICES,
        "recipients.yaml": RECIPIENTS,
        "vocabulary.yaml": VOCABULARY,
    }
    files |= {f"clauses/{name}.md": clause(*content) for name, content in CLAUSES.items()}
    for name, text in files.items():
        path = policy / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def edit(root: Path, name: str, old: str, new: str) -> None:
    """Replace text in one source file; the old text must be there."""
    path = root / "policy" / name
    text = path.read_text()
    assert old in text, f"{old!r} isn't in {name}"
    path.write_text(text.replace(old, new))


def git(root: Path, *words: str) -> str:
    """Run git in the folder with an identity of the test's own."""
    who = ["-c", "user.name=Test", "-c", "user.email=test@post.example", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True, text=True).stdout


def commit(root: Path, message: str = "edit the sources") -> None:
    """Commit everything in the folder."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "-m", message)


def repository(root: Path) -> Path:
    """A git repository with the sample policy committed."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "--quiet")
    git(root, "config", "user.name", "Test")
    git(root, "config", "user.email", "test@post.example")
    write_policy(root)
    (root / ".gitignore").write_text("site/\n")
    commit(root, "the first sources")
    return root


def forget(root: Path) -> None:
    """Put one commit without a past in the place of all history: what was rewritten is then as if it had always been so."""
    git(root, "update-ref", "HEAD", git(root, "commit-tree", "-m", "all new", "HEAD^{tree}").strip())
    git(root, "tag", "-d", *git(root, "tag").split())


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a web server for a folder."""
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
