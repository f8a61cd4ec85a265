"""Proof that a way to reach the company was replaced by another of the same kind: nobody loses the way.

Whoever reads the policy in force finds the valid address in it, and nothing is done with data that wasn't before
(WP260: how to exercise rights). Another entity, another country or another mail domain is no mere address.
"""

from __future__ import annotations

import re

from policytrail.classify.plaintext.plain_words import plain
from policytrail.classify.wording_checks.dates import DATE
from policytrail.classify.wording_checks.strength_words import Proof, same_but
from policytrail.text.alignment import steps

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@([\w-]+(?:\.[\w-]+)+)")
_PHONE = re.compile(
    r"(?<!\w)(?:(?<=call )|(?<=phone )|(?<=phone: )|(?<=tel )|(?<=tel: )|(?<=tel\. )|(?<=fax: )|(?=[+(]))\+?\(?[0-9][0-9 ().\-/]{6,}[0-9](?!\w)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\s,;]+")
_STREET = re.compile(
    r"\b(?:street|st|road|rd|avenue|ave|boulevard|blvd|lane|drive|suite|ste|floor|fl|building|box|mailbox|unit|square|plaza|way|"
    r"place|court|tower|house|gata|gatan|str|straße|strasse|allee|platz|weg|rue|via|calle|plein|laan)\b|straße|gatan|strasse|#[0-9]",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"\b(?:[A-Z]{2},?\s+[0-9]{5}(?:-[0-9]{4})?|[0-9]{3}\s?[0-9]{2}|[0-9]{4,6}|[A-Z]{1,2}[0-9][0-9A-Z]?\s?[0-9][A-Z]{2})\b"
)
_ENTITY = re.compile(
    r"\b(?:inc|ltd|llc|gmbh|limited|corp|corporation|bv|ab|sa|ag|oü|plc|sarl|pty|as|oy|srl|spa|kft|uab)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"%|\b(?:days?|months?|years?|hours?|weeks?|minutes?|percent|age|users?|tagen?|monaten?|jahren?|stunden|jours?|mois|ans|días|meses|años|giorni|mesi|anni|dagar|dagen)\b",
    re.IGNORECASE,
)
_SMALL = frozenset("of the and de la le du am an der den van von di da do das at in c/o".split())
COUNTRIES = re.compile(
    r"\b(?:usa?|united|states|kingdom|uk|england|scotland|ireland|germany|france|spain|italy|portugal|austria|switzerland|sweden|"
    r"norway|denmark|finland|estonia|latvia|lithuania|poland|netherlands|belgium|luxembourg|czechia|hungary|romania|bulgaria|greece|"
    r"cyprus|malta|iceland|israel|turkey|russia|ukraine|india|china|japan|korea|singapore|australia|canada|mexico|brazil|"
    r"argentina|cayman|islands?|virgin|emirates|dubai|hong|kong|taiwan|africa|nigeria|kenya|egypt)\b",
    re.IGNORECASE,
)


def same_way(old: str, new: str) -> Proof | None:
    """Only a mail address on the same domain, a phone number or a postal address in the same country differs."""
    one, two = (_PHONE.sub(" phone ", _MAIL.sub(r" mail \1 ", plain(side))) for side in (old, new))
    reached = one != plain(old) and one.count(" phone ") == two.count(" phone ")
    if reached and same_but(one, two):
        return Proof("contact", "another mail address or phone number stands for the old one, nothing else differs")
    if _address(plain(old), plain(new)):
        return Proof(
            "contact", "another postal address in the same country stands for the old one, nothing else differs"
        )
    return None


def _address(old: str, new: str) -> bool:
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    changed = [step for step in steps(a, b) if not step.same]
    if not changed or len(changed) > 6 or not (a and b) or DATE.search(old) or DATE.search(new):
        return False
    one, two = a[changed[0].i1 : changed[-1].i2], b[changed[0].j1 : changed[-1].j2]
    around = a[max(0, changed[0].i1 - 5) : changed[-1].i2 + 5]
    if not one or not two or max(len(one), len(two)) > 16 or not _looks_postal(one, two, around):
        return False
    # The name of the entity stands right before its kind: Acme GmbH.
    words = " ".join([*one, *a[changed[-1].i2 : changed[-1].i2 + 2], *two, *b[changed[-1].j2 : changed[-1].j2 + 2]])
    countries = [sorted(each.casefold() for each in COUNTRIES.findall(" ".join(side))) for side in (one, two)]
    rests = [
        " ".join([*side[: changed[0].i1], "address", *side[end:]])
        for side, end in ((a, changed[-1].i2), (b, changed[-1].j2))
    ]
    named = bool(_ENTITY.search(words) or _UNIT.search(" ".join(around)))
    return not named and countries[0] == countries[1] and same_but(*rests)


def _looks_postal(one: list[str], two: list[str], around: list[str]) -> bool:
    """Both sides are names and numbers, and the text around them has a street or a postcode."""
    parts = all(_is_part(each) for each in (*one, *two))
    near = sum(_is_part(each) for each in around) >= 0.7 * len(around)
    text = " ".join([*around, *two])
    numbered = all(any(char.isdigit() for token in side for char in token) for side in (one, two))
    named = any(token.strip("(\"'“").istitle() for token in around) and not any(char in text for char in "²³¹%")
    return parts and near and numbered and named and bool(_STREET.search(text) or _POSTCODE.search(text))


def _is_part(token: str) -> bool:
    bare = token.strip("(){}[]\"'“”.:#")
    return not bare or bare[0].isupper() or bare[0].isdigit() or bare.casefold() in _SMALL
