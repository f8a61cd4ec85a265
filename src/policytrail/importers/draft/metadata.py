"""What a text tells of itself: whose policy it is, from when, where its days are counted. The rest are placeholders.

Whatever was guessed or made up is named in `proposed`, so that `policytrail check` asks for it and no release passes it by.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from policytrail.model.dates import MONTHS

NO_NAME, NO_SITE, NO_ZONE = "Name of the organization", "https://policy.example.invalid/", "UTC"
_DOCUMENT = re.compile(
    r"\b(?:online |website |global |customer )?(?:privacy|cookies?|data protection|data privacy|privacy and security)"
    r"(?: and cookies?)?\s+(?:polic(?:y|ies)|notice|statement)\b.*",
    re.IGNORECASE,
)
_FORM = (
    r"(?:Inc|LLC|L\.L\.C|Ltd|Limited|Corp|Corporation|GmbH|AG|S\.A|SA|SAS|B\.V|BV|AB|AS|Oy|O\u00dc|plc|PLC|Pty Ltd|ULC"
    r"|Unlimited Company|UAB|S\.\u00e0 r\.l)"
)
_MONTH = rf"(?:{'|'.join(MONTHS)})"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_NAME = r"[A-Z0-9][\w&'\u2019-]{0,40}(?:\.\w{1,20})*"
_LEGAL = re.compile(r"\b(" + _NAME + "(?: (?:of |and |& )?" + _NAME + "){0,4}?,? " + _FORM + r")(?!\w)\.?")
_LABEL = re.compile(
    r"\b(?:last (?:updated?|revised|modified|reviewed)|effective(?: date)?|updated|revised|in force|version|as of)\b"
    r"[^\n]{0,24}?(?:on|from|since|of|:|-|\s)\s*"
    rf"(?P<date>{_MONTH}\s+{_DAY},?\s+\d{{4}}|{_DAY}\s+{_MONTH}\s+\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})",
    re.IGNORECASE,
)
_STATE = re.compile(r"\b([A-Z]{2}),? (\d{5})(?:-\d{4})?\b")
_STATES = {
    **dict.fromkeys(("CA", "WA", "NV"), "America/Los_Angeles"),
    **dict.fromkeys(("CO", "UT"), "America/Denver"),
    "AZ": "America/Phoenix",
    **dict.fromkeys(("IL", "MN", "TX", "WI", "MO"), "America/Chicago"),
    **dict.fromkeys(("NY", "MA", "NJ", "PA", "GA", "VA", "NC", "OH", "CT", "MD", "DE", "DC"), "America/New_York"),
}
_COUNTRIES = {
    "Ireland": "Europe/Dublin",
    "United Kingdom": "Europe/London",
    "England": "Europe/London",
    "Germany": "Europe/Berlin",
    "France": "Europe/Paris",
    "Estonia": "Europe/Tallinn",
    "Lithuania": "Europe/Vilnius",
    "Sweden": "Europe/Stockholm",
    "Netherlands": "Europe/Amsterdam",
    "Singapore": "Asia/Singapore",
    "Japan": "Asia/Tokyo",
    "Switzerland": "Europe/Zurich",
    "Luxembourg": "Europe/Luxembourg",
}
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}")
_POST = re.compile(
    r"(\d{1,5}[A-Za-z]? [A-Z][^.;:\n@]{3,90}?,\s*[A-Z]{2},?\s+\d{5}(?:-\d{4})?"
    r"|[A-Z][\w\u00df.-]+(?:stra\u00dfe|str\.|weg|platz|gasse) \d{1,4}\w?,\s*\d{5} [A-Z]\w+(?:, [A-Z]\w+)?"
    r"|\d{1,4} [A-Z][^.;:\n@]{3,70}?,\s*[A-Z]{1,2}\d\w? ?\d[A-Z]{2}\b)"
)
_COUNTRY = re.compile(
    rf"(?:\d{{4,6}}|Dublin \d|[A-Z]\d\w? ?\d\w\w|[A-Z][a-z]+)[^\n.;]{{0,30}}[,(] ?({'|'.join(_COUNTRIES)})\b"
)


@dataclass(frozen=True)
class About:
    """The head of `policy.yaml`: its fields, and which of them a person must confirm or fill in."""

    fields: dict[str, Any]
    proposed: tuple[str, ...]

    @property
    def organization(self) -> str:
        """The name that contacts are proposed for."""
        return str(self.fields["organization"]["legal_name"])


def about(title: str | None, text: str, language: str | None) -> About:
    """In: the text's own title, its Markdown, the language it declares. Out: what it tells, and placeholders."""
    legal = _legal_name(text)
    name = _name(title) or (re.sub(rf",? {_FORM}\.?$", "", legal) if legal else NO_NAME)
    last = updated(text)
    zone = _zone(text)
    fields: dict[str, Any] = {
        "title": title or "Privacy policy",
        "organization": {"name": name, "legal_name": legal or name},
        "site_url": NO_SITE,
        "time_zone": zone or NO_ZONE,
        "language": language or "en",
        **({"last_updated": last} if last else {}),
        "regimes": ["promise"],
    }
    guessed = ["organization.name", "organization.legal_name", "site_url", "time_zone"]
    return About(fields, (*guessed, *(["last_updated"] if last else []), *([] if title else ["title"])))


