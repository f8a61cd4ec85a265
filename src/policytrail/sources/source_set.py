"""What has been read from policy/ so far: the values, the place of each for messages, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from policytrail.errors import Problem, SourceError
from policytrail.model.policy import Clause, Policy, RegisteredRecipient
from policytrail.model.practice import Practice
from policytrail.model.validation.record import FormError, read
from policytrail.storage.yaml_reader import Document
from policytrail.workspace import POLICY_FILE

from .problem_messages import problems_of
from .vocabulary import OwnVocabulary

MAX_CLAUSE = 256_000  # bytes of one clause file
T = TypeVar("T")


@dataclass
class Sources:
    """What was read, with the place of each thing for messages: filled step by step, judged at the end."""

    folder: Path
    policy: Policy | None = None
    practices: dict[str, Practice] = field(default_factory=dict)
    bodies: dict[str, tuple[Clause, int]] = field(default_factory=dict)
    recipients: dict[str, RegisteredRecipient] = field(default_factory=dict)
    own: OwnVocabulary = field(default_factory=OwnVocabulary)
    places: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    lines: dict[str, Callable[[tuple[str | int, ...]], int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    # Kinds of entry of which some couldn't be read: what refers to one of them can't be judged, and isn't blamed.
    incomplete: set[str] = field(default_factory=set)

    def shown(self, path: Path) -> str:
        """The path as messages name it: from the folder that holds policy/."""
        return path.relative_to(self.folder.parent).as_posix()

    def attempt(self, step: Callable[[], T]) -> T | None:
        """Run one step; what is wrong with it joins the list, and the next step goes on."""
        try:
            return step()
        except SourceError as error:
            self.problems += error.problems
            return None

    def valid(self, document: Document, hint: Any, value: Any, path: tuple[str | int, ...]) -> Any:
        """The value as the type hint declares it; None, with what is wrong at its line in the list, where it isn't that."""
        try:
            return read(hint, value)
        except FormError as error:
            self.problems += problems_of(document, error, path, value)
            return None

    def blame(self, kind: str, name: str, message: str, hint: str, path: tuple[str | int, ...] = ()) -> None:
        """Note a problem of a practice, clause or section at the line where it stands."""
        where, line = self.places.get((kind, name), (POLICY_FILE, 0))
        if path and (find := self.lines.get(f"{kind}:{name}")):
            line = find(path)
        self.problems.append(Problem(where, line, message, hint))
