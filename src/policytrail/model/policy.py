"""The policy as a whole: who speaks, in which order the clauses stand, and one snapshot of everything.

A snapshot is a value: the draft becomes one when it is loaded and resolved, a frozen version when it is read back.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from .change import canonical
from .dates import parse_date
from .forms import AtLeast, Checked, Text
from .part import NOTHING, Part
from .parts import Key, Plain, Url, Word
from .practice import AnyPractice, Practice
from .translation import Tag, Translation
from .vocabulary import Vocabulary

ClauseId = Annotated[str, Text(r"[a-z0-9][a-z0-9-]{0,63}(/[a-z0-9][a-z0-9-]{0,63}){0,3}", max_length=200)]


@cache
def _is_zone(name: str) -> bool:
    """Whether it names a time zone. The list in tzdata is one file; this machine's own is read from a folder tree."""
    listed = (files("tzdata") / "zones").read_text(encoding="utf-8").split()
    return name in listed or name in available_timezones()


def _zone(name: str) -> str:
    if not _is_zone(name):
        raise ValueError(f"{name!r} is no time zone; write a name such as America/Los_Angeles")
    return name


def _date(text: str) -> str:
    return parse_date(text).isoformat() if text else text


class Organization(Part):
    """Who the policy speaks for (the controller)."""

    name: Plain
    legal_name: Plain
    address: tuple[Plain, ...] = ()
    phone: Plain | None = None
    email: Annotated[str, Text(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+", max_length=254)] | None = None
    group: tuple[Plain, ...] = ()


class Section(Part):
    """One heading of the policy with the clauses below it, in order."""

    id: Annotated[str, Text(r"[a-z0-9][a-z0-9-]{0,63}")]
    title: Plain
    clauses: tuple[ClauseId, ...]
    scope: Mapping[Literal["products", "channels", "audiences", "jurisdictions"], tuple[Word, ...]] = NOTHING


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

    id: Annotated[str, Text(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")]
    of: Annotated[str, Text(r"[0-9a-f]{16}")]


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
    site_url: Annotated[str, Text(r"https?://[^\s]+/", max_length=300)]
    time_zone: Annotated[str, Checked(_zone)]
    language: Annotated[str, Text(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")] = "en"
    last_updated: Annotated[str, Checked(_date)] | None = None
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
    sections: Annotated[tuple[Section, ...], AtLeast(1)]
    source_refs: tuple[str, ...] = ()
    proposed: tuple[Word, ...] = ()

    def check_whole(self) -> None:
        """Each clause stands in one place."""
        placed = [clause for section in self.sections for clause in section.clauses]
        twice = sorted({each for each in placed if placed.count(each) > 1})
        if twice:
            raise ValueError(f"the clause {twice[0]} stands twice in the sections; keep one place")

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
