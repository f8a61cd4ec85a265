"""What the styles and lists of a Word file say of a paragraph and a run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from policytrail.render.documents.docx_package.blocks import DEEPEST, Kind
from policytrail.render.documents.docx_package.write import W

_KINDS: dict[str, Kind] = {
    "title": "title",
    "subtitle": "lines",
    "quote": "quote",
    "intense quote": "quote",
    "policy code": "code",
    "policy rule": "rule",
}
_HEADING = re.compile(r"heading ?([1-9])")
_LAST = 999_999_999  # the last number that a Markdown list can begin with
_MORE = re.compile(r"policy list text ?([1-9])")


@dataclass
class Styles:
    """Styles by id, lists by number; and, while a document is read in order, how far each list has counted."""

    names: Mapping[str, str]
    elements: Mapping[str, etree._Element]
    forms: Mapping[tuple[str, int], str]
    starts: Mapping[tuple[str, int], int]
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)
    _open: list[str | None] = field(default_factory=list)

    @classmethod
    def of(cls, parts: Mapping[str, etree._Element]) -> Styles:
        """In: the parts of a Word file. Out: its styles and lists; a part that is missing says nothing."""
        found = parts.get("word/styles.xml")
        elements = {_get(each, "styleId"): each for each in (found.iterfind(_w("style")) if found is not None else ())}
        names = {identity: _get(each.find(_w("name")), "val").lower() for identity, each in elements.items()}
        forms, starts = _numbering(parts.get("word/numbering.xml"))
        return cls(names, elements, forms, starts)

    def kind(self, paragraph: etree._Element) -> tuple[Kind, int]:
        """What a paragraph is by its style, and the level."""
        for style in self._chain(_get(paragraph.find(f"{_w('pPr')}/{_w('pStyle')}"), "val")):
            name = self.names.get(style, "")
            if heading := _HEADING.fullmatch(name):
                return "heading", int(heading[1])
            if more := _MORE.fullmatch(name):
                return "more", int(more[1]) - 1
            if name in _KINDS:
                return _KINDS[name], 0
        return "text", 0

    def _chain(self, style: str) -> Iterator[str]:
        seen: set[str] = set()
        while style in self.elements and style not in seen:
            seen.add(style)
            yield style
            style = _get(self.elements[style].find(_w("basedOn")), "val")

    def list_of(self, paragraph: etree._Element) -> tuple[str, int] | None:
        """The list and level of a paragraph, its own or its style's; None outside lists."""
        style = _get(paragraph.find(f"{_w('pPr')}/{_w('pStyle')}"), "val")
        for each in (paragraph, *(self.elements[name] for name in self._chain(style))):
            found = each.find(f"{_w('pPr')}/{_w('numPr')}")
            if found is not None:
                number, level = _get(found.find(_w("numId")), "val"), _get(found.find(_w("ilvl")), "val")
                return (number, _number(level, 0, DEEPEST)) if number not in ("", "0") else None
        return None

    def number(self, number: str, level: int) -> tuple[int, int | None]:
        """The next item of a list: its level, and its number as a block has it (see `Block.number`)."""
        self._open = (self._open + [None] * level)[: level + 1]
        continued = len(self._open) > level and self._open[level] == number
        self._open = [*self._open[:level], number]
        if self.forms.get((number, level), "decimal") == "bullet":
            return level, None
        for deeper in range(level + 1, DEEPEST + 1):
            self._counts.pop((number, deeper), None)
        value = self._counts.get((number, level), self.starts.get((number, level), 1) - 1) + 1
        self._counts[number, level] = value
        return level, 0 if continued or value == 1 else value

    def no_list(self) -> None:
        """A paragraph outside any list."""
        self._open = []

    def on(self, run: etree._Element, name: str) -> bool:
        """Whether a run is bold (`b`) or italic (`i`) by itself or by its character style."""
        style = _get(run.find(f"{_w('rPr')}/{_w('rStyle')}"), "val")
        for each in (run, *(self.elements[inner] for inner in self._chain(style))):
            found = each.find(f"{_w('rPr')}/{_w(name)}")
            if found is not None:
                return _get(found, "val") not in ("0", "false", "off", "none")
        return False

    def is_code(self, run: etree._Element) -> bool:
        """Whether a run is in our style for code."""
        return self.names.get(_get(run.find(f"{_w('rPr')}/{_w('rStyle')}"), "val"), "") == "policy code words"


def _w(tag: str) -> str:
    return f"{{{W}}}{tag}"


def _get(element: etree._Element | None, name: str) -> str:
    return str(element.get(_w(name), "")) if element is not None else ""


def _number(text: str, default: int, last: int) -> int:
    """A number of the file's, kept within what makes sense; the default for what is none."""
    return min(int(text), last) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _numbering(root: etree._Element | None) -> tuple[dict[tuple[str, int], str], dict[tuple[str, int], int]]:
    """The form and the first number of every level of every list."""
    forms: dict[tuple[str, int], str] = {}
    starts: dict[tuple[str, int], int] = {}
    abstract = {
        _get(each, "abstractNumId"): each for each in (root.iterfind(_w("abstractNum")) if root is not None else ())
    }
    for num in root.iterfind(_w("num")) if root is not None else ():
        identity = _get(num, "numId")
        base = abstract.get(_get(num.find(_w("abstractNumId")), "val"))
        for level in base.iterfind(_w("lvl")) if base is not None else ():
            key = (identity, _number(_get(level, "ilvl"), 0, DEEPEST))
            forms[key] = _get(level.find(_w("numFmt")), "val")
            starts[key] = _number(_get(level.find(_w("start")), "val"), 1, _LAST)
        for override in num.iterfind(_w("lvlOverride")):
            key = (identity, _number(_get(override, "ilvl"), 0, DEEPEST))
            start = override.find(_w("startOverride"))
            if start is not None:
                starts[key] = _number(_get(start, "val"), 1, _LAST)
    return forms, starts
