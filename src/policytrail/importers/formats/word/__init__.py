"""Word files: the body becomes a tree of HTML elements, and that goes the way of every page.

Before that the container is judged as what it is, a zip of XML from a stranger (`word.reading.package`). Tracked
changes that are still open are refused unless somebody says what to do with them: which text is the policy?
"""

from __future__ import annotations

from policytrail.errors import Problem, SourceError
from policytrail.importers.formats.decoded_file import Reading
from policytrail.importers.formats.page import document_markdown
from policytrail.word.reading.package import MAIN, xml_parts

from .document import Document, has_title
from .numbering import Numbering
from .revisions import comments, pending, refuse
from .runs import Runs
from .styles import Styles
from .xml import ACCEPTED, REJECTED, Parts, child, words

# What to do with open tracked changes -> what is gone then.
TRACKED = {"accept": ACCEPTED, "reject": REJECTED}


def convert(name: str, raw: bytes, tracked: str | None = None) -> Reading:
    """In: name for messages, bytes, what to do with open tracked changes (None: refuse them). Out: Markdown.

    Raises SourceError for whatever isn't a plain, settled document.
    """
    if not raw:
        raise SourceError(Problem(name, 0, "This file is empty.", "Give a file that holds the policy's text."))
    parts = xml_parts(name, raw)
    body = child(parts[MAIN], "body")
    if body is None:
        raise SourceError(Problem(name, 0, "This Word file has no body.", "Save a fresh copy in Word."))
    open_changes = pending(parts)
    if open_changes and tracked is None:
        raise refuse(name, open_changes)
    styles = Styles.of(parts)
    runs = Runs(styles, _links(parts), TRACKED[tracked or "accept"])
    made = Document(parts, styles, Numbering.of(parts, styles), runs, has_title(parts, styles))
    made.body(body, made.root)
    made.add_notes()
    remarks = (*_tracked(len(open_changes), tracked), *_left_out(made), *comments(parts), *_beside(parts))
    return Reading(document_markdown(made.root) + "\n", remarks, _language(runs, styles))


def _links(parts: Parts) -> dict[str, str]:
    rels = parts.get("word/_rels/document.xml.rels")
    return {rel.get("Id", ""): rel.get("Target", "") for rel in (rels if rels is not None else ())}


def _language(runs: Runs, styles: Styles) -> str | None:
    """The language in which most of the text is marked, else that of the file."""
    spoken = max(runs.languages, key=lambda name: runs.languages[name], default=styles.language)
    return spoken or None


def _tracked(count: int, tracked: str | None) -> tuple[str, ...]:
    if not count:
        return ()
    return (f"{count} open tracked changes were {'accepted' if tracked == 'accept' else 'rejected'}, as you asked.",)


def _left_out(made: Document) -> tuple[str, ...]:
    runs = made.runs
    found = []
    if made.contents or runs.contents:
        found.append("Left out: a table of contents.")
    if runs.pictures:
        found.append(f"{runs.pictures} pictures were left out; their descriptions stay.")
    for what, pieces in (("hidden", runs.hidden), ("crossed out", runs.struck)):
        said = " ".join("".join(pieces).split())
        if said:
            found.append(f"Left out, text that is {what} in the document: “{said[:240]}”.")
    return tuple(found)


def _beside(parts: Parts) -> tuple[str, ...]:
    """Words of page headers and footers, where a policy has none."""
    said = dict.fromkeys(
        words(root) for name, root in parts.items() if name.startswith(("word/header", "word/footer")) and words(root)
    )
    return (f"Left out, page headers and footers: {'; '.join(f'“{text[:80]}”' for text in said)}.",) if said else ()
