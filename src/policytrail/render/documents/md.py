"""The policy as Markdown."""

from __future__ import annotations

from policytrail.model.policy_markdown import policy_markdown

from . import Document


def document(given: Document) -> bytes:
    """The same words as the site's policy.md."""
    return policy_markdown(given.snapshot, given.lines).encode()
