"""Promises: how long data is kept, how it is protected, how people are told of changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .registry import Fields, Read, duration, hint, named, reader


@reader
def _keeping(read: Read) -> Iterator[Fields]:
    if not read.has(
        r"(?:we|company|[\w.]+)? ?(?:will |may )?(?:also )?(?:retain|retention|keep|kept|store[ds]?|retained|archive[ds]?)"
    ) or not (read.data or read.has("information|data|it|them")):
        return
    none = read.denies(r"store|retain|keep|save")
    until = re.search(
        r"\b(?:for )?as long as ((?:[\w' -]|,(?! and| but))+)|\bonly as needed ((?:[\w' -])+)|\b(until [\w' -]+)",
        read.words,
    )
    period = duration(read.words)
    told = next((group.strip()[:200] for group in (until.groups() if until else ()) if group), None)
    if not (none or period or told or read.has("retain|retention|retained")):
        return
    span = {"period": period, "bound": "fixed"} if period else {"period": {"until": [told]}} if told else {}
    kept = {"none_kept": True, "modality": "does_not"} if none and not period else span
    fields = {name: value for name, value in read.common.items() if name in ("data", "purposes", "modality", "hedge")}
    yield {
        "type": "retention",
        "title": named("Not kept" if "none_kept" in kept else "How long it is kept", read.data),
        "hint": hint("retention", read.data),
        **fields,
        **kept,
    }


_MEASURES = (
    ("encryption", r"encrypt\w*|ssl|tls"),
    (
        "access_control",
        r"(?:limit|restrict)\w* access|access (?:is )?(?:limited|restricted)|access controls?|need[- ]to[- ]know",
    ),
    ("password", r"password[- ]protected"),
    ("firewall", r"firewalls?"),
    ("physical", r"physical\b[^.]{0,60}(?:safeguards?|measures?|security|controls?)"),
    ("electronic", r"electronic\b[^.]{0,60}safeguards?"),
    ("procedural", r"procedural\b[^.]{0,60}safeguards?"),
    ("organizational", r"(?:organi[sz]ational|administrative)\b[^.]{0,60}(?:safeguards?|measures?)"),
    ("technical", r"technical\b[^.]{0,60}(?:safeguards?|measures?)"),
    ("certification", r"iso ?27\d+|soc ?2|pci"),
    ("security_measures", r"(?:security|appropriate|reasonable) (?:measures|safeguards|procedures)"),
)


@reader
def _protecting(read: Read) -> Iterator[Fields]:
    measures = [name for name, words in _MEASURES if read.has(words) and not read.is_without(words)]
    if not measures or read.denies(r"guarantee|ensure"):
        return
    part = {"extent": "certain"} if read.has(r"certain (?:areas|data|information|pages)") else {}
    strength = (
        {"strength": "designed_to"}
        if read.has("designed to|intended to")
        else {"strength": "may"}
        if read.has("may use|may employ")
        else {}
    )
    fields = {name: value for name, value in read.common.items() if name == "data"}
    yield {
        "type": "security",
        "title": f"Protection: {', '.join(measure.replace('_', ' ') for measure in measures)}",
        "hint": f"security.{measures[0]}",
        "measure": measures,
        **fields,
        **part,
        **strength,
    }


@reader
def _announcing(read: Read) -> Iterator[Fields]:
    policy = read.has(
        r"(?:change|update|modif|amend|revis)\w*[^.]{0,80}(?:policy|notice|statement|terms)|(?:policy|notice|statement)[^.]{0,80}(?:change|update|modif|amend|revis)\w*|material(?:ly)? chang\w+"
    )
    tells = read.has(r"(?:notify|notif\w+|inform|tell|alert|e-?mail|post\w*|let you know|notice)")
    if not policy or not tells or read.has(r"please (?:check|review)|last (?:updated|revised)|check (?:back|this)"):
        return
    material = read.has(r"material(?:ly)?|significant(?:ly)?|substantial(?:ly)?")
    period = duration(read.words)
    days = {"period_days": period["value"]} if period and period["unit"] == "day" else {}
    channels = [
        {"kind": name}
        for name, words in (
            ("email", r"e-?mail\w*"),
            ("site", r"(?:web ?)?site|website|banner|in-app|within the (?:app|service)|post\w*"),
        )
        if read.has(words)
    ]
    how = "any_of" if read.has("or") or len(channels) < 2 else "all_of"
    yield {
        "type": "notice",
        "title": "Notice of material changes" if material else "Notice of changes",
        "hint": f"changes.{'material' if material else 'any'}",
        "modality": "may" if read.has(r"may (?:notify|inform|also|send|provide)") else "will",
        "on": {"severity": "material" if material else "any"},
        **days,
        **({"timing": "before_effective"} if read.has(r"prior to|before|in advance|advance notice|until") else {}),
        **({"channels": {how: channels}} if channels else {}),
    }
