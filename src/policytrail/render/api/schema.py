"""What the documents of the API hold: one dataclass each, from which their published JSON Schemas are made.

Fields may be added within v1, never taken away or changed; whoever reads the documents skips what they don't know.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Literal

from policytrail.model.json_value import JsonObject

from .json_schema import DIALECT, Matching, schema_of

Day = Annotated[str, Matching(r"^\d{4}-\d{2}-\d{2}$")]
Hash = Annotated[str, Matching(r"^[0-9a-f]{64}$")]
Severity = Literal["none", "editorial", "review", "material"]
PATH = "api/v1/schema/"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A local date, and the instant at which it begins, with its UTC offset."""

    date: Day
    instant: str


@dataclass(frozen=True, kw_only=True)
class Urls:
    """Where to read a version; changes only where there is a version before it, notice where there is one on record."""

    text: str
    data: str
    changes: str | None = None
    notice: str | None = None


@dataclass(frozen=True, kw_only=True)
class Imported:
    """The commit that a version is taken over from, and whether its material changes were announced, as its texts tell."""

    path: str
    commit: str
    sha256: Hash
    committed: Day
    announced: Literal["in time", "too late", "not stated", "not owed"]
    days_ahead: int | None
    folded: list[str]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One version in short."""

    id: Day
    state: Literal["announcing", "noticed", "effective", "superseded", "withdrawn", "blocked"]
    effective: Moment
    until: Moment | None
    announced: Day | None
    severity: Severity
    consent: Literal["none", "ask", "required"]
    notice_days: int
    manifest: Hash
    previous_manifest: Hash | None
    reconstructed: bool
    #: Where it is taken over from, with no record of a notice; null for a version that was released here.
    imported: Imported | None
    corrects: Day | None
    replaced_by: Day | None
    event: dict[str, object] | None
    in_words: list[str]
    #: The addresses of its translations, by their languages.
    languages: dict[str, str]
    urls: Urls


@dataclass(frozen=True, kw_only=True)
class Head:
    """What every document begins with."""

    schema_url: str = field(metadata={"name": "$schema"})
    as_of: Day
    title: str
    organization: str
    site_url: str
    time_zone: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Versions(Head):
    """`/api/v1/versions.json`: every version, oldest first."""

    versions: list[Summary]


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record about a notice, without personal data."""

    kind: str
    on: Day
    digest: Hash


@dataclass(frozen=True, kw_only=True)
class Duty:
    """The notice that a version owes."""

    days: int
    count: Literal["full_days", "at_least"]
    any_of: list[str]
    all_of: list[str]
    regimes: list[str]
    before: bool


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One clause: its text is Markdown."""

    id: str
    title: str
    text: str
    states: list[str]


@dataclass(frozen=True, kw_only=True)
class Full(Head, Summary):
    """`/api/v1/versions/ID.json`: one version with text, practices, changes and records."""

    sections: list[dict[str, object]]
    clauses: list[Clause]
    practices: list[dict[str, object]]
    comparison: dict[str, object]
    duty: Duty
    evidence: list[Record]


@dataclass(frozen=True, kw_only=True)
class Pending(Summary):
    """A version still to come."""

    subject: str
    earliest_effective: Day
    notice_complete: Day | None


@dataclass(frozen=True, kw_only=True)
class Phase:
    """What a banner says between two instants; null is no bound."""

    begins: str | None
    ends: str | None
    sentence: str
    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class ToShow:
    """A text that somebody who joins today is shown."""

    id: Day
    effective: Moment
    text: str
    manifest: Hash


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """What to show at a sign-up, and which of these texts binds."""

    show: list[ToShow]
    binds: Day
    two_texts_in_force: bool


@dataclass(frozen=True, kw_only=True)
class Notice(Head):
    """`/api/v1/notice.json`: the version in force, those to come, and what a banner says when."""

    current: Summary | None
    pending: list[Pending]
    withdrawn: list[Summary]
    sign_up: SignUp | None
    banner: list[Phase]


DOCUMENTS: dict[str, type[Head]] = {"versions": Versions, "version": Full, "notice": Notice}


def url(site_url: str, name: str) -> str:
    """The address of a document's schema."""
    return f"{site_url}{PATH}{name}.json"


def schemas(site_url: str) -> JsonObject:
    """Every schema by its path below the site's root."""
    return {
        f"{PATH}{name}.json": {"$schema": DIALECT, "$id": url(site_url, name), **_schema(name)} for name in DOCUMENTS
    }


@cache
def _schema(name: str) -> JsonObject:
    return schema_of(DOCUMENTS[name])
