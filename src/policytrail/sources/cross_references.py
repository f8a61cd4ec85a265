"""What must hold between the sources: both directions of every reference, closed lists of exceptions, known words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from policytrail.errors import Problem
from policytrail.model.practice import Practice
from policytrail.model.terms.vocabulary import Vocabulary
from policytrail.schedule.duties.regimes import REGIMES, unknown
from policytrail.workspace import POLICY_FILE

from .problem_messages import did_you_mean
from .source_set import Sources


def check(sources: Sources, vocabulary: Vocabulary) -> None:
    """Add every contradiction between policy, practices and clauses to `sources.problems`."""
    _regimes(sources)
    _sections(sources)
    _statements(sources)
    _prefixes(sources)
    for practice in sources.practices.values():
        if "word" not in sources.incomplete:
            _words(sources, practice, vocabulary)
        if "practice" not in sources.incomplete:
            _references(sources, practice)
            _exceptions(sources, practice)
        _plan(sources, practice)


def _regimes(sources: Sources) -> None:
    """A slip in the name of a regime must not leave people without the notice that it owes."""
    for name in unknown(sources.policy.regimes if sources.policy else ()):
        near = " or ".join(map(repr, difflib.get_close_matches(name, REGIMES, 2, 0.6)))
        hint = f"Did you mean {near}?" if near else f"Regimes: {', '.join(REGIMES)}."
        sources.blame("regime", name, f"There is no regime {name!r}.", hint)


def _sections(sources: Sources) -> None:
    if sources.policy is None:
        return
    ids = [section.id for section in sources.policy.sections]
    for twice in sorted({each for each in ids if ids.count(each) > 1}):
        sources.problems.append(
            Problem(POLICY_FILE, 1, f"The section {twice!r} stands here twice.", "Give one of them another id.")
        )
    placed = [clause for section in sources.policy.sections for clause in section.clauses]
    unplaced = [clause for clause in sources.bodies if clause not in placed]
    meant: set[str] = set()
    for clause in _missing_clauses(sources):
        where = f"Add policy/clauses/{clause}.md, or take it out of the sections."
        near = did_you_mean(clause, unplaced)
        meant.update(each for each in unplaced if repr(each) in near)
        sources.blame("placed", clause, f"There is no clause {clause!r}.", near or where)
    for clause in unplaced:
        if clause not in meant:
            hint = "Add it to a section in policy/policy.yaml."
            sources.blame("clause", clause, f"The clause {clause!r} stands in no section.", hint)


def _missing_clauses(sources: Sources) -> list[str]:
    sections = sources.policy.sections if sources.policy else ()
    placed = [clause for section in sections for clause in section.clauses]
    return [each for each in placed if each not in sources.bodies and ("broken clause", each) not in sources.places]


def _statements(sources: Sources) -> None:
    stated = set()
    for clause, _ in sources.bodies.values():
        for place, practice in enumerate(clause.states):
            stated.add(practice)
            known = practice in sources.practices or ("broken", practice) in sources.places
            if known or "practice" in sources.incomplete:
                continue
            near = did_you_mean(practice, sources.practices)
            stated.update(each for each in sources.practices if repr(each) in near)  # one slip is one problem
            message = f"The clause {clause.id!r} states {practice!r}, but there is no such practice."
            hint = near or "Declare it in policy/practices/, or take it out."
            sources.blame("clause", clause.id, message, hint, ("states", place))
    broken_clauses = any(kind == "broken clause" for kind, _ in sources.places) or _missing_clauses(sources)
    for practice in sources.practices:
        if practice not in stated and not broken_clauses:
            hint = "Name it under 'states' in the clause that says it, or delete the practice."
            sources.blame("practice", practice, f"No clause states the practice {practice!r}.", hint)


def _prefixes(sources: Sources) -> None:
    """Clause text reads practices as a tree, so that no id may lie inside another one."""
    for identity in sources.practices:
        above = identity.rpartition(".")[0]
        while above:
            if above in sources.practices:
                message = f"The id {identity!r} lies inside the id {above!r}."
                sources.blame("practice", identity, message, "Rename one, for example to end in '.rule'.")
            above = above.rpartition(".")[0]


def _words(sources: Sources, practice: Practice, vocabulary: Vocabulary) -> None:
    listed: list[tuple[str, str, Iterable[str]]] = [
        ("data", "data", practice.data if not isinstance(practice.data, str) else ()),
        ("data", "excludes", practice.excludes),
        ("purposes", "purposes", practice.purposes if not isinstance(practice.purposes, str) else ()),
        ("subjects", "subjects", practice.subjects),
    ]
    if not isinstance(practice.recipients, str):
        listed.append(("recipients", "recipients", [recipient.id for recipient in practice.recipients]))
    for kind, field, keys in listed:
        for place, key in enumerate(keys):
            if vocabulary.knows(kind, key):
                continue
            home = "policy/recipients.yaml" if kind == "recipients" else "policy/vocabulary.yaml"
            hint = did_you_mean(key, vocabulary.terms.get(kind, {})) or f"Declare it in {home}."
            message = f"{key!r} under {field!r} is no known key."
            sources.blame("practice", practice.id, message, hint, (field, place))


def _references(sources: Sources, practice: Practice) -> None:
    for field in ("targets", "serves", "part_of"):
        value = getattr(practice, field, ()) or ()
        for place, name in enumerate((value,) if isinstance(value, str) else value):
            if name not in sources.practices and ("broken", name) not in sources.places:
                hint = did_you_mean(name, sources.practices) or "Declare that practice, or take the reference out."
                path = (field,) if isinstance(value, str) else (field, place)
                sources.blame("practice", practice.id, f"There is no practice {name!r} ({field}).", hint, path)


def _plan(sources: Sources, practice: Practice) -> None:
    policy = sources.policy
    if practice.consent_plan and policy and practice.consent_plan not in {plan.id for plan in policy.consent_plans}:
        message = f"There is no consent plan {practice.consent_plan!r}."
        sources.blame("practice", practice.id, message, "Add it to consent_plans in policy.yaml.", ("consent_plan",))


def _exceptions(sources: Sources, practice: Practice) -> None:
    """A rule and its exceptions name each other; else a hole in a promise could look like tidying."""
    for place, name in enumerate(practice.exceptions):
        other = sources.practices.get(name)
        if other is None and ("broken", name) not in sources.places:
            hint = did_you_mean(name, sources.practices) or "Declare it, or take it out."
            message = f"There is no practice {name!r} (exceptions)."
            sources.blame("practice", practice.id, message, hint, ("exceptions", place))
        elif other is not None and other.exception_to != practice.id:
            message = f"The exception {name!r} doesn't name this rule."
            sources.blame(
                "practice", practice.id, message, f"Give it exception_to: {practice.id}.", ("exceptions", place)
            )
    rule = sources.practices.get(practice.exception_to or "")
    if practice.exception_to and rule is None and ("broken", practice.exception_to) not in sources.places:
        message = f"There is no rule {practice.exception_to!r} (exception_to)."
        sources.blame(
            "practice", practice.id, message, "Name the rule that this is an exception to.", ("exception_to",)
        )
    elif rule is not None and practice.id not in rule.exceptions:
        message = f"The rule {rule.id!r} doesn't list this exception."
        sources.blame("practice", practice.id, message, f"Add {practice.id} to its exceptions.", ("exception_to",))
