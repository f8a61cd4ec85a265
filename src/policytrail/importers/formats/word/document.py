"""The body of a Word file as a tree of HTML elements, for the reader of pages: headings, lists, tables, notes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from policytrail.importers.formats.page.lists import LABEL

from .numbering import Item, Numbering
from .runs import Runs, Text
from .styles import Styles
from .xml import Parts, child, is_on, number, opened, tag, value, words

MAX_COLUMNS = 200
_SHORT = 90  # signs that a numbered line in bold may have as a heading


@dataclass
class _Open:
    """A list that is being made."""

    level: int
    identity: str
    element: etree._Element


@dataclass
class Document:
    """What turns one body into a tree; `root` holds what was made."""

    parts: Parts
    styles: Styles
    numbering: Numbering
    runs: Runs
    has_title: bool = False
    root: etree._Element = field(default_factory=lambda: etree.Element("body"))
    notes: dict[str, int] = field(default_factory=dict)
    contents: int = 0
    _lists: list[_Open] = field(default_factory=list)

    def body(self, parent: etree._Element, into: etree._Element) -> None:
        """Paragraphs and tables of the body, of a cell or of a text box, in order."""
        kept, self._lists = self._lists, []
        for element in opened(parent, self.runs.gone):
            name = tag(element)
            if name == "p":
                self._paragraph(element, into)
            elif name == "tbl":
                self._lists = []
                self._table(element, into)
        self._lists = kept

    def _paragraph(self, element: etree._Element, into: etree._Element) -> None:
        if self.styles.is_contents(element):
            self.contents += 1
            self.runs.texts(element)  # its fields begin and end
            return
        item = self.numbering.item(element, self.styles)
        texts = self.runs.texts(element)
        if any(text.text.strip() or text.note for text in texts):
            _fill(self._holder(element, item, texts, into), texts, self.notes)
        boxes, self.runs.boxes = self.runs.boxes, []
        for box in boxes:
            self.body(box, into)

    def _holder(
        self, element: etree._Element, item: Item | None, texts: list[Text], into: etree._Element
    ) -> etree._Element:
        """The element for a paragraph's words: a heading, an item of a list, a paragraph."""
        level = self.styles.heading(element)
        title = self.styles.is_title(element)
        if level or title:
            self._lists = []
            made = etree.SubElement(into, "h1" if title else f"h{min(level + self.has_title, 6)}")
            made.text = f"{item.label} " if item and item.label else None
            return made
        if item is None:
            self._lists = []
            quoted = any(name.endswith("quote") for name in self.styles.names(element))
            return etree.SubElement(etree.SubElement(into, "blockquote") if quoted else into, "p")
        if item.label and _is_bold_line(texts):
            self._lists = []
            made = etree.SubElement(etree.SubElement(into, "p"), "b")
            made.text = f"{item.label} "
            return made
        return self._item(item, into)

    def _item(self, item: Item, into: etree._Element) -> etree._Element:
        """An item in its list: the one that is open, one inside its last item, or a new one."""
        name = "ul" if item.is_bullet else "ol"
        while self._lists and self._lists[-1].level > item.level:
            self._lists.pop()
        last = self._lists[-1] if self._lists else None
        if last and last.level == item.level and (last.element.tag, last.identity) != (name, item.list):
            self._lists.pop()
            last = self._lists[-1] if self._lists else None
        if last is None or last.level < item.level:
            parent = into if last is None or not len(last.element) else last.element[-1]
            self._lists.append(_Open(item.level, item.list, etree.SubElement(parent, name)))
        made = etree.SubElement(self._lists[-1].element, "li")
        if item.is_plain:
            made.set("value", str(item.value))
        elif item.label:
            made.set(LABEL, item.label)
        return made

    def _table(self, element: etree._Element, into: etree._Element) -> None:
        table = etree.SubElement(into, "table")
        hanging: dict[int, etree._Element] = {}
        for row in (inner for inner in opened(element, self.runs.gone) if tag(inner) == "tr"):
            marks = child(row, "trPr")
            gone = {tag(mark) for mark in marks} if marks is not None else set()
            if gone & self.runs.gone or is_on(child(marks, "hidden")):
                continue
            self._row(row, etree.SubElement(table, "tr"), hanging)

    def _row(self, row: etree._Element, into: etree._Element, hanging: dict[int, etree._Element]) -> None:
        """One row; a cell that goes on from the row above makes that one taller."""
        place = number(value(child(row, "trPr", "gridBefore")), 0, MAX_COLUMNS)
        if place:
            etree.SubElement(into, "td").set("colspan", str(place))
        head = is_on(child(row, "trPr", "tblHeader"))
        for cell in (inner for inner in opened(row, self.runs.gone) if tag(inner) == "tc"):
            wide = max(1, number(value(child(cell, "tcPr", "gridSpan")), 1, MAX_COLUMNS))
            merge = child(cell, "tcPr", "vMerge")
            above = hanging.get(place)
            if merge is not None and value(merge) != "restart" and above is not None:
                above.set("rowspan", str(int(above.get("rowspan", "1")) + 1))
                self.body(cell, above)
            else:
                hanging.pop(place, None)
                made = etree.SubElement(into, "th" if head else "td")
                made.set("colspan", str(wide))
                self.body(cell, made)
                if merge is not None:
                    hanging[place] = made
            place += wide

    def add_notes(self) -> None:
        """The footnotes and endnotes that the text refers to, at its end, each with the id that its mark links to."""
        if not self.notes:
            return
        listed = etree.SubElement(self.root, "ol")
        for identity, count in list(self.notes.items()):
            made = etree.SubElement(listed, "li")
            made.set("id", f"note-{count}")
            kind, _, wanted = identity.partition("-")
            root = self.parts.get("word/footnotes.xml" if kind == "foo" else "word/endnotes.xml")
            found = next((note for note in (root if root is not None else ()) if value(note, "id") == wanted), None)
            if found is not None:
                self.body(found, made)


