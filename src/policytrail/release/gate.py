"""The one gate: may this draft be released for that date, and why not? Pure.

`check`, `release`, its dry run, the live preview and the comment on a pull request all print its answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from policytrail.model.change import Decision
from policytrail.model.policy import Snapshot
from policytrail.model.version import Status, Version
from policytrail.schedule.status import lasting, status
from policytrail.schedule.version_order import order, still_expected

from .correction import correction
from .further import further
from .plan import Gate, Plan, Question
from .recompare import Recomparison, rebased, reclassified, untold_sentence
from .refusals.refusal import Refusal
from .remarks import remarks
from .terms import USUAL, Terms, stated_event


def gate(question: Question) -> Gate:
    """The answer. A date that has a version means a correction of it: same notice, nothing that it didn't tell.

    A draft that says nothing new is refused only where a date is asked for. Raises UsageError for an event or an approval
    that the release can't have.
    """
    stated_event(question.terms)
    found = status(question.versions, question.as_of)
    same = [version for version in question.versions if version.effective == question.effective]
    answer = correction(question, found, max(same, key=order)) if same else further(question, found)
    plan = answer.plan and _complete(question, found, answer.plan)
    refusals = (*answer.refusals, *_others(question, found, plan), *_rulings(question, answer))
    return replace(answer, plan=plan, refusals=refusals)


def plan(
    draft: Snapshot,
    versions: tuple[Version, ...],
    decisions: tuple[Decision, ...],
    effective: date,
    as_of: date,
    terms: Terms = USUAL,
) -> Plan:
    """What a release would freeze. Raises UsageError, RepositoryError or NoticeRefusal where the gate refuses it."""
    return gate(Question(draft, versions, decisions, as_of, effective, terms)).allowed()


def _complete(question: Question, found: Status, made: Plan) -> Plan:
    """The plan with what it does to other versions, and what should be told beside it."""
    replaced = still_expected(question.versions, question.as_of, made.corrects)
    recompared = compared_again(made, found, question.decisions)
    return replace(made, recompared=recompared, replaces=replaced, warnings=remarks(made, found))


def compared_again(made: Plan, found: Status, decisions: Sequence[Decision]) -> tuple[Recomparison, ...]:
    """The pending versions that would follow another version than they were compared with, compared with that one."""
    new = Version(made.id, made.effective, made.announced, made.draft, made.comparison, made.duty, (), "", None)
    gone = made.corrects.id if made.corrects else None
    lined_up = sorted([*(version for version in lasting(found) if version.id != gone), new], key=order)
    return rebased(lined_up, found, decisions)


def _others(question: Question, found: Status, made: Plan | None) -> Iterator[Refusal]:
    """Pending versions whose notice wouldn't be true: under this release, or by a ruling made since."""
    for again in made.recompared if made else ():
        if again.untold:
            yield Refusal(again.version.id, untold_sentence(again, made.id if made else ""))
    corrected = made.corrects.id if made and made.corrects else None
    settle = "Withdraw it, or release a correction without that change."
    for again in reclassified(question.versions, found, question.decisions):
        if again.version.id != corrected:
            message = (
                f"{again.version.id} is pending, and by a later ruling its notice didn't tell a material change "
                f"({again.untold[0].summary})."
            )
            yield Refusal(again.version.id, message, settle)


def _rulings(question: Question, answer: Gate) -> Iterator[Refusal]:
    """Rulings that count for the draft and are not by somebody who may decide."""
    planned = answer.plan.comparison.changes if answer.plan else ()
    ruled = {change.id: change for change in (*planned, *answer.comparison.changes) if change.decision}
    for change in ruled.values():
        why = question.ruling_refusal(change)
        if why:
            settle = "A person who may decide rules again and commits policy/decisions.yaml."
            yield Refusal(change.id, f"The ruling on {change.id} doesn't count: {why}.", settle)
