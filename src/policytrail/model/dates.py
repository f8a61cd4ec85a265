"""Dates as people write them in this product: YYYY-MM-DD in ASCII digits, nothing else."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1900, 2999  # days can be added and counted without meeting the calendar's ends
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def parse_date(text: str) -> date:
    """In: `2014-01-01`. Out: the day. Raises ValueError with a sentence for people for anything else."""
    if not _ISO.fullmatch(text):
        raise ValueError(f"{text!r} is no date; write it as YYYY-MM-DD, for example 2014-01-01")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day of the calendar; write a real date as YYYY-MM-DD") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{text!r} lies outside the years {FIRST_YEAR} to {LAST_YEAR}; check its year")
    return day


def in_words(day: date) -> str:
    """`1 January 2014`: the same words on site, mail and command line, whatever the locale of the machine."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
