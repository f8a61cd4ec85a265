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


def read(path: Path) -> Reading:
    """The file as Markdown with remarks. Raises SourceError with one clear sentence for everything that isn't a policy."""
    convert = FORMATS.get(path.suffix.lower())
    if convert is None:
        message = f"Files that end in {path.suffix!r} can't be read." if path.suffix else "This file has no ending."
        raise SourceError(Problem(str(path), 0, message, "Give a file that ends in .md, .txt, .html or .docx."))
    reading = convert(str(path), read_bytes(path))
    check_size(str(path), reading.markdown)
    return reading


def read_markdown(path: Path) -> str:
    """The file as Markdown, its characters as they are. Raises SourceError as `read` does."""
    return read(path).markdown
