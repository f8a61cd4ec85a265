"""The policy as a whole: who speaks, in which order the clauses stand, and one snapshot of everything.

A snapshot is a value: the draft becomes one when it is loaded and resolved, a frozen version when it is read back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, StringConstraints, field_validator, model_validator

from .change import canonical
from .dates import parse_date
from .parts import Key, Part, Plain, Url, Word
from .practice import AnyPractice, Practice
from .translation import Tag, Translation
from .vocabulary import Vocabulary

ClauseId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}(/[a-z0-9][a-z0-9-]{0,63}){0,3}$", max_length=200)
]


@cache
def _zones() -> frozenset[str]:
    """All time zones; asking for them reads a folder tree, and every frozen version asks."""
    return frozenset(available_timezones())


class Organization(Part):
    """Who the policy speaks for (the controller)."""

    name: Plain
    legal_name: Plain
    address: tuple[Plain, ...] = ()
    phone: Plain | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s<>,;\"]+@[^@\s<>,;\"]+$", max_length=254)] | None = None
    group: tuple[Plain, ...] = ()


class Section(Part):
    """One heading of the policy with the clauses below it, in order."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    title: Plain
    clauses: tuple[ClauseId, ...]
    scope: Mapping[Literal["products", "channels", "audiences", "jurisdictions"], tuple[Word, ...]] = Field(
        default_factory=dict
    )


class RegisteredRecipient(Part):
    """One entry of the recipient registry: the plain words for a key, and what is known of it."""

    id: Key
    label: Plain
    category: Key | None = None
    country: Word | None = None
    affiliate: bool | Literal["unstated"] = "unstated"


class ConsentPlan(Part):
    """How consent is asked where a change reaches data already held; a release needs one there."""

    id: Word
    covers: tuple[Key, ...]
    how: Plain


class KeptElsewhere(Part):
    """A translation kept elsewhere: its language, and which text it translates (`Snapshot.text_digest`)."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    of: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


class LintOff(Part):
    """A lint that is switched off, and why; `at` limits that to some practices or clauses."""

    id: Word
    reason: Plain
    at: tuple[Word | ClauseId, ...] = ()


class Lints(Part):
    """How the draft is looked over; no part of what the policy says."""

    off: tuple[LintOff, ...] = ()


class Policy(Part):
    """What `policy/policy.yaml` says.

    `proposed` names the fields that an import guessed or made up; like a proposed practice, each blocks a release.
    """

    title: Plain
    organization: Organization
    site_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+/$", max_length=300)]
    time_zone: str
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    last_updated: str | None = None
    regimes: tuple[Word, ...] = ("promise",)
    disclaimer: Plain | None = None
    documents: tuple[Plain, ...] = ()
    applies_to: Literal["collected_from_effective", "all_data"] = "collected_from_effective"
    sender: Plain | None = None
    complaints: Url | None = None
    consent_plans: tuple[ConsentPlan, ...] = ()
    translations: tuple[KeptElsewhere, ...] = ()
    governs: Tag | None = None
    lints: Lints = Lints()
    sections: tuple[Section, ...] = Field(min_length=1)
    source_refs: tuple[str, ...] = ()
    proposed: tuple[Word, ...] = ()

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, name: str) -> str:
        if name not in _zones():
            raise ValueError(f"{name!r} is no time zone; write a name such as America/Los_Angeles")
        return name

    @field_validator("last_updated")
    @classmethod
    def _date(cls, text: str | None) -> str | None:
        return text and parse_date(text).isoformat()

    @model_validator(mode="after")
    def _each_clause_once(self) -> Policy:
        placed = [clause for section in self.sections for clause in section.clauses]
        twice = sorted({each for each in placed if placed.count(each) > 1})
        if twice:
            raise ValueError(f"the clause {twice[0]} stands twice in the sections; keep one place")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which days are counted and versions take effect."""
        return ZoneInfo(self.time_zone)

    def section_of(self, clause_id: str) -> Section:
        """The section that a clause stands in. Raises KeyError for a clause that is in none."""
        for section in self.sections:
            if clause_id in section.clauses:
                return section
        raise KeyError(clause_id)


class Clause(Part):
    """The smallest piece of policy text: Markdown (variables already filled in) and the practices it states."""

    id: ClauseId
    title: Plain
    text: str
    states: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Names the clause's words: 16 hex of the SHA-256 over title and text. A translation says of which it is."""
        return hashlib.sha256(canonical([self.title, self.text])).hexdigest()[:16]


@dataclass(frozen=True)
class Snapshot:
    """Everything the policy says at one time: policy, practices by id, clauses by id (in reading order).

    `translations` has the other languages by their tags.
    """

    policy: Policy
    practices: Mapping[str, Practice]
    clauses: Mapping[str, Clause]
    recipients: Mapping[str, RegisteredRecipient]
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    translations: Mapping[str, Translation] = field(default_factory=dict)

    @property
    def governing(self) -> str:
        """The language whose text counts where texts differ: the source's, unless the policy names another one."""
        return self.policy.governs or self.policy.language

    def behind(self, language: str) -> tuple[str, ...]:
        """The clauses of a translation that are of another text than the source's, in reading order."""
        made = self.translations[language].clauses
        return tuple(each.id for each in self.clauses.values() if each.id in made and made[each.id].of != each.digest)

    def missing(self, language: str) -> tuple[str, ...]:
        """The clauses that a translation doesn't have, in reading order."""
        return tuple(each for each in self.clauses if each not in self.translations[language].clauses)

    @property
    def text_digest(self) -> str:
        """Names the words of the policy: 16 hex of the SHA-256 over every clause with its title. Translations refer to it."""
        words = [[each.id, each.title, each.text] for each in self.clauses.values()]
        return hashlib.sha256(canonical(words)).hexdigest()[:16]

    def clause_of(self, practice_id: str) -> str | None:
        """The id of the first clause that states the practice, None if no clause does."""
        return next((each.id for each in self.clauses.values() if practice_id in each.states), None)

    def stating(self, practice_id: str) -> tuple[str, ...]:
        """The ids of all clauses that state the practice."""
        return tuple(each.id for each in self.clauses.values() if practice_id in each.states)

    def promise(self) -> Practice | None:
        """The promise of advance notice before material changes, as the policy makes it; None if it makes none."""
        for practice in self.practices.values():
            on: Any = getattr(practice, "on", None)
            if on is not None and on.severity == "material":
                return practice
        return None


__all__ = [
    "AnyPractice", "Clause", "ClauseId", "ConsentPlan", "KeptElsewhere", "LintOff", "Lints", "Organization", "Policy",
    "RegisteredRecipient", "Section", "Snapshot",
]  # fmt: skip
