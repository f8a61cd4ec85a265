"""The one clock: SOURCE_DATE_EPOCH where it is set, so that builds can be repeated."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from policytrail.errors import Problem, RepositoryError

if TYPE_CHECKING:
    from policytrail.model.version import Version


def now() -> datetime:
    """This moment in UTC. Raises RepositoryError where SOURCE_DATE_EPOCH is no number of seconds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch:
        if not epoch.isascii() or not epoch.isdigit() or len(epoch) > 11:  # 11 digits reach into the year 5138
            raise RepositoryError(
                Problem("", 0, "SOURCE_DATE_EPOCH isn't a number of seconds.", "Unset or correct it.")
            )
        return datetime.fromtimestamp(int(epoch), UTC)
    return datetime.now(UTC)


def today(versions: tuple[Version, ...]) -> date:
    """The clock's day in the time zone of the newest policy; UTC before the first version.

    Raises RepositoryError for a clock that stands before the newest release: days counted by it would be wrong.
    """
    moment = now()
    last = max((version.recorded for version in versions if version.recorded), default=moment)
    if moment < last and not os.environ.get("SOURCE_DATE_EPOCH"):
        raise RepositoryError(
            f"The clock says {moment:%Y-%m-%d %H:%M} UTC, but a version was released at {last:%Y-%m-%d %H:%M} UTC. "
            "Set the clock right, or name the day with --as-of."
        )
    return clock_day(versions)


def clock_day(versions: tuple[Version, ...]) -> date:
    """The same day, whatever was released when."""
    moment = now()
    return moment.astimezone(versions[-1].snapshot.policy.zone).date() if versions else moment.date()
