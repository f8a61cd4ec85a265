"""Markdown files: plain ones are read as they are. Where one has more than our renderer shows (HTML, crossed out text,
footnotes, definition lists), it is rendered, and the page is read as any page is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import yaml
from markdown_it import MarkdownIt

from policytrail.errors import Problem, SourceError

from .decoded_file import Reading, decode
from .html import page

MAX_DEPTH = 50
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n((?:[^\n]*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_MAX_FRONT = 20_000
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ATTRIBUTES = re.compile(r"^[ \t>]*\{:[^{}\n]{0,500}\}[ \t]*$\n?|(?<=\S)[ \t]*\{:[^{}\n]{0,500}\}", re.MULTILINE)
_HEADING_ID = re.compile(r"^( {0,3}#{1,6}[ \t].*?)[ \t]*\{[#.][^{}\n]{0,200}\}[ \t]*$", re.MULTILINE)
_CONTENTS = re.compile(
    r"^[ \t]*(?:[-*+]|1\.)[ \t]+\S{1,20}[ \t]*\n(?=[ \t]*\{:toc)|^[ \t]*\[\[?_?toc_?\]\]?[ \t]*$\n?",
    re.MULTILINE | re.IGNORECASE,
)
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]{1,100})\]:[ \t]*(.*(?:\n(?:[ \t]*\n)?(?: {2,}|\t).*)*)\n?", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^([^\]\s]{1,100})\]")
_DEFINITION = re.compile(r"^(?![ \t]*(?:[-*+>#|:]|\d+[.)]))(\S.{0,200})\n\n?:[ \t]{1,4}(?=\S)", re.MULTILINE)
_MORE_DEFINITION = re.compile(r"^:[ \t]{1,4}(?=\S)", re.MULTILINE)
_CODE = re.compile(
    r"(^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\2[`~]*[ \t]*$|\Z)|`+[^`\n]+`+)", re.DOTALL | re.MULTILINE
)
_PREFIXED = re.compile(r"</?[a-z][a-z0-9]*:[a-z][\w-]*(?:\s[^<>]*)?/?>", re.IGNORECASE)  # Word's own, as <o:p>
_RAW_HTML = re.compile(r"<(?:/?[a-z][a-z0-9:-]*(?:\s[^<>]*)?/?)>", re.IGNORECASE)
_AUTOLINK = re.compile(r"<(?:https?://|mailto:|[\w.+-]+@)[^\s<>]+>", re.IGNORECASE)
_STRUCK = re.compile(r"~~(?=\S).+?~~", re.DOTALL)
_PICTURE = re.compile(r"data:image/[a-z+.-]{1,40};base64,[A-Za-z0-9+/=]+")
_LEAD = re.compile(r"[ \t>*+-]*")
_RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def convert(name: str, raw: bytes) -> Reading:
    """In: name for messages, bytes. Out: the Markdown. Raises SourceError for bad text and for nesting without end."""
    text, remarks = decode(name, raw)
    front = _FRONT_MATTER.match(text)
    about = _front_matter(front[1]) if front else {}
    body = text[front.end() :] if front else text
    if front:
        remarks += ("The front matter at the top of the file was left out; its title is used where the text has none.",)
    body, pictures = _PICTURE.subn("", body)
    if pictures:
        remarks += (f"Left out {pictures} embedded pictures; their descriptions stay.",)
    check_depth(name, body)
    body = _outside_code(body, _without_marks)
    reading = _rendered(name, body, remarks) if _needs_rendering(body) else Reading(body, remarks)
    language = next((about[key] for key in ("lang", "language", "locale") if about.get(key)), None)
    return Reading(reading.markdown, reading.remarks, language, about.get("title"))


def _front_matter(text: str) -> dict[str, str]:
    """The front matter's plain values; nothing where it is no YAML."""
    if len(text) > _MAX_FRONT:
        return {}
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(key).lower(): " ".join(value.split()) for key, value in found.items() if isinstance(value, str)}


def _without_marks(text: str) -> str:
    """What no reader sees: comments, Word's own tags, attribute lists, ids of headings, the place of a table of contents."""
    text = _PREFIXED.sub("", _COMMENT.sub("", _CONTENTS.sub("", text)))
    return _HEADING_ID.sub(r"\1", _ATTRIBUTES.sub("", text))


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    """The text with a change made to all of it but code."""
    return "".join(_pieces(text, change))


def _pieces(text: str, change: Callable[[str], str]) -> Iterator[str]:
    place = 0
    for code in _CODE.finditer(text):
        yield change(text[place : code.start()])
        yield code[0]
        place = code.end()
    yield change(text[place:])


def _needs_rendering(body: str) -> bool:
    plain = _CODE.sub("", body)
    tags = _RAW_HTML.search(_AUTOLINK.sub("", plain))
    return bool(tags or _STRUCK.search(plain) or _NOTE.search(plain) or _DEFINITION.search(plain))


def _rendered(name: str, body: str, remarks: tuple[str, ...]) -> Reading:
    """The body as a page, read as a page: footnotes become what they are there, and so find their place."""
    notes: dict[str, str] = {}
    body = _NOTE.sub(lambda found: notes.setdefault(found[1], found[2]) and "", body)
    used: dict[str, int] = {}

    def mark(found: re.Match[str]) -> str:
        if found[1] not in notes:
            return found[0]
        count = used.setdefault(found[1], len(used) + 1)
        return f'<sup><a href="#note-{count}">{count}</a></sup>'

    body = _outside_code(body, lambda text: _NOTE_MARK.sub(mark, _definitions(text)))
    said = [f'<li id="note-{count}">{_RENDERER.render(notes[key])}</li>' for key, count in used.items()]
    unused = [_RENDERER.render(text) for key, text in notes.items() if key not in used]
    html = _RENDERER.render(body) + "".join(unused) + (f"<ol>{''.join(said)}</ol>" if said else "")
    return page(name, f"<body>{html}</body>", remarks)


def _definitions(text: str) -> str:
    """Definition lists as paragraphs: the term in italics, its definitions below."""
    return _MORE_DEFINITION.sub("\n", _DEFINITION.sub(r"*\1*\n\n", text))


def check_depth(name: str, markdown: str) -> None:
    """Raise SourceError where lists or quotations are nested deeper than anyone can read."""
    for number, line in enumerate(markdown.split("\n"), 1):
        lead = _LEAD.match(line)
        marks = lead.group() if lead else ""
        if not line.strip(" \t*-_"):
            continue  # a rule across the page, or blank
        if len(marks.expandtabs(4)) > 8 * MAX_DEPTH or sum(marks.count(sign) for sign in ">*+-") > MAX_DEPTH:
            message = f"Lists or quotations are nested deeper than {MAX_DEPTH} levels."
            raise SourceError(Problem(name, number, message, "Flatten them."))
