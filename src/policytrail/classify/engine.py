"""Differences become changes: the registered rules judge each one, text is held against the facts, decisions are applied.

The order is fixed: equal facts and equal words by proof are editorial; a structured difference is judged by its rules,
the highest severity wins; text that differs while facts are equal is for a person; what no rule knows is for a person.
Regimes may raise, decisions may move with a name and a reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from policytrail.classify.rules.registry import RULES, About, Judgement, Rule
from policytrail.compare.change_summary import INVENTORY, summarise, title_of
from policytrail.compare.differences import compare
from policytrail.compare.translations import PREFIX as TRANSLATED
from policytrail.model.change import Change, Comparison, Consent, Decision, Direction, Op, Severity, canonical
from policytrail.model.comparable import facts
from policytrail.model.difference import Difference
from policytrail.model.json_value import Json
from policytrail.model.policy import Snapshot
from policytrail.schedule.duties.consent import asked
from policytrail.schedule.duties.notice_duty import duty
from policytrail.schedule.duties.regimes import raised_kinds
from policytrail.words.change import change_words
from policytrail.words.text import text_words

from . import rules as _rules  # noqa: F401  (entering the rules is what the import is for)


def classify(
    old: Snapshot | None, new: Snapshot, old_id: str | None, new_id: str, decisions: Iterable[Decision] = ()
) -> Comparison:
    """Everything that differs between two snapshots, judged.

    In: both snapshots (no old one for a first version), their names, the recorded decisions. Out: the comparison;
    decisions whose fingerprint no longer fits are reported as warnings and not applied.
    """
    if old is None:
        return Comparison(None, new_id)
    about = About(old, new, compare(old, new))
    changes, doubts = _by_words(about) if old.prose or new.prose else _by_facts(about)
    raised = [_raise(change, old, new) for change in changes]
    ruled, stale = _apply(raised, tuple(decisions))
    warnings = (*doubts, *stale)
    ruled = [asked(change, old, new) for change in ruled]
    ruled = [change if change.words else replace(change, words=text_words(change)) for change in ruled]
    comparison = Comparison(old_id, new_id, tuple(sorted(ruled, key=_order)), 0, warnings)
    if [change for change in ruled if change.rule != "date.label"] == [] and ruled:
        comparison = replace(comparison, warnings=(*warnings, "The date label moved, but the text did not."))
    owed = duty(comparison, old, new)
    return replace(comparison, notice_days=owed.days)


def _by_facts(about: About) -> tuple[list[Change], tuple[str, ...]]:
    """Facts by their rules, and the sentences that they don't account for by those for plain texts; and doubts."""
    structured = (
        difference
        for difference in about.differences
        if not _is_text(difference) and not _told_elsewhere(difference, about)
    )
    changes = [_judge(difference, about) for difference in structured]
    if not any(map(_is_text, about.differences)):
        return changes, ()
    # Saves 88 ms: its rules take long to load: only where words differ.
    from .clause_words import judged_words  # saves 88 ms

    told, doubts = judged_words(about, changes)
    return changes + told, doubts


def _by_words(about: About) -> tuple[list[Change], tuple[str, ...]]:
    """Where nobody declared what practices one side states: its words by the rules for plain texts, what policy.yaml says
    by its own, and the practices of the other side as one change, for a person. Also returns what to doubt in the words.
    """
    # Saves 88 ms: its rules take long to load: only where a text stands alone.
    from policytrail.classify.plaintext.snapshots import compare_words  # saves 88 ms

    changes, doubts = compare_words(about.old, about.new)
    beside = [
        difference
        for difference in about.differences
        if difference.subject.startswith(TRANSLATED) or (difference.subject == "policy" and difference.field != "title")
    ]
    return [
        *changes,
        *(_judge(difference, about) for difference in (*beside, *_declared(about.old, about.new))),
    ], doubts


