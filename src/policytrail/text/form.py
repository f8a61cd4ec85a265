"""One form for texts that say the same in several: what only a program reads is taken out, Markdown is written in one way.

Nothing that a reader sees is lost: links keep their targets, struck text stays struck, hidden elements keep their tags.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_FRONT = re.compile(r"\A\s*---[^\S\n]*\n((?:[^\n]*\n){0,200}?)(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)")
_FRONT_LINE = re.compile(r"[A-Za-z_][\w .-]{0,60}:(?:\s|$)|\s*-\s|\s+\S|#|\s*$")
_ENTRY = re.compile(r"(?<!\s)\s*<li\b[^<>]{0,500}>\s*", re.IGNORECASE)
_ATTRIBUTES = re.compile(r"[^\S\n]*\{(?:::?[^{}\n]{0,500}|#[\w:.-]+|\.[\w-]+)\}")
_RAW = re.compile(r"\{%-?\s*(?:end)?(?:raw|comment)\s*-?%\}")
_DEFINITION = re.compile(
    r"^ {0,3}\[(?!\^)([^\[\]\n]{1,200})\]:[^\S\n]*<?([^\s<>]{1,2000})>?"
    r"(?:[^\S\n]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[^\S\n]*(?:\n|\Z)",
    re.MULTILINE,
)
_REFERENCE = re.compile(r"(?<![\]\\])\[([^\[\]]{1,500})\](?:[^\S\n]?\[([^\[\]]{0,200})\])?(?![(:\[])")
_TITLED = re.compile(r"(\]\(\s*<?[^\s()<>]{1,2000}>?)\s+(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}')\s*\)")
_ANGLED = re.compile(r"<((?:https?://|mailto:)[^\s<>]{1,2000}|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)>")
_SELF = re.compile(r"(?<!!)\[((?:https?://)?[^\s\[\]]{3,2000})\]\((?:mailto:)?\1/?\)")
_SETEXT = re.compile(r"^((?:\*\*|__|[^\s|>#*\-+_])[^\n|]*)\n(=+|-{2,})[^\S\n]*$", re.MULTILINE)
_CLOSED = re.compile(r"^( {0,3}#{1,6})[^\S\n]+([^\n]*?)[^\S\n]+#+[^\S\n]*$", re.MULTILINE)
_ESCAPED = re.compile(r"\\([.,:'\"&#$+_@%/-])")
_ENTITY = re.compile(
    r"&(?!(?:lt|gt|amp|#60|#62|#38|#x3c|#x3e|#x26);)(?:[a-z][a-z0-9]{1,31}|#[0-9]{1,7}|#x[0-9a-f]{1,6});",
    re.IGNORECASE,
)
_AND = re.compile(r"&(?:amp|#38|#x26);(?![a-zA-Z#][a-zA-Z0-9]*;)", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)((?:\s[^<>]{0,2000})?)/?>")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_HIDDEN = re.compile(r"\bhidden\b|display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ANCHOR = re.compile(r"<a\b[^<>]{0,2000}>((?:[^<]++|<(?!/?a\b))*)</a\s*>", re.IGNORECASE)
_BULLET = re.compile(r"^([^\S\n]*)[-+*•‣▪●][^\S\n]+(?=\S)", re.MULTILINE)
_ROW = re.compile(r"^[^\S\n]*\|[^\n]*$", re.MULTILINE)
_RULE = re.compile(r"\|?[\s|:]*-{2,}[-\s|:]*")
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_CELL = re.compile(r"(?<!\\)\|")
_BLANKS = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*){2,}(?=\n|\S)")
_BREAKS = re.compile(r"(?<![^\S\n])[^\S\n]+\n(?=\n)|\n[^\S\n]+(?=\n)")
_TRAILING = re.compile(r"(?<![^\S\n])(?:[^\S\n]{2,}(?=\n[^\S\n]*\S)|[^\S\n]+$)", re.MULTILINE)
_DROPPED = frozenset(
    "span div section article main header footer font u small nobr tbody thead table ul ol center ins o:p wbr dl".split()
)
_WRITTEN = {"strong": "**", "b": "**", "em": "_", "i": "_", "del": "~~", "s": "~~", "strike": "~~", "code": "`"}
_BLOCKS = {"br": "  \n", "p": "\n\n", "hr": "\n\n---\n\n", "blockquote": "\n\n"}


def one_form(text: str) -> str:
    """In: Markdown as somebody wrote it. Out: the same in one form. Pure, in time linear in its length.

    Front matter, attribute lists, comments and empty anchors go; HTML, references, autolinks, headings, entities,
    escapes, bullets and tables are written in one way. Two texts that say the same to every reader come out equal.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = _without_comments(_without_front(text))
    for sign, pattern, put in _STEPS:
        if sign in text:
            text = pattern.sub(put, text)
    text = _referred(text) if "]:" in text or "][" in text else text
    text = _TITLED.sub(r"\1)", text) if "](" in text else text
    text = _SELF.sub(r"\1", text) if "](" in text else text
    text = _TRAILING.sub(lambda found: "  " if len(found[0]) > 1 and found.end() < len(text) else "", text)
    return _BLANKS.sub("\n\n", _BREAKS.sub("\n\n", text))


