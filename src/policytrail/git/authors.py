"""Who wrote what, by git's word: authors of commits and lines, and the signatures that prove them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from git.exc import GitError

from .commands import Git

_BLAME = re.compile(r"[0-9a-f]{40} [0-9]+ [0-9]+")
_AUTHOR = "%H%x00%an%x00%ae%x00%G?%x00%GF%x00%GP%x00%GK%x01"


@dataclass(frozen=True)
class Author:
    """Who wrote a commit, by git's word; `keys` are the fingerprints of the key whose good signature proves it."""

    commit: str
    name: str
    email: str
    keys: frozenset[str] = frozenset()


class People(Git):
    """A repository asked about its authors."""

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
        known = self._authors({commit for commit in commits if commit.strip("0")})
        return [known.get(commit) for commit in commits]

    def editors_since(self, commit: str | None, folder: str) -> list[Author]:
        """The author of every commit after `commit` (None: from the first) that touched a folder, newest first."""
        span = f"{commit}..HEAD" if commit else "HEAD"
        listed = self._git("log", "--format=%H", span, "--", folder).split()
        known = self._authors(listed)
        return [known[commit] for commit in listed]

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


def _author(entry: str) -> Author:
    commit, name, email, state, *keys = entry.strip("\n").split("\0")
    good = state in ("G", "U")  # a good signature; U: by a key whose owner git doesn't know, which is ours to know
    return Author(commit, name, email, frozenset(keys) - {""} if good else frozenset())


def _person(ident: str) -> tuple[str, str]:
    name, _, rest = ident.partition(" <")
    return name.strip(), rest.partition(">")[0].strip()
