"""Proofs that two pieces of text say the same.

A proof is the only way in which changed words become editorial: it names the rule and what was found equal. Each says
what it passes over, and leaves everything that carries meaning (see `carriers`) as it is, in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from policytrail.model.dates import MONTHS

from .carriers import Said, said
from .force import FORCE, force_cues, is_turning
from .links import BARE, targets
from .words import words_of

__all__ = ["Proof", "editorial_proof", "force_cues", "same_but", "words_of"]


class Proof(NamedTuple):
    """Why two texts say the same: the rule that proves it, and a sentence for people."""

    rule: str
    sentence: str


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
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
)  # scripts that need no blanks
_ELSEWHERE = "the words are equal; only link targets on the same hosts differ"


@lru_cache(maxsize=4096)
def editorial_proof(old: str, new: str) -> Proof | None:
    """A proof that two texts say the same, None without one. Pure; both sides must have words."""
    if not words_of(old) or not words_of(new):
        return None
    return next((proof for prove in _PROOFS if (proof := prove(old, new))), None)


def same_but(old: str, new: str) -> bool:
    """Whether two texts say the same: the words, and all that carries meaning beside them. What a proof passes over
    must have been taken out of both, or replaced on both by the same word."""
    one, two = said(old), said(new)
    return one.carriers == two.carriers and (one.words == two.words or _cut_otherwise(one, two))


def _cut_otherwise(one: Said, two: Said) -> bool:
    """Whether the letters are equal, and no blank that differs makes a word of force, or of one that we don't know."""
    if one.letters != two.letters:
        return False
    sides = [dict(zip(accumulate(map(len, side.words)), side.words, strict=True)) for side in (one, two)]
    places = sides[0].keys() ^ sides[1].keys()
    return all(_may_join(side, place) for side in sides for place in places if place in side)


def _may_join(side: dict[int, str], place: int) -> bool:
    ends = list(side)
    number = ends.index(place)
    pair = [side[end] for end in ends[number : number + 2]]
    if all(_UNSPACED.search(word) for word in pair):
        return True
    bound = any(word in FORCE or is_turning(word) for word in (*pair, "".join(pair)))
    return not bound and all(word.isascii() and (len(word) > 1 or word in "0123456789e") for word in pair)


def _typography(old: str, new: str) -> Proof | None:
    if not same_but(old, new):
        return None
    if targets(old) != targets(new):
        return Proof("link.target", _ELSEWHERE)
    if words_of(old) != words_of(new):
        return Proof("typography", "the words are equal but for their spelling")
    return Proof("typography", "the words are equal; only case, spaces, marks or markup differ")


def _links(old: str, new: str) -> Proof | None:
    """Bare addresses in the text that moved on the same host."""
    if BARE.sub("", old) == old:
        return None
    one, two = (BARE.sub(_host, text) for text in (old, new))
    return Proof("link.target", _ELSEWHERE) if same_but(one, two) else None


def _host(address: re.Match[str]) -> str:
    """An address without its path: what stands behind it in the sentence stays."""
    end = address[0][len(address[0].rstrip(".,;:!?")) :]
    return f"[url]({address[0]}){end}"


def _date_label(old: str, new: str) -> Proof | None:
    """Only the date behind a label such as 'last updated' differs; a date inside a sentence is a fact."""
    found = [list(_DATE.finditer(text)) for text in (old, new)]
    if not found[0] or len(found[0]) != len(found[1]):
        return None
    rests = [_DATE.sub(" dated ", text) for text in (old, new)]
    if len(words_of(rests[0])) > _LABEL_LENGTH or not same_but(*rests):
        return None
    labelled = all(
        _LABEL.search(_undecorated(text[: date.start()]))
        for text, dates in zip((old, new), found, strict=True)
        for date in dates
    )
    return Proof("date.label", "only the date behind its label differs") if labelled else None


def _undecorated(text: str) -> str:
    return re.sub(r"[*_`#|()\[\]]", " ", text[-60:]).rstrip() + " "


_PROOFS: tuple[Callable[[str, str], Proof | None], ...] = (_typography, _links, _date_label)
