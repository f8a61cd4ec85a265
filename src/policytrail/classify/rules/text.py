"""Kinds of change in clause text whose facts are equal: proved editorial, or for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policytrail.model.change import Direction
from policytrail.model.difference import Difference

from .registry import NEUTRAL, About, E, Judgement, R, rule

if TYPE_CHECKING:
    from policytrail.classify.wording_checks.strength_words import Proof


def is_text(d: Difference) -> bool:
    """Whether the difference is one of clause text."""
    return d.subject.startswith("clause:") and d.field == "text"


def _proof(d: Difference) -> Proof | None:
    # Saves 7 ms: its expressions take long to compile: only where words differ.
    from policytrail.classify.wording_checks.strength_words import editorial_proof  # saves 7 ms

    return editorial_proof(*d.texts)


def _states(d: Difference, about: About, *types: str) -> bool:
    clause = about.new.clauses.get(d.subject.removeprefix("clause:"))
    practices = [about.new.practices.get(state) for state in (clause.states if clause else ())]
    return any(practice is not None and practice.type in types for practice in practices)


@rule("typography", "Only spelling, typography or encoding differs.", "WP260 para 29: proved by an equal normal form")
def typography(d: Difference, about: About) -> Judgement | None:
    proof = _proof(d) if is_text(d) else None
    return Judgement(NEUTRAL, E, proof.sentence) if proof else None


@rule(
    "wording.text",
    "The words differ although the declared facts are equal.",
    "FTC Deception Statement: what no rule can prove editorial, a person reads",
)
def wording(d: Difference, about: About) -> Direction | Judgement | None:
    if not is_text(d) or _proof(d):
        return None
    from policytrail.classify.wording_checks.strength_words import force_cues  # saves 7 ms

    cues = force_cues(*d.texts)
    return Judgement(NEUTRAL, R, "words of force: " + "; ".join(cues)) if cues else NEUTRAL


@rule(
    "purpose.wording",
    "The words about a purpose differ, the declared purpose doesn't.",
    "text may say more than the key",
)
def purpose_wording(d: Difference, about: About) -> Direction | None:
    if not is_text(d) or not _states(d, about, "use") or _proof(d):
        return None
    return NEUTRAL


@rule(
    "wording.clause",
    "A clause comes or goes, and no practice that came or went explains it.",
    "a deleted example may be a deleted promise",
)
def clause(d: Difference, about: About) -> Direction | None:
    return NEUTRAL if d.subject.startswith("clause:") and not d.path else None
