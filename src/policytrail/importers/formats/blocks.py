"""A tree of HTML elements as Markdown blocks: every word kept, nothing that Markdown would misread."""

from __future__ import annotations

import re
from typing import Any

from .text import to_markdown

SKIPPED = frozenset({"head", "script", "style", "title", "meta", "link", "base"})
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q s samp small span "
    "strike strong sub sup time tt u var wbr".split()
)
_HEADING = re.compile(r"h[1-6]")
_SIGNS = re.compile(r"([\\`*\[\]]|(?<!\w)_|_(?!\w)|<(?=[a-zA-Z/!?])|&(?=#?\w+;)|~(?=~))")
_START = re.compile(r"^(?=#{1,6}(?:\s|$)|[>+-](?:\s|$)|[=-]+$|~~~)")
_NUMBER_START = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_SAFE = re.compile(r"(?:https?://|mailto:|tel:|/(?!/))[^\s<>()\x00-\x20\\]+", re.IGNORECASE)
_BREAK = "\x01"


def blocks(element: Any) -> list[str]:
    """In: an element. Out: its Markdown blocks, in order, to be joined by blank lines."""
    made: list[str] = []
    line = _escape(element.text)
    for child in element:
        if not isinstance(child.tag, str) or child.tag in SKIPPED:
            pass
        elif _is_inline(child):
            line += _inline(child)
        else:
            made += [*_paragraphs(line), *_block(child)]
            line = ""
        line += _escape(child.tail)
    return made + _paragraphs(line)


def _is_inline(element: Any) -> bool:
    """An inline element; one that wraps blocks (a link around a heading) counts as a block."""
    if element.tag not in _INLINE:
        return False
    return all(each.tag in _INLINE for each in element.iter() if isinstance(each.tag, str))


def _paragraphs(line: str) -> list[str]:
    """Inline Markdown as paragraphs: one break is a line break, two begin a new paragraph."""
    made = []
    for part in re.split(rf"\s*{_BREAK}(?:\s*{_BREAK})+\s*", " ".join(line.split())):
        lines = [_safe_start(each.strip()) for each in part.split(_BREAK) if each.strip()]
        made += ["\\\n".join(lines)] if lines else []
    return made


def _safe_start(line: str) -> str:
    return _NUMBER_START.sub(r"\1\\\2", _START.sub(r"\\", line, count=1))


def _escape(text: str | None) -> str:
    return _SIGNS.sub(r"\\\1", text) if text else ""


def _inline(element: Any) -> str:
    tag = element.tag
    if tag == "br":
        return _BREAK
    if tag == "img":
        return _escape(element.get("alt"))
    inner = _escape(element.text) + "".join(
        (_inline(child) if isinstance(child.tag, str) and child.tag not in SKIPPED else "") + _escape(child.tail)
        for child in element
    )
    if tag == "a":
        return _link(element, inner)
    if tag in ("b", "strong"):
        return _marked("**", inner)
    if tag in ("i", "em", "cite"):
        return _marked("*", inner)
    return inner


def _marked(mark: str, inner: str) -> str:
    """Emphasis with its mark close to the words; none inside other emphasis, or around nothing."""
    words = inner.strip(" \t\n" + _BREAK)
    if not words or "*" in words.replace("\\*", "") or _BREAK in words:
        return inner
    before, after = inner.split(words, 1) if inner.count(words) == 1 else ("", "")
    return f"{before}{mark}{words}{mark}{after}"


def _link(element: Any, inner: str) -> str:
    target = (element.get("href") or "").strip()
    words = " ".join(inner.replace(_BREAK, " ").split())
    if not words or not _SAFE.fullmatch(target):
        return inner
    return f"{inner[:1] if inner[:1].isspace() else ''}[{words}]({target}){' ' if inner[-1:].isspace() else ''}"


def _block(element: Any) -> list[str]:
    tag = element.tag
    if _HEADING.fullmatch(tag):
        words = " ".join("".join(_inline_all(element)).replace(_BREAK, " ").split()).replace("**", "")
        return [f"{'#' * int(tag[1])} {words}"] if words else []
    if tag in ("ul", "ol"):
        return _list(element)
    if tag == "table":
        return _table(element)
    if tag == "pre":
        return [to_markdown("".join(element.itertext())).strip()]
    if tag == "hr":
        return ["* * *"]
    if tag == "blockquote":
        inner = "\n\n".join(blocks(element))
        return ["> " + inner.replace("\n", "\n> ").replace("> \n", ">\n")] if inner else []
    if tag == "dt":
        return [_marked("*", block) for block in blocks(element)]
    return blocks(element)


def _inline_all(element: Any) -> list[str]:
    """The inline text of an element whatever is in it, for headings and table cells."""
    parts = [_escape(element.text)]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in SKIPPED:
            parts += [_inline(child)] if _is_inline(child) else [" ", *_inline_all(child), " "]
        parts.append(_escape(child.tail))
    return parts


def _list(element: Any) -> list[str]:
    """One block: the items with hanging indentation; text between items (not valid, but met) is an item too."""
    number = int(element.get("start") or 1) if re.fullmatch(r"\d{0,6}", element.get("start") or "") else 1
    items: list[str] = []
    for child in element:
        if not isinstance(child.tag, str) or child.tag in SKIPPED:
            continue
        inner = _block(child) if child.tag in ("ul", "ol") else blocks(child)
        if not inner:
            continue
        mark = f"{number}. " if element.tag == "ol" else "- "
        number += 1
        body = _hang(inner)
        items.append(mark + body.replace("\n", "\n" + " " * len(mark)))
    return ["\n".join(re.sub(r"\n +(?=\n|$)", "\n", item) for item in items)] if items else []


def _hang(inner: list[str]) -> str:
    """An item's blocks: a list directly below its sentence stays tight."""
    text = inner[0]
    for each in inner[1:]:
        text += ("\n" if re.match(r"(?:- |\d+\. )", each) else "\n\n") + each
    return text


def _table(element: Any) -> list[str]:
    own = (
        row for row in element.iter("tr") if next(row.iterancestors("table")) is element
    )  # not those of a table inside
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in own]
    rows = [row for row in rows if row]
    layout = element.xpath(".//table | .//h1 | .//h2 | .//h3 | .//ul | .//ol") or max(map(len, rows), default=0) < 2
    if layout:
        return [block for row in rows for cell in row for block in blocks(cell)]
    cells = [[_cell(cell) for cell in row] for row in rows]
    width = max(map(len, cells))
    padded = [row + [""] * (width - len(row)) for row in cells]
    head, *body = padded
    lines = [f"| {' | '.join(row)} |" for row in [head, ["---"] * width, *body]]
    caption = element.find("caption")
    above = _paragraphs("".join(_inline_all(caption))) if caption is not None else []
    return [*above, "\n".join(lines)]


def _cell(cell: Any) -> str:
    text = " ".join("".join(_inline_all(cell)).replace(_BREAK, " ").split())
    return text.replace("|", "\\|")
