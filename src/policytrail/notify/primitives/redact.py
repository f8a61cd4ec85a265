"""Secrets never reach a log, an error or a file: one place takes them out of every text that is shown. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from policytrail.errors import DeliveryError

_CREDENTIALS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)[^/@\s'\"]*@", re.IGNORECASE)


def secrets_in(url: str) -> tuple[str, ...]:
    """The passwords (as written and decoded) that a URL carries."""
    try:
        word = urlsplit(url).password
    except ValueError:
        return ()
    return (word, unquote(word)) if word else ()


def redacted(text: str, *urls_or_secrets: str) -> str:
    """The text without any of the secrets, and without user and password in whatever URL it shows."""
    for each in urls_or_secrets:
        for secret in (*secrets_in(each), *(() if "://" in each else (each,))):
            if secret:
                text = text.replace(secret, "***")
    return _CREDENTIALS.sub(r"\g<scheme>***@", text)


def one_line(error: BaseException, secrets: Iterable[str] = ()) -> str:
    """The first line of what an exception says, without secrets and where to read more; its kind where it says nothing."""
    words = str(error)
    if isinstance(error, OSError) and error.strerror:
        words = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    said = words.strip().partition(" (Background on this error")[0].splitlines()
    return redacted(said[0] if said else type(error).__name__, *secrets)


@contextmanager
def true_at_any_stage() -> Iterator[None]:
    """What a disk refuses in the course of a notice ends it with a sentence that doesn't say that nothing was done."""
    try:
        yield
    except OSError as error:
        raise DeliveryError(
            f"{one_line(error)}. What was sent is written down in the ledger. Mend that, then run again: it goes on from there."
        ) from error
