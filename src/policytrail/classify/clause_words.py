"""The words of clauses, judged sentence by sentence by the rules for plain texts, beside what their practices declare.

A sentence that a change of its practice explains is told once, by the practice; every other one is a change of its own.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from policytrail.classify.plaintext.concepts import FAMILIES, concepts
from policytrail.classify.plaintext.plain_words import plain, plain_words
from policytrail.classify.plaintext.sentence_order import says_the_same
from policytrail.classify.plaintext.snapshots import compare_words
from policytrail.classify.rules.registry import RULES, About
from policytrail.classify.wording_checks.strength_words import force_cues
from policytrail.model.change import Change, Consent, Direction, Severity, canonical
from policytrail.model.comparable import facts
from policytrail.model.policy import Clause, Snapshot
from policytrail.text.redline import redline

# Of these a practice must itself speak before it explains a sentence that does: data, recipients, and uses that weigh.
_FAMILIES = frozenset({"data", "recipient"})
_USES = frozenset(
    {"advertising", "marketing", "analytics", "ai", "automated decisions", "sale", "children", "transfer", "retention"}
)
# Kinds that only a changed practice of the same family explains, whatever else changes in the clause.
_SMALL = frozenset(
    "a an and or the of to in on by for with is are as your you our we it its this that example examples".split()
)
_GENERIC = _SMALL | frozenset("address addresses number numbers data information details history other third".split())
_ALONE = (
    "children",
    "disclosure.sale",
    "disclosure.rule",
    "purpose.ai_training",
    "purpose.automated",
    "retention.period",
    "transfer",
)


def judged_words(about: About, judged: Sequence[Change]) -> tuple[list[Change], tuple[str, ...]]:
    """The changes of clause text that no practice explains, and what to doubt in the words.

    In: both snapshots, and the judged changes of what is declared. Headings are judged with the structure.
    """
    found, doubts = compare_words(about.old, about.new)
    headings = _headings(about.old) | _headings(about.new)
    by_clause = _by_clause(judged, about)
    words = [change for change in found if not _is_heading(change, headings) and not _equal(change)]
    told = [change for change in words if not _explained(change, by_clause.get(change.clause or "", ()), about)]
    whole = list(_unlisted(words, about))
    clauses = {change.clause for change in whole}
    kept = (_of_a_clause(change, about) for change in told if change.clause not in clauses)
    return _numbered([*kept, *whole]), doubts


def _of_a_clause(change: Change, about: About) -> Change:
    """A clause that comes or goes as a whole is no mere example, even where no rule knows what its words do."""
    both = change.clause in about.old.clauses and change.clause in about.new.clauses
    if both or change.clause is None or change.rule != "example":
        return change
    kind = RULES["wording.clause"]
    op = change.kind.rpartition(".")[2]
    return replace(change, rule=kind.id, kind=f"{kind.id}.{op}", reason=kind.reason, source=kind.source)


def _unlisted(words: Sequence[Change], about: About) -> Iterator[Change]:
    """Clauses whose text differs though no sentence does: a sentence stands behind another one now, or white space moved."""
    weighty = {change.clause for change in words if change.proposed is not Severity.EDITORIAL}
    listed = {change.clause for change in words}
    for clause in about.new.clauses.values():
        old = about.old.clauses.get(clause.id)
        if old is None or old.text == clause.text or clause.id in weighty:
            continue
        if not says_the_same(old.text, clause.text):
            yield _as_a_whole(old, clause, "wording.text", Severity.REVIEW, "sentences stand behind other ones")
        elif clause.id not in listed:
            yield _as_a_whole(old, clause, "structure", Severity.EDITORIAL, "every sentence says what it said")


def _as_a_whole(old: Clause, new: Clause, rule: str, severity: Severity, evidence: str) -> Change:
    kind = RULES[rule]
    return Change(
        id="",
        kind=f"{rule}.changed",
        subject=f"clause:{new.id}",
        clause=new.id,
        direction=Direction.NEUTRAL,
        severity=severity,
        proposed=severity,
        before=old.text,
        after=new.text,
        consent=Consent.NONE,
        reason=kind.reason,
        rule=rule,
        source=kind.source,
        title=new.title,
        summary=f"{new.title}: the wording changes; the redline shows it.",
        evidence=evidence,
        pieces=redline(old.text, new.text),
    )


def _headings(snapshot: Snapshot) -> frozenset[str]:
    sections = (section.title for section in snapshot.policy.sections)
    clauses = (clause.title for clause in snapshot.clauses.values())
    return frozenset(map(plain, (snapshot.policy.title, *sections, *clauses)))


def _is_heading(change: Change, headings: frozenset[str]) -> bool:
    return all(side is None or side in headings for side in (change.before, change.after))


def _equal(change: Change) -> bool:
    """Whether it says no more than that the same words stand in another place, or behind other white space."""
    return change.rule in ("structure", "typography") and change.before == change.after


def _by_clause(judged: Iterable[Change], about: About) -> dict[str, list[Change]]:
    """For each clause the changes, for a person at least, of the practices that it states or stated."""
    stated: defaultdict[str, set[str]] = defaultdict(set)
    for side in (about.old, about.new):
        for clause in side.clauses.values():
            stated[clause.id].update(clause.states)
    weighty = [change for change in judged if change.proposed.rank >= Severity.REVIEW.rank]
    return {clause: [change for change in weighty if change.subject in names] for clause, names in stated.items()}


def _explained(change: Change, explaining: Sequence[Change], about: About) -> bool:
    """Whether changed practices of its clause say what a passage says: in its own words, or of the same kind and weight."""
    if change.proposed is Severity.EDITORIAL:
        return any(practice.rule == change.rule for practice in explaining)
    fitting = [practice for practice in explaining if _same_way(practice, change, about)]
    if not fitting:
        return False
    if change.before and change.after and not _force_explained(change, fitting, about):
        return False
    said = plain_words(" ".join(text for practice in fitting for text in _said(practice, about)))
    if change.after and _all_said(change, frozenset(said)):
        return True
    weight = max(practice.proposed.rank for practice in fitting)
    if weight < change.proposed.rank and all(practice.rule != change.rule for practice in fitting):
        return False
    return not _unnamed(change, said) and _same_kind(change, fitting, about)


def _all_said(change: Change, said: frozenset[str]) -> bool:
    """Whether every word that came is one of the practice's, and none that limits or promises went."""
    before, after = (Counter(plain_words(str(side or ""))) for side in (change.before, change.after))
    came, went = after - before, before - after
    return bool(came) and came.keys() <= said | _SMALL and went.keys() <= _SMALL | said


