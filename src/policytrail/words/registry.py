"""Which functions say what practices of each type say, and what is told of a change in one of their fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from .common import besides, roles
from .kinds import about, choices, collection, disclosure, keeping, promises, tracking, use
from .saying import Saying
from .speaker import Facts, Speaker

Say = Callable[[Facts, Speaker], Saying]
# In: the facts before and after, the facts with only the entry that came or went, who speaks for the old and the new side.
Judge = Callable[[Facts, Facts, Facts, Speaker, Speaker], "str | None"]
Whole = Callable[[Facts, Speaker], str]

_SAYINGS: Mapping[str, Say] = {
    "collection": collection.collection,
    "use": use.use,
    "disclosure": disclosure.disclosure,
    "cookie": tracking.cookie,
    "signal": tracking.signal,
    "choice": choices.choice,
    "right": choices.right_told,
    "communication": promises.communication,
    "retention": keeping.retention,
    "security": keeping.security,
    "commitment": promises.commitment,
    "assurance": promises.assurance,
    "notice": promises.notice,
    "definition": about.definition,
    "scope": about.scope,
    "contact": about.contact,
    "program": about.program,
    "link": about.link,
}
CHANGES: Mapping[str, Mapping[tuple[str, str], Judge]] = {
    "collection": collection.CHANGES,
    "use": {**use.CHANGES, ("recipients", "added"): disclosure.recipient_added},
    "disclosure": disclosure.CHANGES,
    "cookie": tracking.CHANGES,
    "signal": tracking.CHANGES,
    "choice": choices.CHANGES,
    "right": choices.CHANGES,
    "retention": keeping.RETENTION_CHANGES,
    "security": keeping.SECURITY_CHANGES,
    "notice": promises.NOTICE_CHANGES,
    "definition": about.DEFINITION_CHANGES,
    "scope": about.SCOPE_CHANGES,
    "contact": about.CONTACT_CHANGES,
    "program": about.PROGRAM_CHANGES,
    "link": about.LINK_CHANGES,
}
# What is said of a practice that came or went, where it isn't "New: …" or "Our policy no longer says that …".
ADDED: Mapping[str, Whole] = {"link": about.link_added}
REMOVED: Mapping[str, Whole] = {
    "choice": choices.choice_removed,
    "commitment": promises.commitment_removed,
    "link": about.link_removed,
    "definition": about.definition_removed,
    "contact": about.contact_removed,
    "assurance": about.assurance_removed,
}


def knows(kind: str) -> bool:
    """Whether practices of this type have words."""
    return kind in _SAYINGS


def saying(facts: Facts, say: Speaker) -> Saying:
    """What a practice says. What its type has no place for follows in sentences of its own, so that no fact is silent."""
    make = _SAYINGS[str(facts["type"])]
    made = make(facts, say)
    silent = {
        name: text
        for name, text in besides(facts, say).items()
        if name not in made.tails and make({key: value for key, value in facts.items() if key != name}, say) == made
    }
    if "recipients" in made.adjuncts and "recipients" not in made.tails and (role := roles(facts, say)):
        silent["recipients"] = role
    return replace(made, tails={**made.tails, **silent}) if silent else made
