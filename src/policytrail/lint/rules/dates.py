"""Dates that time has overtaken."""

from __future__ import annotations

import re
from datetime import date, timedelta

from policytrail.workspace import POLICY_FILE

from .registry import Draft, Finding, Said, lint
from .text import sentences

_COMING = re.compile(
    r"\b(?:will|shall|until|till|by|before|beginning|begin|starting|start|from|no later than|upcoming)\b", re.I
)
_FOUR_DIGITS = re.compile(r"[0-9]{4}")  # the year that every full date has
_YEAR = timedelta(days=366)


@lint("date.past", "a day in the text that is told as one to come, and is past")
def _past(draft: Draft) -> Said:
    for clause in draft.clauses:
        for sentence in sentences(clause.text):
            if not _FOUR_DIGITS.search(sentence) or not _COMING.search(sentence):
                continue
            # Saves 2 ms: its expressions take long to compile; needed only where there may be a date.
            from policytrail.text.effective_date import dates  # saves 2 ms

            for words, day in dates(sentence):
                if day < draft.as_of:
                    body = draft.bodies[clause.id]
                    message = f"{words} is past, but the sentence speaks of it as of a day to come."
                    yield Finding(
                        body.path, body.line_of(words), "", clause.id, message, "Update or drop the sentence."
                    )


@lint(
    "date.review",
    "a policy that wasn't looked at for a year where a law asks for a yearly review",
    "CCPA 1798.130(a)(5)",
)
def _review(draft: Draft) -> Said:
    policy = draft.snapshot.policy
    if "ccpa" in policy.regimes and policy.last_updated:
        day = date.fromisoformat(policy.last_updated)
        if draft.as_of - day > _YEAR:
            message = f"last_updated is {day}, more than 12 months before {draft.as_of}."
            yield Finding(POLICY_FILE, 0, "", "policy", message, "Review the policy and update the date.")
