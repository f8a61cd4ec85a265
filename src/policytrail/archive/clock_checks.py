"""A day that is named must not lie before what is recorded. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from policytrail.errors import NoticeRefusal
from policytrail.model.version import TRANSLATION, Version


def refuse_time(as_of: date, versions: Sequence[Version]) -> None:
    """Raise NoticeRefusal for a day before the newest announcement or record."""
    refused = time_refusal(as_of, versions)
    if refused:
        raise NoticeRefusal(" ".join(refused))


def time_refusal(as_of: date, versions: Sequence[Version]) -> tuple[str, str] | None:
    """Why a day can't be, which is before the newest announcement or record, and what to do; None where it can."""
    for version in versions:
        # A translation says nothing of when notice was given.
        last = max([version.announced, *(evidence.on for evidence in version.evidence if evidence.kind != TRANSLATION)])
        if as_of < last:
            return (
                f"{as_of} lies before {last}, the newest record of {version.id}. Time can't go back.",
                "Look at the clock, or give a later day with --as-of.",
            )
    return None
