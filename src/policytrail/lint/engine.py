"""All lints over one draft, without those that the policy switches off with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policytrail.lint.rules.registry import LINTS, Draft, Finding, Lint, lint
from policytrail.model.policy import LintOff
from policytrail.workspace import POLICY_FILE

from . import rules as _rules  # noqa: F401  (entering the lints is what the import is for)


def findings(draft: Draft) -> tuple[Finding, ...]:
    """In: a draft. Out: every finding that isn't switched off, by file and line. Pure."""
    said = [replace(each, rule=known.id) for known in LINTS.values() for each in known.check(draft)]
    off = draft.snapshot.policy.lints.off
    for entry in sorted(off, key=lambda each: each.id == "lint.off"):  # which says something of the others
        said += _of_no_use(entry, said, draft.dead is not None)
    return tuple(sorted(finding for finding in said if not any(_silences(entry, finding) for entry in off)))


def _silences(entry: LintOff, finding: Finding) -> bool:
    return entry.id == finding.rule and (not entry.at or finding.subject in entry.at)


def _of_no_use(entry: LintOff, said: list[Finding], asked: bool) -> list[Finding]:
    if entry.id in LINTS and (
        any(_silences(entry, finding) for finding in said) or (entry.id == "link.dead" and not asked)
    ):
        return []
    message, hint = f"{entry.id} is switched off, but would say nothing any more.", "Take the entry out of lints.off."
    if entry.id not in LINTS:
        message, hint = f"lints.off names {entry.id!r}, which is no lint.", "'policytrail lint --list' shows them all."
    return [Finding(POLICY_FILE, 0, "lint.off", entry.id, message, hint)]


@lint("lint.off", "an entry of lints.off that names no lint, or silences nothing")
def _off(draft: Draft) -> Iterator[Finding]:
    yield from ()  # judged above, where it is known what the others said


def listed() -> tuple[Lint, ...]:
    """Every lint, by id."""
    return tuple(LINTS[each] for each in sorted(LINTS))
