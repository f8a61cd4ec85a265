"""What a person must still answer: open rulings, what is only proposed, consent, translations. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from policytrail.model.change import Change, Comparison
from policytrail.model.policy import Snapshot
from policytrail.schedule.duties.consent import Need, closed_ways, needs, unanswered
from policytrail.schedule.duties.regimes import behind, must_be_translated, stale_translations
from policytrail.workspace import POLICY_FILE, TRANSLATIONS

from .refusal import Refusal

_AGAIN = "Then run check again."


def question_refusals(draft: Snapshot, old: Snapshot | None, found: Comparison, event: str | None) -> list[Refusal]:
    """What a person must still answer: open rulings, what is only proposed, consent, translations."""
    return [
        *undecided_refusals(found),
        *_proposed(draft),
        *(Refusal("policy", message, _AGAIN) for message in consent_messages(draft, old, found, event)),
        *(Refusal("policy", message, _AGAIN) for message in _translation_messages(draft, old)),
    ]


def undecided_refusals(found: Comparison) -> list[Refusal]:
    """One for each change that a person must still rule on.

    A translation follows its source: what the source says is to be settled first.
    """
    waiting = sorted(found.undecided, key=lambda change: change.subject.startswith("translation:"))
    return [
        Refusal(
            change.id,
            f"{change.id} is undecided and waits for a ruling: {change.summary}",
            decide_command(change),
            change,
            _alternative(change),
        )
        for change in waiting
    ]


def decide_command(change: Change) -> str:
    """The command with which a person rules on a change; what is in capitals is theirs to fill in."""
    return f'policytrail decide {change.id} SEVERITY --reason "WHY" --by "YOUR NAME"'


def _alternative(change: Change) -> str:
    """A translation that is behind can be brought up to date, and needs no ruling then."""
    _, language, clause = (*change.subject.split(":"), "", "")[:3]
    if change.kind != "translation.behind.changed" or not clause:
        return ""
    file = f"{TRANSLATIONS}/{language}/{clause}.md"
    return f"Bring {file} up to date and write of: '{change.after}' in it"


def _proposed(draft: Snapshot) -> Iterator[Refusal]:
    fill_in = "Write what is right; then take the name out of 'proposed:'."
    for name in draft.policy.proposed:
        yield Refusal("policy", f"{POLICY_FILE}: {name} is to be filled in.", fill_in)
    confirm = "Take out 'proposed: true', or delete the practice."
    for practice in draft.practices.values():
        if practice.proposed:
            yield Refusal(practice.id, f"{practice.id} is only proposed; a person must confirm it.", confirm)


def _translation_messages(draft: Snapshot, old: Snapshot | None) -> Iterator[str]:
    """Where a regime wants every language and a translation is behind: its window couldn't begin."""
    yield from behind_sentences(draft, old)
    regimes, sentence = must_be_translated(old, draft), translation_sentence(draft)
    if regimes and sentence:
        yield f"{sentence} The regime {regimes[0]} wants the notice in every language."


def behind_sentences(draft: Snapshot, old: Snapshot | None) -> list[str]:
    """One sentence for each translated clause that is behind its source where no ruling can allow that.

    That is so in a first version, under a regime that wants every language, and in the language that governs; there
    every clause must be translated, too.
    """
    governing = draft.governing if draft.governing in draft.translations else None
    strict = old is None or must_be_translated(old, draft)
    found = [
        behind_sentence(draft, language, clause)
        for language, clause in behind(draft)
        if strict or language == governing
    ]
    missing = draft.missing(governing) if governing else ()
    return found + [
        f"The text in {governing} governs, but {clause} isn't translated: write {TRANSLATIONS}/{governing}/{clause}.md."
        for clause in missing
    ]


def behind_sentence(draft: Snapshot, language: str, clause: str) -> str:
    """What to do about a translated clause that is behind its source."""
    return (
        f"{TRANSLATIONS}/{language}/{clause}.md is of an older text of {clause}. Bring it up to date, then write "
        f"of: '{draft.clauses[clause].digest}' in it."
    )


def translation_sentence(draft: Snapshot) -> str | None:
    """Which translations are behind, and how to say that they aren't any more; None where all are of this text."""
    stale = stale_translations(draft)
    if not stale:
        return None
    return (
        f"The translations {', '.join(stale)} are of an older text. Bring them up to date and publish them, then write "
        f"of: {draft.text_digest} for each in policy.yaml."
    )


def consent_messages(
    draft: Snapshot, old: Snapshot | None, comparison: Comparison, event: str | None = None
) -> list[str]:
    """One sentence for each thing about consent that keeps the draft from being released."""
    return [
        *(_without_plan(need) for need in needs(comparison, draft) if need.plan is None),
        *(
            f"{change.subject}: {change.summary} A regime that binds this policy asks whether it reaches data already held. "
            "Say so: applies_to: collected_from_effective, or all_data with a consent plan."
            for change in unanswered(comparison, old, draft, event)
        ),
        *(
            f"The regime {name} lets people object or leave before the change, but the text in force offers no way (a choice "
            "of kind opt_out or closure with its mechanisms). Release such a choice first."
            for name in closed_ways(comparison, old, draft)
        ),
    ]


def _without_plan(need: Need) -> str:
    covers = f" that covers {', '.join(need.data)}" if need.data else ""
    return (
        f"{need.change.subject}: {need.change.summary} It reaches data for which consent is required. "
        f"Name a consent plan{covers} (consent_plan: ID, described in policy.yaml), or apply it to new data only."
    )
