"""Two plain Markdown texts, compared and judged without files: the public Python function."""

from __future__ import annotations

from policytrail.model.change import Comparison


def compare_texts(old: str, new: str, old_name: str = "old", new_name: str = "new") -> Comparison:
    """In: two policies as Markdown or plain text, and names for them. Out: the comparison.

    Its `.severity` is the highest among its `.changes`; both are those of `policytrail diff --format json`. Pure: no
    files, no network. Texts that say the same to the letter have no change and the severity `none`.
    """
    from .judge import compare_plain  # saves 134 ms

    return compare_plain(old, new, old_name, new_name)
