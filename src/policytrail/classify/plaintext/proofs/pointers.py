"""Proofs about sentences that say nothing of data themselves: they point to another page, or log what the text tells."""

from __future__ import annotations

import re

from policytrail.classify.plaintext.changed_passage import Document
from policytrail.classify.plaintext.concepts import concepts
from policytrail.classify.plaintext.plain_words import plain, plain_words
from policytrail.classify.plaintext.sentence_context import Unit
from policytrail.classify.wording_checks.carriers import is_weighty
from policytrail.classify.wording_checks.dates import DATE
from policytrail.classify.wording_checks.strength_words import Proof

_POINTS = re.compile(
    r"^(?:please )?(?:(?:for|to (?:find|get|see|read)) (?:more|further|additional|detailed) (?:information|details?)|to (?:learn|read|find out|see) (?:more|how)|"
    r"(?:you can )?(?:learn|read|find out) (?:more|how)|see|(?:please )?refer to|you can (?:find|read|view|see)|more (?:information|details?) "
    r"(?:can be found|is available|are available))\b"
)
# A pointer to any of these is a way that somebody may need, or takes another text in.
_MATTERS = re.compile(
    r"\b(?:opt\w*|consent\w*|withdraw\w*|rights?|choices?|choose|control\w*|delet\w+|unsubscrib\w*|object\w*|complain\w*|contact\w*|request\w*|"
    r"e ?mail|exercis\w+|govern\w*|subject to|agree\w*|terms|bound|we|sell|sold|"
    r"download|settings|preferences|disable|list of)\b"
)
_LOG = re.compile(
    r"\b(?:change ?log|changes? (?:history|log)|revision history|version history|history of changes|(?:summary|log) of changes|what changed)\b"
)
_LOGGED = re.compile(
    r"^(?:(?:we(?: ve| have)?|has|have|was|were|been|minor|several|some|various|and|also|the|to)\s)*(?:add|updat|clarif|remov|chang|renam|revis|correct|fix|reword|replac|"
    r"expand|simplif|improv|reorgani[sz]|restructur|mov|edit|rewr[io]t|rewritten|amend|translat|reformat|link|split|merg|convert|tweak|adjust|made)\w*\b"
)
_PRACTICE = re.compile(
    r"\b(?:we|us|partners?|they)\s(?:now\s|may\s|will\s|can\s|also\s)*(?:collect|share|sell|use|disclose|retain|keep|transfer|process)\b"
)


def pointer(unit: Unit, other: Document) -> Proof | None:
    """A sentence that only tells where more is written came or went, and speaks of nothing that the other text doesn't."""
    words = " ".join(plain_words(unit.raw))
    if unit.heading or not _POINTS.search(words) or _MATTERS.search(words) or is_weighty(unit.raw):
        return None
    known = all(other.names(concept) for concept in concepts(words))
    return Proof("example", "only a pointer to where more is written differs") if known else None


def log_entry(unit: Unit) -> Proof | None:
    """An entry of the policy's own list of changes came: it tells what the text itself says, and promises nothing."""
    above = " ".join(plain_words(" ".join([*unit.path[-1:], unit.lead])))
    shown = plain(unit.raw)
    dated = DATE.search(shown[:60])
    if unit.heading or not _LOG.search(above) or not dated:
        return None
    words = " ".join(plain_words(shown[dated.end() :]))
    if not _LOGGED.search(words) or _PRACTICE.search(words):
        return None
    return Proof("structure", "only an entry of the policy's own list of changes differs")
