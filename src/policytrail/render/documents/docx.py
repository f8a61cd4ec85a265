"""The policy as a Word file, each clause bookmarked by its id."""

from __future__ import annotations

from . import Document
from .docx_package import policy_docx


def document(given: Document) -> bytes:
    """The bytes of the file: the same for the same words."""
    return policy_docx(given.snapshot, given.effective, given.lines)
