"""The words of a sentence as Markdown: links, emphasis and raised figures; every sign that Markdown would read is escaped."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from .elements import BREAK, SKIPPED, is_inline

_SIGNS = re.compile(r"([\\`*\[\]]|(?<!\w)_|_(?!\w)|<(?=[a-zA-Z/!?])|&(?=#?\w+;)|~(?=~))")
_SAFE = re.compile(r"(?:https?://|mailto:|tel:|/(?!/))[^\s<>()\x00-\x20\\]+", re.IGNORECASE)
_RAISED = str.maketrans("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")
# Hosts that only pass a reader on, and the parameter of their address that says where to.
_REDIRECTS = (
    (re.compile(r"(?:www\.)?google\.[a-z.]{2,6}"), "/url", ("q", "url")),
    (re.compile(r"(?:l|lm)\.(?:facebook|instagram)\.com"), "/l.php", ("u",)),
    (re.compile(r"[a-z0-9.-]+\.safelinks\.protection\.outlook\.com"), "/", ("url",)),
    (re.compile(r"(?:www\.)?youtube\.com"), "/redirect", ("q",)),
    (re.compile(r"slack-redir\.net"), "/link", ("url",)),
    (re.compile(r"out\.reddit\.com"), "/", ("url",)),
)


def escape(text: str | None) -> str:
    """Text of a page so that Markdown shows it as it is."""
    return _SIGNS.sub(r"\\\1", text) if text else ""


def inline(element: etree._Element) -> str:
    """One element of a sentence with all inside it. A line break is `BREAK`."""
    tag = element.tag
    if tag == "br":
        return BREAK
    if tag == "img":
        return escape(element.get("alt"))
    inner = inside(element)
    if tag == "a":
        return _link(element, inner)
    if tag in ("b", "strong"):
        return marked("**", inner)
    if tag in ("i", "em", "cite"):
        return marked("*", inner)
    if tag in ("sup", "sub"):
        return _shifted(tag, inner)
    if tag == "q":
        return f"“{inner}”"
    if tag == "rt":
        return f" ({inner.strip()})" if inner.strip() else ""
    return inner


def inside(element: etree._Element) -> str:
    """The words inside an element of a sentence, without what the element itself means."""
    return escape(element.text) + "".join(
        (inline(child) if isinstance(child.tag, str) and child.tag not in SKIPPED else "") + escape(child.tail)
        for child in element
    )


def one_line(element: etree._Element) -> str:
    """All words of an element, blocks inside included, in one line: for headings and cells."""
    return " ".join("".join(_all_inline(element)).replace(BREAK, " ").split())


def _all_inline(element: etree._Element) -> list[str]:
    parts = [escape(element.text)]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in SKIPPED:
            parts += [inline(child)] if is_inline(child) else [" ", *_all_inline(child), " "]
        parts.append(escape(child.tail))
    return parts


def marked(mark: str, inner: str) -> str:
    """Emphasis with its mark close to the words; none inside other emphasis, or around nothing."""
    words = inner.strip(" \t\n" + BREAK)
    if not words or "*" in words.replace("\\*", "") or BREAK in words:
        return inner
    before, after = inner.split(words, 1) if inner.count(words) == 1 else ("", "")
    return f"{before}{mark}{words}{mark}{after}"


def _shifted(tag: str, inner: str) -> str:
    """A raised or lowered figure stays one: "30" with a raised 1 isn't 301."""
    words = inner.strip()
    moved = words.translate(_RAISED if tag == "sup" else _LOWERED)
    if words and not any(sign.isascii() for sign in moved):
        return moved
    raised_figure = tag == "sup" and words.isascii() and any(sign.isdigit() for sign in words) and "[" not in words
    return f"^({words})" if raised_figure else inner


def _link(element: etree._Element, inner: str) -> str:
    target = direct(element.get("href") or "")
    words = " ".join(inner.replace(BREAK, " ").split())
    if not words or not _SAFE.fullmatch(target):
        return inner
    return f"{inner[:1] if inner[:1].isspace() else ''}[{words}]({target}){' ' if inner[-1:].isspace() else ''}"


def direct(target: str) -> str:
    """Where a link leads in the end: mail programs and search pages wrap addresses into redirects of their own."""
    target = target.strip()
    try:
        address = urlsplit(target)
        host = (address.hostname or "").lower()
    except ValueError:
        return target
    for hosts, path, names in _REDIRECTS:
        if hosts.fullmatch(host) and address.path.startswith(path):
            given = parse_qs(address.query)
            found = next((given[name][0] for name in names if name in given), "")
            return found if _SAFE.fullmatch(found) else target
    return target
