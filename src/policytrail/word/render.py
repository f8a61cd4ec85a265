"""Word files of a policy: the clean text, and a redline of two. The places where exports and comparisons come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..model.policy import Snapshot
from .layout import laid_out, plain_layout
from .package import docx
from .revisions import revised, unchanged


def policy_docx(snapshot: Snapshot, when: datetime, lines: Sequence[str] = ()) -> bytes:
    """In: a snapshot, an instant to date the file by, sentences below the title. Out: a .docx, each clause bookmarked."""
    policy = snapshot.policy
    paragraphs = unchanged(laid_out(snapshot, lines))
    return docx(paragraphs, policy.title, policy.organization.name, when, policy.language)


def redline_docx(old: Snapshot, new: Snapshot, when: datetime) -> bytes:
    """In: two snapshots, and the instant that the tracked changes carry. Out: a .docx; accepting all gives the new text."""
    paragraphs = revised(laid_out(old), laid_out(new))
    return docx(paragraphs, new.policy.title, new.policy.organization.name, when, new.policy.language)


def texts_docx(old: str, new: str, title: str, when: datetime) -> bytes:
    """The same for two policies that nobody structured, as Markdown."""
    return docx(revised(plain_layout(old), plain_layout(new)), title, "policytrail", when)
