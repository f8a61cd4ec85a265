"""A plan as new contents of the source files: text and titles where they stand, all else to the character as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from policytrail.errors import SourceError
from policytrail.sources.source_set import Sources
from policytrail.storage.files import read_text
from policytrail.storage.yaml_reader import load_yaml

from .outline_yaml import rearranged, without
from .plan import Edit, Plan

NOTES = "review-notes.md"
_HEAD = "# Review notes\n\nComments and open points from edited Word files, newest last. Delete what is settled.\n"
# `title:` as a line's own key, or inside `{id: ..., title: ...}`, with a value that ends on the line.
_TITLE = re.compile(
    r"""^(?P<start>[ \t-]*(?:\{[^\n]*?\b)?title:[ \t]*)
        (?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\n,}\#]*)""",
    re.MULTILINE | re.VERBOSE,
)


Files = dict[Path, str | None]  # new texts by path; None: the file goes


def changed_files(plan: Plan, sources: Sources) -> Files:
    """In: a plan and the sources it was made for. Out: what is to be written; what can't be set is left open."""
    made: Files = {}
    for edit in plan.edits:
        path = _path(sources, edit.clause)
        text = read_text(path)
        made |= {path: new} if (new := _clause(edit, text, plan)) != text else {}
    path = sources.folder / "policy.yaml"
    old = read_text(path)
    text = _structured(old, plan, sources, made)
    for section, title in plan.titles.items():
        text = _retitled(text, section, title, plan)
    return made | ({path: text} if text != old else {})


def _path(sources: Sources, clause: str) -> Path:
    return sources.folder.parent / sources.places["clause", clause][0]


def _structured(text: str, plan: Plan, sources: Sources, made: Files) -> str:
    """policy.yaml with the clauses that came, went or moved; their files, and practices that go with them, join `made`."""
    wanted = plan.structure
    new = rearranged(text, wanted)
    if new is None:
        said = [f"{each.id} ({each.title}), with this text:\n{each.body}" for each in wanted.new]
        plan.open.append(
            "policy.yaml: its sections can't be changed here; arrange them by hand: "
            + "; ".join(f"{name}: {', '.join(listed)}" for name, listed in wanted.arrangement.items())
            + "".join(f"\nNew: {each}" for each in said)
        )
        return text
    for each in wanted.new:
        made[sources.folder / "clauses" / f"{each.id}.md"] = (
            f"---\ntitle: {_quoted(each.title)}\nstates: []\n---\n{each.body}\n"
        )
    for clause in wanted.removed:
        made[_path(sources, clause)] = None
    return new


def without_practices(names: list[str], sources: Sources) -> Files | None:
    """The files of practices without some of them; None where that must be done by hand."""
    homes = {sources.folder.parent / sources.places["practice", name][0] for name in names}
    made: Files = {path: without(read_text(path), names) for path in homes}
    return None if None in made.values() else made


def _clause(edit: Edit, text: str, plan: Plan) -> str:
    head, _, body = text.removeprefix("---\n").partition("\n---\n")
    core = body.strip()
    start = body.index(core) if core else 0
    body = body[:start] + edit.body + (body[start + len(core) :] or "\n")
    if edit.title:
        new = _TITLE.sub(lambda found: found["start"] + _quoted(edit.title or ""), head, count=1)
        if _value(new) == _value(head) | {"title": edit.title}:
            head = new
        else:
            plan.open.append(f"{edit.clause}: set its title by hand: {edit.title}")
    return f"---\n{head}\n---\n{body}"


def _retitled(text: str, section: str, title: str, plan: Plan) -> str:
    """policy.yaml with one title replaced, checked by reading it back."""
    wanted = _value(text)
    place = next((each for each in wanted["sections"] if each["id"] == section), wanted) if section else wanted
    place["title"] = title
    for found in _TITLE.finditer(text):
        new = text[: found.start()] + found["start"] + _quoted(title) + text[found.end() :]
        if _value(new) == wanted:
            return new
    plan.open.append(f"policy.yaml: set the title of {section or 'the policy'} by hand: {title}")
    return text


def _value(text: str) -> Any:
    try:
        return load_yaml("policy.yaml", text).value
    except SourceError:
        return {}


def _quoted(title: str) -> str:
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 ,.()-]*", title) and title.lower() not in ("yes", "no", "true", "null")
    return title if plain and "," not in title else json.dumps(title, ensure_ascii=False)


def with_notes(old: str, plan: Plan, name: str, day: date) -> str:
    """The review notes with what this document adds: comments by clause, warnings, open points. Twice is once."""
    lines = list(_notes(plan))
    if not lines:
        return old
    section = f"\n## {day}: {' '.join(name.split())}\n" + "\n".join(lines) + "\n"
    return old if section in old else (old or _HEAD).rstrip("\n") + "\n" + section


def _notes(plan: Plan) -> Iterator[str]:
    by_clause: dict[str | None, list[str]] = {}
    for remark in plan.remarks:
        about = f" on \u201c{remark.comment.about}\u201d" if remark.comment.about else ""
        dated = re.match(r"[1-9]\d{3}-\d\d-\d\d", remark.comment.when)
        when = f" ({dated[0]})" if dated else ""
        by_clause.setdefault(remark.clause, []).append(
            _item(f"{remark.comment.author}{when}{about}: {remark.comment.text}")
        )
    for clause, items in by_clause.items():
        yield f"\n### {clause or 'Outside the clauses'}\n"
        yield from items
    for head, found in (("To check", plan.warnings), ("Not taken over", plan.open)):
        if found:
            yield f"\n### {head}\n"
            yield from map(_item, found)


def _item(text: str) -> str:
    return "- " + text.strip().replace("\n", "\n  ")
