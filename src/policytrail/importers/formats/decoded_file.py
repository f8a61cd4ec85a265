"""From bytes to characters: which encoding a file is in, and what was read from it."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from policytrail.errors import Problem, SourceError

MAX_TEXT = 1_000_000  # characters; the longest policies that we have met hold 300,000
MAX_WORD = 5_000
MAX_HEADINGS = 5_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word file or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "an Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "an archive"),
    (b"{\\rtf", "an RTF file"),
)
_HEADINGS = re.compile(r"^(?:#{1,6} |\*\*[^\n]{1,90}\*\*$|(?:={3,}|-{3,})$)", re.MULTILINE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True)
class Reading:
    """One file as Markdown, with remarks that a person should see, and the language and title that it names beside its text."""

    markdown: str
    remarks: tuple[str, ...] = ()
    language: str | None = None
    title: str | None = None


def decode(name: str, raw: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """In: name for messages, bytes, the encoding that the file itself declares. Out: text with Unix line ends, remarks.

    Byte order mark first, then UTF-8 (text that is valid UTF-8 by accident is as good as unknown), then what is
    declared, then cp1252 with a remark. Raises SourceError for empty files, binary files and broken text.
    """
    if not raw.strip():
        raise SourceError(Problem(name, 0, "This file is empty.", "Give a file that holds the policy's text."))
    for magic, kind in _MAGIC:
        if raw.startswith(magic):
            raise SourceError(Problem(name, 0, f"This is {kind}, not text.", "Save the policy as text, HTML or .docx."))
    if not raw.startswith(tuple(bom for bom, _ in _BOMS)) and _is_binary(raw.decode("latin-1")):
        raise _binary(name)
    text, remarks = _characters(name, raw, declared)
    if _is_binary(text):
        raise _binary(name)
    return text.replace("\r\n", "\n").replace("\r", "\n"), remarks


def _is_binary(text: str) -> bool:
    return len(_CONTROLS.findall(text)) > len(text) // 200


def _binary(name: str) -> SourceError:
    message = "This is a binary file, or text in an unknown encoding."
    return SourceError(Problem(name, 0, message, "Save it as UTF-8 text."))


def _characters(name: str, raw: bytes, declared: str | None) -> tuple[str, tuple[str, ...]]:
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return _strictly(name, raw[len(bom) :], encoding), ()
    if raw.isascii() and not declared:
        return raw.decode("ascii"), ()
    if not raw.isascii():
        try:
            return raw.decode("utf-8"), ()
        except UnicodeDecodeError:
            pass
    if declared and _is_known(declared):
        return _strictly(name, raw, declared), ()
    remark = "The text is not UTF-8; it was read as Windows-1252 (cp1252). Check the special characters."
    return _strictly(name, raw, "ascii" if raw.isascii() else "cp1252"), () if raw.isascii() else (remark,)


def _strictly(name: str, raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeError as error:
        line = raw.count(b"\n", 0, getattr(error, "start", 0)) + 1
        message = f"The text isn't in the encoding {encoding} that it seemed to be in."
        raise SourceError(Problem(name, line, message, "Save the file as UTF-8.")) from None


def _is_known(encoding: str) -> bool:
    try:
        "a".encode(encoding)
    except (LookupError, UnicodeError):
        return False
    return True


def check_size(name: str, markdown: str) -> None:
    """Raise SourceError for a text that is empty, or unlike any policy: too long, all headings, words without end."""
    if not markdown.strip():
        raise SourceError(Problem(name, 0, "There is no text in this file.", "Give a file that holds the policy."))
    if len(markdown) > MAX_TEXT:
        raise SourceError(Problem(name, 0, "This text is longer than a million characters.", "Give a part of it."))
    if len(_HEADINGS.findall(markdown)) > MAX_HEADINGS:
        raise SourceError(Problem(name, 0, "This text has more than 5000 headings.", "Give a part of it."))
    for number, line in enumerate(markdown.split("\n"), 1):
        if len(line) > MAX_WORD and max(map(len, line.split()), default=0) > MAX_WORD:
            message = "This file has a word of more than 5000 characters, so it can't be the text of a policy."
            raise SourceError(Problem(name, number, message, "Take it out."))
