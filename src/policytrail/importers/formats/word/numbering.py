"""The numbers in front of a Word file's paragraphs, as Word would show them: the text refers to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from policytrail.importers.formats.page.lists import letters, roman

from .styles import Styles
from .xml import Parts, child, number, tag, value

DEEPEST = 8


@dataclass(frozen=True)
class Level:
    """One level of a list: how it counts, what stands around the number, where it begins."""

    form: str = "decimal"
    text: str = ""
    start: int = 1
    style: str = ""


@dataclass(frozen=True)
class Item:
    """A paragraph's place in a list. `label` is what Word shows before it ("" for bullets), `value` the number itself."""

    list: str
    level: int
    label: str
    value: int

    @property
    def is_bullet(self) -> bool:
        """Whether the paragraph has a sign instead of a number."""
        return not self.label

    @property
    def is_plain(self) -> bool:
        """Whether the label is a figure with a full stop, as lists of Markdown have it."""
        return self.label == f"{self.value}."


@dataclass
class Numbering:
    """The lists of a file and, while it is read in order, how far each has counted."""

    levels: Mapping[str, Mapping[int, Level]]
    counted_with: Mapping[str, str]
    restarts: Mapping[tuple[str, int], int]
    _counts: dict[tuple[str, int], int] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, parts: Parts, styles: Styles) -> Numbering:
        """In: the parts of a Word file and its styles. Out: its lists, none counted yet."""
        root = parts.get("word/numbering.xml")
        every = list(root) if root is not None else []
        abstract = {value(element, "abstractNumId"): element for element in every if tag(element) == "abstractNum"}
        levels: dict[str, dict[int, Level]] = {}
        counted_with: dict[str, str] = {}
        restarts: dict[tuple[str, int], int] = {}
        for num in (element for element in every if tag(element) == "num"):
            identity, base = value(num, "numId"), value(child(num, "abstractNumId"))
            counted_with[identity] = base
            levels[identity] = _levels(_real(abstract.get(base), abstract, every, styles))
            for override in (inner for inner in num if tag(inner) == "lvlOverride"):
                place = number(value(override, "ilvl"), 0, DEEPEST)
                if (start := child(override, "startOverride")) is not None:
                    restarts[identity, place] = number(value(start), 1)
                if (other := child(override, "lvl")) is not None:
                    levels[identity][place] = _level(other)
        return cls(levels, counted_with, restarts)

    def item(self, paragraph: etree._Element, styles: Styles) -> Item | None:
        """The paragraph's place in its list, counted; None outside lists. Call it once a paragraph, in order."""
        found = self._list_of(paragraph, styles)
        if found is None:
            return None
        identity, place = found
        level = self.levels.get(identity, {}).get(place, Level())
        if level.form == "bullet":
            return Item(identity, place, "", 0)
        if level.form == "none" or not level.text:
            return None
        return Item(identity, place, self._label(identity, place, level), self._value(identity, place))

    def _list_of(self, paragraph: etree._Element, styles: Styles) -> tuple[str, int] | None:
        style = value(child(paragraph, "pPr", "pStyle"))
        identity, place = "", ""
        for element in (paragraph, *styles.chain(style)):
            found = child(element, "pPr", "numPr")
            identity = identity or value(child(found, "numId"))
            place = place or value(child(found, "ilvl"))
        if identity in ("", "0") or identity not in self.levels:
            return None
        named = next((at for at, level in self.levels[identity].items() if level.style == style and style), None)
        return identity, number(place, named or 0, DEEPEST)

    def _label(self, identity: str, place: int, level: Level) -> str:
        group = self.counted_with[identity]
        for deeper in range(place + 1, DEEPEST + 1):
            self._counts.pop((group, deeper), None)
        begins = self.restarts.get((identity, place))
        if begins is not None and (identity, place) not in self._begun:
            self._counts[group, place] = begins - 1
        self._begun.add((identity, place))
        self._counts[group, place] = self._counts.get((group, place), level.start - 1) + 1
        return re.sub(r"%([1-9])", lambda match: self._shown(identity, int(match[1]) - 1, level), level.text).strip()

    def _shown(self, identity: str, place: int, asked: Level) -> str:
        level = self.levels[identity].get(place, Level())
        count = self._counts.get((self.counted_with[identity], place), level.start)
        return shown(level.form, count)

    def _value(self, identity: str, place: int) -> int:
        return self._counts[self.counted_with[identity], place]


def shown(form: str, count: int) -> str:
    """In: a way to count as Word names it, a number. Out: the number so written; figures for ways that we don't know."""
    if form in ("lowerLetter", "upperLetter"):
        text = letters(count)
    elif form in ("lowerRoman", "upperRoman") and 0 < count < 4000:
        text = roman(count)
    elif form == "decimalZero":
        return f"{count:02}"
    else:
        return str(count)
    return text.upper() if form.startswith("upper") else text


def _real(
    base: etree._Element | None, abstract: Mapping[str, etree._Element], every: list[etree._Element], styles: Styles
) -> etree._Element | None:
    """A list may only point at a style, whose list it is."""
    linked = value(child(base, "numStyleLink"))
    if not linked:
        return base
    identity = value(child(styles.elements.get(linked), "pPr", "numPr", "numId"))
    num = next((element for element in every if tag(element) == "num" and value(element, "numId") == identity), None)
    return abstract.get(value(child(num, "abstractNumId")), base)


def _levels(base: etree._Element | None) -> dict[int, Level]:
    found = [element for element in (base if base is not None else ()) if tag(element) == "lvl"]
    return {number(value(element, "ilvl"), 0, DEEPEST): _level(element) for element in found}


def _level(element: etree._Element) -> Level:
    start = child(element, "start")
    return Level(
        value(child(element, "numFmt")) or "decimal",
        value(child(element, "lvlText")),
        number(value(start), 1) if start is not None else 0,
        value(child(element, "pStyle")),
    )
