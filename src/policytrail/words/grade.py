"""How hard a text is to read: the Flesch-Kincaid grade, counted on whole sentences."""

from __future__ import annotations

import re

from .grammar import sentences

_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]e|[^dt]ed|[^csxz]es)$")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*|[0-9][0-9.,]*")


def syllables(word: str) -> int:
    """About how many syllables an English word has."""
    low = re.sub(r"['’].*$", "", word.lower())
    number = len(_VOWELS.findall(low))
    return max(1, number - 1 if number > 1 and _SILENT.search(low) else number)


def grade(text: str) -> float:
    """In: whole sentences. Out: the school grade that reads them with ease; 0 for no words. Addresses count nothing."""
    plain = re.sub(r"https?://\S+", "", text)
    words = _WORD.findall(plain)
    if not words:
        return 0.0
    number = len([part for part in sentences(plain) if part]) or 1
    said = 0.39 * len(words) / number + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return round(said, 1)
