"""A review for a terminal: what changed, what is left to do, from when it may take effect."""

from __future__ import annotations

from ...model.dates import in_words
from ...render.terminal import comparison_text
from ..review import Review

_SHOWN_REMARKS = 5


def render(review: Review) -> str:
    """The review as plain text, the verdict last. Problems aren't in it: like every refusal they go to standard error."""
    lines: list[str] = []
    if review.comparison:
        same = "The draft says the same as the newest version." if review.comparison.old else _FIRST
        lines.append(comparison_text(review.comparison) if review.comparison.changes else same)
    for block in review.blocks:
        lines += [f"Blocks a release: {block.sentence}", f"    {block.settle}"]
    lines += _remarks(review)
    lines += [earliest(review)] if review.comparison and (review.comparison.changes or not review.old) else []
    if not review.problems and not review.blocks:
        lines.append("The sources are sound; nothing blocks a release.")
    return "\n".join(lines)


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
    lines = [f"Note: {each}" for each in review.remarks[:_SHOWN_REMARKS]]
    rest = len(review.remarks) - len(lines)
    return [*lines, f"Note: and {rest} more; 'policytrail check --format json' lists all."] if rest else lines
