"""Policy text as a Word file holds it: paragraphs with runs. Markdown becomes blocks here, and blocks become Markdown.

A block is one paragraph or one row of a table. What Word can't hold (loose lists, quotations in quotations) is flattened
here, in one place, so that a document that nobody edited always reads back as the blocks that were written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from markdown_it.tree import SyntaxTreeNode

from policytrail.render.shared.markdown import parse

Kind = Literal["title", "lines", "heading", "text", "item", "more", "quote", "code", "rule", "row"]

Look = tuple[bool, bool, bool, str]  # bold, italic, code, link
SECTION, CLAUSE, INSIDE = 1, 2, 2  # heading levels of sections and clauses; headings inside a clause go below them
DEEPEST = 8  # list levels that Word knows, from 0


@dataclass(frozen=True)
class Span:
    """A run of characters of one look. A line break is a newline in `text`; `link` is the address it leads to."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""

    @property
    def look(self) -> Look:
        """All but the text."""
        return self.bold, self.italic, self.code, self.link


@dataclass(frozen=True)
class Block:
    """One paragraph, or one row of a table (`cells`).

    `level`: of a heading 1 to 9, of a list item or a paragraph inside one 0 to 8. `number`: None for a bullet, 0 for a
    numbered item, or the number at which a list begins when that isn't 1.
    """

    kind: Kind
    spans: tuple[Span, ...] = ()
    level: int = 0
    number: int | None = None
    cells: tuple[tuple[Span, ...], ...] = ()

    @property
    def text(self) -> str:
        """Its words without any look; the cells of a row with a bar between them."""
        if self.kind == "row":
            return " | ".join("".join(span.text for span in cell) for cell in self.cells)
        return "".join(span.text for span in self.spans)

    @property
    def shape(self) -> tuple[object, ...]:
        """What it is, apart from its words."""
        return self.kind, self.level, self.number is None, len(self.cells)


_BLANK = re.compile(r"[ \t\n]+")


