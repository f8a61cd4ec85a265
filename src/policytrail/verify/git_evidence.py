"""The frozen files against what git holds: blobs of the last commit, tags, and what could forge them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from shutil import which

from policytrail.archive.folder import MANIFEST, Folder, is_version_id
from policytrail.archive.manifest import opened
from policytrail.errors import Problem, RepositoryError
from policytrail.git.repository import Repository
from policytrail.sources.approvers import parse_approvers
from policytrail.workspace import APPROVERS, VERSIONS, Workspace

_RESTORE = "Restore it from git."
# What only git's history tells of files that prove themselves: what they mean can still be judged.
OF_THE_PAST = frozenset({"history-changed", "history-removed"})
Found = tuple[list[Problem], list[Problem]]


def against_git(workspace: Workspace, folders: Sequence[Folder]) -> Found:
    """What is wrong, and what is worth a remark. Without git, files alone are proved, and that is said."""
    if not os.path.lexists(workspace.root / ".git"):
        message = "There is no git repository here: files and chains were proved, history was not."
        return [], [Problem("", 0, message, "", "no-git")]
    try:
        return _against(workspace, folders)
    except RepositoryError as error:
        message = f"git can't read this repository, so history can't be proved ({str(error).rstrip('.')})."
        hint = "Clone it afresh, or repair it with git fsck." if which("git") else ""  # without git the error says how
        return [Problem(".git", 0, message, hint, "git-broken")], []


def _against(workspace: Workspace, folders: Sequence[Folder]) -> Found:
    with Repository(workspace.root) as repository:
        shallow = repository.is_shallow()
        if not repository.has_commit():
            message = "Nothing is committed here: files and chains were proved, history was not."
            return [], [Problem("", 0, message, "", "no-commit")]
        problems = _forged(repository) + _blobs(repository, folders)
        if shallow:
            message = "This clone is shallow: tags weren't checked. Fetch the whole history (fetch-depth: 0)."
            return problems, [Problem("", 0, message, "", "shallow")]
        wrong, remarks = _tags(repository, [folder.id for folder in folders], _taken_over(folders))
        wrong += _rewritten(repository, folders)
        wrong += _releases(repository, [folder.id for folder in folders])
        return problems + wrong, remarks + _uncommitted(repository, folders)


def _forged(repository: Repository) -> list[Problem]:
    if not repository.has_replacements():
        return []
    message, hint = "Replace refs or grafts forge what git shows here.", "Remove refs/replace and info/grafts."
    return [Problem("", 0, message, hint, "history-forged")]


def _blobs(repository: Repository, folders: Sequence[Folder]) -> list[Problem]:
    here = _files(folders)
    committed = repository.blobs("versions")
    gone = [
        Problem(path, 0, "This frozen file is in the last commit, but not here.", _RESTORE, "file-missing")
        for path in sorted(committed.keys() - here.keys())
    ]
    differ = [
        Problem(path, 0, "This frozen file differs from the last commit.", _RESTORE, "file-differs")
        for path in sorted(committed.keys() & here.keys())
        if here[path] != committed[path]
    ]
    return gone + differ


def _rewritten(repository: Repository, folders: Sequence[Folder]) -> list[Problem]:
    """What commits changed or deleted that had been frozen: a repository proves that of itself while its history stands."""
    here, found = _files(folders), repository.rewritten("versions")
    followed = [opened(MANIFEST, folder.files.get(MANIFEST, b""))[0].get("previous") for folder in folders]
    problems = []
    for path, (commit, old) in sorted(found.items()):
        if path in here:
            message = f"This frozen file was changed by the commit {commit[:12]}."
            if here[path].replace(b"\r\n", b"\n") != repository.blob(old).replace(b"\r\n", b"\n"):
                problems.append(Problem(path, 0, message, _RESTORE, "history-changed"))
            continue
        manifest = found.get("/".join([*path.split("/")[:2], MANIFEST]))
        gone = opened(MANIFEST, repository.blob(manifest[1]))[0] if manifest else {}
        if not gone or gone.get("previous") not in followed:  # else of two releases side by side one went, as it must
            message = f"This frozen file was deleted by the commit {commit[:12]}."
            problems.append(Problem(path, 0, message, _RESTORE, "history-removed"))
    return problems


def _files(folders: Sequence[Folder]) -> dict[str, bytes]:
    return {f"{VERSIONS}/{folder.id}/{name}": content for folder in folders for name, content in folder.files.items()}


def _uncommitted(repository: Repository, folders: Sequence[Folder]) -> list[Problem]:
    """Files that only this disk has: nobody else can have seen them."""
    loose = sorted(_files(folders).keys() - repository.blobs("versions").keys())
    shown = ", ".join(loose[:3]) + (" ..." if len(loose) > 3 else "")
    message = (
        f"{len(loose)} file(s) aren't committed yet ({shown}); commit and push them, so that others can witness them."
    )
    return [Problem("", 0, message, "", "uncommitted")] if loose else []


def _taken_over(folders: Sequence[Folder]) -> frozenset[str]:
    """Versions that no release made: nobody tagged them."""
    manifests = {folder.id: opened(MANIFEST, folder.files.get(MANIFEST, b""))[0] for folder in folders}
    return frozenset(identity for identity, manifest in manifests.items() if "imported" in manifest)


def _tags(repository: Repository, ids: Sequence[str], untagged: frozenset[str]) -> Found:
    problems, remarks = [], []
    tags, forms = repository.tags(), repository.tag_forms()
    added = repository.added(VERSIONS, "manifest.json")
    key = repository.has_key()
    ahead = sorted(name for name in tags if is_version_id(name) and name not in ids)
    if ahead:
        message = f"Git tags name versions that aren't here: {', '.join(ahead)}. This is an older state, or one was taken away."
        remarks.append(Problem("", 0, message, "", "tag-ahead"))
    for identity in ids:
        commit = added.get(f"{VERSIONS}/{identity}/manifest.json", (None, None))[0]
        annotated, signed = forms.get(identity, (False, False))
        if identity not in tags and identity in untagged:
            continue
        if identity not in tags:
            message = f"There is no git tag {identity}; files and chains prove the version without it."
            remarks.append(Problem("", 0, message, "", "tag-missing"))
        elif commit and tags[identity] != commit:
            hint = f"It should point to {commit[:12]}."
            message = "This tag points elsewhere than the release."
            problems.append(Problem(f"tag {identity}", 0, message, hint, "tag-moved"))
        elif not annotated:
            message = f"The git tag {identity} isn't annotated: it was not made by the release, and names nobody."
            remarks.append(Problem("", 0, message, "", "tag-light"))
        elif signed and not repository.signature_holds(identity):
            message = (
                f"The signature of the git tag {identity} can't be verified here; the signer's key may be missing."
            )
            remarks.append(Problem("", 0, message, "", "tag-unverified"))
        elif key and not signed:
            message = f"The git tag {identity} isn't signed, though this git has a key."
            remarks.append(Problem("", 0, message, "", "tag-unsigned"))
    return problems, remarks


def _releases(repository: Repository, ids: Sequence[str]) -> list[Problem]:
    """Every release by somebody whom the approvers file of its time didn't let release."""
    problems = []
    added = repository.added(VERSIONS, "manifest.json")
    for identity in ids:
        commit = added.get(f"{VERSIONS}/{identity}/manifest.json", (None, None))[0]
        text = repository.file_at(commit, APPROVERS) if commit else None
        if not commit or text is None:
            continue
        author, approvers = repository.author(commit), parse_approvers(text)
        person = approvers.by_email(author.email)
        why = approvers.refusal("release", person.name if person else author.name, author.email, author.keys)
        if why:
            message = f"This version was released by somebody who may not release: {why}."
            hint = "Have it released again by a person who may."
            problems.append(Problem(f"{VERSIONS}/{identity}", 0, message, hint, "release-unapproved"))
    return problems


def parents(workspace: Workspace) -> dict[str, datetime | None]:
    """For each version's id the time of the commit that its release builds on, as far as history tells."""
    try:
        repository = Repository(workspace.root)
    except RepositoryError:
        return {}
    with repository:
        if not repository.has_commit() or repository.is_shallow():
            return {}
        listed = repository.added(VERSIONS, "manifest.json")
    return {path.split("/")[1]: when for path, (_, when) in listed.items() if path.count("/") == 2}
