"""A draft as the files below policy/: what is written is what `load_draft` reads, and it is written whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from policytrail.errors import Problem, SourceError
from policytrail.sources.load import load_draft
from policytrail.sources.proposals import HEAD, Waiting
from policytrail.sources.source_set import MAX_CLAUSE
from policytrail.storage.files import write_whole
from policytrail.storage.transaction import new_folder
from policytrail.workspace import Workspace

from .draft import Draft
from .escape_markdown import harmless

_BRACES = re.compile(r"\{[{%#]")
_HEAD = "# Made by `policytrail import`.\n"
_GUESSED = "# `proposed:` names guesses: correct each, then remove its name there.\n"
_PRACTICES = "# The promise to tell people of changes, as the text gives it (`quote`).\n"
PROPOSALS = "proposals.yaml"


class _Dumper(yaml.SafeDumper):
    """Plain YAML: no aliases (the reader refuses them), short lists in one line."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _list(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.Node:
    short = all(isinstance(each, str) and len(each) < 60 for each in value) and sum(map(len, map(str, value))) < 100
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=short and bool(value))


_Dumper.add_representer(list, _list)
# Our reader takes only true, false, null and numbers for more than text: `on` and dates need no quotation marks.
_Dumper.yaml_implicit_resolvers = {
    first: [
        (tag, words)
        for tag, words in known
        if not tag.endswith(("timestamp", "bool")) or (tag.endswith("bool") and first in "tTfF")
    ]
    for first, known in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def to_yaml(value: Any) -> str:
    """A value as YAML that our reader takes: block style, keys in the given order, long words on one line."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100_000)


def files(made: Draft, name: str = "", head: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Every file below policy/ by its path: the text as clauses, the promises of notice that it gives, and apart from both
    what else could be a practice.

    In: the draft, the file's name for messages, what policy.yaml says where a person has answered it (else it holds what
    the text tells, and names what is guessed). Raises SourceError for a clause that no source may be as long as.
    """
    fields = made.about.fields if head is None else head
    guessed = {"proposed": list(made.about.proposed)} if head is None else {}
    sections = [
        {"id": section.id, "title": section.title, "clauses": [clause.id for clause in section.clauses]}
        for section in made.outline.sections
    ]
    policy = to_yaml({**fields, **guessed, "sections": sections})
    written = {"policy.yaml": _HEAD + (_GUESSED if guessed else "") + policy}
    if made.promises:
        written["practices/changes.yaml"] = _PRACTICES + to_yaml([promise.fields for promise in made.promises])
    if made.open or made.unread:
        written[PROPOSALS] = HEAD + to_yaml([entry.to_yaml() for entry in _waiting(made)])
    for clause in made.outline.clauses:
        front = to_yaml({"title": clause.title, "states": made.stated(clause.id)})
        text = _BRACES.sub(lambda sign: f'{{{{ "{sign[0]}" }}}}', harmless(clause.text))
        if len(text.encode()) > MAX_CLAUSE - 1000:
            message = f"The part {clause.title[:60]!r} is longer than 250 KB."
            raise SourceError(Problem(name, 0, message, "Give it headings: each makes a clause of its own."))
        written[f"clauses/{clause.id}.md"] = f"---\n{front}---\n{text}\n"
    return written


def _waiting(made: Draft) -> list[Waiting]:
    """The proposals and the sentences without one, clause by clause in the order of the text."""
    waiting: list[Waiting] = []
    for clause in made.outline.clauses:
        waiting += [Waiting(clause.id, proposal.fields) for proposal in made.proposed(clause.id)]
        waiting += [Waiting(clause.id, unread=left.quote) for left in made.unread if left.clause == clause.id]
    return waiting


def refuse_existing(workspace: Workspace) -> None:
    """Raise SourceError unless the place of the sources is free: nothing there, or an empty folder."""
    policy = workspace.policy
    if policy.is_symlink() or (policy.exists() and (not policy.is_dir() or any(policy.iterdir()))):
        message = "There is a policy here already, and an import never overwrites one."
        raise SourceError(Problem(str(policy), 0, message, "Choose another folder with --into DIR, or move it away."))


def write(written: Mapping[str, str], workspace: Workspace) -> None:
    """Write the files as the sources: into a folder beside it that is checked by loading it, then renamed.

    Raises SourceError, and leaves nothing behind, where something stands there or the result doesn't load.
    """
    refuse_existing(workspace)
    with new_folder(workspace.policy) as policy:
        for name, text in written.items():
            write_whole(policy / name, text.encode())
        load_draft(policy)
        refuse_existing(workspace)
