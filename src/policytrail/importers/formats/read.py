"""One file of any known ending as Markdown: the edge where files are read; everything behind it is pure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from policytrail.errors import Problem, SourceError
from policytrail.storage.files import read_bytes

from . import html, markdown, text, word
from .decoded_file import Reading, check_size

FORMATS: dict[str, Callable[[str, bytes], Reading]] = {
    ".md": markdown.convert,
    ".markdown": markdown.convert,
    ".txt": text.convert,
    ".html": html.convert,
    ".htm": html.convert,
    ".docx": word.convert,
}


def read(path: Path, tracked: str | None = None) -> Reading:
    """The file as Markdown with remarks. `tracked`: what to do with the tracked changes of a Word file ("accept", "reject";
    None refuses them). Raises SourceError with one clear sentence for everything that isn't a policy.
    """
    if path.is_dir():
        raise SourceError(Problem(str(path), 0, "This is a folder.", "Give the one file that holds the policy."))
    kind = path.suffix.lower()
    convert = FORMATS.get(kind)
    if convert is None:
        raise SourceError(_unknown(path))
    raw = read_bytes(path)
    reading = word.convert(str(path), raw, tracked) if kind == ".docx" else convert(str(path), raw)
    check_size(str(path), reading.markdown)
    return reading


# Endings of files that hold a policy in a form that isn't read here: what such a file is, and what to do.
_OTHERS = {
    ".doc": ("a Word file in the old format", "Open it in Word or LibreOffice and save it as .docx."),
    ".rtf": ("an RTF file", "Open it in Word or LibreOffice and save it as .docx."),
    ".odt": ("an OpenDocument file", "Open it in LibreOffice and save it as .docx."),
    ".pages": ("a Pages file", "In Pages, choose File, Export To, Word, and give the .docx file."),
    ".pdf": (
        "a PDF, which keeps the look of a text and not its headings, lists and tables",
        "Give the file that the PDF was made from; or open the PDF in Word, check the text, and save it as .docx.",
    ),
    **dict.fromkeys(
        (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".heic"),
        (
            "a picture or scan, in which there are no words to read",
            "Give the text itself as .docx, .html, .md or .txt.",
        ),
    ),
    ".zip": ("an archive", "Unpack it and give the one file that holds the policy."),
}


def _unknown(path: Path) -> Problem:
    """The problem of a file whose kind isn't read: what it is, where its ending tells, and what to do."""
    known = _OTHERS.get(path.suffix.lower())
    if known:
        return Problem(str(path), 0, f"This is {known[0]}.", known[1])
    message = f"Files that end in {path.suffix!r} can't be read." if path.suffix else "This file has no ending."
    return Problem(str(path), 0, message, "Give a file that ends in .md, .txt, .html or .docx.")


def read_past(name: str, raw: bytes) -> Reading:
    """In: the name and bytes of a file as git holds it. Out: the same for it; one of another ending is read as Markdown."""
    return FORMATS.get(Path(name).suffix.lower(), markdown.convert)(name, raw)


def read_markdown(path: Path) -> str:
    """The file as Markdown, its characters as they are. Raises SourceError as `read` does."""
    return read(path).markdown
