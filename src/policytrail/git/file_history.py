"""The past of one file: every commit that changed it, renames followed. Read-only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from policytrail.errors import RepositoryError

from .commands import Git

_LOG = (
    "--literal-pathspecs",
    "log",
    "--first-parent",
    "--diff-merges=first-parent",
    "--follow",
    "-M",
    "--no-ext-diff",
    "--no-textconv",
    "--no-show-signature",
    "--no-mailmap",
    "--no-color",
    "--name-status",
    "-z",
    "--format=%x01%H%x00%cI%x00%s%x00",
)
_LINK = 0o120000


@dataclass(frozen=True)
class Commit:
    """One commit that changed a file: its id, when it was committed, its subject, the file's path in it."""

    id: str
    when: datetime
    subject: str
    path: str


class Past(Git):
    """A repository asked about the past of a file."""

    def history(self, path: str) -> list[Commit]:
        """Every commit on the way of the checked-out branch (merges as one step) that changed a file, oldest first.

        Renames are followed. In: the file's path in the newest commit, with slashes. Raises RepositoryError for a path
        that can't be one, or that no commit changed.
        """
        parts = path.split("/")
        if not all(parts) or {".", "..", ".git"} & set(parts) or any(ord(sign) < 32 for sign in path):
            raise RepositoryError(f"{path!r} is no path of a file in a repository. Write it as in docs/privacy.md.")
        if not self.has_commit():
            raise RepositoryError("Nothing is committed in this repository.")
        found = [_commit(entry) for entry in self._git(*_LOG, "--", path).split("\x01")[1:]]
        if not found:
            raise RepositoryError(
                f"No commit of this branch changed {path}. Check the path; it begins at the top folder."
            )
        if found[0].path != path:
            raise RepositoryError(f"{path!r} is a folder. Name the file that holds the policy's text.")
        return found[::-1]

    def text_at(self, commit: Commit) -> bytes | None:
        """The file as a commit left it; None where the commit deleted it."""
        try:
            blob = self._repo.commit(commit.id).tree / commit.path
            return bytes(blob.data_stream.read()) if blob.type == "blob" and blob.mode != _LINK else None
        except KeyError:
            return None


def _commit(entry: str) -> Commit:
    """In: `HASH, date, subject` and the status of the file, as `_LOG` prints them, each ended by NUL."""
    identity, when, subject, *status = entry.split("\0")
    return Commit(identity, datetime.fromisoformat(when), subject, [line for line in status if line.strip()][-1])
