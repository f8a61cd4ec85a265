"""One difference between two snapshots, before any rule has judged it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, cast

from .change import Op
from .json_value import Facts, Json

if TYPE_CHECKING:
    from policytrail.model.terms.field_names import FieldName, PracticeType

    from .practice import Practice


@dataclass(frozen=True)
class Difference:
    """One raw difference, before any rule has looked at it.

    `subject` is a practice id, `clause:ID`, `section:ID`, `policy` or `recipient:ID`; `path` the way to the value
    inside it (empty: the whole thing came or went); `old` and `new` the whole subject on both sides (None: not there), as
    plain data; `was` and `now` the same as practices, where the subject is one.
    """

    subject: str
    path: tuple[str, ...]
    op: Op
    before: Json
    after: Json
    old: Facts | None
    new: Facts | None
    clause: str | None = None
    was: Practice | None = field(default=None, compare=False, repr=False)
    now: Practice | None = field(default=None, compare=False, repr=False)

    @property
    def practice(self) -> Practice | None:
        """The practice that differs (of the new side where both exist); None for text, sections and the policy."""
        return self.now or self.was

    @property
    def field(self) -> FieldName | Literal[""]:
        """The field that differs; empty when the whole subject came or went."""
        return cast("FieldName", self.path[0]) if self.path else ""

    def touches(self, *fields: FieldName) -> bool:
        """Whether it lies in one of these fields."""
        return self.field in fields

    @property
    def texts(self) -> tuple[str, str]:
        """Both sides of a difference in text; a side that isn't there is empty."""
        before, after = (side if isinstance(side, str) else "" for side in (self.before, self.after))
        return before, after

    @property
    def type(self) -> PracticeType | Literal[""]:
        """The practice type (of the new side where both exist); empty for text, sections and the policy."""
        return cast("PracticeType", self.practice.type) if self.practice else ""

    def is_of(self, *types: PracticeType) -> bool:
        """Whether the practice is of one of these types."""
        return self.type in types

    @property
    def key(self) -> str:
        """The entry of a list that differs, for example a data category; empty where the field is no list."""
        return self.path[1] if len(self.path) > 1 else ""
