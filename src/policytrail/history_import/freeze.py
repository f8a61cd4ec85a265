"""Past texts as the files of frozen versions, each chained to the one before. Pure: nothing is written here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from policytrail.archive.chain_tips import unnamed
from policytrail.archive.folder import Folder, check_folder
from policytrail.archive.manifest_chain import check_chain
from policytrail.archive.store import versions_of
from policytrail.errors import IntegrityError
from policytrail.model.change import Comparison
from policytrail.model.json_value import Json
from policytrail.model.policy import Snapshot
from policytrail.model.version import Version
from policytrail.release.freeze import imported_files
from policytrail.release.plan import Plan
from policytrail.schedule.duties.notice_duty import NOTHING

from .report import Revision
from .select import Taken, Taking


def frozen(
    taken: Taking, snapshot: Callable[[str], Snapshot], raw: Callable[[Revision], bytes], recorded: datetime
) -> dict[str, bytes]:
    """Every file below versions/ by its path.

    In: what is taken over, the snapshot of a text, the bytes of a commit's file, the clock. Raises IntegrityError where
    what was made doesn't prove itself.
    """
    folders: list[Folder] = []
    before: Version | None = None
    for version in taken.versions:
        made = _plan(
            version, snapshot(version.revision.text), before, hashlib.sha256(raw(version.revision)).hexdigest()
        )
        folder = Folder(version.id, imported_files(made, recorded, unnamed(folders[-1:], version.id)), ())
        (before,) = versions_of([folder])
        folders.append(folder)
    problems = [one for each in folders for one in check_folder(each)] + check_chain(folders)
    if problems:
        raise IntegrityError(*problems)
    return {f"{each.id}/{name}": content for each in folders for name, content in each.files.items()}


def _plan(taken: Taken, snapshot: Snapshot, before: Version | None, digest: str) -> Plan:
    comparison = replace(
        taken.comparison or Comparison(None, taken.id), old=before.id if before else None, new=taken.id
    )
    imported: dict[str, Json] = {
        "path": taken.revision.path,
        "commit": taken.revision.commit,
        "sha256": digest,
        "committed": taken.revision.day.isoformat(),
        "announced": taken.announced,
        "days_ahead": taken.days_ahead,
        "folded": list(taken.folded),
    }
    return Plan(
        taken.id, taken.effective, taken.revision.day, before, before, snapshot, comparison, NOTHING, imported=imported
    )
