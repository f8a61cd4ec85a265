"""What a frozen record must hold before anything reads it: somebody who knows the format can seal any JSON.

A shape is a function that names the first place where a value isn't of its form, or None. Fields that a shape doesn't
name may be there: newer releases add some.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from policytrail.model.dates import parse_date
from policytrail.model.translations.translation import Translation

Shape = Callable[[Any], str | None]
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_KIND = re.compile(r"[a-z][a-z_]{0,30}", re.ASCII)
_MOST_DAYS = 36_500


def _holds(test: Callable[[Any], object]) -> Shape:
    def shape(value: Any) -> str | None:
        try:
            return None if test(value) else ""
        except (ValueError, TypeError, OverflowError):
            return ""

    return shape


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


_text = _holds(_is_text)
_truth = _holds(lambda value: isinstance(value, bool))
_days = _holds(lambda value: type(value) is int and 0 <= value <= _MOST_DAYS)
_day = _holds(lambda value: parse_date(value) if _is_text(value) else None)
_instant = _holds(lambda value: _is_text(value) and datetime.fromisoformat(value).tzinfo)
_hash = _holds(lambda value: _is_text(value) and _HASH.fullmatch(value))
_kind = _holds(lambda value: _is_text(value) and _KIND.fullmatch(value))
_scalar = _holds(lambda value: value is None or isinstance(value, str | int))
_object = _holds(lambda value: isinstance(value, dict))
_translation = _holds(Translation.model_validate)


def _one_of(*words: str) -> Shape:
    return _holds(lambda value: _is_text(value) and value in words)


def _or_none(inner: Shape) -> Shape:
    return lambda value: None if value is None else inner(value)


def _listed(inner: Shape) -> Shape:
    def shape(value: Any) -> str | None:
        if not isinstance(value, list):
            return ""
        return next((place for item in value if (place := inner(item)) is not None), None)

    return shape


def _mapped(inner: Shape) -> Shape:
    def shape(value: Any) -> str | None:
        if not isinstance(value, dict):
            return ""
        wrong = ((name, inner(item)) for name, item in value.items())
        return next((_inside(name, place) for name, place in wrong if place is not None), None)

    return shape


def _fields(needed: Mapping[str, Shape], more: Mapping[str, Shape] | None = None) -> Shape:
    def shape(value: Any) -> str | None:
        if not isinstance(value, dict):
            return ""
        if lacking := needed.keys() - value.keys():
            return min(lacking)
        wrong = ((name, inner(value[name])) for name, inner in {**needed, **(more or {})}.items() if name in value)
        return next((_inside(name, place) for name, place in wrong if place is not None), None)

    return shape


def _inside(name: str, place: str) -> str:
    return f"{name}.{place}" if place else name


_NAMED = _fields({"id": _text, "sha256": _hash})
_DUTY = _fields(
    {
        "days": _days,
        "count": _one_of("full_days", "at_least"),
        "any_of": _listed(_text),
        "all_of": _listed(_text),
        "regimes": _listed(_text),
    },
    {"before": _truth},
)
_EVENT = _fields({"id": _text}, {"citation": _or_none(_text), "by": _or_none(_text), "changes": _listed(_text)})
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)
_commit = _holds(lambda value: _is_text(value) and _COMMIT.fullmatch(value))
_IMPORTED = _fields(
    {
        "path": _text,
        "commit": _commit,
        "sha256": _hash,
        "committed": _day,
        "announced": _one_of("in time", "too late", "not stated", "not owed"),
        "days_ahead": _or_none(_holds(lambda value: type(value) is int and abs(value) <= _MOST_DAYS)),
        "folded": _listed(_commit),
    },
)
_HEADS = _mapped(_fields({"file": _text, "sha256": _hash}))
MANIFEST = _fields(
    {
        "id": _text,
        "effective": _day,
        "announced": _day,
        "recorded_at": _instant,
        "reconstructed": _truth,
        "duty": _DUTY,
        "files": _mapped(_hash),
        "previous": _or_none(_NAMED),
    },
    {
        "corrects": _or_none(_NAMED),
        "follows": _or_none(_NAMED),
        "replaces": _listed(_NAMED),
        "rules": _or_none(_text),
        "released": _mapped(_or_none(_text)),
        "event": _or_none(_EVENT),
        "approvals": _listed(_mapped(_scalar)),
        "heads": _HEADS,
        "imported": _IMPORTED,
    },
)
NOTICE = _fields({"version": _text, "version_manifest": _hash, "files": _mapped(_hash)})
# What records of any kind hold under these names; what else a kind needs is checked by `verify` (records.py).
_RECORD = _fields(
    {},
    {
        "from": _day,
        "to": _day,
        "first_attempts_on": _day,
        "stream": _text,
        "retraction": _object,
        "adopts": _object,
        "translation": _translation,
        "by": _text,
        "reason": _text,
        "manifest": _text,
    },
)
EVIDENCE = _fields(
    {"version": _text, "version_manifest": _text, "kind": _kind, "on": _day, "record": _RECORD, "previous": _text},
    {"heads": _HEADS},
)
_moment = _holds(lambda value: _is_text(value) and parse_date(value[:10]))
_RULING = _fields(
    {"fingerprint": _text, "severity": _text, "reason": _text, "by": _text, "on": _moment},
    {"at": _text, "second": _text},
)
_CHANGE = _fields(
    {
        "id": _text,
        "kind": _text,
        "subject": _text,
        "reason": _text,
        "rule": _text,
        "source": _text,
        "summary": _text,
        "title": _text,
        "evidence": _text,
        "clause": _or_none(_text),
        "also": _listed(_text),
        "decision": _or_none(_RULING),
        "redline": _listed(_holds(lambda pair: isinstance(pair, list) and len(pair) == 2 and all(map(_is_text, pair)))),
    },
)
COMPARISON = _fields(
    {
        "old": _or_none(_text),
        "new": _text,
        "notice_days": _or_none(_days),
        "warnings": _listed(_text),
        "changes": _listed(_CHANGE),
    },
)


def first_schema_error(name: str, record: Mapping[str, Any]) -> str | None:
    """The first place in a manifest or record that isn't of its form; None where all is. `name`: of its file."""
    if name.endswith("notice/manifest.json"):
        return NOTICE(record)
    return MANIFEST(record) if name.endswith("manifest.json") else EVIDENCE(record)
