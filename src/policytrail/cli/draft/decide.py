"""`policytrail decide CHANGE SEVERITY`: a person's ruling on one change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from policytrail.archive.store import load_versions
from policytrail.cli.common import as_of_option, effective_option, find_workspace, say, stated
from policytrail.clock import now, today
from policytrail.errors import NoticeRefusal, UsageError
from policytrail.model.change import Decision, Severity
from policytrail.release.approvals import refuse_act, refuse_single_override
from policytrail.sources.decisions import save_decisions

from .comparison import draft_comparison

if TYPE_CHECKING:
    from policytrail.model.change import Change


@click.command("decide")
@click.argument("changes", nargs=-1, required=True, metavar="CHANGE...")
@click.argument("severity", type=click.Choice(["material", "review", "editorial"]))
@click.option("--reason", required=True, help="Why; it stays in the record.")
@click.option("--by", "name", required=True, help="Who decides.")
@click.option("--override", is_flag=True, help="Lower a change that a rule proves material; the public record says so.")
@click.option("--second", default="", metavar="NAME", help="The other person who stands for an override.")
@effective_option
@as_of_option
def command(
    changes: tuple[str, ...],
    severity: str,
    reason: str,
    name: str,
    override: bool,
    second: str,
    effective: date | None,
    as_of: date | None,
) -> None:
    """Record a ruling on one or more changes of the draft (ids as 'policytrail check' shows them).

    The ruling 'review' means: a person has looked; the notice lists the change among the others, without an advance period.
    A ruling holds for the change's fingerprint and is stale when the text changes again. What a rule proves material is
    lowered only with --override, and the public record then says so.
    """

    reason, name = stated(reason, "The reason"), stated(name, "The name")
    workspace = find_workspace("alone")
    refuse_act(workspace, "decide", name)
    versions = load_versions(workspace)
    known = {change.id: change for change in draft_comparison(workspace, versions, effective)[1].changes}
    missing = [change for change in changes if change not in known]
    if missing:
        raise UsageError(
            f"The draft has no change {missing[0]!r}. 'policytrail check' lists the changes with their ids."
        )
    verdict = Severity(severity)
    lowered = [known[each] for each in changes if known[each].proposed is Severity.MATERIAL is not verdict]
    _refuse_lowering(lowered, override)
    if lowered:
        refuse_single_override(workspace, name, second)
    day = as_of or today(versions)
    moment = now().isoformat(timespec="seconds")
    low = {change.id for change in lowered}
    rulings = [
        Decision(
            change,
            known[change].fingerprint,
            verdict,
            reason,
            name,
            day.isoformat(),
            moment,
            change in low,
            second if change in low else "",
        )
        for change in changes
    ]
    save_decisions(workspace, [(ruling, known[ruling.change].summary) for ruling in rulings])
    for ruling in rulings:
        say(f"Recorded: {ruling.change} is {severity}. {known[ruling.change].summary}")
    say("Commit policy/decisions.yaml: a release takes only what is committed.")


def _refuse_lowering(lowered: Sequence[Change], override: bool) -> None:
    """Raise NoticeRefusal for what a rule proves material, unless the person says that they override the rule."""
    if override or not lowered:
        return
    listed = "\n".join(f"  {change.id}  {change.reason} {change.evidence}".rstrip() for change in lowered)
    raise NoticeRefusal(
        "A rule proves this material, so no ruling alone can call it less. Rule it material, or say --override: the public "
        f"record then says that it was lowered.\n{listed}"
    )
