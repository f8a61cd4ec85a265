"""Passages become changes: first the proofs, then the rules; the highest verdict names the kind."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from policytrail.classify import rules as _kinds  # noqa: F401  (enters the kinds, whose reasons and sources are quoted here)
from policytrail.classify.plaintext.proofs.editorial import Left, Proofs
from policytrail.classify.rules.registry import RULES as KINDS
from policytrail.classify.wording_checks.links import hosts, targets
from policytrail.classify.wording_checks.strength_words import Proof
from policytrail.compare.sections import sections
from policytrail.model.change import Change, Comparison, Consent, Direction, Op, Severity, canonical
from policytrail.text.form import one_form
from policytrail.text.unicode import warnings

from . import rules as _rules  # noqa: F401  (enters the rules)
from .changed_passage import RULES, Document, Reading, Verdict
from .concepts import quoted
from .passages import Passage, passages, whole
from .plain_words import plain
from .rules.vendors import vendors


def compare_plain(old: str, new: str, old_name: str = "old", new_name: str = "new") -> Comparison:
    """Everything that differs between two plain Markdown policies, judged. Pure.

    The whole is as severe as its most severe change; equal texts give no change at all.
    """
    hints = tuple(warnings(old, new)) if old != new else ()
    old, new = one_form(_encodable(old)), one_form(_encodable(new))
    if old == new:
        return Comparison(old_name, new_name, warnings=hints)
    clauses = sections(old), sections(new)
    proofs = Proofs(old, new, clauses)
    sides = Document(old), Document(new)
    found = passages(*clauses) or (whole(old, new),)
    if _leads_elsewhere(old, new, found):
        found = (*found, whole(old, new))
    changes = [_change(each, *_verdict(left, sides)) for each, left in zip(found, proofs.of(found), strict=True)]
    ordered = sorted(_told_apart(changes), key=lambda each: -each.severity.rank)
    return Comparison(old_name, new_name, tuple(ordered), 0, hints)


def _encodable(text: str) -> str:
    """The text with unpaired surrogates spelt out: no encoding has them, and two of them are still two."""
    return text.encode("utf-8", "backslashreplace").decode()


def _leads_elsewhere(old: str, new: str, found: Sequence[Passage]) -> bool:
    """Whether the new text links to a host that the old one never did, in marks that are no text: those of headings."""
    if not {*targets(new)} - {*targets(old)}:
        return False
    came = {*hosts(new)} - {*hosts(old)}
    return bool(came and came - {host for passage in found for host in hosts(passage.new)})


def _verdict(left: Proof | Left, sides: tuple[Document, Document]) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict on a passage, and the other kinds that it shows."""
    if isinstance(left, Proof):
        return Verdict(left.rule, Direction.NEUTRAL, Severity.EDITORIAL, left.sentence), ()
    reading = Reading(left.gone, left.come, *sides)
    named = vendors(reading)
    found = [named] if named else sorted(filter(None, (judge(reading) for judge in RULES)), key=_weight)
    also = dict.fromkeys(verdict.rule for verdict in found[1:])
    evidence = ", ".join(quoted(part, reading.new or reading.old) for part in found[0].evidence.split(", "))
    return replace(found[0], evidence=evidence), tuple(each for each in also if each != found[0].rule)


# Of kinds that are equally severe, what tells people most comes first.
_FIRST = (
    "children",
    "disclosure.sale",
    "purpose.ai_training",
    "purpose.automated",
    "collection.sensitive",
    "controller.identity",
    "legal_basis",
    "retention.period",
    "program.seal",
    "recipient.category",
    "transfer",
)


def _weight(verdict: Verdict) -> tuple[int, int]:
    order = _FIRST.index(verdict.rule) if verdict.rule in _FIRST else len(_FIRST)
    return -verdict.severity.rank, order


def _change(passage: Passage, verdict: Verdict, also: tuple[str, ...]) -> Change:
    kind = KINDS[verdict.rule]
    op: Op = "added" if not passage.old.strip() else "removed" if not passage.new.strip() else "changed"
    before, after = plain(passage.old) or None, plain(passage.new) or None
    material = kind.consent and verdict.direction is Direction.BROADENS and verdict.severity is Severity.MATERIAL
    identity = hashlib.sha256(canonical([verdict.rule, passage.clause, before, after])).hexdigest()[:8]
    return Change(
        id=f"c{identity}",
        kind=f"{verdict.rule}.{op}",
        subject=f"clause:{passage.clause}",
        clause=passage.clause,
        direction=verdict.direction,
        severity=verdict.severity,
        proposed=verdict.severity,
        before=before,
        after=after,
        consent=Consent.ASK if material else Consent.NONE,
        reason=verdict.reason or kind.reason,
        rule=verdict.rule,
        source=kind.source,
        title=passage.title or "Beginning of the text",
        summary=_summary(passage, op),
        evidence=verdict.evidence,
        also=also,
        pieces=passage.pieces,
    )


def _told_apart(changes: list[Change]) -> list[Change]:
    """Changes that are alike to the letter get ids of their own."""
    counts: Counter[str] = Counter()
    made = []
    for change in changes:
        counts[change.id] += 1
        made.append(change if counts[change.id] == 1 else replace(change, id=f"{change.id}-{counts[change.id]}"))
    return made


def _summary(passage: Passage, op: Op) -> str:
    where = passage.title or "Beginning of the text"
    if op == "changed":
        return f"{where}: a passage is worded differently; the redline shows it."
    text = plain(passage.new if op == "added" else passage.old)
    shown = text if len(text) <= 160 else text[:157].rsplit(" ", 1)[0] + " ..."
    return f"{where}: “{shown}” is {op}."
