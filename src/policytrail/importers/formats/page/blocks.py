"""A tree of HTML elements as Markdown blocks: every word kept, nothing that Markdown would misread."""

from __future__ import annotations

import re

from lxml import etree

from policytrail.importers.formats.text import to_markdown

from .elements import BREAK, HEADING, SKIPPED, is_inline
from .footnotes import notes_in_place
from .inline import escape, inline, marked, one_line
from .lists import list_block
from .tables import grid, is_layout, table_block

_START = re.compile(r"^(?=#{1,6}(?:\s|$)|[>+-](?:\s|$)|[=-]+$|~~~)")
_NUMBER_START = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")


def document_markdown(body: etree._Element) -> str:
    """In: the element that holds a whole text. Out: its Markdown; a footnote stands below the block that names it."""
    notes_in_place(body)
    return "\n\n".join(blocks(body)).strip()


def blocks(element: etree._Element) -> list[str]:
    """In: an element. Out: its Markdown blocks, in order, to be joined by blank lines."""
    made: list[str] = []
    line = escape(element.text)
    for child in element:
        if not isinstance(child.tag, str) or child.tag in SKIPPED:
            pass
        elif is_inline(child):
            line += inline(child)
        else:
            made += _paragraphs(line)
            made += _block(child, made[-1] if made else "")
            line = ""
        line += escape(child.tail)
    return made + _paragraphs(line)


def _paragraphs(line: str) -> list[str]:
    """Inline Markdown as paragraphs: one break is a line break, two begin a new paragraph."""
    made = []
    for part in re.split(rf"\s*{BREAK}(?:\s*{BREAK})+\s*", " ".join(line.split())):
        lines = [_safe_start(piece.strip()) for piece in part.split(BREAK) if piece.strip()]
        made += ["\\\n".join(lines)] if lines else []
    return made


def _safe_start(line: str) -> str:
    return _NUMBER_START.sub(r"\1\\\2", _START.sub(r"\\", line, count=1))


def _block(element: etree._Element, before: str) -> list[str]:
    tag = str(element.tag)
    if HEADING.fullmatch(tag):
        words = one_line(element).replace("**", "")
        return [f"{'#' * int(tag[1])} {words}"] if words else []
    if tag in ("ul", "ol"):
        return list_block(element, blocks, before)
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
        return [marked("*", block) for block in blocks(element)]
    return blocks(element)


def _table(element: etree._Element) -> list[str]:
    found = grid(element)
    if is_layout(element, found):
        cells = dict.fromkeys(cell for row in found.rows for cell in row if cell is not None)
        return [block for cell in cells for block in blocks(cell)]
    caption = element.find("caption")
    above = _paragraphs(one_line(caption)) if caption is not None else []
    return [*above, table_block(found)]
