"""One statement becomes proposals: practices that its words point to, one small reader a family.

A reader gets a statement and says the fields of each practice that it sees, or nothing. It never fills a gap: what the
words don't name stays out, and what nobody recognizes is left for a person to read (`draft`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .entries import Entry, found
from .lexicon import DATA, PURPOSES
from .lexicon_recipients import RECIPIENTS, ROLES
from .statements import Statement

Fields = dict[str, Any]


Reader = Callable[["Read"], Iterator[Fields]]
READERS: list[Reader] = []
_NOT = (
    r"(?<!you )(?:do|does|did|will|shall|would|can|may|must)(?: not|n't)|(?<!you )never|(?<!you )cannot|(?<!you )can't"
    r"|won't|(?<!you )don't|doesn't"
)
_OPEN = (
    r"\b(?:such as|including|for example|for instance|e\.g\.|like your|similar|among others?|may include"
    r"|other (?:types|kinds))\b"
)
_PERIOD = re.compile(
    r"\b(?:(\d{1,4})|(one|two|three|four|five|six|seven|ten|twelve|thirty|ninety))(?: \(\d+\))?[- ]"
    r"(?:calendar |business )?(day|week|month|year)s?\b"
)
_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "ten": 10,
    "twelve": 12,
    "thirty": 30,
    "ninety": 90,
}
_OPERATIONS = (
    ("sell", "sell|sold"),
    ("rent", "rent|rented"),
    ("share", "share|shared"),
    ("disclose", "disclose|disclosed"),
    ("trade", "trade"),
    ("use", "use|used"),
    ("collect", "collect|collected"),
)
_ALL_DATA = r"(?:any |all )?(?:of )?(?:your|personal|user|customer|such|this|that)(?: personal(?:ly identifiable)?)? (?:information|data)"
_TURN = re.compile(r"[;,]\s*(?:but|however|yet|whereas)\s+(?=(?:we|our|they)\b)|;\s+(?=we\b)")
_HEDGES = (
    ("generally", r"generally|usually|typically|normally"),
    ("as_appropriate", r"as (?:we deem )?appropriate|in our discretion"),
    ("reasonable", r"reasonabl[ey]"),
    ("certain", r"certain|some of"),
)


@dataclass(frozen=True)
class Read:
    """A statement with what the lexicon finds in it."""

    words: str
    data: list[Entry]
    purposes: list[Entry]
    recipients: list[Entry]

    def has(self, pattern: str) -> bool:
        """Whether the words hold the pattern, as whole words."""
        return re.search(rf"\b(?:{pattern})\b", self.words) is not None

    def denies(self, verbs: str) -> bool:
        """Whether one of the verbs is denied."""
        return self.has(rf"(?:{_NOT})(?: \w+,?){{0,4}}? (?:{verbs})") or self.has(rf"no longer (?:{verbs})")

    @property
    def is_about_data(self) -> bool:
        """Whether the words speak of data at all, by their kinds or as a whole."""
        return bool(self.data) or self.has(_ALL_DATA)

    def is_without(self, measure: str) -> bool:
        """Whether the words say that something isn't done or isn't so: "not encrypted", "without a password", "unencrypted"."""
        return (
            re.search(
                rf"\b(?:not|never|no|without|cannot|n't|nor)\b(?: \w+){{0,3}} (?:{measure})|\bun(?:{measure})",
                self.words,
            )
            is not None
        )

    @property
    def common(self) -> Fields:
        """Data, purposes, modality and hedge as the words have them; what isn't named isn't there."""
        fields: Fields = {}
        if modality := self.modality:
            fields["modality"] = modality
        if hedge := next((name for name, words in _HEDGES if self.has(words)), None):
            fields["hedge"] = hedge
        if self.data:
            fields["data"] = [entry.key for entry in self.data]
            if self.has(_OPEN):
                fields["lists"] = {"data": "open"}
        if self.purposes:
            fields["purposes"] = [purpose.key for purpose in self.purposes]
        return fields

    @property
    def modality(self) -> str | None:
        """`may` or `will` where the words say so; a denial is for the readers of denials."""
        who = r"(?:\b(?:we|they|it|our \w+|partners|parties|providers|features|companies)|^[\w.&-]+)"
        if re.search(rf"{who} (?:also )?(?:may|might|reserves? the right)\b", self.words):
            return "may"
        return "will" if re.search(rf"{who}(?: will| shall|'ll)\b", self.words) else None


def proposals(statement: Statement) -> list[Fields]:
    """In: one statement. Out: the fields of every practice that it points to: `type`, `title`, `hint` (for the id), ..."""
    # What one half of a sentence denies, the other half may do: each is read by itself.
    return [fields for words in _TURN.split(statement.words) for fields in _of_words(words)]


def _of_words(words: str) -> list[Fields]:
    read = Read(words, found(DATA, words), found(PURPOSES, words), found(RECIPIENTS, words))
    return [each for reader in READERS for each in reader(read)]


def reader(reader: Reader) -> Reader:
    READERS.append(reader)
    return reader


def named(what: str, entries: list[Entry]) -> str:
    shown = [entry.label for entry in entries[:4]]
    return f"{what}: {', '.join(shown)}{', ...' if len(entries) > 4 else ''}" if shown else what


def hint(family: str, entries: list[Entry], fallback: str = "general") -> str:
    leaf = entries[0].key.rpartition(".")[2] if entries else fallback
    return f"{family}.{leaf if leaf != 'user' else 'personal_information'}"


def who(read: Read) -> list[Fields]:
    made = []
    for recipient in read.recipients:
        role = {"role": ROLES[recipient.key]} if recipient.key in ROLES else {}
        made.append({"id": recipient.key, **role, **({"affiliate": True} if recipient.key == "affiliates" else {})})
    return made


def promise(read: Read, doing: str) -> Fields:
    """A denial: what the words say isn't done. What is excepted stands in the quoted sentence, for a person to write out."""
    operations = [name for name, words in _OPERATIONS if read.denies(words)] or [doing]
    fields = {name: value for name, value in read.common.items() if name in ("data", "purposes", "hedge", "lists")}
    if read.has(_ALL_DATA):
        # What is named beside it are examples: the promise isn't only about them.
        fields = {name: value for name, value in fields.items() if name != "lists"} | {"data": ["user"]}
    never = "will_not" if read.has(r"will (?:not|never)|won't|shall not") else "does_not"
    named_so = {"title": f"Not done: {', '.join(operations)}", "hint": f"commitment.no_{operations[0]}"}
    return {
        "type": "commitment",
        **named_so,
        **fields,
        "modality": never,
        "operations": operations,
        **({"recipients": who(read)} if read.recipients else {}),
    }


def duration(words: str) -> Fields | None:
    """The first number of days, months or years; weeks are counted as days."""
    span = _PERIOD.search(words)
    if not span:
        return None
    value = int(span[1]) if span[1] else _NUMBERS[span[2]]
    return {"value": value * 7, "unit": "day"} if span[3] == "week" else {"value": value, "unit": span[3]}
