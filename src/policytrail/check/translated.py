"""How far each translation of the draft is, as values and as text: what is behind, since when, what is missing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from policytrail.errors import NoticeRefusal
from policytrail.model.change import Piece
from policytrail.model.policy import Clause, Snapshot
from policytrail.model.translations.translatable_text import translatable, untranslated, unused
from policytrail.model.translations.translation import Translation
from policytrail.model.version import Version
from policytrail.render.diff.terminal import visible_text
from policytrail.text.redline import redline
from policytrail.workspace import TRANSLATIONS


@dataclass(frozen=True)
class Behind:
    """One clause whose translation is of an older text: the digest it names, the one to write, the words that changed.

    `since` is the version that has the text it was made from; None where no version has it (then `changed` is empty).
    """

    clause: str
    path: str
    of: str
    now: str
    since: str | None
    changed: tuple[Piece, ...]


@dataclass(frozen=True)
class Progress:
    """One language of the draft. `missing` are clauses with the digest that a translation of them must name."""

    language: str
    done: int
    behind: tuple[Behind, ...]
    missing: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    unused: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        found = asdict(self) | {"missing": [{"clause": name, "of": digest} for name, digest in self.missing]}
        found["behind"] = [
            entry | {"changed": [[one["op"], one["text"]] for one in entry["changed"]]} for entry in found["behind"]
        ]
        return found


def progress(draft: Snapshot, language: str, versions: Iterable[Version]) -> Progress:
    """In: the draft, one of its languages, all versions (to find what a translation was made from)."""
    behind = draft.behind(language)
    made = draft.translations[language].clauses
    return Progress(
        language,
        len(made) - len(behind),
        tuple(_behind(draft, language, clause, tuple(versions)) for clause in behind),
        tuple((clause, draft.clauses[clause].digest) for clause in draft.missing(language)),
        untranslated(draft, language),
        unused(draft, language),
    )


def publishable(draft: Snapshot, language: str, version: Version) -> Translation:
    """The draft's translation as it may be added to a version that is frozen: only what was made from that version's text.

    Raises NoticeRefusal where a clause is of another text, where the version has that translation already, or where
    the translation would govern.
    """
    made, text = draft.translations[language], version.translated()
    wrong = [
        clause.id
        for clause in text.clauses.values()
        if clause.id in made.clauses and made.clauses[clause.id].of != clause.digest
    ]
    if wrong:
        raise NoticeRefusal(
            f"The {language} translation of {', '.join(wrong)} isn't of the text of {version.id}. A version takes only "
            "translations of its own text; release the others with the draft."
        )
    if text.governing == language:
        raise NoticeRefusal(
            f"The text in {language} governs; it comes into force by a release, never by publishing it."
        )
    known = frozenset(translatable(text))
    fits = made.model_copy(
        update={
            "clauses": {name: clause for name, clause in made.clauses.items() if name in text.clauses},
            "words": {word: said for word, said in made.words.items() if word in known},
        }
    )
    if fits == text.translations.get(language):
        raise NoticeRefusal(f"{version.id} has this {language} translation already; there is nothing to publish.")
    return fits


def _behind(draft: Snapshot, language: str, identity: str, versions: tuple[Version, ...]) -> Behind:
    source, of = draft.clauses[identity], draft.translations[language].clauses[identity].of
    found = [
        (version.id, old)
        for version in versions
        if (old := version.snapshot.clauses.get(identity)) and old.digest == of
    ]
    since, old = found[-1] if found else (None, None)
    path = f"{TRANSLATIONS}/{language}/{identity}.md"
    return Behind(identity, path, of, source.digest, since, redline(_text(old), _text(source)) if old else ())


def _text(clause: Clause) -> str:
    return f"{clause.title}\n\n{clause.text}"


def text(found: Progress, total: int) -> str:
    """One language for a terminal: what to bring up to date, with the digest to write, and what there is to translate."""
    lines = [f"{found.language}: {found.done} of {total} clauses are of the text as it is."]
    for behind in found.behind:
        lines.append(f"  {behind.path} is behind; bring it up to date, then write of: '{behind.now}'")
        lines += list(_changed(behind))
    lines += [f"  not translated: {name} (of: '{digest}')" for name, digest in found.missing]
    lines += [f"  no word for: {word}" for word in found.words]
    lines += [f"  the policy doesn't say any more: {word}" for word in found.unused]
    return visible_text("\n".join(lines))


def _changed(behind: Behind) -> Iterator[str]:
    if behind.since is None:
        yield f"    No version has the text that it was made from ({behind.of})."
        return
    marks = {"insert": "{+%s+}", "delete": "[-%s-]", "keep": "%s"}
    said = "".join(marks[piece.op] % piece.text for piece in behind.changed)
    yield f"    What changed since {behind.since}:"
    yield from (f"      {line}" for line in said.split("\n") if "{+" in line or "[-" in line)
