"""The runs of a Word paragraph as pieces of text: every wrapper opened, nothing that is hidden or crossed out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from policytrail.text.hidden_characters import without_hidden

from .styles import Look, Styles
from .xml import ACCEPTED, child, is_on, opened, tag, value, words

_SIGNS = {"tab": " ", "ptab": " ", "noBreakHyphen": "\u2011", "br": "\n", "cr": "\n", "softHyphen": ""}
# Signs of Word's picture fonts, by their code there.
_PICTURES = {
    "F0FE": "☒", "F053": "☒", "F0FD": "☒", "F078": "☒", "F054": "☒", "F0FC": "✓", "F050": "✓", "F0FB": "✗", "F04F": "✗",
    "F052": "☑", "F0A8": "☐", "F06F": "☐", "F071": "☐", "F0A3": "☐", "F030": "☐", "F0B7": "•", "F0A7": "▪", "F0D8": "➢",
    "F0E0": "→", "F0E8": "→", "F0DF": "←",
}  # fmt: skip
_FIELD_LINK = re.compile(r'\s*HYPERLINK\s+(?:\\l\s+)?"([^"]*)"', re.IGNORECASE)
_FIELD_CONTENTS = re.compile(r"\s*(?:TOC|INDEX|TOA)\b", re.IGNORECASE)


PLAIN = Look()


@dataclass(frozen=True)
class Text:
    """A piece of a paragraph that looks alike throughout. `note` is the id of a footnote that stands here."""

    text: str
    look: Look = PLAIN
    link: str = ""
    note: str = ""


@dataclass
class Fields:
    """The fields that are open while a document is read: of each, what it asks for, and whether its result has begun."""

    open: list[list[str]] = field(default_factory=list)
    results: list[bool] = field(default_factory=list)

    @property
    def is_contents(self) -> bool:
        """Whether what stands here is the result of a table of contents."""
        return any(_FIELD_CONTENTS.match("".join(asked)) for asked in self.open)

    @property
    def is_code(self) -> bool:
        """Whether what stands here is a field's own code, which nobody sees."""
        return not all(self.results)

    @property
    def link(self) -> str:
        """Where the innermost link field leads."""
        found = (_FIELD_LINK.match("".join(asked)) for asked in reversed(self.open))
        return next((match[1] for match in found if match), "")

    def sign(self, element: etree._Element) -> str:
        """A field begins, its result begins, or it ends. Out: what stands for a check box of an old form."""
        kind = value(element, "fldCharType")
        if kind == "begin":
            self.open.append([])
            self.results.append(False)
            return _box(child(element, "ffData", "checkBox"))
        if kind == "separate" and self.results:
            self.results[-1] = True
        elif kind == "end" and self.open:
            self.open.pop()
            self.results.pop()
        return ""


def _box(element: etree._Element | None) -> str:
    if element is None:
        return ""
    ticked = is_on(child(element, "checked"))
    return "☒" if (is_on(child(element, "default")) if ticked is None else ticked) else "☐"


@dataclass
class Runs:
    """What reads the runs of all paragraphs of one file, and remembers what it left out."""

    styles: Styles
    links: Mapping[str, str]
    gone: frozenset[str] = ACCEPTED
    fields: Fields = field(default_factory=Fields)
    hidden: list[str] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    pictures: int = 0
    boxes: list[etree._Element] = field(default_factory=list)
    languages: dict[str, int] = field(default_factory=dict)
    contents: int = 0

    def texts(self, paragraph: etree._Element) -> list[Text]:
        """In: a paragraph. Out: its visible text in order; neighbours that look alike are one piece."""
        made: list[Text] = []
        for piece in self._inside(paragraph, paragraph, ""):
            last = made[-1] if made else None
            if last and not piece.note and not last.note and (last.look, last.link) == (piece.look, piece.link):
                made[-1] = replace(last, text=last.text + piece.text)
            else:
                made.append(piece)
        return made

    def _inside(self, parent: etree._Element, paragraph: etree._Element, link: str) -> Iterator[Text]:
        for element in opened(parent, self.gone):
            name = tag(element)
            if name == "r":
                yield from self._run(element, paragraph, link)
            elif name == "hyperlink":
                anchor = value(element, "anchor")
                target = self.links.get(_relation(element), f"#{anchor}" if anchor else "")
                yield from self._inside(element, paragraph, target)
            elif name == "ruby":
                yield from self._ruby(element, paragraph, link)
            elif name in ("oMath", "oMathPara"):
                yield Text(words(element), link=link)

    def _ruby(self, element: etree._Element, paragraph: etree._Element, link: str) -> Iterator[Text]:
        base, reading = child(element, "rubyBase"), child(element, "rt")
        if base is not None:
            yield from self._inside(base, paragraph, link)
        if reading is not None and (said := words(reading)):
            yield Text(f" ({said})", link=link)

    def _run(self, run: etree._Element, paragraph: etree._Element, link: str) -> Iterator[Text]:
        look = self.styles.look(run, paragraph)
        for element in opened(run, self.gone):
            name = tag(element)
            if name == "fldChar":
                if box := self.fields.sign(element):
                    yield Text(box)
                continue
            if name == "instrText" and self.fields.open:
                self.fields.open[-1].append(element.text or "")
                continue
            if name == "ruby":
                yield from self._ruby(element, paragraph, link)
                continue
            text = self._sign(element, name)
            note = value(element, "id") if name in ("footnoteReference", "endnoteReference") else ""
            if self.fields.is_code or not (text or note):
                continue
            if self.fields.is_contents:
                self.contents += 1
            elif look.hidden or look.struck:
                (self.hidden if look.hidden else self.struck).append(text)
            else:
                self._count(run, text)
                shown = Text(without_hidden(text), look, link or self.fields.link)
                yield replace(shown, note=f"{name[:3]}-{note}") if note else shown

    def _sign(self, element: etree._Element, name: str) -> str:
        """The text that an element of a run stands for."""
        if name in ("t", "delText"):
            return element.text or ""
        if name == "sym":
            code = value(element, "char").upper()
            return _PICTURES.get(code if len(code) == 4 else f"F0{code[-2:]}", "\ufffd")
        if name == "br" and value(element, "type") in ("page", "column"):
            return " "
        if name in ("drawing", "pict", "object"):
            return self._picture(element)
        return _SIGNS.get(name, "")

    def _picture(self, element: etree._Element) -> str:
        """A picture's description; the words of a text box wait until the paragraph ends."""
        boxes = [inner for inner in element.iter(etree.Element) if tag(inner) == "txbxContent"]
        self.boxes += boxes
        about = next((inner for inner in element.iter(etree.Element) if tag(inner) in ("docPr", "shape")), None)
        said = (about.get("descr") or about.get("alt") or "") if about is not None else ""
        if not boxes:
            self.pictures += 1
        return said

    def _count(self, run: etree._Element, text: str) -> None:
        spoken = value(child(run, "rPr", "lang"))
        if spoken:
            self.languages[spoken] = self.languages.get(spoken, 0) + len(text)


def _relation(element: etree._Element) -> str:
    return next((str(found) for name, found in element.attrib.items() if str(name).endswith("}id")), "")
