"""Whole policies that nobody structured: their sections become clauses, and the clauses of two texts are paired."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


from .text import alike

How = Literal["same", "moved", "split", "merged", "renumbered", "renamed", "added", "removed"]

_HEADING = re.compile(
    r"^ {0,3}(?P<marks>#{1,6})[ \t]+(?P<atx>[^\n]*?)[ \t]*#*[ \t]*(?:\n|\Z)"
    r"|^(?P<setext>[^\s|>#*\-+][^\n|]*)\n(?P<line>=+|-{2,})[ \t]*(?:\n|\Z)"
    r"|^(?P<bold>\*\*[^*\n]{2,90}\*\*|__[^_\n]{2,90}__)[ \t]*(?=\n\s*\n|\Z)\n?",
    re.MULTILINE,
)
_NUMBER = re.compile(r"^(?:(?:section|article|part)\s+)?(?:\(?(?:\d+(?:\.\d+)*|[ivxlc]+|[a-z])[.):]|\d+(?:\.\d+)*)\s+", re.I)
_SIMILAR = 0.5


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


@dataclass(frozen=True)
class Pair:
    """The same clause on both sides, or one that came or went.

    For `split` and `merged` (and text that moved by itself) `text` holds only the part that the other side answers,
    so that every character of both policies stands in exactly one pair.
    """

    old: TextClause | None
    new: TextClause | None
    how: How


def sections(markdown: str) -> tuple[TextClause, ...]:
    """In: Markdown. Out: its sections in order. An id comes from the headings' words, so it outlives a renumbering."""
    made: list[TextClause] = []
    taken: set[str] = set()
    for path, text in _cut(markdown):
        if path or text.strip():
            made.append(TextClause(_free(_slug(path), taken), path, text, len(made)))
    return tuple(made)


def _cut(markdown: str) -> Iterator[tuple[tuple[str, ...], str]]:
    open_headings: list[tuple[int, str]] = []
    start = 0
    for found in _HEADING.finditer(markdown):
        yield tuple(title for _, title in open_headings), markdown[start : found.start()]
        level, title = _level(found)
        open_headings = [each for each in open_headings if each[0] < level] + [(level, title)]
        start = found.end()
    yield tuple(title for _, title in open_headings), markdown[start:]


def _level(found: re.Match[str]) -> tuple[int, str]:
    if found["marks"]:
        return len(found["marks"]), _plain(found["atx"])
    if found["setext"]:
        return (1 if found["line"].startswith("=") else 2), _plain(found["setext"])
    return 7, _plain(found["bold"])


def _plain(heading: str) -> str:
    return re.sub(r"[*_`]+", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)).strip()


def _unnumbered(title: str) -> str:
    return _NUMBER.sub("", title)


def _slug(path: tuple[str, ...]) -> str:
    words = " ".join(_unnumbered(each) for each in path[-2:]) or "opening"
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "section"


def _free(slug: str, taken: set[str]) -> str:
    number, name = 1, slug
    while name in taken:
        number += 1
        name = f"{slug}-{number}"
    taken.add(name)
    return name


def align(old: tuple[TextClause, ...], new: tuple[TextClause, ...]) -> tuple[Pair, ...]:
    """Pairs of clauses in the order of the new policy; what went stands where it stood."""
    partners = _partners(old, new)
    used = set(partners.values())
    gone = [Pair(each, None, "removed") for each in old if each.order not in used]
    found: list[Pair] = []
    last = -1
    for each in new:
        before = old[partners[each.order]] if each.order in partners else None
        how: How = "added" if before is None else _how(before, each, before.order < last)
        last = max(last, before.order if before else -1)
        found.append(Pair(before, each, how))
    return tuple(found + gone)


def _how(old: TextClause, new: TextClause, moved: bool) -> How:
    if moved:
        return "moved"
    if old.title == new.title:
        return "same"
    return "renumbered" if _unnumbered(old.title) == _unnumbered(new.title) else "renamed"


def _partners(old: tuple[TextClause, ...], new: tuple[TextClause, ...]) -> dict[int, int]:
    free = {each.order: each for each in old}
    found: dict[int, int] = {}
    for test in (lambda a, b: a.id == b.id, lambda a, b: a.text == b.text, lambda a, b: _alike(a, b) > _SIMILAR):
        for each in new:
            match = next((a for a in free.values() if each.order not in found and test(a, each)), None)
            if match:
                found[each.order] = match.order
                del free[match.order]
    return found


def _alike(a: TextClause, b: TextClause) -> float:
    return alike(a.text, b.text)
