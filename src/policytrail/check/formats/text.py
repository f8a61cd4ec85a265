"""A review for a terminal: what changed, what is left to do, from when it may take effect."""

from __future__ import annotations

from policytrail.check.review import Review
from policytrail.model.dates import in_words
from policytrail.release.refusals.refusal import lines
from policytrail.render.diff.terminal import comparison_text

_SHOWN_REMARKS = 5
_ALL = "'policytrail check --format json' lists all."


def render(review: Review) -> str:
    """The whole review as plain text."""
    return "\n".join(filter(None, (out(review), err(review))))


def out(review: Review) -> str:
    """What belongs on standard output: the changes, what to look at, from when it may take effect."""
    shown = []
    if review.comparison:
        same = "The draft says the same as the newest version." if review.comparison.old else _FIRST
        shown.append(comparison_text(review.comparison) if review.comparison.changes else same)
    shown += _remarks(review)
    shown += [earliest(review)] if review.comparison and (review.comparison.changes or not review.old) else []
    return "\n".join(shown)


def err(review: Review) -> str:
    """What belongs on standard error: problems, what blocks a release and how to settle it, the verdict."""
    found = [str(problem) for problem in review.problems] + lines(review.blocks, "Blocks a release: ")
    return "\n".join(found) or _SOUND


_SOUND = "The sources are sound; nothing blocks a release."
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
    shown = [f"Note: {remark}" for remark in review.remarks[:_SHOWN_REMARKS]]
    rest = len(review.remarks) - len(shown)
    return [*shown, f"Note: and {rest} more; {_ALL}"] if rest else shown
