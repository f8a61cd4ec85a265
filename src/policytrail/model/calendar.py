"""Days as the promise counts them: whole calendar days in the policy's time zone, by date arithmetic, never by hours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Count = Literal["full_days", "at_least"]


def earliest_effective(complete: date, days: int, count: Count) -> date:
    """The first day on which a version may take effect.

    In: the day on which notice was complete, the promised days, how they are counted. `full_days`: neither the day of
    the notice nor the effective day counts; `at_least`: the effective day is at least so many days later.
    """
    return complete + timedelta(days=days + (1 if count == "full_days" else 0))


def latest_complete(effective: date, days: int, count: Count) -> date:
    """The last day on which notice can be complete for that effective day; the inverse of `earliest_effective`."""
    return effective - timedelta(days=days + (1 if count == "full_days" else 0))


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that has no such day (31 January + 1: 28 or 29 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def instant(day: date, zone: ZoneInfo) -> datetime:
    """00:00 local of a day, with its offset from UTC: the moment at which a version takes effect."""
    return datetime.combine(day, time(), zone)


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day of a moment in the policy's time zone."""
    return moment.astimezone(zone).date()
