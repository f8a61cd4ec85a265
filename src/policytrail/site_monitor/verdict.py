"""What a published site shows of a version's notice: the pages as they were fetched, judged. Pure."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from policytrail.archive.manifest import sha256
from policytrail.model.dates import in_words, parse_date
from policytrail.model.version import Version

Verdict = Literal["shown", "missing", "outage"]
FRONT, UPCOMING, DATA, SCRIPT = "", "upcoming/", "api/v1/notice.json", "notice.js"
PAGES = (FRONT, UPCOMING, DATA, SCRIPT)
_MARK, _BANNER_CHARS = 'id="policy-notice"', 4000
_NO_ANSWER = frozenset({401, 403, 407, 408, 425, 429})  # the site turned us away: that says nothing about the notice


@dataclass(frozen=True)
class Fetched:
    """One page as it came: the HTTP status (200 for a file that is there, 404 for one that isn't), its bytes, an error."""

    status: int | None
    body: bytes = b""
    error: str = ""

    @property
    def text(self) -> str:
        """The page as text, for a look at what it says; empty unless it was there."""
        return self.body.decode("utf-8", "replace") if self.status == 200 else ""

    @property
    def answered(self) -> bool:
        """Whether a live site spoke."""
        return self.status is not None and self.status < 500 and self.status not in _NO_ANSWER


@dataclass(frozen=True)
class Look:
    """One look at a published site: the verdict, what was missing, and what goes into the record."""

    verdict: Verdict
    missing: tuple[str, ...]
    pages: Mapping[str, Mapping[str, Any]]
    built_for: date | None

    def record(self) -> dict[str, Any]:
        """The look as evidence keeps it."""
        return {
            "verdict": self.verdict,
            "missing": list(self.missing),
            "pages": dict(self.pages),
            "built_for": self.built_for and self.built_for.isoformat(),
        }


def judged(pages: Mapping[str, Fetched], version: Version, place: Literal["next", "later", "in force"]) -> Look:
    """Whether the pages show the version's notice. `place`: it comes next, after another one, or is in force at once.

    `outage`: nothing on the site answered. `missing`: the site is live, but a required piece isn't there. The script for
    other sites is recorded and not required: the notice is owed on the policy's own pages.
    """
    shown = {
        name: {"status": each.status, "sha256": sha256(each.body)} if each.status is not None else {"error": each.error}
        for name, each in pages.items()
    }
    data = data_of(pages[DATA])
    built_for = day_of(data.get("as_of"))
    if not any(page.answered for page in pages.values()):
        return Look("outage", (), shown, built_for)
    missing = []
    if not _banner(pages[FRONT], version):
        missing.append("the banner on the front page")
    if place != "in force" and pages[UPCOMING].status != 200:
        missing.append("the page /upcoming/")
    if not _witnessed(pages, data, version, place):
        missing.append("the version's manifest hash")
    return Look("missing" if missing else "shown", tuple(missing), shown, built_for)


def _banner(front: Fetched, version: Version) -> bool:
    begin = front.text.find(_MARK)
    told = html.unescape(front.text[begin : begin + _BANNER_CHARS].partition("<main")[0])
    return begin >= 0 and (in_words(version.effective) in told or f"versions/{version.id}/" in told)


def _witnessed(pages: Mapping[str, Fetched], data: Mapping[str, Any], version: Version, place: str) -> bool:
    if place == "next":
        return version.manifest in pages[UPCOMING].text
    if place == "in force":
        return version.manifest in pages[FRONT].text
    listed = data.get("pending")
    return isinstance(listed, list) and any(
        isinstance(each, dict) and each.get("manifest") == version.manifest for each in listed
    )


def data_of(page: Fetched) -> Mapping[str, Any]:
    """A document of the API, empty where it isn't one."""
    try:
        found = json.loads(page.text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def day_of(value: object) -> date | None:
    """A date in a document, None where it isn't one."""
    try:
        return parse_date(value) if isinstance(value, str) else None
    except ValueError:
        return None
