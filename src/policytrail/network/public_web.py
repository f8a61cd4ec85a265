"""Whatever asks the web does it here: every host is resolved first, and one that isn't public is refused, at every redirect.

The connection goes to the address that was checked, so a name that resolves to another one a moment later gains nothing.
A host that a person allows by its name may stand anywhere: a policy's own site within a company's network.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import urllib.request
from collections.abc import Collection, Iterator
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
# Addresses of IPv6 that carry one of IPv4, which is where the packets go: NAT64 (RFC 6052), 6to4 is known to ipaddress.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotPublicError(URLError):
    """The host of an address stands inside a private network, on this machine, or nowhere in public."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"{host} stands at {address}, which is no public address")
        self.host, self.address = host, address


class Web(urllib.request.OpenerDirector):
    """Opens addresses of the web. `allowed`: hosts that may stand anywhere. `asked`: the addresses it connected to.

    Raises NotPublicError (an OSError) for a host that isn't public, and what urllib raises otherwise.
    """

    def __init__(self, allowed: Collection[str] = (), redirects: urllib.request.BaseHandler | None = None) -> None:
        super().__init__()
        self.allowed = frozenset(host.lower().rstrip(".") for host in allowed)
        self.asked: list[Address] = []
        for handler in (
            urllib.request.ProxyHandler(),
            _Handler(self),
            urllib.request.HTTPDefaultErrorHandler(),
            redirects or urllib.request.HTTPRedirectHandler(),
            urllib.request.HTTPErrorProcessor(),
            urllib.request.UnknownHandler(),
        ):
            self.add_handler(handler)

    @property
    def public(self) -> bool:
        """Whether every address that it connected to is public; False while it connected to none."""
        return bool(self.asked) and all(map(is_public, self.asked))


class _Handler(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Opens http and https after looking where the host stands; behind a proxy the proxy connects."""

    def __init__(self, web: Web) -> None:
        urllib.request.HTTPHandler.__init__(self)
        urllib.request.HTTPSHandler.__init__(self)
        self._web = web

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open an http address."""
        return self.do_open(self._connection(req, http.client.HTTPConnection), req)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Open an https address; the certificate is checked against the name."""
        return self.do_open(self._connection(req, http.client.HTTPSConnection), req)

    def _connection(self, req: urllib.request.Request, kind: Any) -> Any:
        parts = urlsplit(req.full_url)
        host = (parts.hostname or "").rstrip(".")
        found = checked(host, parts.port or _PORTS[parts.scheme], self._web.allowed)
        if req.host != parts.netloc:  # a proxy stands there, and connects itself
            self._web.asked += found[:1]
            return kind

        def connect(_address: Any, timeout: Any = None, source: Any = None) -> socket.socket:
            sock, address = _connected(found, parts.port or _PORTS[parts.scheme], timeout, source)
            self._web.asked.append(address)
            return sock

        def made(*arguments: Any, **named: Any) -> Any:
            connection = kind(*arguments, **named)
            connection._create_connection = connect
            return connection

        return made


def checked(host: str, port: int, allowed: Collection[str] = ()) -> list[Address]:
    """The addresses at which a host stands. Raises NotPublicError unless all are public, OSError where there are none."""
    found = list(dict.fromkeys(_resolved(host, port)))
    inner = next((address for address in found if not is_public(address)), None)
    if inner is not None and host.lower() not in allowed:
        raise NotPublicError(host, str(inner))
    return found


def _resolved(host: str, port: int) -> Iterator[Address]:
    for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        yield ipaddress.ip_address(str(place[0]).partition("%")[0])


def is_public(address: Address) -> bool:
    """Whether an address is one that the whole network can reach, and so is the one that it carries inside, if any."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def _connected(found: list[Address], port: int, timeout: Any, source: Any) -> tuple[socket.socket, Address]:
    """A connection to the first address that answers. Raises OSError where none does."""
    failed: OSError | None = None
    for address in found:
        try:
            return socket.create_connection((str(address), port), timeout, source), address
        except OSError as error:
            failed = error
    raise failed or OSError("the name has no address")
