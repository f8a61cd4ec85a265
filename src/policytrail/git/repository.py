"""The one place that talks to git: fixed verbs with fixed options, no text of a user's as option or config."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from git.exc import GitError

import git
from policytrail.clock import now
from policytrail.errors import RepositoryError

from .authors import Author, People
from .file_history import Commit, Past
from .remote import Remotes, Upstream

# What is frozen goes in byte by byte: a mail has line ends of its own.
_AS_IT_IS = ("-c", "core.autocrlf=false")

# Signatures are verified by these, whatever a stranger's configuration names.
_OWN_PROGRAMS = (
    "-c",
    "gpg.program=gpg",
    "-c",
    "gpg.openpgp.program=gpg",
    "-c",
    "gpg.x509.program=gpgsm",
    "-c",
    "gpg.ssh.program=ssh-keygen",
)


class Repository(Remotes, People, Past):
    """A git repository as versions need it: what was changed, commits, tags, replacements."""

    def dirty(self, folders: Iterable[str]) -> list[str]:
        """Paths that differ from the last commit: what git says, and every byte of `folders` against the commit's blobs.

        The second look finds what git was told to overlook (assume-unchanged, skip-worktree, excluded files).
        """
        listed = self._git("status", "--porcelain", "-z", "--untracked-files=all")
        found = {entry[3:] for entry in listed.split("\0") if len(entry) > 3}
        for folder in folders:
            found |= self._differs(folder)
        return sorted(found)

    def _differs(self, folder: str) -> set[str]:
        committed = self.blobs(folder)
        here = {
            path.relative_to(self.root).as_posix(): path for path in (self.root / folder).rglob("*") if path.is_file()
        }
        changed = {
            path for path, blob in committed.items() if path not in here or not _same(here[path].read_bytes(), blob)
        }
        return changed | (here.keys() - committed.keys())

    def new_files(self, folder: str) -> dict[str, bool]:
        """Files below a folder that the last commit doesn't have, each with whether it is in the index.

        Not by `git status`, which runs the filters that the configuration names: every command may come by here.
        """
        indexed = set(self._git("ls-files", "--cached", "-z", "--", folder).split("\0"))
        here = {path.relative_to(self.root).as_posix() for path in (self.root / folder).rglob("*") if path.is_file()}
        committed = self.blobs(folder).keys()
        return {path: path in indexed for path in (here | indexed) - committed - {""}}

    def head(self) -> str | None:
        """The newest commit's id; None before the first one."""
        return str(self._repo.head.commit.hexsha) if self.has_commit() else None

    def added_since(self, commit: str | None) -> dict[str, tuple[str, str]]:
        """Paths that commits after `commit` have added, each with its commit and that one's subject; none if unknown."""
        if not commit or commit == self.head():
            return {}
        listed = self._git(
            "log", "--diff-filter=A", "--no-renames", "--name-only", "--format=%x01%H %s", f"{commit}..HEAD"
        )
        found: dict[str, tuple[str, str]] = {}
        for entry in listed.split("\x01"):
            head, *paths = entry.strip().split("\n")
            found |= dict.fromkeys(filter(None, paths), (head[:40], head[41:]))
        return found

    def newest_commit(self) -> datetime:
        """When the newest commit was made."""
        return self._repo.head.commit.committed_datetime

    def commit(self, paths: Iterable[str], message: str) -> str:
        """Commit exactly these paths (hooks don't run: a frozen version must not be rewritten). Returns the commit's id."""
        listed = list(paths)
        self._git(*_AS_IT_IS, "add", "--force", "--", *listed)
        who = [] if self._has_identity() else ["-c", "user.name=policytrail", "-c", "user.email=policytrail@localhost"]
        self._git(*_AS_IT_IS, *who, "commit", "--no-verify", "--quiet", "-m", message, "--", *listed)
        return str(self._repo.head.commit.hexsha)

    def introduce(self, name: str, email: str) -> bool:
        """Give commits in this repository an author where git knows none for them. Returns whether it did."""
        if self._has_identity():
            return False
        self._git("config", "user.name", name)
        self._git("config", "user.email", email)
        return True

    def undo_commit(self, commit: str, paths: Iterable[str]) -> None:
        """Take back a commit of ours that is the newest one, and take its paths out of the index."""
        if self.has_commit() and self._repo.head.commit.hexsha == commit and self._repo.head.commit.parents:
            self._git("reset", "--quiet", "--soft", "HEAD~1")
        self.unstage(paths)

    def unstage(self, paths: Iterable[str]) -> None:
        """Take paths out of the index; the last commit's state of them stays."""
        self._git("reset", "--quiet", "--", *paths)

    def tag(self, name: str, message: str, commit: str = "HEAD") -> None:
        """An annotated tag on a commit (40 hex; default: the newest), signed where the user's git signs.

        Raises RepositoryError where it exists.
        """
        who = [] if self._has_identity() else ["-c", "user.name=policytrail", "-c", "user.email=policytrail@localhost"]
        how = "--sign" if self.signs() else "--annotate"
        self._git(*who, "tag", how, "-m", message, name, commit)

    def signs(self) -> bool:
        """Whether the user's git has a key and is told to sign commits or tags with it."""
        return bool(self._config("user.signingkey")) and "true" in (
            self._config("tag.gpgsign", "bool"),
            self._config("commit.gpgsign", "bool"),
        )

    def has_key(self) -> bool:
        """Whether the user's git names a signing key."""
        return bool(self._config("user.signingkey"))

    def tags(self) -> dict[str, str]:
        """Tag names with the commits that they point to."""
        listed = self._git(
            "for-each-ref", "--format=%(refname:strip=2)%00%(*objectname)%00%(objectname)%01", "refs/tags/"
        )
        rows = (row.strip("\n").split("\0") for row in listed.split("\x01"))
        return {row[0]: row[1] or row[2] for row in rows if len(row) == 3}

    def tag_forms(self) -> dict[str, tuple[bool, bool]]:
        """Tag names with: is it annotated, does it carry a signature."""
        listed = self._git(
            "for-each-ref", "--format=%(refname:strip=2)%00%(objecttype)%00%(contents:signature)%01", "refs/tags/"
        )
        rows = (row.strip("\n").split("\0") for row in listed.split("\x01"))
        return {row[0]: (row[1] == "tag", bool(row[2].strip())) for row in rows if len(row) == 3}

    def signature_holds(self, tag: str) -> bool:
        """Whether git can verify a tag's signature here (it needs the signer's public key)."""
        try:
            self._git(*_OWN_PROGRAMS, "verify-tag", tag)
        except RepositoryError:
            return False
        return True

    def added(self, folder: str, name: str) -> dict[str, tuple[str, datetime | None]]:
        """Files of a name below a folder with the commit that first added each, and the time of that commit's parent.

        Empty where history doesn't tell (never committed, shallow clone).
        """
        listed = self._git("log", "--diff-filter=A", "--no-renames", "--name-only", "--format=%x01%H %P", "--", folder)
        found: dict[str, tuple[str, str]] = {}
        for entry in listed.split("\x01"):
            head, *paths = entry.strip().split("\n")
            commit, _, parents = head.partition(" ")
            found |= {path: (commit, parents.partition(" ")[0]) for path in paths if path.endswith(f"/{name}")}
        times = self._times({parent for _, parent in found.values() if parent})
        return {path: (commit, times.get(parent)) for path, (commit, parent) in found.items()}

    def rewritten(self, folder: str) -> dict[str, tuple[str, str]]:
        """Files below a folder that a commit changed in words or deleted, each with the newest such commit and the blob before.

        Line ends that git set right are no change. Empty where history doesn't tell.
        """
        listed = self._git(
            "log",
            "--full-history",
            "-m",
            "--no-renames",
            "--raw",
            "--no-abbrev",
            "-z",
            "--diff-filter=DM",
            "--format=%x01%H",
            "--",
            folder,
        )
        found: dict[str, tuple[str, str]] = {}
        for entry in listed.split("\x01")[1:]:
            commit, *fields = entry.strip("\0\n").split("\0")
            for about, path in zip(fields[::2], fields[1::2], strict=False):
                _, _, old, new, _ = about.strip("\n").split(" ")
                if not new.strip("0") or self._blob(old) != self._blob(new):
                    found.setdefault(path, (commit, old))
        return found

    def _blob(self, identity: str) -> bytes:
        return self.blob(identity).replace(b"\r\n", b"\n")

    def _times(self, commits: set[str]) -> dict[str, datetime]:
        if not commits:
            return {}
        listed = self._git("show", "--no-patch", "--format=%H %ct", *sorted(commits)).split("\n")
        rows = (line.split() for line in listed if line.strip())
        return {commit: datetime.fromtimestamp(int(seconds), UTC) for commit, seconds in rows}

    def has_replacements(self) -> bool:
        """Whether replace refs or grafts forge what git shows."""
        grafts = Path(self._repo.git_dir) / "info" / "grafts"
        return bool(self._git("for-each-ref", "refs/replace/").strip()) or grafts.exists()


def _same(found: bytes, committed: bytes) -> bool:
    """Whether a file is as committed; git may have given it the line ends of another system."""
    return found == committed or found.replace(b"\r\n", b"\n") == committed


def start(folder: Path, paths: Iterable[str], message: str) -> None:
    """Make a folder a git repository with one commit of these paths; one without any commit yet will do.

    Raises RepositoryError inside another repository.
    """
    try:
        with git.Repo(folder, search_parent_directories=True) as found:
            free = Path(found.working_dir) == folder.resolve() and not found.head.is_valid()
    except (GitError, OSError):
        git.Repo.init(folder, initial_branch="main").close()
        free = True
    if not free:
        raise RepositoryError(
            f"{folder} lies in a git repository already; the files are written, commit them yourself."
        )
    with Repository(folder) as repository:
        repository.commit(paths, message)


__all__ = ["Author", "Commit", "Repository", "Upstream", "now", "start"]
