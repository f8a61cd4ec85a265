"""A clause's text as statements: a sentence, or the beginning of a list together with its items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policytrail.text.sentences import split

_LONG = 1500  # characters from which on the items of a list are read one by one
_ITEM = re.compile(r"\s*(?:[-*+\u2022]\s|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})\\?[.)]\s)")
# An item that is a sentence of its own: it says who does something.
_WHOLE = re.compile(
    r"\W*(?:(?i:we|you|our|your|if|this|these|that|the|it|in|for|to|when|where|please|by|as|any|all|only|generally|while|however|from)"
    r"|[A-Z][\w.&'\u2019-]*(?: [A-Z][\w.&'\u2019-]*)* (?:is|are|does|will|may|can|has|uses|collects|shares))\b"
)
# In a list with marks, fewer words begin one: "your name" doesn't.
_WHOLE_ITEM = re.compile(
    r"\W*(?:(?i:we|you|they|it|this|these|if|when|please)"
    r"|[A-Z][\w.&'\u2019-]*(?: [A-Z][\w.&'\u2019-]*)* (?:is|are|does|will|may|can|has|uses|collects|shares))\b"
)
_MARKUP = re.compile(
    r"!?\[([^\]]{0,300})\](?:\([^)\s]{0,2000}\)|\[[^\]]{0,300}\])|(?<!\w)[*_]{1,4}(?=\S)|(?<=\S)[*_]{1,4}(?!\w)|[`~\\]+"
)


@dataclass(frozen=True)
class Statement:
    """What is read at once: its words in lower case, the piece of the text that it was read from, what it stands below."""

    words: str
    quote: str
    below: str = ""


def statements(text: str) -> list[Statement]:
    """In: Markdown of one clause. Out: its statements in order; every sentence stands in one, headings in none."""
    made: list[Statement] = []
    for lead, items in _grouped([each.strip() for each in split(text) if each.strip()]):
        whole = " ".join([lead, *items])
        if len(whole) <= _LONG or not items:
            made.append(Statement(plain(whole), _quote(whole)))
            continue
        made += [Statement(plain(f"{lead} {item}"), _quote(item), _quote(lead)) for item in items]
    return [
        statement
        for statement in made
        if not re.match(r"#{1,6} |\*\*[^*]+\*\*$", statement.quote) and re.search(r"\w", statement.words)
    ]


def _grouped(sentences: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each sentence; one that opens a list (or ends in "to:" or "at:") with the items that complete it."""
    place = 0
    while place < len(sentences):
        lead, items = sentences[place], []
        place += 1
        if plain(lead).endswith(":"):
            loose = plain(lead).endswith(("to:", " at:", "address:"))
            while place < len(sentences) and _completes(sentences[place], loose):
                items.append(sentences[place])
                place += 1
        yield lead, items


def _completes(sentence: str, loose: bool) -> bool:
    item = _ITEM.match(sentence)
    return not _WHOLE_ITEM.match(sentence, item.end()) if item else loose and not _WHOLE.match(sentence)


def _quote(text: str) -> str:
    """The text as it stands, on one line, without the mark of a list item before it."""
    return _line(_ITEM.sub("", text, count=1) if _ITEM.match(text) else text)


def _line(text: str) -> str:
    return " ".join(text.split())


def plain(text: str) -> str:
    """Markdown as lower-case words and signs on one line."""
    return _line(_MARKUP.sub(lambda mark: mark[1] or "", text)).lower().replace("\u2019", "'")
