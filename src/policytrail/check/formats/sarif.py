"""A review as SARIF 2.1.0 (OASIS), for code scanning: problems, changes and open rulings at file and line."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from policytrail import __version__
from policytrail.check.review import Review
from policytrail.model.change import Change, Severity

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_POLICY = "policy/policy.yaml"
_LEVELS = {Severity.MATERIAL: "warning", Severity.REVIEW: "warning", Severity.EDITORIAL: "note"}
_OWN_RULES = {
    "source": "The sources or versions have a problem.",
    "release": "Something must be settled before a release.",
}


def render(review: Review) -> str:
    """The SARIF log with one run."""
    changes = review.comparison.changes if review.comparison else ()
    results = [_result("source", "error", str(each.message + " " + each.mend), each.path, each.line)
               for each in review.problems]  # fmt: skip
    results += [_change(review, each) for each in changes]
    results += [_result("release", "error", f"{each.sentence} {each.settle}", _POLICY, 1)
                for each in review.blocks if each.change is None]  # fmt: skip
    results += [
        _result(each.rule, "note", f"{each.message} {each.mend}", each.path, each.line) for each in review.remarks
    ]
    rules = [{"id": name, "shortDescription": {"text": text}} for name, text in _OWN_RULES.items()]
    rules += [_rule(each) for each in {each.rule: each for each in changes}.values()]
    told = {each["id"] for each in rules}
    rules += [{"id": name, "shortDescription": {"text": "Something to look at; it stops nothing."}}
              for name in sorted({each.rule for each in review.remarks} - told)]  # fmt: skip
    driver = {"name": "policytrail", "version": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(change: Change) -> dict[str, Any]:
    help_text = f"{change.reason} Source: {change.source}"
    return {"id": change.rule, "shortDescription": {"text": change.reason}, "help": {"text": help_text}}


def _change(review: Review, change: Change) -> dict[str, Any]:
    path, line = review.place(change)
    said = f"{change.severity}: {change.summary}"
    if not change.undecided:
        made = _result(change.rule, _LEVELS[change.severity], said, path, line)
    else:
        settle = next(each.settle for each in review.blocks if each.change == change)
        made = _result(change.rule, "error", f"{said} It waits for a ruling: {settle}", path, line)
    return made | {"partialFingerprints": {"policytrail/change": change.fingerprint}}


def _result(rule: str, level: str, text: str, path: str, line: int) -> dict[str, Any]:
    result: dict[str, Any] = {"ruleId": rule, "level": level, "message": {"text": text.strip()}}
    # Code scanning takes no result without a place: what is about the whole repository stands at its first file.
    place = {"artifactLocation": {"uri": quote(path or _POLICY)}, "region": {"startLine": max(line, 1)}}
    return result | {"locations": [{"physicalLocation": place}]}
