"""`policytrail export`: the policy for people and machines outside the site. A format is one function and one line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from ..errors import UsageError
from ..model.dates import in_words
from ..model.policy import Snapshot
from .common import find_root, version_named


def _docx(snapshot: Snapshot, lines: tuple[str, ...], when: datetime) -> bytes:
    from ..word.render import policy_docx

    return policy_docx(snapshot, when, lines)


def _markdown(snapshot: Snapshot, lines: tuple[str, ...], when: datetime) -> bytes:
    from ..render.markdown import policy_markdown

    return policy_markdown(snapshot, lines).encode()


def _text(snapshot: Snapshot, lines: tuple[str, ...], when: datetime) -> bytes:
    from ..render.markdown import policy_text

    return policy_text(snapshot, lines).encode()


# Name -> (makes the bytes, whether they are binary).
FORMATS: dict[str, tuple[Callable[[Snapshot, tuple[str, ...], datetime], bytes], bool]] = {
    "docx": (_docx, True),
    "md": (_markdown, False),
    "txt": (_text, False),
}


@click.command("export")
@click.argument("version", default="draft")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), required=True)
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write there (default: standard output)."
)
def command(version: str, form: str, output: Path | None) -> None:
    """Write VERSION (an id, or 'draft', the default) in a format for people and machines outside the site."""
    from ..versions.git import now
    from ..versions.store import load_versions

    root = find_root()
    if version == "draft":
        from ..sources.load import load_draft

        snapshot, lines = load_draft(root / "policy"), ("Draft, not in force.",)
        when = now().replace(hour=0, minute=0, second=0, microsecond=0)
    else:
        found = version_named(load_versions(root), version)
        snapshot, zone = found.snapshot, found.snapshot.policy.time_zone
        lines = (f"In force from {in_words(found.effective)} (00:00, {zone}).",)
        when = datetime.combine(found.effective, time(), ZoneInfo("UTC"))
    make, binary = FORMATS[form]
    emit(make(snapshot, lines, when), output, binary)


def emit(content: bytes, output: Path | None, binary: bool) -> None:
    """Write to a file, or to standard output unless that is a terminal and the content no text."""
    if output:
        from ..sources.files import write_whole

        write_whole(output, content)
        return
    if binary and sys.stdout.isatty():
        raise UsageError("A binary file can't be shown on a terminal. Add --output FILE, or send the output to a file.")
    click.get_binary_stream("stdout").write(content)
