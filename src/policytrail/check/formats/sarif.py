"""A review as SARIF 2.1.0 (OASIS), for code scanning: problems, changes and open rulings at file and line."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from policytrail import __version__
from policytrail.check.review import Review
from policytrail.model.change import Change, Severity
from policytrail.release.refusals.questions import decide_command
from policytrail.workspace import POLICY_FILE

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_POLICY = POLICY_FILE
_LEVELS = {Severity.MATERIAL: "warning", Severity.REVIEW: "warning", Severity.EDITORIAL: "note"}
_OWN_RULES = {
    "source": "The sources or versions have a problem.",
    "release": "Something must be settled before a release.",
}


def render(review: Review) -> str:
    """The SARIF log with one run."""
    changes = review.comparison.changes if review.comparison else ()
    results = [
        _result("source", "error", str(problem.message + " " + problem.hint), problem.path, problem.line)
        for problem in review.problems
    ]
    results += [_change(review, change) for change in changes]
    results += [
        _result("release", "error", f"{block.message} {block.hint}", _POLICY, 1)
        for block in review.blocks
        if block.change is None
    ]
    results += [
        _result(remark.rule, "note", f"{remark.message} {remark.hint}", remark.path, remark.line)
        for remark in review.remarks
    ]
    rules = [{"id": name, "shortDescription": {"text": text}} for name, text in _OWN_RULES.items()]
    rules += [_rule(change) for change in {change.rule: change for change in changes}.values()]
    told = {rule["id"] for rule in rules}
    rules += [
        {"id": name, "shortDescription": {"text": "Something to look at; it stops nothing."}}
        for name in sorted({remark.rule for remark in review.remarks} - told)
    ]
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
        settle = next((block.hint for block in review.blocks if block.change == change), decide_command(change))
        made = _result(change.rule, "error", f"{said} It waits for a ruling: {settle}", path, line)
    return made | {"partialFingerprints": {"policytrail/change": change.fingerprint}}


def _result(rule: str, level: str, text: str, path: str, line: int) -> dict[str, Any]:
    result: dict[str, Any] = {"ruleId": rule, "level": level, "message": {"text": text.strip()}}
    # Code scanning takes no result without a place: what is about the whole repository stands at its first file.
    place = {"artifactLocation": {"uri": quote(path or _POLICY)}, "region": {"startLine": max(line, 1)}}
    return result | {"locations": [{"physicalLocation": place}]}
