"""A review as one JSON document, for programs."""

from __future__ import annotations

import json
from typing import Any

from policytrail.check.review import Remark, Review
from policytrail.errors import Problem
from policytrail.release.refusals.refusal import Refusal


def render(review: Review) -> str:
    """The review as JSON."""
    return json.dumps(document(review), ensure_ascii=False, indent=2)


def document(review: Review) -> dict[str, Any]:
    """The review as plain data; dates as YYYY-MM-DD."""
    return {
        "ok": review.exit_status == 0,
        "exit_status": review.exit_status,
        "as_of": review.as_of.isoformat(),
        "earliest_effective": review.earliest and review.earliest.isoformat(),
        "earliest_effective_if_material": review.earliest_if_material and review.earliest_if_material.isoformat(),
        "problems": list(map(_problem, review.problems)),
        "blocks": [block.message for block in review.blocks],
        "to_settle": list(map(_block, review.blocks)),
        "remarks": [_problem(remark) | {"rule": remark.rule} for remark in review.remarks],
        "comparison": review.comparison and review.comparison.to_json(),
    }


def _problem(problem: Problem | Remark) -> dict[str, Any]:
    return {"path": problem.path, "line": problem.line, "message": problem.message, "mend": problem.hint}


def _block(block: Refusal) -> dict[str, Any]:
    return {"subject": block.subject, "sentence": block.message, "settle": block.hint}
