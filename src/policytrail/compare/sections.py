"""Whole policies that nobody structured: their sections become clauses with stable ids."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_HEADING = re.compile(
    r"^ {0,3}(?P<marks>#{1,6})[ \t]+(?P<atx>[^\n]*?)[ \t]*#*[ \t]*(?:\n|\Z)"
    r"|^(?P<setext>(?:\*\*|__|[^\s|>#*\-+_])[^\n|]*)\n(?P<line>=+|-{2,})[ \t]*(?:\n|\Z)"
    r"|^(?P<bold>\*\*[^*\n]{2,90}\*\*|__[^_\n]{2,90}__)[ \t]*(?=\n\s*\n|\Z)\n?",
    re.MULTILINE,
)
_NUMBER = re.compile(
    r"^(?:(?:section|article|part|chapter)\s+)?"
    r"(?:\(?(?:\d+(?:\.\d+)*|[ivxlc]+|[a-z])\\?[.):]+|\d+(?:\.\d+)*)[-\s\u2013\u2014:]+",
    re.IGNORECASE,
)
_LINK = re.compile(r"!?\[([^\]]{0,300})\]\([^)]{0,2000}\)")


@dataclass(frozen=True)
class TextClause:
    """One section of a plain policy: the headings above it (its own last), its text without them, its place."""

    id: str
    path: tuple[str, ...]
    text: str
    order: int

    @property
    def title(self) -> str:
        """Its own heading; empty for text above the first heading."""
        return self.path[-1] if self.path else ""

    @property
    def name(self) -> str:
        """Its own heading without number, marks and capitals: what stays when sections are renumbered."""
        return unnumbered(self.title)


def sections(markdown: str) -> tuple[TextClause, ...]:
    """In: Markdown. Out: its sections in order. An id comes from the headings' words, so it outlives a renumbering.

    Lists, tables and links stay in the text as they are. A line that is bold as a whole counts as a heading.
    """
    made: list[TextClause] = []
    taken: dict[str, int] = {}
    for path, text in _cut(markdown):
        if path or text.strip():
            made.append(TextClause(_free(_slug(path), taken), path, text, len(made)))
    return tuple(made)


@lru_cache(maxsize=4096)
def unnumbered(title: str) -> str:
    """A heading without its number, capitals and the colon at its end."""
    return _NUMBER.sub("", title).casefold().strip(" :.")


def _cut(markdown: str) -> Iterator[tuple[tuple[str, ...], str]]:
    open_headings: list[tuple[int, str]] = []
    start = 0
    for found in _HEADING.finditer(markdown):
        yield tuple(title for _, title in open_headings), markdown[start : found.start()]
        level, title = _level(found)
        open_headings = [heading for heading in open_headings if heading[0] < level] + [(level, title)]
        start = found.end()
    yield tuple(title for _, title in open_headings), markdown[start:]


def _level(found: re.Match[str]) -> tuple[int, str]:
    if found["marks"]:
        return len(found["marks"]), _plain(found["atx"])
    if found["setext"]:
        return (1 if found["line"].startswith("=") else 2), _plain(found["setext"])
    return 7, _plain(found["bold"])


def _plain(heading: str) -> str:
    return re.sub(r"[*_`]+|\\(?=[^\w\s])", "", _LINK.sub(r"\1", heading)).strip()


def _slug(path: tuple[str, ...]) -> str:
    words = " ".join(unnumbered(each) for each in path[-2:]) or "opening"
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "section"


def _free(slug: str, taken: dict[str, int]) -> str:
    name = slug
    while name in taken:
        taken[slug] += 1
        name = f"{slug}-{taken[slug]}"
    taken[name] = 1
    return name
