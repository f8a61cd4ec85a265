"""What every module that talks to git stands on: a repository at a folder, fixed verbs, nothing of a user as an option."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from git.exc import GitError

import git
from policytrail.errors import RepositoryError

# Programs that a foreign repository's config could start are switched off for everything that only reads.
_READ_ONLY = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
# Where an object is missing, git would fetch it by whatever transport the config names, a program included.
OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
_UNREADABLE = "An object of the newest commit can't be read: it is missing or damaged"
SAFE = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")


def _no_repository(folder: Path) -> str:
    above = next((parent for parent in folder.resolve().parents if (parent / ".git").exists()), None)
    if above:
        return (
            f"{folder} is no git repository: it lies inside the one at {above}, and a policy has one of its own. "
            "Move the folder out of it and run 'git init' there."
        )
    return f"{folder} is no git repository. Run 'git init' and commit the sources first."


class Git:
    """A git repository at a folder; use as a context manager, so that git's helpers end with it."""

    def __init__(self, folder: Path) -> None:
        """Raises RepositoryError where the folder isn't a repository's top, or no git is here."""
        self.root = folder
        if shutil.which("git") is None:
            raise RepositoryError("git isn't installed here, or not on the PATH. Install it, then run again.")
        _refuse_pipes(folder / ".git")
        try:
            self._repo = git.Repo(folder)
        except (GitError, OSError):
            raise RepositoryError(_no_repository(folder)) from None
        self._repo.git.update_environment(**_READ_ONLY, **OFFLINE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._repo.close()

    def _git(self, *words: str) -> str:
        try:
            command = [git.Git.GIT_PYTHON_GIT_EXECUTABLE or "git", *SAFE, *words]
            return str(self._repo.git.execute(command, strip_newline_in_stdout=False))
        except GitError as error:
            told = str(getattr(error, "stderr", "") or error).strip().removeprefix("stderr: '").removesuffix("'")
            lines = told.splitlines() or [""]
            said = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1])
            raise RepositoryError(f"git {_verb(words)} failed: {said.strip()}") from None
        except OSError as error:
            raise RepositoryError(f"git {_verb(words)} can't be run: {error.strerror}.") from None

    @contextmanager
    def _online(self) -> Iterator[None]:
        """Let git use the network as the user's own configuration says."""
        with self._repo.git.custom_environment(**dict.fromkeys(OFFLINE)):
            yield

    def has_commit(self) -> bool:
        """Whether there is a first commit. Raises RepositoryError where there is one that can't be read."""
        if self._repo.head.is_valid():
            return True
        try:
            self._git("rev-parse", "--verify", "--quiet", "HEAD")
        except RepositoryError:
            return False  # a branch without any commit
        raise RepositoryError(_UNREADABLE)

    def blobs(self, folder: str) -> dict[str, bytes]:
        """Every file below a folder as the last commit holds it; empty before the first commit."""
        if not self.has_commit():
            return {}
        try:
            tree = self._repo.head.commit.tree / folder
            return {str(blob.path): blob.data_stream.read() for blob in tree.traverse() if blob.type == "blob"}  # type: ignore[union-attr]
        except KeyError:
            return {}
        except (ValueError, GitError, OSError) as error:
            raise RepositoryError(_UNREADABLE) from error

    def blob(self, identity: str) -> bytes:
        """The content of a blob. In: 40 or 64 hex. Raises RepositoryError where it can't be read."""
        try:
            return bytes(self._repo.odb.stream(bytes.fromhex(identity)).read())
        except (ValueError, GitError, OSError) as error:
            raise RepositoryError(_UNREADABLE) from error

    def is_shallow(self) -> bool:
        """Whether history is cut off."""
        return self._git("rev-parse", "--is-shallow-repository").strip() == "true"

    def _config(self, name: str, kind: str | None = None) -> str:
        try:
            return self._git("config", *([f"--type={kind}"] if kind else []), "--get", name).strip()
        except RepositoryError:
            return ""

    def _has_identity(self) -> bool:
        try:
            said = self._git("config", "--get-regexp", r"^user\.(name|email)$").splitlines()
        except RepositoryError:
            return "GIT_AUTHOR_EMAIL" in os.environ
        given = {key: value.strip() for key, _, value in (line.partition(" ") for line in said)}
        return bool(given.get("user.name") and given.get("user.email"))


def _refuse_pipes(git_folder: Path) -> None:
    """Raise RepositoryError for a pipe, socket or device where git reads files: it would wait for ever."""
    folders = [git_folder, git_folder / "info", git_folder / "objects" / "info", git_folder / "objects" / "pack"]
    for folder in [*folders, *(Path(path) for path, _, _ in os.walk(git_folder / "refs"))]:
        if not folder.is_dir():
            continue
        with os.scandir(folder) as entries:
            for entry in entries:
                if not (entry.is_file() or entry.is_dir() or entry.is_symlink()):
                    shown = Path(entry.path).relative_to(git_folder.parent)
                    raise RepositoryError(f"{shown} is a pipe, socket or device, for which git would wait.")


def _verb(words: tuple[str, ...]) -> str:
    return next(word for word in words if not word.startswith("-") and "=" not in word)
