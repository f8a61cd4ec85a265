"""Two snapshots compared by their words alone, where nobody declared what practices one of them states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from policytrail.compare.sections import sections
from policytrail.model.change import Change
from policytrail.model.policy import Snapshot
from policytrail.model.policy_markdown import has_own_title, policy_markdown
from policytrail.text.form import one_form

from .judge import compare_plain
from .plain_words import plain

_MOST = 300  # characters of one side; more than that nobody reads in one sentence


def compare_words(old: Snapshot, new: Snapshot) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """What differs in the whole texts, by the rules for plain ones, each in the clause that it stands in; and warnings."""
    texts = policy_markdown(old), policy_markdown(new)
    found = compare_plain(*texts)
    places = _clauses(old, texts[0]) | _clauses(new, texts[1])
    return tuple(_placed(change, places) for change in found.changes), found.warnings


def _placed(change: Change, places: dict[str, str]) -> Change:
    """The change in its clause; one that stands in none (in the title, or all over the text) names none."""
    clause = places.get(change.clause or "")
    subject = f"clause:{clause}" if clause else change.subject
    return replace(change, clause=clause, subject=subject, summary=_said(change) or change.summary)


def _said(change: Change) -> str:
    """Both sides of a passage that is worded differently: a notice, which has no redline, must say what changes.

    Of a long passage only the words that differ; empty where they would be too many.
    """
    if not isinstance(change.before, str) or not isinstance(change.after, str):
        return ""
    if max(len(change.before), len(change.after)) <= _MOST:
        return f"{change.title}. Until now: “{change.before}” New: “{change.after}”"
    gone, come = (_words(change, op) for op in ("delete", "insert"))
    if not (gone or come) or max(len(gone), len(come)) > _MOST:
        return ""
    said = [f"{what}: {words}." for what, words in (("Taken out", gone), ("Added", come)) if words]
    return " ".join([f"{change.title}.", *said])


def _words(change: Change, op: str) -> str:
    found = (plain(piece.text) for piece in change.pieces if piece.op == op)
    return ", ".join(f"“{each}”" for each in found if each)


def _clauses(snapshot: Snapshot, text: str) -> dict[str, str]:
    """The clause in which each section of the whole text stands; nothing where headings can't be told apart."""
    names = [section.id for section in sections(one_form(text))]
    owners = list(_owners(snapshot))
    return (
        {name: owner for name, owner in zip(names, owners, strict=True) if owner} if len(names) == len(owners) else {}
    )


def _owners(snapshot: Snapshot) -> Iterator[str]:
    """For each heading of the whole text, in order, the clause that it belongs to; empty for the title."""
    yield ""
    for section in snapshot.policy.sections:
        yield section.clauses[0] if section.clauses else ""
        for name in section.clauses:
            clause = snapshot.clauses[name]
            if has_own_title(section, clause):
                yield name
            yield from [name] * _headings(clause.text.strip())


@lru_cache(maxsize=8192)  # most clauses of a text stand in the next one as they are
def _headings(markdown: str) -> int:
    return sum(bool(section.path) for section in sections(one_form(markdown)))
