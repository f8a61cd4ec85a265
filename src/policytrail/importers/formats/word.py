"""Word files: mammoth turns the document into plain HTML, and that goes the way of every page.

Before that the container is judged as what it is, a zip of XML from a stranger: sizes, ratio, no document types, no
depth without end, no password. Nothing is unpacked to disk. Open revisions are refused: which text is the policy?
"""

from __future__ import annotations

import io
import zipfile
import zlib

from policytrail.errors import Problem, SourceError

from .blocks import blocks
from .decoded_file import Reading
from .html import parse
from .word_xml import inspect

MAX_UNPACKED = 64_000_000
MAX_RATIO = 100
MAX_PARTS = 2_000
MAX_XML = 8_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def convert(name: str, raw: bytes) -> Reading:
    """In: name for messages, bytes. Out: Markdown. Raises SourceError for whatever isn't a plain, settled document."""
    if not raw:
        raise SourceError(Problem(name, 0, "This file is empty.", "Give a file that holds the policy's text."))
    if raw.startswith(_OLE):
        message = "This Word file is protected by a password, or in the old .doc format."
        raise SourceError(Problem(name, 0, message, "Save it without a password as .docx."))
    _check_container(name, raw)
    page = parse(name, f"<body>{_html(name, raw)}</body>")
    pictures = page.xpath("//img")
    remarks = (f"{len(pictures)} pictures were left out; their descriptions stay.",) if pictures else ()
    return Reading("\n\n".join(blocks(page)).strip() + "\n", remarks)


def _check_container(name: str, raw: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            _check_sizes(name, parts, len(raw))
            if "word/document.xml" not in archive.namelist():
                message = "This is a zip archive, but no Word document."
                raise SourceError(Problem(name, 0, message, "Save the policy as .docx."))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    inspect(name, part.filename, archive.read(part))
    except _DAMAGED:
        message = "This Word file is damaged: it can't be unpacked."
        raise SourceError(Problem(name, 0, message, "Open it in Word and save a fresh copy.")) from None


def _check_sizes(name: str, parts: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    if any(part.flag_bits & 1 for part in parts):
        raise SourceError(Problem(name, 0, "This Word file is protected by a password.", "Save it without one."))
    large = any(part.file_size > MAX_XML for part in parts if part.filename.endswith((".xml", ".rels")))
    ratio = unpacked > MAX_RATIO * packed
    if unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS or large or ratio:
        message = "This Word file would grow far beyond its size when unpacked; no policy does."
        raise SourceError(Problem(name, 0, message, "Copy its text into a new document and save that."))


def _html(name: str, raw: bytes) -> str:
    import mammoth

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(raw), style_map=_STYLES, convert_image=mammoth.images.img_element(lambda _image: {})
        )
    except Exception:  # the library meets XML that only looks like Word's; whatever it stumbles over is the file's
        message = "This Word file can't be understood: its parts don't fit together."
        raise SourceError(Problem(name, 0, message, "Open it in Word and save a fresh copy.")) from None
    return str(result.value)