def _without_front(text: str) -> str:
    found = _FRONT.match(text) if text.lstrip()[:3] == "---" else None
    lines = found[1].split("\n")[:-1] if found else []
    first = next((line for line in lines if line.strip()), "")
    if not found or not re.match(r"[A-Za-z_][\w .-]{0,60}:(?:\s|$)", first) or not all(map(_FRONT_LINE.match, lines)):
        return text
    return text[found.end() :].lstrip("\n")


def _without_comments(text: str) -> str:
    kept = []
    start = 0
    while (begin := text.find("<!--", start)) >= 0 and (end := text.find("-->", begin)) >= 0:
        kept.append(text[start:begin])
        start = end + 3
    return "".join([*kept, text[start:]]) if kept else text


def _anchor(found: re.Match[str]) -> str:
    tag = found[0][: found[0].index(">") + 1]
    if _HIDDEN.search(tag):
        return found[0]
    href = _HREF.search(tag)
    target = next((part for part in href.groups() if part is not None), "") if href else ""
    return f"[{found[1].strip()}]({target})" if target and found[1].strip() else found[1]


def _tag(found: re.Match[str]) -> str:
    closing, name, rest = found[1], found[2].casefold(), found[3]
    if _HIDDEN.search(rest):
        return found[0]
    if name in _DROPPED:
        return "\n\n" if name in ("ul", "ol", "table", "dl", "div", "section", "article") else ""
    if name in _BLOCKS:
        return _BLOCKS[name]
    if name in _WRITTEN:
        return _WRITTEN[name]
    if len(name) == 2 and name[0] == "h" and name[1] in "123456":
        return "\n\n" if closing else f"\n\n{'#' * int(name[1])} "
    if name in ("li", "dt", "dd"):
        return "" if closing or name == "li" else "\n* "
    if name in ("tr", "td", "th"):
        return ("\n" if name == "tr" else " |") if closing else ("\n|" if name == "tr" else " ")
    return found[0]


def _heading(found: re.Match[str]) -> str:
    return f"{'#' if found[2][0] == '=' else '##'} {found[1].strip()}\n"


def _row(found: re.Match[str]) -> str:
    line = found[0].strip()
    if _RULE.fullmatch(line):
        return "| " + " | ".join("---" for _ in _CELL.split(line.strip("|"))) + " |"
    cells = _CELL.split(line.removeprefix("|").removesuffix("|"))
    return "| " + " | ".join(" ".join(cell.split()) for cell in cells) + " |"


def _referred(text: str) -> str:
    """Links by reference written where they stand; the list of their targets goes."""
    targets = {name.casefold(): target for name, target in _DEFINITION.findall(text)}

    def put(found: re.Match[str]) -> str:
        target = targets.get((found[2] or found[1]).casefold())
        if not target and found[2] and not found[2].startswith("^"):
            target = f"#{found[2]}"  # the site knows where that leads
        return f"[{found[1]}]({target})" if target else found[0]

    return _REFERENCE.sub(put, _DEFINITION.sub("", text))


_Put = str | Callable[[re.Match[str]], str]
# Each with a sign without which there is nothing to do: most texts have few of them.
_STEPS: tuple[tuple[str, re.Pattern[str], _Put], ...] = (
    ("{", _ATTRIBUTES, ""),
    ("{%", _RAW, ""),
    ("<", _ANGLED, r"\1"),
    ("|", _ROW, lambda found: _BREAK.sub(" ", found[0])),
    ("</a", _ANCHOR, _anchor),
    ("</A", _ANCHOR, _anchor),
    ("<", _ENTRY, "\n* "),
    ("<", _TAG, _tag),
    ("&", _ENTITY, lambda found: html.unescape(found[0])),
    ("&", _AND, "&"),
    ("\\", _ESCAPED, r"\1"),
    ("\n", _SETEXT, _heading),
    (" #", _CLOSED, r"\1 \2"),
    ("\n|", _ROW, _row),
    ("", _BULLET, r"\1* "),
)
