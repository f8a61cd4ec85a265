"""A redline as HTML: what went is struck through, what came is underlined, and both are said in words.

Clause text is Markdown; a redline shows it as plain words. What the eye can't see is shown as a box `U+200B`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from markupsafe import Markup, escape

from ..compare.unicode import SIGNS, SPACES
from ..model.change import Piece

_LINK = re.compile(r"\[([^\]\n]*)\]\(([^)\s]*)\)")
_MARKS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|^#{1,6} |`", re.MULTILINE)
_WRAP = re.compile(r"(?<=\S)\n(?=[^\n*\-\d\s])")
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_PLAIN = str.maketrans("", "", "\n\t")
_WORDS = {"insert": ("ins", "added"), "delete": ("del", "removed")}


def inline(pieces: Sequence[Piece]) -> Markup:
    """Both texts in one: removed and added words where they stand."""
    return Markup("").join(_run(each) for each in ended(pieces))


def side_by_side(pieces: Sequence[Piece]) -> tuple[Markup, Markup]:
    """The old text with what went marked, and the new text with what came marked."""
    old, new = (ended([each for each in pieces if each.op != other]) for other in ("insert", "delete"))
    return Markup("").join(map(_run, old)), Markup("").join(map(_run, new))


def ended(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Without the empty lines at the end, which would only make the box longer."""
    if not pieces or (pieces[-1].op != "keep" and pieces[-1].text.isspace()):
        return pieces
    *most, last = pieces
    text = last.text.rstrip("\n")
    return [*most, Piece(last.op, text)] if text else most


def visible(text: str, changed: bool = False) -> Markup:
    """Escaped text in which every invisible or direction-changing character is a box with its code point.

    In changed text a space that isn't the plain one is a box too, and lone white space is drawn: else a change of
    nothing but white space would be there and not be seen.
    """
    if changed and text.isspace():
        text = text.replace("\n", "\u21b5\n").replace("\t", "\u21e5").replace(" ", "\u2423")
    if text.translate(_PLAIN).isprintable() and not SIGNS.search(text):
        return escape(text)
    return Markup("").join(_box(char) if _is_hidden(char, changed) else escape(char) for char in text)


def plain(markdown: str) -> str:
    """A fragment of Markdown as plain words: marks dropped, links as `label (address)`, wrapped lines joined.

    A fragment can begin or end inside a mark, so this works on the signs, not on the parsed text. A fragment
    that is nothing but marks is kept: dropping it would hide a difference.
    """
    words = _WRAP.sub(" ", _MARKS.sub("", _LINK.sub(r"\1 (\2)", markdown)))
    return words if words.strip() or not markdown.strip() else markdown


def _run(piece: Piece) -> Markup:
    if piece.op == "keep":
        return visible(plain(piece.text))
    return marked(piece, plain(piece.text))


def marked(piece: Piece, text: str) -> Markup:
    """A removed or added text with its mark, in a tag and in words."""
    tag, word = _WORDS[piece.op]
    shown = visible(text, changed=True)
    return Markup('<{0}><span class="vh">[{1}: </span>{2}<span class="vh">]</span></{0}>').format(tag, word, shown)


def _is_hidden(char: str, changed: bool) -> bool:
    if char in "\n\t" or (SPACES.match(char) and not changed):
        return False
    return unicodedata.category(char) in _HIDDEN or SIGNS.match(char) is not None


def _box(char: str) -> Markup:
    name = unicodedata.name(char, "invisible character").lower()
    return Markup('<span class="codepoint" title="{}">U+{:04X}</span>').format(name, ord(char))
