"""Versions that were taken over from another history: what they may say, and what they may not. Pure.

Nobody witnessed a notice of them, so none is owed and none can be proven. That must open no way round a notice: such a
version comes before everything that was released here, at once with all others of its kind, and never for a day to come.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policytrail.errors import Problem
from policytrail.model.calendar import local_day
from policytrail.model.version import TRANSLATION, Version
from policytrail.schedule.later_duties import REVIEW
from policytrail.workspace import VERSIONS

# What may be put on record of such a version: nothing that says that people were told of it.
BESIDE = frozenset({TRANSLATION, REVIEW, "timestamp"})
_RESTORE = "Restore it from git; frozen versions are never edited."
_RELEASE = "Release the text instead, with the notice that it owes."


def check_imported(version: Version, before: Version | None) -> Iterable[Problem]:
    """What is wrong with a version that was taken over. In: it, and the version before it in the chain of releases."""
    if version.imported is None:
        return
    where = f"{VERSIONS}/{version.id}/manifest.json"
    if before is not None and (before.imported is None or before.recorded != version.recorded):
        message = f"It says that it was taken over from another history, but was added after {before.id} was recorded."
        yield Problem(where, 0, message, _RELEASE, "imported-late")
    recorded = version.recorded and local_day(version.recorded, version.snapshot.policy.zone)
    if recorded is None or version.effective > recorded or not version.reconstructed:
        message = (
            "It says that it was taken over from the past, but takes effect after the day on which it was recorded."
        )
        yield Problem(where, 0, message, _RELEASE, "imported-ahead")
    if _claims(version):
        message = "It was taken over from another history, and yet claims a notice, practices or terms of a release."
        yield Problem(where, 0, message, _RESTORE, "imported-claims")


def _claims(version: Version) -> bool:
    others = (version.corrects, version.event, version.replaces, version.released, version.snapshot.practices)
    owed = version.duty.owed or version.duty.days or version.comparison.notice_days
    return any(others) or bool(owed) or any(evidence.kind not in BESIDE for evidence in version.evidence)


def taken_over(versions: Sequence[Version]) -> list[Problem]:
    """One remark for all of them: what is proved of these versions, and what isn't."""
    found = [version for version in versions if version.imported is not None]
    if not found:
        return []
    last = found[-1].imported or {}
    message = (
        f"{len(found)} version(s), {found[0].id} to {found[-1].id}, are taken over from the git history of {last['path']}, the "
        f"last as committed in {last['commit'][:12]}: their days and texts are those of its commits, and there is no record "
        "of a notice."
    )
    return [Problem("", 0, message, "", "imported")]
