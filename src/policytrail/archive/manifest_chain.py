"""The chain of manifests: each names the one released before it, back to the first. Dates may lie in any order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policytrail.errors import Problem
from policytrail.workspace import VERSIONS

from .chain_tips import check_heads
from .folder import MANIFEST, Folder
from .manifest import opened, sha256

_BROKEN = "Restore the missing or changed version from git."
_FORKED = "Two releases were made side by side; keep the one that was published, and release the other again."


def check_chain(folders: Sequence[Folder]) -> list[Problem]:
    """What is wrong with the chain: a link to nothing, two versions that follow the same one, two first versions,
    a version's newest file that another one names and that is gone.
    """
    manifests = {folder.id: opened(MANIFEST, folder.files.get(MANIFEST, b""))[0] for folder in folders}
    hashes = {sha256(folder.files.get(MANIFEST, b"")): folder.id for folder in folders}
    problems: list[Problem] = []
    followed: dict[str | None, str] = {}
    for identity, manifest in manifests.items():
        if not manifest:
            continue
        before = _previous(manifest)
        if before.get("sha256") is not None and hashes.get(before["sha256"]) != before.get("id"):
            problems.append(
                _problem(identity, "broken: the version before it isn't here as it was", _BROKEN, "chain-broken")
            )
        elif before.get("sha256") in followed:
            other = followed[before.get("sha256")]
            problems.append(_problem(identity, f"forked: {other} follows the same version", _FORKED, "chain-forked"))
        followed[before.get("sha256")] = identity
        problems += _names(identity, manifest, manifests)
    if manifests and all(manifests.values()) and None not in followed:
        problems.append(_problem(min(manifests), "a circle: no version is the first", _BROKEN, "chain-broken"))
    return problems + _backwards(manifests) + check_heads(folders)


def _previous(manifest: dict[str, Any]) -> dict[str, Any]:
    found = manifest.get("previous")
    return found if isinstance(found, dict) else {}


def _names(identity: str, manifest: dict[str, Any], manifests: dict[str, dict[str, Any]]) -> list[Problem]:
    """A version that takes over another one's notice must name one that is here."""
    corrects = manifest.get("corrects")
    if isinstance(corrects, dict) and corrects.get("id") not in manifests:
        return [
            _problem(identity, f"broken: {corrects.get('id')}, which it corrects, isn't here", _BROKEN, "chain-broken")
        ]
    return []


def _backwards(manifests: dict[str, dict[str, Any]]) -> list[Problem]:
    """Announcements follow each other in the order of the releases."""
    problems = []
    for identity, manifest in manifests.items():
        before = manifests.get(str(_previous(manifest).get("id")), {})
        if str(manifest.get("announced")) < str(before.get("announced", "")):
            message = f"It is announced before {before.get('id')}, which was released earlier."
            problems.append(Problem(f"{VERSIONS}/{identity}/{MANIFEST}", 0, message, _BROKEN, "dates-order"))
    return problems


def _problem(identity: str, what: str, hint: str, name: str) -> Problem:
    return Problem(f"{VERSIONS}/{identity}/{MANIFEST}", 0, f"The chain of manifests is {what}.", hint, name)
