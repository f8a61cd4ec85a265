"""A Word file back as blocks: pending revisions count as accepted, comments are kept, nothing that has words is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from policytrail.errors import Problem, SourceError
from policytrail.render.documents.docx_package.blocks import Block, Kind, Span, tidy
from policytrail.render.documents.docx_package.layout import Mark, Placed, Written
from policytrail.render.documents.docx_package.write import R, W
from policytrail.render.shared.links import is_safe
from policytrail.text.hidden_characters import without_hidden

from .package import MAIN, xml_parts
from .styles import Styles

_GONE = frozenset({"del", "moveFrom"})
_THROUGH = frozenset({"ins", "moveTo", "smartTag", "sdtContent", "customXml", "fldSimple", "dir", "bdo"})
_ELSEWHERE = {
    "drawing": "a picture or text box",
    "pict": "a picture or text box",
    "object": "an embedded object",
    "footnoteReference": "a footnote",
    "endnoteReference": "an endnote",
    "oMath": "a formula",
}
_SIGNS = {"tab": " ", "noBreakHyphen": "\u2011", "br": "\n", "cr": "\n", "softHyphen": ""}


@dataclass(frozen=True)
class Comment:
    """A remark in the margin: by whom, when (as the file spells it), what it says, which words it is about, and where.

    `place` is the number of the block it stands at.
    """

    author: str
    when: str
    text: str
    about: str
    place: int


@dataclass(frozen=True)
class Document:
    """What a Word file says: blocks with our bookmarks, comments, and sentences about what couldn't be taken over."""

    placed: tuple[Placed, ...]
    comments: tuple[Comment, ...]
    leftovers: tuple[str, ...]


@dataclass
class _Open:
    """The paragraph that is being read."""

    spans: list[Span] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    handed: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


@dataclass
class _Reader:
    styles: Styles
    links: Mapping[str, str]
    made: list[Placed] = field(default_factory=list)
    now: _Open = field(default_factory=_Open)
    running: dict[str, str] = field(default_factory=dict)  # comments whose range is open, with their words so far
    about: dict[str, tuple[str, int]] = field(default_factory=dict)
    leftovers: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def body(self, parent: etree._Element) -> None:
        """Everything that stands in the body, or in a container of it."""
        for each in parent:
            tag = _tag(each)
            if tag == "p":
                self.paragraph(each)
            elif tag == "tbl":
                self.table(each)
            elif tag == "sdt" or tag in _THROUGH:
                self.body(each)
            else:
                self.sign(each, tag)

    def paragraph(self, element: etree._Element) -> None:
        """One paragraph; one whose end is deleted runs on into the next."""
        self.inline(element, Span(""), gone=False)
        if not any(_tag(each) in _GONE for each in element.iterfind(f"{{{W}}}pPr/{{{W}}}rPr/*")):
            self.close(self.shape(element))
        elif not any(span.text.strip() for span in self.now.spans):
            self.hand_on()

    def hand_on(self) -> None:
        """Nothing is left of a paragraph: its bookmarks wait at the next one."""
        self.now.spans = []
        self.now.handed, self.now.marks = [*self.now.handed, *self.now.marks], []

    def shape(self, element: etree._Element) -> Block:
        """What kind of paragraph it is, by its style and its list."""
        kind, level = self.styles.kind(element)
        listed = self.styles.list_of(element) if kind in ("text", "item") else None
        if listed:
            depth, number = self.styles.number(*listed)
            return Block("item", level=depth, number=number)
        if kind not in ("item", "more"):
            self.styles.no_list()
        return Block("text" if kind == "item" else kind, level=level)

    def close(self, shape: Block) -> None:
        """The open paragraph ends as a block of that shape; an empty one hands its bookmarks on."""
        spans = tuple(self.now.spans)
        spans = (Span("".join(span.text for span in spans)),) if shape.kind == "code" else tidy(spans)
        block = replace(shape, spans=spans)
        if not block.text.strip():
            self.hand_on()
            return
        self.add(block)

    def add(self, block: Block) -> None:
        """A finished block; the comments that began in it know their place now."""
        for identity in self.now.comments:
            self.about[identity] = (self.about.get(identity, ("", 0))[0], len(self.made))
        self.made.append(Placed(block, tuple(self.now.marks), tuple(self.now.handed)))
        self.now = _Open()

    def table(self, element: etree._Element) -> None:
        """The rows that stay; a cell's paragraphs become its lines."""
        self.styles.no_list()
        for row in element.iterfind(f"{{{W}}}tr"):
            if any(_tag(each) in _GONE for each in row.iterfind(f"{{{W}}}trPr/*")):
                continue
            cells = tuple(self.cell(each) for each in row.iterfind(f"{{{W}}}tc"))
            if any(cells):
                self.add(Block("row", cells=cells))

    def cell(self, element: etree._Element) -> tuple[Span, ...]:
        """The words of one cell."""
        kept, self.now.spans = self.now.spans, []
        for each in element.iter(f"{{{W}}}p"):
            self.inline(each, Span(""), gone=False)
            self.now.spans.append(Span("\n"))
        made, self.now.spans = tidy(self.now.spans), kept
        return made

    def inline(self, parent: etree._Element, look: Span, gone: bool) -> None:
        """Runs in order; inside what is gone only bookmarks and comments count."""
        for each in parent:
            tag = _tag(each)
            if tag == "r":
                self.run(each, look, gone)
            elif tag == "hyperlink":
                self.inline(each, replace(look, link=self.target(each)), gone)
            elif tag in _GONE:
                self.inline(each, look, True)
            elif tag == "sdt" or tag in _THROUGH:
                self.inline(each, look, gone)
            else:
                self.sign(each, tag)

    def sign(self, element: etree._Element, tag: str) -> None:
        """Bookmarks and comment ranges, and what has words but no place in a policy."""
        identity = element.get(f"{{{W}}}id", "")
        name = element.get(f"{{{W}}}name", "")
        if tag == "bookmarkStart" and (Mark.of(name) or Written.of(name)):
            if name not in self.seen:  # LibreOffice writes a bookmark over several paragraphs twice
                self.now.marks.append(name)
            self.seen.add(name)
        elif tag == "commentRangeStart":
            self.running[identity] = ""
            self.now.comments.append(identity)
        elif tag == "commentRangeEnd":
            self.about[identity] = (self.running.pop(identity, ""), self.about.get(identity, ("", len(self.made)))[1])
        elif tag in _ELSEWHERE:
            words = " ".join("".join(each.text or "" for each in element.iter(f"{{{W}}}t")).split())
            self.leftovers.append(
                f"{_ELSEWHERE[tag]} stands after block {len(self.made)}" + (f": {words}" if words else "")
            )

    def target(self, element: etree._Element) -> str:
        """Where a link leads, if a policy's link may lead there."""
        anchor = element.get(f"{{{W}}}anchor")
        found = self.links.get(element.get(f"{{{R}}}id", ""), f"#{anchor}" if anchor else "")
        if found and not is_safe(found):
            self.leftovers.append(f"a link that can't stand in a policy was dropped (its words stay): {found}")
            return ""
        return found

    def run(self, element: etree._Element, look: Span, gone: bool) -> None:
        """The text of one run."""
        if self.styles.is_code(element):
            mine = Span("", code=True, link=look.link)
        else:
            mine = replace(look, bold=self.styles.on(element, "b"), italic=self.styles.on(element, "i"))
        for each in element:
            tag = _tag(each)
            text = (each.text or "") if tag == "t" else _SIGNS.get(tag)
            if tag == "br" and each.get(f"{{{W}}}type") in ("page", "column"):
                text = " "
            if text is None:
                if tag == "commentReference":
                    self.now.comments.append(each.get(f"{{{W}}}id", ""))
                elif tag == "AlternateContent" or tag in _ELSEWHERE:
                    self.sign(each, "drawing" if tag == "AlternateContent" else tag)
            elif not gone:
                clean = without_hidden(text)
                self.now.spans.append(replace(mine, text=clean))
                self.running = {name: words + clean for name, words in self.running.items()}


