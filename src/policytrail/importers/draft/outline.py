"""Markdown cut into sections and clauses with stable ids: the same text always gives the same ids."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field

from policytrail.compare.sections import unnumbered

OPENING = "Introduction"
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#*)?[ \t]*")
_BOLD = re.compile(r"(\*{2,4}|_{2,4})([^*_\n]{2,90}[^*_\n.:;,\s])[:]?\1")
_POLICY = re.compile(r"\b(?:privacy|cookie|data protection)\s+(?:policy|notice|statement)\b", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_ITEM = re.compile(r" {0,3}(?:[-*+]|[0-9]{1,9}[.)])[ \t]")
_NO_SETEXT = re.compile(r"[\s|>#*+-]|\d+[.)]\s|$")
_DEFINITION = re.compile(r" {0,3}\[([^\]^]{1,200})\]:[ \t]*\S+.*")
_LINK = re.compile(r"!?\[([^\]]{0,300})\](?:\([^)\s]{0,2000}\)|\[[^\]]{0,300}\])")
_MAX_TITLE = 300


@dataclass(frozen=True)
class OutlineClause:
    """One clause: its id, title and Markdown."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class OutlineSection:
    """One section with its clauses in order."""

    id: str
    title: str
    clauses: tuple[OutlineClause, ...]


@dataclass(frozen=True)
class Outline:
    """The whole text: the policy's title (None if the text names none) and its sections."""

    title: str | None
    sections: tuple[OutlineSection, ...]

    @property
    def clauses(self) -> tuple[OutlineClause, ...]:
        """All clauses in reading order."""
        return tuple(clause for section in self.sections for clause in section.clauses)


@dataclass
class _Piece:
    """A heading (level 0: none) and the lines below it, up to the next."""

    level: int
    title: str
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip("\n")


def outline(markdown: str) -> Outline:
    """In: Markdown. Out: its outline.

    A single heading above all others is the policy's title. The highest level below it makes sections, the next one
    clauses; deeper headings stay in the clause's text. Text before the first section becomes the opening section.
    """
    lines, definitions = _definitions(markdown.split("\n"))
    pieces = _pieces(lines)
    title = _take_title(pieces)
    taken: dict[str, int] = {}
    groups = _groups(pieces)
    sections = [
        _section(group, taken, definitions) for group in groups if any(piece.title or piece.text for piece in group)
    ]
    return Outline(title, tuple(sections))


def _definitions(lines: list[str]) -> tuple[list[str], dict[str, str]]:
    """Link definitions stand anywhere in a file; each clause that uses one gets its own copy."""
    found: dict[str, str] = {}
    kept = []
    fenced = _Fence()
    for line in lines:
        match = None if fenced.inside(line) else _DEFINITION.fullmatch(line)
        if match:
            found.setdefault(match[1].casefold(), line.strip())
        else:
            kept.append(line)
    return kept, found


class _Fence:
    """Whether a line stands inside fenced code."""

    def __init__(self) -> None:
        self.mark = ""

    def inside(self, line: str) -> bool:
        match = _FENCE.match(line)
        if self.mark:
            if match and match[1].startswith(self.mark) and not line[match.end() :].strip():
                self.mark = ""
            return True
        self.mark = match[1] if match else ""
        return bool(match)


def _pieces(lines: list[str]) -> list[_Piece]:
    pieces = [_Piece(0, "")]
    fenced, real, skip = _Fence(), 0, False
    for place, line in enumerate(lines):
        if skip:
            skip = False
            continue
        level, title = (0, "") if fenced.inside(line) else _heading(lines, place, real)
        if not level or not title or len(title) > _MAX_TITLE:
            pieces[-1].lines.append(line)
            continue
        skip = _is_setext(lines, place)
        real = real if _BOLD.fullmatch(line.strip()) and not skip else level
        pieces.append(_Piece(level, title))
    return pieces


def _heading(lines: list[str], place: int, real: int) -> tuple[int, str]:
    """Level and title of a heading at that line. A line that is bold as a whole is one, below the last real one."""
    line = lines[place]
    if match := _ATX.fullmatch(line):
        return len(match[1]), plain(match[2] or "")
    if _is_setext(lines, place):
        return (1 if "=" in lines[place + 1] else 2), plain(line)
    around = [lines[each].strip() if 0 <= each < len(lines) else "" for each in (place - 1, place + 1)]
    if not any(around) and (match := _BOLD.fullmatch(line.strip())) and not line.startswith("    "):
        return max(real, 1) + 1, plain(match[2])
    return 0, ""


