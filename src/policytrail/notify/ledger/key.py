"""The ledger's key, where it is held outside the ledger: in the environment."""

from __future__ import annotations

import os

from policytrail.errors import UsageError

KEY_VARIABLE = "POLICYTRAIL_LEDGER_KEY"


def key_from_environment() -> bytes | None:
    """The key that the environment holds, None without one. Raises UsageError for anything but 64 hex digits."""
    text = os.environ.get(KEY_VARIABLE, "")
    if not text:
        return None
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise UsageError(f"{KEY_VARIABLE} must be 64 hex digits; make one with: openssl rand -hex 32")
    return key
