"""Markdown as people read it: the words, and what kind of line they stand in."""

from __future__ import annotations

import re
from functools import lru_cache

from policytrail.classify.wording_checks.strength_words import words_of

_MARKUP = re.compile(r"!?\[([^\[\]]{0,2000})\]\([^)]{0,2000}\)|[*_`#>|~\\]+|<[a-zA-Z/!][^>]{0,2000}>")
_SENTENCE_END = re.compile(r"[.;:!?…]['\")\]”’*_]*\s*$")
_ITEM = re.compile(r"\s*(?:[-*+•‣▪]\s|\(?(?:[0-9]{1,3}|[a-zA-Z]|[ivxIVX]{1,5})\\?[.)°]\s|\|)")


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """The words of Markdown as people see them, on one line."""
    return " ".join(_MARKUP.sub(lambda found: found.group(1) or " ", text).split())


@lru_cache(maxsize=8192)
def plain_words(text: str) -> tuple[str, ...]:
    """The words that people see, in the form in which they are compared (see `cues.words_of`)."""
    return tuple(words_of(plain(text)))


def ends(text: str) -> bool:
    """Whether a sentence ends where the text does."""
    return bool(_SENTENCE_END.search(text))


def is_item(text: str) -> bool:
    """Whether it is an entry of a list, or a row of a table."""
    return bool(_ITEM.match(text))


def is_fragment(text: str) -> bool:
    """Whether it is no sentence of its own: an entry, a title, a label."""
    shown = plain(text)
    return is_item(text) or not ends(shown) or len(shown.split()) < 5
