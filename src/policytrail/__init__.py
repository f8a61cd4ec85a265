"""policytrail: a privacy policy as structured, versioned source, with proven notice of every material change.

The public names:
    compare_texts(old, new)   two plain Markdown texts -> Comparison
    practice_words(before, after)   one practice in YAML, before and after -> what readers are told
    load_draft(folder)        policy/ -> Snapshot
    load_versions(root)       versions/ -> tuple of Version
    classify(old, new, ...)   two snapshots -> Comparison
    status(versions, day)     -> Status
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.2.0"

if TYPE_CHECKING:
    from policytrail.archive.store import load_versions as load_versions
    from policytrail.check.practice_words import practice_words as practice_words
    from policytrail.classify.engine import classify as classify
    from policytrail.classify.plaintext.compare_texts import compare_texts as compare_texts
    from policytrail.model.change import Change as Change
    from policytrail.model.change import Comparison as Comparison
    from policytrail.model.change import Consent as Consent
    from policytrail.model.change import Decision as Decision
    from policytrail.model.change import Direction as Direction
    from policytrail.model.change import Severity as Severity
    from policytrail.model.policy import Snapshot as Snapshot
    from policytrail.model.version import Status as Status
    from policytrail.model.version import Version as Version
    from policytrail.schedule.status import status as status
    from policytrail.sources.load import load_draft as load_draft

_HOMES = {
    "classify": "classify.engine",
    "compare_texts": "classify.plaintext.compare_texts",
    "practice_words": "check.practice_words",
    "status": "schedule.status",
    "load_draft": "sources.load",
    "load_versions": "archive.store",
    "Snapshot": "model.policy",
    "Status": "model.version",
    "Version": "model.version",
    **dict.fromkeys(("Change", "Comparison", "Consent", "Decision", "Direction", "Severity"), "model.change"),
}
__all__ = sorted([*_HOMES, "__version__"])


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for: a small command shouldn't pay for all of the package."""
    if name not in _HOMES:
        raise AttributeError(f"module 'policytrail' has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
