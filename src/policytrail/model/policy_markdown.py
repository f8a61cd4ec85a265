"""The whole policy as one Markdown text: what is frozen as `policy.md`, and what is compared where only words are known."""

from __future__ import annotations

from collections.abc import Sequence

from .policy import Clause, Section, Snapshot


def has_own_title(section: Section, clause: Clause) -> bool:
    """Whether a clause's title is shown: not where it is the only one of its section, or bears the section's id."""
    return len(section.clauses) > 1 and clause.id != section.id


def policy_markdown(snapshot: Snapshot, lines: Sequence[str] | None = None) -> str:
    """The whole policy as Markdown. `lines` are sentences below the title, such as the dates it is in force."""
    parts = [f"# {snapshot.policy.title}", *(lines or ())]
    for section in snapshot.policy.sections:
        parts.append(f"## {section.title}")
        for clause_id in section.clauses:
            clause = snapshot.clauses[clause_id]
            parts += [f"### {clause.title}"] if has_own_title(section, clause) else []
            parts.append(clause.text.strip())
    return "\n\n".join(parts) + "\n"
