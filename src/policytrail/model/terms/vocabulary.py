"""The words that practices are written in: data categories, uses and subjects with stable dotted keys.

The default vocabulary is fideslang's taxonomy; a policy adds keys of its own below real ones, so that
"replaced by a parent" and "replaced by a child" can be told by the keys alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

KINDS = ("data", "purposes", "subjects", "recipients")


@dataclass(frozen=True)
class Term:
    """One key with the plain words that people read for it, and whether data of this kind is sensitive."""

    key: str
    label: str
    sensitive: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """All known terms by kind (`data`, `purposes`, `subjects`, `recipients`), then by key."""

    terms: Mapping[str, Mapping[str, Term]] = field(default_factory=dict)

    def knows(self, kind: str, key: str) -> bool:
        """Whether the key exists in that part of the vocabulary."""
        return key in self.terms.get(kind, {})

    def label(self, kind: str, key: str) -> str:
        """The plain words for a key; a key that isn't known is shown as it stands, never hidden."""
        term = self.terms.get(kind, {}).get(key)
        return term.label if term else key

    def is_sensitive(self, key: str) -> bool:
        """Whether a data category, or one of its parents, is marked sensitive."""
        known = self.terms.get("data", {})
        return any(known[parent].sensitive for parent in self_and_parents(key) if parent in known)


def self_and_parents(key: str) -> Iterator[str]:
    """`a.b.c` gives `a.b.c`, `a.b`, `a`."""
    while key:
        yield key
        key = key.rpartition(".")[0]


def is_parent(parent: str, child: str) -> bool:
    """Whether `child` lies below `parent` in the taxonomy."""
    return child.startswith(parent + ".")
