"""Word files of a policy: the clean text, and a redline of two. Where exports and comparisons come in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from policytrail.model.policy import Snapshot

from .layout import laid_out, plain_layout
from .package import docx
from .revisions import revised, unchanged


def policy_docx(snapshot: Snapshot, on: date | None = None, lines: Sequence[str] = ()) -> bytes:
    """In: a snapshot, a day to date the file by (else that of its label), sentences below the title.

    Out: a .docx in which each clause is bookmarked.
    """
    policy = snapshot.policy
    day = on or date.fromisoformat(policy.last_updated or "1980-01-01")
    paragraphs = unchanged(laid_out(snapshot, lines))
    when = datetime.combine(day, time(), UTC)
    return docx(paragraphs, policy.title, policy.organization.name, when, policy.language)


def redline_docx(old: Snapshot, new: Snapshot, when: datetime) -> bytes:
    """In: two snapshots, and the instant that the tracked changes carry. Out: a .docx; accepting all gives the new text."""
    paragraphs = revised(laid_out(old), laid_out(new))
    return docx(paragraphs, new.policy.title, new.policy.organization.name, when, new.policy.language)


def texts_docx(old: str, new: str, title: str, when: datetime) -> bytes:
    """The same for two policies that nobody structured, as Markdown."""
    return docx(revised(plain_layout(old), plain_layout(new)), title, "policytrail", when)
