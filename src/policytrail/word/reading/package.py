"""A Word file from a lawyer's desk, judged as what it is, a zip of XML from elsewhere, and opened part by part.

Nothing is unpacked to disk. Sizes and ratio have limits, document types are refused, entities aren't resolved.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from lxml import etree

from policytrail.errors import Problem, SourceError

MAX_UNPACKED = 64_000_000
MAX_RATIO = 100
MAX_PARTS = 2_000
MAX_XML = 8_000_000
MAX_DEPTH = 100
MAIN = "word/document.xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
_FRESH = "Open it in Word and save a fresh copy."


def xml_parts(name: str, raw: bytes) -> Mapping[str, etree._Element]:
    """In: the file's name for messages, its bytes. Out: every XML part below word/ by name, as trees.

    Raises SourceError with one sentence for whatever isn't a plain Word document.
    """
    if raw.startswith(_OLE):
        message = "This Word file is protected by a password, or in the old .doc format."
        raise SourceError(Problem(name, 0, message, "Save it without a password as .docx."))
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _check(name, archive.infolist(), len(raw))
            if MAIN not in archive.namelist():
                message = "This is a zip archive, but no Word document."
                raise SourceError(Problem(name, 0, message, "Save the policy as .docx."))
            wanted = [
                each for each in archive.namelist() if each.startswith("word/") and each.endswith((".xml", ".rels"))
            ]
            return {each: _tree(name, each, archive.read(each)) for each in sorted(set(wanted))}
    except _DAMAGED:
        raise SourceError(Problem(name, 0, "This Word file is damaged: it can't be unpacked.", _FRESH)) from None


def _check(name: str, parts: list[zipfile.ZipInfo], packed: int) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise SourceError(Problem(name, 0, "This Word file is protected by a password.", "Save it without one."))
    unpacked = sum(part.file_size for part in parts)
    large = any(part.file_size > MAX_XML for part in parts if part.filename.endswith((".xml", ".rels")))
    if unpacked > MAX_UNPACKED or len(parts) > MAX_PARTS or large or unpacked > MAX_RATIO * packed:
        message = "This Word file would grow far beyond its size when unpacked; no policy does."
        raise SourceError(Problem(name, 0, message, "Copy its text into a new document and save that."))


def _tree(name: str, part: str, xml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        if "depth" in str(error):
            raise _too_deep(name) from None
        raise SourceError(Problem(name, 0, f"This Word file is damaged: {part} can't be read.", _FRESH)) from None
    if root.getroottree().docinfo.doctype:
        message = "The XML inside this Word file declares a document type; Word never does."
        raise SourceError(Problem(name, 0, message, _FRESH))
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise _too_deep(name)
    return root


def _too_deep(name: str) -> SourceError:
    message = f"The parts of this Word file are nested deeper than {MAX_DEPTH} levels."
    return SourceError(Problem(name, 0, message, "Copy its text into a new document and save that."))
