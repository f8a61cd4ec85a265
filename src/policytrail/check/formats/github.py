"""Workflow commands for GitHub: errors at file and line, open rulings as warnings, material changes as notices.

GitHub shows the first ten of each level: what matters most comes first, and where there is more, a notice in front says how much.
Source text never begins a line and is escaped, so that it can't be read as a command.
"""

from __future__ import annotations

from collections import Counter

from policytrail.check.review import CONFIRM, Review
from policytrail.model.change import Change, Severity
from policytrail.release.refusals.refusal import Refusal

from .text import earliest

_SHOWN = 10  # annotations of one level that GitHub shows a step


def render(review: Review) -> str:
    """One workflow command a line."""
    lines = [
        _command("error", f"{problem.message} {problem.hint}".strip(), problem.path, problem.line)
        for problem in review.problems
    ]
    lines += [_block(review, block) for block in review.blocks]
    if review.comparison:
        lines.append(_command("notice", _verdict(review), title="Policy changes"))
        told = (change for change in review.comparison.of(Severity.MATERIAL) if not change.undecided)
        lines += [_command("notice", change.summary, *review.place(change), "Material change") for change in told]
    lints = [remark for remark in review.remarks if remark.rule != CONFIRM]
    lines += [_command("warning", f"{lint.message} {lint.hint}", lint.path, lint.line, lint.rule) for lint in lints]
    marks = len(review.remarks) - len(lints)
    if marks:
        said = f"{marks} statement(s) of the starter files aren't confirmed yet; 'policytrail check' lists them."
        lines.append(_command("notice", said, title="Not confirmed"))
    return "\n".join([*_crowded(lines), *lines])


def _crowded(lines: list[str]) -> list[str]:
    """A notice that comes first, where GitHub won't show everything beside the files."""
    levels = Counter(line.split(" ", 1)[0].strip(":") for line in lines)
    many = " and ".join(f"{count} {level}s" for level, count in levels.items() if count > _SHOWN)
    if not many:
        return []
    shown = f"GitHub shows the first {_SHOWN} of each beside the files"
    said = f"This check says {many}; {shown}. The log has them all, and so has the comment."
    return [_command("notice", said, title="More than fits")]


def _verdict(review: Review) -> str:
    found = review.comparison
    assert found is not None
    said = (
        f"{len(found.changes)} change(s) since {found.old or 'nothing'}: {found.severity}, "
        f"{found.notice_days} days of notice owed. {earliest(review)}"
    )
    return said.strip()


def _block(review: Review, block: Refusal) -> str:
    place = _place(review, block.change)
    return _command("warning", f"{block.message} {block.hint}", *place, title="Blocks a release")


def _place(review: Review, change: Change | None) -> tuple[str, int]:
    return review.place(change) if change else ("", 0)


def _command(level: str, text: str, path: str = "", line: int = 0, title: str = "") -> str:
    properties = [f"file={_property(path)}", f"line={max(line, 1)}"] if path else []
    properties += [f"title={_property(title)}"] if title else []
    return f"::{level} {','.join(properties)}::{_data(text)}" if properties else f"::{level}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
