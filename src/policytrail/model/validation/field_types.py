"""The form that a field is declared with, as a check: a type hint becomes a function that reads a value or says what is wrong.

Known hints: `str`, `int`, `bool`, `None`, `Literal`, `tuple[X, ...]`, `Mapping[str-like, X]`, unions, parts
(`part.Part`), and `Annotated` with one of the marks below. A hint is worked out when its first value comes, not when the
model is imported: `check` runs in commit hooks.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

Place = tuple[str | int, ...]
Kind = Literal["unknown", "missing", "tag", "choice", "form", "value", "type"]


@dataclass(frozen=True)
class Text:
    """Marks text: trimmed, of a length in characters, and matching `pattern` from its first to its last character."""

    pattern: str | None = None
    min_length: int = 0
    max_length: int | None = None


@dataclass(frozen=True)
class Range:
    """Marks a whole number: from `least` to `most`."""

    least: int
    most: int


@dataclass(frozen=True)
class AtLeast:
    """Marks a list: so many entries or more."""

    entries: int


@dataclass(frozen=True)
class Checked:
    """Marks text that a function reads; it raises ValueError with half a sentence for what it can't take."""

    read: Callable[[str], str]


@dataclass(frozen=True)
class By:
    """Marks a union of parts of which the field called `tag` names the right one."""

    tag: str


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a value: where inside it, what was given, and what would be right, in words."""

    place: Place
    kind: Kind
    given: Any
    expected: str


@dataclass(frozen=True)
class Form:
    """How a value is read. `words` say what is right; `read` gives the value, or adds to the list why it can't."""

    words: str
    read: Callable[[Any, Place, list[Finding]], Any]


_TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
# A zero in front would be another number to whoever reads it as octal.
_DIGITS = re.compile(r"-?(0|[1-9][0-9]{0,8})", re.ASCII)


