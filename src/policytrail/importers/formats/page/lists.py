"""Lists as Markdown. A number or letter that the text refers to stays the one that a reader of the page sees."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from .elements import SKIPPED

Blocks = Callable[[etree._Element], list[str]]
# On a list item: the mark before it as its page or document shows it, for example "(a)".
LABEL = "data-label"
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)", re.IGNORECASE)
_KINDS = {
    "a": "lower-alpha",
    "A": "upper-alpha",
    "i": "lower-roman",
    "I": "upper-roman",
    "1": "decimal",
    "lower-latin": "lower-alpha",
    "upper-latin": "upper-alpha",
}
_MARK = re.compile(r"(?:[-*] |\d+[.)] )")


def list_block(element: etree._Element, blocks: Blocks, before: str) -> list[str]:
    """In: a list, what makes the blocks of an item, the block that stands before it. Out: the list as one block.

    Text between items is not valid, but met: it is an item too. A list that follows another one directly has another
    mark, because Markdown would make one list of both.
    """
    other = bool(_MARK.match(before)) and before[0].isdigit() == (element.tag == "ol")
    other = other and (before.startswith("- ") or bool(re.match(r"\d+\. ", before)))
    items: list[str] = []
    number = _start(element)
    expected = None
    for child in element:
        if not isinstance(child.tag, str) or child.tag in SKIPPED:
            continue
        inner = list_block(child, blocks, "") if child.tag in ("ul", "ol") else blocks(child)
        if not inner:
            continue
        number = _whole(child.get("value"), number)
        label = child.get(LABEL) or _label(element, number)
        if label is not None:
            mark = "* " if other else "- "
            inner = [f"{_escaped(label)} {inner[0]}", *inner[1:]]
        elif element.tag == "ol":
            # Markdown counts on by itself; where the page doesn't, a new list begins.
            other ^= expected is not None and number != expected
            mark = f"{number}{')' if other else '.'} "
            expected = number + 1
        else:
            mark = "* " if other else "- "
        number += -1 if element.get("reversed") is not None else 1
        items.append(mark + _hang(inner).replace("\n", "\n" + " " * len(mark)))
    return ["\n".join(re.sub(r"\n +(?=\n|$)", "\n", item) for item in items)] if items else []


def _start(element: etree._Element) -> int:
    if element.get("start") is None and element.get("reversed") is not None:
        return len(element.findall("li"))
    return _whole(element.get("start"), 1)


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text.strip()) else default


def _label(element: etree._Element, number: int) -> str | None:
    """The mark of an item of a list that doesn't count in figures; None for bullets and figures."""
    if element.tag != "ol":
        return None
    style = _STYLE.search(element.get("style") or "")
    kind = style[1].lower() if style else (element.get("type") or "1")
    return label(_KINDS.get(kind, kind), number)


def label(kind: str, number: int) -> str | None:
    """In: a way to count (`lower-alpha`, `upper-roman`, ...), a number. Out: its mark, None where it counts in figures."""
    if kind.endswith("-alpha") and number > 0:
        text = letters(number)
    elif kind.endswith("-roman") and 0 < number < 4000:
        text = roman(number)
    else:
        return None
    return f"{text.upper() if kind.startswith('upper') else text}."


def letters(number: int) -> str:
    """1 is a, 26 is z, 27 is aa."""
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(97 + rest) + text
    return text


def roman(number: int) -> str:
    """4 is iv."""
    text = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    ):
        count, number = divmod(number, value)
        text += sign * count
    return text


def _escaped(text: str) -> str:
    """A mark in front of an item's words, so that Markdown takes it for words."""
    return re.sub(r"([\\`*_\[\]<])", r"\\\1", re.sub(r"^(\d+)([.)])$", r"\1\\\2", re.sub(r"^([-+#>])", r"\\\1", text)))


def _hang(inner: list[str]) -> str:
    """An item's blocks: a list directly below its sentence stays tight."""
    text = inner[0]
    for block in inner[1:]:
        text += ("\n" if _MARK.match(block) else "\n\n") + block
    return text
