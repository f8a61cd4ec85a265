"""Web pages: the text with its headings, lists, tables and links; nothing that runs, navigates or asks for input.

lxml's forgiving parser makes the tree (no network, no entities of the page's own, at most 256 levels); `page` turns
it into Markdown, because it must escape what Markdown would read and keep every word that a reader sees.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import lxml.html
from lxml import etree

from policytrail.errors import Problem, SourceError

from .decoded_file import Reading, decode
from .page import document_markdown
from .page.visible import take_out_unseen

MAX_DEPTH = 120
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
)  # no XML has them, so that a tree can't be edited with them
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_CONTROLS = ("input", "select", "textarea", "button", "option", "datalist")
_LEFT_OUT = {
    "scripts": ("script", "noscript", "template"),
    "styles": ("style",),
    "navigation": ("nav", "footer"),
    "form fields": _CONTROLS,
    "embedded objects": ("iframe", "object", "embed", "svg", "canvas", "video", "audio"),
}
_SMALL_FORM = 300
_MAIN_WORDS = 5
_BANNER_LENGTH = 1_500
_BANNER = re.compile(r"\bcookies\b.*\b(?:accept|reject|allow|manage|preferences|consent)\b", re.IGNORECASE | re.DOTALL)
_POLICY = re.compile(
    r"\b(?:we (?:collect|share|store|keep|retain|process|sell)|personal (?:data|information)|(?:privacy|cookie) "
    r"(?:policy|notice) (?:describes|explains|applies))\b",
    re.IGNORECASE,
)


def convert(name: str, raw: bytes) -> Reading:
    """In: name for messages, bytes. Out: Markdown. Raises SourceError for bad text and for nesting without end."""
    declared = _CHARSET.search(raw[:4096])
    text, remarks = decode(name, raw, declared[1].decode("ascii") if declared else None)
    return page(name, text, remarks)


def page(name: str, text: str, remarks: tuple[str, ...] = ()) -> Reading:
    """The same for a page that is text already; `remarks` come first."""
    root = parse(name, text)
    _mark_boxes(root)
    remarks += take_out_unseen(root)
    left_out = _strip(root)
    language = (root.get("lang") or "").strip()
    if left_out:
        remarks += (f"Left out of the page: {', '.join(f'{what} ({n})' for what, n in sorted(left_out.items()))}.",)
    body = _main(root)
    _refuse_consent_banner(name, body)
    markdown = document_markdown(body)
    if not re.search(r"^# ", markdown, re.MULTILINE) and (title := root.findtext(".//title")):
        markdown = f"# {' '.join(title.split())}\n\n{markdown}" if markdown else ""
    return Reading(markdown + "\n", remarks, language if _LANGUAGE.fullmatch(language) else None)


def _mark_boxes(root: Any) -> None:
    """A check box in the text says something: it becomes the sign that a reader sees."""
    for box in list(root.iter("input")):
        if (box.get("type") or "").lower() in ("checkbox", "radio") and box.getparent() is not None:
            box.tag = "span"
            box.text = "☒" if box.get("checked") is not None else "☐"


def _refuse_consent_banner(name: str, body: Any) -> None:
    """Raise SourceError for a saved page whose only text is its question about cookies."""
    words = " ".join("".join(body.itertext()).split())
    if len(words) < _BANNER_LENGTH and _BANNER.search(words) and not _POLICY.search(words):
        message = "This page holds only a banner that asks for consent to cookies; the policy's text isn't in it."
        hint = "Open the policy in a browser, answer the banner, and save the page again."
        raise SourceError(Problem(name, 0, message, hint))


def parse(name: str, text: str) -> Any:
    """The page as a tree. Raises SourceError where elements are nested deeper than any page needs."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(_CONTROL.sub("\ufffd", text).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise SourceError(Problem(name, 0, "There is no text in this page.", "Give the page that holds it.")) from None
    deep = next((each.line for each in parser.error_log if "depth" in each.message), None)
    if deep is not None or _depth(root) > MAX_DEPTH:
        message = f"The page's elements are nested deeper than {MAX_DEPTH} levels."
        raise SourceError(Problem(name, deep or 0, message, "Save a simpler copy of the page."))
    return root


def _depth(root: Any) -> int:
    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _strip(root: Any) -> Counter[str]:
    """Take out what isn't the policy's text; say what and how often."""
    found: Counter[str] = Counter()
    found["forms"] += _drop([each for each in root.iter("form") if _is_small(each)])
    for what, tags in _LEFT_OUT.items():
        found[what] += _drop(list(root.iter(*tags)))
    found["navigation"] += _drop(root.xpath("//*[@role='navigation' or @role='search']"))
    handlers = sum(name.startswith("on") for each in root.iter(etree.Element) for name in each.attrib)
    found["event handlers"] += handlers
    scripted = root.xpath("//a[starts-with(translate(normalize-space(@href), 'JAVSCRIPT', 'javscript'), 'javascript')]")
    found["javascript: links"] += len(scripted)
    return +found


def _is_small(form: Any) -> bool:
    """A search box or sign-up form; some sites wrap the whole page in a form, and that must stay."""
    return len(" ".join("".join(form.itertext()).split())) < _SMALL_FORM


def _drop(elements: Iterable[Any]) -> int:
    dropped = 0
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()
            dropped += 1
    return dropped


def _main(root: Any) -> Any:
    """The part of the page that calls itself its main part, if there is exactly one with text in it; else the body."""
    mains = [main for main in root.xpath("//main | //*[@role='main']") if not main.xpath("ancestor::main")]
    if len(mains) == 1 and len("".join(mains[0].itertext()).split()) >= _MAIN_WORDS:
        return mains[0]
    body = root.find("body")
    return root if body is None else body
