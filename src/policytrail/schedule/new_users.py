"""People who join while a version is pending. One text is in force for all, unless the policy says otherwise. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from policytrail.model.version import Status, Version

from .status import status


def binds_at_signup(found: Status) -> bool:
    """Whether the promise in force lets an upcoming text bind new users at once (`new_users: at_signup`)."""
    promise: object = found.current.snapshot.promise() if found.current else None
    return getattr(promise, "new_users", "at_effective") == "at_signup"


def binds_new_users(found: Status) -> Version | None:
    """The version that binds somebody who joins on that day: the text in force, or at sign-up the next lawful one."""
    current = found.current
    if not binds_at_signup(found):
        return current
    upcoming = [state.version for state in found.pending if state.state in ("announcing", "noticed")]
    return upcoming[0] if upcoming else current


def binding_on(versions: Sequence[Version], day: date, joined: date) -> Version | None:
    """The version that binds on `day` a person who joined on `joined`: never an older one than bound them at sign-up."""
    current = status(versions, day).current
    at_signup = binds_new_users(status(versions, joined))
    if current is None or at_signup is None:
        return current
    return max(current, at_signup, key=lambda each: each.effective)
