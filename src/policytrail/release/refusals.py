"""Why a release may not be: each refusal is one clear sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from policytrail.archive.clock_checks import refuse_time
from policytrail.errors import NoticeRefusal
from policytrail.model.change import Comparison
from policytrail.model.dates import in_words
from policytrail.model.policy import Snapshot
from policytrail.model.version import Duty, Status, Version
from policytrail.schedule.duties.consent import Need, closed_ways, needs, unanswered
from policytrail.schedule.duties.regimes import behind, must_be_translated, stale_translations
from policytrail.schedule.version_order import order


def refuse_dates(effective: date, as_of: date, versions: Sequence[Version], found: Status) -> None:
    """Raise NoticeRefusal where dates go back: before the text in force, before what is recorded, into the past."""
    current = found.current or (min(versions, key=order) if versions else None)
    if current and effective <= current.effective:
        raise NoticeRefusal(f"{effective} isn't after {current.id}, the version in force. Choose a later date.")
    refuse_time(as_of, versions)
    if effective < as_of:
        raise NoticeRefusal(
            f"{effective} lies before {as_of}: a version can't take effect in the past. Choose a later date."
        )


def refuse_held_back(base: Version | None, found: Status) -> None:
    late = next((state for state in found.pending if base and state.version.id == base.id), None)
    if late and late.state == "blocked" and late.version.effective <= found.as_of:
        raise NoticeRefusal(
            f"{late.version.id} is held back, because its notice isn't proven, and nothing can follow it. Withdraw it, "
            f"or give it a later date: policytrail reschedule {late.version.id} --effective {late.earliest_effective} ..."
        )


def refuse_open_questions(draft: Snapshot, old: Snapshot | None, comparison: Comparison, event: str | None) -> None:
    open_changes = comparison.undecided
    if open_changes:
        listed = "\n".join(f"  {change.id}  {change.summary}" for change in open_changes)
        raise NoticeRefusal(
            f"{len(open_changes)} change(s) are undecided; a person must rule on each with "
            f"'policytrail decide CHANGE SEVERITY --reason TEXT --by NAME':\n{listed}"
        )
    proposed = [practice.id for practice in draft.practices.values() if practice.proposed]
    if proposed:
        raise NoticeRefusal(
            f"{len(proposed)} practice(s) are only proposed ({', '.join(proposed[:3])} ...). "
            "Confirm each by taking out 'proposed: true', or delete it."
        )
    if draft.policy.proposed:
        raise NoticeRefusal(
            f"policy/policy.yaml: {', '.join(draft.policy.proposed)} only proposed so far. "
            "Write what is right and take the names out of 'proposed:'."
        )
    refuse_consent(draft, old, comparison, event)
    refuse_translations(draft, old)


def refuse_consent(draft: Snapshot, old: Snapshot | None, comparison: Comparison, event: str | None) -> None:
    """Raise NoticeRefusal where people must agree and nothing says how they are asked, or whether they must."""
    blocks = consent_blocks(draft, old, comparison, event)
    if blocks:
        raise NoticeRefusal(*blocks)


def behind_sentences(draft: Snapshot, old: Snapshot | None) -> list[str]:
    """One sentence for each translated clause that is behind its source where no ruling can allow that.

    That is so in a first version, under a regime that wants every language, and in the language that governs; there
    every clause must be translated, too.
    """
    governing = draft.governing if draft.governing in draft.translations else None
    strict = old is None or must_be_translated(old, draft)
    found = [behind_sentence(draft, *each) for each in behind(draft) if strict or each[0] == governing]
    missing = draft.missing(governing) if governing else ()
    return found + [
        f"The text in {governing} governs, but {each} isn't translated: write "
        f"policy/translations/{governing}/{each}.md."
        for each in missing
    ]


def behind_sentence(draft: Snapshot, language: str, clause: str) -> str:
    """What to do about a translated clause that is behind its source."""
    return (
        f"policy/translations/{language}/{clause}.md is of an older text of {clause}. Bring it up to date, then write "
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


def refuse_translations(draft: Snapshot, old: Snapshot | None) -> None:
    """Raise NoticeRefusal where a regime wants every language and a translation is behind: its window couldn't begin."""
    sentences = behind_sentences(draft, old)
    if sentences:
        raise NoticeRefusal(*sentences)
    regimes, sentence = must_be_translated(old, draft), translation_sentence(draft)
    if regimes and sentence:
        raise NoticeRefusal(f"{sentence} The regime {regimes[0]} wants the notice in every language.")


def consent_blocks(
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


def too_early(effective: date, earliest: date, as_of: date, owed: Duty) -> str:
    counted = "full days" if owed.count == "full_days" else "days"
    return (
        f"{effective} is too early: a material change needs {owed.days} {counted} of notice, and notice given on "
        f"{in_words(as_of)} allows {earliest.isoformat()} at the earliest. Run again with --effective {earliest.isoformat()}."
    )
