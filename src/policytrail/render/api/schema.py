"""What the documents of the API hold: one model each, from which their published JSON Schemas are made.

Fields may be added within v1, never taken away or changed; whoever reads the documents skips what they don't know.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.json_schema import GenerateJsonSchema

Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Severity = Literal["none", "editorial", "review", "material"]
PATH = "api/v1/schema/"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Moment(_Part):
    """A local date, and the instant at which it begins, with its UTC offset."""

    date: Day
    instant: str


class Urls(_Part):
    """Where to read a version; changes only where there is a version before it, notice where there is one on record."""

    text: str
    data: str
    changes: str | None = None
    notice: str | None = None


class Imported(_Part):
    """The commit that a version is taken over from, and whether its material changes were announced, as its texts tell."""

    path: str
    commit: str
    sha256: Hash
    committed: Day
    announced: Literal["in time", "too late", "not stated", "not owed"]
    days_ahead: int | None
    folded: list[str]


class Summary(_Part):
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
    event: dict[str, Any] | None
    in_words: list[str]
    #: The addresses of its translations, by their languages.
    languages: dict[str, str]
    urls: Urls


class Head(_Part):
    """What every document begins with."""

    schema_url: str = Field(alias="$schema")
    as_of: Day
    title: str
    organization: str
    site_url: str
    time_zone: str
    language: str


class Versions(Head):
    """`/api/v1/versions.json`: every version, oldest first."""

    versions: list[Summary]


class Record(_Part):
    """One record about a notice, without personal data."""

    kind: str
    on: Day
    digest: Hash


class Duty(_Part):
    """The notice that a version owes."""

    days: int
    count: Literal["full_days", "at_least"]
    any_of: list[str]
    all_of: list[str]
    regimes: list[str]
    before: bool


class Clause(_Part):
    """One clause: its text is Markdown."""

    id: str
    title: str
    text: str
    states: list[str]


class Full(Head, Summary):
    """`/api/v1/versions/ID.json`: one version with text, practices, changes and records."""

    sections: list[dict[str, Any]]
    clauses: list[Clause]
    practices: list[dict[str, Any]]
    comparison: dict[str, Any]
    duty: Duty
    evidence: list[Record]


class Pending(Summary):
    """A version still to come."""

    subject: str
    earliest_effective: Day
    notice_complete: Day | None


class Phase(_Part):
    """What a banner says between two instants; null is no bound."""

    begins: str | None
    ends: str | None
    sentence: str
    label: str
    url: str


class ToShow(_Part):
    """A text that somebody who joins today is shown."""

    id: Day
    effective: Moment
    text: str
    manifest: Hash


class SignUp(_Part):
    """What to show at a sign-up, and which of these texts binds."""

    show: list[ToShow]
    binds: Day
    two_texts_in_force: bool


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


def schemas(site_url: str) -> dict[str, Any]:
    """Every schema by its path below the site's root."""
    return {
        f"{PATH}{name}.json": {
            "$schema": GenerateJsonSchema.schema_dialect,
            "$id": url(site_url, name),
            **_schema(model),
        }
        for name, model in DOCUMENTS.items()
    }


@cache
def _schema(model: type[Head]) -> dict[str, Any]:
    return dict(_open(model.model_json_schema(by_alias=True)))


def _open(value: Any) -> Any:
    """Without `additionalProperties: false`: a field that comes later must not break those who check against it."""
    if isinstance(value, dict):
        return {key: _open(each) for key, each in value.items() if key != "additionalProperties" or each is not False}
    return [_open(each) for each in value] if isinstance(value, list) else value
