"""The words of a text in the form in which they are compared: case, marks and encodings undone, and no more than that."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .links import LINK

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split()
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_DIGITS = {word: str(number) for number, word in enumerate(_UNITS) if word != "one"} | {
    word: str(number) for word, number in _TENS.items()
}
# What begins an entry of a list, or a heading: no part of what is said.
MARKS = re.compile(
    r"^\s{0,8}(?:[-*+•‣▪●○◦■·]|\(?[0-9]{1,3}[.)]|\(?[a-z][.)]|#{1,6})[^\S\n]+", re.MULTILINE | re.IGNORECASE
)
# Signs that hold a figure or a letter in another form ("²", "½", "①", "№"). Their form is what they mean: it stays.
FORMED = (
    "\u00aa\u00b2\u00b3\u00b9\u00ba\u00bc-\u00be\u1d2c-\u1d6a\u2070-\u209c\u2100-\u218b\u2460-\u24ff"
    "\u2776-\u2793\u3192-\u319f\u3200-\u33ff"
)
_FORMED = re.compile(f"([{FORMED}]+)")
_OWNED = str.maketrans(dict.fromkeys("\u2122\u00ae\u00a9\u2120", " "))  # of a trade mark: they say nothing about data
# British and American spelling of the same word: endings after an unchanged stem, and a few whole words.
_SPELLING = [
    (re.compile(r"(?<=[a-z]{3})is(e[ds]?|ing|er|ers|ation(?:s|al|ally)?)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{2})our(s|ed|ing|able|ite|ites|hood|ly|al|ally|ful)?$"), r"or\1"),
    (re.compile(r"^licenc(?=e)"), "licens"),
    (re.compile(r"^(fulfil|enrol|instal)(?!l)"), r"\1l"),
    (re.compile(r"^(\w*[aeiou]\w*[aeiou])ll(ed|ing|er|ers)$"), r"\1l\2"),
    (re.compile(r"ogue(s|d)?$"), r"og\1"),
    (re.compile(r"(?<=f)ence(s|less)?$"), r"ense\1"),
    (re.compile(r"yse(d|s|r)?$"), r"yze\1"),
]
_SAME_WORDS = {
    "licence": "license",
    "licences": "licenses",
    "centre": "center",
    "centres": "centers",
    "programme": "program",
    "programmes": "programs",
    "cheque": "check",
    "cheques": "checks",
    "judgement": "judgment",
    "grey": "gray",
    "cancelled": "canceled",
    "whilst": "while",
    "amongst": "among",
    "fulfil": "fulfill",
    "enrol": "enroll",
}


def folded(text: str) -> str:
    """The text without capitals and other forms of the same letter; a raised figure stays raised."""
    return fold(compatible(text))


def fold(text: str) -> str:
    """Without capitals."""
    return text.casefold().replace("’", "'").replace("‘", "'")


def compatible(text: str) -> str:
    """Other forms of a letter or blank as that letter (NFKC), but for what holds a figure or a sign in another form."""
    if text.isascii():
        return text
    text = text.translate(_OWNED)
    if not _FORMED.search(text):
        return unicodedata.normalize("NFKC", text)
    parts = _FORMED.split(text)
    return "".join(part if place % 2 else unicodedata.normalize("NFKC", part) for place, part in enumerate(parts))


@lru_cache(maxsize=1)
def _marked_word() -> re.Pattern[str]:
    """A word of any script: letters with the marks on them, which are the vowels of Hindi and Thai."""
    marks = "".join(chr(code) for code in range(0x300, 0x11000) if unicodedata.category(chr(code))[0] == "M")
    letters = rf"[^\W_]+(?:[{re.escape(marks)}\u200c\u200d]+[^\W_]*)*"
    return re.compile(rf"{letters}(?:['’]{letters})*")


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def word_pattern(text: str) -> re.Pattern[str]:
    """What a word is in a text that `folded` gave."""
    return _WORD if text.isascii() else _marked_word()


def words_of(text: str) -> list[str]:
    """The words as they count: no case, marks, accents of encoding, markup or link targets; digits for small numbers."""
    plain = LINK.sub("]", MARKS.sub("", folded(text)))
    return [counted(found) for found in word_pattern(plain).findall(plain)]


def counted(word: str) -> str:
    """A small number in digits, any other word as it is."""
    return _DIGITS.get(word, word)


@lru_cache(maxsize=16_384)
def spelt(word: str) -> str:
    """An English word in American spelling."""
    word = _SAME_WORDS.get(word, word)
    for pattern, other in _SPELLING:
        word = pattern.sub(other, word)
    return word
