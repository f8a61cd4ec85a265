"""`policytrail prove ADDRESS`: one person's proof, and its check without the ledger."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from policytrail.archive.store import load_versions
from policytrail.cli.common import find_workspace, print_json, say
from policytrail.errors import IntegrityError, NoticeRefusal, SourceError, UsageError
from policytrail.notify.records import proof as proofs
from policytrail.storage.files import read_text
from policytrail.workspace import Workspace

from .sending import ledger_option, opened


@click.command("prove")
@click.argument("address", required=False)
@click.option("--version", metavar="ID", help="The version (default: the newest with a complete notice).")
@click.option("--retraction", is_flag=True, help="Prove the retraction of a withdrawn version instead.")
@ledger_option
@click.option(
    "--check",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Check a proof against the evidence in this repository, without the ledger.",
)
def command(address: str | None, version: str | None, retraction: bool, ledger: str | None, check: Path | None) -> None:
    """Print the proof (JSON) that the evidence in git counts ADDRESS, and with which outcome."""

    if (address is None) == (check is None):
        raise UsageError("Give an ADDRESS to prove, or --check FILE.")
    workspace = find_workspace()
    if check is not None:
        given = _read(check)
        _, records = _evidence(workspace, str(given.get("version")), str(given.get("stream", "legal")))
        wrong = proofs.check(given, records)
        if wrong:
            raise IntegrityError(f"{check.name}: {wrong}")
        leaf = given["leaf"]
        say(
            f"The proof holds: this person is one of {given['size']:,} of the notice of {given['version']}; state {leaf['state']}"
            + (f", accepted by the mail server at {leaf['accepted_at']}." if leaf["accepted_at"] else ".")
        )
        return
    stream = "retraction" if retraction else "legal"
    found, records = _evidence(workspace, version, stream)
    with opened(workspace, found, {"ledger": ledger, "stream": stream}) as (book, notice):
        print_json(proofs.make(book, notice, address or "", records[-1]))


def _evidence(workspace: Workspace, version: str | None, stream: str) -> tuple[str, list[Mapping[str, Any]]]:
    """A version and its records of a complete notice, the newest last: trying failed ones again makes another."""

    kind = "email" if stream == "legal" else stream
    for each in reversed(load_versions(workspace)):
        records = [found.record for found in each.evidence if found.kind == kind and "tree" in found.record]
        if records and version in (None, each.id):
            return each.id, records
    raise NoticeRefusal(f"There is no evidence of a complete notice by mail{f' of {version}' if version else ''}.")


def _read(path: Path) -> dict[str, Any]:

    try:
        value = json.loads(read_text(path, path.name, 100_000))
        if isinstance(value, dict):
            return value
    except (ValueError, RecursionError):
        pass
    raise SourceError(f"{path.name}: this isn't a proof (one JSON object).")
