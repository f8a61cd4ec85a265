"""The one exception tree. Every refusal carries the exit status that the command line must end with.

1: sources or versions have problems; 2: wrong usage; 3: refused by the notice rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MAX_PROBLEMS = 200


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong: where (`path`, 1-based `line` or 0), what, and how to fix it.

    `name` is a stable word for what verification finds, for machines (docs/verify.md lists them).
    """

    path: str
    line: int
    message: str
    hint: str = ""
    name: str = ""

    def __str__(self) -> str:
        path = "".join(each if each.isprintable() else repr(each)[1:-1] for each in self.path)
        place = f"{path}:{self.line}" if self.line else path
        sentence = f"{place}: {self.message}" if place else self.message
        return f"{sentence} {self.hint}".rstrip()


class PolicytrailError(Exception):
    """Base of every error that policytrail raises on purpose; its text is one clear sentence."""

    exit_status = 1

    def __init__(self, *problems: Problem | str) -> None:
        self.problems: tuple[Problem, ...] = tuple(
            Problem("", 0, problem) if isinstance(problem, str) else problem for problem in problems
        )
        super().__init__("\n".join(map(str, self.problems)))


class SourceError(PolicytrailError):
    """The sources under policy/ (or a file given on the command line) can't be used as they are."""

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> SourceError:
        """All problems at once, in the order of the files; of more than 200 the first 200, and how many follow."""
        listed = sorted(set(problems))
        more = len(listed) - MAX_PROBLEMS
        rest = [Problem("", 0, f"There are {more:,} more problems.", "Fix these first.")] if more > 0 else []
        return cls(*listed[:MAX_PROBLEMS], *rest)


class TemplateError(PolicytrailError):
    """A template under templates/ can't be rendered."""


class IntegrityError(PolicytrailError):
    """A frozen version, manifest or evidence record isn't what was frozen."""


class RepositoryError(PolicytrailError):
    """The git repository isn't in a state in which the command may go on."""


class NoPolicyHere(RepositoryError):
    """No folder here or above is a policy repository."""


class DeliveryError(PolicytrailError):
    """A notice can't be sent as things are: the mail server, the ledger, the disk."""


class UsageError(PolicytrailError):
    """The command was called with words that make no sense."""

    exit_status = 2


class NoticeRefusal(PolicytrailError):
    """Refused by the notice rules: too early, a change undecided, evidence missing."""

    exit_status = 3
