"""`policytrail import --into-draft FILE.docx`: a lawyer's edited copy becomes edits of the clause files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ..sources.files import read_bytes, read_text
from ..sources.whole import all_written
from .common import find_root, say


def into_draft(file: Path, day: date | None, dry_run: bool) -> int:
    """In: the Word file, the day for the review notes, whether only to say what would happen. Out: the exit status.

    0 when all of it was taken over, 1 when something is left for a person; what could be taken over is written then too.
    """
    from ..clock import now
    from ..sources.load import load_draft, read_sources
    from ..sources.template import context, fill
    from ..word.apply import NOTES, changed_files, with_notes
    from ..word.draft import planned
    from ..word.read import read

    root = find_root("alone")
    sources, draft = read_sources(root / "policy")
    names = context(draft.policy, draft.practices, draft.vocabulary)
    bodies = {name: clause.text for name, (clause, _) in sources.bodies.items()}
    document = read(str(file), read_bytes(file))
    plan = planned(document, draft, bodies, lambda clause, text: fill(clause, 1, text, names))
    files = changed_files(plan, sources)
    notes = root / "policy" / NOTES
    before = read_text(notes) if notes.exists() else ""
    after = with_notes(before, plan, file.name, day or now().astimezone(draft.policy.zone).date())
    if after != before:
        files[notes] = after
    if not dry_run:
        with all_written(root, "import --into-draft", {path: text.encode() for path, text in files.items()}):
            load_draft(root / "policy")
    for path in files:
        click.echo(f"{'Would change' if dry_run else 'Changed'} {path.relative_to(root).as_posix()}")
    for kind, found in (("To check", plan.warnings), ("Not taken over", plan.open)):
        for each in found:
            say(f"{kind}: {each}")
    say(
        f"{len(plan.edits)} clause(s) edited, {len(plan.remarks)} comment(s), {len(plan.open)} point(s) left for a person."
    )
    return 1 if plan.open else 0
