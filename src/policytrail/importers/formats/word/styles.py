"""What the styles of a Word file say of a paragraph and a run, inherited styles included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from .xml import Parts, child, is_on, number, tag, value

_HEADING = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|nagłówek) ?([1-9])")
_CONTENTS = re.compile(r"toc(?: ?\d| heading)|table of (?:figures|authorities)|inhaltsverzeichnis.*|verzeichnis \d")
_NONE = 9  # the outline level of body text


@dataclass(frozen=True)
class Look:
    """How a run looks, as far as it matters for its meaning."""

    bold: bool = False
    italic: bool = False
    raised: str = ""
    hidden: bool = False
    struck: bool = False


@dataclass(frozen=True)
class Styles:
    """The styles by id."""

    elements: Mapping[str, etree._Element]
    language: str

    @classmethod
    def of(cls, parts: Parts) -> Styles:
        """In: the parts of a Word file. Out: its styles; a part that is missing says nothing."""
        root = parts.get("word/styles.xml")
        found = [element for element in (root if root is not None else ()) if tag(element) == "style"]
        default = child(root, "docDefaults", "rPrDefault", "rPr", "lang")
        return cls({value(element, "styleId"): element for element in found}, value(default))

    def name(self, style: str) -> str:
        """The name of a style as Word shows it, in small letters."""
        return value(child(self.elements.get(style), "name")).lower()

    def chain(self, style: str) -> Iterator[etree._Element]:
        """A style and those that it is based on, the nearest first."""
        seen: set[str] = set()
        while style in self.elements and style not in seen:
            seen.add(style)
            yield self.elements[style]
            style = value(child(self.elements[style], "basedOn"))

    def names(self, paragraph: etree._Element) -> list[str]:
        """The names of a paragraph's style and of those that it is based on."""
        style = value(child(paragraph, "pPr", "pStyle"))
        return [value(child(element, "name")).lower() for element in self.chain(style)]

    def heading(self, paragraph: etree._Element) -> int:
        """1 to 9 for a heading, by its outline level or the name of its style; 0 for text."""
        style = value(child(paragraph, "pPr", "pStyle"))
        for element in (paragraph, *self.chain(style)):
            level = child(element, "pPr", "outlineLvl")
            if level is not None:
                found = number(value(level), _NONE)
                return found + 1 if found < _NONE else 0
            match = _HEADING.fullmatch(value(child(element, "name")).lower()) if element is not paragraph else None
            if match:
                return int(match[1])
        return 0

    def is_title(self, paragraph: etree._Element) -> bool:
        """Whether the paragraph has the style for a document's title."""
        return "title" in self.names(paragraph)

    def is_contents(self, paragraph: etree._Element) -> bool:
        """Whether the paragraph is a line of a table of contents."""
        return any(_CONTENTS.fullmatch(name) for name in self.names(paragraph))

    def look(self, run: etree._Element, paragraph: etree._Element | None) -> Look:
        """How a run looks by itself, by its character style and by its paragraph's style."""
        own = value(child(run, "rPr", "rStyle"))
        base = value(child(paragraph, "pPr", "pStyle")) if paragraph is not None else ""
        sources = (run, *self.chain(own), *self.chain(base))

        def on(*names: str) -> bool:
            for source in sources:
                answers = [is_on(child(source, "rPr", name)) for name in names]
                if any(answer is not None for answer in answers):
                    return any(answers)
            return False

        shifted = next((found for source in sources if (found := value(child(source, "rPr", "vertAlign")))), "")
        raised = {"superscript": "sup", "subscript": "sub"}.get(shifted, "")
        return Look(on("b"), on("i"), raised, on("vanish"), on("strike", "dstrike"))
