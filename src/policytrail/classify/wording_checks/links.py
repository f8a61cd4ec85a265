"""Where a text links to: which of it says something, and which is noise of the page."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

# No link holds the beginning of another: so ten thousand that begin and never end are read in their length's time.
IMAGE = re.compile(r"!\[([^\]!]*+(?:!(?!\[)[^\]!]*+)*+)\]\([^)\]]*+(?:\](?!\()[^)\]]*+)*+\)")
LINK = re.compile(r"\]\(\s*+<?((?:[^()\s>\]]++|\([^()\s]{0,200}+\)|\](?!\())*+)(?:[^)\]]++|\](?!\())*+\)")
BARE = re.compile(r"https?://[^\s)>\]|\"'*]+")
_NOISE = re.compile(r"/cdn-cgi/l/email-protection|^javascript:|^data:|^blob:|^#|^/", re.IGNORECASE)
_SHOWN = ("mailto", "tel")
_REDIRECT = ("q", "url", "u", "target")


def targets(text: str) -> list[str]:
    """The link targets of Markdown in order, images left out."""
    return LINK.findall(IMAGE.sub(r"\1", text))


def hosts(text: str) -> list[str]:
    """The other hosts that a text leads to, in order.

    Links inside the page or site, scripts and obfuscated mail name no host. An address of mail or phone counts as it
    stands, unless the text shows it. A redirect counts as where it leads.
    """
    plain = IMAGE.sub(r"\1", text)
    shown = LINK.sub("]", plain)
    named = (host_of(target, shown) for target in [*LINK.findall(plain), *BARE.findall(shown)])
    return [host for host in named if host]


def host_of(target: str, shown: str, depth: int = 0) -> str:
    """The host that a target names, empty where it is of the page itself; `shown` is the text around it (see `hosts`)."""
    if not target or _NOISE.search(target):
        return ""
    try:
        parts = urlsplit(target)
        host = parts.hostname or ""
    except ValueError:
        return target
    if parts.scheme in _SHOWN:
        return "" if parts.path.casefold() in shown.casefold() else f"{parts.scheme}:{parts.path}"
    inner = next((value[0] for name, value in parse_qs(parts.query).items() if name in _REDIRECT), "")
    if depth == 0 and inner.startswith(("http://", "https://")):
        return host_of(inner, shown, 1)
    return host.removeprefix("www.")
