"""The end that reads: sources, versions, rulings, the clock; everything that is wrong comes back as part of the review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from policytrail.archive.store import load_versions
from policytrail.clock import now, today
from policytrail.errors import IntegrityError, SourceError
from policytrail.lint.engine import findings
from policytrail.lint.load import lint_draft
from policytrail.model.policy import Snapshot
from policytrail.model.version import Version
from policytrail.release.gate import gate
from policytrail.release.plan import Question, RulingRefusal, every_ruling_counts
from policytrail.release.terms import USUAL, Terms
from policytrail.sources.decisions import load_decisions
from policytrail.sources.load import placed, read_sources
from policytrail.storage.files import read_text, walk
from policytrail.workspace import Workspace

from .review import Review, Unconfirmed

CONFIRM = "CONFIRM:"


def run(workspace: Workspace, as_of: date | None, effective: date | None = None) -> Review:
    """The review of the repository at `root`, as if notice were given on `as_of` (None: today in the policy's zone).

    `effective`: the day on which the draft is to take effect (None: the earliest lawful one after all that is pending).
    """
    try:
        versions = load_versions(workspace)
        found = _judged(workspace, versions, as_of, effective)
    except (SourceError, IntegrityError) as error:
        return Review(as_of or now().date(), problems=error.problems)
    return replace(found, remarks=(*found.remarks, *unconfirmed(workspace)))


def _judged(workspace: Workspace, versions: tuple[Version, ...], as_of: date | None, effective: date | None) -> Review:
    sources, draft = read_sources(workspace.policy)
    question = asked(workspace, draft, versions, as_of, effective)
    found = Review.of(draft, question.as_of, gate(question))
    return replace(found, places=placed(sources), remarks=findings(lint_draft(sources, draft, question.as_of)))


def asked(
    workspace: Workspace,
    draft: Snapshot,
    versions: tuple[Version, ...],
    as_of: date | None,
    effective: date | None,
    terms: Terms = USUAL,
) -> Question:
    """What the gate is asked about a draft: with the rulings, the people who may rule, and the clock."""
    moment = now()
    day = as_of or (today(versions) if versions else moment.astimezone(draft.policy.zone).date())
    counts = _ruling_refusals(workspace)
    return Question(draft, versions, load_decisions(workspace), day, effective, terms, moment, counts)


def _ruling_refusals(workspace: Workspace) -> RulingRefusal:
    if not workspace.approvers.exists():
        return every_ruling_counts
    # saves 59 ms (git): only where somebody's right to rule is to be looked at
    from policytrail.release.approvals import ruling_refusals

    return ruling_refusals(workspace)


def unconfirmed(workspace: Workspace) -> tuple[Unconfirmed, ...]:
    """Every place that a starter file marked for a person to look at, and nobody has."""
    found: list[Unconfirmed] = []
    for path in (*walk(workspace.policy, ".yaml"), *walk(workspace.policy, ".md")):
        shown = workspace.shown(path)
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
