"""One pass over an XML part of a Word file, without building a tree: document types, depth, open revisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from policytrail.errors import Problem, SourceError

MAX_DEPTH = 100
_REVISIONS = frozenset({"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge"})
_SHOWN = 5  # paragraphs that a message names
_MEND = "In Word, accept or reject all changes (Review, Accept All Changes), then save it again."


def inspect(name: str, part: str, xml: bytes) -> None:
    """In: the file's name, the part's name, its bytes. Raises SourceError for what must not be in a Word file."""
    found = _Findings(name)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = found.doctype
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    parser.CharacterDataHandler = found.characters
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError):  # the second: an encoding that nobody knows
        message = f"This Word file is damaged: {part} can't be read."
        raise SourceError(Problem(name, 0, message, "Open it in Word and save a fresh copy.")) from None
    if found.revisions:
        shown = ", ".join(f"{number} ({opening!r})" for number, opening in found.paragraphs[:_SHOWN])
        more = f" and {len(found.paragraphs) - _SHOWN} more" if len(found.paragraphs) > _SHOWN else ""
        where = f" in paragraphs {shown}{more}" if shown else f" in {part}"
        message = f"This Word file has tracked changes that are still open: {found.revisions},{where}."
        raise SourceError(Problem(name, 0, message, _MEND))


@dataclass
class _Findings:
    """What the parser met so far."""

    name: str
    depth: int = 0
    revisions: int = 0
    paragraph: int = 0
    revised: bool = False
    words: list[str] = field(default_factory=list)
    paragraphs: list[tuple[int, str]] = field(default_factory=list)

    def doctype(self, *about: object) -> None:
        """Entities and outside references begin with a document type; Word writes none."""
        message = "The XML inside this Word file declares a document type; Word never does."
        raise SourceError(Problem(self.name, 0, message, "Open it in Word and save a fresh copy."))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            message = f"The parts of this Word file are nested deeper than {MAX_DEPTH} levels."
            raise SourceError(Problem(self.name, 0, message, "Copy its text into a new document and save that."))
        namespace, _, local = tag.rpartition(" ")
        if "wordprocessingml" not in namespace:
            return
        if local == "p":
            self.paragraph, self.revised, self.words = self.paragraph + 1, False, []
        elif local in _REVISIONS or local.endswith("PrChange"):
            self.revisions += 1
            self.revised = True

    def end(self, tag: str) -> None:
        """An element closes."""
        self.depth -= 1
        if tag.endswith("/main p"):
            if self.revised:
                text = " ".join("".join(self.words).split())
                self.paragraphs.append((self.paragraph, text[:60]))
            self.revised = False

    def characters(self, text: str) -> None:
        """Text of the paragraph that is open, for the message."""
        if len(self.words) < 50:
            self.words.append(text)
