"""A clause's file cut into its front matter and its text."""

from __future__ import annotations

from dataclasses import dataclass

from policytrail.errors import Problem, SourceError
from policytrail.storage.yaml_reader import Document, load_yaml


@dataclass(frozen=True)
class Matter:
    """The front matter as a document, the text below it, and the 1-based line on which the text begins."""

    document: Document
    body: str
    first_line: int

    @property
    def fields(self) -> dict[str, object]:
        """What the front matter says; empty where it is no mapping."""
        return self.document.value if isinstance(self.document.value, dict) else {}


def cut(shown: str, text: str, fields: str) -> Matter:
    """In: the name for messages, the file's text, the fields that it needs. Raises SourceError with file:line."""
    head, found, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not found:
        hint = f"Begin with a line ---, then {fields}, then a line ---."
        raise SourceError(Problem(shown, 1, "This clause has no front matter.", hint))
    return Matter(load_yaml(shown, head, 2), body, head.count("\n") + 4)
