"""Markdown as a clause may have it: signs that would begin HTML stand for themselves, unsafe links and pictures become
words, and what only a code of HTML spells is gone where nobody would see it.
"""

from __future__ import annotations

import html
import re
import unicodedata

from policytrail.model.validation.urls import is_harmless, is_near
from policytrail.text.hidden_characters import without_hidden

_CODE = re.compile(r"(```.*?```|~~~.*?~~~|`+[^`\n]+`+)", re.DOTALL)
_TAG = re.compile(r"(?<!\\)<(?=[A-Za-z/!?])(?!(?:https://|mailto:)[^\s<>]{1,2000}>)")
_LINK = re.compile(
    r"(!?)\[([^\[\]]{0,2000})\]\(\s{0,9}<?([^\s<>()]{1,2000})>?(?:\s{1,9}[\"'][^\"'\n]{0,300}[\"'])?\s{0,9}\)"
)
_PICTURE = re.compile(r"!\[([^\[\]]{1,2000})\](?:\[[^\[\]]{0,300}\])?(?![(\[])")
_DEFINITION = re.compile(r"^( {0,3})\[([^\[\]]{1,300})\]:(?=\s{0,9}<?([^\s<>]{1,2000}))", re.MULTILINE)
_ENTITY = re.compile(r"(?<!\\)&#?\w{1,32};")


def harmless(markdown: str) -> str:
    """In: Markdown of any origin. Out: the same words; code stays as it is."""
    parts = _CODE.split(markdown)
    return "".join(part if place % 2 else _plain(part) for place, part in enumerate(parts))


def _plain(text: str) -> str:
    text = _LINK.sub(_link, _TAG.sub(r"\\<", _ENTITY.sub(_visible, text)))
    return _DEFINITION.sub(_definition, _PICTURE.sub(r"\1", text))


def _visible(found: re.Match[str]) -> str:
    """A code for a character, or nothing where that one is hidden, or joins the letter before it."""
    signs = html.unescape(found[0])
    shown = without_hidden(signs) == signs and "\ufffd" not in signs and signs.isprintable()
    return found[0] if shown and not any(map(unicodedata.combining, signs)) else ""


def _link(found: re.Match[str]) -> str:
    """A link that a clause may not have becomes its words, with its address behind them; a picture its description."""
    address = found[3].replace("\\", "")
    if found[1]:
        return found[0] if is_near(address) else found[2]
    return found[0] if is_harmless(address) else f"{found[2]} ({address})"


def _definition(found: re.Match[str]) -> str:
    """What would give links an address that they may not have stays as words."""
    return found[0] if is_harmless(found[3]) else f"{found[1]}\\[{found[2]}\\]:"
