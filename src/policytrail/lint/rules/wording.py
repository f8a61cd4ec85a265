"""How hard the text is to read, and words that promise nothing."""

from __future__ import annotations

import re

from policytrail.workspace import POLICY_FILE

from .registry import Draft, Finding, Said, lint
from .text import grade, sentences, words

MAX_WORDS = 40
MAX_GRADE = 13.0
MAX_CLAUSE_GRADE = 17.0
_ENOUGH = 40  # words below which a grade says little
_VAGUE = re.compile(
    r"\b(?:from time to time|as (?:we (?:find |deem |see )?|is |may be )?(?:appropriate|necessary|needed|fit)|where appropriate"
    r"|certain (?:information|data|circumstances|cases|areas|other)|among other things|including (?:but|without) (?:not )?limit\w+"
    r"|various|and so on|etc\b|in general|generally|reasonabl[ey]|reasonable efforts|and other (?:similar )?purposes"
    r"|(?:in|at) our (?:sole )?discretion|(?:trusted|selected|carefully selected) (?:partners|third parties)"
    r"|places that we find appropriate|similar (?:contact details|information|technologies)|business purposes"
    r"|improve (?:your|the|our) (?:user )?experience|to the extent (?:possible|practicable))",
    re.IGNORECASE,
)


@lint(
    "wording.vague",
    "words that leave open what is promised",
    "WP260 para 12-13: clear and plain language, no vague wording",
)
def _vague(draft: Draft) -> Said:
    for clause in draft.clauses:
        found = list(dict.fromkeys(match[0].lower() for match in _VAGUE.finditer(clause.text)))
        if found:
            body = draft.bodies[clause.id]
            quoted = ", ".join(f"{each!r}" for each in found)
            message = f"Words that leave open what is promised: {quoted}."
            yield Finding(body.path, body.line_of(found[0]), "", clause.id, message, "Say which, when or how much.")


@lint("wording.sentence", f"a sentence of more than {MAX_WORDS} words", "plain language: plainlanguage.gov")
def _long(draft: Draft) -> Said:
    for clause in draft.clauses:
        for sentence in sentences(clause.text):
            count = len(words(sentence))
            if count > MAX_WORDS:
                body = draft.bodies[clause.id]
                start = " ".join(sentence.split()[:3])
                message = f"A sentence of {count} words: {start} ..."
                yield Finding(body.path, body.line_of(start), "", clause.id, message, "Make two of it.")


@lint("wording.grade", f"text above grade {MAX_GRADE:.0f} (a clause: {MAX_CLAUSE_GRADE:.0f})", "Kincaid et al. 1975")
def _grade(draft: Draft) -> Said:
    if not draft.snapshot.policy.language.startswith("en"):
        return
    everything = [each for clause in draft.clauses for each in sentences(clause.text)]
    whole = grade(everything)
    if whole > MAX_GRADE:
        message = (
            f"The policy reads at Flesch-Kincaid grade {whole:.1f}; {MAX_GRADE:.0f} is the end of secondary school."
        )
        yield Finding(POLICY_FILE, 0, "", "policy", message, "Shorter sentences and words.")
    for clause in draft.clauses:
        listed = sentences(clause.text)
        mine = grade(listed)
        if mine > MAX_CLAUSE_GRADE and sum(len(words(each)) for each in listed) >= _ENOUGH:
            body = draft.bodies[clause.id]
            message = f"This clause reads at Flesch-Kincaid grade {mine:.1f}."
            yield Finding(body.path, body.first_line, "", clause.id, message, "Shorter sentences and words.")
