"""The policy as a whole: who speaks, in which order the clauses stand, and one snapshot of everything.

A snapshot is a value: the draft becomes one when it is loaded and resolved, a frozen version when it is read back.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import tzdata

from policytrail.model.terms.vocabulary import Vocabulary
from policytrail.model.translations.translation import Tag, Translation
from policytrail.model.validation.field_types import AtLeast, Checked, Text
from policytrail.model.validation.record import NOTHING, Part

from .change import canonical
from .dates import parse_date
from .practice import AnyPractice, Practice
from .practice_fields import Key, Plain, Url, Word

ClauseId = Annotated[str, Text(r"[a-z0-9][a-z0-9-]{0,63}(/[a-z0-9][a-z0-9-]{0,63}){0,3}", max_length=200)]


@cache
def _is_zone(name: str) -> bool:
    """Whether it names a time zone. The list in tzdata is one file; this machine's own is read from a folder tree."""
    # Asked by its file: importlib.resources takes longer to import than all of this.
    listed = Path(tzdata.__file__).with_name("zones").read_text(encoding="utf-8").split()
    return name in listed or name in available_timezones()


def _zone(name: str) -> str:
    if not _is_zone(name):
        raise ValueError(f"{name!r} is no time zone; write a name such as America/Los_Angeles")
    return name


def _date(text: str) -> str:
    return parse_date(text).isoformat() if text else text


