"""Which addresses may stand in a link or a picture: the one rule for Markdown, written or imported, and for YAML."""

from __future__ import annotations

import re
import unicodedata

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST = r"([^/?#@%:\[\]|^`{}\s]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?"
_HTTPS = re.compile(rf"https://{_HOST}([/?#]\S*)?", re.IGNORECASE)
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
    return not _hides_a_scheme(url)


def is_harmless(url: str) -> bool:
    """Whether an address does no harm: one that a link may have, or plain http, which readers of a policy get as words."""
    return is_safe(url) or is_safe(url.replace("http://", "https://", 1))


def is_near(url: str) -> bool:
    """Whether a picture may come from there: from this site, so by no scheme."""
    return is_safe(url) and ":" not in url.split("/")[0]


def _hides_a_scheme(url: str) -> bool:
    """Whether a relative address is something else to whoever decodes, trims or folds it once more than we do."""
    if "%" not in url and url.isascii():
        return False
    # Saves 2 ms: only where there is something to decode: `check` runs in commit hooks.
    from urllib.parse import unquote  # saves 2 ms

    plain = unicodedata.normalize("NFKC", unquote(unquote(url))).replace("\\", "/")
    plain = "".join(each for each in plain if each > " ")
    return plain.startswith("//") or _SCHEME.match(plain) is not None
