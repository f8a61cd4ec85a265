"""`policytrail init --from`: a whole repository out of a policy as it stands, releasable at once."""

from __future__ import annotations

from contextlib import chdir
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from policytrail.cli.common import progress, say
from policytrail.errors import SourceError, UsageError
from policytrail.git.repository import Repository
from policytrail.importers.draft.draft import Draft, drafted
from policytrail.importers.draft.metadata import NO_NAME, NO_SITE, NO_ZONE, contact_of
from policytrail.importers.draft.write import files
from policytrail.importers.formats.read import read, read_past
from policytrail.starters.answers import Answers
from policytrail.starters.make import starter_files

from .git_place import place_in_git
from .import_ import summary

USUAL_DAYS = 30  # the notice that holds where no promise is declared


@dataclass(frozen=True)
class Source:
    """What a repository begins with: the text as a draft, and where its past lies (None: a file alone)."""

    draft: Draft
    name: str
    past: str | None = None


def source(place: str, tracked: str | None) -> Source:
    """In: FILE or REPO:PATH, what to do with tracked changes of a Word file. Raises SourceError, UsageError."""
    path = Path(place)
    if path.exists() or ":" not in place:
        if not path.exists():
            raise UsageError(f"--from {place}: there is no such file.")
        with progress(f"Reading {path.name}"):
            return Source(drafted(read(path, tracked), str(path)), str(path))
    return _newest(place)


def _newest(place: str) -> Source:
    folder, path = place_in_git(place)
    with Repository(folder.resolve()) as found:
        for commit in reversed(list(found.history(path))):
            raw = found.text_at(commit)
            if raw and raw.strip():
                made = drafted(read_past(commit.path, raw), commit.path)
                # Versions of the past declare no practices. 30 days hold for them; only a longer promise must not wait.
                waits = all((one.fields.get("period_days") or 0) <= USUAL_DAYS for one in made.promises)
                return Source(replace(made, promises_wait=waits), commit.path, f"{folder.resolve()}:{path}")
    raise SourceError(f"No commit of {folder} holds a text of {path} that can be read.")


def guesses(made: Draft) -> dict[str, str]:
    """What the text tells of the answers, for a person to confirm."""
    fields = made.about.fields
    whose = fields["organization"]
    email, address = contact_of([clause.text for clause in made.outline.clauses])
    found = {
        "name": whose["name"],
        "legal_name": whose["legal_name"],
        "email": email,
        "address": address,
        "time_zone": fields["time_zone"],
    }
    return {name: said for name, said in found.items() if said and said not in (NO_NAME, NO_SITE, NO_ZONE)}


def repository_files(begun: Source, answers: Answers) -> dict[str, bytes]:
    """Every file of the new repository by its path: the text as the draft, and what a starter has beside its own draft."""
    fields = begun.draft.about.fields
    head: dict[str, Any] = {
        **fields,
        "organization": {
            "name": answers.name,
            "legal_name": answers.legal_name,
            "email": answers.email,
            "address": list(answers.address),
        },
        "site_url": answers.url,
        "time_zone": answers.time_zone,
    }
    policy = files(begun.draft, begun.name, head)
    beside = {path: made for path, made in starter_files(answers).items() if not path.startswith("policy/")}
    return beside | {f"policy/{path}": text.encode() for path, text in policy.items()}


def tell(begun: Source) -> None:
    """What was made of the text, and what a person should look at."""
    for remark in begun.draft.remarks:
        say(f"Look at this: {remark}")
    say(summary(begun.draft))


def take_past(folder: Path, begun: Source, as_of: date | None) -> bool:
    """Freeze the past of a text that lived in git, in the new repository. Out: whether there was any."""
    if begun.past is None:
        return False
    from .import_history import history  # saves 390 ms

    with chdir(folder):
        history(begun.past, None, "text", False, False, as_of)
    return True
