"""policy/translations/LANG/: one Markdown file a clause, words.yaml for everything else; read, checked, filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policytrail.errors import Problem, SourceError
from policytrail.languages import catalogue
from policytrail.model.policy import Snapshot
from policytrail.model.practice_fields import Plain
from policytrail.model.translations.translatable_text import translatable
from policytrail.model.translations.translation import Said, TranslatedClause, Translation, tag_problem
from policytrail.model.validation.record import NOTHING, Part
from policytrail.sources.templates.context import context, filters_of
from policytrail.sources.templates.fast_path import check_syntax, fill
from policytrail.storage.files import read_text, refuse_link, walk
from policytrail.storage.yaml_reader import load_yaml
from policytrail.text.hidden_characters import check_characters

from .front_matter import Matter, cut
from .markdown_rules import check_filled
from .problem_messages import did_you_mean
from .source_set import MAX_CLAUSE, Sources

FOLDER = "translations"
WORDS = "words.yaml"
_OPEN = "\ue000"  # stands round a word that has no translation; no source can hold it
_GAP = re.compile(f"{_OPEN}([^{_OPEN}]*){_OPEN}")


class _Words(Part):
    """What `words.yaml` says."""

    name: Plain | None = None
    words: Mapping[Plain, Said] = NOTHING


class _Head(Part):
    """The front matter of a translated clause."""

    title: Said
    of: str


@dataclass
class Written:
    """One language as its files have it: clauses with the line on which their text begins, not filled in yet."""

    language: str
    words: _Words = field(default_factory=_Words)
    clauses: dict[str, tuple[TranslatedClause, int]] = field(default_factory=dict)


def read_translations(sources: Sources) -> list[Written]:
    """Every language's files; what is wrong with them joins `sources.problems`."""
    root = sources.folder / FOLDER
    refuse_link(root)
    found: list[Written] = []
    for folder in sorted(root.iterdir()) if root.exists() else ():
        if folder.name.startswith("."):
            continue
        problem = _folder_problem(sources, folder)
        if problem:
            sources.problems.append(Problem(sources.shown(folder), 0, *problem))
        else:
            found.append(_language(sources, folder))
    _governs(sources, found)
    if sources.problems:  # nothing will be filled in: what is wrong with the templates is said now
        _check_syntax(sources, found)
    return found


def _check_syntax(sources: Sources, found: list[Written]) -> None:
    for written in found:
        for identity, (made, line) in written.clauses.items():
            shown = sources.places["translation", f"{written.language}:{identity}"][0]
            sources.attempt(lambda m=made, s=shown, n=line: check_syntax(s, n, m.text))  # type: ignore[misc]


def _governs(sources: Sources, found: list[Written]) -> None:
    """The text that counts must be there."""
    policy = sources.policy
    if policy and policy.governs not in (None, policy.language, *(each.language for each in found)):
        hint = f"Name {policy.language}, or a language below policy/{FOLDER}/."
        sources.blame(
            "governs", str(policy.governs), f"There is no text in {policy.governs!r} that could govern.", hint
        )


def _folder_problem(sources: Sources, folder: Path) -> tuple[str, str] | None:
    if not folder.is_dir():
        return "This file belongs to no language.", "Put it into a folder that is named by its language, such as fr."
    policy = sources.policy
    if policy and folder.name in {translation.id for translation in policy.translations}:
        hint = "Take it out of 'translations:' in policy.yaml, or delete the folder."
        return f"The translation {folder.name} is said to be kept elsewhere, too.", hint
    return tag_problem(folder.name, policy.language if policy else "")


def _language(sources: Sources, folder: Path) -> Written:
    refuse_link(folder)
    written = Written(folder.name)
    if (folder / WORDS).exists():
        written.words = sources.attempt(lambda: _words(sources, folder / WORDS)) or written.words
    for path in walk(folder, ""):
        inside = path.relative_to(folder).as_posix()
        if inside.endswith(".md"):
            sources.attempt(lambda p=path, i=inside: _clause(sources, written, p, i.removesuffix(".md")))  # type: ignore[misc]
        elif inside != WORDS:
            hint = f"A clause is a file CLAUSE.md, named like the one in policy/clauses; everything else is in {WORDS}."
            sources.problems.append(Problem(sources.shown(path), 0, "This file is no part of a translation.", hint))
    return written


def _words(sources: Sources, path: Path) -> _Words:
    shown = sources.shown(path)
    document = load_yaml(shown, read_text(path, shown))
    words = sources.valid(document, _Words, document.value or {}, ()) or _Words()
    for key in words.words:
        sources.places["translated word", f"{path.parent.name}:{key}"] = (shown, document.line(("words", key)))
    sources.places["translation", path.parent.name] = (shown, 1)
    return words


