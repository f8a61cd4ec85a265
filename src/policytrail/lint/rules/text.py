"""Clause text as lints read it: plain sentences with their words and syllables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from policytrail.text import markdown_fast_path
from policytrail.text.sentences import split

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]e|[^aeiouycsxzgh]es|[^aeiouytd]ed)$")


@lru_cache(maxsize=4096)  # several lints read every clause
def sentences(markdown: str) -> tuple[str, ...]:
    """In: Markdown. Out: its sentences as plain words; each list item, heading and line of a table is one."""
    lines = [line.strip() for line in shown(markdown).split("\n")]
    found = (each for line in lines for each in split(line.lstrip("-").strip()) if _WORD.search(each))
    return tuple(" ".join(each.split()) for each in found)


def shown(markdown: str) -> str:
    """Markdown as plain text, as the renderer shows it."""
    text = markdown_fast_path.to_text(markdown)
    if text is None:
        from policytrail.render.shared.markdown import to_text  # saves 24 ms: the parser is slow to import

        text = to_text(markdown)
    return text


def words(text: str) -> list[str]:
    """The words of a text, without numbers and signs."""
    return _WORD.findall(text)


@cache
def syllables(word: str) -> int:
    """How many syllables an English word has, about: groups of vowels, less a silent e near the end; at least one."""
    plain = word.lower()
    groups = len(_VOWELS.findall(plain))
    if groups > 1 and _SILENT.search(plain):
        groups -= 1
    return max(1, groups)


def grade(found: Iterable[str]) -> float:
    """In: sentences. Out: their Flesch-Kincaid grade (Kincaid et al. 1975), years of US school; 0 for no words."""
    listed = [each for each in map(words, found) if each]
    count = sum(map(len, listed))
    if not count:
        return 0.0
    return 0.39 * count / len(listed) + 11.8 * sum(syllables(w) for each in listed for w in each) / count - 15.59
