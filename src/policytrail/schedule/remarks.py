"""What a version on record lacks or contradicts, for people to look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from policytrail.model.version import Evidence, Version

from .notice_completion import seen, unreachable


def remarks(version: Version, known: Sequence[Evidence], as_of: date) -> tuple[str, ...]:
    """What doesn't move a date, but people should know of the proof so far."""
    found = []
    if "site" in (*version.duty.any_of, *version.duty.all_of):
        looks = [each.last for each in seen(evidence for evidence in known if evidence.kind == "observed")]
        if not looks:
            found.append("Nobody has looked yet whether the published site shows it; run 'policytrail observe'.")
        elif (as_of - max(looks)).days > 1:
            found.append(f"The published site was last looked at on {max(looks)}; run 'policytrail observe'.")
    mailings = [unreachable(evidence.record) for evidence in known if evidence.kind == "email"]
    if mailings and mailings[-1][0]:
        lost, number = mailings[-1]
        covered = "the notice on the site covers them" if "site" in version.duty.any_of else "they need a second way"
        found.append(f"{lost} of {number} people couldn't be reached by email; {covered}.")
    return tuple(found)
