"""Who may read the ledger: addresses and the key are for its owner alone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from policytrail.workspace import STATE


def keep_private(folder: Path, file: Path) -> None:
    """Give the ledger and its folder to their owner alone; what belongs to somebody else stays as it is."""
    with suppress(PermissionError):
        if folder.name == STATE:
            folder.chmod(0o700)
        file.touch(mode=0o600)  # before the database makes it: what it puts beside it has the same mode
        file.chmod(0o600)
