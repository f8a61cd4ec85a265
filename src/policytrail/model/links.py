"""Which addresses may stand in a link. The one rule for Markdown and for addresses from YAML."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HTTPS = re.compile(r"https://[^/?#@]+([/?#]\S*)?", re.IGNORECASE)
# A header field after `?`, or a line end in any spelling, would let a link write parts of somebody's mail.
_MAILTO = re.compile(r"mailto:(?!.*%0[ad])[^?&@\s]+@[^?&@\s]+", re.IGNORECASE)
_TEL = re.compile(r"tel:\+?[0-9().;=ext-]+", re.IGNORECASE)
_NEVER = re.compile(r"[\x00-\x20\x7f-\x9f\\<>\"]")


def is_safe(url: str) -> bool:
    """Whether a link may point there: https, mailto without header fields, tel, a relative address or a fragment."""
    if _NEVER.search(url) or url.startswith("//"):
        return False
    if _SCHEME.match(url):
        return any(form.fullmatch(url) for form in (_HTTPS, _MAILTO, _TEL))
    return True
