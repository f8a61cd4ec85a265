"""Proofs about the document itself: its date, its title, its other versions, its page. One-sided ones hold for a passage
that only came or only went; what none shows is for a person."""

from __future__ import annotations

import re
from collections.abc import Iterable

from policytrail.classify.plaintext.plain_words import plain, plain_words
from policytrail.classify.wording_checks.carriers import is_weighty
from policytrail.classify.wording_checks.dates import DATE
from policytrail.classify.wording_checks.strength_words import Proof, same_but

# Words that may stand around the date of a document without saying anything else.
_LABEL_WORDS = frozenset(
    "last latest date dated updated update updates revised revision modified effective as of on from since the "
    "this our privacy policy notice statement document version published posted reviewed amended was is been has "
    "changes changed in force read min reading time page created to apply applies applicable cookie archived "
    "gültig ab seit stand letzte aktualisierung zuletzt aktualisiert geändert am vom in kraft datum version fassung dernière mise à jour le "
    "modifié modifiée en vigueur depuis du date última actualización actualizado fecha vigente desde el de ultimo aggiornamento aggiornato il "
    "valido dal data atualização atualizado em vigor laatst bijgewerkt op senast uppdaterad den gäller från gyldig fra sidst opdateret "
    "最終更新日 最后更新日期 更新日期 生效日期 施行日 制定日 改定日 更新 生效 previous versions prior current summary major becomes takes effect and full pdf download print valid until".split()
)
_DATED = frozenset(
    {"updated", "revised", "modified", "effective", "published", "applies", "version", "amended", "changed"}
)
_DOCUMENT = frozenset("policy notice statement document version terms page agreement".split())
_TITLE_WORDS = frozenset(
    "privacy policy policies notice statement cookie cookies our the global website online data protection welcome to "
    "terms legal and of use conditions explained hub overview center centre".split()
)
# Words with which a document points to its own versions. No word of force, none for what is done with data.
_VERSION_WORDS = _LABEL_WORDS | frozenset(
    "a an new newer old older earlier see view click here please below above link links archive history language "
    "languages improve improved readability easier understand clearer clarity it its it's that so we've we have "
    "today scroll down section revisions which find found these following made wording structure available at by or "
    "language's you can go back before compare what what's now more details about english".split()
)
_VERSION_ANCHORS = frozenset(
    "updated update updates version versions revision revisions archived archive effect effective previous changes "
    "revised language".split()
)
_PEOPLE = frozenset("we you your us our may will not must can if".split())
_COURTESY = frozenset(
    "your privacy is very important to us we value thank you for visiting reading welcome please take the time a moment "
    "read this our policy notice statement carefully hello hi enjoy questions have any suggestions or comments".split()
)
_MAIL = re.compile(
    r"\[?\[email.protected\]\]?(?:\([^)]{0,2000}\))?|(?<!\S)\S*/cdn-cgi/l/email-protection\S*", re.IGNORECASE
)
_ADDRESS = re.compile(r"\[?(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+\]?(?:\(mailto:[^)]*\))?")
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z])")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_COUNT = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_COUNTED = re.compile(
    r"\b(?:requests?|right to (?:know|access|delete|correct)|complied|denied|(?:median|mean|average) (?:number of )?(?:days|time)|"
    r"(?:opt.?outs?|complaints?) (?:received|processed))\b"
)
_PAST = re.compile(
    r"\b(?:we received|requests? received|received|complied with|denied|statistics|metrics|in (?:19|20)[0-9]{2})\b"
)


def dates(old: str, new: str) -> Proof | None:
    """Only the document's own date differs: both sides hold a date or nothing, and label words beside it."""
    sides = [plain(_GLUED.sub(" ", each)) for each in (old, new)]
    if not any(DATE.search(side) for side in sides):
        return None
    if any(is_weighty(DATE.sub(" ", side)) for side in sides):
        return None
    rests = [list(plain_words(DATE.sub(" ", side))) for side in sides]
    label = all(word in _LABEL_WORDS for rest in rests for word in rest)
    named = set(rests[0])
    same = rests[0] == rests[1] and len(rests[0]) <= 12 and bool(named & _DATED) and bool(named & _DOCUMENT)
    one = all(len(DATE.findall(side)) == 1 for side in sides)
    return Proof("date.label", "only the date of the document differs") if label or (same and one) else None


