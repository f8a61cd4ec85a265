"""Which elements of a page make blocks. Every other element is part of the sentence around it, whatever its name."""

from __future__ import annotations

import re

from lxml import etree

SKIPPED = frozenset({"head", "script", "style", "title", "meta", "link", "base", "template", "rp"})
HEADING = re.compile(r"h[1-6]")
BREAK = "\x01"  # a line break, until the line is finished
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav noframes ol optgroup p pre "
    "search section summary table tbody td tfoot th thead tr ul".split()
)


def children(element: etree._Element) -> list[etree._Element]:
    """The element's children that can have words: no comments, scripts or styles."""
    return [child for child in element if isinstance(child.tag, str) and child.tag not in SKIPPED]


def is_inline(element: etree._Element) -> bool:
    """Whether an element belongs to a sentence: neither it nor anything inside makes a block."""
    return not any(inner.tag in _BLOCKS for inner in element.iter(etree.Element))


def words_of(element: etree._Element) -> str:
    """The words inside an element, in one line."""
    return " ".join("".join(element.itertext()).split())
