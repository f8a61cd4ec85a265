"""Plain text: short lines in title case become headings, marks at the start of lines become lists.

What counts as a heading is told by its looks alone (short, capitals, no full stop) and by what stands below it,
so that the lines of a postal address stay text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .decoded_file import Reading, decode

_BULLET = re.compile(r"(\s*)[*\u2022\u00b7\u25cf\u25aa\u2013\u2014-]\s+(?=\S)")
_RULE = re.compile(r"\s*([=\-_~*#])\1{2,}\s*")
_NUMBER = re.compile(
    r"(?:(?:section|article|part)\s+)?(\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5}|[A-Z])[.):]?\s+", re.IGNORECASE
)
_NO_HEADING = re.compile(r"[.;:,!]$|\d{4}|[@,;]|https?:|www\.|\. ")
_TITLE = re.compile(r"(?:privacy|cookie|data protection)\s+(?:policy|notice|statement)$", re.IGNORECASE)
_SMALL = frozenset(
    "a an and are as at but by do for from how if in into is it its of on or our so than that the these this to "
    "us via we what when where which who why with you your".split()
)
_MARKUP = re.compile(r"(?=#{1,6}(?:\s|$)|>|```|~~~|\[[^\]]+\]:|[+]\s)")
_WRAPPED_AT = 120
_SHORT = 90


def convert(name: str, raw: bytes) -> Reading:
    """In: name for messages, bytes. Out: Markdown. Raises SourceError for text that can't be read."""
    text, remarks = decode(name, raw)
    return Reading(to_markdown(text), remarks)


def to_markdown(text: str) -> str:
    """Plain text as Markdown: the same words; links and emphasis that are written as in Markdown keep working."""
    lines = [line.rstrip() for line in text.expandtabs(4).splitlines()]
    wrapped = max(map(len, lines), default=0) <= _WRAPPED_AT
    made = "\n".join(_Lines(lines, wrapped).converted())
    return re.sub(r"\n{3,}", "\n\n", made).strip() + "\n"


class _Lines:
    """One pass over the lines: each is a heading, a list item, a rule or text."""

    def __init__(self, lines: Sequence[str], wrapped: bool) -> None:
        self.lines, self.wrapped = lines, wrapped
        self.titled = False
        self.indents: list[int] = []

    def converted(self) -> list[str]:
        """The lines as Markdown, with blank lines where paragraphs end."""
        made: list[str] = []
        for place, line in enumerate(self.lines):
            if _RULE.fullmatch(line):
                made += [] if self._underlines(place) else ["", "* * *", ""]
            elif not line:
                made.append("")
            elif level := self._level(place):
                made += ["", f"{'#' * level} {escape(line.strip())}", ""]
            elif bullet := _BULLET.match(line):
                made.append(self._item(bullet, line))
            else:
                made += self._text(line)
        return made

    def _underlines(self, place: int) -> bool:
        return place > 0 and 0 < len(self.lines[place - 1].strip()) <= _SHORT

    def _item(self, bullet: re.Match[str], line: str) -> str:
        indent = len(bullet[1])
        while self.indents and self.indents[-1] > indent:
            self.indents.pop()
        if not self.indents or self.indents[-1] < indent:
            self.indents.append(indent)
        depth = min(len(self.indents) - 1, 6)
        return f"{'  ' * depth}- {escape(line[bullet.end() :])}"

    def _text(self, line: str) -> list[str]:
        if self.wrapped and line.startswith(" ") and self.indents:
            return ["  " * min(len(self.indents), 6) + escape(line.strip())]
        self.indents = []
        return [escape(line.strip())] if self.wrapped else ["", escape(line.strip()), ""]

    def _level(self, place: int) -> int:
        """0 for no heading; 1 for the policy's title, 2 for a section, 3 for one below it."""
        line = self.lines[place].strip()
        if not self._is_heading(place, line):
            return 0
        if not self.titled:
            self.titled = True
            if _TITLE.search(line):
                return 1
        number = _NUMBER.match(line)
        return 3 if number and "." in number[1] else 2

    def _is_heading(self, place: int, line: str) -> bool:
        below = next((each for each in self.lines[place + 1 :] if each), "")
        if not _is_short(line):
            return False
        if _RULE.fullmatch(below) and below == self.lines[place + 1]:
            return True
        if not self.titled and _TITLE.search(line) and _in_title_case(line):
            return True
        alone = not (place and self.lines[place - 1]) and self.lines[place + 1 : place + 2] == [""]
        if _in_title_case(line):
            return _is_body(below) or (alone and _is_short(below) and _in_title_case(below))
        return alone and _is_body(below) and len(line.split()) <= 8 and line[:1].isupper()


def _is_short(line: str) -> bool:
    bare = _NUMBER.sub("", line.strip(), count=1)
    return 0 < len(line) <= _SHORT and not _BULLET.match(line) and not _NO_HEADING.search(bare)


def _in_title_case(line: str) -> bool:
    words = re.findall(r"[^\W\d_][\w'\u2019.-]*", _NUMBER.sub("", line, count=1))
    telling = [word for word in words if word.lower() not in _SMALL]
    first = line.lstrip("0123456789.() ")[:1]
    return bool(telling) and all(each[0].isupper() or not each.islower() for each in telling) and not first.islower()


def _is_body(line: str) -> bool:
    return len(line) > 60 or bool(_BULLET.match(line)) or line.rstrip().endswith((".", ":"))


def escape(line: str) -> str:
    """A line of text whose start Markdown would take for a heading, quotation, code or hidden definition."""
    return _MARKUP.sub(r"\\", line, count=1) if _MARKUP.match(line) else line
