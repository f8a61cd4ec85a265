"""`policytrail diff OLD NEW`: two versions, the draft, or two plain files."""

from __future__ import annotations

import re
from pathlib import Path

import click

from policytrail.archive.store import load_versions
from policytrail.classify.engine import classify
from policytrail.classify.plaintext.compare_texts import compare_texts
from policytrail.cli.common import find_workspace, format_option, print_json, say, version_named
from policytrail.errors import UsageError
from policytrail.model.change import Comparison
from policytrail.model.policy_markdown import policy_markdown
from policytrail.release.recompare import rulings_of
from policytrail.sources.decisions import load_decisions

from .comparison import snapshot_named

PLAIN = (".md", ".markdown", ".txt", ".html", ".htm", ".docx")


@click.command("diff")
@click.argument("old")
@click.argument("new")
@format_option("text", "json", "markdown", "html", "docx")
@click.option("--output", "--out", type=click.Path(path_type=Path), metavar="FILE", help="The file for --format docx.")
def command(old: str, new: str, form: str, output: Path | None) -> None:
    """Compare OLD with NEW: version ids, 'draft', or two plain files (.md .txt .html .docx)."""
    if output and form != "docx":
        raise UsageError("--output goes with --format docx; send other formats to a file with '>'.")
    plain = [_is_plain(name) for name in (old, new)]
    if any(plain) and not all(plain):
        raise UsageError("Compare two versions or two files, not one of each.")
    if form == "docx":
        from .diff_docx import redline  # saves 98 ms

        redline(old, new, all(plain), output)
        return
    if all(plain):
        comparison, texts = _files(Path(old), Path(new))
    else:
        comparison, texts = _versions(old, new)
    _print(comparison, texts, form)


def _is_plain(name: str) -> bool:
    """A name that ends like a text, or a file of any other name that can't be a version's: its reader refuses it better."""
    is_version = name == "draft" or re.fullmatch(r"\d{4}-\d{2}-\d{2}", name) is not None
    return name.lower().endswith(PLAIN) or (not is_version and Path(name).is_file())


def _files(old: Path, new: Path) -> tuple[Comparison, list[str]]:
    """Two plain files; what their reading left out or doubts goes to standard error."""
    from policytrail.importers.formats.read import read  # saves 24 ms

    readings = [read(each) for each in (old, new)]
    for path, reading in zip((old, new), readings, strict=True):
        for remark in reading.remarks:
            say(f"{path.name}: {remark}")
    texts = [each.markdown for each in readings]
    return compare_texts(texts[0], texts[1], old.name, new.name), texts


def _versions(old: str, new: str) -> tuple[Comparison, list[str]]:

    workspace = find_workspace()
    versions = load_versions(workspace)
    pair = [snapshot_named(workspace, versions, each) for each in (old, new)]
    texts = [policy_markdown(snapshot) for snapshot in pair]
    ids = [version.id for version in versions]
    if new in ids and version_named(versions, new).comparison.old == old:
        return version_named(versions, new).comparison, texts  # as it was frozen, with the decisions of its time
    decisions = {ruling.change: ruling for version in versions for ruling in rulings_of(version.comparison)}
    decisions |= {decision.change: decision for decision in load_decisions(workspace)}
    return classify(pair[0], pair[1], old, new, decisions.values()), texts


def _print(comparison: Comparison, texts: list[str], form: str) -> None:
    if form == "json":
        print_json(comparison.to_json())
    elif form == "markdown":
        from policytrail.render.diff.diff_page import markdown  # saves 72 ms

        click.echo(markdown(comparison))
    elif form == "html":
        from policytrail.render.diff.diff_page import html_page  # saves 72 ms

        click.echo(html_page(comparison, texts[0], texts[1]))
    else:
        from policytrail.render.diff.terminal import comparison_text  # saves 5 ms

        click.echo(comparison_text(comparison))
