"""Proofs that a changed passage says nothing about data: dates, page furniture, titles, obfuscated mail, version notes.

A proof needs a reason that holds for any policy; what none of them shows is for a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ...model.dates import MONTHS
from ..cues import Proof, editorial_proof, words_of
from .concepts import concepts

_MONTH = "|".join([*MONTHS, *(each[:3] for each in MONTHS), "Sept"])
_DATE = re.compile(
    rf"(?:(?:\b(?:{_MONTH})\b\.?,?[\s-]*)?[0-9]{{1,2}}(?:st|nd|rd|th)?,?[\s-]+(?:of\s+)?(?:\b(?:{_MONTH})\b\.?,?[\s-]*)?(?:19|20)[0-9]{{2}}"
    rf"|\b(?:{_MONTH})\b\.?,?[\s-]+(?:[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s+)?(?:19|20)[0-9]{{2}}"
    rf"|(?:19|20)[0-9]{{2}}[-./][0-9]{{1,2}}[-./][0-9]{{1,2}}|[0-9]{{1,2}}[-./][0-9]{{1,2}}[-./](?:19|20)?[0-9]{{2}}\b"
    rf"|\b[0-9]{{1,2}}\s+(?:{_MONTH})\b\.?)",
    re.IGNORECASE,
)
# Words that may stand around the date of a document without saying anything else.
_LABEL_WORDS = frozenset(
    "last latest date dated updated update updates revised revision modified effective as of on from since the "
    "this our privacy policy notice statement document version published posted reviewed amended was is been has "
    "changes changed in force read min reading time page created to apply applies applicable cookie archived "
    "previous versions prior current summary major becomes takes effect and".split()
)
_TITLE_WORDS = frozenset(
    "privacy policy policies notice statement cookie cookies our the global us website online center centre data "
    "protection welcome to google terms legal and of use conditions explained hub site social media user "
    "guidelines english".split()
)
_ABOUT_VERSIONS = re.compile(
    r"\b(?:updated? (?:version|the language|our privacy)|previous version|earlier version|archived version|older version|"
    r"see the updated|new version|version history|summary of (?:the )?(?:key )?changes|latest changes)\b"
)
_MAIL = re.compile(r"\[?\[email.protected\]\]?(?:\([^)]*\))?|(?<!\S)\S*/cdn-cgi/l/email-protection\S*", re.IGNORECASE)
_MARKUP = re.compile(r"!?\[([^\[\]]{0,2000})\]\([^)]{0,2000}\)|[*_`#>|~\\]+|<[^>]{1,200}>")
_SENTENCE_END = re.compile(r"[.;:!?]['\")\]”’*_]*\s*$")


def plain(text: str) -> str:
    """The words of Markdown as people see them, on one line."""
    return " ".join(_MARKUP.sub(lambda found: found.group(1) or " ", text).split())


def passage_proof(old: str, new: str, furniture: bool) -> Proof | None:
    """A proof that replacing `old` by `new` says nothing about data; either side may be empty.

    `furniture`: the passage stands among menus, headers or footers of the page, not in the policy's own text.
    """
    if old.strip() and new.strip() and (proof := editorial_proof(old, new)):
        return proof
    return next((proof for prove in _PROOFS if (proof := prove(old, new, furniture))), None)


def _nothing(old: str, new: str, _: bool) -> Proof | None:
    if words_of(plain(old)) == words_of(plain(new)) and plain(old).count("%") == plain(new).count("%"):
        return Proof("typography", "the words are equal; only marks, spaces or markup differ")
    return None


def _dates(old: str, new: str, _: bool) -> Proof | None:
    """Only dates of the document differ: both sides hold a date or nothing, and label words beside it."""
    sides = [plain(each) for each in (old, new) if plain(each)]
    if not any(_DATE.search(each) for each in sides):
        return None
    rests = [
        [word for word in words_of(_DATE.sub(" ", each)) if not word.isdigit()] for each in (plain(old), plain(new))
    ]
    if all(word in _LABEL_WORDS for rest in rests for word in rest):
        return Proof("date.label", "only the date of the document differs")
    same = rests[0] == rests[1] and bool(
        set(rests[0][:12]) & {"updated", "revised", "modified", "effective", "published", "applies"}
    )
    if same and len(rests[0]) <= 12 and len(_DATE.findall(sides[0])) == len(_DATE.findall(sides[-1])) == 1:
        return Proof("date.label", "only the date of the document differs")
    return None


def _mail(old: str, new: str, _: bool) -> Proof | None:
    if not (_MAIL.search(old) and _MAIL.search(new)):
        return None
    if words_of(_MAIL.sub(" ", old)) == words_of(_MAIL.sub(" ", new)):
        return Proof("typography", "only the noise of an obfuscated mail address differs")
    return None


def _titles(old: str, new: str, _: bool) -> Proof | None:
    """A document's own title or a menu entry of that kind comes or goes."""
    words = [*words_of(plain(old)), *words_of(plain(new))]
    if words and len(words) <= 12 and all(word in _TITLE_WORDS for word in words):
        return Proof("structure", "only titles of documents come or go")
    return None


