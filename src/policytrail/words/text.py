"""What is told of a change of wording: both sides in quotes, or where only the place or heading differs."""

from __future__ import annotations

from policytrail.model.change import Change, Piece
from policytrail.model.difference import Difference
from policytrail.model.policy import Snapshot

from .grammar import MOST_IN_ITEM, count_words

_MOST = MOST_IN_ITEM - 12  #: words in quotes, both sides together


def place_words(d: Difference, old: Snapshot, new: Snapshot) -> str:
    """A heading that changes, a part that came, went or stands elsewhere. Empty for the words of a clause."""
    kind, _, name = d.subject.rpartition(":")
    side = new if d.new else old
    if kind not in ("clause", "section"):
        return ""
    title = _title(side, kind, name)
    what = "section" if kind == "section" else "passage"
    if not d.path:
        return (
            f"Our policy has a new {what}, “{title}”."
            if d.op == "added"
            else f"Our policy no longer has the {what} “{title}”."
        )
    if d.field == "title":
        return f"The {what} “{d.before}” is now called “{d.after}”."
    if d.field in ("order", "section"):
        return f"The {what} “{title}” now stands in another place."
    return ""


def _title(side: Snapshot, kind: str, name: str) -> str:
    if kind == "clause":
        return side.clauses[name].title if name in side.clauses else name
    return next((section.title for section in side.policy.sections if section.id == name), name)


def text_words(change: Change) -> str:
    """The words of a change that only the text shows: new and old in quotes, or of a long passage what differs."""
    before, after = (side if isinstance(side, str) else "" for side in (change.before, change.after))
    under = f" under “{change.title}”" if change.title and count_words(change.title) < 12 else ""
    if count_words(f"{before} {after}") <= _MOST and (before or after):
        return _quoted(_one_line(before), _one_line(after), under)
    gone, come = _differing(change.pieces, "delete"), _differing(change.pieces, "insert")
    if (gone or come) and count_words(f"{gone} {come}") <= _MOST:
        return _quoted(gone, come, under, "in a longer passage ")
    return f"The wording{under} changes. The page of changes shows it word by word."


def _quoted(before: str, after: str, under: str, place: str = "") -> str:
    if not before:
        return f"Our policy now also says{under}{f', {place.strip()}' if place else ''}: “{after}”"
    if not after:
        return f"Our policy no longer says{under}{f', {place.strip()}' if place else ''}: “{before}”"
    return (
        f"Our policy now says{under}{f', {place.strip()}' if place else ''}: “{after}” Until now, it said: “{before}”"
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _differing(pieces: tuple[Piece, ...], op: str) -> str:
    return " … ".join(text for piece in pieces if piece.op == op and (text := _one_line(piece.text)))
