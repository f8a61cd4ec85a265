"""Kinds of change in form, and in words whose facts are equal.

Nothing here is editorial without a proof, and the proof is named in the change's evidence.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from policytrail.compare.sealed import SEALED, VOCABULARY
from policytrail.model.change import Direction
from policytrail.model.difference import Difference
from policytrail.model.practice import Link

from .registry import BROADENS, NARROWS, NEGATIVE, NEUTRAL, About, E, Judgement, M, R, negative, rule, whole

_PROTECTIVE = frozenset({"commitment", "choice", "right", "security", "notice", "contact", "program"})
_WIDE_WHEN_OPEN = frozenset({"data", "purposes", "recipients", "exceptions", "occasion", "trigger", "subjects"})


def _protective(d: Difference) -> bool:
    return d.type in _PROTECTIVE or negative(d)


@rule(
    "wording.force",
    "A word of force changes: may or will, never, only, generally, such as.",
    "FTC Deception Statement: removing or hedging an express promise",
)
def force(d: Difference, about: About) -> Direction | Judgement | None:
    if d.field == "hedge":
        hedged = str(d.after or "none") != "none"
        return Judgement(BROADENS if hedged and _protective(d) else NEUTRAL, M if hedged and _protective(d) else R)
    if d.field == "lists":
        opened = d.after == "open" or (d.op == "removed" and d.before == "closed")
        if d.key not in _WIDE_WHEN_OPEN or (_protective(d) and d.key != "exceptions"):
            return NEUTRAL
        return BROADENS if opened else NARROWS
    if d.field == "modality" and (str(d.before or "does") in NEGATIVE) == (str(d.after or "does") in NEGATIVE):
        return BROADENS if _protective(d) and d.after == "may" else NEUTRAL
    return NEUTRAL if d.touches("actor", "informational") else None


@rule(
    "example",
    "An example or explanation comes, goes or changes while the practice stays.",
    "a deleted example may be a deleted promise",
)
def example(d: Difference, about: About) -> Direction | None:
    if d.field == "examples" or whole(d, "assurance") or d.type == "assurance":
        return NEUTRAL
    return NEUTRAL if d.subject == "policy" and d.field == "disclaimer" else None


@rule(
    "link.target",
    "A link leads elsewhere.",
    "a link on the same host moves with the page; another host is another place",
    neutral=R,
)
def link(d: Difference, about: About) -> Direction | Judgement | None:
    if d.subject == "policy" and d.field == "site_url":
        return NEUTRAL
    if d.type != "link":
        return None
    hosts = [urlsplit(str(each)).hostname for each in (d.before, d.after)]
    if d.field == "target" and hosts[0] and hosts[0] == hosts[1] and not (isinstance(d.now, Link) and d.now.part_of):
        return Judgement(NEUTRAL, E, f"both addresses are on {hosts[0]}")
    return NEUTRAL


@rule("date.label", "The date label of the policy changes.", "a label, if nothing else changed")
def date_label(d: Difference, about: About) -> Judgement | None:
    return Judgement(NEUTRAL, E) if d.subject == "policy" and d.field == "last_updated" else None


@rule(
    "heading",
    "A heading comes to limit, or ceases to limit, what stands below it.",
    "WP260: a heading that says for whom, where or whether something holds is part of the text",
)
def heading(d: Difference, about: About) -> Judgement | None:
    if d.field != "title" or d.op != "changed" or d.subject.partition(":")[0] not in ("section", "clause"):
        return None
    # Saves 14 ms: its expressions take long to compile: only where a heading differs.
    from policytrail.classify.plaintext.sentence_context import scope_of  # saves 14 ms
    from policytrail.classify.wording_checks.strength_words import force_cues  # saves 7 ms

    words = sorted(scope_of([str(d.before)]) ^ scope_of([str(d.after)]))
    cues = [cue for cue in force_cues(str(d.before), str(d.after)) if cue.split("'")[1] not in ("and", "or")]
    moved = [*(f"'{word}' in one heading only" for word in words), *cues]
    return Judgement(NEUTRAL, R, "; ".join(moved)) if moved else None


@rule(
    "structure",
    "Something is moved, renumbered or gets another heading, and says the same.",
    "WP260; proved by equal scope and equal text",
)
def structure(d: Difference, about: About) -> Judgement | None:
    same = Judgement(NEUTRAL, E, "scope and text are equal")
    kind = d.subject.partition(":")[0]
    if kind == "section" and (d.field == "title" or not d.path):
        section = about.section(d)
        return None if section and section.scope and not d.path else same
    if d.field == "order" and kind in ("section", "clause"):
        return same
    if kind == "clause" and d.field == "section":
        clause = d.subject.removeprefix("clause:")
        scopes = [side.policy.section_of(clause).scope for side in (about.old, about.new)]
        return same if scopes[0] == scopes[1] else None
    if kind == "clause" and d.touches("title", "states"):
        return same
    if d.subject == "policy" and d.field == "title":
        return same
    return Judgement(NEUTRAL, E, "a title of ours; the text is compared by itself") if d.field == "title" else None


@rule(
    "translation",
    "The language of the policy changes, or which one governs.",
    "for readers of that language it is a change",
)
def translation(d: Difference, about: About) -> Direction | None:
    return NEUTRAL if d.subject == "policy" and d.touches("language", "governs") else None


@rule(
    "label",
    "The words that readers see for a kind of data, a purpose or a group of people change, or whether it is sensitive.",
    "FTC Deception Statement: what readers see is what they are told, whatever the key behind it",
)
def label(d: Difference, about: About) -> Judgement | None:
    if not d.subject.startswith(VOCABULARY):
        return None
    if d.field != "label":
        return Judgement(NEUTRAL, R)
    # Saves 7 ms: its expressions take long to compile: only where a label differs.
    from policytrail.classify.wording_checks.strength_words import editorial_proof

    proof = editorial_proof(*d.texts)
    return Judgement(NEUTRAL, E, proof.sentence) if proof else Judgement(NEUTRAL, R)


# Fields that point to a source or to work in progress: they say nothing to readers.
_OF_OURS = frozenset({"source_refs", "since", "proposed", "quote", "note"})


@rule(
    "sealed",
    "Something that is frozen with the version changes beside its facts and its text.",
    "what is sealed and differs is told, whoever reads it",
)
def sealed(d: Difference, about: About) -> Judgement | None:
    if len(d.path) != 1 or d.path[0] not in SEALED:
        return None
    kept_elsewhere = d.subject == "policy" and d.path[0] == "translations"  # judged with the translations themselves
    new_plan = d.op == "added" and d.path[0].startswith(
        "consent_plan"
    )  # asked for, and judged, by the rules of consent
    return Judgement(NEUTRAL, E if d.path[0] in _OF_OURS or kept_elsewhere or new_plan else R)
