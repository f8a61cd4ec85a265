"""The edge to the network: do the addresses that a policy links to answer? Asked only when a person says so.

Polite: one request at a time, a pause between two to the same host, few bytes, and a name that says who asks.
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Collection, Iterable, Mapping
from urllib.parse import urlsplit

from policytrail import __version__
from policytrail.network.public_web import NotPublicError, Web

SECONDS = 10.0  # for one address
_WHO = {"User-Agent": f"policytrail/{__version__} (lint)", "Accept": "*/*"}
PAUSE = 0.5  # seconds between two requests to one host
# Whoever asks by program is often turned away; that says nothing about people.
_UNJUDGED = frozenset({401, 403, 405, 406, 407, 429, 451, 501, 503})


def answers(
    urls: Iterable[str], seconds: float = SECONDS, pause: float = PAUSE, allowed: Collection[str] = ()
) -> Mapping[str, str]:
    """In: addresses, seconds to wait for each, and between two. Out: those that lead nowhere, each with why.

    Whoever wrote the policy chose the addresses, so hosts that aren't public are not asked, unless they are `allowed`.
    """
    found: dict[str, str] = {}
    web = Web(allowed)
    last: dict[str, float] = {}
    for url in dict.fromkeys(urls):
        host = urlsplit(url).netloc
        time.sleep(max(0.0, last.get(host, float("-inf")) + pause - time.monotonic()))
        said = _asked(web, url, seconds)
        last[host] = time.monotonic()
        if said:
            found[url] = said
    return found


def _asked(web: Web, url: str, seconds: float) -> str:
    """What is wrong with an address; empty where it answers, or where nobody can tell. A short GET where HEAD is unknown."""
    status = 405
    for method in ("HEAD", "GET"):
        request = urllib.request.Request(url.partition("#")[0], method=method, headers=_WHO)
        try:
            with web.open(request, timeout=seconds) as answer:
                answer.read(1)
                return ""
        except urllib.error.HTTPError as error:
            status = error.code
            error.close()
        except NotPublicError as error:
            return f"isn't asked: {error.reason} (see --allow-host)"
        except (OSError, http.client.HTTPException, ValueError) as error:
            return f"doesn't answer ({_reason(error)})"
        if status not in (404, *_UNJUDGED):  # some servers know no HEAD and say 404 to it
            break
    return "" if status in _UNJUDGED else f"answers with status {status}"


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    return (
        "too slow" if isinstance(reason, TimeoutError) else " ".join(str(reason).split())[:80] or type(reason).__name__
    )
