"""The branch that records are pushed to: where it is, pushing, catching up."""

from __future__ import annotations

import re
from dataclasses import dataclass

from git.exc import GitError

import git
from policytrail.errors import RepositoryError

from .commands import SAFE, Git

_REMOTE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]*", re.ASCII)
_BRANCH = re.compile(r"refs/heads/[A-Za-z0-9_][A-Za-z0-9._/+@-]*", re.ASCII)
WITHOUT_PASSWORD = re.compile(r"//[^/@\s]*@")
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


class Remotes(Git):
    """A repository and the remote that its branch follows."""

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

    def address(self, remote: str) -> str:
        """The address of a remote; empty where there is none of that name."""
        return self._config(f"remote.{remote}.url") if _REMOTE.fullmatch(remote) else ""

    def push(self, upstream: Upstream) -> str:
        """Push HEAD. Out: `ok`, `moved` where the remote branch has commits that aren't here, else the reason in a line."""
        words = ["push", "--porcelain", "--", upstream.remote, f"HEAD:{upstream.ref}"]
        command = [git.Git.GIT_PYTHON_GIT_EXECUTABLE or "git", *SAFE, *words]
        try:
            with self._online():
                status, out, errors = self._repo.git.execute(command, with_extended_output=True, with_exceptions=False)
        except (GitError, OSError) as error:
            return f"git push can't be run ({getattr(error, 'strerror', None) or 'git is gone'})."
        if status == 0:
            return "ok"
        if "rejected]" in out and not any(reason in out for reason in _REFUSED_FOR_GOOD):
            return "moved"
        lines = [line for line in str(errors).strip().splitlines() if line.strip() and not line.startswith("To ")]
        return WITHOUT_PASSWORD.sub("//", lines[0].strip()) if lines else "git push failed"

    def ahead(self, upstream: Upstream) -> bool:
        """Whether there are commits here that the remote's branch, as last seen, lacks."""
        try:
            return self._git("rev-list", "--count", "@{upstream}..HEAD").strip() != "0"
        except RepositoryError:
            return True

    def catch_up(self, upstream: Upstream) -> None:
        """Fetch the remote's branch and go forward to it. Raises RepositoryError where work here stands in the way."""
        with self._online():
            self._git("fetch", "--quiet", "--", upstream.remote, upstream.ref)
        self._git("merge", "--quiet", "--ff-only", "FETCH_HEAD")
