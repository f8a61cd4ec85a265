"""A record in git that others must respect: appended, committed and pushed, or taken back.

git's push is a compare-and-swap: of several runners that start the same notice, the push of exactly one lands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from policytrail.archive.recovery import writing
from policytrail.archive.store import append_evidence, load_versions
from policytrail.errors import NoticeRefusal, RepositoryError
from policytrail.git.repository import Repository
from policytrail.model.json_value import Json
from policytrail.model.version import Evidence, Version
from policytrail.notify.ledger.ledger import NoticeRow
from policytrail.workspace import Workspace

STARTED = "started"
_TRIES = 5


@dataclass(frozen=True)
class Published:
    """Where a record ended up: its path, and the remote branch that has it (None: there is no remote)."""

    path: str
    upstream: str | None


def started(version: Version, stream: str) -> Evidence | None:
    """The newest record that a notice was started (or adopted), None if it never was."""
    found = [
        evidence
        for evidence in version.evidence
        if evidence.kind == STARTED and evidence.record.get("stream", "legal") == stream
    ]
    return found[-1] if found else None


def audience(version: Version, notice: NoticeRow, given: str | None) -> dict[str, Any]:
    """Who the recipients are, for the record: as this run says, else as an earlier one did, else by the list's name."""
    mark = started(version, notice.stream)
    earlier = str(mark.record.get("audience", {}).get("defined_as", "")) if mark else ""
    told = "" if earlier.startswith("the rows of ") else earlier  # an older release kept it in the start marker only
    words = given or notice.audience or told or f"the rows of {notice.list_source}"
    return {"defined_as": words, "source": notice.list_source, "keyed_sha256": notice.list_digest}


def is_missing(version: Version, stream: str, ledger: str, adopted: bool) -> bool:
    """Whether the start marker is missing. In: the ledger's id, whether a person takes over a notice of another one.

    Raises NoticeRefusal where the notice belongs to another ledger, and nobody does.
    """
    mark = started(version, stream)
    owner = str(mark.record.get("ledger")) if mark else ledger
    if mark is not None and owner != ledger and not adopted:
        raise NoticeRefusal(
            f"The notice of {version.id} was started with ledger {owner[:12]} at {mark.record.get('at', mark.on)}; "
            f"this is ledger {ledger[:12]}. Give that ledger with --ledger, or, if it's lost, say --adopt "
            "--by NAME --reason TEXT (people may then be told twice). Nobody was written to."
        )
    return mark is None or owner != ledger


def publish(
    workspace: Workspace,
    version: str,
    kind: str,
    on: date,
    record: Mapping[str, Json],
    allowed: Callable[[Version], bool],
) -> Published | None:
    """Append a record, commit it, push it; where the branch has moved on, look again and try again.

    `allowed` sees the version as it is now each time: it raises where the record must not be written, and says False
    where it's there already. Raises NoticeRefusal where the push fails: then the record is taken back.
    """
    with writing(workspace), Repository(workspace.root) as repository:
        upstream = repository.upstream()
        for _ in range(_TRIES):
            found = next(each for each in load_versions(workspace) if each.id == version)
            if not allowed(found):
                _push_pending(repository, upstream)
                return None
            path, commit = _commit(repository, workspace, version, kind, on, record)
            answer = repository.push(upstream) if upstream else "ok"
            if answer == "ok":
                return Published(workspace.shown(path), upstream.name if upstream else None)
            repository.undo_commit(commit, [workspace.shown(path)])
            path.unlink(missing_ok=True)
            if answer != "moved":
                raise NoticeRefusal(f"The record couldn't be pushed to {upstream and upstream.name}: {answer}")
            assert upstream is not None
            repository.catch_up(upstream)
        raise NoticeRefusal("The branch on the remote keeps moving, so the record couldn't be pushed. Run again.")


def _commit(
    repository: Repository, workspace: Workspace, version: str, kind: str, on: date, record: Mapping[str, Any]
) -> tuple[Path, str]:
    path = append_evidence(workspace, version, kind, on, record)
    name = workspace.shown(path)
    try:
        return path, repository.commit([name], f"Record for policy version {version}: notice {kind}")
    except RepositoryError:
        repository.unstage([name])
        path.unlink(missing_ok=True)
        raise


def _push_pending(repository: Repository, upstream: Any) -> None:
    """The record is here; make sure that the remote has it too (an earlier run may have died between commit and push)."""
    if upstream and repository.ahead(upstream):
        answer = repository.push(upstream)
        if answer == "moved":
            raise NoticeRefusal("The branch on the remote has moved on. Run 'git pull --rebase', then run again.")
        if answer != "ok":
            raise NoticeRefusal(f"The record couldn't be pushed to {upstream.name}: {answer}")
