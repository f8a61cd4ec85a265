"""A text as a whole draft: its clauses, the practices proposed for each, and the head of the policy. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from policytrail.errors import Problem, SourceError
from policytrail.importers import extractors as _readers  # noqa: F401  (enters them)
from policytrail.importers.extractors.lexicon import DATA, RECIPIENTS, labels
from policytrail.importers.extractors.registry import Fields, proposals
from policytrail.importers.extractors.statements import Statement, statements

from .metadata import About, about
from .outline import Outline, OutlineClause, free, outline

# What says, promises or allows something; a statement with one of these and no proposal is named to the person who confirms.
_WEIGHTY = re.compile(
    r"\b(?:collect|use|process|share|disclose|receive|obtain|record|store|retain|keep|sell|rent|transfer|provide|send|track|"
    r"delete|protect|combine|access|contact|notify|require|prohibit|agree|consent|liab)\w*|\b(?:may|will|must|shall|right|not|never|only|unless|except)\b"
)
_SHOWN = 160
MAX_LENGTH = 500_000  # characters; more can be compared, but nobody could confirm what would be proposed
_TARGET = re.compile(r"\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Proposal:
    """One practice as it will be written, and the clause that states it."""

    clause: str
    fields: Fields

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.fields["id"])


@dataclass(frozen=True)
class Draft:
    """Everything that an import makes, before it is written."""

    about: About
    outline: Outline
    proposals: tuple[Proposal, ...]
    remarks: tuple[str, ...] = ()

    def stated(self, clause: str) -> list[str]:
        """The ids of the practices that a clause states."""
        return [proposal.id for proposal in self.proposals if proposal.clause == clause]

    def used(self, *names: str) -> list[str]:
        """The keys that proposals use in these fields, sorted."""
        keys = {key for proposal in self.proposals for name in names for key in _keys(proposal.fields.get(name, ()))}
        return sorted(keys)

    def to_json(self) -> dict[str, Any]:
        """What `policytrail import --format json` prints of it."""
        return {
            "policy": self.about.fields,
            "to_confirm": list(self.about.proposed),
            "sections": [
                {"id": section.id, "title": section.title, "clauses": list(map(self._shown, section.clauses))}
                for section in self.outline.sections
            ],
            "practices": [{"clause": proposal.clause, **proposal.fields} for proposal in self.proposals],
            "remarks": list(self.remarks),
        }

    def _shown(self, clause: OutlineClause) -> dict[str, Any]:
        return {"id": clause.id, "title": clause.title, "states": self.stated(clause.id)}


def _keys(value: Any) -> Iterator[str]:
    for each in value if not isinstance(value, str) else ():
        yield each["id"] if isinstance(each, dict) else each


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
    found = tuple(each for clause in made.clauses for each in _proposed(clause, told.organization, taken))
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
    return Draft(told, made, found, remarks)


def _proposed(clause: OutlineClause, organization: str, taken: dict[str, int]) -> Iterator[Proposal]:
    left: list[Statement] = []
    any_found = False
    for statement in statements(clause.text):
        fields = proposals(statement)
        any_found = any_found or bool(fields)
        for field in fields:
            yield Proposal(clause.id, _whole(field, statement, organization, taken))
        if not fields and (
            _WEIGHTY.search(statement.words) or any(entry.words.search(statement.words) for entry in DATA)
        ):
            left.append(statement)
    if left or (not any_found and re.search(r"\w", clause.text)):
        yield Proposal(clause.id, _unread(clause, left, taken))


def _whole(fields: Fields, statement: Statement, organization: str, taken: dict[str, int]) -> Fields:
    """The fields in the order in which people read them, with an id of its own, the quotation and the mark."""
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
        "proposed": True,
    }


def _unread(clause: OutlineClause, left: list[Statement], taken: dict[str, int]) -> Fields:
    """What nobody recognized, in one proposed assurance a clause: honest about being unread, and in the way of a release."""
    shown = [
        statement.quote if len(statement.quote) <= _SHOWN else statement.quote[:_SHOWN].rpartition(" ")[0] + " ..."
        for statement in left
    ]
    what = (
        f"No practice is proposed from: {' / '.join(shown)}" if shown else "No practice is proposed from this clause."
    )
    leaf = re.sub(r"[^a-z0-9]+", "_", clause.id.rpartition("/")[2]).strip("_")[:60] or "clause"
    hint = f"unread.{leaf if leaf[0].isalpha() else 'n' + leaf}"
    quote = {"quote": left[0].quote} if left else {}
    note = f"{what} Read it, write practices for what it says of data, and confirm that the rest says nothing."
    return {
        "id": free(hint, taken, "_", None),
        "type": "assurance",
        "title": "To be read by a person",
        **quote,
        "note": note,
        "proposed": True,
    }


def vocabulary(made: Draft) -> dict[str, list[dict[str, str]]]:
    """Plain words for the keys that the proposals use: `vocabulary.yaml`."""
    words = labels()
    both = (("data", made.used("data", "excludes")), ("purposes", made.used("purposes")))
    return {kind: [{"key": key, "label": words[key]} for key in keys if key in words] for kind, keys in both if keys}


def recipients(made: Draft) -> list[dict[str, str]]:
    """The registry of the recipients that the proposals name: `recipients.yaml`."""
    known = {recipient.key: recipient.label for recipient in RECIPIENTS}
    return [{"id": key, "label": known[key]} for key in made.used("recipients")]
