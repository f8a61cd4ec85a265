"""The live preview: the draft as it would read, what is wrong beside its clause, what changes, and the notice as it would be.

A mistake never takes the preview away: the last sound draft stays, and the mistakes stand beside its clauses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from policytrail.archive.store import load_versions
from policytrail.check.review import Places, Review
from policytrail.check.run import run
from policytrail.clock import today
from policytrail.errors import Problem, RepositoryError, SourceError
from policytrail.model.policy import Snapshot
from policytrail.model.version import Status, Version
from policytrail.render.notice.content import Notice, notice_content
from policytrail.render.state.site_view import DraftReview, SiteView
from policytrail.schedule.version_order import still_expected
from policytrail.sources.load import load_draft
from policytrail.workspace import Workspace

from .site_view import view


@dataclass
class Preview:
    """One live preview of the repository; remembers the last sound draft between two saves."""

    workspace: Workspace
    _draft: Snapshot | None = None
    _places: Places | None = None

    def shown(self, day: date | None) -> SiteView:
        """What to show now. Raises IntegrityError for broken versions, SourceError while there is nothing sound to show."""
        versions = load_versions(self.workspace)
        found = run(self.workspace, day)
        if found.draft is not None:
            self._draft, self._places = found.draft, found.places
        elif self._draft is None and not versions:
            raise SourceError(*found.problems)
        draft = self._draft or versions[-1].snapshot
        base = self._site(versions, day)
        return replace(base, draft=draft, review=self._about(found, versions, draft))

    def _site(self, versions: tuple[Version, ...], day: date | None) -> SiteView:
        try:
            return view(self.workspace, day)
        except RepositoryError:  # nothing is released yet, or nothing is in force yet
            draft = self._draft or load_draft(self.workspace.policy)
            return SiteView((), Status(day or today(versions), None, (), (), ()), draft=draft)

    def _about(self, found: Review, versions: tuple[Version, ...], draft: Snapshot) -> DraftReview:
        beside: dict[str, list[str]] = {}
        for problem in found.problems:
            for clause in clauses_of(problem, draft, self._places or {}):
                beside.setdefault(clause, []).append(str(problem))
        for block in found.blocks:
            if block.change and block.change.clause:
                beside.setdefault(block.change.clause, []).append(f"{block.message} {block.hint}")
        return DraftReview(
            comparison=found.comparison,
            problems=tuple(map(str, found.problems)),
            to_settle=tuple((block.message, block.hint) for block in found.blocks),
            beside={clause: tuple(said) for clause, said in beside.items()},
            earliest=found.earliest,
            notice=_notice(found, versions),
        )


def clauses_of(problem: Problem, draft: Snapshot, places: Places) -> tuple[str, ...]:
    """The clauses beside which a problem belongs: its own file's, or those that state the practice at its line."""
    inside = problem.path.removeprefix("policy/clauses/")
    if inside != problem.path:
        by_file = {
            path: subject.removeprefix("clause:") for subject, (path, _) in places.items() if "clause:" in subject
        }
        clause = by_file.get(problem.path, inside.removesuffix(".md"))
        return (clause,) if clause in draft.clauses else ()
    practice = _practice_at(problem, draft, places)
    return draft.stating(practice) if practice else ()


def _practice_at(problem: Problem, draft: Snapshot, places: Mapping[str, tuple[str, int]]) -> str | None:
    before = [
        (line, subject)
        for subject, (path, line) in places.items()
        if path == problem.path and line <= problem.line and subject in draft.practices
    ]
    return max(before)[1] if before else None


def _notice(found: Review, versions: tuple[Version, ...]) -> Notice | None:
    """The notice as it would be if the draft were released today for the first lawful day; None while nothing changes."""
    comparison, earliest = found.comparison, found.earliest
    if comparison is None or earliest is None or found.draft is None or not (comparison.changes or not versions):
        return None
    replaces = [version.effective for version in still_expected(versions, found.as_of)]
    return notice_content(found.old, found.draft, comparison, earliest, found.as_of, earliest.isoformat(), replaces)
