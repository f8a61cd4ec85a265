"""Vendors in a list or a table of vendors: each row names who gets data, whatever else it says."""

from __future__ import annotations

import re
from functools import lru_cache

from policytrail.classify.plaintext.changed_passage import BROADENS, NARROWS, NEUTRAL, R, Reading, Verdict, listed
from policytrail.classify.plaintext.concepts import concepts
from policytrail.classify.plaintext.plain_words import is_item, plain, plain_words
from policytrail.classify.plaintext.sentence_context import Unit

_LIST = re.compile(
    r"\b(?:sub ?processors?|vendors?|service providers?|processors?|suppliers?|third part(?:y|ies)|recipients?|partners?|providers?|"
    r"sub ?contractors?|companies we|who receives|integrations?)\b"
)
_COLUMN = re.compile(
    r"\b(?:name|company|vendor|sub ?processor|processor|provider|supplier|entity|organi[sz]ation|partner|third party|recipient)\b"
)
_GENERIC = re.compile(
    r"\b(?:compan(?:y|ies)|providers?|partners?|vendors?|agenc(?:y|ies)|brokers?|affiliates?|authorit(?:y|ies)|part(?:y|ies)|networks?|"
    r"advertisers?|insurers?|banks?|processors?|firms?|your|our|the|data|information|cookies?)\b"
)


def vendors(reading: Reading) -> Verdict | None:
    """A named vendor is added to or dropped from a list of vendors: for a person, and no other kind.

    None where the passage has anything else in it, or where a row names a category and not a company.
    """
    rows = [*reading.gone, *reading.come]
    if reading.log or not all(map(_is_row, rows)):
        return None
    gone, come = ([_vendor(unit) for unit in side] for side in (reading.gone, reading.come))
    added, dropped = [name for name in come if name not in gone], [name for name in gone if name not in come]
    if added:
        return Verdict("recipient.named", BROADENS if not dropped else NEUTRAL, R, listed(added))
    return Verdict("recipient.named", NARROWS, R, listed(dropped)) if dropped else None


def _is_row(unit: Unit) -> bool:
    table = unit.raw.lstrip().startswith("|")
    if unit.heading or not (table or is_item(unit.raw)) or not _vendor(unit):
        return False
    above = " ".join(plain_words(unit.lead if unit.lead and not table else " ".join([*unit.path[-1:], unit.lead])))
    if table:
        return bool(
            _COLUMN.search(_first(unit.lead).casefold())
            and (_LIST.search(above) or _LIST.search(_first(unit.lead).casefold()))
        )
    return bool(_LIST.search(above))


@lru_cache(maxsize=4096)
def _first(raw: str) -> str:
    """The first cell of a row, or the entry up to a colon or dash."""
    if raw.lstrip().startswith("|"):
        cells = [plain(cell) for cell in raw.strip().strip("|").split("|")]
        return next((cell for cell in cells if cell), "")
    return re.split(r"[:\u2013\u2014(,]| - ", plain(raw).lstrip("-*+ \u2022"))[0].strip()


def _vendor(unit: Unit) -> str:
    """The name of a company; empty where the row begins with anything else."""
    name = _first(unit.raw)
    words = name.split()
    named = (
        bool(words)
        and len(words) <= 6
        and all(word[0].isupper() or word[0].isdigit() or len(word) < 4 for word in words)
    )
    return name if named and name[:1].isupper() and not _says_more(name) else ""


def _says_more(name: str) -> bool:
    """Whether it is no name: a category of companies, or a kind of data."""
    words = name.casefold()
    return bool(_GENERIC.search(words)) or any(family == "data" for family, _ in concepts(words))
