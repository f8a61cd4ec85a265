"""Practices: one structured fact about data each, with a stable dotted id.

A field that the policy leaves open is `unstated`; a field that isn't given says nothing. Lists are sets with
an openness of their own (`lists: {data: open}` when the text says "such as"); without it a list is closed.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from policytrail.model.validation.field_types import By, Range
from policytrail.model.validation.record import NOTHING, Part

from .practice_fields import (
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

    id: PracticeId  #: Dotted, and stable: the first word is the topic.
    type: str  #: Which of the types below it is.
    title: Plain  #: A few words for lists and redlines.
    modality: Modality = "does"  #: How firmly it is said: that it is done, will or may be done, or isn't.
    exclusive: bool = False  #: Whether the text says "only": nothing beyond what is listed.
    hedge: Hedge = "none"  #: Words that weaken it: "generally", "certain", "as appropriate", "reasonable".
    #: Who does it.
    actor: Literal["company", "agent", "partner", "regulator", "provider", "public", "person"] = "company"
    subjects: tuple[Key, ...] = ()  #: Whose data: keys of the vocabulary.
    data: tuple[Key, ...] | Unstated = ()  #: Which data: keys of the vocabulary, or `unstated`.
    excludes: tuple[Key, ...] = ()  #: Data that is expressly not meant.
    personal: Literal["yes", "no_as_claimed"] | None = None  #: Whether it is personal data, or is claimed not to be.
    aggregated: bool = False  #: Whether only totals are meant.
    linkage: Literal["tied", "not_tied"] | None = None  #: Whether it is tied to what identifies a person.
    purposes: tuple[Key, ...] | Unstated = ()  #: What for: keys of the vocabulary, or `unstated`.
    recipients: tuple[Recipient, ...] | Unstated = ()  #: Who gets it, or `unstated`.
    requires: tuple[Word, ...] = ()  #: What must happen before, in order, such as `notice`, `consent`.
    safeguard: tuple[Word, ...] = ()  #: What protects people in it.
    exceptions: tuple[PracticeId, ...] = ()  #: Ids of practices that are exceptions to it; each names it in turn.
    exception_to: PracticeId | None = None  #: The id of the rule that it is an exception to.
    examples: tuple[Plain, ...] = ()  #: Examples, in the text's words.
    #: For each list whether it is complete: `open` where the text says "such as"; closed otherwise.
    lists: Mapping[Word, Literal["open", "closed"]] = NOTHING
    scope: Scope = Scope()  #: Where alone it holds.
    governed_by: Literal["this", "recipient_policy"] = "this"  #: Whose policy counts for the data afterwards.
    #: What a change of it reaches, where that differs from the policy's.
    applies_to: Literal["collected_from_effective", "all_data"] | None = None
    consent_plan: Word | None = None  #: The plan by which people are asked.
    legal_basis: Word | None = None  #: The basis in law, such as `contract` or `consent`.
    informational: bool = False  #: Whether it only explains, and promises nothing.
    trigger: tuple[Word, ...] = ()  #: What sets it off.
    frequency: Word | None = None  #: How often.
    ai_training: YesNo | None = None  #: Whether models are trained with the data.
    automated_decision: YesNo | None = None  #: Whether it decides about people by machine alone.
    since: str | None = None  #: Since when; a remark, never compared.
    source_refs: tuple[str, ...] = ()  #: Where it comes from; a remark, never compared.
    note: str | None = None  #: A remark, never compared.
    quote: str | None = None  #: The sentence that an import read it from; never compared.
    #: An import proposed it: it blocks a release until a person confirms it by taking this out.
    proposed: bool = False


class Collection(Practice):
    """Data that is collected, from whom, and on which occasion."""

    type: Literal["collection"]
    source: tuple[Word, ...] = ()  #: From whom: `given` by the person, `observed`, from others.
    occasion: tuple[Word, ...] = ()  #: On which occasions.
    necessity: Literal["required", "optional"] | Unstated | None = None  #: Whether people must give it.
    storage: Word | None = None  #: Where it is kept.
    collected_for: Word | None = None  #: For whom it is collected, where not for the company.


class Use(Practice):
    """What data is used for."""

    type: Literal["use"]
    limit: Word | None = None  #: What limits the use.


class Disclosure(Practice):
    """Data that goes to somebody else."""

    type: Literal["disclosure"]
    operations: tuple[Word, ...] = ()  #: What is done: `share`, `sell`, `rent` and so on.
    #: Whether it happens unless, or only if, a person chooses so.
    default: Literal["on_until_opt_out", "off_until_opt_in"] | None = None
    limit: Word | None = None  #: What limits it.
    standard: Word | None = None  #: The test that must be met, such as a good-faith belief.
    public: bool = False  #: Whether everybody can see it afterwards.
    is_sale: YesNo | None = None  #: Whether it is a sale as the law has it.
    is_ads: YesNo | None = None  #: Whether it is for advertising.
    countries: tuple[Word, ...] = ()  #: Where the data goes.
    transfer_mechanism: Word | None = None  #: What makes a transfer abroad lawful.


class Cookie(Practice):
    """A tracker of any technology: cookie, clear gif, script, widget."""

    type: Literal["cookie"]
    technology: tuple[Word, ...] = ("cookie",)  #: Which technologies.
    set_by: Word = "company"  #: Who sets it.
    identifier: Word | None = None  #: What it holds that tells people apart.
    cross_site: bool = False  #: Whether it follows people to other sites.
    channel: tuple[Word, ...] = ()  #: Where it is used: site, mail, app.
    lifetime: Period | None = None  #: How long it stays.


class Signal(Practice):
    """How a browser signal such as Do Not Track is answered."""

    type: Literal["signal"]
    name: Literal["dnt", "gpc"]  #: Do Not Track, or Global Privacy Control.
    response: Literal["honoured", "not_honoured", "varies"]  #: How the company answers it.
    #: How others on the site answer it.
    third_parties: Literal["honoured", "not_honoured", "varies"] | Unstated | None = None


class Choice(Practice):
    """Something that a person can decide: opt out, opt in, close the account."""

    type: Literal["choice"]
    #: What people can do: stop it, start it, nothing, close the account.
    kind: Literal["opt_out", "opt_in", "none", "closure"]
    targets: tuple[PracticeId, ...] = ()  #: Ids of the practices that it decides about.
    mechanisms: tuple[Mechanism, ...] = ()  #: The ways to use it.
    timing: Word | None = None  #: When it works, or takes effect.
    fee: YesNo | None = None  #: Whether it costs anything.
    consequence: Plain | None = None  #: What follows, in plain words.


class Right(Practice):
    """Something that a person may ask for: see, correct, delete."""

    type: Literal["right"]
    #: What people may ask for.
    kind: tuple[Literal["access", "correct", "delete", "port", "object", "restrict"], ...]
    mechanisms: tuple[Mechanism, ...] = ()  #: The ways to ask.
    deadline: Period | None = None  #: When the answer comes at the latest.
    verification: Word | None = None  #: How people show who they are.
    fee: YesNo | None = None  #: Whether it costs anything.
    limits: tuple[Word, ...] = ()  #: Where it ends.
    answer_when_refused: bool = False  #: Whether a refusal is answered, too.


class Communication(Practice):
    """Messages that the company sends."""

    type: Literal["communication"]
    kinds: tuple[Word, ...]  #: Which messages.
    about: tuple[Word, ...] = ()  #: What they are about.
    channels: tuple[Word, ...] = ()  #: How they come.
    senders: tuple[Word, ...] = ()  #: Who sends them.


class Retention(Practice):
    """How long data is kept."""

    type: Literal["retention"]
    period: Period | None = None  #: How long.
    bound: Literal["none", "fixed"] = "none"  #: Whether there is a fixed end.
    none_kept: bool = False  #: Whether nothing is kept at all.


class Security(Practice):
    """A measure that protects data, and how strongly it is claimed."""

    type: Literal["security"]
    measure: tuple[Word, ...]  #: Which measures.
    extent: Literal["all", "certain"] = "all"  #: Whether for all data or certain data.
    standard: Word | None = None  #: Which standard it follows.
    technology: Plain | None = None  #: Which technology, in plain words.
    claim: Word | None = None  #: What is claimed or disclaimed, in a word.
    strength: Literal["does", "designed_to", "may"] = "does"  #: How firmly it is claimed.


class Commitment(Practice):
    """A promise about what is, or is never, done."""

    type: Literal["commitment"]
    operations: tuple[Word, ...] = ()  #: What it is about: `sell`, `rent`, `share` and so on.
    promises: Word | None = None  #: What is promised, in a word.


class Definition(Practice):
    """What a word means in this policy."""

    type: Literal["definition"]
    term: Plain  #: The word.
    meaning: Plain  #: What it means here.


class ScopeStatement(Practice):
    """What the policy covers and what it doesn't."""

    type: Literal["scope"]
    covers: tuple[Word, ...] = ()  #: What the policy covers.
    not_covered: tuple[Word, ...] = ()  #: What it doesn't.


