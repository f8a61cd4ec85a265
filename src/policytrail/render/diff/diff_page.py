"""A comparison as a page of its own, and as Markdown for a pull request. All texts are untrusted and escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from policytrail.model.change import Change, Comparison, Piece
from policytrail.render.shared.phrases import CONSENTS, DIRECTIONS, SEVERITIES, count, sentence, tally, worst_first
from policytrail.render.shared.redline_html import disguises, ended, marked, visible
from policytrail.render.shared.templates import environment, render
from policytrail.text.redline import parts, redline
from policytrail.text.unicode import SIGNS, SPACES, describe, warnings

from .change_groups import groups

_MARKS = {"insert": "**", "delete": "~~", "keep": ""}
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>()#+!|~&:$]|(?<=www)\.|^\s*(?:[-=.]|\d+(?=[.)]))", re.IGNORECASE)
_SHORT = 160  # characters of kept text around a change in a pull request


@dataclass(frozen=True)
class Row:
    """A run of paragraphs: kept (what is shown before and after the part that is folded away) or changed.

    `sides` are its old and new paragraphs that differ, side by side for as long as both go on together.
    """

    changed: bool
    inline: Markup
    sides: tuple[tuple[Markup, Markup], ...] = ()
    folded: str = ""
    tail: str = ""
    words: int = 0


def html_page(comparison: Comparison, old_text: str, new_text: str) -> str:
    """In: a comparison and both texts. Out: one HTML page that needs no other file and no script."""
    rows = [_row(*part) for part in parts(old_text, new_text)]
    listed = (*comparison.warnings, *warnings(old_text, new_text))
    return render(
        environment(),
        "diff.html",
        {
            "comparison": comparison,
            "groups": groups(comparison, None, None),
            "rows": rows,
            "tally": tally(comparison),
            "severity": SEVERITIES[comparison.severity],
            "consent": CONSENTS[comparison.consent],
            "warnings": tuple(dict.fromkeys(listed)),
            "changed": sum(row.changed for row in rows),
        },
    )


def _row(old: str, new: str) -> Row:
    if old != new:
        pieces = redline(old, new)
        also = disguises(pieces)
        return Row(True, _runs(pieces, also), tuple(_sides(pieces, also)))
    head, folded, tail = _folded(old.strip("\n"))
    return Row(False, visible(head), (), folded, tail, len(folded.split()))


def _sides(pieces: Iterable[Piece], also: frozenset[str]) -> Iterator[tuple[Markup, Markup]]:
    """Both texts in pairs of paragraphs, cut where a kept piece ends a paragraph on both sides; equal pairs left out."""
    row: list[Piece] = []
    for piece in [*pieces, Piece("keep", "\n\n")]:
        first, *rest = piece.text.split("\n\n") if piece.op == "keep" else [piece.text]
        row.append(Piece(piece.op, first))
        for text in rest:
            if any(each.op != "keep" for each in row):
                old, new = (_runs([each for each in row if each.op != gone], also) for gone in ("insert", "delete"))
                yield old, new
            row = [Piece("keep", text)]


def _folded(text: str) -> tuple[str, str, str]:
    """The first and the last paragraph, and what is folded away between them."""
    paragraphs = text.split("\n\n")
    if len(paragraphs) < 4:
        return text, "", ""
    return paragraphs[0], "\n\n".join(paragraphs[1:-1]), paragraphs[-1]


def _runs(pieces: Iterable[Piece], also: frozenset[str]) -> Markup:
    return Markup("").join(_run(piece, also) for piece in ended(list(pieces)))


def _run(piece: Piece, also: frozenset[str]) -> Markup:
    return visible(piece.text) if piece.op == "keep" else marked(piece, piece.text, also)


def escape_markdown(text: str) -> str:
    """Text that Markdown shows as it stands, in one line: no mark, link, HTML, mention, or table border is left in it."""
    line = SIGNS.sub(lambda sign: f"[U+{ord(sign[0]):04X}]" if not SPACES.match(sign[0]) else sign[0], text)
    line = " ".join(line.split()) if line.strip() else line
    escaped = _SPECIAL.sub(
        lambda found: f"{found[0][:-1]}\\{found[0][-1]}" if not found[0][-1].isdigit() else found[0], line
    )
    escaped = re.sub(r"^(\d+)([.)])", r"\1\\\2", escaped)
    return re.sub(r"@(?=\w)", "@<!-- -->", re.sub(r"\\#(?=\d)", r"\\#<!-- -->", escaped))


def markdown(comparison: Comparison, redlines: bool = True) -> str:
    """The comparison for a pull request: a verdict, a table of all changes, and (unless told not to) redlines below it."""
    changes = worst_first(comparison.changes)
    head = f"**{SEVERITIES[comparison.severity]}**: {tally(comparison)}"
    if comparison.notice_days:
        head += f"; {count(comparison.notice_days, 'day')} of notice owed"
    lines = [f"### Policy changes: {_name(comparison.old)} → {_name(comparison.new)}", "", f"{head}."]
    lines += [f"- ⚠ {escape_markdown(warning)}" for warning in comparison.warnings]
    if changes:
        lines += [
            "",
            "| Severity | Change | Direction | Consent | Reason | Rule |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        lines += [_table_row(change) for change in changes]
    for change in changes:
        if change.pieces and redlines:
            lines += ["", f"**{escape_markdown(change.title or change.subject)}** (`{code(change.id)}`)", ""]
            lines.append(f"> {redline_line(change.pieces)}")
    return "\n".join(lines) + "\n"


def _name(name: str | None) -> str:
    return escape_markdown(name) if name else "nothing"


def code(text: str) -> str:
    """Text for a code span: nothing that ends it, or a table cell."""
    return re.sub(r"[`|\s]+", " ", text)


def _table_row(change: Change) -> str:
    decided = f" (ruled by {escape_markdown(change.decision.by)})" if change.decision else ""
    severity = SEVERITIES[change.severity] + decided + (" - **undecided**" if change.undecided else "")
    cells = [
        severity,
        escape_markdown(sentence(change)),
        DIRECTIONS[change.direction],
        CONSENTS[change.consent],
        escape_markdown(change.reason),
        f"`{code(change.rule)}`",
    ]
    return f"| {' | '.join(cells)} |"


def redline_line(pieces: Sequence[Piece]) -> str:
    """A redline in one line of Markdown: removed words struck through, added ones bold, long kept runs shortened."""
    also, listed = disguises(pieces), ended(pieces)
    shown = [_mark(each, number, len(listed), also) for number, each in enumerate(listed)]
    return re.sub(r" {2,}", " ", " ".join(filter(None, shown))).strip()


def _mark(piece: Piece, number: int, total: int, also: frozenset[str]) -> str:
    mark = _MARKS[piece.op]
    if mark:
        return f"{mark}{_words(piece.text, also)}{mark}"
    return escape_markdown(_shortened(piece.text, number > 0, number < total - 1)).strip()


def _words(text: str, also: frozenset[str]) -> str:
    if not text.strip():
        named = "line break" if "\n" in text else "space"
        other = [describe(char) for char in dict.fromkeys(text) if SPACES.match(char)]
        return f"({', '.join(other) or named})"
    return escape_markdown(
        "".join(f"[U+{ord(char):04X}]" if char in also or SPACES.match(char) else char for char in text.strip(" \n\t"))
    )


def _shortened(text: str, left: bool, right: bool) -> str:
    """What stands next to a change stays: the beginning after one, the end before one."""
    line = " ".join(text.split())
    if len(line) <= 2 * _SHORT:
        return line
    head = line[:_SHORT].rpartition(" ")[0] if left else ""
    tail = line[-_SHORT:].partition(" ")[2] if right else ""
    return f"{head} … {tail}"
