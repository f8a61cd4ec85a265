"""Words of force, and proofs that two pieces of text say the same.

A proof is the only way in which changed words become editorial: it names the rule and what was found equal.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from policytrail.model.dates import MONTHS

from .links import BARE, LINK, hosts, targets


class Proof(NamedTuple):
    """Why two texts say the same: the rule that proves it, and a sentence for people."""

    rule: str
    sentence: str


_UNITS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_NUMBERS = {word: number for number, word in enumerate(_UNITS)} | _TENS
_DIGITS = {word: str(number) for word, number in _NUMBERS.items() if word != "one"}
_MARKS = re.compile(r"^\s{0,8}(?:[-*+]|\(?[0-9]{1,3}[.)]|\(?[a-z][.)]|#{1,6})\s+", re.MULTILINE | re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# British and American spelling of the same word: endings after an unchanged stem, and a few whole words.
_SPELLING = [
    (re.compile(r"(?<=[a-z]{3})is(e[ds]?|ing|er|ers|ation(?:s|al|ally)?)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{2})our(s|ed|ing|able|ite|ites|hood|ly|al|ally|ful)?$"), r"or\1"),
    (re.compile(r"^licenc(?=e)"), "licens"),
    (re.compile(r"^(fulfil|enrol|instal)(?!l)"), r"\1l"),
    (re.compile(r"ll(ed|ing|er|ers)$"), r"l\1"),
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
    "email": "email",
    "emails": "emails",
    "website": "website",
    "websites": "websites",
    "cancelled": "canceled",
    "whilst": "while",
    "amongst": "among",
    "fulfil": "fulfill",
    "enrol": "enroll",
    "cannot": "cannot",
}
# Words that change what a sentence binds anybody to; a difference in them is never editorial.
_FORCE = (
    "may",
    "might",
    "can",
    "could",
    "will",
    "would",
    "shall",
    "must",
    "should",
    "not",
    "no",
    "never",
    "none",
    "neither",
    "nor",
    "only",
    "always",
    "solely",
    "exclusively",
    "any",
    "all",
    "every",
    "generally",
    "usually",
    "typically",
    "normally",
    "certain",
    "some",
    "reasonable",
    "reasonably",
    "appropriate",
    "necessary",
    "required",
    "unless",
    "except",
    "if",
    "including",
    "include",
    "includes",
    "and",
    "or",
    "without",
    "before",
    "after",
    "until",
    "expressly",
    "voluntarily",
    "optional",
    "immediately",
    "promptly",
    "designed",
    "cannot",
    "both",
    "either",
    "each",
)
_PHRASES = (
    "such as",
    "for example",
    "at least",
    "at most",
    "up to",
    "as needed",
    "as long as",
    "in our discretion",
    "opt out",
    "opt in",
)
_NUMBER = re.compile(r"\b[0-9][0-9.,]*\b(?:\s+(?:days?|months?|years?|hours?|weeks?|percent|%))?")
_DATE = re.compile(
    rf"\b(?:(?:{'|'.join(MONTHS)})\s+[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s+[0-9]{{4}}|[0-9]{{1,2}}(?:st|nd|rd|th)?\s+"
    rf"(?:{'|'.join(MONTHS)})\s+[0-9]{{4}}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{1,2}}[./][0-9]{{1,2}}[./][0-9]{{2,4}})\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:last\s+)?(?:updated?|revised|modified|effective|version|posted|published|reviewed|in force|as of|changed)\b"
    r"(?:\s+(?:date|on|from|as of|since))*\s*[:\-–]?\s*$",
    re.IGNORECASE,
)

_LABEL_LENGTH = 40  # words: in a longer text a date is part of what is said


@lru_cache(maxsize=4096)
def editorial_proof(old: str, new: str) -> Proof | None:
    """A proof that two texts say the same, None without one. Pure; both sides must have words."""
    if not words_of(old) or not words_of(new):
        return None
    return next((proof for prove in _PROOFS if (proof := prove(old, new))), None)


def words_of(text: str) -> list[str]:
    """The words as they count: no case, marks, accents of encoding, markup or link targets; digits for small numbers."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    plain = LINK.sub("]", _MARKS.sub("", folded))
    return [_DIGITS.get(each, each) for each in _WORD.findall(plain)]


@lru_cache(maxsize=16_384)
def _spelt(word: str) -> str:
    word = _SAME_WORDS.get(word, word)
    for pattern, other in _SPELLING:
        word = pattern.sub(other, word)
    return word


