"""Small questions to the XML of a Word file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
LAST = 999_999  # no list of a policy counts further
# Elements that only wrap what a reader sees; everything inside stands where they stand.
_WRAPPERS = frozenset(
    {"sdt", "sdtContent", "smartTag", "customXml", "fldSimple", "dir", "bdo", "ins", "del", "moveFrom", "moveTo"}
)
ACCEPTED = frozenset({"del", "moveFrom"})  # what is gone once all tracked changes are accepted
REJECTED = frozenset({"ins", "moveTo"})  # and once all are rejected

Parts = Mapping[str, etree._Element]


def tag(element: etree._Element) -> str:
    """The element's name without its namespace; "" for comments."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """The first element on a path of names below the element; None where one is missing."""
    for name in names:
        element = next((inner for inner in element if tag(inner) == name), None) if element is not None else None
    return element


def value(element: etree._Element | None, name: str = "val") -> str:
    """An attribute of the element, "" where either is missing."""
    if element is None:
        return ""
    return str(element.get(f"{{{_MAIN}}}{name}") or element.get(f"{{{_STRICT}}}{name}") or element.get(name) or "")


def is_on(element: etree._Element | None) -> bool | None:
    """Whether a property that is there or not is on; None where it isn't given."""
    return None if element is None else value(element).lower() not in ("0", "false", "off", "none")


def number(text: str, default: int, last: int = LAST) -> int:
    """A whole number of the file's, kept within what makes sense; the default for what is none."""
    return min(int(text), last) if text.isascii() and text.isdigit() and len(text) < 10 else default


def opened(element: etree._Element, gone: frozenset[str] = frozenset()) -> Iterator[etree._Element]:
    """The element's children, and in the place of a wrapper what it wraps. `gone`: what is passed over with all in it."""
    for inner in element:
        name = tag(inner)
        if name in gone or (name == "sdt" and _is_placeholder(inner)):
            continue
        if name in _WRAPPERS:
            yield from opened(inner, gone)
        elif name == "AlternateContent":
            yield from opened(_shown(inner), gone)
        else:
            yield inner


def _is_placeholder(element: etree._Element) -> bool:
    """A content control that nobody has filled in shows only what to write there."""
    return is_on(child(element, "sdtPr", "showingPlcHdr")) is True


def _shown(element: etree._Element) -> etree._Element:
    """Of several ways to write one thing the first that has words, else the first."""
    ways = [inner for inner in element if tag(inner) in ("Choice", "Fallback")]
    return next((way for way in ways if words(way)), ways[0] if ways else element)


def words(element: etree._Element) -> str:
    """The text below an element, in one line."""
    texts = (inner.text or "" for inner in element.iter(etree.Element) if tag(inner) in ("t", "delText"))
    return " ".join("".join(texts).split())
