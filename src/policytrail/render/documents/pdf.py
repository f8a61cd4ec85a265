"""The policy, or the redline of a version, as a tagged PDF with an outline. WeasyPrint comes with the extra `pdf`."""

from __future__ import annotations

import ctypes
import hashlib
from contextlib import suppress
from functools import cache
from importlib.util import find_spec

from policytrail.errors import SourceError, UsageError
from policytrail.render.shared.templates import render
from policytrail.storage.resource_limits import LimitExceeded, timed
from policytrail.storage.source_date import source_date

from . import Document

MISSING = (
    "Writing PDF needs WeasyPrint and the system's Pango. Install them with: pip install 'policytrail[pdf]', and on "
    "Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
SECONDS = 300  # a policy of 2,000 clauses takes 27
_SHORTEN = (
    "Clauses with thousands of marks or paragraphs, and large tables, take long: shorten them, or take another format."
)
_PANGO = ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll")
_SUBSET = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll")


@cache
def available() -> bool:
    """Whether this machine has what it takes: the package, and the library that pip can't install."""
    return find_spec("weasyprint") is not None and any(map(_loads, _PANGO))


@cache
def subsets_with_harfbuzz() -> bool:
    """Whether HarfBuzz cuts the fonts down to the letters used. Without it fontTools does, and the bytes are others."""
    return any(map(_loads, _SUBSET))


def _loads(library: str) -> bool:
    with suppress(OSError):
        ctypes.CDLL(library)
        return True
    return False


def document(given: Document) -> bytes:
    """The bytes of the PDF: the same for the same words on one machine. Raises UsageError without the extra."""
    if not available():
        raise UsageError(MISSING)
    return printed(html(given))


def html(given: Document) -> str:
    """The page that is printed: one HTML document that needs no other file."""
    name = "documents/changes.html" if given.changes else "documents/policy.html"
    return render(given.env, name, {"given": given, "policy": given.snapshot.policy})


def printed(page: str) -> bytes:
    """HTML as a tagged PDF. Nothing is fetched; the identifier is the page's own hash, and fonts bear no date.

    Raises SourceError where it takes more than 300 seconds.
    """
    from weasyprint import HTML  # saves 298 ms
    from weasyprint.urls import URLFetcher  # saves 298 ms

    identifier = hashlib.sha256(page.encode()).digest()[:16]
    nothing = URLFetcher(allowed_protocols=())
    document = HTML(string=page, url_fetcher=nothing)
    try:
        with timed(SECONDS), source_date(0):
            made: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    except LimitExceeded as beyond:
        raise SourceError(f"Laying the pages of the PDF out {beyond}. {_SHORTEN}") from None
    return made
