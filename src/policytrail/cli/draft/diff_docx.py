"""`policytrail diff OLD NEW --format docx`: a Word file with tracked changes."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

from policytrail.archive.store import load_versions
from policytrail.cli.common import emit, find_workspace
from policytrail.clock import now
from policytrail.importers.formats import read_markdown
from policytrail.render.documents.docx_package import redline_docx, texts_docx

from .comparison import snapshot_named


def redline(old: str, new: str, plain: bool, output: Path | None) -> None:
    """In: two versions (or 'draft'), or two plain files. Writes the document; see `emit`.

    The changes are dated by the day on which NEW takes effect; for the draft and for plain files by today.
    """

    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    if plain:
        texts = [read_markdown(Path(each)) for each in (old, new)]
        emit(texts_docx(texts[0], texts[1], f"{Path(old).name} - {Path(new).name}", today), output, binary=True)
        return

    workspace = find_workspace()
    versions = load_versions(workspace)
    pair = [snapshot_named(workspace, versions, each) for each in (old, new)]
    dates = {version.id: datetime.combine(version.effective, time(), UTC) for version in versions}
    emit(redline_docx(pair[0], pair[1], dates.get(new, today)), output, binary=True)