def contact_of(texts: Sequence[str]) -> tuple[str, str]:
    """In: the clauses' texts. Out: the email address that people write to about privacy, and the postal address on one line;
    "" for what the text doesn't tell. Both are for a person to confirm.
    """
    whole = re.sub(r"\\\n|[*_]{2,}", " ", "\n".join(texts))
    emails = _EMAIL.findall(whole)
    about_privacy = [
        email for email in emails if re.match(r"privacy|dpo|dataprotection|datenschutz|gdpr|legal", email, re.I)
    ]
    posts = [" ".join(found.split()) for found in _POST.findall(whole)]
    return next(iter([*about_privacy, *emails]), ""), posts[-1] if posts else ""


def _name(title: str | None) -> str | None:
    """`Stamps.com - Privacy Policy` is Stamps.com's; a title that says nothing else names nobody."""
    rest = re.sub(
        r"^(?:the|our)\s+|['\u2019]s$",
        "",
        _DOCUMENT.sub("", title or "").strip(" -\u2013\u2014|:,"),
        flags=re.IGNORECASE,
    )
    return rest.strip() if 1 < len(rest.strip()) <= 60 else None


def _legal_name(text: str) -> str | None:
    """The company with a legal form that the text names most often, the first among equals."""
    names = Counter(" ".join(match[1].split()) for match in _LEGAL.finditer(re.sub(r"[*_]{2,}", "", text)))
    best = names.most_common(1)[0][0] if names else None
    return best + "." if best and re.search(r"\b(?:Inc|Corp|Ltd)$", best) else best


def updated(text: str) -> str | None:
    """The date behind a label such as "last updated", as YYYY-MM-DD; only one that is a day of the calendar."""
    label = _LABEL.search(re.sub(r"[*_]+", "", text))
    if not label:
        return None
    shown = label["date"]
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", shown):
            return date.fromisoformat(shown).isoformat()
        month = next(place for place, each in enumerate(MONTHS, 1) if each.lower() in shown.lower())
        day, year = re.findall(r"\d+", shown)[0], re.findall(r"\d{4}", shown)[-1]
        return date(int(year), month, int(day)).isoformat()
    except ValueError:
        return None


def _zone(text: str) -> str | None:
    """The time zone of the postal address, where it names a state with a ZIP code or a country with one zone."""
    for state, _ in _STATE.findall(text):
        if state in _STATES:
            return _STATES[state]
    country = _COUNTRY.search(text)
    return _COUNTRIES[country[1]] if country else None
