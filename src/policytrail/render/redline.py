"""A redline as HTML: what went is struck through, what came is underlined, and both are said in words.

Clause text is Markdown; a redline shows it as plain words. What the eye can't see is shown as a box `U+200B`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from markupsafe import Markup, escape

from ..model.change import Piece

_LINK = re.compile(r"\[([^\]\n]*)\]\(([^)\s]*)\)")
_MARKS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|^#{1,6} |`", re.MULTILINE)
_WRAP = re.compile(r"(?<=\S)\n(?=[^\n*\-\d\s])")
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_WORDS = {"insert": ("ins", "added"), "delete": ("del", "removed")}


def inline(pieces: Sequence[Piece]) -> Markup:
    """Both texts in one: removed and added words where they stand."""
    return Markup("").join(_run(each) for each in pieces)


def side_by_side(pieces: Sequence[Piece]) -> tuple[Markup, Markup]:
    """The old text with what went marked, and the new text with what came marked."""
    old = Markup("").join(_run(each) for each in pieces if each.op != "insert")
    new = Markup("").join(_run(each) for each in pieces if each.op != "delete")
    return old, new


def visible(text: str) -> Markup:
    """Escaped text in which every invisible or direction-changing character is a box with its code point."""
    return Markup("").join(_box(char) if _is_hidden(char) else escape(char) for char in text)


def plain(markdown: str) -> str:
    """A fragment of Markdown as plain words: marks dropped, links as `label (address)`, wrapped lines joined.

    A fragment can begin or end inside a mark, so this works on the signs, not on the parsed text. A fragment
    that is nothing but marks is kept: dropping it would hide a difference.
    """
    words = _WRAP.sub(" ", _MARKS.sub("", _LINK.sub(r"\1 (\2)", markdown)))
    return words if words.strip() or not markdown.strip() else markdown


def _run(piece: Piece) -> Markup:
    shown = visible(plain(piece.text))
    if piece.op == "keep":
        return shown
    tag, word = _WORDS[piece.op]
    return Markup('<{0}><span class="vh">[{1}: </span>{2}<span class="vh">]</span></{0}>').format(tag, word, shown)


def _is_hidden(char: str) -> bool:
    return char not in "\n\t" and unicodedata.category(char) in _HIDDEN


def _box(char: str) -> Markup:
    name = unicodedata.name(char, "invisible character").lower()
    return Markup('<span class="codepoint" title="{}">U+{:04X}</span>').format(name, ord(char))
