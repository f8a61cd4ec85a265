"""policy/proposals.yaml: practices read out of the text that nobody has accepted yet. Never published, never compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from policytrail.errors import Problem, SourceError
from policytrail.storage.files import read_text
from policytrail.storage.yaml_reader import load_yaml
from policytrail.workspace import Workspace

SHOWN = "policy/proposals.yaml"
HEAD = (
    "# Practices that policytrail read out of the text. Nobody has accepted them: they are never published or compared, and\n"
    "# nothing waits for them. Go through them with: policytrail review\n"
)


@dataclass(frozen=True)
class Waiting:
    """One entry: a practice read out of a clause, or a sentence of it from which none was read."""

    clause: str
    practice: dict[str, Any] | None = None
    unread: str = ""

    @property
    def id(self) -> str:
        """The id of the practice; "" for a sentence without one."""
        return str(self.practice["id"]) if self.practice else ""

    @property
    def quote(self) -> str:
        """The sentence."""
        return str(self.practice.get("quote", "")) if self.practice else self.unread

    def to_yaml(self) -> dict[str, Any]:
        """The entry as the file has it."""
        return {"clause": self.clause, **({"practice": self.practice} if self.practice else {"unread": self.unread})}


def load_proposals(workspace: Workspace) -> tuple[Waiting, ...]:
    """In: the repository. Out: all that waits, none where the file isn't there. Raises SourceError with file:line."""
    path = workspace.policy / "proposals.yaml"
    if not path.exists():
        return ()
    document = load_yaml(SHOWN, read_text(path, SHOWN))
    entries = document.value or []
    if not isinstance(entries, list):
        raise SourceError(Problem(SHOWN, 1, "This file is no list.", "Begin each entry with '- clause:'."))
    return tuple(_entry(entry, document.line((place,))) for place, entry in enumerate(entries))


def _entry(entry: Any, line: int) -> Waiting:
    fields = entry if isinstance(entry, dict) else {}
    clause, practice, unread = fields.get("clause"), fields.get("practice"), fields.get("unread")
    whole = isinstance(practice, dict) and {"id", "type"} <= practice.keys()
    if (
        not isinstance(clause, str)
        or not (whole or isinstance(unread, str))
        or fields.keys() - {"clause", "practice", "unread"}
    ):
        mend = "Write clause:, and practice: with id and type, or unread: with the sentence."
        raise SourceError(Problem(SHOWN, line, "This entry is no proposal.", mend))
    return Waiting(clause, practice if whole else None, unread or "")
