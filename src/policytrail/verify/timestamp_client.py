"""The end that asks a time-stamping authority over HTTP and records its answer; nothing else of the stamp needs a network."""

from __future__ import annotations

import http.client
import urllib.request
from datetime import date
from urllib.parse import urlsplit

from policytrail import __version__
from policytrail.archive.evidence_log import record
from policytrail.archive.folder import newest_name, read_folder
from policytrail.errors import RepositoryError, UsageError
from policytrail.model.version import Version
from policytrail.network.public_web import Web
from policytrail.site_monitor.fetch import OnlyWeb
from policytrail.workspace import Workspace

from .timestamp import KIND, answered, query

MAX_ANSWER = 256_000
SECONDS = 20.0


def stamp(workspace: Workspace, version: Version, url: str, on: date) -> str:
    """Have the end of a version's chain of evidence stamped, record and commit it. Out: the instant that the token names.

    Raises UsageError for an address that can't be one, RepositoryError where no good answer comes; nothing is written then.
    """
    folder = read_folder(workspace, version.id)
    name = newest_name(folder)
    asked = query(folder.files[name])
    found = answered(asked, _answer(url, asked.body))
    entry = {"tsa": url, "file": name, **found}
    record(workspace, [(version, KIND, entry)], on, f"Record for policy version {version.id}: time stamp")
    return str(found["at"])


def _answer(url: str, body: bytes) -> bytes:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise UsageError(
            "That isn't the address of a time-stamping authority; give one such as https://tsa.example.org/."
        )
    headers = {"Content-Type": "application/timestamp-query", "User-Agent": f"policytrail/{__version__} (timestamp)"}
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with Web({parts.hostname}, OnlyWeb()).open(request, timeout=SECONDS) as answer:
            found: bytes = answer.read(MAX_ANSWER + 1)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = type(getattr(error, "reason", error)).__name__
        raise RepositoryError(
            f"The time-stamping authority {parts.hostname} gave no answer ({reason}). Ask again later."
        ) from None
    if len(found) > MAX_ANSWER:
        raise RepositoryError(f"The time-stamping authority {parts.hostname} sent more than {MAX_ANSWER} bytes.")
    return found
