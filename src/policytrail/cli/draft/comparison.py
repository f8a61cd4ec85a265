"""The draft or a version by its name, and the draft compared with the version that it would follow."""

from __future__ import annotations

from datetime import date

from policytrail.classify.engine import classify
from policytrail.cli.common import version_named
from policytrail.model.change import Comparison
from policytrail.model.policy import Snapshot
from policytrail.model.version import Version
from policytrail.schedule.status import followed
from policytrail.sources.decisions import load_decisions
from policytrail.sources.load import load_draft
from policytrail.workspace import Workspace


def snapshot_named(workspace: Workspace, versions: tuple[Version, ...], name: str) -> Snapshot:
    """The snapshot of a version, or of the draft by the name `draft`. Raises UsageError naming those that exist."""
    if name == "draft":
        return load_draft(workspace.policy)
    return version_named(versions, name).snapshot


def draft_comparison(
    workspace: Workspace, versions: tuple[Version, ...], effective: date | None = None
) -> tuple[Snapshot, Comparison]:
    """The draft, and its comparison with the version that it would follow, under the recorded decisions.

    `effective`: the day on which the draft is to take effect, where that isn't after everything that is pending.
    """

    draft = load_draft(workspace.policy)
    newest = followed(versions, effective)
    old, old_id = (newest.translated(), newest.id) if newest else (None, None)
    found = classify(old, draft, old_id, "draft", load_decisions(workspace))
    return draft, found
