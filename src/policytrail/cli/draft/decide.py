"""`policytrail decide CHANGE SEVERITY`: a person's ruling on one change."""

from __future__ import annotations

from datetime import date

import click

from policytrail.cli.common import as_of_option, effective_option, find_workspace, say, stated
from policytrail.errors import UsageError

from .comparison import draft_comparison


@click.command("decide")
@click.argument("changes", nargs=-1, required=True, metavar="CHANGE...")
@click.argument("severity", type=click.Choice(["material", "review", "editorial"]))
@click.option("--reason", required=True, help="Why; it stays in the record.")
@click.option("--by", "name", required=True, help="Who decides.")
@effective_option
@as_of_option
def command(
    changes: tuple[str, ...], severity: str, reason: str, name: str, effective: date | None, as_of: date | None
) -> None:
    """Record a ruling on one or more changes of the draft (ids as 'policytrail check' shows them).

    The ruling 'review' means: a person has looked; the notice lists the change among the others, without an advance period.
    A ruling holds for the change's fingerprint and is stale when the text changes again.
    """
    from policytrail.archive.store import load_versions
    from policytrail.clock import now, today
    from policytrail.model.change import Decision, Severity
    from policytrail.release.approvals import refuse_act
    from policytrail.sources.decisions import save_decisions

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
    day = as_of or today(versions)
    moment = now().isoformat(timespec="seconds")
    rulings = [
        Decision(change, known[change].fingerprint, Severity(severity), reason, name, day.isoformat(), moment)
        for change in changes
    ]
    save_decisions(workspace, [(ruling, known[ruling.change].summary) for ruling in rulings])
    for ruling in rulings:
        say(f"Recorded: {ruling.change} is {severity}. {known[ruling.change].summary}")
    say("Commit policy/decisions.yaml: a release takes only what is committed.")