def _versions(old: str, new: str, _: bool) -> Proof | None:
    """A pointer to other versions of the document, which says nothing about data itself."""
    come, gone = (words_of(plain(side)) for side in (new, old))
    lines = " ".join(come), " ".join(gone)
    told = [each for each in lines if each]
    if len(come) + len(gone) > 60 or not told or not all(_ABOUT_VERSIONS.search(each) for each in told):
        return None
    families = {family for each in told for family, name in concepts(each) if (family, name) not in _HARMLESS}
    return None if families else Proof("structure", "only a pointer to another version of the document differs")


_HARMLESS = frozenset(
    {("other", "policy change"), ("recipient", "social networks"), ("purpose", "product development")}
)


def _furniture(old: str, new: str, furniture: bool) -> Proof | None:
    """Menus, headers, footers: short fragments outside the policy's own text that speak of no data."""
    if not furniture:
        return None
    spoken = {
        each
        for side in (old, new)
        for each in concepts(" ".join(words_of(plain(side))))
        if each[0] in ("data", "other")
    }
    weighty = spoken - _MENU_WORDS
    return None if weighty else Proof("structure", "only menus or other furniture of the page differ")


# What menus of shops and portals speak of, too: alone it shows nothing about data.
_MENU_WORDS = frozenset({
    ("data", "photos and recordings"), ("data", "device data"), ("data", "health data"), ("data", "contacts"), ("data", "cookies"),
    ("data", "location"), ("data", "user content"), ("data", "vehicle or driving"), ("data", "wallet"), ("data", "phone number"),
    ("data", "messages"), ("data", "payment data"), ("data", "email address"), ("data", "social media"), ("data", "employment data"),
    ("other", "security"), ("other", "children"), ("other", "state law"), ("other", "retention"), ("other", "choice"), ("other", "right"),
})  # fmt: skip


_PROOFS: tuple[Callable[[str, str, bool], Proof | None], ...] = (
    _nothing,
    _dates,
    _mail,
    _titles,
    _versions,
    _furniture,
)


def is_prose(line: str) -> bool:
    """Whether a line belongs to running text: long, or a sentence."""
    words = len(plain(line).split())
    return words >= 12 or (words >= 5 and bool(_SENTENCE_END.search(plain(line))))


def furniture_lines(lines: Sequence[str]) -> list[bool]:
    """For each line, whether it stands among the furniture of the page: before the first running text, behind the last,
    or inside a long run of fragments of which nearly none speaks of data."""
    prose = [number for number, line in enumerate(lines) if is_prose(line)]
    if not prose:
        return [True] * len(lines)
    found = [number < prose[0] or number > prose[-1] for number in range(len(lines))]
    for start, end in _runs(lines):
        fragments = [line for line in lines[start:end] if plain(line)]
        about = sum(
            bool({family for family, _ in concepts(" ".join(words_of(plain(line))))} & {"data", "purpose"})
            for line in fragments
        )
        if len(fragments) >= 10 and about <= len(fragments) / 8:
            found[start:end] = [True] * (end - start)
    return found


def _runs(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Runs of lines that are no running text, as (start, end)."""
    runs, start = [], None
    for number, line in enumerate([*lines, "x " * 12]):
        if is_prose(line):
            if start is not None:
                runs.append((start, number))
            start = None
        elif start is None:
            start = number
    return runs
