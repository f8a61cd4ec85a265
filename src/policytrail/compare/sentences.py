"""Markdown text cut into sentences: list items, headings and table rows count as sentences of their own."""

from __future__ import annotations

import re

# A cut is a blank line, a line that begins a block of its own, or the white space after a full stop.
_CUT = re.compile(
    r"""\n[^\S\n]*\n\s*                                        # blank lines
      | \n(?=[^\S\n]*(?:[-*+•>|]|\#{1,6}[ ]|\(?\w{1,4}[.)]\s|=+[ ]*$|-+[ ]*$))   # list item, heading, table row, underline
      | [^\S\n]{2}\n                                            # a hard break
      | (?P<stop>[.!?…]["'”’»)\]*_]*)\s+(?=["'“‘«(\[*_]*[^\W_a-z])   # a sentence ends and another begins
    """,
    re.VERBOSE | re.MULTILINE,
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|viz|approx|Inc|Ltd|Corp|Co|LLC|No|Nos|Art|Arts|Sec|Sect|Para|Reg|St|Mr|Mrs|Ms|Dr|Prof|Jr|Sr"
    r"|Ave|Blvd|Rd|Ste|Dept|Fig|Vol|pp?|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z](?:\.[A-Z])*)\.$"
)
_NUMBERED = re.compile(r"(?:^|\n)[^\S\n]*[#>*_ ]*(?:\(?\w{1,4}|\d+(?:\.\d+)*)\.$")


def split(text: str) -> list[str]:
    """In: Markdown. Out: its sentences, each with the white space that follows it; joined they give the text."""
    found: list[str] = []
    start = 0
    for cut in _CUT.finditer(text):
        if cut["stop"] and not _ends(text, start, cut.start() + 1):
            continue
        if cut.end() > start:
            found.append(text[start : cut.end()])
            start = cut.end()
    if start < len(text):
        found.append(text[start:])
    return found


def _ends(text: str, start: int, stop: int) -> bool:
    """Whether the stop ends a sentence: not an abbreviation, not the number of a list item or section."""
    tail = text[max(start, stop - 12) : stop]
    return not (_ABBREVIATION.search(tail) or stop - start < 12 and _NUMBERED.search(tail))
