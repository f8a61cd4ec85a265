"""A text as a whole draft: its clauses, the practices proposed for each, and the head of the policy. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from policytrail.errors import Problem, SourceError
from policytrail.importers import extractors as _readers  # noqa: F401  (enters them)
from policytrail.importers.extractors.lexicon import DATA
from policytrail.importers.extractors.registry import Fields, proposals
from policytrail.importers.extractors.statements import Statement, statements
from policytrail.importers.formats.clean import clean
from policytrail.importers.formats.decoded_file import Reading
from policytrail.model.change import canonical
from policytrail.text.unicode import hidden

from .metadata import About, about
from .outline import Outline, OutlineClause, free, outline

# What says, promises or allows something; a statement with one of these and no proposal is named to the person who confirms.
_WEIGHTY = re.compile(
    r"\b(?:collect|use|process|share|disclose|receive|obtain|record|store|retain|keep|sell|rent|transfer|provide|send|track|"
    r"delete|protect|combine|access|contact|notify|require|prohibit|agree|consent|liab)\w*|\b(?:may|will|must|shall|right|not|never|only|unless|except)\b"
)
_DOUBTS = 10  # letters that a report names
MAX_LENGTH = 500_000  # characters; more can be compared, but nobody could confirm what would be proposed
_TARGET = re.compile(r"\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Proposal:
    """One practice as it was read out of a sentence, and the clause in which that stands. Nobody has accepted it yet."""

    clause: str
    fields: Fields

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.fields["id"])

    @property
    def is_promise(self) -> bool:
        """Whether it is a promise to tell people of changes. Its words bind from the first day, so it isn't left for later."""
        return bool(self.fields["type"] == "notice")


@dataclass(frozen=True)
class Unread:
    """A sentence that seems to say something about data, and from which no practice is proposed."""

    clause: str
    quote: str


@dataclass(frozen=True)
class Draft:
    """Everything that an import makes, before it is written."""

    about: About
    outline: Outline
    proposals: tuple[Proposal, ...]
    unread: tuple[Unread, ...] = ()
    remarks: tuple[str, ...] = ()
    #: Whether promises of notice wait with the other proposals: a past is compared by its words alone.
    promises_wait: bool = False

    def stated(self, clause: str) -> list[str]:
        """The ids of the practices that a clause states from the start: its promises of notice."""
        return [proposal.id for proposal in self.promises if proposal.clause == clause]

    def proposed(self, clause: str) -> list[Proposal]:
        """What is proposed from the sentences of a clause."""
        return [proposal for proposal in self.open if proposal.clause == clause]

    @property
    def promises(self) -> tuple[Proposal, ...]:
        """The promises of notice that the text gives."""
        return tuple(proposal for proposal in self.proposals if proposal.is_promise and not self.promises_wait)

    @property
    def open(self) -> tuple[Proposal, ...]:
        """The proposals that wait for a person."""
        return tuple(proposal for proposal in self.proposals if self.promises_wait or not proposal.is_promise)

    def to_json(self) -> dict[str, Any]:
        """What `policytrail import --format json` prints of it."""
        return {
            "policy": self.about.fields,
            "to_confirm": list(self.about.proposed),
            "sections": [
                {"id": section.id, "title": section.title, "clauses": list(map(self._shown, section.clauses))}
                for section in self.outline.sections
            ],
            "practices": [{"clause": proposal.clause, **proposal.fields} for proposal in self.promises],
            "proposals": [{"clause": proposal.clause, **proposal.fields} for proposal in self.open],
            "unread": [{"clause": sentence.clause, "quote": sentence.quote} for sentence in self.unread],
            "remarks": list(self.remarks),
        }

    def _shown(self, clause: OutlineClause) -> dict[str, Any]:
        return {"id": clause.id, "title": clause.title, "states": self.stated(clause.id)}


def drafted(reading: Reading, name: str) -> Draft:
    """In: a file as it was read, its name for messages. Out: its draft, with a remark for each repair and doubtful letter."""
    text, repairs = clean(reading.markdown)
    kinds = ("mixed scripts", "look-alike")
    doubts = [finding.sentence for finding in hidden(text) if finding.kind in kinds][:_DOUBTS]
    return draft(text, reading.language, (*reading.remarks, *repairs, *doubts), name, reading.title)


def draft(
    markdown: str,
    language: str | None = None,
    remarks: tuple[str, ...] = (),
    name: str = "",
    title: str | None = None,
) -> Draft:
    """In: clean Markdown, the language it declares, remarks so far, the file's name for messages, the title that the file
    names beside its text (used where the text has none). Out: the draft.

    Nothing of the text is left out. Raises SourceError for a text of more than half a million characters, and for a title alone.
    """
    if len(markdown) > MAX_LENGTH:
        raise SourceError(
            Problem(name, 0, "This text is longer than half a million characters.", "Import a part of it.")
        )
    made = outline(markdown)
    if not made.sections:
        raise SourceError(Problem(name, 0, "There is a title and no text below it.", "Give the whole policy."))
    told = about(made.title or title, markdown, language)
    taken: dict[str, int] = {}
    found = [_read(clause, told.organization, taken) for clause in made.clauses]
    proposed = _different(proposal for some, _ in found for proposal in some)
    unread = tuple(sentence for _, left in found for sentence in left)
    if not (language or "en").lower().startswith("en"):
        remarks += (f"Practices are proposed from English texts only; this one says that it is in {language!r}.",)
    if any(not section.title or section.id == "introduction" for section in made.sections[:1]):
        remarks += ("The text begins without a heading of its own: its opening section is called 'Introduction'.",)
    gone = [
        fromkey
        for fromkey in dict.fromkeys(_TARGET.findall(markdown))
        if not any(fromkey in clause.text for clause in made.clauses)
    ]
    if gone:
        remarks += (f"Headings hold no links; left out: {', '.join(gone[:10])}.",)
    return Draft(told, made, proposed, unread, remarks)


def _read(clause: OutlineClause, organization: str, taken: dict[str, int]) -> tuple[list[Proposal], list[Unread]]:
    """What is proposed from a clause, and its sentences that say something and from which nothing is."""
    found: list[Proposal] = []
    left: list[Unread] = []
    for statement in statements(clause.text):
        fields = proposals(statement)
        found += [Proposal(clause.id, _whole(field, statement, organization, taken)) for field in fields]
        if not fields and _says_something(statement):
            left.append(Unread(clause.id, statement.quote))
    return found, left


def _different(found: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """The proposals of a text, the first of those that say the same of the same clause."""
    kept: dict[str, Proposal] = {}
    for proposal in found:
        said = {name: value for name, value in proposal.fields.items() if name not in ("id", "quote", "note", "title")}
        kept.setdefault(f"{proposal.clause} {canonical(said)!r}", proposal)
    return tuple(kept.values())


def _says_something(statement: Statement) -> bool:
    weighty = _WEIGHTY.search(statement.words)
    return bool(weighty or any(entry.words.search(statement.words) for entry in DATA))


def _whole(fields: Fields, statement: Statement, organization: str, taken: dict[str, int]) -> Fields:
    """The fields in the order in which people read them, with an id of its own and the quotation."""
    rest = {name: value for name, value in fields.items() if name not in ("hint", "type", "title")}
    entity = {"entity": organization} if fields["type"] == "contact" else {}
    below = {"note": f"It stands below: {statement.below}"} if statement.below else {}
    return {
        "id": free(fields["hint"], taken, "_", None),
        "type": fields["type"],
        "title": fields["title"],
        **entity,
        **rest,
        "quote": statement.quote,
        **below,
    }
