"""The edge: the sources of a draft as lints look at them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ..clock import now
from ..model.policy import Snapshot
from ..sources.load import Sources, read_sources
from .engine import findings
from .registry import Body, Draft, Finding


def look_over(policy: Path, as_of: date | None) -> tuple[Finding, ...]:
    """In: the folder policy/, the day (default: today in the policy's time zone). Out: the findings on its draft.

    Raises SourceError as loading the draft does.
    """
    sources, snapshot = read_sources(policy)
    return findings(lint_draft(sources, snapshot, as_of or now().astimezone(snapshot.policy.zone).date()))


def lint_draft(sources: Sources, snapshot: Snapshot, as_of: date) -> Draft:
    """In: what was read, the snapshot made of it, the day to judge by. Out: a draft to look over."""
    bodies = {name: Body(sources.places["clause", name][0], line, clause.text)
              for name, (clause, line) in sources.bodies.items()}  # fmt: skip
    return Draft(snapshot, bodies, sources.places, as_of)