def _is_bold_line(texts: Iterable[Text]) -> bool:
    """A short line that is bold throughout and ends no sentence: a heading that somebody made by hand."""
    said = "".join(text.text for text in texts).strip()
    short = 0 < len(said) <= _SHORT and not re.search(r"[.:;,]$", said)
    return short and all(text.look.bold for text in texts if text.text.strip())


def _fill(holder: etree._Element, texts: Iterable[Text], notes: dict[str, int]) -> None:
    """The pieces of a paragraph as elements inside its holder."""
    in_heading = str(holder.tag) in ("h1", "h2", "h3", "h4", "h5", "h6", "b")
    for text in texts:
        if text.note:
            count = notes.setdefault(text.note, len(notes) + 1)
            link = etree.SubElement(etree.SubElement(holder, "sup"), "a")
            link.set("href", f"#note-{count}")
            link.text = str(count)
            continue
        inner = holder
        wanted = [("a", bool(text.link)), (text.look.raised or "sup", bool(text.look.raised))]
        if not in_heading:
            wanted += [("b", text.look.bold), ("i", text.look.italic)]
        for name, is_wanted in wanted:
            inner = etree.SubElement(inner, name) if is_wanted else inner
            if name == "a" and is_wanted:
                inner.set("href", text.link)
        _write(inner, text.text)


def _write(element: etree._Element, text: str) -> None:
    """Text behind what is in the element already; line breaks as elements."""
    first, *rest = text.split("\n")
    _append(element, first)
    for line in rest:
        etree.SubElement(element, "br").tail = line


def _append(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def has_title(parts: Parts, styles: Styles) -> bool:
    """Whether the file has a paragraph in the style for titles: its headings stand below that."""
    root = parts["word/document.xml"]
    return any(
        styles.is_title(element) and words(element) for element in root.iter(etree.Element) if tag(element) == "p"
    )
