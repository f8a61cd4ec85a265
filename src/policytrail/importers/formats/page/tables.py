"""Tables by their grid: a cell that spans rows or columns leaves every other cell in its own column."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from .elements import words_of
from .inline import one_line

MAX_COLUMNS = 200
MAX_CELLS = 200_000
_HOLDS_BLOCKS = ".//table | .//h1 | .//h2 | .//h3 | .//h4 | .//h5 | .//h6"


@dataclass(frozen=True)
class Grid:
    """A table as rows of equal length; `rows[r][c]` is the cell that a reader sees there, None for nothing."""

    rows: tuple[tuple[etree._Element | None, ...], ...]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.rows[0]) if self.rows else 0


def grid(table: etree._Element) -> Grid:
    """In: a table. Out: its cells by row and column. A cell over several rows stands in each of them; of one over several
    columns only the first has it.
    """
    rows: list[list[etree._Element | None]] = []
    hanging: dict[int, tuple[int, etree._Element | None]] = {}
    own = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    for row in own:
        made: list[etree._Element | None] = []
        for cell in (child for child in row if child.tag in ("td", "th")):
            _hang_on(made, hanging)
            wide, tall = _span(cell, "colspan", 1, MAX_COLUMNS), _span(cell, "rowspan", 0, len(own))
            for place in range(wide):
                shown = cell if place == 0 else None
                if tall != 1:
                    hanging[len(made)] = ((tall or len(own)) - 1, shown)
                made.append(shown)
        _hang_on(made, hanging)
        if sum(map(len, rows)) + len(made) > MAX_CELLS:
            break
        if made:
            rows.append(made)
    width = max(map(len, rows), default=0)
    return Grid(tuple(tuple(row + [None] * (width - len(row))) for row in rows))


def _hang_on(made: list[etree._Element | None], hanging: dict[int, tuple[int, etree._Element | None]]) -> None:
    """Cells of rows above that reach down to here."""
    while len(made) in hanging:
        left, cell = hanging.pop(len(made))
        if left > 1:
            hanging[len(made)] = (left - 1, cell)
        made.append(cell)


def _span(cell: etree._Element, name: str, least: int, most: int) -> int:
    text = (cell.get(name) or "").strip()
    return max(least, min(int(text), most)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def is_layout(table: etree._Element, found: Grid) -> bool:
    """Whether a table only places text on the page: one column, or with headings and tables of its own inside."""
    if table.get("role") in ("presentation", "none") or found.width < 2:
        return True
    return bool(table.xpath(_HOLDS_BLOCKS)) or (len(found.rows) < 2 and bool(table.xpath(".//ul | .//ol")))


def table_block(found: Grid) -> str:
    """The grid as a Markdown table; its first row is the header."""
    head, *body = ([_cell(cell) for cell in row] for row in found.rows)
    lines = [head, ["---"] * found.width, *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(cell: etree._Element | None) -> str:
    """The words of a cell in one line: Markdown has no blocks in cells, so items and paragraphs are parted by signs."""
    if cell is None:
        return ""
    items = [item for item in cell.iter("li") if item.find(".//li") is None]
    if not items:
        return _plain(one_line(cell))
    for item in items:
        own = words_of(item)
        if own and not re.search(r"[.;,:!?]$", own):
            _append(item, ";")
    return _plain(one_line(cell)).removesuffix(";")


def _append(item: etree._Element, text: str) -> None:
    children = list(item)
    if children and not (children[-1].tail or "").strip() and children[-1].tag != "br":
        children[-1].tail = text
    elif children:
        children[-1].tail = (children[-1].tail or "").rstrip() + text
    else:
        item.text = (item.text or "").rstrip() + text


def _plain(text: str) -> str:
    return text.replace("|", "\\|")
