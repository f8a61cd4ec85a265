"""`policytrail export`: the policy for people and machines outside the site. A format is one function and one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import click

from ..model.dates import in_words
from ..model.policy import Snapshot
from .common import emit, find_root, version_named


def _docx(snapshot: Snapshot, lines: tuple[str, ...], on: date | None) -> bytes:
    from ..render.docx import policy_docx

    return policy_docx(snapshot, on, lines)


def _markdown(snapshot: Snapshot, lines: tuple[str, ...], on: date | None) -> bytes:
    from ..render.markdown import policy_markdown

    return policy_markdown(snapshot, lines).encode()


def _text(snapshot: Snapshot, lines: tuple[str, ...], on: date | None) -> bytes:
    from ..render.markdown import policy_text

    return policy_text(snapshot, lines).encode()


# Name -> (makes the bytes, whether they are binary).
FORMATS: dict[str, tuple[Callable[[Snapshot, tuple[str, ...], date | None], bytes], bool]] = {
    "docx": (_docx, True),
    "md": (_markdown, False),
    "txt": (_text, False),
}


@click.command("export")
@click.argument("version", default="draft")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), required=True)
@click.option(
    "--output", "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write there (default: standard output)."
)
def command(version: str, form: str, output: Path | None) -> None:
    """Write VERSION (an id, or 'draft', the default) in a format for people and machines outside the site."""
    root = find_root()
    if version == "draft":
        from ..sources.load import load_draft

        snapshot, lines, on = load_draft(root / "policy"), ("This is a draft. It isn't in force.",), None
    else:
        from ..versions.store import load_versions

        found = version_named(load_versions(root), version)
        snapshot, on = found.snapshot, found.effective
        lines = (f"In force from {in_words(on)} (00:00, {snapshot.policy.time_zone}).",)
    make, binary = FORMATS[form]
    emit(make(snapshot, lines, on), output, binary)
