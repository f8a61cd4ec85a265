"""The edge: the sources of a draft as lints look at them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from pathlib import Path

from policytrail.clock import now
from policytrail.lint.rules.links import linked
from policytrail.lint.rules.registry import Body, Draft, Finding
from policytrail.model.policy import Snapshot
from policytrail.sources.load import read_sources
from policytrail.sources.source_set import Sources

from .engine import findings


def look_over(
    policy: Path, as_of: date | None, network: bool = False, allowed: Collection[str] = ()
) -> tuple[Finding, ...]:
    """In: the folder policy/, the day (default: today in the policy's time zone). Out: the findings on its draft.

    `network`: ask the addresses that it links to, too; of hosts that aren't public only those that are `allowed`.
    Raises SourceError as loading the draft does.
    """
    sources, snapshot = read_sources(policy)
    draft = lint_draft(sources, snapshot, as_of or now().astimezone(snapshot.policy.zone).date())
    if network:
        from .network import answers  # saves 19 ms

        draft = replace(draft, dead=answers((target for _, target in linked(draft)), allowed=allowed))
    return findings(draft)


def lint_draft(sources: Sources, snapshot: Snapshot, as_of: date) -> Draft:
    """In: what was read, the snapshot made of it, the day to judge by. Out: a draft to look over."""
    bodies = {
        name: Body(sources.places["clause", name][0], line, clause.text)
        for name, (clause, line) in sources.bodies.items()
    }
    return Draft(snapshot, bodies, sources.places, as_of)
