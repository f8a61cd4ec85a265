"""One file a family of lints; importing this enters them all."""

from . import contradictions, dates, links, numbers, practices, required, statements, terms, wording

__all__ = ["contradictions", "dates", "links", "numbers", "practices", "required", "statements", "terms", "wording"]
