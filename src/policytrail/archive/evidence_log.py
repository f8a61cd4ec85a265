"""One more record of evidence, written and committed: both or neither."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from policytrail.errors import NoticeRefusal, RepositoryError
from policytrail.git.repository import Repository
from policytrail.model.translations.translation import Translation
from policytrail.model.version import TRANSLATION, Evidence, Version
from policytrail.workspace import Workspace

from .clock_checks import refuse_time
from .imported import BESIDE
from .store import append_evidence, load_versions

# Kinds that only a command of their own may write: what they say is measured, not stated.
MEASURED = frozenset(
    {"site", "observed", "email", "updates", "started", "progress", "compared", "withdrawn", "timestamp", TRANSLATION}
)
STATED = re.compile(r"[a-z][a-z_]{1,30}", re.ASCII)


def record(
    workspace: Workspace, entries: Sequence[tuple[Version, str, Mapping[str, Any]]], on: date, message: str
) -> tuple[Path, ...]:
    """Append evidence to versions and commit it. In: version, kind and content of each; the local day.

    Raises NoticeRefusal for a day before the newest record. After a failure no record is left behind.
    """
    refuse_time(on, [version for version, _, _ in entries])
    for version, kind, _ in entries:
        refuse_imported(version, kind)
    written: list[Path] = []
    with Repository(workspace.root) as repository:
        try:
            for version, kind, content in entries:
                written.append(append_evidence(workspace, version.id, kind, on, content))
            load_versions(workspace)
            repository.commit([workspace.shown(path) for path in written], message)
        except BaseException:
            for path in written:
                path.unlink(missing_ok=True)
            with suppress(RepositoryError):  # the first error is the one to tell
                repository.unstage([workspace.shown(path) for path in written])
            raise
    return tuple(written)


def refuse_imported(version: Version, kind: str) -> None:
    """Raise NoticeRefusal for a record of a notice that policytrail can't have seen."""
    if version.imported is not None and kind not in BESIDE:
        raise NoticeRefusal(
            f"{version.id} is taken over from a git history: no notice of it was recorded, and none can be recorded now. "
            "Keep what you know of it beside the policy."
        )


Check = Callable[[Evidence], Iterable[str]]
CHECKS: dict[str, list[Check]] = {}


def check_of(kind: str) -> Callable[[Check], Check]:
    """Enter a check of what a record of one kind must hold; it yields a sentence for each thing that is wrong."""

    def enter(check: Check) -> Check:
        CHECKS.setdefault(kind, []).append(check)
        return check

    return enter


@check_of("email")
def counts_add_up(evidence: Evidence) -> Iterable[str]:
    """The outcomes of a mailing are whole numbers and add up to its total."""
    counts, total = evidence.record.get("counts"), evidence.record.get("total")
    if counts is None:
        return
    if not isinstance(counts, Mapping) or not all(type(count) is int and count >= 0 for count in counts.values()):
        yield "The counts of this mailing aren't whole numbers."
    elif total is not None and sum(counts.values()) != total:
        yield f"The counts of this mailing add up to {sum(counts.values())}, not to its total of {total}."


@check_of(TRANSLATION)
def translation_is_readable(evidence: Evidence) -> Iterable[str]:
    """A translation on record is one."""
    try:
        Translation.model_validate(evidence.record.get("translation"))
    except ValueError:
        yield "This record holds no translation that can be read."


@check_of("observed")
def verdict_is_known(evidence: Evidence) -> Iterable[str]:
    """A look at the site has one of three verdicts."""
    if evidence.record.get("verdict") not in ("shown", "missing", "outage"):
        yield "This look at the site has no verdict."
