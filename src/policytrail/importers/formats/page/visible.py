"""What a reader of a page can't see, or sees crossed out, is no part of the text: it is taken out, and named."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from .elements import words_of

_STRUCK = ("del", "s", "strike")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|font-size\s*:\s*0(?:px|em|rem|pt|%)?\s*(?:;|!|$)|mso-hide\s*:\s*all",
    re.IGNORECASE,
)
_LINE_THROUGH = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_RULE = re.compile(r"\.([A-Za-z][\w-]*)\s*\{([^{}]*)\}")
SHOWN = 3  # pieces that a remark quotes


def take_out_unseen(root: etree._Element) -> tuple[str, ...]:
    """In: a page, which is changed. Out: a remark for what was hidden and one for what was crossed out, with its words."""
    gone, struck = _classes(root)
    hidden = [element for element in root.iter(etree.Element) if _is_hidden(element, gone)]
    remarks = _named("that a reader of the page can't see", _drop(hidden))
    crossed = [element for element in root.iter(etree.Element) if _is_struck(element, struck)]
    return (*remarks, *_named("that is crossed out", _drop(crossed)))


def _classes(root: etree._Element) -> tuple[frozenset[str], frozenset[str]]:
    """The classes that the page's own style sheet hides, and those that it crosses out."""
    sheets = "\n".join("".join(sheet.itertext()) for sheet in root.iter("style"))
    rules = _RULE.findall(re.sub(r"@media[^{]*print[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", sheets)[:200_000])
    gone = frozenset(name for name, body in rules if _HIDDEN.search(body))
    return gone, frozenset(name for name, body in rules if _LINE_THROUGH.search(body))


def _is_hidden(element: etree._Element, classes: frozenset[str]) -> bool:
    style = element.get("style") or ""
    return (
        (element.get("hidden") is not None and element.get("hidden") != "until-found")
        or bool(_HIDDEN.search(style))
        or not classes.isdisjoint((element.get("class") or "").split())
    ) and element.tag not in ("html", "body")


def _is_struck(element: etree._Element, classes: frozenset[str]) -> bool:
    return (
        element.tag in _STRUCK
        or bool(_LINE_THROUGH.search(element.get("style") or ""))
        or not classes.isdisjoint((element.get("class") or "").split())
    )


def _drop(elements: Iterable[etree._Element]) -> list[str]:
    """Take the elements out, the text behind them stays. Out: the words of those that had any."""
    words = []
    for element in elements:
        parent = element.getparent()
        if parent is None:
            continue
        words.append(words_of(element))
        _keep_tail(element, parent)
        parent.remove(element)
    return [said for said in words if said]


def _keep_tail(element: etree._Element, parent: etree._Element) -> None:
    before = element.getprevious()
    if before is None:
        parent.text = (parent.text or "") + (element.tail or "")
    else:
        before.tail = (before.tail or "") + (element.tail or "")


def _named(what: str, words: list[str]) -> tuple[str, ...]:
    if not words:
        return ()
    shown = "; ".join(f"“{said[:80]}”" for said in words[:SHOWN])
    more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
    return (f"Left out, text {what}: {shown}{more}.",)