def tidy(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Runs in one spelling: neighbours of one look joined, white space single, none at the ends, NFC.

    White space is bold, italic or linked only where both its sides are: so "a **b**" and "a** b**" are one text.
    """
    pieces: list[tuple[str, Look]] = []
    for span in spans:
        text = unicodedata.normalize("NFC", span.text)
        parts = [text] if span.code else re.split(r"([ \t\n]+)", text)
        pieces += [(part, span.look) for part in parts if part]
    made: list[tuple[str, Look]] = []
    for text, look in pieces:
        if made and _is_blank(text, look) and _is_blank(*made[-1]):
            made[-1] = (made[-1][0] + text, look)
        else:
            made.append((text, look))
    while made and _is_blank(*made[0]):
        made.pop(0)
    while made and _is_blank(*made[-1]):
        made.pop()
    for place, (text, look) in enumerate(made):
        if _is_blank(text, look):
            made[place] = ("\n" if "\n" in text else " ", _shared(made[place - 1][1], made[place + 1][1]))
    return tuple(_joined(made))


def _is_blank(text: str, look: Look) -> bool:
    return not look[2] and _BLANK.fullmatch(text) is not None


def _shared(left: Look, right: Look) -> Look:
    return left[0] and right[0], left[1] and right[1], False, left[3] if left[3] == right[3] else ""


def _joined(made: list[tuple[str, Look]]) -> Iterator[Span]:
    for look, group in groupby(made, key=lambda each: each[1]):
        yield Span("".join(text for text, _ in group), *look)


def blocks(markdown: str, under: int = 0) -> tuple[Block, ...]:
    """In: Markdown; how far its headings go down. Out: its blocks; empty paragraphs and items aren't there."""
    return tuple(block for block in _blocks(SyntaxTreeNode(parse(markdown)).children, under) if block.text.strip())


def _blocks(nodes: Iterable[SyntaxTreeNode], under: int, depth: int = -1) -> Iterator[Block]:
    for node in nodes:
        if node.type in ("bullet_list", "ordered_list"):
            yield from _list(node, under, min(depth + 1, DEEPEST))
        elif node.type == "blockquote":
            for block in _blocks(node.children, under, depth):
                yield replace(block, kind="quote", level=0) if block.kind == "text" else block
        elif node.type == "heading":
            yield Block("heading", _inline(node.children), min(int(node.tag[1]) + under, 9))
        elif node.type == "table":
            for part in node.children:
                yield from (
                    Block("row", cells=tuple(_inline(c.children) for c in row.children)) for row in part.children
                )
        elif node.type in ("fence", "code_block"):
            yield Block("code", (Span(node.content.strip("\n")),))
        elif node.type == "hr":
            yield Block("rule", (Span("* * *"),))
        else:
            yield Block("text" if depth < 0 else "more", _inline(node.children), max(depth, 0))


def _list(node: SyntaxTreeNode, under: int, depth: int) -> Iterator[Block]:
    start = int(node.attrs.get("start", 1))
    number = None if node.type == "bullet_list" else (start if start != 1 else 0)
    for item in node.children:
        inner = list(_blocks(item.children, under, depth))
        first = next((place for place, each in enumerate(inner) if each.kind == "more" and each.level == depth), None)
        if first == 0:
            inner[0] = replace(inner[0], kind="item", number=number)
        if number:
            number = 0
        yield from inner


def _inline(nodes: Iterable[SyntaxTreeNode]) -> tuple[Span, ...]:
    return tidy(_spans(nodes, Span("")))


def _spans(nodes: Iterable[SyntaxTreeNode], look: Span) -> Iterator[Span]:
    for node in nodes:
        if node.type in ("softbreak", "hardbreak"):
            yield replace(look, text=" " if node.type == "softbreak" else "\n")
        elif node.type == "strong":
            yield from _spans(node.children, replace(look, bold=True))
        elif node.type == "em":
            yield from _spans(node.children, replace(look, italic=True))
        elif node.type == "link":
            yield from _spans(node.children, replace(look, link=str(node.attrs.get("href", ""))))
        elif node.type == "code_inline":
            yield Span(node.content, code=True, link=look.link)
        elif node.children:
            yield from _spans(node.children, look)
        else:
            yield replace(look, text=node.content)


_SIGNS = re.compile(r"([\\`*\[\]]|(?<!\w)_|_(?!\w)|<(?=[a-zA-Z/!?])|&(?=#?\w+;)|~(?=~))")
_START = re.compile(r"^(?=#{1,6}(?:\s|$)|[>+-](?:\s|$)|[=-]+$|~~~)", re.MULTILINE)
_NUMBER_START = re.compile(r"^(\d{1,9})([.)])(?=\s|$)", re.MULTILINE)


Marks = tuple[str, str]  # the sign of a bullet, and the sign behind a number
_MARKS = re.compile(r"^[ \t>]*(?:(?P<bullet>[*+-])|[0-9]{1,9}(?P<number>[.)]))[ \t]", re.MULTILINE)


def marks_of(text: str) -> Marks:
    """The signs that a Markdown text uses for its lists: the first of each; another sign would begin another list."""
    found = list(_MARKS.finditer(text))
    bullet, number = (next((match[name] for match in found if match[name]), "") for name in ("bullet", "number"))
    return bullet or "-", number or "."


def markdown(made: Sequence[Block], under: int = 0, marks: Marks = ("-", ".")) -> str:
    """In: blocks; how far their headings were moved down; the signs of lists.

    Out: Markdown in one fixed style, without an end of line.
    """
    text = ""
    before: Block | None = None
    widths: list[int] = []  # of the marks of the list items that are open
    counts: list[int] = []
    for block in made:
        listed = block.kind in ("item", "more")
        widths = widths[: block.level + (block.kind == "more")] if listed else []
        counts = counts[: block.level + 1] if listed else []
        mark = ""
        if block.kind == "item":
            counts += [0] * (block.level + 1 - len(counts))
            counts[block.level] = 0 if block.number is None else block.number or counts[block.level] + 1
            mark = f"{marks[0]} " if block.number is None else f"{counts[block.level]}{marks[1]} "
            widths += [2] * (block.level - len(widths))
        text += (_between(before, block) if before else "") + _indented(_line(block, under, before), mark, sum(widths))
        widths += [len(mark)] if mark else []
        before = block
    return text


def _between(before: Block, after: Block) -> str:
    return "\n" if (after.kind == "item" and before.kind == "item") or after.kind == before.kind == "row" else "\n\n"


def _indented(text: str, mark: str, indent: int) -> str:
    pad = " " * indent
    return pad + mark + text.replace("\n", "\n" + pad + " " * len(mark))


def _line(block: Block, under: int, before: Block | None) -> str:
    if block.kind == "heading":
        return f"{'#' * max(1, min(block.level - under, 6))} {_flat(block.spans)}"
    if block.kind == "row":
        line = f"| {' | '.join(_flat(cell).replace('|', chr(92) + '|') for cell in block.cells)} |"
        return line if before and before.kind == "row" else f"{line}\n|{' --- |' * len(block.cells)}"
    if block.kind == "code":
        return f"```\n{block.text}\n```"
    if block.kind == "rule":
        return "* * *"
    lines = _NUMBER_START.sub(r"\1\\\2", _START.sub(r"\\", inline(block.spans)))
    return "> " + lines.replace("\n", "\n> ") if block.kind == "quote" else lines


def _flat(spans: Sequence[Span]) -> str:
    return inline(spans).replace("\\\n", " ").replace("\n", " ")


def inline(spans: Sequence[Span]) -> str:
    """Runs as inline Markdown: links outside, then bold, then italic; a line break as a backslash at the line's end."""
    return "".join(_linked(link, list(group)) for link, group in groupby(spans, lambda each: each.link))


def _linked(link: str, spans: list[Span]) -> str:
    words = "".join(_bold(bold, list(group)) for bold, group in groupby(spans, lambda each: each.bold))
    return f"[{words}]({link})" if link else words


def _bold(bold: bool, spans: list[Span]) -> str:
    made = ""
    for italic, group in groupby(spans, lambda each: each.italic):
        inner = "".join(map(_plain, group))
        made += f"*{inner}*" if italic else inner
    return f"**{made}**" if bold else made


def _plain(span: Span) -> str:
    if span.code:
        fence = "``" if "`" in span.text else "`"
        return f"{fence}{span.text}{fence}"
    return _SIGNS.sub(r"\\\1", span.text).replace("\n", "\\\n")
