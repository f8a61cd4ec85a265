"""Markdown as a clause may have it: signs that would begin HTML stand for themselves, unsafe links become words."""

from __future__ import annotations

import re

from ..model.links import is_safe

_CODE = re.compile(r"(```.*?```|~~~.*?~~~|`+[^`\n]+`+)", re.DOTALL)
_TAG = re.compile(r"(?<!\\)<(?=[A-Za-z/!?])(?!(?:https://|mailto:)[^\s<>]{1,2000}>)")
_LINK = re.compile(
    r"\[([^\[\]]{0,2000})\]\(\s{0,9}<?([^\s<>()]{1,2000})>?(?:\s{1,9}[\"'][^\"'\n]{0,300}[\"'])?\s{0,9}\)"
)


def harmless(markdown: str) -> str:
    """In: Markdown of any origin. Out: the same words; code stays as it is."""
    parts = _CODE.split(markdown)
    return "".join(part if place % 2 else _LINK.sub(_link, _TAG.sub(r"\\<", part)) for place, part in enumerate(parts))


def _link(found: re.Match[str]) -> str:
    """A link that a clause may not have becomes its words, with its address behind them."""
    address = found[2].replace("\\", "")
    allowed = is_safe(address) or is_safe(address.replace("http://", "https://", 1))
    return found[0] if allowed else f"{found[1]} ({address})"
