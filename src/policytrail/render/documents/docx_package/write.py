"""Paragraphs with revisions as the body of a Word document: WordprocessingML, ISO/IEC 29500-1 section 17."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree

from .blocks import Block, Span
from .revisions import Op, Paragraph, Run

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML = "http://www.w3.org/XML/1998/namespace"
_TAGS: dict[Op, str] = {"insert": "ins", "delete": "del", "from": "moveFrom", "to": "moveTo"}
BULLETS, NUMBERS = 900, 901  # our list definitions, far from those of the template


def w(tag: str, *children: etree._Element, **attributes: str | int) -> etree._Element:
    """An element of WordprocessingML with attributes of it."""
    made = etree.Element(f"{{{W}}}{tag}", {f"{{{W}}}{name}": str(value) for name, value in attributes.items()})
    made.extend(children)
    return made


@dataclass
class Body:
    """Builds the body. `author` and `date` (an instant in UTC) sign every revision; links and lists are collected."""

    author: str
    date: str
    links: dict[str, str] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    _ids: int = 0
    # The lists that are open, by level: what goes belongs to the lists of the old text, all else to those of the new.
    _lists: dict[bool, list[int | None]] = field(default_factory=lambda: {False: [], True: []})

    def elements(self, paragraphs: Sequence[Paragraph]) -> list[etree._Element]:
        """Every paragraph, table and bookmark in order."""
        made: list[etree._Element] = []
        open_marks: list[etree._Element] = []
        for is_row, group in groupby(paragraphs, key=lambda each: each.block.kind == "row"):
            if is_row:
                made.append(self._table(list(group)))
                continue
            for paragraph in group:
                if paragraph.marks:
                    made += open_marks
                    starts, open_marks = self._bookmarks(paragraph.marks)
                    made.append(self._paragraph(paragraph, starts))
                else:
                    made.append(self._paragraph(paragraph, []))
        if made and made[-1].tag == f"{{{W}}}tbl":
            made.append(w("p"))  # Word wants a paragraph behind the last table
        return [*made, *open_marks]

    def _id(self) -> int:
        self._ids += 1
        return self._ids

    def _bookmarks(self, names: Sequence[str]) -> tuple[list[etree._Element], list[etree._Element]]:
        numbered = [(self._id(), name) for name in names]
        starts = [w("bookmarkStart", id=number, name=name) for number, name in numbered]
        return starts, [w("bookmarkEnd", id=number) for number, _ in numbered]

    def _revision(self, op: Op, *children: etree._Element) -> etree._Element:
        return w(_TAGS[op], *children, id=self._id(), author=self.author, date=self.date)

    def _paragraph(self, paragraph: Paragraph, starts: list[etree._Element]) -> etree._Element:
        made = w("p", self._properties(paragraph.block, paragraph.op), *starts)
        runs = list(self._runs(paragraph.runs))
        if paragraph.move:
            tag = f"{_TAGS[paragraph.op]}Range"
            number = self._id()
            name = f"policytrail-move-{paragraph.move}"
            made.append(w(f"{tag}Start", id=number, author=self.author, date=self.date, name=name))
            runs.append(w(f"{tag}End", id=number))
        made.extend(runs)
        return made

    def _properties(self, block: Block, op: Op) -> etree._Element:
        made = w("pPr", w("pStyle", val=style_id(block)))
        if block.kind == "item":
            made.append(w("numPr", w("ilvl", val=block.level), w("numId", val=self._list(block, op))))
        elif block.kind != "more":
            for gone in _sides(op):
                self._lists[gone] = []
        if op != "keep":
            made.append(w("rPr", self._revision(op)))
        return made

    def _list(self, block: Block, op: Op) -> int:
        """The number of the list that an item belongs to: all bullets are one, every numbered list is its own."""
        mine = self._lists[_sides(op)[0]]
        before = mine[block.level] if len(mine) > block.level else None
        if block.number is None:
            found = BULLETS
        elif before is None or before == BULLETS or block.number:
            self.starts.append(block.number or 1)
            found = NUMBERS + len(self.starts)
        else:
            found = before
        for gone in _sides(op):
            known = (self._lists[gone] + [None] * block.level)[: block.level]
            self._lists[gone] = [*known, found]
        return found

    def _runs(self, runs: Sequence[Run]) -> Iterator[etree._Element]:
        for link, group in groupby(runs, key=lambda each: each.span.link):
            inner = [self._run(run) for run in group]
            if not link:
                yield from inner
            elif link.startswith("#"):
                yield w("hyperlink", *inner, anchor=link[1:])
            else:
                made = w("hyperlink", *inner)
                made.set(f"{{{R}}}id", self.links.setdefault(link, f"rIdLink{len(self.links) + 1}"))
                yield made

    def _run(self, run: Run) -> etree._Element:
        made = w("r", *_look(run.span))
        tag = "delText" if run.op == "delete" else "t"
        for number, line in enumerate(run.span.text.split("\n")):
            if number:
                made.append(w("br"))
            if line:
                text = w(tag)
                text.text = line
                text.set(f"{{{XML}}}space", "preserve")
                made.append(text)
        return made if run.op == "keep" else self._revision(run.op, made)

    def _table(self, rows: list[Paragraph]) -> etree._Element:
        self._lists = {False: [], True: []}
        width = max(len(paragraph.block.cells) for paragraph in rows)
        made = w(
            "tbl",
            w("tblPr", w("tblStyle", val="TableGrid"), w("tblW", w=0, type="auto")),
            w("tblGrid", *(w("gridCol", w=9000 // width) for _ in range(width))),
        )
        for paragraph in rows:
            row = w("tr")
            if paragraph.op != "keep":
                row.append(w("trPr", self._revision(paragraph.op)))
            row.extend(
                w("tc", w("tcPr", w("tcW", w=9000 // width, type="dxa")), w("p", *self._runs(cell)))
                for cell in paragraph.cells
            )
            made.append(row)
        return made


def _sides(op: Op) -> tuple[bool, ...]:
    """To which texts a paragraph belongs: the new one (False), the old one (True); its own first."""
    return {"keep": (False, True), "insert": (False,), "to": (False,)}.get(op, (True,))


def _look(span: Span) -> list[etree._Element]:
    style = "PolicyCodeWords" if span.code else "Hyperlink" if span.link else ""
    inner = [w("rStyle", val=style)] if style else []
    inner += [w("b")] if span.bold else []
    inner += [w("i")] if span.italic else []
    return [w("rPr", *inner)] if inner else []


def style_id(block: Block) -> str:
    """The paragraph style that a block is written in."""
    if block.kind == "heading":
        return f"Heading{block.level}"
    if block.kind == "more":
        return f"PolicyMore{block.level + 1}"
    return {
        "title": "Title",
        "lines": "Subtitle",
        "item": "ListParagraph",
        "quote": "Quote",
        "code": "PolicyCode",
        "rule": "PolicyRule",
    }.get(block.kind, "Normal")
