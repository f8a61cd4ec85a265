"""A file in a git repository, as a person names it: REPO:PATH."""

from __future__ import annotations

from pathlib import Path

from policytrail.errors import UsageError


def place_in_git(place: str) -> tuple[Path, str]:
    """In: `REPO:PATH`. Out: the folder of the repository and the path in it. Raises UsageError for anything else."""
    repository, colon, path = place.rpartition(":")
    if not colon or not repository or not path:
        raise UsageError(
            f"{place!r} doesn't name a file in a repository. Write REPO:PATH, for example ../site:docs/privacy.md."
        )
    if "://" in repository or (repository.partition(":")[0].count("@") == 1 and not Path(repository).exists()):
        raise UsageError(
            f"{repository} is an address. Clone it first ('git clone {repository} past'), then write past:{path}."
        )
    return Path(repository), path
