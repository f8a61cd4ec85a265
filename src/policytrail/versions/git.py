"""The one place that talks to git: fixed verbs with fixed options, no text of a user's as option or config."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import git
from git.exc import GitError

from ..errors import Problem, RepositoryError

# Programs that a foreign repository's config could start are switched off for everything that only reads.
_READ_ONLY = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")


class Repository:
    """A git repository at a folder; use as a context manager, so that git's helpers end with it."""

    def __init__(self, root: Path) -> None:
        """Raises RepositoryError where the folder isn't the top of a git repository."""
        self.root = root
        try:
            self._repo = git.Repo(root)
        except (GitError, OSError):
            raise RepositoryError(
                f"{root} is no git repository. Run 'git init' and commit the sources first."
            ) from None
        self._repo.git.update_environment(**_READ_ONLY)

    def __enter__(self) -> Repository:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._repo.close()

    def _git(self, *words: str) -> str:
        try:
            command = [git.Git.GIT_PYTHON_GIT_EXECUTABLE or "git", *_SAFE, *words]
            return str(self._repo.git.execute(command, strip_newline_in_stdout=False))
        except GitError as error:
            lines = str(getattr(error, "stderr", "") or error).strip().removeprefix("stderr: '").splitlines() or [""]
            said = next((each for each in lines if each.startswith(("fatal:", "error:"))), lines[-1])
            raise RepositoryError(f"git {_verb(words)} failed: {said.strip()}") from None
        except OSError as error:
            raise RepositoryError(f"git {_verb(words)} can't be run: {error.strerror}.") from None

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
            each.relative_to(self.root).as_posix(): each for each in (self.root / folder).rglob("*") if each.is_file()
        }
        changed = {
            path for path, blob in committed.items() if path not in here or not _same(here[path].read_bytes(), blob)
        }
        return changed | (here.keys() - committed.keys())

    def blobs(self, folder: str) -> dict[str, bytes]:
        """Every file below a folder as the last commit holds it; empty before the first commit."""
        try:
            tree = self._repo.head.commit.tree / folder
        except (KeyError, ValueError, GitError):
            return {}
        return {str(blob.path): blob.data_stream.read() for blob in tree.traverse() if blob.type == "blob"}  # type: ignore[union-attr]

    def uncommitted(self, folder: str) -> dict[str, str]:
        """Paths below a folder that git sees differing from the last commit, with git's two letters for how."""
        listed = self._git("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", folder)
        return {each[3:]: each[:2] for each in listed.split("\0") if len(each) > 3}

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

    def has_commit(self) -> bool:
        """Whether there is a first commit."""
        return self._repo.head.is_valid()

    def newest_commit(self) -> datetime:
        """When the newest commit was made."""
        return self._repo.head.commit.committed_datetime

    def commit(self, paths: Iterable[str], message: str) -> str:
        """Commit exactly these paths (hooks don't run: a frozen version must not be rewritten). Returns the commit's id."""
        listed = list(paths)
        self._git("add", "--force", "--", *listed)
        who = [] if self._has_identity() else ["-c", "user.name=policytrail", "-c", "user.email=policytrail@localhost"]
        self._git(*who, "commit", "--no-verify", "--quiet", "-m", message, "--", *listed)
        return str(self._repo.head.commit.hexsha)

    def _has_identity(self) -> bool:
        try:
            return bool(self._git("config", "user.email").strip() and self._git("config", "user.name").strip())
        except RepositoryError:
            return "GIT_AUTHOR_EMAIL" in os.environ

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
            self._config("tag.gpgsign", "bool"), self._config("commit.gpgsign", "bool"))  # fmt: skip

    def has_key(self) -> bool:
        """Whether the user's git names a signing key."""
        return bool(self._config("user.signingkey"))

    def _config(self, name: str, kind: str | None = None) -> str:
        try:
            return self._git("config", *([f"--type={kind}"] if kind else []), "--get", name).strip()
        except RepositoryError:
            return ""

    def tags(self) -> dict[str, str]:
        """Tag names with the commits that they point to."""
        return {tag.name: tag.commit.hexsha for tag in self._repo.tags}

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
            self._git("-c", "gpg.program=gpg", "-c", "gpg.ssh.program=ssh-keygen", "verify-tag", tag)
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

    def _times(self, commits: set[str]) -> dict[str, datetime]:
        if not commits:
            return {}
        listed = self._git("show", "--no-patch", "--format=%H %ct", *sorted(commits)).split("\n")
        rows = (line.split() for line in listed if line.strip())
        return {commit: datetime.fromtimestamp(int(seconds), UTC) for commit, seconds in rows}

    def is_shallow(self) -> bool:
        """Whether history is cut off."""
        return self._git("rev-parse", "--is-shallow-repository").strip() == "true"

    def has_replacements(self) -> bool:
        """Whether replace refs or grafts forge what git shows."""
        grafts = Path(self._repo.git_dir) / "info" / "grafts"
        return bool(self._git("for-each-ref", "refs/replace/").strip()) or grafts.exists()


def _same(found: bytes, committed: bytes) -> bool:
    """Whether a file is as committed; git may have given it the line ends of another system."""
    return found == committed or found.replace(b"\r\n", b"\n") == committed


def _verb(words: tuple[str, ...]) -> str:
    return next(each for each in words if not each.startswith("-") and "=" not in each)


def now() -> datetime:
    """The clock, in UTC: SOURCE_DATE_EPOCH where it is set, for builds that must repeat."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch:
        if not epoch.isascii() or not epoch.isdigit():
            raise RepositoryError(
                Problem("", 0, "SOURCE_DATE_EPOCH isn't a number of seconds.", "Unset or correct it.")
            )
        return datetime.fromtimestamp(int(epoch), UTC)
    return datetime.now(UTC)
