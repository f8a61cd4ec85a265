"""The web server of the live preview: quick to see a change, and silent to other machines' names."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mkdocs.livereload import LiveReloadServer

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_LOOK_EVERY = 0.1  # seconds between two looks at the sources
_SETTLE = 0.05  # seconds without a further change, before the site is built again


def quicker(server: LiveReloadServer) -> LiveReloadServer:
    """The same server, that looks for changes ten times a second instead of two: a save is to be seen at once."""
    # It isn't bound yet, so that there is no socket to hand over; its own one is closed unused.
    server.server_close()
    host, port = server.server_address[:2]
    quick = LiveReloadServer(
        server.builder, str(host), int(port), server.root, server.mount_path, polling_interval=_LOOK_EVERY
    )
    quick.error_handler = server.error_handler
    quick.build_delay = _SETTLE
    for path in server._watched_paths:
        quick.watch(path)
    return quick


def for_this_machine(pages: WSGIApplication, host: str) -> WSGIApplication:
    """The pages for whoever asks for `host`, for localhost or for a number.

    A name of the web can be pointed at this machine, and a page of that name would read the draft in somebody's browser.
    """

    def guarded(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if _is_here(str(environ.get("HTTP_HOST", "")), host):
            return pages(environ, start)
        start("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
        return [b"The preview isn't shown under this name. Use the address that 'policytrail serve' printed.\n"]

    return guarded


def _is_here(asked: str, host: str) -> bool:
    try:
        name = urlsplit(f"//{asked}").hostname or ""
        return name in (host.lower(), "localhost") or bool(ip_address(name))
    except ValueError:
        return False
