"""A comparison and a status as plain text for terminals: severity in words first, never by colour alone."""

from __future__ import annotations

from policytrail.model.change import Change, Comparison
from policytrail.model.version import Status
from policytrail.text.unicode import SIGNS, SPACES

_TAKEN_OVER = "taken over from a git history; no record of a notice"


def comparison_text(comparison: Comparison) -> str:
    """Every change with its id, so that a person can rule on it, and what the whole amounts to."""
    lines = [f"{comparison.old or 'nothing'} -> {comparison.new}: {comparison.severity}", ""]
    for change in comparison.changes:
        lines += _change(change)
    count = len(comparison.changes)
    lines.append(f"{count} change{'s' * (count != 1)}; notice owed: {comparison.notice_days} days.")
    if comparison.undecided:
        lines.append(
            f"{len(comparison.undecided)} of them wait for a ruling: policytrail decide CHANGE SEVERITY --reason --by"
        )
    return visible_text("\n".join([*lines, *comparison.warnings]))


def visible_text(text: str) -> str:
    """Text for a terminal: what can't be seen, or would steer the terminal, stands as `<U+200B>`; kinds of space stay."""
    return SIGNS.sub(lambda sign: sign[0] if SPACES.match(sign[0]) else f"<U+{ord(sign[0]):04X}>", text)


def _change(change: Change) -> list[str]:
    ruled = f" (ruled by {change.decision.by}: {change.decision.reason})" if change.decision else ""
    ruled += " - lowered: a rule calls it material" if change.lowered else ""
    waiting = " - waits for a ruling" if change.undecided else ""
    consent = f", consent: {change.consent}" if change.consent != "none" else ""
    lines = [
        f"{str(change.severity).upper():9} {change.id}  {change.summary}{waiting}{ruled}",
        f"          {change.kind}, {change.direction}{consent}. {change.reason} ({change.source})",
    ]
    if change.evidence:
        lines.append(f"          {change.evidence}")
    return [*lines, ""]


def status_text(found: Status) -> str:
    """Which version is in force, which are pending and in which state, what is due by when, what is wrong."""
    lines = [f"As of {found.as_of}", f"In force: {found.current.id if found.current else 'none'}"]
    lines += [f"          by {due.by}: {due.what}" for due in found.due]
    for state in found.pending:
        version = state.version
        lines.append(
            f"Pending:  {version.id} ({state.state}; {version.severity}; announced {version.announced}; "
            f"earliest {state.earliest_effective}; {version.duty.days} days of notice)"
        )
        lines += [f"          by {due.by}: {due.what}" for due in state.due]
        lines += [f"          {remark}" for remark in state.remarks]
        if state.gaps:
            lines.append(f"          missing on the site on {len(state.gaps)} day(s), the last {state.gaps[-1]}")
    if found.current and found.current.imported:
        lines.append(f"          {_TAKEN_OVER}")
    lines += [
        f"Before:   {each.id} (superseded{f'; {_TAKEN_OVER}' if each.imported else ''})"
        for each in reversed(found.superseded)
    ]
    lines += [f"Problem:  {problem}" for problem in found.problems]
    return "\n".join(lines)
