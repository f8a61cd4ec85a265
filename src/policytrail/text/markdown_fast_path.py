"""The Markdown that most clauses are made of, read without a parser: paragraphs, flat lists, strong words, https links.

What isn't surely one of these is left to the parser; where a text is read here, both say the same (tests/test_plain.py).
"""

from __future__ import annotations

import re

# Signs that mean nothing to Markdown among words.
_WORDS = r"[\w ,.;:'\"()?!%/$\u2018\u2019\u201c\u201d\u00ab\u00bb\u2013\u2014-]*"
_LETTER = r"[^\W\d_]"
_TARGET = r"https://[a-z0-9.-]+(?:/[A-Za-z0-9./?=_-]*)?"
_LINK = re.compile(rf"(?<!!)\[({_LETTER}{_WORDS})\]\(({_TARGET})\)")
_LINK_END = re.compile(rf"\]\({_TARGET}\)")
_STRONG = re.compile(rf"(?<![^ ])\*\*({_LETTER}(?:{_WORDS}{_LETTER})?)\*\*(?![^ ,.;:)])")
_LINE = re.compile(rf"(?:{_LETTER}|[\"'(\u2018\u201c\u00ab]){_WORDS}(?<! )")  # no sign that begins a list or a heading


def to_text(markdown: str) -> str | None:
    """Markdown in plain text, as the renderer shows it; None where that takes a parser."""
    blocks: list[str] = []
    before = ""  # what the line before is: "item", "text", or nothing
    for line in markdown.split("\n"):
        kind = "item" if line.startswith("- ") else "text" if line else ""
        said = _line(line.removeprefix("- ")) if line else ""
        if said is None or (before, kind) == ("item", "text"):  # an item that goes on
            return None
        if kind == "item":
            said, between = f"- {said}", "\n"
            goes_on = bool(blocks) and blocks[-1].startswith("- ") and before != "text"
        else:
            between, goes_on = " ", before == "text"
        if kind and goes_on:
            blocks[-1] += between + said
        elif kind:
            blocks.append(said)
        before = kind
    return "\n\n".join(blocks)


def _line(line: str) -> str | None:
    """One line's words, links as `label (address)`; None for anything else in it."""
    line = _STRONG.sub(r"\1", line)
    words = _LINK.sub(r"\1", line)
    if "_" in words or not _LINE.fullmatch(words):
        return None
    return _LINK.sub(lambda link: link[1] if link[1] == link[2] else f"{link[1]} ({link[2]})", line)


def surely_safe(markdown: str) -> bool:
    """Whether there is no HTML in it, and no link but to plain https addresses; False where a parser must look."""
    rest = _LINK_END.sub(" ", markdown) if "](" in markdown else markdown
    return not any(sign in rest for sign in ("<", "](", "]:"))
