"""Output formats of a review: one file a format, entered by one line here; each loads only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policytrail.check.review import Review

# Name on the command line -> module; each module has `render(review) -> str`.
FORMATS = {
    "text": "text",
    "json": "as_json",
    "markdown": "markdown",
    "github": "github",
    "sarif": "sarif",
    "junit": "junit",
}


def render(name: str, review: Review) -> str:
    """A review in the named format, ending in one newline; `text.out` and `text.err` are the two halves of `text`."""
    name, _, part = name.partition(".")
    write: Callable[[Review], str] = getattr(import_module(f".{FORMATS[name]}", __name__), part or "render")
    text = write(review).rstrip("\n")
    return text and text + "\n"
