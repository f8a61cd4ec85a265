"""`policytrail translations`: how far the draft's other languages are, and publishing one for a version in force."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from policytrail.archive.evidence_log import record
from policytrail.archive.snapshot_json import translation_record
from policytrail.archive.store import load_versions
from policytrail.check.translated import progress, publishable, text
from policytrail.cli.common import as_of_option, find_workspace, format_option, print_json, say, stated, version_named
from policytrail.clock import today
from policytrail.errors import UsageError
from policytrail.model.version import TRANSLATION
from policytrail.release.approvals import refuse_act
from policytrail.sources.load import load_draft
from policytrail.workspace import Workspace

if TYPE_CHECKING:
    from policytrail.model.policy import Snapshot
    from policytrail.model.version import Version


@click.command("translations")
@click.argument("languages", nargs=-1, metavar="[LANGUAGE]...")
@format_option("text", "json")
@click.option("--publish", "version", metavar="VERSION", help="Add the translations to a frozen version.")
@click.option("--by", "name", help="Who answers for the published translations.")
@as_of_option
def command(languages: tuple[str, ...], form: str, version: str | None, name: str | None, as_of: date | None) -> None:
    """Show what each translation of the draft lacks, and what is outdated (with the digest to write).

    With --publish, a translation of a version's own text joins that version's record, and the site shows it. The version,
    its date and its notice stay as they are.
    """

    if bool(version) is not bool(name):
        raise UsageError("--publish VERSION and --by NAME go together.")
    workspace = find_workspace("alone" if version else "")
    draft, versions = load_draft(workspace.policy), load_versions(workspace)
    strange = [language for language in languages if language not in draft.translations]
    if strange:
        known = ", ".join(draft.translations) or "none yet"
        raise UsageError(f"There is no folder policy/translations/{strange[0]}. Languages: {known}.")
    chosen = languages or tuple(draft.translations)
    if version and name:
        _publish(workspace, draft, chosen, version_named(versions, version), stated(name, "The name"), as_of)
        return
    _progress(draft, chosen, versions, form)


def _progress(draft: Snapshot, languages: tuple[str, ...], versions: tuple[Version, ...], form: str) -> None:

    found = [progress(draft, language, versions) for language in languages]
    if form == "json":
        print_json(
            {
                "source": draft.policy.language,
                "governs": draft.governing,
                "languages": [each.to_json() for each in found],
            }
        )
        return
    for each in found:
        click.echo(text(each, len(draft.clauses)))
    if not found:
        click.echo(
            "The draft has no translation. Begin with policy/translations/LANG/CLAUSE.md (docs/howto/translate.md)."
        )


def _publish(
    workspace: Workspace, draft: Snapshot, languages: tuple[str, ...], version: Version, name: str, as_of: date | None
) -> None:

    refuse_act(workspace, "release", name)
    made = [publishable(draft, language, version) for language in languages]
    day = as_of or today((version,))
    entries = [
        (version, TRANSLATION, {"translation": translation_record(translation), "by": name}) for translation in made
    ]
    record(workspace, entries, day, f"Publish the translations {', '.join(languages)} of policy version {version.id}")
    for translation in made:
        done, of = len(translation.clauses), len(version.snapshot.clauses)
        say(f"Recorded: {translation.language}, {done} of {of} clauses of {version.id}, {day}.")
    say("Push the commit: the translations are published once the site is built from it.")
