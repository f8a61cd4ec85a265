"""Word files written by hand, part by part: what no library writes, but people's programs do."""

from __future__ import annotations

import io
import zipfile

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def word_file(body: str, **parts: str) -> bytes:
    """In: the XML inside the body, and inside the roots of other parts (`styles=...`, `numbering=...`). Out: a .docx."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("word/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
        for name, inner in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {NAMESPACES}>{inner}</w:{name}>")
    return made.getvalue()


def paragraph(*runs: str, properties: str = "") -> str:
    """A paragraph of runs: text, or XML that begins with a tag."""
    inner = "".join(run if run.startswith("<") else text(run) for run in runs)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def text(words: str, properties: str = "") -> str:
    """A run of text."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{words}</w:t></w:r>'


def item(words: str, number: int = 1, level: int = 0) -> str:
    """A paragraph of a list."""
    return paragraph(words, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def cell(words: str, properties: str = "") -> str:
    """A cell of a table."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(words)}</w:tc>"


def levels(*shapes: tuple[str, str, int]) -> str:
    """The levels of a list: how each counts, its text, where it begins."""
    return "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{shown}"/></w:lvl>'
        for place, (form, shown, start) in enumerate(shapes)
    )


def lists(*each: str, restart: dict[int, int] | None = None) -> str:
    """The part `numbering`: a list for each of the levels given, numbered from 1; `restart` begins one anew at a number."""
    made = "".join(f'<w:abstractNum w:abstractNumId="{n}">{inner}</w:abstractNum>' for n, inner in enumerate(each, 1))
    for number in range(1, len(each) + 1):
        made += f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
    for number, start in (restart or {}).items():
        made += (
            f'<w:num w:numId="{number + 100}"><w:abstractNumId w:val="{number}"/><w:lvlOverride w:ilvl="0">'
            f'<w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
        )
    return made