def _clause(sources: Sources, written: Written, path: Path, identity: str) -> None:
    shown = sources.shown(path)
    sources.places.setdefault(("translation", written.language), (shown, 1))
    matter = cut(shown, read_text(path, shown, MAX_CLAUSE), "title: and of:")
    head = sources.valid(matter.document, _Head, matter.fields, ())
    sources.places["translation", f"{written.language}:{identity}"] = (shown, matter.document.line(("of",)))
    _known(sources, shown, identity)
    check_characters(shown, matter.body, matter.first_line)
    if not matter.body.strip():
        hint = "Write the translation below the front matter, or delete the file."
        raise SourceError(Problem(shown, matter.first_line, "This translation is empty.", hint))
    if head:
        written.clauses[identity] = (_made(sources, matter, head, identity), matter.first_line)


def _made(sources: Sources, matter: Matter, head: _Head, identity: str) -> TranslatedClause:
    """The clause as written. Raises SourceError where it doesn't name a text, with the digest to write."""
    if re.fullmatch(r"[0-9a-f]{16}", head.of):
        return TranslatedClause(of=head.of, title=head.title, text=matter.body)
    line, shown = matter.document.line(("of",)), matter.document.path
    hint = f"'policytrail translations {Path(shown).parts[2]}' says which digest {identity} has."
    raise SourceError(Problem(shown, line, f"{head.of!r} names no text: it needs 16 hex digits in quotes.", hint))


def _known(sources: Sources, shown: str, identity: str) -> None:
    """Raise SourceError for a clause that the source doesn't have."""
    if identity in sources.bodies or any(kind == "broken clause" for kind, _ in sources.places):
        return
    hint = did_you_mean(identity, sources.bodies) or "Name the file like the clause in policy/clauses/, or delete it."
    raise SourceError(Problem(shown, 1, f"There is no clause {identity!r} to translate.", hint))


def filled(sources: Sources, found: list[Written], snapshot: Snapshot) -> dict[str, Translation]:
    """The languages with the policy's data filled into their clauses, in their own words; problems join `sources.problems`."""
    if not found:
        return {}
    names = context(snapshot.policy, snapshot.practices, snapshot.vocabulary)
    known = frozenset(translatable(snapshot))
    return {each.language: _filled(sources, each, snapshot, _Spoken(names, each.words.words, known)) for each in found}


def _filled(sources: Sources, written: Written, snapshot: Snapshot, names: Mapping[str, Any]) -> Translation:
    clauses = {}
    for identity, (made, line) in written.clauses.items():
        shown = sources.places["translation", f"{written.language}:{identity}"][0]
        text = sources.attempt(lambda m=made, s=shown, n=line: _text(written, m, s, n, names))  # type: ignore[misc]
        if text is not None:
            clauses[identity] = made.model_copy(update={"text": text})
    return Translation(
        language=written.language,
        name=written.words.name,
        words=written.words.words,
        clauses={clause: clauses[clause] for clause in snapshot.clauses if clause in clauses},
    )


def _text(written: Written, made: TranslatedClause, shown: str, line: int, names: Mapping[str, Any]) -> str:
    text = fill(shown, line, made.text, names, filters_of(catalogue(written.language)))
    gaps = list(_gaps(text))
    if gaps:
        raise SourceError.of(
            [
                Problem(
                    shown,
                    line + number,
                    f"There is no {written.language} word for {word!r}.",
                    f"Add it to the words in policy/{FOLDER}/{written.language}/{WORDS}.",
                )
                for number, word in gaps
            ]
        )
    check_filled(shown, made.text, text, line)
    return text.strip()


def _gaps(text: str) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(text.split("\n")):
        for found in _GAP.finditer(row):
            yield number, found[1].replace("\\", "")


@dataclass(frozen=True)
class _Spoken(Mapping[str, Any]):
    """The names that clause text may use, each of the policy's own words replaced by its translation when it is asked for."""

    names: Mapping[str, Any]
    words: Mapping[str, str]
    known: frozenset[str]

    def __getitem__(self, name: str) -> Any:
        found = self.names[name]
        return found if name == "organization" else self._said(found)

    def _said(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return _Spoken(value, self.words, self.known)
        if isinstance(value, list):
            return [self._said(each) for each in value]
        gap = isinstance(value, str) and value in self.known and value not in self.words
        return f"{_OPEN}{value}{_OPEN}" if gap else self.words.get(value, value) if isinstance(value, str) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)
