"""A past text of a policy as a snapshot: its words in clauses with the ids that an import gives them, and no practices. Pure."""

from __future__ import annotations

from policytrail.errors import SourceError
from policytrail.importers.formats.clean import clean
from policytrail.model.policy import Clause, Lints, Policy, Section, Snapshot
from policytrail.model.validation.record import FormError

from .draft import MAX_LENGTH
from .escape_markdown import harmless
from .metadata import updated
from .outline import outline


def prose(markdown: str, head: Policy, name: str) -> Snapshot:
    """In: a text, what the policy says beside its text (whose it is, its site, its time zone), the file's name.

    Raises SourceError for a text that no policy can be: too long, a title alone, a heading that can't be one.
    """
    text = clean(markdown)[0]
    made = outline(text) if len(text) <= MAX_LENGTH else None
    if made is None or not made.sections:
        raise SourceError(f"{name} is longer than half a million characters, or a title with no text below it.")
    try:
        clauses = {
            clause.id: Clause(id=clause.id, title=clause.title, text=harmless(clause.text)) for clause in made.clauses
        }
        sections = tuple(
            Section(id=section.id, title=section.title, clauses=tuple(one.id for one in section.clauses))
            for section in made.sections
        )
        policy = Policy.model_validate(
            head.model_dump(exclude_defaults=True)
            | {
                "title": made.title or "Privacy policy",
                "sections": sections,
                "last_updated": updated(text),
                "proposed": (),
                "lints": Lints(),
                "translations": (),
                "governs": None,
            }
        )
    except FormError as error:
        raise SourceError(f"{name} can't be a policy here: {error}") from None
    return Snapshot(policy, {}, clauses, {}, prose=True)
