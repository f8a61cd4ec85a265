"""Passages become changes: first the proofs, then the rules; the highest verdict names the kind."""

from __future__ import annotations

import hashlib
from collections import Counter

from ...compare.unicode import warnings
from ...model.change import Change, Comparison, Consent, Direction, Op, Severity, canonical
from .. import rules as _rules  # noqa: F401  (enters the kinds, whose reasons and sources are quoted here)
from ..cues import Proof, words_of
from ..registry import RULES as KINDS
from .concepts import concepts, tally
from .editorial import passage_proof, plain
from .passages import Passage, passages, sentences_of
from .rules import RULES, Reading, Verdict

MOVED = Proof("structure", "the same words stand in another place")


def compare_plain(old: str, new: str, old_name: str = "old", new_name: str = "new") -> Comparison:
    """Everything that differs between two plain Markdown policies, judged. Pure.

    The whole is as severe as its most severe change; equal texts give no change at all.
    """
    known = tally(list(sentences_of(old)))
    counts: Counter[str] = Counter()
    changes = []
    for passage in passages(old, new):
        change = _change(passage, known)
        counts[change.id] += 1
        changes.append(change if counts[change.id] == 1 else _renamed(change, counts[change.id]))
    ordered = sorted(changes, key=lambda each: -each.severity.rank)
    return Comparison(old_name, new_name, tuple(ordered), 0, tuple(warnings(old, new)))


def _change(passage: Passage, known: Counter[tuple[str, str]]) -> Change:
    verdict, also = _verdict(passage, known)
    kind = KINDS[verdict.rule]
    op: Op = "added" if not passage.old.strip() else "removed" if not passage.new.strip() else "changed"
    before, after = plain(passage.old) or None, plain(passage.new) or None
    material = kind.consent and verdict.direction is Direction.BROADENS and verdict.severity is Severity.MATERIAL
    identity = hashlib.sha256(canonical([verdict.rule, passage.clause, before, after])).hexdigest()[:8]
    return Change(
        id=f"c{identity}", kind=f"{verdict.rule}.{op}", subject=f"clause:{passage.clause}", clause=passage.clause,
        direction=verdict.direction, severity=verdict.severity, proposed=verdict.severity, before=before, after=after,
        consent=Consent.ASK if material else Consent.NONE, reason=kind.reason, rule=verdict.rule, source=kind.source,
        title=passage.title or "Beginning of the text", summary=_summary(passage, op), evidence=verdict.evidence,
        also=also, pieces=passage.pieces,
    )  # fmt: skip


def _renamed(change: Change, number: int) -> Change:
    from dataclasses import replace

    return replace(change, id=f"{change.id}-{number}")


def _verdict(passage: Passage, known: Counter[tuple[str, str]]) -> tuple[Verdict, tuple[str, ...]]:
    proof = MOVED if passage.moved else passage_proof(passage.old, passage.new, passage.furniture)
    if proof:
        return Verdict(proof.rule, Direction.NEUTRAL, Severity.EDITORIAL, proof.sentence), ()
    reading = read(passage, known)
    found = sorted(filter(None, (judge(reading) for judge in RULES)), key=lambda each: -each.severity.rank)
    return found[0], tuple(dict.fromkeys(each.rule for each in found[1:]))


def read(passage: Passage, known: Counter[tuple[str, str]]) -> Reading:
    """A passage as the rules see it. In: the passage, and how often the old policy speaks of each concept."""
    old, new = (" ".join(words_of(plain(side))) for side in (passage.old, passage.new))
    before, after = concepts(old), concepts(new)
    came = after - before
    return Reading(old, new, came, before - after, frozenset(each for each in came if not known[each]))


def _summary(passage: Passage, op: Op) -> str:
    where = passage.title or "Beginning of the text"
    if op == "changed":
        return f"{where}: a passage is worded differently; the redline shows it."
    text = plain(passage.new if op == "added" else passage.old)
    shown = text if len(text) <= 160 else text[:157].rsplit(" ", 1)[0] + " ..."
    return f"{where}: “{shown}” is {op}."
