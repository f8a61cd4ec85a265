"""One file a family of lints; importing this enters them all."""

from . import conflicts, contradictions, dates, links, numbers, practices, required, statements, terms, wording

__all__ = [
    "conflicts",
    "contradictions",
    "dates",
    "links",
    "numbers",
    "practices",
    "required",
    "statements",
    "terms",
    "wording",
]
