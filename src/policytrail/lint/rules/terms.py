"""Words with a capital that look defined, and definitions that nobody uses."""

from __future__ import annotations

import re

from .registry import Draft, Finding, Said, lint
from .text import sentences

# Words that lawyers write with a capital when they define them, and nobody else does in the middle of a sentence.
_TERM = re.compile(
    r"(?<=[a-z,;(] )(?:(?!Your |Our |Other )(?:[A-Z][a-z]+ ){1,3}(?:Data|Information|Content|Materials)"
    r"|(?:Service |Business )?P(?:rovid|artn)ers?|Services?|Sites?|Websites?|Platform|Apps?|Applications?|Users?|Customers?|Members?"
    r"|Visitors?|Affiliates?|Controllers?|(?:P|Subp)rocessors?|Third[- ]Part(?:y|ies)|Content|Products|Purposes?|Effective Date"
    r"|Agreement|Terms)\b(?! [A-Z])"
)


@lint("term.undefined", "a word with a capital, used as if it were defined, that no practice defines")
def _undefined(draft: Draft) -> Said:
    defined = {_one(str(getattr(practice, "term", ""))) for practice in draft.of("definition")}
    names = _names(draft)
    seen: set[str] = set()
    for clause in draft.clauses:
        for sentence in sentences(clause.text):
            for found in _TERM.finditer(sentence):
                term = _one(found[0])
                before = sentence[: found.start()].split()
                if before and before[-1][:1].isupper():
                    continue  # the end of a name: "our Service Agreement"
                named = any(found[0] in name or found[0].split()[0] in name.split() for name in names)
                if term in defined or term in seen or named:
                    continue
                seen.add(term)
                body = draft.bodies[clause.id]
                message = f"{found[0]!r} is written as a defined term, but the policy defines no such term."
                yield Finding(
                    body.path,
                    body.line_of(found[0]),
                    "",
                    clause.id,
                    message,
                    "Add a definition practice and its clause, or write it small.",
                )


def _one(term: str) -> str:
    return re.sub(r"ies$", "y", re.sub(r"(?<!s)s$", "", term.casefold()))


def _names(draft: Draft) -> list[str]:
    policy = draft.snapshot.policy
    labels = [recipient.label for recipient in draft.snapshot.recipients.values()]
    own = [str(getattr(practice, "name", "")) for practice in draft.of("program")]
    return [policy.title, policy.organization.name, policy.organization.legal_name, *labels, *own, *policy.documents]


@lint("term.unused", "a definition whose term the policy's text never uses outside of it")
def _unused(draft: Draft) -> Said:
    for practice in draft.of("definition"):
        mine = set(draft.snapshot.stating(practice.id))
        stem = re.escape(str(getattr(practice, "term", ""))).rstrip("s")
        elsewhere = [
            clause for clause in draft.clauses if re.search(rf"\b{stem}", clause.text, re.I) and clause.id not in mine
        ]
        inside = sum(len(re.findall(rf"\b{stem}", clause.text, re.I)) for clause in draft.clauses if clause.id in mine)
        if not elsewhere and inside < 2:
            message = f"{practice.id} defines a term that the text doesn't use anywhere else."
            yield Finding(*draft.at(practice), "", practice.id, message, "Use the term, or drop the definition.")
