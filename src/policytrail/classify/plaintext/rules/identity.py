"""Who is responsible, on which legal basis, and for whom the text holds."""

from __future__ import annotations

import re

from policytrail.classify.plaintext.changed_passage import (
    BROADENS,
    NARROWS,
    NEUTRAL,
    M,
    R,
    Reading,
    Verdict,
    listed,
    rule,
)
from policytrail.classify.plaintext.plain_words import plain_words

_ENTITY = re.compile(
    r"((?:\b[A-Z][\w&.’'-]*,? ){1,5}(?:Inc|Ltd|LLC|GmbH|Limited|Corp|Corporation|B\.?V|AB|S\.?A|AG|OÜ|plc|PLC|SARL|S\.à r\.l|Pty|SAS|"
    r"Oy|S\.?r\.?l|Company|UAB|Private Limited|Co)\b\.?)"
)
_RESPONSIBLE = re.compile(
    r"\b(?:controllers?|responsible|contract(?:ing)?|representatives?|designated|hereinafter|registered|owned|operated|entity|"
    r"provided by|service of|supervisory authority|mailing address|write to)\b"
)
_BASIS = re.compile(
    r"\blegitimate interests?\b|\b(?:your )?consent\b|\bperformance of (?:a|the|our|your) contract\b|\bpublic interest\b|\bvital interests?\b|"
    r"\blegal obligations?\b|\b6 1 ?[a-f]\b|\b6 para 1 lit [a-f]\b|\b(?:ttdsg|tdddg|bdsg|dsgvo|dsg|lgpd|pecr)\b"
)
_ABOUT_BASIS = re.compile(
    r"\blegal bas[ie]s\b|\blawful bas[ie]s\b|\blegal ground|\bart(?:icle)? 6\b|\bbasis (?:for|of)\b"
)
_SCOPE = re.compile(
    r"\b(?:if you (?:are|reside|live|use)|residents? of|users? in|located in|only (?:affects|applies))\b"
)


@rule
def controller(reading: Reading) -> Verdict | None:
    """Another entity is named as responsible (WP260; Colorado 6.04). Whether it is only a new name, no text can show."""
    one, two = (sorted(each.strip() for each in _ENTITY.findall(side)) for side in (reading.old_text, reading.new_text))
    if one == two or reading.log:
        return None
    told = _RESPONSIBLE.search(f"{reading.old} {reading.new}") or (one and two and len(reading.new.split()) <= 12)
    evidence = f"{listed(one) or 'no entity'} became {listed(two) or 'no entity'}"
    another = one or any(not reading.before.says(" ".join(plain_words(each))) for each in two)
    return Verdict("controller.identity", NEUTRAL, M if told and another else R, evidence)


@rule
def responsible(reading: Reading) -> Verdict | None:
    """What is said of who is responsible differs."""
    names = reading.names(reading.came | reading.went, "other:controller")
    if not names:
        return None
    lost = reading.op == "removed" and re.search(r"\brepresentative|\bcontroller", reading.old)
    return Verdict("controller.identity", NEUTRAL, M if lost else R, "who is responsible")


@rule
def legal_basis(reading: Reading) -> Verdict | None:
    """The legal basis differs (GDPR 13(1)(c): always told, in either direction)."""
    if not _ABOUT_BASIS.search(reading.new) and not _ABOUT_BASIS.search(reading.old):
        return None
    one, two = (
        {re.sub(r"para |lit ", "", each) for each in _BASIS.findall(side)} for side in (reading.old, reading.new)
    )
    if one == two:
        return None
    differing = listed(sorted(each.strip() for each in one ^ two))
    return Verdict("legal_basis", NEUTRAL, M if reading.op == "changed" else R, differing)


@rule
def scope(reading: Reading) -> Verdict | None:
    """For whom or where the text holds differs (outside it there is no promise)."""
    names = reading.names(reading.came | reading.went, "other:state law")
    limits = [len(_SCOPE.findall(side)) for side in (reading.old, reading.new)]
    if (reading.come or reading.gone)[0].heading and names:
        return Verdict("jurisdiction.section", NARROWS if reading.op == "added" else BROADENS, R, listed(names))
    if limits[0] != limits[1] or names:
        return Verdict("scope.cover", NEUTRAL, R, listed(names) or "for whom it holds")
    return None
