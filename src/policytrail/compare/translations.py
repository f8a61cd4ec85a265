"""What differs in the translations of two snapshots: behind their source, reworded, dropped, or following it."""

from __future__ import annotations

from collections.abc import Iterator

from policytrail.model.difference import Difference
from policytrail.model.policy import Snapshot
from policytrail.model.translations.translatable_text import translatable, unused
from policytrail.model.translations.translation import TranslatedClause, Translation

PREFIX = "translation:"


def translation_differences(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    """One difference for each clause that a person must look at, and one a language for what goes along with the source.

    Subjects are `translation:LANG` and `translation:LANG:CLAUSE`; the first part of the path says what happened.
    """
    for language in sorted({*old.translations, *new.translations}):
        before, after = old.translations.get(language), new.translations.get(language)
        if after is None:
            yield Difference(
                PREFIX + language, ("dropped",), "removed", len(before.clauses) if before else 0, None, {}, {}
            )
            continue
        before = before or Translation(language=language)
        yield from _behind(old, new, before, after)
        yield from _reworded(old, new, before, after)
        yield from _dropped(new, before, after)
        follows = [clause for clause in after.clauses if _follows(old, new, before, after, clause)]
        added = [word for word in after.words if word not in before.words]
        if follows or added:
            said = {"clauses": len(follows), "words": len(added)}
            yield Difference(
                PREFIX + language, ("follows",), "changed" if before.clauses else "added", None, said, {}, {}
            )


def _behind(old: Snapshot, new: Snapshot, before: Translation, after: Translation) -> Iterator[Difference]:
    """Translations of another text than the source's, unless the version before was released with the same gap."""
    for identity in new.behind(after.language):
        of, now = after.clauses[identity].of, new.clauses[identity].digest
        was = before.clauses.get(identity)
        if was and was.of == of and identity in old.clauses and old.clauses[identity].digest == now:
            continue
        yield _difference(after.language, identity, "behind", of, now)
    gone = unused(new, after.language)
    if gone and not (after.language in old.translations and set(gone) <= set(unused(old, after.language))):
        yield Difference(PREFIX + after.language, ("words",), "changed", list(gone), None, {}, {})


def _reworded(old: Snapshot, new: Snapshot, before: Translation, after: Translation) -> Iterator[Difference]:
    """Other words for the same source: no rule can tell that they say the same."""
    for identity, made in after.clauses.items():
        was = before.clauses.get(identity)
        if was and (was.title, was.text) != (made.title, made.text) and was.of == made.of:
            yield _difference(after.language, identity, "reworded", _whole(was), _whole(made))
    for word, said in after.words.items():
        if before.words.get(word, said) != said:
            yield Difference(PREFIX + after.language, ("reworded", word), "changed", before.words[word], said, {}, {})


def _dropped(new: Snapshot, before: Translation, after: Translation) -> Iterator[Difference]:
    for identity in before.clauses:
        if identity not in after.clauses and identity in new.clauses:
            yield _difference(after.language, identity, "dropped", before.clauses[identity].of, None)
    gone = set(before.words) - set(after.words)
    for word in sorted(gone.intersection(translatable(new))) if gone else ():
        yield Difference(PREFIX + after.language, ("dropped", word), "removed", before.words[word], None, {}, {})


def _follows(old: Snapshot, new: Snapshot, before: Translation, after: Translation, identity: str) -> bool:
    """Whether the clause is new in this language or was brought up to date, and is of the source's text."""
    made, was = after.clauses[identity], before.clauses.get(identity)
    return made.of == new.clauses[identity].digest and (was is None or was.of != made.of)


def _difference(language: str, identity: str, what: str, before: object, after: object) -> Difference:
    op = "removed" if after is None else "changed"
    return Difference(f"{PREFIX}{language}:{identity}", (what,), op, before, after, {}, {})  # type: ignore[arg-type]


def _whole(made: TranslatedClause) -> str:
    return f"{made.title}\n\n{made.text}"
