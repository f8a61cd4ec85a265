"""`policytrail import --history REPO:PATH`: the past of a policy that lived in git as one text."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import SourceError, UsageError
from ..history.report import Revision, Unread, past, to_json, to_markdown, unannounced
from .common import print_json, progress, say


def history(place: str, into: Path | None, form: str) -> int:
    """In: `REPO:PATH`, a folder for the texts of all versions, `text`, `json` or `markdown`. Out: the exit status, 0."""
    repository, colon, path = place.rpartition(":")
    if not colon or not repository or not path:
        raise UsageError(
            f"{place!r} doesn't name a file in a repository. Write REPO:PATH, for example ../site:docs/privacy.md."
        )
    if "://" in repository or (repository.partition(":")[0].count("@") == 1 and not Path(repository).exists()):
        raise UsageError(
            f"{repository} is an address. Clone it first ('git clone {repository} past'), then write past:{path}."
        )
    if into and into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UsageError(f"{into} isn't an empty folder; nothing is written over. Name a new one.")
    with progress("Reading and comparing every version"):
        read, unread = _revisions(Path(repository), path)
        found = past(read)
    if into:
        from ..sources.files import write_whole
        from ..sources.whole import new_folder

        with new_folder(into) as folder:
            for version in found:
                write_whole(folder / "versions" / f"{version.id}.md", version.revision.text.encode())
            write_whole(folder / "report.md", to_markdown(found, path, unread).encode())
            write_whole(folder / "report.json", _bytes(to_json(found, unread)))
        say(f"Wrote {len(found)} versions and report.md, report.json to {into}.")
    if form == "json":
        print_json(to_json(found, unread))
    elif form == "markdown":
        click.echo(to_markdown(found, path, unread), nl=False)
    else:
        for version in found:
            click.echo(f"{version.id:<13} {version.severity:<9} {version.announced:<10} {version.revision.subject}")
    for each in unread:
        say(f"Not read: {each.commit[:10]} of {each.day}: {each.reason}")
    say(f"{len(found)} version(s); {len(unannounced(found))} with material changes not announced 30 days ahead.")
    return 0


def _revisions(root: Path, path: str) -> tuple[list[Revision], list[Unread]]:
    """Every committed text, oldest first, and the commits whose text can't be read, with the reason."""
    from ..versions.git import Repository

    read: list[Revision] = []
    unread: list[Unread] = []
    with Repository(root) as repository:
        if repository.is_shallow():
            say("Note: this is a shallow clone; its history is cut off. Fetch all of it for the whole past.")
        for commit in repository.history(path):
            try:
                text = _text(repository.text_at(commit), commit.path)
            except SourceError as error:
                unread.append(Unread(commit.id, commit.when.date(), str(error)))
                continue
            read.append(Revision(commit.id, commit.when.date(), commit.subject, commit.path, text))
    return read, unread


def _text(raw: bytes | None, path: str) -> str:
    from ..sources.importers.read import FORMATS

    if raw is None or not raw.strip():
        raise SourceError(f"{path} was deleted, emptied or made a link.")
    return FORMATS.get(Path(path).suffix.lower(), FORMATS[".md"])(path, raw).markdown


def _bytes(value: object) -> bytes:
    import json

    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