def _same_way(practice: Change, words: Change, about: About) -> bool:
    """A sentence that only came needs a practice that came or says something new, one that went the opposite."""
    gone = practice.subject in about.old.practices and practice.subject not in about.new.practices
    came = practice.subject in about.new.practices and practice.subject not in about.old.practices
    if words.before is None:
        return not gone and not practice.kind.endswith(".removed")
    return words.after is not None or (not came and not practice.kind.endswith(".added"))


def _unnamed(change: Change, said: Sequence[str]) -> bool:
    """Whether the passage comes to speak, or ceases to, of what no changed practice speaks of."""
    sides = [" ".join(plain_words(str(side or ""))) for side in (change.before, change.after)]
    moved = concepts(sides[0]) ^ concepts(sides[1])
    weighty = {each for each in moved if each[0] in _FAMILIES or each[1] in _USES} - concepts(" ".join(said))
    return not all(_named(each, sides, frozenset(said)) for each in weighty)


def _named(concept: tuple[str, str], sides: Sequence[str], said: frozenset[str]) -> bool:
    """Whether a practice, or the sentence on both sides, says the chief word of something: "email" for "email address"."""
    said |= frozenset(sides[0].split()) & frozenset(sides[1].split())
    pattern = FAMILIES[concept[0]][concept[1]]
    found = [match[0] for side in sides if (match := pattern.search(side))]
    return any((set(words.split()) - _GENERIC) & said for words in found)


def _said(change: Change, about: About) -> Iterable[str]:
    """The words of a changed practice: what is told of the change; all that it declares where it came or went."""
    yield from (change.summary, change.title)
    for side in (about.old, about.new):
        yield from _values([change.before, change.after], side)
        if _whole(change, about) and change.subject in side.practices:
            yield from _values(facts(side.practices[change.subject]), side)


def _values(value: object, side: Snapshot) -> Iterable[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _labels(str(key), side)
            yield from _values(inner, side)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _values(inner, side)
    elif isinstance(value, str):
        yield from _labels(value, side)


def _labels(key: str, side: Snapshot) -> Iterable[str]:
    yield key.replace("_", " ").replace(".", " ; ")
    yield from (side.vocabulary.label(kind, key) for kind in ("data", "purposes", "recipients", "subjects"))


def _same_kind(words: Change, explaining: Sequence[Change], about: About) -> bool:
    """Whether the kinds that stand alone are told by a practice of that kind, or by one that came or went as a whole."""
    alone = [kind for kind in (words.rule, *words.also) if kind in _ALONE]
    if words.before is None and "disclosure.rule" in alone:
        alone.remove("disclosure.rule")  # a negation that came with its sentence turns nothing round
    known = {each for change in explaining for each in (change.rule, *change.also)}
    whole = any(_whole(change, about) for change in explaining)
    families = {each.partition(".")[0] for each in known}
    return all(kind in known or (whole and kind.partition(".")[0] in families) for kind in alone)


def _whole(change: Change, about: About) -> bool:
    return change.subject in about.old.practices.keys() ^ about.new.practices.keys()


def _force_explained(words: Change, explaining: Sequence[Change], about: About) -> bool:
    """A reworded sentence must not move words of force unless a fact about force moved with it."""
    forced = ("wording.force", "notice.", "retention.", "disclosure.rule")
    if any(_whole(change, about) or change.kind.startswith(forced) for change in explaining):
        return True
    # An "and" that moved with an entry of a list says no more than the entry does.
    return all(cue.split("'")[1] in ("and", "or") for cue in force_cues(str(words.before), str(words.after)))


def _numbered(changes: Iterable[Change]) -> list[Change]:
    """Ids by the place alone, the clause and what stood there, so that a ruling goes stale when the words move on."""
    counts: Counter[bytes] = Counter()
    made = []
    for change in changes:
        place = canonical(["words", change.subject, change.before])
        counts[place] += 1
        identity = hashlib.sha256(place + b"%d" % counts[place]).hexdigest()[:8]
        made.append(replace(change, id=f"c{identity}"))
    return made
