"""The URL of a database (SQLAlchemy's), read so that no part of its password can show up anywhere later."""

from __future__ import annotations

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from policytrail.errors import UsageError


def database_url(text: str, option: str) -> URL:
    """In: what was given, and with which option. Raises UsageError, which doesn't repeat it."""
    try:
        found = make_url(text)
    except (ArgumentError, ValueError):
        raise UsageError(
            f"{option} is no SQLAlchemy URL, such as postgresql://user@host/database or sqlite:///file."
        ) from None
    if "@" in (found.host or ""):  # the rest of a password, which every error would quote as the host's name
        raise UsageError(f"{option}: an @ within a user or password is written %40 in a URL.")
    return found


def passwords(url: URL) -> tuple[str, ...]:
    """What must be taken out of every text about this database."""
    return (str(url.password),) if url.password else ()