@cache
def form_of(hint: Any) -> Form:
    """The form that a type hint declares. Raises TypeError for a hint that isn't known here."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _marked(inner[0], inner[1:])
    if origin is Literal:
        return _choice(inner)
    if origin in (Union, types.UnionType):
        return _any_of(inner)
    if origin is tuple:
        return _list(form_of(inner[0]))
    if origin is Mapping:
        return _mapping(form_of(inner[0]), form_of(inner[1]))
    if hint in _SIMPLE:
        return _SIMPLE[hint]()
    if hasattr(hint, "read_part"):
        return Form("a mapping", hint.read_part)
    raise TypeError(f"{hint!r} is no form that the model knows")


def _marked(hint: Any, marks: tuple[Any, ...]) -> Form:
    mark = marks[-1]
    if isinstance(mark, Text):
        return _text(mark)
    if isinstance(mark, Range):
        return _checked(
            form_of(hint),
            lambda number: mark.least <= number <= mark.most,
            f"a whole number from {mark.least} to {mark.most}",
        )
    if isinstance(mark, AtLeast):
        words = f"a list with at least {mark.entries} {'entry' if mark.entries == 1 else 'entries'}"
        return _checked(form_of(hint), lambda entries: len(entries) >= mark.entries, words)
    if isinstance(mark, Checked):
        return _read_by(mark.read)
    assert isinstance(mark, By)
    return _tagged(mark.tag, get_args(hint))


def _text(mark: Text) -> Form:
    pattern = re.compile(mark.pattern) if mark.pattern else None
    longest = mark.max_length or float("inf")
    most = f" of at most {mark.max_length} characters" if mark.max_length else ""

    def read(value: Any, place: Place, found: list[Finding]) -> Any:
        if not isinstance(value, str):
            found.append(Finding(place, "type", value, "text"))
            return value
        value = value.strip()
        if not mark.min_length <= len(value) <= longest:
            words = f"text{most}" if value else "text that isn't empty"
            found.append(Finding(place, "type", value, words))
        elif pattern and not pattern.fullmatch(value):
            found.append(Finding(place, "form", value, mark.pattern or ""))
        return value

    return Form("text", read)


def _read_by(function: Callable[[str], str]) -> Form:
    plain = _text(Text())

    def read(value: Any, place: Place, found: list[Finding]) -> Any:
        before = len(found)
        text = plain.read(value, place, found)
        if len(found) > before:
            return value
        try:
            return function(text)
        except ValueError as error:
            found.append(Finding(place, "value", value, str(error)))
            return value

    return Form("text", read)


def _checked(form: Form, holds: Callable[[Any], bool], words: str) -> Form:
    def read(value: Any, place: Place, found: list[Finding]) -> Any:
        before = len(found)
        value = form.read(value, place, found)
        if len(found) == before and not holds(value):
            found.append(Finding(place, "type", value, words))
        return value

    return Form(words, read)


def _truth() -> Form:
    def read(value: Any, place: Place, found: list[Finding]) -> Any:
        known = value if isinstance(value, bool) else _TRUTHS.get(value.lower()) if isinstance(value, str) else None
        if known is None:
            found.append(Finding(place, "type", value, "true or false"))
        return known

    return Form("true, false", read)


def _number() -> Form:
    def read(value: Any, place: Place, found: list[Finding]) -> Any:
        if isinstance(value, str) and _DIGITS.fullmatch(value):
            return int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            found.append(Finding(place, "type", value, "a whole number"))
        return value

    return Form("a whole number", read)


def _nothing() -> Form:
    def read(value: Any, place: Place, found: list[Finding]) -> None:
        if value is not None:
            found.append(Finding(place, "type", value, "empty"))

    return Form("empty", read)


_SIMPLE: dict[Any, Callable[[], Form]] = {
    str: lambda: _text(Text()),
    bool: _truth,
    int: _number,
    type(None): _nothing,
    None: _nothing,
}


def _choice(words: tuple[Any, ...]) -> Form:
    shown = _or([repr(word) for word in words])

    def read(value: Any, place: Place, found: list[Finding]) -> Any:
        if not isinstance(value, str) or value not in words:
            found.append(Finding(place, "choice", value, shown))
        return value

    return Form(shown, read)


def _list(entry: Form) -> Form:
    def read(value: Any, place: Place, found: list[Finding]) -> Any:
        if not isinstance(value, (list, tuple)):
            found.append(Finding(place, "type", value, "a list"))
            return value
        return tuple([entry.read(each, (*place, number), found) for number, each in enumerate(value)])

    return Form("a list", read)


def _mapping(key: Form, entry: Form) -> Form:
    def read(value: Any, place: Place, found: list[Finding]) -> Any:
        if not isinstance(value, Mapping):
            found.append(Finding(place, "type", value, "a mapping"))
            return value
        return {
            key.read(name, (*place, name), found): entry.read(each, (*place, name), found)
            for name, each in value.items()
        }

    return Form("a mapping", read)


def _any_of(hints: tuple[Any, ...]) -> Form:
    """A value that one of several forms takes. What comes nearest says what is wrong; empty goes without saying."""
    words = tuple(word for hint in hints if get_origin(hint) is Literal for word in get_args(hint))
    others = [form_of(hint) for hint in hints if get_origin(hint) is not Literal]
    forms = [*others, _choice(words)] if words else others
    named = _or([each.words for each in forms if each.words != "empty"])

    def read(value: Any, place: Place, found: list[Finding]) -> Any:
        tried: list[list[Finding]] = []
        for form in forms:
            mine: list[Finding] = []
            read = form.read(value, place, mine)
            if not mine:
                return read
            tried.append(mine)
        # A form that took the value's type and looked into it says more than one that couldn't begin.
        begun = [each for each in tried if each[0].kind != "type" or each[0].place != place]
        inner = [each for each in begun if each[0].kind != "choice"]
        if inner:
            found += inner[0]
        elif begun and len(tried) - len(begun) <= (type(None) in hints):
            found += begun[0]
        else:
            found.append(Finding(place, "choice" if begun else "type", value, named))
        return value

    return Form(named, read)


def _tagged(tag: str, parts: tuple[Any, ...]) -> Form:
    by_tag = {name: part for part in parts for name in part.words_of(tag)}

    def read(value: Any, place: Place, found: list[Finding]) -> Any:
        if isinstance(value, parts):
            return value
        name = value.get(tag) if isinstance(value, Mapping) else None
        if not isinstance(name, str) or name not in by_tag:
            found.append(Finding(place, "tag", value, ", ".join(sorted(by_tag))))
            return value
        return by_tag[name].read_part(value, place, found)

    return Form("a mapping", read)


def _or(words: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
