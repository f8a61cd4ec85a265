"""The one place that talks to git: fixed verbs with fixed options, no text of a user's as option or config."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import git
from git.exc import GitError

from ..clock import now
from ..errors import RepositoryError

# Programs that a foreign repository's config could start are switched off for everything that only reads.
_READ_ONLY = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
# And for somebody else's repository: no object is fetched, whatever its config says of transports.
_FOREIGN = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
_LOG = ("--literal-pathspecs", "log", "--first-parent", "--diff-merges=first-parent", "--follow", "-M", "--no-ext-diff",
        "--no-textconv", "--no-show-signature", "--no-mailmap", "--no-color", "--name-status", "-z",
        "--format=%x01%H%x00%cI%x00%s%x00")  # fmt: skip
_LINK = 0o120000
_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")
# What is frozen goes in byte by byte: a mail has line ends of its own.
_AS_IT_IS = ("-c", "core.autocrlf=false")
_BLAME = re.compile(r"[0-9a-f]{40} [0-9]+ [0-9]+")
_AUTHOR = "%H%x00%an%x00%ae%x00%G?%x00%GF%x00%GP%x00%GK%x01"


@dataclass(frozen=True)
class Author:
    """Who wrote a commit, by git's word; `keys` are the fingerprints of the key whose good signature proves it."""

    commit: str
    name: str
    email: str
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Commit:
    """One commit that changed a file: its id, when it was committed, its subject, the file's path in it."""

    id: str
    when: datetime
    subject: str
    path: str


def _commit(entry: str) -> Commit:
    """In: `HASH, date, subject` and the status of the file, as `_LOG` prints them, each ended by NUL."""
    identity, when, subject, *status = entry.split("\0")
    return Commit(identity, datetime.fromisoformat(when), subject, [each for each in status if each.strip()][-1])


_REMOTE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]*", re.ASCII)
_BRANCH = re.compile(r"refs/heads/[A-Za-z0-9_][A-Za-z0-9._/+@-]*", re.ASCII)
_WITHOUT_PASSWORD = re.compile(r"//[^/@\s]*@")
_REFUSED_FOR_GOOD = ("hook declined", "protected", "denied", "permission")


@dataclass(frozen=True)
class Upstream:
    """A remote by its name, and the branch there by its full name."""

    remote: str
    ref: str

    @property
    def name(self) -> str:
        """Both, as git prints them."""
        return f"{self.remote}/{self.ref.removeprefix('refs/heads/')}"


