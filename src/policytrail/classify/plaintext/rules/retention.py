"""How long data is kept, and how it is protected."""

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
from policytrail.classify.plaintext.concepts import ACTS
from policytrail.classify.wording_checks.words import FORMED, counted, folded

_UNIT = re.compile(
    rf"(?<![0-9a-z.,])(\d+(?:[.,]\d+)?[{FORMED}]*)(?:\s*\(\d+\))?[\s-]*"
    r"(days?|months?|years?|hours?|weeks?|minutes?|tagen?|monaten?|jahren?|stunden?|wochen?|jours?|mois|ans?|heures?|semaines?|"
    r"d[ií]as?|meses|mes|años?|horas?|giorni|mesi|anni|日間|日|天|か月|ヶ月|个月|個月|年間|年|小时|時間|週間|周)(?![a-z])"
)
_NAMES = {
    "day": "day days tag tage tagen jour jours día días dia dias giorni 日間 日 天",
    "week": "week weeks woche wochen semaine semaines 週間 周",
    "month": "month months monat monate monaten mois mes meses mesi か月 ヶ月 个月 個月",
    "year": "year years jahr jahre jahren an ans año años anni 年間 年",
    "hour": "hour hours stunde stunden heure heures hora horas 小时 時間",
    "minute": "minute minutes",
}
_UNITS = {word: unit for unit, words in _NAMES.items() for word in words.split()}
_LETTERS = re.compile(r"[a-z]+")
_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.0, "year": 365.0}
_KEPT = re.compile(
    r"\b(?:retain\w*|retention|kept|keep\w*|stor(?:e|ed|age)|delet\w+|eras\w+|destroy\w*|expir\w+|lifetime|duration|archiv\w+|inactiv\w+)\b"
)
_ANSWER = re.compile(r"\b(?:respond\w*|reply|answer\w*|notif\w+|notice|requests?)\b")


@rule
def period(reading: Reading) -> Verdict | None:
    """A number of days, months or years differs (CCPA 1798.100(a)(3); the policy's own promise)."""
    one, two = (_periods(side) for side in (reading.old_text, reading.new_text))
    if reading.op != "changed" or one == two:
        return None
    evidence = f"{_spans(one)} became {_spans(two)}"
    if not _KEPT.search(reading.old + " " + reading.new):
        promised = _ANSWER.search(reading.old) and one
        return Verdict("wording.force", NEUTRAL, M if promised and two else R, evidence)
    if len(one) != len(two):
        return Verdict(
            "retention.bound", BROADENS if one and not two else NEUTRAL, M if one and not two else R, evidence
        )
    longer = sum(map(_days, two)) > sum(map(_days, one))
    return Verdict("retention.period", BROADENS if longer else NARROWS, M if longer else R, evidence)


def _periods(text: str) -> list[tuple[str, str]]:
    """The periods that a text names, each a figure as it is written, and its unit in English."""
    shown = _LETTERS.sub(lambda word: counted(word[0]), folded(text))
    return [(figure, _UNITS[unit]) for figure, unit in _UNIT.findall(shown)]


def _days(span: tuple[str, str]) -> float:
    figure = re.match(r"\d+(?:[.,]\d+)?", span[0])
    return float(figure[0].replace(",", ".")) * _DAYS[span[1]] if figure else 0.0


def _spans(found: list[tuple[str, str]]) -> str:
    return ", ".join(f"{number} {unit}s" for number, unit in found) or "no period"


@rule
def kept(reading: Reading) -> Verdict | None:
    """Something about keeping data is said for the first time, or no longer (TRUSTe)."""
    came, went = reading.names(reading.came, "other:retention"), reading.names(reading.went, "other:retention")
    if came and reading.op == "added" and reading.practice:
        return Verdict("retention.bound", BROADENS, M, "retention")
    if went and reading.op == "removed" and _periods(reading.old_text):
        return Verdict("retention.bound", BROADENS, M, "a period went")
    return Verdict("retention.bound", NEUTRAL, R, "retention") if came or went else None


@rule
def security(reading: Reading) -> Verdict | None:
    """A security promise comes or goes (TRUSTe; FTC security cases)."""
    went = reading.names(reading.went, "other:security")
    if went and reading.op == "removed" and ACTS.search(reading.old):
        return Verdict("security.measure", BROADENS, M, listed(went))
    if reading.names(reading.came, "other:security"):
        return Verdict("security.measure", NARROWS, R, "security")
    return Verdict("security.measure", NEUTRAL, R, "security") if went else None
