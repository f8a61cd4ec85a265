"""A review as one comment on a pull request: what it amounts to, what to decide and how, every change, the redline.

The first line is a mark by which CI finds its own comment again, so that there is one and not one a push.
"""

from __future__ import annotations

from typing import Literal

from policytrail.check.review import Review
from policytrail.model.change import Piece
from policytrail.model.dates import in_words
from policytrail.release.refusals.refusal import Refusal
from policytrail.render.diff.diff_page import code, escape_markdown, markdown, redline_line
from policytrail.render.shared.full_redline import Run, passages
from policytrail.render.shared.phrases import SEVERITIES, count, tally

MARK = "<!-- policytrail -->"
# GitHub takes 65,536 characters a comment; a comment that is refused helps nobody.
_LIMIT = 60_000
_OPS: dict[str, Literal["keep", "insert", "delete"]] = {
    "keep": "keep",
    "insert": "insert",
    "came": "insert",
    "delete": "delete",
    "left": "delete",
}


def render(review: Review) -> str:
    """The comment."""
    lines = [MARK, f"## {_headline(review)}", "", *_dates(review)]
    lines += _section(
        "Fix first",
        [
            f"- **{escape_markdown(_where(problem.path, problem.line))}** "
            f"{escape_markdown(f'{problem.message} {problem.hint}')}"
            for problem in review.problems
        ],
    )
    lines += _section("For a person to settle", list(map(_block, review.blocks)))
    if review.comparison and review.comparison.changes:
        lines += ["", *markdown(review.comparison, redlines=False).splitlines(), *_redlines(review)]
    if review.remarks:
        listed = [f"- {escape_markdown(str(remark))}" for remark in review.remarks]
        lines += ["", f"<details><summary>{count(len(listed), 'remark')}</summary>", "", *listed, "", "</details>"]
    return _fitting(lines)


def _headline(review: Review) -> str:
    if review.problems:
        return f"Policy check: {count(len(review.problems), 'problem')}"
    if review.blocks:
        return f"Policy check: {count(len(review.blocks), 'thing')} to settle before a release"
    return "Policy check: nothing blocks a release"


def _dates(review: Review) -> list[str]:
    found = review.comparison
    if found is None or review.earliest is None:
        return []
    if found.old and not found.changes:
        return [f"The draft says the same as version {escape_markdown(found.old)}."]
    severity = f"**{SEVERITIES[found.severity]}** ({tally(found)})" if found.old else "**First version**"
    owed = f", {count(review.owed.days, 'day')} of notice owed" if review.owed.days else ""
    lines = [
        f"{severity}{owed}. Released today ({in_words(review.as_of)}), it may take effect from "
        f"**{in_words(review.earliest)}**: `policytrail release --effective {review.earliest}`."
    ]
    worst = review.earliest_if_material
    if worst and worst != review.earliest:
        lines += ["", f"If an open ruling comes out material: from **{in_words(worst)}** ({worst})."]
    return lines


def _where(path: str, line: int) -> str:
    return f"{path}:{line}" if line else path


def _block(block: Refusal) -> str:
    if block.change is None:
        return f"- [ ] {escape_markdown(block.message)} {escape_markdown(block.hint)}"
    why = f"{block.change.reason} ({block.change.source})"
    first = f" {escape_markdown(block.alternative)}, or rule on it:" if block.alternative else ""
    # The command is ours but for the change's id, which is a letter and eight hex digits.
    return "\n".join(
        [
            f"- [ ] `{code(block.change.id)}` {escape_markdown(block.change.summary)} _{escape_markdown(why)}_{first}",
            "",
            "  ```sh",
            f"  {block.command}",
            "  ```",
        ]
    )


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", f"### {title}", "", *lines] if lines else []


def _redlines(review: Review) -> list[str]:
    if review.old is None or review.draft is None:
        return []
    lines: list[str] = []
    for passage in passages(review.old, review.draft):
        lines += [
            "",
            f"**{escape_markdown(passage.title)}** ({passage.op})",
            "",
            f"> {redline_line(_pieces(passage.runs))}",
        ]
    return _section("Redline", lines[1:])


def _pieces(runs: tuple[Run, ...]) -> tuple[Piece, ...]:
    """A comment has one line for a passage: words that moved are struck out where they stood and marked where they stand."""
    return tuple(Piece(_OPS[run.op], run.text) for run in runs)


def _fitting(lines: list[str]) -> str:
    """All lines, or as many as a comment can hold and a sentence that says so; nothing is left open."""
    kept: list[str] = []
    size = 0
    for line in lines:
        size += len(line) + 1
        if size > _LIMIT:
            folded = any(shown.startswith("<details>") for shown in kept)
            kept += ["", *(["</details>", ""] if folded else [])]
            kept.append("*Shortened: the rest doesn't fit into a comment. Run `policytrail check` for all of it.*")
            break
        kept.append(line)
    return "\n".join(kept)