class Repository:
    """A git repository at a folder; use as a context manager, so that git's helpers end with it."""

    def __init__(self, root: Path, foreign: bool = False) -> None:
        """`foreign`: somebody else's, only read from. Raises RepositoryError where the folder isn't a repository's top."""
        self.root = root
        try:
            self._repo = git.Repo(root)
        except (GitError, OSError):
            raise RepositoryError(
                f"{root} is no git repository. Run 'git init' and commit the sources first."
            ) from None
        self._repo.git.update_environment(**_READ_ONLY, **(_FOREIGN if foreign else {}))

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
        self._git(*_AS_IT_IS, "add", "--force", "--", *listed)
        who = [] if self._has_identity() else ["-c", "user.name=policytrail", "-c", "user.email=policytrail@localhost"]
        self._git(*_AS_IT_IS, *who, "commit", "--no-verify", "--quiet", "-m", message, "--", *listed)
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

    def identity(self) -> tuple[str, str]:
        """Name and email address of the person who would commit now, as git has them. Raises RepositoryError for none."""
        return _person(self._git("var", "GIT_AUTHOR_IDENT"))

    def name_or_none(self) -> str | None:
        """The name of the person who would commit now, None where git knows none."""
        return self.identity()[0] if self._has_identity() else None

    def author(self, commit: str) -> Author:
        """Who wrote a commit, and whose good signature it carries."""
        return self._authors([commit])[commit]

    def authors_of_lines(self, path: str) -> list[Author | None]:
        """Who wrote each line of a file as it stands here, first line first; None for lines that aren't committed."""
        if path not in self.blobs(path.rpartition("/")[0]):
            return []
        told = self._git("blame", "--line-porcelain", "--", path).splitlines()
        commits = [line.split()[0] for line in told if _BLAME.match(line)]
        known = self._authors({each for each in commits if each.strip("0")})
        return [known.get(each) for each in commits]

    def editors_since(self, commit: str | None, folder: str) -> list[Author]:
        """The author of every commit after `commit` (None: from the first) that touched a folder, newest first."""
        span = f"{commit}..HEAD" if commit else "HEAD"
        listed = self._git("log", "--format=%H", span, "--", folder).split()
        known = self._authors(listed)
        return [known[each] for each in listed]

    def _authors(self, commits: Iterable[str]) -> dict[str, Author]:
        listed = sorted(set(commits))
        if not listed:
            return {}
        told = self._git("log", "--no-walk", f"--format={_AUTHOR}", *listed).split("\x01")
        return {author.commit: author for author in map(_author, filter(str.strip, told))}

    def file_at(self, commit: str, path: str) -> str | None:
        """The text of a file as a commit holds it; None where it has none."""
        try:
            blob = self._repo.commit(commit).tree / path
            return str(blob.data_stream.read().decode("utf-8", "replace"))
        except (KeyError, ValueError, IndexError, GitError):
            return None

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
        return found[::-1]

    def text_at(self, commit: Commit) -> bytes | None:
        """The file as a commit left it; None where the commit deleted it."""
        try:
            blob = self._repo.commit(commit.id).tree / commit.path
            return bytes(blob.data_stream.read()) if blob.type == "blob" and blob.mode != _LINK else None
        except KeyError:
            return None

    def is_shallow(self) -> bool:
        """Whether history is cut off."""
        return self._git("rev-parse", "--is-shallow-repository").strip() == "true"

    def first_commit(self) -> str:
        """The oldest root commit that history shows, as 40 hex: which repository this is. Empty for a shallow clone."""
        return "" if self.is_shallow() else sorted(self._git("rev-list", "--max-parents=0", "HEAD").split())[0]

    def upstream(self) -> Upstream | None:
        """Where this branch is pushed to; None where the repository has no remote.

        Raises RepositoryError where there is a remote but the branch doesn't follow it.
        """
        if not self._git("remote").split():
            return None
        try:
            branch = self._git("symbolic-ref", "--quiet", "--short", "HEAD").strip()
            remote = self._git("config", "--get", f"branch.{branch}.remote").strip()
            ref = self._git("config", "--get", f"branch.{branch}.merge").strip()
        except RepositoryError:
            remote = ref = ""
        if not _REMOTE.fullmatch(remote) or not _BRANCH.fullmatch(ref):
            raise RepositoryError(
                "This branch follows no branch of the remote, so records can't be pushed. Run 'git push -u REMOTE BRANCH'."
            )
        return Upstream(remote, ref)

    def push(self, upstream: Upstream) -> str:
        """Push HEAD. Out: `ok`, `moved` where the remote branch has commits that aren't here, else the reason in a line."""
        words = ["push", "--porcelain", "--", upstream.remote, f"HEAD:{upstream.ref}"]
        command = [git.Git.GIT_PYTHON_GIT_EXECUTABLE or "git", *_SAFE, *words]
        status, out, errors = self._repo.git.execute(command, with_extended_output=True, with_exceptions=False)
        if status == 0:
            return "ok"
        if "rejected]" in out and not any(reason in out for reason in _REFUSED_FOR_GOOD):
            return "moved"
        lines = [each for each in str(errors).strip().splitlines() if each.strip() and not each.startswith("To ")]
        return _WITHOUT_PASSWORD.sub("//", lines[0].strip()) if lines else "git push failed"

    def ahead(self, upstream: Upstream) -> bool:
        """Whether there are commits here that the remote's branch, as last seen, lacks."""
        try:
            return self._git("rev-list", "--count", "@{upstream}..HEAD").strip() != "0"
        except RepositoryError:
            return True

    def catch_up(self, upstream: Upstream) -> None:
        """Fetch the remote's branch and go forward to it. Raises RepositoryError where work here stands in the way."""
        self._git("fetch", "--quiet", "--", upstream.remote, upstream.ref)
        self._git("merge", "--quiet", "--ff-only", "FETCH_HEAD")

    def has_replacements(self) -> bool:
        """Whether replace refs or grafts forge what git shows."""
        grafts = Path(self._repo.git_dir) / "info" / "grafts"
        return bool(self._git("for-each-ref", "refs/replace/").strip()) or grafts.exists()


def _same(found: bytes, committed: bytes) -> bool:
    """Whether a file is as committed; git may have given it the line ends of another system."""
    return found == committed or found.replace(b"\r\n", b"\n") == committed


def _verb(words: tuple[str, ...]) -> str:
    return next(each for each in words if not each.startswith("-") and "=" not in each)


def _author(entry: str) -> Author:
    commit, name, email, state, *keys = entry.strip("\n").split("\0")
    good = state in ("G", "U")  # a good signature; U: by a key whose owner git doesn't know, which is ours to know
    return Author(commit, name, email, frozenset(keys) - {""} if good else frozenset())


def _person(ident: str) -> tuple[str, str]:
    name, _, rest = ident.partition(" <")
    return name.strip(), rest.partition(">")[0].strip()


def start(folder: Path, paths: Iterable[str], message: str) -> None:
    """Make a folder a git repository with one commit of these paths. Raises RepositoryError inside another repository."""
    try:
        git.Repo(folder, search_parent_directories=True)
    except (GitError, OSError):
        git.Repo.init(folder, initial_branch="main").close()
        with Repository(folder) as repository:
            repository.commit(paths, message)
        return
    raise RepositoryError(f"{folder} lies in a git repository already; the files were written, commit them yourself.")


__all__ = ["Author", "Repository", "now", "start"]
