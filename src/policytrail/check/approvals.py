"""Who ruled, and who releases, held against policy/approvers.yaml and what git says of the authors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from policytrail.errors import NoticeRefusal
from policytrail.git.repository import Author, Repository
from policytrail.model.change import Change, Comparison
from policytrail.sources.approvers import Act, Approvers, load_approvers
from policytrail.sources.decisions import decision_lines

from .review import Block

_DECISIONS = "policy/decisions.yaml"


def blocks(root: Path, comparison: Comparison) -> tuple[Block, ...]:
    """Every ruling that counts for the draft and isn't by somebody who may decide. In a draft without rulings: none.

    A ruling that isn't committed yet is held against its name only: a release asks for a commit anyway.
    """
    approvers = load_approvers(root)
    ruled = [change for change in comparison.changes if change.decision]
    if approvers is None or not ruled:
        return ()
    with Repository(root) as repository:
        authors = repository.authors_of_lines(_DECISIONS)
    lines = decision_lines(root)
    return tuple(
        block for change in ruled for block in _judged(approvers, change, authors, lines.get(change.id, range(0)))
    )


def _judged(approvers: Approvers, change: Change, authors: list[Author | None], lines: range) -> Iterator[Block]:
    assert change.decision is not None
    name = change.decision.by
    written = {author for line in lines if line <= len(authors) and (author := authors[line - 1])}
    refusals = [approvers.refusal("decide", name, each.email, each.keys) for each in written]
    if not written:
        person = next((each for each in approvers.people if each.name == name), None)
        refusals = [approvers.refusal("decide", name, person.emails[0] if person else "", None)]
    why = next(filter(None, sorted(filter(None, refusals))), None)
    if why:
        settle = f"A person who may decide rules again and commits {_DECISIONS}."
        yield Block(change.id, f"The ruling on {change.id} doesn't count: {why}.", settle)


def refuse_act(root: Path, act: Act, name: str) -> None:
    """Raise NoticeRefusal unless the person at the keyboard is the named one and may do this."""
    approvers = load_approvers(root)
    if approvers is None:
        return
    with Repository(root) as repository:
        _, email = repository.identity()
    why = approvers.refusal(act, name, email, None)
    if why:
        raise NoticeRefusal(f"Not done: {why}.")


def releasing_person(root: Path, comparison: Comparison, newest_id: str | None) -> str:
    """The name of the person at the keyboard, for the record of the release.

    Raises NoticeRefusal where policy/approvers.yaml doesn't let them release, where a ruling is by somebody who may not
    decide, or where the two-person rule isn't kept.
    """
    approvers = load_approvers(root)
    with Repository(root) as repository:
        if approvers is None:
            return repository.name_or_none() or ""
        name, email = repository.identity()
        person = approvers.by_email(email)
        why = approvers.refusal("release", person.name if person else f"{name} <{email}>", email, None)
        if why:
            raise NoticeRefusal(f"Not released: {why}.")
        if approvers.two_persons:
            _refuse_alone(approvers, repository, email, comparison, newest_id)
    wrong = blocks(root, comparison)
    if wrong:
        raise NoticeRefusal(*(f"Not released: {block.sentence} {block.settle}" for block in wrong))
    assert person is not None
    return person.name


def _refuse_alone(
    approvers: Approvers, repository: Repository, email: str, comparison: Comparison, newest_id: str | None
) -> None:
    """The two-person rule: who releases wrote none of its edits to policy/, and ruled on none of its changes."""
    person = approvers.by_email(email)
    assert person is not None
    added = repository.added("versions", "manifest.json")
    since = added.get(f"versions/{newest_id}/manifest.json", (None, None))[0]
    edited = [author for author in repository.editors_since(since, "policy") if person.has(author.email)]
    ruled = [change.id for change in comparison.changes if change.decision and change.decision.by == person.name]
    if edited or ruled:
        did = f"ruled on {ruled[0]}" if ruled else f"wrote the commit {edited[0].commit[:12]} to policy/"
        raise NoticeRefusal(f"Not released: two persons are needed, and {person.name} {did}. Another person releases.")