class Notice(Practice):
    """A promise to tell people; the one in force drives the schedule.

    `period_days` are calendar days in the policy's time zone, counted as `count` says.
    """

    type: Literal["notice"]
    on: Trigger  #: What sets it off.
    #: How many calendar days ahead, in the policy's time zone.
    period_days: Annotated[int, Range(0, 730)] | None = None
    #: Whether both end days are left out of the count (`full_days`) or not (`at_least`).
    count: Literal["full_days", "at_least"] = "full_days"
    timing: Literal["before_effective"] | Unstated = "unstated"  #: Whether it comes before the change takes effect.
    channels: Channels = Channels()  #: How it comes.
    always: tuple[Word, ...] = ()  #: Ways that are used besides, without a promise of time.
    #: When a change binds people who join meanwhile.
    new_users: Literal["at_effective", "at_signup"] = "at_effective"
    acceptance_by_use: bool = False  #: Whether using the service counts as agreeing.
    discretion: bool = False  #: Whether the company says that it decides what is material.


class Contact(Practice):
    """Where a person can turn to, and which rights hang on it."""

    type: Literal["contact"]
    entity: Plain  #: Who.
    unit: Plain | None = None  #: Which office or person there.
    channels: tuple[Channel, ...] = ()  #: How to reach them.
    serves: tuple[PracticeId, ...] = ()  #: Ids of the practices for which people turn there.


class Program(Practice):
    """A seal or framework that the company takes part in, and the redress that it offers."""

    type: Literal["program"]
    name: Plain  #: Its name.
    status: Word  #: Whether the company takes part, was certified, and so on.
    covers: tuple[Word, ...] = ()  #: What it covers.
    not_covered: tuple[Word, ...] = ()  #: What it doesn't.
    redress: Mechanism | None = None  #: Where complaints go.
    approval_gate: bool = False  #: Whether its operator must approve changes of the policy.


class Link(Practice):
    """A pointer to somewhere else."""

    type: Literal["link"]
    kind: Word  #: What is there.
    target: Url | Unstated = "unstated"  #: The address.
    part_of: PracticeId | None = None  #: The id of the practice that it belongs to.


class Assurance(Practice):
    """A sentence without a practice behind it: an aim, an explanation, an invitation."""

    type: Literal["assurance"]
    informational: bool = True  #: An assurance always is.


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
    name: arg for arg in get_args(get_args(AnyPractice)[0]) for name in arg.words_of("type")
}
