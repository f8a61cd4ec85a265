"""`policytrail import --into-draft FILE.docx`: a lawyer's edited copy becomes edits of the clause files."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policytrail.cli.common import find_workspace, say
from policytrail.clock import now
from policytrail.errors import SourceError
from policytrail.sources.load import load_draft, read_sources
from policytrail.sources.templates.context import context
from policytrail.sources.templates.fast_path import fill
from policytrail.storage.files import read_bytes, read_text, write_whole
from policytrail.storage.transaction import all_written
from policytrail.word.apply.plan import planned
from policytrail.word.apply.structure import put_back, take_out, unstated
from policytrail.word.apply.write import NOTES, changed_files, with_notes, without_practices
from policytrail.word.reading.blocks import read
from policytrail.workspace import TRANSLATIONS, Workspace

if TYPE_CHECKING:
    from policytrail.model.policy import Snapshot
    from policytrail.sources.source_set import Sources
    from policytrail.word.apply.plan import Plan
    from policytrail.word.apply.write import Files


def into_draft(file: Path, day: date | None, dry_run: bool) -> int:
    """In: the Word file, the day for the review notes, whether only to say what would happen. Out: the exit status.

    0 when all of it was taken over, 1 when something is left for a person; what could be taken over is written then too.
    """

    workspace = find_workspace("alone")
    sources, draft = read_sources(workspace.policy)
    names = context(draft.policy, draft.practices, draft.vocabulary)
    bodies = {name: clause.text for name, (clause, _) in sources.bodies.items()}
    document = read(str(file), read_bytes(file))
    plan = planned(document, draft, bodies, lambda clause, text: fill(clause, 1, text, names))
    files = _with_removals(workspace, plan, sources, draft)
    notes = workspace.policy / NOTES
    before = read_text(notes) if notes.exists() else ""
    after = with_notes(before, plan, file.name, day or now().astimezone(draft.policy.zone).date())
    if after != before:
        files[notes] = after
    present = {path for path in files if path.exists()}
    if not dry_run:
        written = {path: None if text is None else text.encode() for path, text in files.items()}
        with all_written(workspace.root, "import --into-draft", written):
            load_draft(workspace.policy)
    for path, text in files.items():
        what = "Delete" if text is None else "Change" if path in present else "Add"
        click.echo(f"{f'Would {what.lower()}' if dry_run else what.removesuffix('e') + 'ed'} {workspace.shown(path)}")
    for kind, found in (("To check", plan.warnings), ("Not applied", plan.open)):
        for each in found:
            say(f"{kind}: {each}")
    say(
        f"{len(plan.edits)} clause(s) edited, {len(plan.structure.new)} new, {len(plan.structure.removed)} deleted, "
        f"{len(plan.remarks)} comment(s), {len(plan.open)} point(s) left for a person."
    )
    return 1 if plan.open else 0


def _with_removals(workspace: Workspace, plan: Plan, sources: Sources, draft: Snapshot) -> Files:
    """What is to be written. Clauses that the document took out go one by one, each only if the sources are sound after it.

    Practices that only they state go with them. Else the clause stays where it was, and why is left for a person.
    """

    wanted, plan.structure.removed = plan.structure.removed, []
    for clause in wanted:
        put_back(plan.structure, draft, clause)
    files = changed_files(plan, sources)
    for clause in wanted:
        tried = _without(workspace, clause, plan, sources, draft, files)
        why = (
            "its practices, or its entry in policy.yaml, can't be removed from the file"
            if tried is None
            else _unsound(workspace, tried)
        )
        if tried is None or why:
            plan.structure.removed.remove(clause)
            put_back(plan.structure, draft, clause)
            plan.open.append(f"{clause}: the document deletes this clause; it stays, because {why}")
        else:
            files = tried
            gone = [each for each in unstated(plan.structure.removed, draft) if clause in draft.stating(each)]
            plan.warnings.append(f"{clause}: deleted, with what only it stated: {', '.join(gone) or 'nothing'}.")
    return files


def _without(
    workspace: Workspace, clause: str, plan: Plan, sources: Sources, draft: Snapshot, files: Files
) -> Files | None:
    """The files without a clause, its practices and its translations; None where that can't be done here."""

    take_out(plan.structure, clause)
    gone = unstated(plan.structure.removed, draft)
    practices = without_practices(gone, sources)
    before = list(plan.open)
    made = changed_files(plan, sources)
    said, plan.open = plan.open, before
    if practices is None or not {*said} <= {*before}:
        return None
    translations = [
        workspace.root / TRANSLATIONS / language / f"{clause}.md"
        for language, each in draft.translations.items()
        if clause in each.clauses
    ]
    return files | made | practices | dict.fromkeys(translations)


def _unsound(workspace: Workspace, files: Files) -> str:
    """Why the sources wouldn't load with these files; empty where they would."""

    with tempfile.TemporaryDirectory() as scratch:
        copy = Workspace(Path(scratch)).policy
        shutil.copytree(workspace.policy, copy)
        try:
            _put({copy / path.relative_to(workspace.policy): text for path, text in files.items()})
            load_draft(copy)
        except SourceError as error:
            return str(error.problems[0])
    return ""


def _put(files: Files) -> None:
    for path, text in files.items():
        if text is None:
            path.unlink(missing_ok=True)
        else:
            write_whole(path, text.encode())
