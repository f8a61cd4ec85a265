"""What the site shows on a day, read from the repository."""

from __future__ import annotations

from datetime import date

from policytrail.archive.store import load_versions
from policytrail.clock import clock_day, today
from policytrail.errors import RepositoryError
from policytrail.render.state.site_view import SiteView
from policytrail.schedule.status import status
from policytrail.workspace import Workspace


def view(workspace: Workspace, as_of: date | None) -> SiteView:
    """What the site shows on a day. In: the repository, the day (None: the clock's, in the policy's time zone).

    A day that hasn't come yet is a preview, and each page says so: nothing must go live early by a date on a command.
    Before the first version is in force, the site says from when it is. Raises IntegrityError for broken versions,
    RepositoryError where none was announced by that day.
    """
    versions = load_versions(workspace)
    if not versions:
        raise RepositoryError(
            "No version is released yet. Release the first one: policytrail release --effective DATE."
        )
    day = as_of or today(versions)
    ahead = as_of is not None and as_of > clock_day(versions)
    found = status(versions, day)
    announced = tuple(version for version in versions if version.announced <= day)
    if not announced:
        raise RepositoryError(
            f"No version is in force on {day}; the first one takes effect on {versions[0].effective}."
        )
    return SiteView(announced, found, preview=ahead)