_SIGNS = re.compile(
    r"[%$€£¥<>≤≥±✓✔✗✘☑☐✕❌✅×]|(?<!=)=(?!=)|(?<!\w)-(?=[0-9])|(?<=[0-9])\+|\[[ xX]\](?!\()|~~|<!--|</?(?:del|s|strike)>"
    r"|(?<![0-9])[0-9]++[.,][0-9]{1,2}(?=\s*(?:%|days?|months?|years?|hours?|weeks?|percent)\b)",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"(?<=[0-9])[,.](?=[0-9]{3}\b)")


def signs_of(text: str) -> Counter[str]:
    """Signs that carry meaning even where all words are equal: percent, currency, comparison, ticks, a minus, what is
    struck out or hidden in a comment, and numbers with a fraction."""
    return Counter(each.replace(",", ".") for each in _SIGNS.findall(LINK.sub("]", text)))


def _digits(text: str) -> list[str]:
    return re.findall(r"[0-9]+", _THOUSANDS.sub("", LINK.sub("]", text)))


def _same_beside_words(old: str, new: str) -> bool:
    """Whether everything that carries meaning beside words is equal: signs, and the hosts of links."""
    return signs_of(old) == signs_of(new) and hosts(old) == hosts(new)


def _typography(old: str, new: str) -> Proof | None:
    if words_of(old) != words_of(new) or not _same_beside_words(old, new):
        return None
    if targets(old) != targets(new):
        return Proof("link.target", "the words are equal; only link targets on the same hosts differ")
    return Proof("typography", "the words are equal; only case, spaces, marks or markup differ")


def _spelling(old: str, new: str) -> Proof | None:
    if not _same_beside_words(old, new):
        return None
    one, two = (_written(words_of(text)) for text in (old, new))
    joined = "".join(one) == "".join(two) and _digits(old) == _digits(new)
    forced = [[each for each in words_of(text) if each in _FORCE] for text in (old, new)]
    if not (one == two or (joined and forced[0] == forced[1])):
        return None
    return Proof("typography", "the words are equal but for their spelling")


def _written(words: list[str]) -> list[str]:
    """Words in one spelling: British and American alike, a word or number that stands twice in a row once."""
    spelt = [_spelt(each) for each in words]
    return [each for place, each in enumerate(spelt) if place == 0 or each != spelt[place - 1] or each in _TWICE]


_TWICE = frozenset({"had", "that"})


def _links(old: str, new: str) -> Proof | None:
    """Bare addresses in the text that moved on the same host."""
    if BARE.sub("", old) == old or not _same_beside_words(old, new):
        return None
    same = words_of(BARE.sub(" url ", old)) == words_of(BARE.sub(" url ", new))
    return Proof("link.target", "the words are equal; only link targets on the same hosts differ") if same else None


def _date_label(old: str, new: str) -> Proof | None:
    """Only the date behind a label such as 'last updated' differs; a date inside a sentence is a fact."""
    found = [list(_DATE.finditer(text)) for text in (old, new)]
    if not found[0] or len(found[0]) != len(found[1]):
        return None
    words = words_of(_DATE.sub(" ", old))
    if len(words) > _LABEL_LENGTH or words != words_of(_DATE.sub(" ", new)):
        return None
    labelled = all(
        _LABEL.search(_undecorated(text[: each.start()]))
        for text, dates in zip((old, new), found, strict=True)
        for each in dates
    )
    return Proof("date.label", "only the date behind its label differs") if labelled else None


def _undecorated(text: str) -> str:
    return re.sub(r"[*_`#|()\[\]]", " ", text[-60:]).rstrip() + " "


_PROOFS: tuple[Callable[[str, str], Proof | None], ...] = (_typography, _spelling, _links, _date_label)


def force_cues(old: str, new: str) -> tuple[str, ...]:
    """Which cues of force differ between two texts, in plain words ("'may' added"); empty when none does."""
    one, two = (_cues(text) for text in (old, new))
    gone = [f"'{cue}' removed" for cue in sorted(one - two)]
    come = [f"'{cue}' added" for cue in sorted(two - one)]
    return (*gone, *come)


def _cues(text: str) -> Counter[str]:
    words = words_of(text)
    found = Counter(each for each in words if each in _FORCE)
    found.update("not" for each in words if each.endswith("n't"))
    lowered = " ".join(words)
    found.update({phrase: count for phrase in _PHRASES if (count := lowered.count(phrase))})
    found.update(match.group().strip(".,") for match in _NUMBER.finditer(lowered))
    return found
