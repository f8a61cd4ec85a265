"""Tracked changes that nobody has accepted or rejected, and comments: shown with who made them, never decided here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from lxml import etree

from policytrail.errors import Problem, SourceError

from .xml import Parts, tag, value, words

_DID = {
    "ins": "inserted", "del": "deleted", "moveFrom": "moved away", "moveTo": "moved here", "cellIns": "inserted a cell",
    "cellDel": "deleted a cell", "cellMerge": "merged cells",
}  # fmt: skip
_SHOWN = 5


@dataclass(frozen=True)
class Revision:
    """One tracked change: who did what in which paragraph (counted from 1), and the words."""

    author: str
    did: str
    paragraph: int
    text: str

    def __str__(self) -> str:
        return (
            f"{self.author} {self.did} “{self.text[:60]}” in paragraph {self.paragraph}"
            if self.text
            else (f"{self.author} {self.did} in paragraph {self.paragraph}")
        )


def pending(parts: Parts) -> list[Revision]:
    """In: the parts of a Word file. Out: its open tracked changes of words, in order. A change of looks alone counts as none."""
    found: list[Revision] = []
    for name in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
        root = parts.get(name)
        paragraph = 0
        for element in root.iter(etree.Element) if root is not None else ():
            kind = tag(element)
            paragraph += kind == "p"
            if kind in _DID and value(element, "id") + value(element, "author"):
                parent = element.getparent()
                marks = parent is not None and tag(parent) in ("rPr", "trPr")
                did = f"{_DID[kind]} the end of a paragraph" if marks and tag(parent) == "rPr" else _DID[kind]
                did = f"{_DID[kind]} a table row" if marks and tag(parent) == "trPr" else did
                found.append(
                    Revision(value(element, "author") or "somebody unnamed", did, max(paragraph, 1), words(element))
                )
    return found


def refuse(name: str, found: list[Revision]) -> SourceError:
    """The error for a file with open tracked changes: each author with how many, and the first of them."""
    authors = ", ".join(f"{author} ({count})" for author, count in Counter(one.author for one in found).items())
    shown = "; ".join(str(one) for one in found[:_SHOWN])
    more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    message = f"This Word file has {len(found)} tracked changes that are still open, by {authors}: {shown}{more}."
    hint = (
        "Accept or reject them in Word (Review, Accept All Changes) and save, or import with --tracked-changes accept "
        "or --tracked-changes reject."
    )
    return SourceError(Problem(name, 0, message, hint))


def comments(parts: Parts) -> tuple[str, ...]:
    """A remark for the comments in the margin, which no policy has."""
    root = parts.get("word/comments.xml")
    said = [
        f"{value(one, 'author') or 'somebody unnamed'}: “{words(one)[:120]}”"
        for one in (root if root is not None else ())
        if words(one)
    ]
    if not said:
        return ()
    more = f"; and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return (f"Left out, {len(said)} comments in the margin: {'; '.join(said[:_SHOWN])}{more}.",)
