"""`policytrail translations`: how far the draft's other languages are."""

from __future__ import annotations

import click

from ..errors import UsageError
from .common import find_root, print_json


@click.command("translations")
@click.argument("languages", nargs=-1, metavar="[LANGUAGE]...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(languages: tuple[str, ...], form: str) -> None:
    """What each translation of the draft has, what is behind its source (with the digest to write), what is missing."""
    from ..check.translated import progress, text
    from ..sources.load import load_draft
    from ..versions.store import load_versions

    root = find_root()
    draft, versions = load_draft(root / "policy"), load_versions(root)
    strange = [each for each in languages if each not in draft.translations]
    if strange:
        known = ", ".join(draft.translations) or "none yet"
        raise UsageError(f"There is no folder policy/translations/{strange[0]}. Languages: {known}.")
    found = [progress(draft, each, versions) for each in languages or draft.translations]
    if form == "json":
        print_json({"source": draft.policy.language, "governs": draft.governing,
                    "languages": [each.to_json() for each in found]})  # fmt: skip
        return
    for each in found:
        click.echo(text(each, len(draft.clauses)))
    if not found:
        click.echo(
            "The draft has no translation. Begin with policy/translations/LANG/CLAUSE.md (docs/howto/translate.md)."
        )