class Organization(Part):
    """Who the policy speaks for (the controller)."""

    name: Plain  #: The name that readers know.
    legal_name: Plain  #: The controller's name in law.
    address: tuple[Plain, ...] = ()  #: The postal address, line by line.
    phone: Plain | None = None  #: A number for privacy questions.
    #: The address for privacy questions.
    email: Annotated[str, Text(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+", max_length=254)] | None = None
    group: tuple[Plain, ...] = ()  #: Companies of the group that the policy covers, too.


class Section(Part):
    """One heading of the policy with the clauses below it, in order."""

    #: Stays when the title changes; addresses on the site end in it.
    id: Annotated[str, Text(r"[a-z0-9][a-z0-9-]{0,63}")]
    title: Plain  #: The heading.
    #: Ids of the clauses below the heading, in order. One whose id is the section's has no heading of its own.
    clauses: tuple[ClauseId, ...]
    #: For whom or where alone the whole section holds.
    scope: Mapping[Literal["products", "channels", "audiences", "jurisdictions"], tuple[Word, ...]] = NOTHING


class RegisteredRecipient(Part):
    """One entry of the recipient registry: the plain words for a key, and what is known of it."""

    id: Key  #: The key that practices name.
    label: Plain  #: The plain words for it in the text.
    category: Key | None = None  #: The key of the kind of recipient that it belongs to.
    country: Word | None = None  #: Where it is.
    affiliate: bool | Literal["unstated"] = "unstated"  #: Whether it belongs to the same group of companies.


class ConsentPlan(Part):
    """How consent is asked where a change reaches data already held; a release needs one there."""

    id: Word  #: The key that practices name under `consent_plan`.
    covers: tuple[Key, ...]  #: Keys of the data that it covers.
    how: Plain  #: How people are asked, in a sentence.


class KeptElsewhere(Part):
    """A translation kept elsewhere: its language, and which text it translates (`Snapshot.text_digest`)."""

    id: Annotated[str, Text(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")]  #: The language's tag.
    #: The digest of the text that it translates; `check` names the digest of now.
    of: Annotated[str, Text(r"[0-9a-f]{16}")]


class LintOff(Part):
    """A lint that is switched off, and why; `at` limits that to some practices or clauses."""

    id: Word  #: The lint (`policytrail lint --list`).
    reason: Plain  #: Why it is off here; it stays on record.
    #: Ids of practices or clauses for which alone it is off; without it, for all.
    at: tuple[Word | ClauseId, ...] = ()


class Lints(Part):
    """How the draft is looked over; no part of what the policy says."""

    off: tuple[LintOff, ...] = ()  #: The lints that are switched off.


class Policy(Part):
    """What `policy/policy.yaml` says.

    `proposed` names the fields that an import guessed or made up; like a proposed practice, each blocks a release.
    """

    title: Plain  #: The document's name.
    organization: Organization  #: Who speaks.
    site_url: Annotated[str, Text(r"https?://[^\s]+/", max_length=300)]  #: Where the site is published; ends in `/`.
    #: Days are counted and versions take effect there, for example `America/Los_Angeles`.
    time_zone: Annotated[str, Checked(_zone)]
    language: Annotated[str, Text(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")] = "en"  #: The language of the clauses.
    last_updated: Annotated[str, Checked(_date)] | None = None  #: The date label in the text, YYYY-MM-DD.
    #: The notice rules that bind this policy (see regimes); the strictest combination wins.
    regimes: tuple[Word, ...] = ("promise",)
    disclaimer: Plain | None = None  #: A sentence for the foot of every page.
    documents: tuple[Plain, ...] = ()  #: Names of other documents that belong to the policy.
    #: What changes reach unless a practice says otherwise: data collected from then on, or all of it. Notices say it only
    #: where it is given; where it isn't, changes count as reaching only data collected from then on.
    applies_to: Literal["collected_from_effective", "all_data"] | None = None
    sender: Plain | None = None  #: Who notices by mail are from.
    complaints: Url | None = None  #: Where people can complain.
    consent_plans: tuple[ConsentPlan, ...] = ()  #: How consent is asked, where it must be.
    translations: tuple[KeptElsewhere, ...] = ()  #: Translations that are kept elsewhere.
    #: The language whose text counts where texts differ; the source's unless it says another.
    governs: Tag | None = None
    lints: Lints = Lints()  #: Lints that are switched off.
    sections: Annotated[tuple[Section, ...], AtLeast(1)]  #: The headings with their clauses, in order.
    source_refs: tuple[str, ...] = ()  #: Where this comes from; a remark, never compared.
    #: Fields that an import guessed or made up: each blocks a release until it is taken out here.
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

    id: ClauseId  #: Its path below `clauses/` without `.md`; give it where the file's name is another.
    title: Plain  #: Its heading.
    text: str  #: Its Markdown.
    states: tuple[str, ...] = ()  #: Ids of the practices that the text states.

    @property
    def digest(self) -> str:
        """Names the clause's words: 16 hex of the SHA-256 over title and text. A translation says of which it is."""
        return hashlib.sha256(canonical([self.title, self.text])).hexdigest()[:16]


@dataclass(frozen=True)
class Snapshot:
    """Everything the policy says at one time: policy, practices by id, clauses by id (in reading order).

    `translations` has the other languages by their tags. `prose`: a text taken over from another history, of which only
    the words are known: nobody has declared what practices it states, so that none here doesn't mean that there is none.
    """

    policy: Policy
    practices: Mapping[str, Practice]
    clauses: Mapping[str, Clause]
    recipients: Mapping[str, RegisteredRecipient]
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    translations: Mapping[str, Translation] = field(default_factory=dict)
    prose: bool = False

    @property
    def governing(self) -> str:
        """The language whose text counts where texts differ: the source's, unless the policy names another one."""
        return self.policy.governs or self.policy.language

    def behind(self, language: str) -> tuple[str, ...]:
        """The clauses of a translation that are of another text than the source's, in reading order."""
        made = self.translations[language].clauses
        return tuple(
            clause.id for clause in self.clauses.values() if clause.id in made and made[clause.id].of != clause.digest
        )

    def missing(self, language: str) -> tuple[str, ...]:
        """The clauses that a translation doesn't have, in reading order."""
        return tuple(clause for clause in self.clauses if clause not in self.translations[language].clauses)

    @property
    def text_digest(self) -> str:
        """Names the words of the policy: 16 hex of the SHA-256 over every clause with its title. Translations refer to it."""
        words = [[clause.id, clause.title, clause.text] for clause in self.clauses.values()]
        return hashlib.sha256(canonical(words)).hexdigest()[:16]

    def clause_of(self, practice_id: str) -> str | None:
        """The id of the first clause that states the practice, None if no clause does."""
        return next((clause.id for clause in self.clauses.values() if practice_id in clause.states), None)

    def stating(self, practice_id: str) -> tuple[str, ...]:
        """The ids of all clauses that state the practice."""
        return tuple(clause.id for clause in self.clauses.values() if practice_id in clause.states)

    def promise(self) -> Practice | None:
        """The promise of advance notice before material changes, as the policy makes it; None if it makes none."""
        for practice in self.practices.values():
            on: Any = getattr(practice, "on", None)
            if on is not None and on.severity == "material":
                return practice
        return None


__all__ = [
    "AnyPractice",
    "Clause",
    "ClauseId",
    "ConsentPlan",
    "KeptElsewhere",
    "LintOff",
    "Lints",
    "Organization",
    "Policy",
    "RegisteredRecipient",
    "Section",
    "Snapshot",
]
