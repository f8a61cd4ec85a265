"""The hash chain of a run's events: every change of a state is a link. Pure."""

from __future__ import annotations

from typing import Any

from policytrail.notify.recipients import identifiers


class Chain:
    """The hash chain of one run's events: each link hashes the one before."""

    def __init__(self, run: str, notice: int, head: bytes) -> None:
        self.run, self.notice, self.head = run, notice, head

    def link(self, rkey: bytes | None, at: float, before: str, after: str, code: str) -> dict[str, Any]:
        """The next event as a row."""
        previous = self.head
        self.head = identifiers.event_hash(previous, self.notice, rkey, at, before, after, code, self.run)
        return {
            "notice": self.notice,
            "rkey": rkey,
            "at": at,
            "from": before,
            "to": after,
            "code": code,
            "run": self.run,
            "prev_hash": previous,
            "hash": self.head,
        }
