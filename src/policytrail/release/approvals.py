"""Who ruled, and who releases, held against policy/approvers.yaml and what git says of the authors."""

from __future__ import annotations

from policytrail.errors import NoticeRefusal
from policytrail.git.repository import Author, Repository
from policytrail.model.change import Change, Comparison
from policytrail.sources.approvers import Act, Approvers, load_approvers
from policytrail.sources.decisions import decision_lines
from policytrail.workspace import DECISIONS, POLICY, VERSIONS, Workspace

from .plan import RulingRefusal, every_ruling_counts


def ruling_refusals(workspace: Workspace) -> RulingRefusal:
    """What says of a change with a ruling why that ruling doesn't count, None where it does.

    A ruling that isn't committed yet is held against its name only: a release asks for a commit anyway.
    """
    approvers, lines = load_approvers(workspace), decision_lines(workspace)
    if approvers is None:
        return every_ruling_counts
    authors: list[Author | None] = []
    if lines:
        with Repository(workspace.root) as repository:
            authors = repository.authors_of_lines(DECISIONS)

    def judged(change: Change) -> str | None:
        span = lines.get(change.id, range(0))
        written = {author for line in span if line <= len(authors) and (author := authors[line - 1])}
        ruling = change.decision
        if ruling is None:
            return None
        alone = _second_missing(approvers, ruling.by, ruling.second) if change.lowered else None
        return _judged(approvers, ruling.by, written) or alone

    return judged


def _judged(approvers: Approvers, name: str, written: set[Author]) -> str | None:
    refusals = [approvers.refusal("decide", name, author.email, author.keys) for author in written]
    if not written:
        person = next((person for person in approvers.people if person.name == name), None)
        refusals = [approvers.refusal("decide", name, person.emails[0] if person else "", None)]
    return next(filter(None, sorted(filter(None, refusals))), None)


def _second_missing(approvers: Approvers, name: str, second: str) -> str | None:
    """Why the name of a second person is missing where two persons are needed, as half a sentence."""
    may = {person.name for person in approvers.people if "decide" in person.may}
    if not approvers.two_persons or (second in may and second != name):
        return None
    return f"it lowers what a rule proves material, and {second or 'nobody'} isn't a second person who may decide"


def refuse_single_override(workspace: Workspace, name: str, second: str) -> None:
    """Raise NoticeRefusal unless a second person is named for an override where policy/approvers.yaml wants two."""
    approvers = load_approvers(workspace)
    why = approvers and _second_missing(approvers, name, second)
    if why:
        raise NoticeRefusal(f"Not done: {why}. Name one with --second NAME.")


def refuse_act(workspace: Workspace, act: Act, name: str) -> None:
    """Raise NoticeRefusal unless the person at the keyboard is the named one and may do this."""
    approvers = load_approvers(workspace)
    if approvers is None:
        return
    with Repository(workspace.root) as repository:
        _, email = repository.identity()
    why = approvers.refusal(act, name, email, None)
    if why:
        raise NoticeRefusal(f"Not done: {why}.")


def releasing_person(workspace: Workspace, comparison: Comparison, newest_id: str | None) -> str:
    """The name of the person at the keyboard, for the record of the release.

    Raises NoticeRefusal where policy/approvers.yaml doesn't let them release, or where the two-person rule isn't kept.
    """
    approvers = load_approvers(workspace)
    with Repository(workspace.root) as repository:
        if approvers is None:
            return repository.name_or_none() or ""
        name, email = repository.identity()
        person = approvers.by_email(email)
        why = approvers.refusal("release", person.name if person else f"{name} <{email}>", email, None)
        if why:
            raise NoticeRefusal(f"Not released: {why}.")
        if approvers.two_persons:
            _refuse_alone(approvers, repository, email, comparison, newest_id)
    assert person is not None
    return person.name


def _refuse_alone(
    approvers: Approvers, repository: Repository, email: str, comparison: Comparison, newest_id: str | None
) -> None:
    """The two-person rule: who releases wrote none of its edits to policy/, and ruled on none of its changes."""
    person = approvers.by_email(email)
    assert person is not None
    added = repository.added(VERSIONS, "manifest.json")
    since = added.get(f"{VERSIONS}/{newest_id}/manifest.json", (None, None))[0]
    edited = [author for author in repository.editors_since(since, POLICY) if person.has(author.email)]
    ruled = [change.id for change in comparison.changes if change.decision and change.decision.by == person.name]
    if edited or ruled:
        did = f"ruled on {ruled[0]}" if ruled else f"wrote the commit {edited[0].commit[:12]} to policy/"
        raise NoticeRefusal(f"Not released: two persons are needed, and {person.name} {did}. Another person releases.")