def _tag(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def read(name: str, raw: bytes) -> Document:
    """In: the file's name for messages, its bytes. Out: what it says once every pending revision is accepted.

    Raises SourceError for what is no sound Word file.
    """
    parts = xml_parts(name, raw)
    body = parts[MAIN].find(f"{{{W}}}body")
    if body is None:
        raise SourceError(Problem(name, 0, "This Word file has no body.", "Save a fresh copy in Word."))
    reader = _Reader(Styles.of(parts), _links(parts))
    reader.body(body)
    if reader.now.spans:
        reader.close(Block("text"))
    comments = tuple(_comments(parts, reader))
    return Document(tuple(reader.made), comments, (*reader.leftovers, *_other_parts(parts)))


def _links(parts: Mapping[str, etree._Element]) -> dict[str, str]:
    rels = parts.get("word/_rels/document.xml.rels")
    return {rel.get("Id", ""): rel.get("Target", "") for rel in (rels if rels is not None else ())}


def _comments(parts: Mapping[str, etree._Element], reader: _Reader) -> Iterator[Comment]:
    root = parts.get("word/comments.xml")
    for each in root if root is not None else ():
        identity = each.get(f"{{{W}}}id", "")
        lines = ["".join(t.text or "" for t in p.iter(f"{{{W}}}t")) for p in each.iter(f"{{{W}}}p")]
        about, place = reader.about.get(identity, ("", max(len(reader.made) - 1, 0)))
        yield Comment(
            each.get(f"{{{W}}}author", "") or "unnamed",
            each.get(f"{{{W}}}date", ""),
            "\n".join(filter(None, map(str.strip, lines))),
            " ".join(about.split()),
            place,
        )


def _other_parts(parts: Mapping[str, etree._Element]) -> Iterator[str]:
    """Words in headers, footers and notes, where a policy has none."""
    kinds = {
        "word/header": "a page header",
        "word/footer": "a page footer",
        "word/footnotes": "a footnote",
        "word/endnotes": "an endnote",
    }
    for part, root in parts.items():
        kind = next((words for start, words in kinds.items() if part.startswith(start)), None)
        for each in root if kind else ():
            words = " ".join("".join(t.text or "" for t in each.iter(f"{{{W}}}t")).split())
            if words:
                yield f"{kind} says: {words}"


__all__ = ["Comment", "Document", "Kind", "read"]