def _is_setext(lines: list[str], place: int) -> bool:
    if place + 1 >= len(lines) or _NO_SETEXT.match(lines[place]) or (place and lines[place - 1].strip()):
        return False
    return bool(_SETEXT.fullmatch(lines[place + 1]))


def _take_title(pieces: list[_Piece]) -> str | None:
    """The policy's title, taken out of the pieces: a first heading above all others, or one that names a policy.

    What stands below it opens the policy.
    """
    headings = [piece for piece in pieces if piece.level]
    if not headings:
        return None
    first, rest = headings[0], headings[1:]
    above = all(piece.level > first.level for piece in rest)
    if rest and not above and not (_POLICY.search(first.title) and all(piece.level >= first.level for piece in rest)):
        return None
    # A list above the title and one right below it stay two: joined, their numbers would run on.
    both = any(map(_ITEM.match, pieces[0].lines)) and _ITEM.match(next(filter(str.strip, first.lines), ""))
    pieces[0].lines += ["", *(["* * *", ""] if both else []), *first.lines]
    pieces.remove(first)
    return first.title


def _groups(pieces: list[_Piece]) -> list[list[_Piece]]:
    """The pieces by section."""
    top = min((each.level for each in pieces if each.level), default=1)
    groups: list[list[_Piece]] = []
    for piece in pieces:
        if not groups or piece.level == top:
            groups.append([piece])
        else:
            groups[-1].append(piece)
    return groups


def _section(group: list[_Piece], taken: dict[str, int], definitions: dict[str, str]) -> OutlineSection:
    """The text right below the section's heading makes a clause with the section's id; each heading below, one more."""
    head, *below = group
    title = head.title or OPENING
    identity = free(slug(title) or "section", taken)
    used: dict[str, int] = {}
    clauses = []
    pieces = _merged(_Piece(0, title, list(head.lines)), below)
    if (
        len(pieces) == 2 and not pieces[0].text
    ):  # the only clause of a section is shown without a title: its heading is text
        pieces = [_Piece(0, title, [f"### {escaped(pieces[1].title)}", "", *pieces[1].lines])]
    for place, piece in enumerate(pieces):
        own = place == 0
        if own and not piece.text:
            continue
        inner = identity if own else f"{identity}/{free(slug(piece.title) or 'clause', used)}"
        clauses.append(OutlineClause(inner, piece.title, piece.text + _used(piece.text, definitions)))
    return OutlineSection(identity, title, tuple(clauses))


def _merged(head: _Piece, below: list[_Piece]) -> list[_Piece]:
    """The pieces of a section with all that is deeper than its clauses put into their text, as headings."""
    level = min((each.level for each in below), default=0)
    merged = [head]
    for piece in below:
        if piece.level == level:
            merged.append(piece)
        else:
            marks = "#" * min(3 + piece.level - level, 6)
            merged[-1].lines += ["", f"{marks} {escaped(piece.title)}", "", *piece.lines]
    return merged


def _used(text: str, definitions: dict[str, str]) -> str:
    folded = text.casefold() if definitions else ""
    lines = [line for label, line in definitions.items() if f"[{label}]" in folded]
    return "\n\n" + "\n".join(lines) if lines else ""


def slug(title: str) -> str:
    """A heading as an id: ASCII letters, digits and hyphens, at most 60; empty if nothing of it is left.

    The heading's number stays out, so that the id outlives a renumbering.
    """
    words = unicodedata.normalize("NFKD", unnumbered(title) or title)
    ascii_only = words.encode("ascii", "ignore").decode().lower()
    whole = re.sub(r"[^a-z0-9]+", "-", ascii_only.replace("'", "")).strip("-")
    return whole if len(whole) <= 60 else whole[:61].rpartition("-")[0] or whole[:60]


def free(name: str, taken: dict[str, int], sign: str = "-", longest: int | None = 56) -> str:
    """The name, or the name with the first number behind a sign that makes it one of its own.

    `taken`: how often each was asked for. `longest`: so many characters of a name are kept before a number.
    """
    other = name
    while other in taken:
        taken[name] += 1
        other = f"{name[:longest]}{sign}{taken[name]}"
    taken[other] = 1
    return other


def plain(markdown: str) -> str:
    """Inline Markdown as the words that people read."""
    text = _LINK.sub(r"\1", markdown)
    text = re.sub(r"(\*\*|__|`|(?<![\w\\])[*_](?=\S)|(?<=[^\s\\])[*_](?!\w))", "", text)
    return " ".join(html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)).split())


def escaped(title: str) -> str:
    """Plain words as Markdown that shows them as they are."""
    return re.sub(r"([\\`*_\[\]<])", r"\\\1", title)
