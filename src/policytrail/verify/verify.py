"""Prove that versions and evidence are untouched and that notice was given in time; each finding is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from policytrail.archive.folder import Folder, check_folder, read_folder, version_ids
from policytrail.archive.imported import check_imported, taken_over
from policytrail.archive.manifest_chain import check_chain
from policytrail.archive.store import frozen_messages, versions_of
from policytrail.errors import IntegrityError, Problem
from policytrail.git.repository import now
from policytrail.model.calendar import local_day
from policytrail.model.version import Version
from policytrail.schedule.status import status, texts_in_force
from policytrail.storage.files import read_bytes
from policytrail.workspace import Workspace

from .git_evidence import OF_THE_PAST, against_git, parents
from .kept_copies import against
from .mail_records import check_delivery
from .notice_findings import (
    correction,
    dates,
    in_release_order,
    in_time,
    lowered,
    notice_owed,
    recorded_after,
    retracted,
)
from .timestamp import certificates_of, check_stamps


@dataclass(frozen=True)
class Report:
    """What verification found: what is broken (exit 1), notice not proven (exit 3), and remarks that fail nothing.

    Each finding has a name that stays the same. `kept`: how many fingerprints of kept copies were compared.
    """

    checked: int
    broken: tuple[Problem, ...] = ()
    unproven: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
    kept: int = 0


def verify(
    workspace: Workspace, as_of: date | None = None, kept: Sequence[str] = (), authorities: Sequence[Path] = ()
) -> Report:
    """Recompute every hash, chain and date of all versions under `root`.

    In: the root, a day (None: the clock's), copies that somebody kept (files, folders, remotes), certificates of
    trusted time-stamping authorities. Raises UsageError for a copy without fingerprints.
    """
    try:
        folders = [read_folder(workspace, identity) for identity in version_ids(workspace)]
    except IntegrityError as error:
        return Report(0, error.problems)
    broken = [problem for folder in folders for problem in check_folder(folder)] + check_chain(folders)
    wrong, remarks = against_git(workspace, folders)
    differing, number = against(workspace, kept, folders)
    broken += wrong + differing
    remarks = _converted(folders) + remarks
    if any(problem.name not in OF_THE_PAST for problem in broken):
        return Report(len(folders), tuple(sorted(set(broken))), (), tuple(remarks), number)
    try:
        versions = versions_of(folders)
    except IntegrityError as error:
        return Report(len(folders), error.problems, (), tuple(remarks), number)
    wrong, stamped = _stamps(folders, versions, authorities)
    if wrong:
        return Report(len(folders), tuple(wrong), (), (*remarks, *stamped), number)
    found = _meaning(workspace, versions, as_of, (*remarks, *stamped), number)
    return replace(found, broken=(*sorted(set(broken)), *found.broken))


def _stamps(
    folders: Sequence[Folder], versions: Sequence[Version], authorities: Sequence[Path]
) -> tuple[list[Problem], list[Problem]]:
    trusted = [one for path in authorities for one in certificates_of(read_bytes(path, path.name))]
    found = [check_stamps(folder, version, trusted, now()) for folder, version in zip(folders, versions, strict=True)]
    return [one for wrong, _ in found for one in wrong], [one for _, remarks in found for one in remarks]


def _meaning(
    workspace: Workspace, versions: tuple[Version, ...], as_of: date | None, remarks: tuple[Problem, ...], number: int
) -> Report:
    """What untouched files say: are the dates in order, is the notice owed right, was it given in time?"""
    today = max((local_day(now(), version.snapshot.policy.zone) for version in versions), default=now().date())
    day = as_of or today
    built_on = parents(workspace)
    broken: list[Problem] = []
    told = list(remarks)
    released = in_release_order(versions)
    found, then = status(versions, day), texts_in_force(released)
    for before, version in pairwise([None, *released]):
        assert version is not None
        broken += check_imported(version, before)
    told += taken_over(versions)
    for version in versions:
        broken += dates(version, max(day, today))
        wrong, unclear = notice_owed(version, versions, then.get(version.manifest))
        broken += wrong + correction(version, versions)
        told += unclear + lowered(version) + recorded_after(version, built_on.get(version.id))
        wrong, stated = check_delivery(version, frozen_messages(workspace, version.id))
        broken += wrong
        told += stated
        if version.reconstructed and version.imported is None:
            message = (
                f"{version.id} was recorded later than its announcement date says: that date is stated, not witnessed."
            )
            told.append(Problem("", 0, message, "", "reconstructed"))
    missing, owed = retracted(found)
    unproven = [problem for version in versions for problem in in_time(version, versions, found)] + missing
    told += owed
    return Report(len(versions), tuple(broken), tuple(unproven), tuple(told), number)


def _converted(folders: Sequence[Folder]) -> list[Problem]:
    number = sum(len(folder.converted) for folder in folders)
    message = (
        f"git converted the line ends of {number} frozen file(s) in this checkout; they say what was frozen. "
        "Add 'versions/** -text' to .gitattributes and check out again."
    )
    return [Problem("", 0, message, "", "line-ends")] if number else []
