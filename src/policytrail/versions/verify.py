"""Prove that versions and evidence are untouched and that notice was given in time; each finding is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..errors import IntegrityError, Problem, RepositoryError
from ..model.change import Severity
from ..model.version import Version
from ..schedule.calendar import earliest_effective
from ..schedule.duty import duty
from ..schedule.status import complete_on
from .git import Repository
from .store import check_chain, check_folder, load_versions, read_folder, version_ids


@dataclass(frozen=True)
class Report:
    """What verification found: broken files (exit 1), notice not proven (exit 3), and remarks that fail nothing."""

    checked: int
    broken: tuple[Problem, ...]
    unproven: tuple[str, ...]
    remarks: tuple[str, ...]


def verify(root: Path, as_of: date) -> Report:
    """Recompute every hash, chain and date of all versions under `root`, as of a day."""
    try:
        folders = [read_folder(root, identity) for identity in version_ids(root)]
    except IntegrityError as error:
        return Report(0, error.problems, (), ())
    broken = [each for folder in folders for each in check_folder(folder)] + check_chain(folders)
    remarks: list[str] = []
    broken += _against_git(root, [folder.id for folder in folders], remarks)
    if broken:
        return Report(len(folders), tuple(sorted(set(broken))), (), tuple(remarks))
    try:
        versions = load_versions(root)
    except IntegrityError as error:
        return Report(len(folders), error.problems, (), tuple(remarks))
    remarks += [f"{each.id} was recorded later than its announcement date says: that date is stated, not witnessed."
                for each in versions if each.reconstructed]  # fmt: skip
    wrong = [each for pair in zip((None, *versions), versions, strict=False) for each in _consistent(*pair)]
    unproven = [each for version in versions for each in _in_time(version, as_of)]
    return Report(len(folders), tuple(wrong), tuple(unproven), tuple(remarks))


def _consistent(previous: Version | None, version: Version) -> list[Problem]:
    """What a manifest says must follow from what was frozen: dates in order, the duty from both texts."""
    where = f"versions/{version.id}/manifest.json"
    problems = []
    if version.effective.isoformat() != version.id or version.announced > version.effective:
        problems.append(Problem(where, 0, "The dates of this version contradict each other.", "Restore it from git."))
    owed = duty(version.comparison, previous.snapshot if previous else None, version.snapshot)
    if (owed.days, owed.count, owed.any_of, owed.all_of) != (
        version.duty.days, version.duty.count, version.duty.any_of, version.duty.all_of,
    ):  # fmt: skip
        message = "The notice owed doesn't follow from the promise in force."
        problems.append(Problem(where, 0, message, "It was frozen under other rules or changed; see docs/verify.md."))
    early = [each for each in version.evidence if each.on < version.announced]
    if early:
        problems.append(Problem(where, 0, "Evidence is older than the announcement.", "Restore the records from git."))
    return problems


def _in_time(version: Version, as_of: date) -> list[str]:
    """For a material version whose date has come: was the notice complete in time?"""
    withdrawn = any(each.kind == "withdrawn" for each in version.evidence)
    if version.severity is not Severity.MATERIAL or version.effective > as_of or withdrawn:
        return []
    complete = complete_on(version.duty, version.evidence, as_of)
    if complete is None:
        return [
            f"{version.id}: no complete notice is proven; evidence of {version.duty.days} days of notice is missing."
        ]
    earliest = earliest_effective(complete, version.duty.days, version.duty.count)
    if earliest > version.effective:
        return [f"{version.id}: notice was complete on {complete}, too late; it may take effect from {earliest}."]
    return []


def _against_git(root: Path, ids: list[str], remarks: list[str]) -> list[Problem]:
    """Compare with what git holds: blobs of the last commit, tags. Without git, files alone are proved, and it's said."""
    try:
        repository = Repository(root)
    except RepositoryError:
        remarks.append("There is no git repository here: files and chains were proved, history was not.")
        return []
    with repository:
        if not repository.has_commit():
            return []
        problems: list[Problem] = []
        if repository.has_replacements():
            mend = "Remove refs/replace and info/grafts."
            problems.append(Problem("", 0, "Replace refs or grafts forge what git shows here.", mend))
        here = {path for identity in ids for path in _paths(root, identity)}
        committed = repository.blobs("versions")
        problems += [Problem(path, 0, "This frozen file is in the last commit, but not here.", "Restore it from git.")
                     for path in sorted(committed.keys() - here)]  # fmt: skip
        problems += [Problem(path, 0, "This frozen file differs from the last commit.", "Restore it from git.")
                     for path in sorted(committed.keys() & here) if (root / path).read_bytes() != committed[path]]  # fmt: skip
        if repository.is_shallow():
            remarks.append("This clone is shallow: tags weren't checked. Fetch the whole history (fetch-depth: 0).")
            return problems
        return problems + _tags(repository, ids, remarks)


def _paths(root: Path, identity: str) -> set[str]:
    return {f"versions/{identity}/{name}" for name in read_folder(root, identity).files}


def _tags(repository: Repository, ids: list[str], remarks: list[str]) -> list[Problem]:
    problems = []
    tags = repository.tags()
    for identity in ids:
        added = repository.first_commit_with(f"versions/{identity}/manifest.json")
        if identity not in tags:
            remarks.append(f"There is no git tag {identity}; files and chains prove the version without it.")
        elif added and tags[identity] != added:
            mend = f"It should point to {added[:12]}."
            problems.append(Problem(f"tag {identity}", 0, "This tag points elsewhere than the release.", mend))
    return problems
