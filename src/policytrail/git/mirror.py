"""The newest commit of a remote, in a folder of its own: what `verify --against REMOTE` compares with.

Only the remote's address comes from the repository that is verified. git runs in a new, empty repository, so that nothing
else of a stranger's configuration (programs, rewritten addresses, hooks) has a say.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from git.exc import GitError

import git
from policytrail.errors import RepositoryError, UsageError

from .commands import Git
from .remote import WITHOUT_PASSWORD, Remotes

_ADDRESS = re.compile(
    r"(?:https?|ssh|git)://(?:[^\s/@]+@)?[A-Za-z0-9\[]\S*"
    r"|file:///\S*"
    r"|(?:[A-Za-z0-9_.-]+@)?[A-Za-z0-9][A-Za-z0-9.-]+:(?!//)[^\s:-]\S*"  # host:path, as ssh has it
)
_TRANSPORTS = {"GIT_ALLOW_PROTOCOL": "https:http:ssh:git:file"}
_ALL_OR_NOTHING = "dumb http transport"  # git's words for a host of plain files, which can't leave history out
_PATIENCE = ("-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=60")  # bytes a second, for so many seconds


class _Kept(Git):
    def fetch(self, address: str) -> None:
        """Bring the newest commit of the address here. Raises RepositoryError, without a password of the address."""
        try:
            with self._online(), self._repo.git.custom_environment(**_TRANSPORTS):
                self._fetch_newest(address)
        except RepositoryError as error:
            raise RepositoryError(WITHOUT_PASSWORD.sub("//", str(error))) from None
        self._git("update-ref", "HEAD", "FETCH_HEAD")

    def _fetch_newest(self, address: str) -> None:
        words = ("--quiet", "--no-tags", "--no-recurse-submodules", "--", address, "HEAD")
        try:
            self._git(*_PATIENCE, "fetch", "--depth=1", *words)
        except RepositoryError as error:
            if _ALL_OR_NOTHING not in str(error):
                raise
            self._git(*_PATIENCE, "fetch", *words)


@contextmanager
def fetched(folder: Path, remote: str) -> Iterator[Path]:
    """A repository with the newest commit of a remote, gone afterwards.

    In: the name of a remote of the repository at `folder`, or an address. Raises UsageError for anything else,
    RepositoryError where the remote can't be read.
    """
    address = remote
    if not _ADDRESS.fullmatch(remote):
        with Remotes(folder) as repository:
            address = repository.address(remote)
    if address and (folder / address).is_dir():  # a clone on this machine is read where it is
        yield folder / address
        return
    if not _ADDRESS.fullmatch(address):
        raise UsageError(
            f"There is no file, folder or remote {remote}. Name one, or an address such as https://host/repository.git."
        )
    with tempfile.TemporaryDirectory(prefix="policytrail-") as name:
        try:
            git.Repo.init(name, bare=True).close()
        except (GitError, OSError):
            raise RepositoryError("git can't make a repository in the folder for temporary files.") from None
        with _Kept(Path(name)) as repository:
            repository.fetch(address)
        yield Path(name)
