"""Clause text may use the policy's data; it is no programming language.

Text that only shows fields, as nearly all clauses do, is filled in here; for everything else `syntax` asks Jinja, and it
says what is wrong. Both say the same (tests/test_template.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .context import FILTERS, shown

MAX_OUTPUT = 256_000


def fill(
    path: str, first_line: int, text: str, names: Mapping[str, Any], filters: Mapping[str, Any] | None = None
) -> str:
    """Clause text with its variables filled in.

    In: name and first line for messages, the text, the names it may use, filters of another language. Out: Markdown.
    Raises SourceError with file:line for syntax that isn't allowed, unknown names, and results beyond 256 KB.
    """
    if not any(sign in text for sign in ("{{", "{%", "{#")):
        return text
    filled = _fields_shown(text, names, filters or FILTERS)
    if filled is None:
        from .parser import fill_in  # saves 22 ms: Jinja is slow to import: most policies come without

        filled = fill_in(path, first_line, text, names, filters or FILTERS, MAX_OUTPUT)
    return filled


def check_syntax(path: str, first_line: int, text: str) -> None:
    """Raise SourceError with file:line for a template that can't be read, or does what clause text may not."""
    from .parser import parse  # saves 22 ms

    parse(path, first_line, text)


# A field, perhaps through one filter, which may have one plain word in double quotes.
_FIELD = re.compile(
    r'\{\{ *(?P<path>[a-z_]\w*(?:\.[a-z_]\w*)+) *(?:\| *(?P<filter>\w+) *(?:\("(?P<word>[^"\\\n]*)"\) *)?)?\}\}',
    re.ASCII,
)


def _fields_shown(text: str, names: Mapping[str, Any], filters: Mapping[str, Any]) -> str | None:
    """The text, if all that it does is show fields that are there; None where Jinja must read it, or refuse it."""
    if "{%" in text or "{#" in text or "\r" in text:
        return None
    text = text.removesuffix("\n")  # as Jinja does
    pieces, at = [], 0
    while (start := text.find("{{", at)) >= 0:
        field = _FIELD.match(text, start)
        said = _said(field, names, filters) if field else None
        if field is None or said is None:
            return None
        pieces += [text[at:start], said]
        at = field.end()
    filled = "".join([*pieces, text[at:]])
    return filled if len(filled) <= MAX_OUTPUT else None


def _said(field: re.Match[str], names: Mapping[str, Any], filters: Mapping[str, Any]) -> str | None:
    value: Any = names
    for name in field["path"].split("."):
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
    try:
        if field["filter"]:
            value = filters[field["filter"]](value, *([] if field["word"] is None else [field["word"]]))
        return shown(value)
    except (TypeError, ValueError, LookupError):
        return None


_CONSTRUCT = re.compile(
    r"""\{\{(?:"[^"]*"|'[^']*'|[^"'])*?\}\}|\{%(?:"[^"]*"|'[^']*'|[^"'])*?%\}|\{\#.*?\#\}""", re.DOTALL
)
_OPENS, _ENDS = re.compile(r"\{%[-+]?\s*(?:for|if)\b"), re.compile(r"\{%[-+]?\s*end(?:for|if)\b")


def constructs(text: str) -> list[tuple[str, bool]]:
    """Clause text cut at its templates: (piece, whether it is one). A loop or condition is one piece with all inside."""
    pieces: list[tuple[str, bool]] = []
    depth = start = plain = 0
    for found in _CONSTRUCT.finditer(text):
        if depth == 0:
            pieces += [(text[plain : found.start()], False)] if plain < found.start() else []
            start = found.start()
        depth += bool(_OPENS.match(found[0])) - bool(_ENDS.match(found[0]))
        if depth <= 0:
            depth, plain = 0, found.end()
            pieces.append((text[start:plain], True))
    return [*pieces, (text[plain:], False)] if plain < len(text) else pieces
