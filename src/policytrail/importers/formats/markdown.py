"""Markdown files: read as they are; front matter goes, and what our renderer won't show as meant is named."""

from __future__ import annotations

import re

from policytrail.errors import Problem, SourceError

from .decoded_file import Reading, decode

MAX_DEPTH = 50
_FRONT_MATTER = re.compile(r"\A---\n(?:[^\n]*\n){0,200}?(?:---|\.\.\.)\n")
_RAW_HTML = re.compile(r"<(?:/?[a-z][a-z0-9-]*(?:\s[^<>]*)?/?|!--)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/[a-z+.-]{1,40};base64,[A-Za-z0-9+/=]+")
_LEAD = re.compile(r"[ \t>*+-]*")


def convert(name: str, raw: bytes) -> Reading:
    """In: name for messages, bytes. Out: the Markdown. Raises SourceError for bad text and for nesting without end."""
    text, remarks = decode(name, raw)
    body = _FRONT_MATTER.sub("", text)
    if body != text:
        remarks += ("The front matter at the top of the file was left out.",)
    body, pictures = _PICTURE.subn("", body)
    if pictures:
        remarks += (f"{pictures} pictures that stand inside the file were left out; their descriptions stay.",)
    check_depth(name, body)
    tags = len(_RAW_HTML.findall(body))
    if tags:
        remarks += (f"{tags} pieces of raw HTML stand in the Markdown; they will be shown as plain text.",)
    return Reading(body, remarks)


def check_depth(name: str, markdown: str) -> None:
    """Raise SourceError where lists or quotations are nested deeper than anyone can read."""
    for number, line in enumerate(markdown.split("\n"), 1):
        lead = _LEAD.match(line)
        marks = lead.group() if lead else ""
        if not line.strip(" \t*-_"):
            continue  # a rule across the page, or blank
        if len(marks.expandtabs(4)) > 8 * MAX_DEPTH or sum(marks.count(each) for each in ">*+-") > MAX_DEPTH:
            message = f"Lists or quotations are nested deeper than {MAX_DEPTH} levels."
            raise SourceError(Problem(name, number, message, "Flatten them."))
