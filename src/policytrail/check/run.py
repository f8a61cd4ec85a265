"""The end that reads: sources, versions, rulings, the clock; everything that is wrong comes back as part of the review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from policytrail.clock import now, today
from policytrail.errors import IntegrityError, SourceError
from policytrail.model.change import Comparison, Decision
from policytrail.model.policy import Snapshot
from policytrail.model.version import Status, Version
from policytrail.storage.files import read_text, walk

from .review import Block, Review, Unconfirmed, review

CONFIRM = "CONFIRM:"


def run(root: Path, as_of: date | None, effective: date | None = None) -> Review:
    """The review of the repository at `root`, as if notice were given on `as_of` (None: today in the policy's zone).

    `effective`: the day on which the draft is to take effect, where that isn't after everything that is pending.
    """
    from policytrail.archive.store import load_versions

    try:
        versions = load_versions(root)
        found = _judged(root, versions, as_of, effective)
    except (SourceError, IntegrityError) as error:
        return Review(as_of or now().date(), problems=error.problems)
    return replace(found, remarks=(*found.remarks, *unconfirmed(root)))


def _judged(root: Path, versions: tuple[Version, ...], as_of: date | None, effective: date | None) -> Review:
    from policytrail.classify.engine import classify
    from policytrail.lint.engine import findings
    from policytrail.lint.load import lint_draft
    from policytrail.schedule.status import followed, status
    from policytrail.sources.decisions import load_decisions
    from policytrail.sources.load import placed, read_sources

    sources, draft = read_sources(root / "policy")
    decisions = load_decisions(root)
    base = followed(versions, effective)
    old, old_id = (base.translated(), base.id) if base else (None, None)
    comparison = classify(old, draft, old_id, "draft", decisions)
    day = as_of or (today(versions) if versions else now().astimezone(draft.policy.zone).date())
    standing = status(versions, day)
    more = (
        *_notice_blocks(draft, old, comparison),
        *_untrue_notices(versions, standing, decisions),
        *_unapproved(root, comparison),
    )
    in_force = standing.current.snapshot if standing.current else None
    found = review(draft, comparison, base, day, in_force, more)
    return replace(found, places=placed(sources), remarks=findings(lint_draft(sources, draft, day)))


def _notice_blocks(draft: Snapshot, old: Snapshot | None, comparison: Comparison) -> list[Block]:
    """What the rules of notice and consent want before a release, beside rulings."""
    from policytrail.release.refusals import behind_sentences, consent_blocks, translation_sentence
    from policytrail.release.terms import gates
    from policytrail.schedule.duties.regimes import must_be_translated

    state = "State it with 'policytrail release --approval TEXT --by NAME'."
    found = [Block("policy", block, "Then run check again.") for block in consent_blocks(draft, old, comparison)]
    found += [
        Block("policy", f"Before the announcement, {gate} must be had.", state)
        for gate in gates(comparison, old, draft)
    ]
    behind = behind_sentences(draft, old)
    elsewhere = translation_sentence(draft) if must_be_translated(old, draft) else None
    behind += [elsewhere] if elsewhere else []
    return found + [Block("policy", each, "Then run check again.") for each in behind]


def _untrue_notices(versions: tuple[Version, ...], found: Status, decisions: tuple[Decision, ...]) -> list[Block]:
    """Pending versions of which a later ruling says that their notice didn't tell a material change."""
    if not found.pending:
        return []
    from policytrail.release.recompare import reclassified

    settle = "Withdraw it, or release a correction without that change."
    return [
        Block(
            each.version.id,
            f"{each.version.id} is pending, and by a later ruling its notice didn't tell a material "
            f"change ({each.untold[0].summary}).",
            settle,
        )
        for each in reclassified(versions, found, decisions)
    ]


def _unapproved(root: Path, comparison: Comparison) -> tuple[Block, ...]:
    if not (root / "policy" / "approvers.yaml").exists():
        return ()
    from .approvals import blocks  # git is slow to import: only where somebody's right to rule is to be looked at

    return blocks(root, comparison)


def unconfirmed(root: Path) -> tuple[Unconfirmed, ...]:
    """Every place that a starter file marked for a person to look at, and nobody has."""
    found: list[Unconfirmed] = []
    for path in (*walk(root / "policy", ".yaml"), *walk(root / "policy", ".md")):
        shown = path.relative_to(root).as_posix()
        lines = read_text(path, shown).splitlines()
        for number, line in enumerate(lines, 1):
            comment, mark, text = line.partition(CONFIRM)
            if mark and comment.strip() == "#":
                said = " ".join([text.strip(), *_going_on(lines[number:])])
                found.append(Unconfirmed(shown, number, f"Not confirmed yet: {said}"))
    return tuple(found)


def _going_on(lines: list[str]) -> Iterator[str]:
    """The rest of a comment that goes on below its first line."""
    for line in lines:
        if not line.strip().startswith("#") or CONFIRM in line:
            return
        yield line.strip().removeprefix("#").strip()
