"""All lints over one draft, without those that the policy switches off with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..model.policy import LintOff
from . import rules as _rules  # noqa: F401  (entering the lints is what the import is for)
from .registry import LINTS, Draft, Finding, Lint, lint


def findings(draft: Draft) -> tuple[Finding, ...]:
    """In: a draft. Out: every finding that isn't switched off, by file and line. Pure."""
    said = [replace(each, rule=known.id) for known in LINTS.values() for each in known.check(draft)]
    off = draft.snapshot.policy.lints.off
    kept = [each for each in said if not any(_silences(entry, each) for entry in off)]
    kept += [each for entry in off for each in _of_no_use(entry, said)]
    return tuple(sorted(kept))


def _silences(entry: LintOff, finding: Finding) -> bool:
    return entry.id == finding.rule and (not entry.at or finding.subject in entry.at)


def _of_no_use(entry: LintOff, said: list[Finding]) -> Iterator[Finding]:
    if entry.id not in LINTS:
        message = f"lints.off names {entry.id!r}, which is no lint."
        yield Finding(
            "policy/policy.yaml", 0, "lint.off", entry.id, message, "'policytrail lint --list' shows them all."
        )
    elif not any(_silences(entry, each) for each in said):
        message = f"{entry.id} is switched off, but would say nothing any more."
        yield Finding("policy/policy.yaml", 0, "lint.off", entry.id, message, "Take the entry out of lints.off.")


@lint("lint.off", "an entry of lints.off that names no lint, or silences nothing")
def _off(draft: Draft) -> Iterator[Finding]:
    yield from ()  # judged above, where it is known what the others said


def listed() -> tuple[Lint, ...]:
    """Every lint, by id."""
    return tuple(LINTS[each] for each in sorted(LINTS))
