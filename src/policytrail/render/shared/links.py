"""Addresses on pages and in mails: what an `href` may say, and how people read one."""

from __future__ import annotations

import re

from policytrail.model.validation.urls import is_harmless, is_safe

__all__ = ["href", "is_safe", "label"]


def href(url: object) -> str:
    """The address for an `href`, or `#` where a link may not point there; the Jinja filter `href`.

    Plain http passes here, unlike in policy text: it's the site's own address while somebody tries it out.
    """
    text = str(url)
    return text if is_harmless(text) else "#"


def label(url: str) -> str:
    """An address as people read it: without `mailto:` or `tel:`."""
    return re.sub(r"^(mailto|tel):", "", url)
