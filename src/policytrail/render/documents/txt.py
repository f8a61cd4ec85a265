"""The policy as plain text."""

from __future__ import annotations

from policytrail.render.shared.markdown import policy_text

from . import Document


def document(given: Document) -> bytes:
    """The same words as the site's policy.txt."""
    return policy_text(given.snapshot, given.lines).encode()
