"""Markdown text cut into sentences: list items, headings and table rows count as sentences of their own."""

from __future__ import annotations

import re

# Everything that ends a sentence, up to where the next one begins. Each branch starts with a fixed sign: that is fast.
_CUT = re.compile(
    r"""\n(?:=+|-{2,})[^\S\n]*(?:\n\s*|\Z)                      # the line under a heading
      | \n[^\S\n]*\n\s*                                        # blank lines
      | \n(?=[^\S\n]*(?:[-*+\u2022]\s|[>|]|\#{1,6}\s           # a list item, quotation, table row or heading begins
          |\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxIVX]{1,5})\\?[.)]\s))
      | \#(?<![^\n]\#)\#{0,5}[ ][^\n]*\n\s*                    # a heading ends with its line
      | \|(?<![^\n]\|)[^\n]*\n\s*                             # a table row ends with its line
      | (?<![^\S\n])[^\S\n]{2,}+\n\s*                          # a hard break
      | [\u3002\uff01\uff1f\u0964\u0965\u061f\u06d4]\s*        # full stops that need no space: Chinese, Hindi, Arabic, Urdu
      | (?P<stop>[.!?\u2026]["'\u201d\u2019\u00bb)\]*_]*)\s+(?=["'\u201c\u2018\u00ab(\[*_]*[^\W_a-z])
    """,
    re.VERBOSE,
)
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|cf|vs|viz|approx|Inc|Ltd|Corp|Co|LLC|Nos?|Arts?|Sect?|Para|Reg|St|Mr|Mrs|Ms|Dr|Prof|Jr|Sr"
    r"|Abs|Art|Ziff?|Nr|lit|bzw|ggf|vgl|inkl|zzgl|evtl|ca|usw|gem|Bd|Str|Tel|[zdui]|z\.\s?B|d\.\s?h|u\.\s?a|i\.\s?d\.\s?R|i\.\s?V\.\s?m"
    r"|al|ann|env|p\.\s?ex|réf|Mme?s?|Mlle|M|núm|pág|Sra?|Ud|art|n\.\s?º|cod|s\.\s?m\.\s?i|bijv|o\.\s?a|resp|St|Bl|bl\.\s?a|t\.\s?ex"
    r"|Ave|Blvd|Rd|Ste|Dept|Fig|Vol|pp?|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|[A-Z](?:\.[A-Z])*)\.$"
)
_NUMBER = re.compile(r"(?:^|\n)[^\S\n]*[#>*_ +-]*[\[(]?(?:[a-zA-Z]|[ivxIVX]{1,5}|\d+(?:\.\d+)*)\\?\.$")
# The day before a month, and other ordinals of languages that write them with a full stop: "am 17. Dezember".
_ORDINAL = re.compile(r"(?:^|[\s(])[0-9]{1,2}\.$")
_MONTH = re.compile(
    r"(?:Jan|Jän|Feb|März|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Oct|Nov|Dez|Dec|maj|mars|juni|juli|okt|des|led|únor|břez|dub|květ|červ|srp|září|říj|list|pros"
    r"|stycz|lut|mar|kwie|maja|czerw|lip|sierp|wrze|paźdz|grud|tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu"
    r"|Jahrhundert|Lebensjahr|Absatz|Abschnitt|Artikel|Kalendertag|Werktag|Tag)",
    re.IGNORECASE,
)
# Words that begin a sentence and no name: after one of them "Inc." was an end after all.
_BEGINS = re.compile(
    r"\W*(?:We|You|Your|Our|This|That|These|Those|The|It|Its|They|If|In|On|For|To|As|By|When|Where|However|Please|Such)\b"
)


def split(text: str) -> list[str]:
    """In: Markdown. Out: its sentences, each with the white space after it (the first also before it); joined: the text."""
    found: list[str] = []
    start = 0
    for cut in _CUT.finditer(text):
        if cut["stop"] and not _ends(text, start, cut):
            continue
        if not text[start : cut.end()].isspace():
            found.append(text[start : cut.end()])
        elif found:
            found[-1] += text[start : cut.end()]
        else:
            continue
        start = cut.end()
    if start < len(text):
        found.append(text[start:])
    return found


def _ends(text: str, start: int, cut: re.Match[str]) -> bool:
    """Whether the stop ends a sentence: not an abbreviation, not the number of a list item or section."""
    stop = cut.start() + 1
    tail = text[max(start, stop - 12) : stop]
    if stop - start < 12 and _NUMBER.search(tail):
        return False
    if _ORDINAL.search(tail) and _MONTH.match(text, cut.end()):
        return False
    return not is_abbreviated(tail) or _BEGINS.match(text, cut.end()) is not None


def is_abbreviated(before: str) -> bool:
    """Whether a text ends in an abbreviation, so that its full stop is none."""
    return bool(_ABBREVIATION.search(before))
