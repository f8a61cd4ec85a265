"""policy/ becomes a snapshot: every file read, validated and cross-checked; all problems reported at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from policytrail.errors import Problem, SourceError
from policytrail.model.policy import Clause, Policy, RegisteredRecipient, Snapshot
from policytrail.model.practice import AnyPractice
from policytrail.sources.templates.context import context
from policytrail.sources.templates.fast_path import check_syntax, fill
from policytrail.storage.files import read_text, refuse_link, walk
from policytrail.storage.yaml_reader import Document, load_yaml
from policytrail.text.hidden_characters import check_characters

from .cross_references import check
from .external_values import check_addresses
from .front_matter import cut
from .markdown_rules import check_filled
from .source_set import MAX_CLAUSE, Sources
from .translations import filled, read_translations
from .vocabulary import OwnVocabulary, extended, orphans

MAX_POLICY = 8_000_000


def load_draft(folder: Path) -> Snapshot:
    """The draft in the folder `folder` (named policy/) as a snapshot.

    Raises SourceError with every problem found, each with file:line, what is wrong and how to mend it.
    """
    return read_sources(folder)[1]


def read_sources(folder: Path) -> tuple[Sources, Snapshot]:
    """The draft as `load_draft` gives it, and what it was made from: where each thing stands, clauses as written."""
    if not folder.is_dir():
        raise SourceError(Problem(str(folder), 0, "There is no policy folder here.", "Run in a policy repository."))
    refuse_link(folder)
    sources = Sources(folder)
    _read_policy(sources)
    _read_vocabulary(sources)
    for path in _files(sources, "practices", ".yaml"):
        _read_practices(sources, path)
    for path in _files(sources, "clauses", ".md"):
        _read_clause(sources, path)
    vocabulary = extended(sources.own, sources.recipients)
    check(sources, vocabulary)
    check_addresses(sources)
    # Text is filled in only from sound data: else one slip in a practice would be reported by every clause that uses it.
    clauses = _filled(sources, vocabulary) if not sources.problems else {}
    _check_syntax(sources)
    written = read_translations(sources)
    if sources.problems or sources.policy is None:
        raise SourceError.of(sources.problems)
    draft = Snapshot(sources.policy, sources.practices, clauses, sources.recipients, vocabulary)
    translations = filled(sources, written, draft)
    if sources.problems:
        raise SourceError.of(sources.problems)
    return sources, replace(draft, translations=translations)


def placed(sources: Sources) -> dict[str, tuple[str, int]]:
    """File and line of each subject that a change can have (a practice's id, `clause:ID`, `recipient:ID`, `translation:ID`)."""
    names = {"practice": "", "recipient": "recipient:", "translation": "translation:"}
    found = {names[kind] + name: place for (kind, name), place in sources.places.items() if kind in names}
    found |= {f"clause:{name}": (sources.places["clause", name][0], line) for name, (_, line) in sources.bodies.items()}
    return found


def _files(sources: Sources, folder: str, suffix: str) -> Iterator[Path]:
    """The files of a kind below a folder; one whose ending is nearly right would be left out in silence."""
    for path in walk(sources.folder / folder, ""):
        if path.name.endswith(suffix):
            yield path
        elif path.suffix.lower() in (".yaml", ".yml", ".md", ".markdown"):
            hint = f"Only files that end in {suffix} are; rename it, or move it away."
            sources.problems.append(Problem(sources.shown(path), 0, "This file isn't read.", hint))


def _yaml(sources: Sources, path: Path) -> Document | None:
    shown = sources.shown(path)
    return sources.attempt(lambda: load_yaml(shown, read_text(path, shown)))


def _read_policy(sources: Sources) -> None:
    document = _yaml(sources, sources.folder / "policy.yaml")
    if document is None:
        return
    sources.policy = sources.valid(document, Policy, document.value, ())
    if sources.policy is None:
        return
    sources.places["policy", ""], sources.lines["policy:"] = (document.path, 1), document.line
    for place, name in enumerate(sources.policy.regimes):
        sources.places["regime", name] = (document.path, document.line(("regimes", place)))
    sources.places["governs", sources.policy.governs or ""] = (document.path, document.line(("governs",)))
    for place, section in enumerate(sources.policy.sections):
        for number, clause in enumerate(section.clauses):
            line = document.line(("sections", place, "clauses", number))
            sources.places["placed", clause] = (document.path, line)


def _read_vocabulary(sources: Sources) -> None:
    path = sources.folder / "vocabulary.yaml"
    before = len(sources.problems)
    if path.exists() and (document := _yaml(sources, path)):
        own = sources.valid(document, OwnVocabulary, document.value or {}, ())
        sources.own = own or sources.own
        for kind, place, key in orphans(sources.own):
            line = document.line((kind, place))
            problem = f"The key {key!r} hangs below no key that exists."
            sources.problems.append(Problem(document.path, line, problem, "Begin it with a key of the taxonomy."))
    path = sources.folder / "recipients.yaml"
    if path.exists() and (document := _yaml(sources, path)):
        for place, value in enumerate(_listed(sources, document)):
            recipient = sources.valid(document, RegisteredRecipient, value, (place,))
            if recipient:
                _once(sources, "recipient", recipient.id, document, place)
                sources.recipients[recipient.id] = recipient
    if len(sources.problems) > before:
        sources.incomplete.add("word")


def _listed(sources: Sources, document: Document) -> list[Any]:
    if document.value is None:
        return []
    if isinstance(document.value, list):
        return document.value
    sources.problems.append(Problem(document.path, 1, "This file must be a list.", "Begin each entry with '- id:'."))
    return []


def _read_practices(sources: Sources, path: Path) -> None:
    document = _yaml(sources, path)
    if document is None:
        sources.incomplete.add("practice")
        return
    if document.value is not None and not isinstance(document.value, list):
        sources.incomplete.add("practice")
    for place, value in enumerate(_listed(sources, document)):
        practice = sources.valid(document, AnyPractice, value, (place,))
        if practice is None:
            identity = value.get("id") if isinstance(value, dict) else None
            sources.places.setdefault(("broken", str(identity)), (document.path, document.line((place,))))
            continue
        if not _once(sources, "practice", practice.id, document, place):
            sources.incomplete.add("practice")
            continue
        sources.practices[practice.id] = practice
        base = place
        sources.lines[f"practice:{practice.id}"] = lambda inner, base=base: document.line((base, *inner))  # type: ignore[misc]


def _once(sources: Sources, kind: str, name: str, document: Document, place: int) -> bool:
    """Whether the id is met for the first time; a second time is a problem."""
    line = document.line((place,))
    if (kind, name) in sources.places:
        first = ":".join(map(str, sources.places[kind, name]))
        problem = Problem(document.path, line, f"The id {name!r} is taken already ({first}).", "Give it another id.")
        sources.problems.append(problem)
        return False
    sources.places[kind, name] = (document.path, line)
    return True


def _read_clause(sources: Sources, path: Path) -> None:
    shown = sources.shown(path)
    default = path.relative_to(sources.folder / "clauses").with_suffix("").as_posix()
    text = sources.attempt(lambda: read_text(path, shown, MAX_CLAUSE))
    matter = None if text is None else sources.attempt(lambda: cut(shown, text, "title: and states:"))
    if matter is None:
        sources.places["broken clause", default] = (shown, 1)
        return
    document, about, body, first_line = matter.document, matter.fields, matter.body, matter.first_line
    sources.attempt(lambda: check_characters(shown, body, first_line))
    if "text" in about:
        sources.problems.append(Problem(shown, document.line(("text",)), "Clause text stands below the front matter."))
    clause = sources.valid(document, Clause, {"id": default} | about | {"text": ""}, ())
    if clause is None:
        sources.places.setdefault(("broken clause", str(about.get("id", default))), (shown, 1))
        return
    if ("clause", clause.id) in sources.places:
        first = sources.places["clause", clause.id][0]
        problem = f"The clause id {clause.id!r} is taken already ({first})."
        sources.problems.append(Problem(shown, 2, problem, "Give one of them another id."))
    sources.places["clause", clause.id] = (shown, document.line(("states",)))
    filled = clause.model_copy(update={"text": body})
    sources.bodies[clause.id] = (filled, first_line)
    sources.lines[f"clause:{clause.id}"] = document.line


def _check_syntax(sources: Sources) -> None:
    if sources.problems:
        for identity, (clause, line) in sources.bodies.items():
            shown = sources.places["clause", identity][0]
            sources.attempt(lambda c=clause, s=shown, n=line: check_syntax(s, n, c.text))  # type: ignore[misc]


def _filled(sources: Sources, vocabulary: Any) -> dict[str, Clause]:
    """All clauses with their variables filled in, in reading order."""
    assert sources.policy is not None
    names = context(sources.policy, sources.practices, vocabulary)
    clauses: dict[str, Clause] = {}
    for section in sources.policy.sections:
        for identity in section.clauses:
            if identity not in sources.bodies:
                continue
            clause, line = sources.bodies[identity]
            shown = sources.places["clause", identity][0]
            text = sources.attempt(lambda c=clause, s=shown, n=line: _final(s, n, c.text, names))  # type: ignore[misc]
            if text is not None:
                clauses[identity] = clause.model_copy(update={"text": text})
    if sum(len(each.text) for each in clauses.values()) > MAX_POLICY:
        sources.problems.append(Problem("policy/clauses", 0, "The policy is longer than 8 MB.", "Shorten its clauses."))
    return clauses


def _final(shown: str, line: int, text: str, names: dict[str, Any]) -> str:
    filled = fill(shown, line, text, names)
    check_filled(shown, text, filled, line)
    return filled.strip()