def _declared(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    """All practices at once, by a digest of what they say: a ruling on them goes stale when one of them moves on."""
    before, after = (_inventory(snapshot) for snapshot in (old, new))
    if before != after:
        op: Op = "removed" if after is None else "added" if before is None else "changed"
        yield Difference(INVENTORY, (), op, before, after, {} if before else None, {} if after else None)


def _inventory(snapshot: Snapshot) -> str | None:
    if not snapshot.practices:
        return None
    said = {name: facts(each) for name, each in snapshot.practices.items()}
    states = [[clause.id, list(clause.states)] for clause in snapshot.clauses.values()]
    digest = hashlib.sha256(canonical([said, states])).hexdigest()[:16]
    return f"{len(said)} practice{'s' * (len(said) != 1)} ({digest})"


def _order(change: Change) -> int:
    return -change.severity.rank


def _is_text(difference: Difference) -> bool:
    return difference.subject.startswith("clause:") and (difference.field == "text" or not difference.path)


def _told_elsewhere(d: Difference, about: About) -> bool:
    """A practice that came or went is judged as itself; its entry in a rule's exceptions or a clause says it again."""
    entry = d.field == "exceptions" or (d.field == "states" and d.subject.startswith("clause:"))
    return entry and (about.came(d.key) or about.went(d.key))


def _judge(d: Difference, about: About) -> Change:
    said = [(rule, verdict) for rule in RULES.values() if (verdict := rule.verdict(d, about))]
    said.sort(key=lambda each: (-each[1].severity.rank, not each[0].raises))
    rule, verdict = said[0] if said else (_UNKNOWN, Judgement(Direction.NEUTRAL, Severity.REVIEW))
    kind = f"{rule.id}.{d.op}"
    identity = hashlib.sha256(canonical([kind, d.subject, d.path])).hexdigest()[:8]
    return Change(
        id=f"c{identity}",
        kind=kind,
        subject=d.subject,
        clause=d.clause,
        direction=verdict.direction,
        severity=verdict.severity,
        proposed=verdict.severity,
        before=_shown(d, d.before),
        after=_shown(d, d.after),
        consent=_consent(said, d, about),
        reason=rule.reason,
        rule=rule.id,
        source=rule.source,
        title=title_of(d, about.old, about.new),
        summary=summarise(d, about.old, about.new),
        words=change_words(d, about.old, about.new),
        evidence=verdict.evidence,
        also=tuple(each.id for each, _ in said[1:]),
    )


_UNKNOWN = Rule("unknown", "No rule knows this change.", "never guess in favour of silence", lambda _d, _about: None)


def _shown(d: Difference, value: Json) -> Json:
    """What came or went: the entry's own name where the value only says that it is there."""
    return d.path[-1] if value is True and len(d.path) > 1 else value


def _consent(said: list[tuple[Rule, Judgement]], d: Difference, about: About) -> Consent:
    """A second answer beside the severity: does a broadening reach data already held? (Gateway 2004, Colorado 6.04)"""
    if not any(rule.consent and verdict.direction is Direction.BROADENS for rule, verdict in said):
        return Consent.NONE
    reach = d.now.applies_to if d.now else None
    if reach == "all_data" or about.new.policy.applies_to == "all_data":
        return Consent.REQUIRED
    return Consent.NONE if reach == "collected_from_effective" else Consent.ASK


def _raise(change: Change, old: Snapshot, new: Snapshot) -> Change:
    """Some regimes make any change of a core element material, in either direction."""
    regimes = (*old.policy.regimes, *new.policy.regimes)
    if change.severity is Severity.REVIEW and change.rule in raised_kinds(regimes):
        why = f"{change.reason} Raised: a regime that binds this policy makes it material in either direction."
        return replace(change, severity=Severity.MATERIAL, proposed=Severity.MATERIAL, reason=why)
    return change


def _apply(changes: list[Change], decisions: tuple[Decision, ...]) -> tuple[list[Change], tuple[str, ...]]:
    by_change = {each.change: each for each in decisions}
    ruled, warnings = [], []
    for change in changes:
        decision = by_change.get(change.id)
        if decision and decision.counts_for(change):
            change = change.decided(decision)
        elif decision and decision.fingerprint == change.fingerprint:
            warnings.append(
                f"The ruling on {change.id} by {decision.by} doesn't count: a rule proves the change material, and only "
                "'policytrail decide --override' lowers that."
            )
        elif decision:
            warnings.append(
                f"The decision on {change.id} by {decision.by} is stale: the change has moved on since. Decide again."
            )
        ruled.append(change)
    return ruled, tuple(warnings)
