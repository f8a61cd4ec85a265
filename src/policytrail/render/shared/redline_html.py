"""A redline as HTML: what went is struck through, what came is underlined, and both are said in words.

Clause text is Markdown; a redline shows it as plain words. What the eye can't see is shown as a box `U+200B`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from markupsafe import Markup, escape

from policytrail.model.change import Piece
from policytrail.text.unicode import SIGNS, SPACES, disguised

_LINK = re.compile(r"\[([^\]\n]*)\]\(([^)\s]*)\)")
_MARKS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|^#{1,6} |`", re.MULTILINE)
_WRAP = re.compile(r"(?<=\S)\n(?=[^\n*\-\d\s])")
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_PLAIN = str.maketrans("", "", "\n\t")
_WORDS = {"insert": ("ins", "added"), "delete": ("del", "removed")}


def inline(pieces: Sequence[Piece]) -> Markup:
    """Both texts in one: removed and added words where they stand."""
    also = disguises(pieces)
    return Markup("").join(_run(piece, also) for piece in ended(pieces))


def side_by_side(pieces: Sequence[Piece]) -> tuple[Markup, Markup]:
    """The old text with what went marked, and the new text with what came marked."""
    also = disguises(pieces)
    sides = [ended([piece for piece in pieces if piece.op != other]) for other in ("insert", "delete")]
    old, new = (Markup("").join(_run(piece, also) for piece in side) for side in sides)
    return old, new


def disguises(pieces: Sequence[Piece]) -> frozenset[str]:
    """What passes for something else, on either side: judged by the whole text, since a lone word may be at home in it."""
    return disguised(
        " ".join("".join(piece.text for piece in pieces if piece.op != gone) for gone in ("insert", "delete"))
    )


def ended(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Without the empty lines at both ends, which say nothing; where nothing else changed, a changed one is shown."""
    real = any(piece.op != "keep" and piece.text.strip("\n") for piece in pieces)
    shown = list(pieces)
    for end in (0, -1):
        while shown and not shown[end].text.strip("\n") and (real or shown[end].op == "keep"):
            del shown[end]
        if shown and (real or shown[end].op == "keep"):
            text = shown[end].text
            shown[end] = Piece(shown[end].op, text.rstrip("\n") if end else text.lstrip("\n"))
    return shown


def visible(text: str, changed: bool = False, also: frozenset[str] = frozenset()) -> Markup:
    """Escaped text in which every invisible or direction-changing character is a box with its code point.

    In changed text a space that isn't the plain one is a box too, and so are the characters in `also`, which pass for
    others; lone white space is drawn: else a change of nothing that the eye sees would be there and not be seen.
    """
    named = also if changed else frozenset()
    if changed and text.isspace():
        text = text.replace("\n", "\u21b5\n").replace("\t", "\u21e5").replace(" ", "\u2423")
    if text.translate(_PLAIN).isprintable() and not SIGNS.search(text) and named.isdisjoint(text):
        return escape(text)
    return Markup("").join(_box(char) if char in named or _is_hidden(char, changed) else escape(char) for char in text)


def plain(markdown: str) -> str:
    """A fragment of Markdown as plain words: marks dropped, links as `label (address)`, wrapped lines joined.

    A fragment can begin or end inside a mark, so this works on the signs, not on the parsed text. A fragment
    that is nothing but marks is kept: dropping it would hide a difference.
    """
    words = _WRAP.sub(" ", _MARKS.sub("", _LINK.sub(r"\1 (\2)", markdown)))
    return words if words.strip() or not markdown.strip() else markdown


def _run(piece: Piece, also: frozenset[str]) -> Markup:
    if piece.op == "keep":
        return visible(plain(piece.text))
    return marked(piece, plain(piece.text), also)


def marked(piece: Piece, text: str, also: frozenset[str] = frozenset()) -> Markup:
    """A removed or added text with its mark, in a tag and in words."""
    tag, word = _WORDS[piece.op]
    shown = visible(text, True, also)
    return Markup('<{0}><span class="vh">[{1}: </span>{2}<span class="vh">]</span></{0}>').format(tag, word, shown)


def _is_hidden(char: str, changed: bool) -> bool:
    if char in "\n\t" or (SPACES.match(char) and not changed):
        return False
    return unicodedata.category(char) in _HIDDEN or SIGNS.match(char) is not None


def _box(char: str) -> Markup:
    name = unicodedata.name(char, "invisible character").lower()
    return Markup('<span class="codepoint" title="{}">U+{:04X}</span>').format(name, ord(char))
