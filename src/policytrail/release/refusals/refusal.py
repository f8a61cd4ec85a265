"""One reason against a release, and how every command says it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from policytrail.errors import NoticeRefusal, PolicytrailError
from policytrail.model.change import Change

_SHOWN = 10  # of those that are settled in the same way
_ALL = "'policytrail check --format json' lists all."


@dataclass(frozen=True)
class Refusal:
    """One reason why a draft may not be released: what it is about, why, and the command or act that settles it.

    `subject` is the id of a change, a version or a practice, or `policy`. `alternative`: what makes the command
    needless, where there is such a thing. `error` carries the exit status.
    """

    subject: str
    message: str
    command: str = ""
    change: Change | None = None
    alternative: str = ""
    error: type[PolicytrailError] = NoticeRefusal

    @property
    def hint(self) -> str:
        """How to settle it, in one sentence."""
        return f"{self.alternative}; or {self.command}" if self.alternative else self.command


def lines(refusals: Sequence[Refusal], label: str = "") -> list[str]:
    """The refusals for a terminal, each message after the label; what is settled alike has its hint once, below."""
    shown: list[str] = []
    for hint, alike in groupby(refusals, key=lambda refusal: refusal.hint):
        messages = [refusal.message for refusal in alike]
        shown += [f"{label}{message}" for message in messages[:_SHOWN]]
        rest = len(messages) - _SHOWN
        shown += [f"{label}and {rest} more of these; {_ALL}"] if rest > 0 else []
        shown += [f"    {hint}"] if hint else []
    return shown


def refuse(refusals: Sequence[Refusal]) -> None:
    """Raise the first refusal's error with what all of them say; nothing happens where there is none."""
    if refusals:
        raise refusals[0].error("\n".join(lines(refusals)))
