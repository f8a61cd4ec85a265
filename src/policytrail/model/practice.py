"""Practices: one structured fact about data each, with a stable dotted id.

A field that the policy leaves open is `unstated`; a field that isn't given says nothing. Lists are sets with
an openness of their own (`lists: {data: open}` when the text says "such as"); without it a list is closed.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from .forms import By, Range
from .part import NOTHING, Part
from .parts import (
    Channel,
    Channels,
    Hedge,
    Key,
    Mechanism,
    Modality,
    Period,
    Plain,
    PracticeId,
    Recipient,
    Scope,
    Trigger,
    Unstated,
    Url,
    Word,
    YesNo,
)


class Practice(Part):
    """What every practice can say, whatever its type."""

    id: PracticeId
    type: str
    title: Plain
    modality: Modality = "does"
    exclusive: bool = False
    hedge: Hedge = "none"
    actor: Literal["company", "agent", "partner", "regulator", "provider", "public", "person"] = "company"
    subjects: tuple[Key, ...] = ()
    data: tuple[Key, ...] | Unstated = ()
    excludes: tuple[Key, ...] = ()
    personal: Literal["yes", "no_as_claimed"] | None = None
    aggregated: bool = False
    linkage: Literal["tied", "not_tied"] | None = None
    purposes: tuple[Key, ...] | Unstated = ()
    recipients: tuple[Recipient, ...] | Unstated = ()
    requires: tuple[Word, ...] = ()
    safeguard: tuple[Word, ...] = ()
    exceptions: tuple[PracticeId, ...] = ()
    exception_to: PracticeId | None = None
    examples: tuple[Plain, ...] = ()
    lists: Mapping[Word, Literal["open", "closed"]] = NOTHING
    scope: Scope = Scope()
    governed_by: Literal["this", "recipient_policy"] = "this"
    applies_to: Literal["collected_from_effective", "all_data"] | None = None
    consent_plan: Word | None = None
    legal_basis: Word | None = None
    informational: bool = False
    trigger: tuple[Word, ...] = ()
    frequency: Word | None = None
    ai_training: YesNo | None = None
    automated_decision: YesNo | None = None
    since: str | None = None
    source_refs: tuple[str, ...] = ()
    note: str | None = None
    quote: str | None = None
    proposed: bool = False


class Collection(Practice):
    """Data that is collected, from whom, and on which occasion."""

    type: Literal["collection"]
    source: tuple[Word, ...] = ()
    occasion: tuple[Word, ...] = ()
    necessity: Literal["required", "optional"] | Unstated | None = None
    storage: Word | None = None
    collected_for: Word | None = None


class Use(Practice):
    """What data is used for."""

    type: Literal["use"]
    limit: Word | None = None


class Disclosure(Practice):
    """Data that goes to somebody else."""

    type: Literal["disclosure"]
    operations: tuple[Word, ...] = ()
    default: Literal["on_until_opt_out", "off_until_opt_in"] | None = None
    limit: Word | None = None
    standard: Word | None = None
    public: bool = False
    is_sale: YesNo | None = None
    is_ads: YesNo | None = None
    countries: tuple[Word, ...] = ()
    transfer_mechanism: Word | None = None


class Cookie(Practice):
    """A tracker of any technology: cookie, clear gif, script, widget."""

    type: Literal["cookie"]
    technology: tuple[Word, ...] = ("cookie",)
    set_by: Word = "company"
    identifier: Word | None = None
    cross_site: bool = False
    channel: tuple[Word, ...] = ()
    lifetime: Period | None = None


class Signal(Practice):
    """How a browser signal such as Do Not Track is answered."""

    type: Literal["signal"]
    name: Literal["dnt", "gpc"]
    response: Literal["honoured", "not_honoured", "varies"]
    third_parties: Literal["honoured", "not_honoured", "varies"] | Unstated | None = None


class Choice(Practice):
    """Something that a person can decide: opt out, opt in, close the account."""

    type: Literal["choice"]
    kind: Literal["opt_out", "opt_in", "none", "closure"]
    targets: tuple[PracticeId, ...] = ()
    mechanisms: tuple[Mechanism, ...] = ()
    timing: Word | None = None
    fee: YesNo | None = None
    consequence: Plain | None = None


class Right(Practice):
    """Something that a person may ask for: see, correct, delete."""

    type: Literal["right"]
    kind: tuple[Literal["access", "correct", "delete", "port", "object", "restrict"], ...]
    mechanisms: tuple[Mechanism, ...] = ()
    deadline: Period | None = None
    verification: Word | None = None
    fee: YesNo | None = None
    limits: tuple[Word, ...] = ()
    answer_when_refused: bool = False


class Communication(Practice):
    """Messages that the company sends."""

    type: Literal["communication"]
    kinds: tuple[Word, ...]
    about: tuple[Word, ...] = ()
    channels: tuple[Word, ...] = ()
    senders: tuple[Word, ...] = ()


class Retention(Practice):
    """How long data is kept."""

    type: Literal["retention"]
    period: Period | None = None
    bound: Literal["none", "fixed"] = "none"
    none_kept: bool = False


class Security(Practice):
    """A measure that protects data, and how strongly it is claimed."""

    type: Literal["security"]
    measure: tuple[Word, ...]
    extent: Literal["all", "certain"] = "all"
    standard: Word | None = None
    technology: Plain | None = None
    claim: Word | None = None
    strength: Literal["does", "designed_to", "may"] = "does"


class Commitment(Practice):
    """A promise about what is, or is never, done."""

    type: Literal["commitment"]
    operations: tuple[Word, ...] = ()
    promises: Word | None = None


class Definition(Practice):
    """What a word means in this policy."""

    type: Literal["definition"]
    term: Plain
    meaning: Plain


class ScopeStatement(Practice):
    """What the policy covers and what it doesn't."""

    type: Literal["scope"]
    covers: tuple[Word, ...] = ()
    not_covered: tuple[Word, ...] = ()


