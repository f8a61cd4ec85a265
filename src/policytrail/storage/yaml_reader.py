"""YAML as data and nothing else: positions kept, limits enforced, no tags, aliases, anchors or merge keys.

PyYAML's pure parser gives the events; what they mean is decided here, because its loaders let the last of two
equal keys win, read `no` as false and dates as objects, and expand aliases without bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from policytrail.errors import Problem, SourceError
from policytrail.text.hidden_characters import check_characters

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
MAX_NODES = 100_000
_INT = re.compile(r"-?(0|[1-9][0-9]{0,8})", re.ASCII)
# Double quotes that surely hold one value: all of a line after its key, or an entry between braces without apostrophes.
_QUOTED = re.compile(r"""^ *(?:- )?\w+: "(?:[^"\\\n]|\\.)*"$|(?<=: )"[^"'\\\n]*"(?=[,}])""", re.MULTILINE)
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_PLAIN = {"": None, "~": None, "null": None, "true": True, "false": False}

Path = tuple[str | int, ...]


@dataclass
class Document:
    """One YAML document: its value, and the 1-based line of every value in it."""

    path: str
    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of the value at `path`, or of the nearest value around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def load_yaml(path: str, text: str, first_line: int = 1) -> Document:
    """In: the name for messages, the text, the line on which it starts. Out: the document.

    Raises SourceError with file:line for anything that isn't plain data within the limits.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise SourceError(Problem(path, 1, "This YAML is larger than 1 MB.", "Split it into several files."))
    check_characters(path, text, first_line)
    try:
        reader = _read(path, first_line, text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + first_line if mark else first_line
        what = " ".join(str(error.problem or "it can't be read").split())
        raise SourceError(
            Problem(path, line, f"This isn't valid YAML: {what}.", "Check indentation, colons and quotes.")
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        what = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SourceError(Problem(path, first_line, f"This isn't valid YAML: {what}.")) from None
    return Document(path, reader.value, reader.lines)


def _read(path: str, first_line: int, text: str) -> _Reader:
    """The document's value by way of parser events; libyaml's parser, twelve times as fast, where it can't differ.

    On text without tabs, and with question marks in double quotes only, both parsers agree on all values and lines
    (tests/test_yaml_parsers.py); what libyaml refuses is read again by the other one, so that messages are the same on
    every machine.
    """
    fast = getattr(yaml, "CSafeLoader", None)
    if fast is not None and "\t" not in text and ("?" not in text or "?" not in _QUOTED.sub("", text)):
        try:
            return _taken(_Reader(path, first_line), yaml.parse(text, Loader=fast))
        except yaml.YAMLError:
            pass
    return _taken(_Reader(path, first_line), yaml.parse(text, Loader=yaml.SafeLoader))


def _taken(reader: _Reader, events: Iterable[yaml.Event]) -> _Reader:
    for event in events:
        reader.take(event)
    return reader


class _Reader:
    """Builds the value from parser events, one container on the stack per open level."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path, self.first_line = path, first_line
        self.value: Any = None
        self.lines: dict[Path, int] = {}
        self._open: list[tuple[Any, Path]] = []
        self._key: list[str | None] = []
        self._documents = 0
        self._nodes = 0

    def take(self, event: yaml.Event) -> None:
        line = (event.start_mark.line if event.start_mark else 0) + self.first_line
        if isinstance(event, yaml.ScalarEvent):
            self._node(event, line)
            self._scalar(event, line)
        elif isinstance(event, _ENDS):
            self._open.pop()
            self._key.pop()
        elif isinstance(event, yaml.CollectionStartEvent):
            self._node(event, line)
            self._container({} if isinstance(event, yaml.MappingStartEvent) else [], line)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse(line, "A second YAML document begins here.", "Keep one document a file.")
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(line, f"Aliases (*{event.anchor}) aren't allowed.", "Write the value out.")

    def _node(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int) -> None:
        self._nodes += 1
        if event.anchor:
            self._refuse(line, f"Anchors (&{event.anchor}) aren't allowed.", "Write the value out where needed.")
        if self._nodes > MAX_NODES:
            self._refuse(line, f"This file holds more than {MAX_NODES:,} values.", "Split it into several files.")
        if event.tag not in (None, "!"):
            self._refuse(
                line, f"The tag {event.tag} isn't allowed.", "Write plain text, numbers, true, false or lists."
            )

    def _container(self, container: Any, line: int) -> None:
        path = self._place(container, line)
        if len(self._open) >= MAX_DEPTH:
            self._refuse(line, f"This is nested deeper than {MAX_DEPTH} levels.", "Flatten it.")
        self._open.append((container, path))
        self._key.append(None)

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        text = event.value
        if event.style == '"':  # the only style in which an escape can spell what mustn't stand there
            check_characters(self.path, text, line)
        if self._open and self._key[-1] is None and type(self._open[-1][0]) is dict:
            self._take_key(text, line)
            return
        value: Any = text
        if event.implicit[0] and not event.style:  # libyaml says "", the other parser None
            value = _PLAIN[text] if text in _PLAIN else int(text) if _INT.fullmatch(text) else text
        self._place(value, line)

    def _take_key(self, key: str, line: int) -> None:
        if key == "<<":
            self._refuse(line, "Merge keys (<<) aren't allowed.", "Write the values out.")
        if key in self._open[-1][0]:
            first = self.lines.get((*self._open[-1][1], key), line)
            self._refuse(line, f"The key {key!r} stands here again (first on line {first}).", "Keep one of them.")
        self._key[-1] = key

    def _place(self, value: Any, line: int) -> Path:
        """Put a value into the container that is open, and note its line."""
        path: Path = ()
        if not self._open:
            self.value = value
        else:
            container, parent = self._open[-1]
            if isinstance(container, list):
                container.append(value)
                path = (*parent, len(container) - 1)
            elif self._key[-1] is None:
                self._refuse(line, "A key must be plain text.", "Write a word before the colon.")
            else:
                key = str(self._key[-1])
                container[key], self._key[-1] = value, None
                path = (*parent, key)
        self.lines[path] = line
        return path

    def _refuse(self, line: int, message: str, hint: str) -> None:
        raise SourceError(Problem(self.path, line, message, hint))
