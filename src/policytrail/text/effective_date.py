"""The day on which a text says that it takes effect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from policytrail.model.dates import MONTHS

_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?\\.?" if len(month) > 3 else month for month in MONTHS)
_DAY = rf"""(?:(?P<iso>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})
    |(?P<m1>{_MONTH}|Sept\.?)\s+(?P<d1>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y1>[0-9]{{4}})
    |(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m2>{_MONTH}|Sept\.?),?\s+(?P<y2>[0-9]{{4}}))"""
_LABEL = r"""(?:effective(?:\s+(?:date|as\s+of|on|from|since))?|in\s+(?:force|effect)\s+(?:from|since|as\s+of|on)
    |takes?\s+effect\s+on|valid\s+from)"""
_EFFECTIVE = re.compile(rf"\b{_LABEL}[\s:*_|]*(?:is|as\s+of|on|from)?[\s:*_|]*{_DAY}", re.IGNORECASE | re.VERBOSE)
_ANY = re.compile(rf"\b{_DAY}\b", re.IGNORECASE | re.VERBOSE)


def effective_date(markdown: str) -> date | None:
    """In: a policy. Out: the first day that it names as the one from which it is in force; None if it names none.

    "Last updated" isn't such a day: it says when somebody wrote, not from when it holds.
    """
    for found in _EFFECTIVE.finditer(markdown):
        if day := _day(found):
            return day
    return None


def dates(text: str) -> Iterator[tuple[str, date]]:
    """Every full date in a text: how it is written, and the day."""
    for found in _ANY.finditer(text):
        if day := _day(found):
            yield found[0], day


def _day(found: re.Match[str]) -> date | None:
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        month, day, year = (found[f"{name}1"] or found[f"{name}2"] for name in "mdy")
        number = next(place for place, each in enumerate(MONTHS, 1) if each.lower().startswith(month.lower()[:3]))
        return date(int(year), number, int(day))
    except ValueError:
        return None