def rights_line(old: str, new: str) -> Proof | None:
    """The year of the page's copyright line moved."""
    sides = [_YEAR.sub("year", side) for side in (old, new)]
    if "©" in old and "©" in new and same_but(*sides) and len(plain_words(old)) <= 14:
        return Proof("structure", "only the year of the copyright line differs")
    return None


def obfuscated_mail(old: str, new: str) -> Proof | None:
    """The same text around a mail address that the page hides from robots, each time in another way."""
    if not (_MAIL.search(old) or _MAIL.search(new)):
        return None
    if same_but(*(_ADDRESS.sub(" mail ", _MAIL.sub(" mail ", side)) for side in (old, new))):
        return Proof("typography", "only the noise of an obfuscated mail address differs")
    return None


def titles(old: str, new: str) -> Proof | None:
    """A document's own title comes, goes or changes."""
    words = [*plain_words(old), *plain_words(new)]
    if words and len(words) <= 12 and all(word in _TITLE_WORDS for word in words) and not _weighty(old, new):
        return Proof("structure", "only titles of documents come or go")
    return None


def versions(old: str, new: str) -> Proof | None:
    """A pointer to other versions of the document, which says nothing about data itself."""
    (gone, come), alike = _apart(old, new)
    words = [*gone, *come]
    if not words or len(words) > 60 or not _only(words, _VERSION_WORDS) or not _VERSION_ANCHORS & set(words):
        return None
    if not alike and _weighty(*(DATE.sub(" ", side) for side in (old, new))):
        return None
    # Beside a title or a date label a pointer may come or go; a word inside a sentence of the policy is no pointer.
    if alike and (len(words) < 4 or len(alike) > 8 or _PEOPLE & set(alike)):
        return None
    return Proof("structure", "only a pointer to another version of the document differs")


def courtesy(old: str, new: str) -> Proof | None:
    """A greeting, a thank-you or the slogan that privacy matters comes or goes: it binds nobody to anything."""
    words = [*plain_words(old), *plain_words(new)]
    if (
        words
        and not (old.strip() and new.strip())
        and len(words) <= 16
        and _only(words, _COURTESY)
        and not _weighty(old, new)
    ):
        return Proof("structure", "only a greeting comes or goes")
    return None


def figures(old: str, new: str) -> Proof | None:
    """The figures of a report about requests of the past (CCPA regulations 7102): they promise nothing."""
    words = " ".join(plain_words(old))
    row = old.lstrip().startswith("|") and new.lstrip().startswith("|")
    if not same_but(*(_COUNT.sub("9", side) for side in (old, new))):
        return None
    if not _COUNTED.search(words) or not (row or _PAST.search(words)):
        return None
    return Proof("structure", "only the figures of a report on past requests differ")


def _apart(old: str, new: str) -> tuple[tuple[list[str], list[str]], list[str]]:
    """The words of both sides without what they begin and end with alike, and that; words glued together are parted."""
    one, two = (list(plain_words(_GLUED.sub(" ", DATE.sub(" ", plain(side))))) for side in (old, new))
    alike = []
    while one and two and one[0] == two[0]:
        alike.append(one[0])
        one, two = one[1:], two[1:]
    while one and two and one[-1] == two[-1]:
        alike.append(one[-1])
        one, two = one[:-1], two[:-1]
    return (one, two), alike


def _only(words: Iterable[str], known: frozenset[str]) -> bool:
    return all(word in known or word.isdigit() for word in words)


def _weighty(old: str, new: str) -> bool:
    return is_weighty(old) or is_weighty(new)