class Notice(Practice):
    """A promise to tell people; the one in force drives the schedule.

    `period_days` are calendar days in the policy's time zone, counted as `count` says.
    """

    type: Literal["notice"]
    on: Trigger
    period_days: Annotated[int, Range(0, 730)] | None = None
    count: Literal["full_days", "at_least"] = "full_days"
    timing: Literal["before_effective"] | Unstated = "unstated"
    channels: Channels = Channels()
    always: tuple[Word, ...] = ()
    new_users: Literal["at_effective", "at_signup"] = "at_effective"
    acceptance_by_use: bool = False
    discretion: bool = False


class Contact(Practice):
    """Where a person can turn to, and which rights hang on it."""

    type: Literal["contact"]
    entity: Plain
    unit: Plain | None = None
    channels: tuple[Channel, ...] = ()
    serves: tuple[PracticeId, ...] = ()


class Program(Practice):
    """A seal or framework that the company takes part in, and the redress that it offers."""

    type: Literal["program"]
    name: Plain
    status: Word
    covers: tuple[Word, ...] = ()
    not_covered: tuple[Word, ...] = ()
    redress: Mechanism | None = None
    approval_gate: bool = False


class Link(Practice):
    """A pointer to somewhere else."""

    type: Literal["link"]
    kind: Word
    target: Url | Unstated = "unstated"
    part_of: PracticeId | None = None


class Assurance(Practice):
    """A sentence without a practice behind it: an aim, an explanation, an invitation."""

    type: Literal["assurance"]
    informational: bool = True


AnyPractice = Annotated[
    Collection
    | Use
    | Disclosure
    | Cookie
    | Signal
    | Choice
    | Right
    | Communication
    | Retention
    | Security
    | Commitment
    | Definition
    | ScopeStatement
    | Notice
    | Contact
    | Program
    | Link
    | Assurance,
    By("type"),
]
# Every class of practice by the word that stands under `type:`.
TYPES: Mapping[str, type[Practice]] = {
    name: each for each in get_args(get_args(AnyPractice)[0]) for name in each.words_of("type")
}
