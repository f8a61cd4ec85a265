"""Footnotes of a page: each note is moved from the end of the text to just below the block that refers to it."""

from __future__ import annotations

import re

from lxml import etree

from .elements import words_of

_BLOCKS = frozenset({"p", "li", "td", "th", "dd", "dt", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "div"})
_MARK = re.compile(r"\[?[0-9ivxlcdm*†‡§a-z]{1,4}\]?", re.IGNORECASE)
_BACK = re.compile(r"[\s↩↑^\u2191\u21a9\ufe0e]*")


def notes_in_place(body: etree._Element) -> None:
    """In: the body of a text, which is changed: a note that a raised mark links to becomes a paragraph of its own, with
    the mark before it, below the paragraph, list or table in which the mark stands. Links back are taken out.
    """
    targets = {element.get("id"): element for element in body.iter(etree.Element) if element.get("id")}
    moved: dict[etree._Element, etree._Element] = {}
    for link in list(body.iter("a")):
        note = targets.get((link.get("href") or "")[1:]) if (link.get("href") or "").startswith("#") else None
        mark = words_of(link)
        if note is None or note.tag not in ("li", "p", "div", "aside", "dd") or not _is_reference(link, mark):
            continue
        del link.attrib["href"]
        if note in moved or any(step is note for step in link.iterancestors()):
            continue
        _drop_links_back(note)
        place = moved.get(note, _after(link, body))
        moved[note] = _put(note, mark.strip("[]"), place)
    _drop_empty(body, moved)


def _is_reference(link: etree._Element, mark: str) -> bool:
    raised = any(step.tag == "sup" for step in (link, *link.iterancestors(), *link.iter()))
    return bool(_MARK.fullmatch(mark)) and (raised or link.get("role") == "doc-noteref" or mark.startswith("["))


def _after(link: etree._Element, body: etree._Element) -> etree._Element:
    """The outermost list, table or paragraph around the mark: what a note can stand below."""
    place = link
    for step in link.iterancestors():
        if step is body:
            break
        if step.tag in _BLOCKS or step.tag in ("ul", "ol", "dl", "table"):
            if step.tag == "div" and place.tag != "a":
                break  # a container of blocks
            place = step
    return place


def _drop_links_back(note: etree._Element) -> None:
    for link in list(note.iter("a")):
        if (link.get("href") or "").startswith("#") and _BACK.fullmatch(words_of(link)):
            link.drop_tree() if hasattr(link, "drop_tree") else link.getparent().remove(link)


def _put(note: etree._Element, mark: str, place: etree._Element) -> etree._Element:
    """The note as a paragraph behind the place."""
    made = etree.Element("div")
    first = next((child for child in note if child.tag == "p"), None)
    sup = etree.Element("sup")
    sup.text = mark
    made[:] = list(note)
    made.text = None if first is not None else note.text
    holder = first if first is not None else made
    sup.tail = " " + (holder.text or "").lstrip()
    holder.text = None
    holder.insert(0, sup)
    parent = place.getparent()
    assert parent is not None  # the mark stands inside the body
    made.tail, place.tail = place.tail, None
    parent.insert(parent.index(place) + 1, made)
    return made


def _drop_empty(body: etree._Element, moved: dict[etree._Element, etree._Element]) -> None:
    """The places from which notes were taken, and what is left of the list that held them."""
    for note in moved:
        parent = note.getparent()
        if parent is None or (note.tail or "").strip():
            continue
        parent.remove(note)
        while parent is not None and parent is not body and not words_of(parent) and len(parent) == 0:
            above = parent.getparent()
            if above is None:
                break
            above.remove(parent)
            parent = above
