"""A review for a terminal: what changed, what is left to do, from when it may take effect."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from policytrail.check.review import Review
from policytrail.model.dates import in_words
from policytrail.render.diff.terminal import comparison_text

_SHOWN_REMARKS = 5
_SHOWN_BLOCKS = 10  # of those that are settled in the same way
_ALL = "'policytrail check --format json' lists all."


def render(review: Review) -> str:
    """The whole review as plain text."""
    return "\n".join(filter(None, (out(review), err(review))))


def out(review: Review) -> str:
    """What belongs on standard output: the changes, what to look at, from when it may take effect."""
    lines = []
    if review.comparison:
        same = "The draft says the same as the newest version." if review.comparison.old else _FIRST
        lines.append(comparison_text(review.comparison) if review.comparison.changes else same)
    lines += _remarks(review)
    lines += [earliest(review)] if review.comparison and (review.comparison.changes or not review.old) else []
    return "\n".join(lines)


def err(review: Review) -> str:
    """What belongs on standard error: problems, what blocks a release and how to settle it, the verdict."""
    lines = [str(problem) for problem in review.problems]
    for settle, alike in groupby(review.blocks, key=attrgetter("settle")):
        sentences = [block.sentence for block in alike]
        lines += [f"Blocks a release: {sentence}" for sentence in sentences[:_SHOWN_BLOCKS]]
        rest = len(sentences) - _SHOWN_BLOCKS
        lines += [f"Blocks a release: and {rest} more of these; {_ALL}"] if rest > 0 else []
        lines += [f"    {settle}"]
    return "\n".join(lines) or "The sources are sound; nothing blocks a release."


_FIRST = "No version is released yet; this draft would be the first."


def earliest(review: Review) -> str:
    """From when the draft may take effect if notice were given on the review's day."""
    if review.earliest is None:
        return ""
    days = f" ({review.owed.days} days of notice)" if review.owed.days else ""
    told = f"Released on {review.as_of}, it may take effect from {review.earliest}{days}"
    if review.earliest_if_material and review.earliest_if_material != review.earliest:
        worst = review.earliest_if_material
        return f"{told}; from {worst} ({in_words(worst)}) if an open ruling comes out material."
    return f"{told}."


def _remarks(review: Review) -> list[str]:
    lines = [f"Note: {remark}" for remark in review.remarks[:_SHOWN_REMARKS]]
    rest = len(review.remarks) - len(lines)
    return [*lines, f"Note: and {rest} more; {_ALL}"] if rest else lines
