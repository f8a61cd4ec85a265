"""Where past texts become versions: a policy repository that has none yet, or an empty folder, which gets a draft.

Reads the folder; what would be written is only worked out.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from policytrail.archive.store import has_versions
from policytrail.classify.engine import classify
from policytrail.errors import RepositoryError
from policytrail.importers.draft.draft import Draft, draft
from policytrail.importers.draft.text_only import prose
from policytrail.importers.draft.write import files, to_yaml
from policytrail.importers.formats.clean import clean
from policytrail.model.change import Comparison
from policytrail.model.policy import Policy, Snapshot
from policytrail.sources.load import load_draft
from policytrail.starters.answers import Answers
from policytrail.starters.make import starter_files
from policytrail.storage.files import TEMPORARY, walk, write_whole
from policytrail.workspace import POLICY, Workspace

_BESIDE = (".gitignore", "build.py", "mkdocs.yml", "requirements.txt")  # starters that say nothing of a policy
_OF_THE_TEXT = ("clauses", "practices", "translations", "vocabulary.yaml", "recipients.yaml")


class Unfit(RepositoryError):
    """Why no versions can be made in a folder, and what to do."""


class Ground:
    """Where versions are made, and whose they are (`head`): how past texts are read and compared there.

    `written`: the files of a new draft and what goes beside it; None for a file whose place it takes.
    """

    def __init__(self, workspace: Workspace, head: Policy, written: Mapping[str, bytes | None]) -> None:
        self.workspace, self.head, self.written = workspace, head, written
        self._snapshots: dict[str, Snapshot] = {}
        self._comparisons: dict[tuple[str, str], Comparison] = {}

    def snapshot(self, text: str) -> Snapshot:
        """A past text as a version holds it. Raises SourceError for one that no policy can be."""
        if text not in self._snapshots:
            self._snapshots[text] = prose(text, self.head, "The text")
        return self._snapshots[text]

    def compare(self, old: str, new: str) -> Comparison:
        """Two past texts, judged as the versions made of them are."""
        if (old, new) not in self._comparisons:
            found = classify(self.snapshot(old), self.snapshot(new), "old", "new")
            self._comparisons[old, new] = found
        return self._comparisons[old, new]


def ground(here: Workspace, workspace: Workspace | None, newest: str, name: str, new_draft: bool, day: date) -> Ground:
    """In: the folder of now, the policy repository (None: it is in none), the newest text and its file's name,
    whether that text becomes the draft, the day of now. Raises Unfit where versions can't be made, SourceError.
    """
    if workspace is None:
        # What a killed run left unfinished is swept away by the next one that writes.
        names = sorted(path.name for path in here.root.iterdir())
        others = [each for each in names if each != ".git" and not each.startswith(TEMPORARY)]
        if others:
            raise Unfit(
                f"this folder holds other files ({others[0]}) and no policy. Run it in an empty folder, or make a policy here "
                "first: 'policytrail init', or 'policytrail import FILE'."
            )
        return _empty(here, newest, name, day)
    if has_versions(workspace):
        raise Unfit(
            "there are versions here, and the past can only come before the first one. Run it in an empty folder."
        )
    head = load_draft(workspace.policy).policy
    if head.proposed:
        raise Unfit(
            f"every version would hold guesses of policy/policy.yaml ({', '.join(head.proposed)}). Correct them, remove their "
            "names from 'proposed:', and run it again."
        )
    return Ground(workspace, head, _redrafted(workspace, head, newest, name) if new_draft else {})


def _draft(text: str, name: str) -> Draft:
    return draft(clean(text)[0], None, (), name)


def _empty(workspace: Workspace, text: str, name: str, day: date) -> Ground:
    """The draft of the newest text, with placeholders for what it doesn't tell, and what a build wants beside it."""
    made = files(_draft(text, name), name)
    head = _loaded(made).policy
    who = head.organization
    answers = Answers("website", who.name, who.legal_name, "", (), head.time_zone, head.site_url, "none", day)
    beside = starter_files(answers)
    policy = {f"{POLICY}/{path}": made[path].encode() for path in sorted(made, key=lambda path: path == "policy.yaml")}
    return Ground(workspace, head, {path: beside[path] for path in _BESIDE} | policy)


def _redrafted(workspace: Workspace, head: Policy, text: str, name: str) -> dict[str, bytes | None]:
    """The newest text in place of what the draft says; what policy.yaml says beside the text stays."""
    made = _draft(text, name)
    written = files(made, name)
    kept = head.model_dump(
        mode="json", exclude_defaults=True, exclude=("title", "last_updated", "sections", "translations")
    )
    told = {each: made.about.fields[each] for each in ("title", "last_updated") if each in made.about.fields}
    sections = [
        {"id": section.id, "title": section.title, "clauses": [clause.id for clause in section.clauses]}
        for section in made.outline.sections
    ]
    written["policy.yaml"] = to_yaml({**told, **kept, "sections": sections})
    _loaded(written)
    gone = {workspace.shown(path) for name in _OF_THE_TEXT for path in _files(workspace.policy / name)}
    return dict.fromkeys(sorted(gone)) | {f"{POLICY}/{path}": content.encode() for path, content in written.items()}


def _files(path: Path) -> Iterable[Path]:
    return walk(path, "") if path.is_dir() else [path] if path.is_file() else []


def _loaded(written: Mapping[str, str]) -> Snapshot:
    """The files as a draft. Raises SourceError where they make none."""
    with tempfile.TemporaryDirectory(prefix="policytrail-") as scratch:
        for name, text in written.items():
            write_whole(Path(scratch, "policy", name), text.encode())
        return load_draft(Path(scratch, "policy"))
