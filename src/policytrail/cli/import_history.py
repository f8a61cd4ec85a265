"""`policytrail import --history REPO:PATH`: the past of a policy that lived in git as one text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from ..errors import UsageError
from ..history.report import Revision, past, to_json, to_markdown, unannounced
from .common import print_json, progress, say


def history(place: str, into: Path | None, form: str) -> int:
    """In: `REPO:PATH`, a folder for the texts of all versions, `text`, `json` or `markdown`. Out: the exit status, 0."""
    repository, colon, path = place.rpartition(":")
    if not colon or not repository or not path:
        raise UsageError(
            f"{place!r} doesn't name a file in a repository. Write REPO:PATH, for example ../site:docs/privacy.md."
        )
    if into and into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UsageError(f"{into} isn't an empty folder; nothing is written over. Name a new one.")
    with progress("Reading and comparing every version"):
        found = past(list(_revisions(Path(repository), path)))
    if into:
        from ..sources.files import write_whole

        for each in found:
            write_whole(into / "versions" / f"{each.id}.md", each.revision.text.encode())
        write_whole(into / "report.md", to_markdown(found, path).encode())
        write_whole(into / "report.json", _bytes(to_json(found)))
        say(f"Wrote {len(found)} versions and report.md, report.json to {into}.")
    if form == "json":
        print_json(to_json(found))
    elif form == "markdown":
        click.echo(to_markdown(found, path), nl=False)
    else:
        for each in found:
            click.echo(f"{each.id:<13} {each.severity:<9} {each.announced:<10} {each.revision.subject}")
    say(f"{len(found)} version(s); {len(unannounced(found))} with material changes not announced 30 days ahead.")
    return 0


def _revisions(root: Path, path: str) -> Iterator[Revision]:
    from ..sources.importers.read import FORMATS
    from ..versions.git import Repository

    with Repository(root, foreign=True) as repository:
        if repository.is_shallow():
            say("Note: this is a shallow clone; its history is cut off. Fetch all of it for the whole past.")
        for commit in repository.history(path):
            raw = repository.text_at(commit)
            convert = FORMATS.get(Path(commit.path).suffix.lower(), FORMATS[".md"])
            if raw is None or not raw.strip():
                say(f"Note: {commit.id[:10]} deleted or emptied {commit.path}.")
                continue
            text = convert(f"{commit.path} at {commit.id[:10]}", raw).markdown
            yield Revision(commit.id, commit.when.date(), commit.subject, commit.path, text)


def _bytes(value: object) -> bytes:
    import json

    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
