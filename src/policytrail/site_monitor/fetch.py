"""The pages of a published site, from its address or from a folder: within limits of size and time, and nothing else."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from policytrail import __version__
from policytrail.errors import SourceError, UsageError
from policytrail.network.public_web import Web
from policytrail.storage.files import read_bytes

from .verdict import PAGES, Fetched

MAX_PAGE = 4_000_000
SECONDS = 20.0
_CHUNK = 65_536


@dataclass(frozen=True)
class Site:
    """The pages of a site as they came, and whether they came from public addresses of the network."""

    pages: dict[str, Fetched]
    public: bool


def fetch_site(place: str, seconds: float = SECONDS) -> Site:
    """The pages that a look needs. In: `http(s)://...` or a folder; seconds for each page.

    The host of the address is allowed, wherever it stands: a person names it. A redirect leads to no other host. Raises
    UsageError for anything else. A page that doesn't come is a result, not an error.
    """
    if "://" not in place:
        folder = Path(place)
        if not folder.is_dir():
            raise UsageError(f"{place} is neither an address (https://...) nor a folder.")
        return Site({name: _file(folder, name) for name in PAGES}, False)
    parts = urlsplit(place)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{place} isn't an address that can be looked at; give one that begins with https://.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UsageError("Give the site's plain address, without a name, a password, a query or a fragment.")
    base = place.rstrip("/") + "/"
    web = Web({parts.hostname}, OnlyWeb())
    return Site({name: _page(web, base + name, seconds) for name in PAGES}, web.public)


def _file(folder: Path, name: str) -> Fetched:
    path = folder / (f"{name}index.html" if name in ("", "upcoming/") else name)
    try:
        return Fetched(200, read_bytes(path, name, MAX_PAGE))
    except SourceError:
        return Fetched(404)


class OnlyWeb(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to the same host, and never from https to http."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """None where the redirect leaves the site: the answer then is the redirect itself."""
        before, after = urlsplit(req.full_url), urlsplit(newurl)
        if after.hostname != before.hostname or (before.scheme, after.scheme) == ("https", "http"):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _page(web: Web, url: str, seconds: float) -> Fetched:
    request = urllib.request.Request(url, headers={"User-Agent": f"policytrail/{__version__} (observe)"})
    ends = time.monotonic() + seconds
    try:
        with web.open(request, timeout=seconds) as answer:
            return _read(answer, ends)
    except urllib.error.HTTPError as error:
        error.close()
        return Fetched(error.code)
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        return Fetched(None, error=type(reason).__name__)


def _read(answer: Any, ends: float) -> Fetched:
    body = bytearray()
    while chunk := answer.read1(_CHUNK):
        body += chunk
        if len(body) > MAX_PAGE:
            return Fetched(None, error=f"larger than {MAX_PAGE} bytes")
        if time.monotonic() > ends:
            return Fetched(None, error="too slow")
    return Fetched(answer.status, bytes(body))
